// What a run can be told, key by key, each described once: run files, flags and `--set` all end
// here, and the reference page is made from it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "millrace/app/backtest/settings.hpp"

namespace millrace::backtest {

struct RunKey {
    std::string_view table;  // "run", "venue", "data", "instrument", "account", "strategy"
    std::string_view name;   // "fee-bps"
    std::string_view takes;  // "decimal", "next-open | same-close | …"
    std::string_view doc;
    // `member` is the name of the table's member ("AAPL" of [data.AAPL]); values are never empty.
    Result<void> (*set)(BacktestSettings& settings, const std::string& member,
                        std::span<const std::string> values);
};

[[nodiscard]] std::span<const RunKey> run_keys();
// Those of them that are about the venue; market data; margin, borrowing and debts; limits.
[[nodiscard]] std::span<const RunKey> venue_keys();
[[nodiscard]] std::span<const RunKey> data_keys();
[[nodiscard]] std::span<const RunKey> credit_keys();
[[nodiscard]] std::span<const RunKey> risk_keys();
// The tables in the order of their keys; those of `has_members` are written [table.NAME].
[[nodiscard]] std::span<const std::string_view> run_tables();
[[nodiscard]] bool has_members(std::string_view table);

// Errors have no place yet: the caller knows the file and line, or the flag.
Result<void> set_run_value(BacktestSettings& settings, std::string_view table,
                           const std::string& member, std::string_view key,
                           std::span<const std::string> values);

// "raw", "adjusted" (or "backward"), "total-return", "forward".
Result<void> read_price_view(PriceView& view, std::string_view text);

// An instant, or a day: its beginning, or its end when `is_end`.
[[nodiscard]] Result<Time> parse_range_end(std::string_view text, bool is_end);

}  // namespace millrace::backtest
