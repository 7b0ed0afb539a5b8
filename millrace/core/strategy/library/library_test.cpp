#include <gtest/gtest.h>

#include "millrace/core/engine/engine.hpp"
#include "millrace/core/strategy/library/registry.hpp"
#include "millrace/core/strategy/strategy_host.hpp"

namespace millrace::strategy {
namespace {

// Fills every order at once at the last close, as a venue without any friction would, and keeps
// what was asked.
class TestRun : public engine::EffectSink {
  public:
    TestRun(std::string_view name, const std::map<std::string, std::string>& parameters,
            Time live_from = Time::earliest()) {
        auto strategy = make_strategy(name).value();
        EXPECT_TRUE(strategy->set(parameters));
        std::vector<std::unique_ptr<engine::Component>> components;
        components.push_back(std::make_unique<StrategyHost>(
            std::move(strategy),
            HostOptions{StrategyId(1), AccountId(0), "under-test", {}, live_from}));
        engine_ = std::make_unique<engine::Engine>(std::move(components), 1);
        model::Instrument instrument;
        instrument.symbol = "TEST";
        instrument.price_increment = Price::whole(1);
        tell(instrument);
    }

    void take(std::span<const engine::Effect> effects) override {
        for (const engine::Effect& effect : effects) {
            if (effect.record.noun == model::Noun::signal)
                signals.push_back(effect.record.as<model::Signal>().action);
            if (effect.record.noun == model::Noun::order)
                orders.push_back(effect.record.as<model::Order>());
        }
    }

    void bar(std::int64_t close) {
        model::Bar bar;
        bar.known_at = Time() + Duration::minutes(++minute_);
        bar.open = bar.high = bar.low = bar.close = Price::whole(close);
        tell(bar);
        fill_all();
    }
    void quote(std::int64_t bid, std::int64_t ask) {
        model::Quote quote;
        quote.known_at = Time() + Duration::minutes(++minute_);
        quote.bid = Price::whole(bid);
        quote.ask = Price::whole(ask);
        tell(quote);
    }
    void fill(const model::Order& order) {
        model::Fill fill;
        fill.known_at = engine_->now();
        fill.order_id = order.order_id;
        fill.quantity = order.quantity;
        fill.side = order.side;
        fill.strategy = StrategyId(1);
        tell(fill);
        model::Order report = order;
        report.status = model::OrderStatus::filled;
        report.filled_quantity = order.quantity;
        tell(report);
        position += order.side == model::Side::buy ? order.quantity.raw() : -order.quantity.raw();
    }

    std::vector<model::Order> orders;
    std::vector<model::SignalAction> signals;
    std::int64_t position = 0;

  private:
    template <class T>
    void tell(const T& noun) {
        engine_->apply({engine_->sequence() + 1, engine::record_of(noun)}, *this);
    }
    void fill_all() {
        for (; filled_ < orders.size(); ++filled_) {
            const model::Order order = orders[filled_];
            fill(order);
        }
    }

    std::unique_ptr<engine::Engine> engine_;
    std::int64_t minute_ = 0;
    std::size_t filled_ = 0;
};

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
    TestRun run("ema-cross", {{"fast", "1"}, {"slow", "3"}, {"quantity", "2"}});
    run.bar(10);
    run.bar(10);
    EXPECT_TRUE(run.orders.empty());
    run.bar(13);
    ASSERT_EQ(run.orders.size(), 1U);
    EXPECT_EQ(run.position, Quantity::whole(2).raw());
    run.bar(8);
    ASSERT_EQ(run.orders.size(), 3U);
    EXPECT_TRUE(run.orders[1].reduce_only);
    EXPECT_EQ(run.orders[1].side, model::Side::sell);
    EXPECT_EQ(run.orders[2].side, model::Side::sell);
    EXPECT_EQ(run.position, Quantity::whole(-2).raw());
    run.bar(12);
    run.bar(12);
    EXPECT_EQ(run.orders.size(), 5U);
    EXPECT_EQ(run.position, Quantity::whole(2).raw());
    EXPECT_EQ(run.signals,
              (std::vector<model::SignalAction>{model::SignalAction::buy, model::SignalAction::sell,
                                                model::SignalAction::buy}));
}

TEST(EmaCross, Takes_its_side_at_the_first_live_bar_after_warming_up) {
    TestRun run("ema-cross", {{"fast", "1"}, {"slow", "3"}}, Time() + Duration::minutes(5));
    for (const std::int64_t close : {10, 10, 13, 14})
        run.bar(close);
    EXPECT_TRUE(run.orders.empty());
    run.bar(15);
    EXPECT_EQ(run.orders.size(), 1U);
}

TEST(EmaCross, Refuses_a_fast_average_that_is_not_faster) {
    auto strategy = make_strategy("ema-cross").value();
    EXPECT_EQ(strategy->set({{"fast", "30"}, {"slow", "30"}}).error().why,
              "fast is 30, slow is 30");
}

TEST(BuyAndHold, Buys_once) {
    TestRun run("buy-and-hold", {{"quantity", "3"}});
    for (const std::int64_t close : {10, 11, 9})
        run.bar(close);
    ASSERT_EQ(run.orders.size(), 1U);
    EXPECT_EQ(run.position, Quantity::whole(3).raw());
}

// Middle 100, distance 2: bid 98, ask 102. After buying one clip it leans by one tick: 97 and 101.
TEST(MarketMaker, Quotes_both_sides_and_leans_against_what_it_holds) {
    TestRun run("market-maker", {{"distance", "2"}, {"lean", "1"}});
    run.quote(99, 101);
    ASSERT_EQ(run.orders.size(), 2U);
    EXPECT_EQ(run.orders[0].limit_price.value(), Price::whole(98));
    EXPECT_EQ(run.orders[1].limit_price.value(), Price::whole(102));
    EXPECT_TRUE(run.orders[0].post_only);
    run.quote(99, 101);
    EXPECT_EQ(run.orders.size(), 2U) << "nothing moved, nothing is replaced";
    const model::Order bid = run.orders[0];
    run.fill(bid);
    run.quote(99, 101);
    ASSERT_EQ(run.orders.size(), 5U);  // a new bid; the old ask cancelled; a new ask
    EXPECT_EQ(run.orders[2].limit_price.value(), Price::whole(97));
    EXPECT_EQ(run.orders[3].status, model::OrderStatus::cancel_requested);
    EXPECT_EQ(run.orders[4].limit_price.value(), Price::whole(101));
}

TEST(MarketMaker, Stops_adding_at_its_limit) {
    TestRun run("market-maker", {{"limit", "1"}});
    run.quote(99, 101);
    const model::Order bid = run.orders[0];
    run.fill(bid);
    run.orders.clear();
    run.quote(99, 101);
    for (const model::Order& order : run.orders)
        EXPECT_EQ(order.side, model::Side::sell);
}

}  // namespace
}  // namespace millrace::strategy
