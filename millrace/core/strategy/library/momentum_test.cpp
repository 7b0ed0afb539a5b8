// The strategies that follow a move, on ticks small enough to follow by hand.
#include <gtest/gtest.h>

#include "millrace/core/strategy/library/test_ticks.hpp"

namespace millrace::strategy {
namespace {

using namespace test;

// 10 10 13: short 11.5, long 11, buy; strength 0.5 / 11.   13 13 4: short 8.5, long 10, close.
TEST(SimpleMa, Is_long_while_the_short_average_is_above_the_long_one) {
    const Values values = {{"short_window", "2"}, {"long_window", "3"}};
    StrategyTrial trial = trial_of("simple_ma", values);
    show(trial, {{"10"}, {"10"}, {"10"}, {"13"}, {"13"}, {"4"}, {"4"}});
    EXPECT_EQ(said(trial), (Said{"4 buy cross", "6 close cross"}));
    EXPECT_EQ(trial.signals()[0].strength.to_string(), "0.045454545");
    EXPECT_EQ(trial.signals()[1].strength.to_string(), "0.15");
    EXPECT_EQ(trial.signals()[1].price.value(), Price::whole(4));
}

TEST(SimpleMa, Says_close_at_a_first_cross_down_only_when_told_to) {
    Values values = {{"short-window", "2"}, {"long-window", "3"}};
    const std::vector<Shown> falls = {{"10"}, {"10"}, {"10"}, {"7"}, {"6"}, {"5"}};
    EXPECT_TRUE(said_by("simple_ma", values, falls).empty());
    values["sell_when_flat"] = "true";
    EXPECT_EQ(said_by("simple_ma", values, falls), (Said{"4 close cross"}));
}

TEST(SimpleMa, Refuses_a_short_window_that_is_not_shorter) {
    auto strategy = make_strategy("simple-ma").value();
    EXPECT_EQ(strategy->set({{"short_window", "30"}}).error().why,
              "short_window is 30, long_window is 30");
}

// 12 > 11 on the mean volume: no. 13 > 12, volume 40 > 1.5 · 20: buy at 4.
// 12.5 is above the lowest of 12 13; 12 is below the lowest of 13 12.5: close. A window that held
// the present price could never say so.
TEST(MomentumBreakout, Compares_the_price_with_those_before_it) {
    EXPECT_EQ(said_by("momentum_breakout",
                      {{"lookback", "3"}, {"volume_multiplier", "1.5"}, {"support_window", "2"}},
                      {{"10", 10}, {"11", 10}, {"12", 10}, {"13", 40}, {"12.5", 10}, {"12", 10}}),
              (Said{"4 buy breakout", "6 close support"}));
}

// 94 < 95 and 13 > 1.2 · 10: buy. 93 falls on; the second 93 does not: close.
// 88.35 is 93 · 0.95 exactly, not below it. 83.93 < 83.9325 and 5 > 1.2 · 4: buy.
TEST(GapTrading, Buys_a_gap_down_and_leaves_when_the_fall_ends) {
    EXPECT_EQ(said_by("gap_trading", {},
                      {{"100", 10}, {"94", 13}, {"93", 1}, {"93", 1}, {"88.35", 4}, {"83.93", 5}}),
              (Said{"2 buy gap", "4 close filled", "6 buy gap"}));
}

TEST(GapTrading, Wants_volume_and_a_price_that_is_no_penny) {
    EXPECT_TRUE(said_by("gap_trading", {}, {{"100", 10}, {"94", 12}}).empty());
    EXPECT_TRUE(said_by("gap_trading", {}, {{"0.6", 10}, {"0.49", 13}}).empty());
    EXPECT_EQ(said_by("gap_trading", {{"min_price", "0.49"}}, {{"0.6", 10}, {"0.49", 13}}),
              (Said{"2 buy gap"}));
    // What was bought above the least price is sold below it.
    EXPECT_EQ(said_by("gap_trading", {}, {{"0.6", 1}, {"0.5", 2}, {"0.4", 2}, {"0.4", 2}}),
              (Said{"2 buy gap", "4 close filled"}));
}

// 10 10 10 4 4.2: mean 7.64, deviation 2.89; 4.2 < 4.75 and above the short mean 4.1: buy.
// 4.3 is above 4.25; then 4.2 is not.  Or 10 10 4 4.2 20: 20 > 9.64 + 5.81.
TEST(MultiTimeframe, Buys_a_turn_far_below_the_mean) {
    const Values values = {{"daily_lookback", "5"}, {"weekly_lookback", "2"}};
    EXPECT_EQ(said_by("multi_timeframe", values,
                      {{"10"}, {"10"}, {"10"}, {"4"}, {"4.2"}, {"4.3"}, {"4.2"}}),
              (Said{"5 buy turn", "7 close trend"}));
    EXPECT_EQ(said_by("multi_timeframe", values, {{"10"}, {"10"}, {"10"}, {"4"}, {"4.2"}, {"20"}}),
              (Said{"5 buy turn", "6 close high"}));
}

// 104 > 1.01 · 100, 50 > 2 · 23.3, 4 % > 3 %: buy. 102 is above the stop 101.92 and above
// 0.98 · 104, the same; 101.92 is the stop.
TEST(EnhancedMomentum, Buys_a_jump_and_leaves_at_its_stop) {
    for (const char* name : {"enhanced_momentum", "high_return_momentum"})
        EXPECT_EQ(said_by(name, {{"lookback", "3"}},
                          {{"100", 10}, {"100", 10}, {"104", 50}, {"102", 10}, {"101.92", 10}}),
                  (Said{"3 buy breakout", "5 close stop"}))
            << name;
}

// 107 < 0.98 · 110 = 107.8, far above the stop.
TEST(EnhancedMomentum, Leaves_when_the_move_fades) {
    EXPECT_EQ(said_by("enhanced_momentum", {{"lookback", "3"}},
                      {{"100", 10}, {"100", 10}, {"104", 50}, {"110", 10}, {"107", 10}}),
              (Said{"3 buy breakout", "5 close fade"}));
}

// Each lacks one of the three: the new high (101), the volume (45 < 2 · 21.67 is met, 40 is not),
// the jump (103 from 102 is under 3 %).
TEST(EnhancedMomentum, Wants_the_high_the_volume_and_the_jump_at_once) {
    const Values values = {{"lookback", "3"}};
    EXPECT_TRUE(
        said_by("enhanced_momentum", values, {{"104", 10}, {"100", 10}, {"105", 50}}).empty());
    EXPECT_TRUE(
        said_by("enhanced_momentum", values, {{"100", 10}, {"100", 10}, {"104", 40}}).empty());
    EXPECT_TRUE(
        said_by("enhanced_momentum", values, {{"100", 10}, {"101.5", 10}, {"104", 50}}).empty());
}

const Values kThreeMeans = {
    {"short_lookback", "2"}, {"medium_lookback", "3"}, {"long_lookback", "4"}};

// 10 10 10 11: 11 > 10.5 > 10.33 > 10.25, and 11 / 10.5 is 4.8 % up: buy.
// 11.2 above 11.1; 11.1 below 11.15: close.
TEST(MultiTimeframeMomentum, Buys_what_rises_on_three_lengths) {
    EXPECT_EQ(said_by("multi_timeframe_momentum", kThreeMeans,
                      {{"10"}, {"10"}, {"10"}, {"11"}, {"11.2"}, {"11.1"}}),
              (Said{"4 buy momentum", "6 close trend"}));
}

// 11 · 0.98 = 10.78. The trend ends at the same tick; the stop is asked first.
TEST(MultiTimeframeMomentum, Leaves_at_its_stop) {
    EXPECT_EQ(said_by("multi_timeframe_momentum", kThreeMeans,
                      {{"10"}, {"10"}, {"10"}, {"11"}, {"10.78"}}),
              (Said{"4 buy momentum", "5 close stop"}));
    auto strategy = make_strategy("multi-timeframe-momentum").value();
    EXPECT_EQ(strategy->set({{"medium_lookback", "30"}}).error().why, "they are 5, 30 and 30");
}

}  // namespace
}  // namespace millrace::strategy
