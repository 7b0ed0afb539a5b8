// The strategies that buy below a mean, on ticks small enough to follow by hand.
#include <gtest/gtest.h>

#include "millrace/core/strategy/library/test_ticks.hpp"

namespace millrace::strategy {
namespace {

using namespace test;

// 10 10 10 6: mean 9, deviation √3: z = −3/√3 = −1.73 < −1.2, buy.
// 10 10 6 10: z = 1/√3 = 0.58, twice.   6 10 10 14: mean 10, deviation √8, z = 4/√8 = 1.41: close.
TEST(MeanReversion, Buys_below_its_mean_and_closes_as_far_above_it) {
    EXPECT_EQ(said_by("mean_reversion", {{"lookback", "4"}, {"z_threshold", "-1.2"}},
                      {{"10"}, {"10"}, {"10"}, {"6"}, {"10"}, {"10"}, {"14"}, {"14"}}),
              (Said{"4 buy low", "7 close high"}));
}

TEST(MeanReversion, Says_nothing_before_its_window_is_full_and_where_all_prices_are_the_same) {
    EXPECT_TRUE(said_by("mean-reversion", {{"lookback", "5"}, {"z_threshold", "-1.2"}},
                        {{"10"}, {"10"}, {"10"}, {"6"}})
                    .empty());
    EXPECT_TRUE(said_by("mean-reversion", {{"lookback", "2"}}, {{"10"}, {"10"}, {"10"}}).empty());
}

// 10 10 10 7: mean 9.25, deviation 1.299, lower band 9.25 − 1.5 · 1.299 = 7.30; the last three
// changes 0 0 −3: RSI 0. So it buys at 5.
// Then RSI of 0 −3 1: 25, of −3 1 1: 40, of 1 1 1: 100, close; the upper band is at 10.18 then.
TEST(VolatilityMeanReversion, Buys_at_the_band_and_leaves_when_the_RSI_is_high) {
    const Values values = {{"lookback", "4"}, {"std_multiplier", "1.5"}, {"rsi_period", "3"}};
    EXPECT_EQ(said_by("volatility_mean_reversion", values,
                      {{"10"}, {"10"}, {"10"}, {"10"}, {"7"}, {"8"}, {"9"}, {"10"}}),
              (Said{"5 buy band", "8 close rsi"}));
}

// Four times 7: the bands meet, and nothing moved: RSI 50. Nothing is said, though the price is at
// both bands. Then 7 7 7 9: upper band 7.5 + 1.5 · 0.866 = 8.80.
TEST(VolatilityMeanReversion, Bands_that_meet_decide_nothing) {
    const Values values = {{"lookback", "4"}, {"std_multiplier", "1.5"}, {"rsi_period", "3"}};
    EXPECT_EQ(said_by("volatility_mean_reversion", values,
                      {{"10"}, {"10"}, {"10"}, {"10"}, {"7"}, {"7"}, {"7"}, {"7"}, {"9"}}),
              (Said{"5 buy band", "9 close band"}));
}

const Values kAggressive = {
    {"lookback", "4"}, {"z_threshold", "-1.2"}, {"stop_loss", "0.1"}, {"take_profit", "0.2"}};

// Entry 6: stop at 5.4, target at 7.2, both met exactly.
TEST(AggressiveMeanReversion, Leaves_at_its_stop_and_at_its_target) {
    EXPECT_EQ(said_by("aggressive_mean_reversion", kAggressive,
                      {{"10"}, {"10"}, {"10"}, {"6"}, {"5.400001"}, {"5.4"}}),
              (Said{"4 buy low", "6 close stop"}));
    EXPECT_EQ(
        said_by("aggressive_mean_reversion", kAggressive, {{"10"}, {"10"}, {"10"}, {"6"}, {"7.2"}}),
        (Said{"4 buy low", "5 close target"}));
}

// 10 10 6 6.5: z = −1.625/1.883 = −0.86, held.   10 6 6.5 7: z = −0.375/1.556 = −0.24 > −0.5.
TEST(AggressiveMeanReversion, Leaves_when_the_price_comes_near_its_mean) {
    EXPECT_EQ(said_by("aggressive_mean_reversion", kAggressive,
                      {{"10"}, {"10"}, {"10"}, {"6"}, {"6.5"}, {"7"}}),
              (Said{"4 buy low", "6 close reverted"}));
}

TEST(AggressiveMeanReversion, Gives_its_exits_to_the_plan_when_told_to) {
    for (const bool gives : {false, true}) {
        Values values = kAggressive;
        values["stop_orders"] = gives ? "true" : "false";
        StrategyTrial trial = trial_of("aggressive_mean_reversion", values);
        show(trial, {{"10"}, {"10"}, {"10"}, {"6"}});
        ASSERT_EQ(trial.signals().size(), 1u);
        EXPECT_EQ(trial.signals()[0].price.value(), Price::whole(6));
        EXPECT_EQ(trial.signals()[0].stop_loss.has_value(), gives);
        if (!gives) continue;
        EXPECT_EQ(trial.signals()[0].stop_loss.value(), Price::parse("5.4").value());
        EXPECT_EQ(trial.signals()[0].take_profit.value(), Price::parse("7.2").value());
    }
}

TEST(AggressiveMeanReversion, Refuses_to_sell_where_it_buys) {
    auto strategy = make_strategy("aggressive-mean-reversion").value();
    EXPECT_EQ(strategy->set({{"z_threshold", "-0.5"}}).error().what, "it would sell where it buys");
}

// Bought at 6, stopped at 5.4: 0.9 of the start, a drawdown of 10 %.
// 10 6 5.4 1: z = −4.6/3.19 = −1.44, bought at 1: the base knows that the stop put it out.
// Stopped at 0.9: 0.81 of the start, 19 %. 5 5 5 1: z = −1.73 would buy again.
TEST(RiskManaged, Stops_its_base_and_ends_at_its_drawdown) {
    const std::vector<Shown> ticks = {{"10"},  {"10"}, {"10"}, {"6"}, {"5.4"}, {"1"},
                                      {"0.9"}, {"5"},  {"5"},  {"5"}, {"1"}};
    Values values = {{"lookback", "4"}, {"z_threshold", "-1.2"}, {"stop_loss", "0.1"}};
    values["max_drawdown"] = "0.15";
    EXPECT_EQ(said_by("risk_managed", values, ticks),
              (Said{"4 buy low", "5 close stop", "6 buy low", "7 close stop"}));
    values["max_drawdown"] = "0.2";
    EXPECT_EQ(said_by("risk_managed", values, ticks),
              (Said{"4 buy low", "5 close stop", "6 buy low", "7 close stop", "11 buy low"}));
}

// As MeanReversion above: the base sees each price once, so its window is four prices long.
TEST(RiskManaged, Closes_with_its_base) {
    EXPECT_EQ(
        said_by("risk_managed", {{"lookback", "4"}, {"z_threshold", "-1.2"}, {"stop_loss", "0.5"}},
                {{"10"}, {"10"}, {"10"}, {"6"}, {"10"}, {"10"}, {"14"}}),
        (Said{"4 buy low", "7 close high"}));
    EXPECT_EQ(said_by("risk_managed",
                      {{"base_strategy_type", "volatility-mean-reversion"},
                       {"lookback", "4"},
                       {"std_multiplier", "1.5"},
                       {"rsi_period", "3"},
                       {"stop_loss", "0.5"}},
                      {{"10"}, {"10"}, {"10"}, {"10"}, {"7"}, {"8"}, {"9"}, {"10"}}),
              (Said{"5 buy band", "8 close rsi"}));
}

}  // namespace
}  // namespace millrace::strategy
