// Small builders for the tests of this room, and one run whose figures were worked out elsewhere.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

#include "millrace/core/report/statistics.hpp"

namespace millrace::report::test {

// 2024-01-01T00:00:00Z and so many days, hours and minutes later.
inline Time at(std::int64_t day, std::int64_t hour = 0, std::int64_t minute = 0) {
    constexpr std::int64_t kFirstDay = 19'723;
    return Time::from_ns((kFirstDay + day) * kNanosecondsPerDay) + Duration::hours(hour) +
           Duration::minutes(minute);
}

// A finished series of whole units of money.
inline EquitySeries series(std::initializer_list<std::pair<Time, std::int64_t>> samples,
                           EquitySeries::Options options = {}) {
    EquitySeries equity(options);
    for (const auto& [time, units] : samples)
        equity.add(time, Money::whole(units));
    equity.finish();
    return equity;
}

// A sample at midnight of each third day.
template <std::size_t N>
EquitySeries each_third_day(const std::array<std::int64_t, N>& units,
                            EquitySeries::Options options = {}) {
    EquitySeries equity(options);
    for (std::size_t i = 0; i < N; ++i)
        equity.add(at(3 * static_cast<std::int64_t>(i)), Money::whole(units[i]));
    equity.finish();
    return equity;
}

// 25 returns over 75 days; the expected figures of it and of the benchmark are from 60-digit
// decimal arithmetic by the formulas of docs/reference/statistics.md, outside this program.
inline constexpr std::array<std::int64_t, 26> kEquity = {
    10'000, 10'120, 10'050, 9'980,  10'210, 10'330, 10'290, 10'150, 10'400,
    10'380, 10'520, 10'610, 10'470, 10'590, 10'720, 10'810, 10'640, 10'500,
    10'730, 10'900, 11'020, 10'870, 10'990, 11'150, 11'080, 11'240};
inline constexpr std::array<std::int64_t, 26> kBenchmark = {
    5'000, 5'040, 5'020, 4'990, 5'085, 5'130, 5'120, 5'060, 5'150, 5'160, 5'200, 5'230, 5'190,
    5'220, 5'270, 5'300, 5'260, 5'230, 5'290, 5'350, 5'400, 5'350, 5'390, 5'440, 5'420, 5'470};

// A trade of one unit held for an hour of that day, with that net profit in whole units of money.
inline ClosedTrade trade(std::int64_t day, std::int64_t net_profit) {
    ClosedTrade trade;
    trade.symbol = "AAPL";
    trade.strategy = "ema-cross";
    trade.side = model::Side::buy;
    trade.quantity = Quantity::whole(1);
    trade.entry_time = at(day, 10);
    trade.entry_price = Price::whole(100);
    trade.exit_time = at(day, 11);
    trade.exit_price = Price::whole(100 + net_profit);
    trade.net_pnl = Money::whole(net_profit);
    trade.traded_value = Money::whole(200 + net_profit);
    return trade;
}

inline Report report_of(const EquitySeries& equity, const std::vector<ClosedTrade>& trades = {},
                        const RiskOptions& options = {}) {
    return make_report({.equity = equity,
                        .trades = trades,
                        .open_since = {},
                        .fees = {},
                        .traded_value = {},
                        .benchmark = nullptr},
                       options);
}

// The figure; an assertion where it has none.
inline double number(const Report& report, MetricId id) {
    return report.metrics[id].as_number();
}

}  // namespace millrace::report::test
