#include "millrace/core/strategy/library/pairs.hpp"

#include <gtest/gtest.h>

#include "millrace/core/strategy/library/test_orders.hpp"

namespace millrace::strategy::test {
namespace {

// Each pair is the closes of both at one moment.
using Closes = std::vector<std::array<std::int64_t, 2>>;

StrategyTrial trial_with(const Values& values) {
    StrategyTrial trial = trial_of("pairs", values);
    list_instrument(trial, 1);
    return trial;
}

void tell(StrategyTrial& trial, const Closes& closes) {
    Time time = utc("2024-01-02T10:00");
    for (const auto& [first, second] : closes) {
        trial.tell(bar_at(time, {first, first, first, first}));
        trial.tell(bar_at(time, {second, second, second, second}, Duration::minutes(5), 1));
        time = time + Duration::minutes(5);
    }
}

Asked asked_by(const Values& values, const Closes& closes) {
    StrategyTrial trial = trial_with(values);
    tell(trial, closes);
    Asked texts;
    for (const model::Order& order : trial.orders())
        texts.push_back(text_of(order) + (order.instrument == InstrumentId(1) ? " of B" : ""));
    return texts;
}

const Values kFixed = {
    {"lookback", "3"}, {"hedge", "fixed"}, {"entry_z", "1.05"}, {"exit_z", "0.5"}};

// Spreads 0, 0, 3: mean 1, deviation 1.73, z 1.15: sold. Then 0, 3, 1: z below 0: closed. Then 3,
// 1, -9: mean -1.67, deviation 6.43, z -1.14: bought.
TEST(Pairs, Sells_a_wide_spread_buys_a_narrow_one_and_closes_both_legs_near_the_mean) {
    EXPECT_EQ(asked_by(kFixed, {{100, 100}, {100, 100}, {103, 100}, {101, 100}, {91, 100}}),
              (Asked{"10:15 sell 1 market", "10:15 buy 1 market of B", "10:20 buy 1 market reduce",
                     "10:20 sell 1 market reduce of B", "10:25 buy 1 market",
                     "10:25 sell 1 market of B"}));
}

// Second 10, 11, 12 and first 20, 22, 25: covariance over variance is 5/2. What is left over is
// 1/6, -1/3, 1/6, its deviation 0.289: z 0.577.
TEST(Pairs, Finds_the_hedge_by_regression) {
    EXPECT_EQ(
        asked_by({{"lookback", "3"}, {"entry_z", "0.57"}, {"exit_z", "0.5"}, {"quantity", "2"}},
                 {{20, 10}, {22, 11}, {25, 12}}),
        (Asked{"10:15 sell 2 market", "10:15 buy 5 market of B"}));
    // A second that rises while the first falls has a hedge below zero: both on one side.
    EXPECT_EQ(
        asked_by({{"lookback", "3"}, {"entry_z", "0.57"}, {"exit_z", "0.5"}, {"quantity", "2"}},
                 {{25, 10}, {22, 11}, {20, 12}}),
        (Asked{"10:15 sell 2 market", "10:15 sell 5 market of B"}));
}

// z by spread: 3 → 1.09 enters; 40 → 1.153 is beyond 1.15: out; 95 → 1.06 would enter, but waits;
// 60 → -0.18 is back; 200 → 1.12 enters.
TEST(Pairs, Waits_after_a_stop_until_the_spread_was_back) {
    Values values = kFixed;
    values["stop_z"] = "1.15";
    EXPECT_EQ(
        asked_by(
            values,
            {{100, 100}, {101, 100}, {103, 100}, {140, 100}, {195, 100}, {160, 100}, {300, 100}}),
        (Asked{"10:15 sell 1 market", "10:15 buy 1 market of B", "10:20 buy 1 market reduce",
               "10:20 sell 1 market reduce of B", "10:35 sell 1 market",
               "10:35 buy 1 market of B"}));
}

TEST(Pairs, Leaves_out_bars_without_a_partner) {
    StrategyTrial trial = trial_with(kFixed);
    tell(trial, {{100, 100}, {100, 100}});
    trial.tell(bar_at(utc("2024-01-02T10:10"), {500, 500, 500, 500}));  // of the first alone
    EXPECT_TRUE(trial.orders().empty());
}

TEST(Pairs, Refuses_bounds_in_the_wrong_order) {
    EXPECT_FALSE(make_strategy("pairs").value()->set({{"exit_z", "2"}}));
    EXPECT_FALSE(make_strategy("pairs").value()->set({{"stop_z", "1.5"}}));
}

}  // namespace
}  // namespace millrace::strategy::test
