#include "millrace/core/strategy/library/holding_strategy.hpp"

#include <gtest/gtest.h>

#include "millrace/core/strategy/library/test_orders.hpp"

namespace millrace::strategy::test {
namespace {

Asked asked_by(std::string_view name, const Values& parameters, const std::vector<Shown>& bars) {
    StrategyTrial trial = trial_of(name, parameters);
    show(trial, bars);
    return asked(trial);
}

// Ranges of three bars: 10 to 12 with the close at 12; 11 to 12, at 11; 10 to 12, at 10.
TEST(BreakoutClose, Enters_when_out_and_only_closes_on_the_other_side) {
    EXPECT_EQ(
        asked_by("breakout-close", {{"lookback", "3"}}, {{"10"}, {"11"}, {"12"}, {"11"}, {"10"}}),
        (Asked{"00:03 buy 1 market", "00:04 sell 1 market reduce", "00:05 sell 1 market"}));
    // The bar itself counts: a close below its own high breaks out of nothing.
    EXPECT_EQ(asked_by("breakout-close", {{"lookback", "2"}},
                       {{"10"}, {"12", 1, "10", "13", "10"}, {"12"}, {"12"}}),
              Asked{});
}

// Mean of two closes and a tenth of it: 80 < 0.9 · 90; 110 > 1.1 · 97.5; 140 > 1.1 · 125.
TEST(MeanReversionBand, Buys_below_the_band_and_sells_above_it) {
    EXPECT_EQ(asked_by("mean_reversion_band", {{"lookback", "2"}, {"band", "0.1"}},
                       {{"100"}, {"100"}, {"80"}, {"85"}, {"110"}, {"110"}, {"140"}}),
              (Asked{"00:03 buy 1 market", "00:05 sell 1 market reduce", "00:07 sell 1 market"}));
}

// The channel of three bars before: 10-12, so 13 buys; 12 is below the bar before, 13: out; 12-13,
// so 9 sells; 10 is above 9: out; 9-12, so 14 buys; 9-14, so 8 closes and sells.
TEST(DonchianTrend, Follows_the_long_channel_and_leaves_by_the_short_one) {
    const std::vector<Shown> bars = {{"10"}, {"11"}, {"12"}, {"13"}, {"12"},
                                     {"9"},  {"10"}, {"14"}, {"8"}};
    EXPECT_EQ(asked_by("donchian-trend", {{"entry_length", "3"}, {"exit_length", "1"}}, bars),
              (Asked{"00:04 buy 1 market", "00:05 sell 1 market reduce", "00:06 sell 1 market",
                     "00:07 buy 1 market reduce", "00:08 buy 1 market",
                     "00:09 sell 1 market reduce", "00:09 sell 1 market"}));
    EXPECT_EQ(asked_by("donchian-trend",
                       {{"entry_length", "3"}, {"exit_length", "1"}, {"shorts", "false"}}, bars),
              (Asked{"00:04 buy 1 market", "00:05 sell 1 market reduce", "00:08 buy 1 market",
                     "00:09 sell 1 market reduce"}));
}

// Bought at 13; a tenth below is 11.7, down to the step of a whole unit.
TEST(DonchianTrend, Keeps_a_stop_behind_its_entry_until_it_leaves) {
    EXPECT_EQ(asked_by("donchian-trend",
                       {{"entry_length", "3"}, {"exit_length", "1"}, {"stop_loss_pct", "0.1"}},
                       {{"10"}, {"11"}, {"12"}, {"13"}, {"12"}}),
              (Asked{"00:04 buy 1 market", "00:04 sell 1 stop 11 reduce",
                     "00:05 cancel sell 1 stop 11 reduce", "00:05 sell 1 market reduce"}));
}

// RSI of one change: 100 after a rise, 0 after a fall, 50 after neither. MACD of the close and an
// average with weight 2/3, from 18: after 21 it is 1, its signal 2/3, the histogram 1/3; after 6 it
// is (6 - 20) / 3, the histogram -16/9. At 6 the means are 13.5 (of two) below 15 (of three): sell.
// At 40 the histogram is above -16/9 again, the means are 23 and 22.3: buy. Six bars are needed.
const Values kShort = {{"rsi_period", "1"},  {"macd_fast", "1"}, {"macd_slow", "2"},
                       {"macd_signal", "2"}, {"ma_fast", "2"},   {"ma_slow", "3"}};
const std::vector<Shown> kTurns = {{"18"}, {"18"}, {"18"}, {"18"}, {"21"}, {"6"}, {"40"}, {"40"}};

Values with(Values values, const Values& more) {
    values.insert(more.begin(), more.end());
    return values;
}

TEST(RsiMacdMa, Takes_a_side_when_all_three_agree_and_turns_when_they_agree_on_the_other) {
    EXPECT_EQ(asked_by("rsi-macd-ma", kShort, kTurns),
              (Asked{"00:06 sell 1 market", "00:07 buy 1 market reduce", "00:07 buy 1 market"}));
}

TEST(RsiMacdMa, May_leave_when_nothing_is_said) {
    const auto orders =
        asked_by("rsi-macd-ma", with(kShort, {{"close_on_neutral", "true"}}), kTurns);
    ASSERT_EQ(orders.size(), 4U);
    EXPECT_EQ(orders[3], "00:08 sell 1 market reduce");
}

// Sold at 6; a tenth above is 6.6, up to a whole unit.
TEST(RsiMacdMa, Is_out_from_its_exit_time_on) {
    EXPECT_EQ(asked_by("rsi-macd-ma",
                       with(kShort, {{"exit_time", "09:07"},
                                     {"trading_timezone", "Asia/Tokyo"},
                                     {"stop_loss_pct", "0.1"}}),
                       kTurns),
              (Asked{"00:06 sell 1 market", "00:06 buy 1 stop 7 reduce",
                     "00:07 cancel buy 1 stop 7 reduce", "00:07 buy 1 market reduce"}));
}

TEST(RsiMacdMa, Refuses_lengths_that_are_the_wrong_way_round) {
    EXPECT_FALSE(make_strategy("rsi_macd_ma").value()->set({{"macd_fast", "26"}}));
    EXPECT_FALSE(make_strategy("rsi_macd_ma").value()->set({{"ma_fast", "50"}}));
    EXPECT_FALSE(make_strategy("rsi_macd_ma").value()->set({{"exit_time", "24:00"}}));
    EXPECT_FALSE(make_strategy("rsi_macd_ma").value()->set({{"trading_timezone", "Tokyo"}}));
}

}  // namespace
}  // namespace millrace::strategy::test
