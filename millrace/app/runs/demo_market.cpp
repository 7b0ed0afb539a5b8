// One synthetic market, told apart by symbol.
#include "millrace/app/runs/demo_market.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <variant>

#include "millrace/app/runs/run_files.hpp"
#include "millrace/core/market/synthetic_market.hpp"

namespace millrace::runs {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kShares = {"ALDER", "BIRCH", "CEDAR"};
constexpr std::array<std::int64_t, 3> kStarts = {40, 65, 90};

Result<market::SyntheticRule> rule() {
    market::SyntheticRule rule;
    rule.seed = 20;
    for (std::size_t at = 0; at < kShares.size(); ++at)
        rule.symbols.push_back({.name = std::string(kShares[at]),
                                .id = InstrumentId(static_cast<InstrumentId::Value>(at)),
                                .start = Price::whole(kStarts[at])});
    rule.from = parse_time("2022-01-03T00:00:00Z").value();
    rule.to = parse_time("2025-01-01T00:00:00Z").value();
    rule.every = Duration::hours(1);
    auto regime = market::parse_regime("trending,volatility=22,drift=80");
    if (!regime) return failure(std::move(regime.error()));
    regime->leg = Duration::days(45);
    rule.regime = *regime;
    auto calendar = market::Calendar::find("us-equities");
    if (!calendar) return failure(std::move(calendar.error()));
    rule.calendar = *calendar;
    if (auto sound = market::check(rule); !sound) return failure(std::move(sound.error()));
    return rule;
}

Result<void> replace_file(const std::string& path, const std::string& text) {
    const std::string draft = path + ".unfinished";
    std::error_code error;
    fs::remove(draft, error);
    if (auto written = write_file(draft, text); !written) return written;
    fs::rename(draft, path, error);
    if (error)
        return failure(ErrorCode::data, "the file cannot be written", path, error.message(),
                       "check the path and the right to write there");
    return {};
}

}  // namespace

Result<std::vector<std::string>> write_demo_market(const std::string& folder) {
    auto made = rule();
    if (!made) return failure(std::move(made.error()));
    std::vector<std::string> texts(kShares.size(), "time,open,high,low,close,volume\n");
    market::SyntheticMarket market(*made);
    model::Datum datum;
    while (market.next(datum)) {
        const auto& bar = std::get<model::Bar>(datum);
        texts[bar.instrument.value()] +=
            fmt::format("{},{},{},{},{},{}\n", format_time(bar.open_time), bar.open.to_string(),
                        bar.high.to_string(), bar.low.to_string(), bar.close.to_string(),
                        bar.volume.to_string());
    }
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        return failure(ErrorCode::data, "the folder cannot be made", folder, error.message(),
                       "check the path and the right to write there");
    std::vector<std::string> paths;
    for (std::size_t at = 0; at < kShares.size(); ++at) {
        paths.push_back((fs::path(folder) / (std::string(kShares[at]) + ".csv")).string());
        if (auto written = replace_file(paths.back(), texts[at]); !written)
            return failure(std::move(written.error()));
    }
    return paths;
}

}  // namespace millrace::runs
