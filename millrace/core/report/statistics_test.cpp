#include "millrace/core/report/statistics.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "millrace/base/random.hpp"
#include "millrace/core/report/sample_runs.hpp"

namespace millrace::report {
namespace {

using test::at;
using test::each_third_day;
using test::kEquity;
using test::number;
using test::report_of;
using test::series;
using test::trade;
using enum MetricId;

// Twenty trades, many at the same times, that differ in one field each.
std::vector<ClosedTrade> similar_trades() {
    std::vector<ClosedTrade> trades;
    for (std::int64_t i = 0; i < 20; ++i) {
        trades.push_back(trade(i / 10, i % 3 - 1));
        trades.back().net_pnl = Money::from_raw(i % 7 - 3);
        trades.back().fees = Money::from_raw(i);
        if (i % 4 == 0) trades.back().mae = Money::from_raw(-i);
        if (i % 5 == 0) trades.back().symbol = "MSFT";
        if (i % 6 == 0) trades.back().strategy = "buy-and-hold";
        if (i % 3 == 0) trades.back().side = model::Side::sell;
    }
    return trades;
}

template <class T>
void shuffle(std::vector<T>& values, Random& random) {
    for (std::size_t i = values.size(); i > 1; --i)
        std::swap(values[i - 1], values[random.below(i)]);
}

TEST(Statistics, The_order_of_arrival_leaves_no_trace) {
    std::vector<ClosedTrade> trades = similar_trades();
    std::vector<EquitySample> samples;
    for (std::size_t i = 0; i < kEquity.size(); ++i)
        samples.push_back({at(static_cast<std::int64_t>(i) / 2), Money::whole(kEquity[i]), i});
    const std::uint64_t expected = hash_of(report_of(equity_series_of(samples), trades));
    EXPECT_NE(expected, hash_of(Report()));
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Random random(seed);
        shuffle(trades, random);
        shuffle(samples, random);
        EXPECT_EQ(hash_of(report_of(equity_series_of(samples), trades)), expected) << seed;
    }
}

TEST(Statistics, The_hash_notices_every_figure) {
    const std::uint64_t hash = hash_of(report_of(each_third_day(kEquity), similar_trades()));
    std::vector<ClosedTrade> trades = similar_trades();
    trades[7].net_pnl = Money::from_raw(trades[7].net_pnl.raw() + 1);
    EXPECT_NE(hash_of(report_of(each_third_day(kEquity), trades)), hash);
    trades = similar_trades();
    trades[3].symbol = "NVDA";
    EXPECT_NE(hash_of(report_of(each_third_day(kEquity), trades)), hash);
    auto equity = kEquity;
    ++equity[12];
    EXPECT_NE(hash_of(report_of(each_third_day(equity), similar_trades())), hash);
    EXPECT_EQ(hash_of(report_of(each_third_day(kEquity), similar_trades())), hash);
}

TEST(Statistics, Months_and_years_chain_from_the_start) {
    // 2023-12-31 100; January ends at 110, February at 99, no March, April 198.
    const Report report = report_of(series(
        {{at(-1, 9), 100}, {at(5), 7}, {at(31), 110}, {at(60), 99}, {at(92), 150}, {at(93), 198}}));
    const std::vector<CalendarReturn> months = {{2024, 1, Metric::number(0.1)},
                                                {2024, 2, Metric::number(-0.1)},
                                                {2024, 4, Metric::number(1)}};
    EXPECT_EQ(report.months, months);
    const std::vector<CalendarReturn> years = {{2024, 0, Metric::number(0.98)}};
    EXPECT_EQ(report.years, years);
}

TEST(Statistics, A_start_inside_a_month_counts_for_that_month) {
    const Report report = report_of(series({{at(0), 100}, {at(0, 12), 105}, {at(32), 210}}));
    const std::vector<CalendarReturn> months = {{2024, 1, Metric::number(0.05)},
                                                {2024, 2, Metric::number(1)}};
    EXPECT_EQ(report.months, months);
}

TEST(Statistics, Fees_and_traded_value_of_the_run_outrank_those_of_its_closed_trades) {
    ClosedTrade one = trade(0, 10);
    one.fees = Money::whole(2);
    const EquitySeries equity = series({{at(0), 1'000}, {at(2), 1'008}});
    const Report of_trades = report_of(equity, {one});
    EXPECT_EQ(of_trades.metrics[fees], Metric::money(Money::whole(2)));
    EXPECT_EQ(number(of_trades, turnover), 0.21);  // (100 + 110) / 1,000
    const ClosedTrade trades[] = {one};
    const Report of_run = make_report({.equity = equity,
                                       .trades = trades,
                                       .open_since = {},
                                       .fees = Money::whole(3),
                                       .traded_value = Money::whole(500),
                                       .benchmark = nullptr});
    EXPECT_EQ(of_run.metrics[fees], Metric::money(Money::whole(3)));
    EXPECT_EQ(number(of_run, turnover), 0.5);
}

TEST(Statistics, A_position_never_closed_is_exposure_without_a_trade) {
    const Time open[] = {at(1)};
    const Report report = make_report({.equity = series({{at(0), 100}, {at(4), 150}}),
                                       .trades = {},
                                       .open_since = open,
                                       .fees = {},
                                       .traded_value = {},
                                       .benchmark = nullptr});
    EXPECT_EQ(number(report, exposure), 0.75);
    EXPECT_EQ(report.metrics[win_rate], Metric(Reason::no_trades));
    EXPECT_EQ(number(report, net_return), 0.5);
}

}  // namespace
}  // namespace millrace::report
