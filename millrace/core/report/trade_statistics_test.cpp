#include "millrace/core/report/trade_statistics.hpp"

#include <gtest/gtest.h>

#include "millrace/core/report/sample_runs.hpp"

namespace millrace::report {
namespace {

using test::at;
using test::trade;
using enum MetricId;

MetricTable tally(const std::vector<ClosedTrade>& trades) {
    TradeTally tally;
    for (const ClosedTrade& each : in_order(trades))
        tally.add(each);
    MetricTable table;
    tally.write(table);
    return table;
}

Metric money(std::int64_t units) {
    return Metric::money(Money::whole(units));
}

TEST(TradeStatistics, Are_those_worked_by_hand) {
    // Net profits 100 −50 200 0 −30 −20: won 300 in 2, lost 100 in 3, one at zero.
    const MetricTable table = tally(
        {trade(0, 100), trade(1, -50), trade(2, 200), trade(3, 0), trade(4, -30), trade(5, -20)});
    EXPECT_EQ(table[trade_count], Metric::count(6));
    EXPECT_EQ(table[winning_trades], Metric::count(2));
    EXPECT_EQ(table[losing_trades], Metric::count(3));
    EXPECT_EQ(table[win_rate], Metric::number(2.0 / 6));
    EXPECT_EQ(table[trades_net_profit], money(200));
    EXPECT_EQ(table[gross_profit], money(300));
    EXPECT_EQ(table[gross_loss], money(-100));
    EXPECT_EQ(table[profit_factor], Metric::number(3));
    EXPECT_EQ(table[expectancy], Metric::money(*Money::parse("33.33333333")));  // 200 / 6
    EXPECT_EQ(table[average_win], money(150));
    EXPECT_EQ(table[average_loss], Metric::money(*Money::parse("-33.33333333")));
    EXPECT_EQ(table[payoff_ratio], Metric::number(4.5));  // 150 / (100 / 3)
    EXPECT_EQ(table[largest_win], money(200));
    EXPECT_EQ(table[largest_loss], money(-50));
    EXPECT_EQ(table[longest_winning_streak], Metric::count(1));
    EXPECT_EQ(table[longest_losing_streak], Metric::count(2));
    EXPECT_EQ(table[average_holding_s], Metric::number(3'600));
    EXPECT_EQ(table[traded_value], money(1'400));  // 6 × 200 + 200
}

TEST(TradeStatistics, A_trade_at_zero_ends_both_streaks) {
    const MetricTable table = tally({trade(0, 1), trade(1, 1), trade(2, 0), trade(3, 1),
                                     trade(4, -1), trade(5, 0), trade(6, -1)});
    EXPECT_EQ(table[longest_winning_streak], Metric::count(2));
    EXPECT_EQ(table[longest_losing_streak], Metric::count(1));
}

TEST(TradeStatistics, Excursions_are_averaged_over_the_trades_that_record_them) {
    std::vector<ClosedTrade> trades = {trade(0, 5), trade(1, 5), trade(2, 5)};
    trades[0].mae = Money::whole(-10);
    trades[2].mae = Money::whole(-20);
    const MetricTable table = tally(trades);
    EXPECT_EQ(table[average_mae], money(-15));
    EXPECT_EQ(table[average_mfe], Metric(Reason::not_recorded));
}

TEST(TradeStatistics, Say_which_kind_of_trade_is_missing) {
    const MetricTable none = tally({});
    for (const MetricId id :
         {win_rate, profit_factor, expectancy, payoff_ratio, average_win, average_loss, largest_win,
          largest_loss, average_holding_s, average_mae})
        EXPECT_EQ(none[id], Metric(Reason::no_trades)) << name_of(id);
    EXPECT_EQ(none[trade_count], Metric::count(0));
    EXPECT_EQ(none[gross_profit], money(0));

    const MetricTable wins = tally({trade(0, 5), trade(1, 7)});
    EXPECT_EQ(wins[win_rate], Metric::number(1));
    for (const MetricId id : {profit_factor, payoff_ratio, average_loss, largest_loss})
        EXPECT_EQ(wins[id], Metric(Reason::no_losing_trade)) << name_of(id);

    const MetricTable losses = tally({trade(0, -5), trade(1, -7)});
    EXPECT_EQ(losses[win_rate], Metric::number(0));
    EXPECT_EQ(losses[profit_factor], Metric::number(0));
    for (const MetricId id : {payoff_ratio, average_win, largest_win})
        EXPECT_EQ(losses[id], Metric(Reason::no_winning_trade)) << name_of(id);
}

TEST(TradeStatistics, Sums_beyond_money_are_said_to_be) {
    ClosedTrade widest = trade(0, 1);
    widest.net_pnl = Money::from_raw(INT64_MAX);
    const MetricTable table = tally({widest, widest});
    EXPECT_EQ(table[trades_net_profit], Metric(Reason::out_of_range));
    EXPECT_EQ(table[expectancy], Metric::money(Money::from_raw(INT64_MAX)));
}

TEST(TradeStatistics, Exposure_counts_overlapping_positions_once) {
    // Held 10:00-11:00 and 10:30-12:30 of a day, and from 22:00 to the end: 2.5 h + 2 h of 24 h.
    std::vector<ClosedTrade> trades = {trade(0, 1), trade(0, 1)};
    trades[1].entry_time = at(0, 10, 30);
    trades[1].exit_time = at(0, 12, 30);
    const Time open[] = {at(0, 22)};
    EXPECT_EQ(exposure_of(trades, open, at(0), at(1)), Metric::number(4.5 / 24));
    EXPECT_EQ(exposure_of({}, {}, at(0), at(1)), Metric::number(0));
    const Time always[] = {at(-5)};
    EXPECT_EQ(exposure_of({}, always, at(0), at(1)), Metric::number(1));
    EXPECT_EQ(exposure_of(trades, {}, at(0), at(0)), Metric(Reason::no_time));
}

TEST(TradeStatistics, Exposure_counts_a_position_inside_another_once) {
    std::vector<ClosedTrade> trades = {trade(0, 1), trade(0, 1)};
    trades[0].exit_time = at(0, 16);
    trades[1].entry_time = at(0, 12);
    trades[1].exit_time = at(0, 13);
    EXPECT_EQ(exposure_of(trades, {}, at(0), at(1)), Metric::number(0.25));
}

TEST(TradeStatistics, Groups_stand_by_name) {
    std::vector<ClosedTrade> trades = {trade(0, 10), trade(1, -4), trade(2, 3)};
    trades[0].symbol = "MSFT";
    trades[2].symbol = "MSFT";
    const std::vector<TradeGroup> groups = group_by(trades, &ClosedTrade::symbol);
    ASSERT_EQ(groups.size(), 2u);
    EXPECT_EQ(groups[0].name.view(), "AAPL");
    EXPECT_EQ(groups[0].metrics[trades_net_profit], money(-4));
    EXPECT_EQ(groups[0].metrics[profit_factor], Metric::number(0));
    EXPECT_EQ(groups[1].name.view(), "MSFT");
    EXPECT_EQ(groups[1].metrics[trades_net_profit], money(13));
    EXPECT_EQ(groups[1].metrics[profit_factor], Metric(Reason::no_losing_trade));
}

}  // namespace
}  // namespace millrace::report
