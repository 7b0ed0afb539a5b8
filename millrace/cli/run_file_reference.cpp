// docs/reference/run-file.md, read off the keys that runs are set by.
#include <fmt/format.h>

#include "millrace/app/backtest/run_keys.hpp"
#include "millrace/cli/reference.hpp"

namespace millrace::cli {
namespace {

constexpr std::string_view kExample = R"([run]
currency = "USD"
from = "2024-01-08"

[venue]
fee-bps = 1

[account.main]
cash = 250_000

[data.AAPL]
file = "aapl.csv"

[data.MSFT]
file = ["msft-2023.csv", "msft-2024.csv"]
zone = "America/New_York"

[strategy.quick]
type = "ema-cross"
symbols = ["AAPL", "MSFT"]

[strategy.quick.set]
fast = 5
slow = 20
)";

std::string escaped(std::string_view text) {
    std::string cell;
    for (const char c : text)
        cell += c == '|' ? std::string("\\|") : std::string(1, c);
    return cell;
}

}  // namespace

std::string run_file_markdown() {
    std::string page = fmt::format(
        "# Run files\n\n"
        "What `millrace backtest --config run.toml` reads: several strategies, symbols and "
        "accounts in one run. Made\n"
        "by `millrace backtest --keys`; a test keeps the two equal. Flags come on top of the file, "
        "and `--set\n"
        "TABLE.KEY=VALUE` reaches every key (`--set venue.bar-path=high-first`; `data`, "
        "`instrument` and `account` then\n"
        "mean all of them). Whatever is wrong is shown with its line and a caret, and nothing "
        "runs.\n\n"
        "<!-- not run: it is no millrace.toml, and its data is not here -->\n"
        "```toml\n{}```\n\n"
        "Decimals may stand in quotes or without. `[strategy.NAME.set]` holds the strategy's own "
        "parameters.\n",
        kExample);
    for (const std::string_view table : backtest::run_tables()) {
        page += fmt::format("\n## [{}{}]\n\n| key | takes | meaning |\n|---|---|---|\n", table,
                            backtest::has_members(table) ? ".NAME" : "");
        for (const backtest::RunKey& key : backtest::run_keys())
            if (key.table == table)
                page += fmt::format("| `{}` | {} | {} |\n", key.name, escaped(key.takes),
                                    escaped(key.doc));
    }
    return page;
}

}  // namespace millrace::cli
