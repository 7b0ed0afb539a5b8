// The strategies that add up a score, on ticks small enough to follow by hand.
#include <gtest/gtest.h>

#include "millrace/core/strategy/library/test_ticks.hpp"

namespace millrace::strategy {
namespace {

using namespace test;

Values small_advanced() {
    return {{"short_window", "1"},   {"long_window", "2"}, {"rsi_period", "2"},
            {"bb_period", "3"},      {"bb_std_dev", "1"},  {"volume_period", "2"},
            {"support_window", "1"}, {"cooldown", "0s"},   {"min_score", "0.68"}};
}

// At 9: trend 1 (9 > 8.5): .25; RSI of −2 1: 33, 0.7: .14; 9 is the middle band: .14; the support 8
// is 12.5 % away: 0; volume 30 / 20 / 1.5 = 1: .10; no pattern: .05. Together .68.
TEST(Advanced, Buys_when_its_score_is_high) {
    const std::vector<Shown> ticks = {{"10", 10}, {"8", 10}, {"9", 30}};
    StrategyTrial trial = trial_of("advanced", small_advanced());
    show(trial, ticks);
    EXPECT_EQ(said(trial), (Said{"3 buy score"}));
    EXPECT_EQ(trial.signals()[0].strength.to_string(), "0.68");
    Values more = small_advanced();
    more["min_score"] = "0.680001";
    EXPECT_TRUE(said_by("advanced", more, ticks).empty());
    more["support_threshold"] = "0.125";  // now near the support: .15 more
    more["min_score"] = "0.83";
    EXPECT_EQ(said_by("advanced", more, ticks), (Said{"3 buy score"}));
}

// At 19: trend 0; RSI of 11 −1: 92, 0; above the middle: .06; no support near; volume 2/3: .067; no
// pattern: .05. Together .177, so strength .823.
TEST(Advanced, Leaves_when_its_score_is_low) {
    StrategyTrial trial = trial_of("advanced", small_advanced());
    show(trial, {{"10", 10}, {"8", 10}, {"9", 30}, {"20", 1}, {"19", 1}});
    EXPECT_EQ(said(trial), (Said{"3 buy score", "5 close score"}));
    EXPECT_EQ(trial.signals()[1].strength.to_string(), "0.823333333");
}

// The same, but nothing may be said in the five minutes after the third; at the eighth RSI of 10 −1
// is 91, and all else is as it was at the fifth.
TEST(Advanced, Cools_down_by_the_time_of_the_ticks) {
    Values values = small_advanced();
    values["cooldown"] = "300s";
    EXPECT_EQ(said_by("advanced", values,
                      {{"10", 10},
                       {"8", 10},
                       {"9", 30},
                       {"20", 1},
                       {"19", 1},
                       {"10", 1},
                       {"20", 1},
                       {"19", 1}}),
              (Said{"3 buy score", "8 close score"}));
}

// As the first test, with .03 more for the engulfing bar, or .02 for the hammer: body 0.1, lower
// shadow 0.9, no upper one.
TEST(Advanced, Counts_patterns_of_bars) {
    const auto strength = [](const Shown& before, const Shown& last) {
        StrategyTrial trial = trial_of("advanced", small_advanced());
        show(trial, {{"10", 10}, before, last});
        return trial.signals().empty() ? "" : trial.signals()[0].strength.to_string();
    };
    EXPECT_EQ(strength({"8", 10, "8.5", "8.5", "8"}, {"9", 30, "7.9", "9", "7.9"}), "0.71");
    EXPECT_EQ(strength({"8", 10, "8.5", "8.5", "8"}, {"9", 30, "8.9", "9", "8"}), "0.7");
    EXPECT_EQ(strength({"8", 10, "7.5", "8", "7.5"}, {"9", 30, "7.9", "9", "7.9"}), "0.68");
}

// A support of 20 ticks on both sides: 8, the 21st, is known at the 41st. At 8.1, the 42nd, it
// counts; a price of 8.17 is over 2 % away. The parts besides, at 8.1 after 9: trend 0, RSI 0: .20,
// at the lower band: .20, volume 2/3: .067, .05; together .517, with the support .667.
TEST(Advanced, Knows_a_support_only_when_the_ticks_after_it_are_over) {
    Values values = small_advanced();
    values["support_window"] = "20";
    values["min_score"] = "0.6";
    std::vector<Shown> ticks(42, Shown{"9", 10});
    ticks[20] = {"8", 10};
    ticks[41] = {"8.1", 10};
    EXPECT_EQ(said_by("advanced", values, ticks), (Said{"42 buy score"}));
    ticks[41] = {"8.17", 10};
    EXPECT_TRUE(said_by("advanced", values, ticks).empty());
    ticks.erase(ticks.begin() + 22);  // one tick fewer after the support
    ticks.back() = {"8.1", 10};
    EXPECT_EQ(said_by("advanced", values, ticks), (Said{"41 buy score"}));
    ticks.erase(ticks.begin() + 22);  // now it is only known with the next tick
    EXPECT_TRUE(said_by("advanced", values, ticks).empty());
}

const Values kSmallLowVolume = {{"short_window", "2"}, {"long_window", "3"}, {"rsi_period", "2"}};

// At 103: trend 101.5 > 101: .4; RSI of 0 3: 100, 0; swing 3 % with a deviation of 1.3 %: .8 · .3.
// Together .64. Then 90 five times: trend 0, RSI 50: .15, swing 0: .09; together .24, strength .76.
// The eighth and the ninth come after the cool-down of three minutes, but the swing is −10 %: .36.
TEST(LowVolume, Buys_and_leaves_by_its_score) {
    StrategyTrial trial = trial_of("low_volume", kSmallLowVolume);
    show(trial,
         {{"100"}, {"100"}, {"100"}, {"100"}, {"103"}, {"90"}, {"90"}, {"90"}, {"90"}, {"90"}});
    EXPECT_EQ(said(trial), (Said{"5 buy score", "10 close score"}));
    EXPECT_EQ(trial.signals()[0].strength.to_string(), "0.64");
    EXPECT_EQ(trial.signals()[1].strength.to_string(), "0.76");
}

// Ten minutes after the fifth tick is the fifteenth.
TEST(LowVolume, Cools_down_by_the_time_of_the_ticks) {
    Values values = kSmallLowVolume;
    values["cooldown"] = "10m";
    std::vector<Shown> ticks(20, Shown{"90"});
    for (std::size_t at = 0; at < 4; ++at)
        ticks[at] = {"100"};
    ticks[4] = {"103"};
    EXPECT_EQ(said_by("low_volume", values, ticks), (Said{"5 buy score", "15 close score"}));
}

}  // namespace
}  // namespace millrace::strategy
