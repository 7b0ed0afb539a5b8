// Cell by cell.
#include "millrace/app/runs/run_curves.hpp"

#include <array>
#include <filesystem>

#include "millrace/app/runs/run_files.hpp"

namespace millrace::runs {

Result<void> read_equity(const KeptRun& run, const EquityTaker& take) {
    constexpr std::array<std::string_view, 2> kColumns = {"ts", "equity"};
    Time last = Time::earliest();
    return read_csv((run.folder / "equity_curve.csv").string(), kColumns,
                    [&](std::span<const std::string> cells) -> Result<bool> {
                        const auto time = parse_time(cells[0]);
                        const auto equity = Money::parse(cells[1]);
                        if (!time) return failure(Error(time.error()));
                        if (!equity) return failure(Error(equity.error()));
                        if (*time < last)
                            return failure(ErrorCode::data, "the equity curve goes back in time",
                                           cells[0]);
                        last = *time;
                        take(*time, *equity);
                        return true;
                    });
}

Result<std::vector<ChartCandle>> read_candles(const KeptRun& run, std::string_view symbol) {
    constexpr std::array<std::string_view, 6> kColumns = {"ts",   "symbol", "open",
                                                          "high", "low",    "close"};
    std::vector<ChartCandle> candles;
    const std::string path = (run.folder / "candles.csv").string();
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return candles;
    auto read = read_csv(path, kColumns, [&](std::span<const std::string> cells) -> Result<bool> {
        if (cells[1] != symbol) return true;
        const auto time = parse_time(cells[0]);
        if (!time) return failure(Error(time.error()));
        std::array<double, 4> prices{};
        for (std::size_t i = 0; i < prices.size(); ++i) {
            const auto price = Price::parse(cells[i + 2]);
            if (!price) return failure(Error(price.error()));
            prices[i] = price->to_double();
        }
        candles.push_back({*time, prices[0], prices[1], prices[2], prices[3]});
        return true;
    });
    if (!read) return failure(std::move(read.error()));
    return candles;
}

}  // namespace millrace::runs
