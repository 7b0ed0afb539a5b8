#include <gtest/gtest.h>

#include "millrace/core/strategy/library/registry.hpp"
#include "millrace/core/strategy/strategy_trial.hpp"

namespace millrace::strategy {
namespace {

StrategyTrial trial_of(std::string_view name, const std::map<std::string, std::string>& parameters,
                       Time live_from = Time::earliest()) {
    auto strategy = make_strategy(name).value();
    EXPECT_TRUE(strategy->set(parameters));
    return StrategyTrial(std::move(strategy), live_from);
}

void bars(StrategyTrial& trial, std::initializer_list<std::int64_t> closes) {
    for (const std::int64_t close : closes)
        trial.bar(Price::whole(close));
}

std::vector<model::SignalAction> actions(const StrategyTrial& trial) {
    std::vector<model::SignalAction> actions;
    for (const model::Signal& signal : trial.signals())
        actions.push_back(signal.action);
    return actions;
}

TEST(Registry, Finds_strategies_by_name_and_says_which_there_are) {
    EXPECT_TRUE(make_strategy("ema-cross"));
    EXPECT_TRUE(make_strategy("ema_cross"));
    EXPECT_EQ(make_strategy("ema-cros").error().mend, "did you mean \"ema-cross\"?");
    for (const StrategyType& type : all_strategies()) {
        EXPECT_TRUE(make_strategy(type.name)) << type.name;
        const auto strategy = type.make();
        for (const Parameter* parameter : strategy->parameters())
            EXPECT_TRUE(parameter->describe().doc.ends_with('.'))
                << type.name << ' ' << parameter->name();
    }
}

// fast 1 = the close itself; slow 3: smoothing 0.5, seeded by the mean of the first three.
//   close 10 10 13 -> slow 11, fast 13 > 11: long at bar 3 (one order)
//   close  8       -> slow 9.5, fast 8: short at bar 4 (close, then open: two orders)
//   close 12       -> slow 10.75, fast 12: long at bar 5 (two orders)
//   close 12       -> slow 11.375, still long: nothing
TEST(EmaCross, Is_always_in_the_market_and_flips_by_closing_and_reopening) {
    StrategyTrial trial = trial_of("ema-cross", {{"fast", "1"}, {"slow", "3"}, {"quantity", "2"}});
    bars(trial, {10, 10});
    EXPECT_TRUE(trial.orders().empty());
    bars(trial, {13});
    ASSERT_EQ(trial.orders().size(), 1U);
    EXPECT_EQ(trial.position(), Quantity::whole(2));
    bars(trial, {8});
    ASSERT_EQ(trial.orders().size(), 3U);
    EXPECT_TRUE(trial.orders()[1].reduce_only);
    EXPECT_EQ(trial.orders()[1].side, model::Side::sell);
    EXPECT_EQ(trial.orders()[2].side, model::Side::sell);
    EXPECT_EQ(trial.position(), Quantity::whole(-2));
    bars(trial, {12, 12});
    EXPECT_EQ(trial.orders().size(), 5U);
    EXPECT_EQ(trial.position(), Quantity::whole(2));
    EXPECT_EQ(actions(trial),
              (std::vector<model::SignalAction>{model::SignalAction::buy, model::SignalAction::sell,
                                                model::SignalAction::buy}));
}

TEST(EmaCross, Takes_its_side_at_the_first_live_bar_after_warming_up) {
    StrategyTrial trial =
        trial_of("ema-cross", {{"fast", "1"}, {"slow", "3"}}, Time() + Duration::minutes(5));
    bars(trial, {10, 10, 13, 14});
    EXPECT_TRUE(trial.orders().empty());
    bars(trial, {15});
    EXPECT_EQ(trial.orders().size(), 1U);
}

TEST(EmaCross, Refuses_a_fast_average_that_is_not_faster) {
    auto strategy = make_strategy("ema-cross").value();
    EXPECT_EQ(strategy->set({{"fast", "30"}, {"slow", "30"}}).error().why,
              "fast is 30, slow is 30");
}

TEST(BuyAndHold, Buys_once) {
    StrategyTrial trial = trial_of("buy-and-hold", {{"quantity", "3"}});
    bars(trial, {10, 11, 9});
    ASSERT_EQ(trial.orders().size(), 1U);
    EXPECT_EQ(trial.position(), Quantity::whole(3));
}

// Middle 100, distance 2: bid 98, ask 102. After buying one clip it leans by one tick: 97 and 101.
TEST(MarketMaker, Quotes_both_sides_and_leans_against_what_it_holds) {
    StrategyTrial trial = trial_of("market-maker", {{"distance", "2"}, {"lean", "1"}});
    trial.quote(Price::whole(99), Price::whole(101));
    ASSERT_EQ(trial.orders().size(), 2U);
    const model::Order bid = trial.orders()[0];
    EXPECT_EQ(bid.limit_price.value(), Price::whole(98));
    EXPECT_EQ(trial.orders()[1].limit_price.value(), Price::whole(102));
    EXPECT_TRUE(bid.post_only);
    trial.quote(Price::whole(99), Price::whole(101));
    EXPECT_EQ(trial.orders().size(), 2U) << "nothing moved, nothing is replaced";
    trial.fill(bid);
    trial.quote(Price::whole(99), Price::whole(101));
    ASSERT_EQ(trial.orders().size(), 5U);  // a new bid; the old ask cancelled; a new ask
    EXPECT_EQ(trial.orders()[2].limit_price.value(), Price::whole(97));
    EXPECT_EQ(trial.orders()[3].status, model::OrderStatus::cancel_requested);
    EXPECT_EQ(trial.orders()[4].limit_price.value(), Price::whole(101));
}

TEST(MarketMaker, Stops_adding_at_its_limit) {
    StrategyTrial trial = trial_of("market-maker", {{"limit", "1"}});
    trial.quote(Price::whole(99), Price::whole(101));
    const model::Order bid = trial.orders()[0];
    trial.fill(bid);
    const std::size_t before = trial.orders().size();
    trial.quote(Price::whole(99), Price::whole(101));
    ASSERT_GT(trial.orders().size(), before) << "the ask is leaned";
    for (std::size_t i = before; i < trial.orders().size(); ++i)
        EXPECT_EQ(trial.orders()[i].side, model::Side::sell);
}

}  // namespace
}  // namespace millrace::strategy
