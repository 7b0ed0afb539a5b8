#include "millrace/core/strategy/strategy_host.hpp"

#include <gtest/gtest.h>

#include "millrace/core/engine/engine.hpp"

namespace millrace::strategy {
namespace {

// Buys one of whatever is quoted, remembers what it was told, and asks for a timer.
class Script : public Strategy {
  public:
    void on_start() override { ++starts; }
    void on_quote(const model::Quote& quote) override {
        ++quotes;
        OrderTerms terms;
        terms.type = model::OrderType::limit;
        terms.limit_price = quote.bid;
        last_order = trading().buy(quote.instrument, Quantity::whole(1), terms);
        if (trading().working_orders().size() > 2) trading().cancel_all();
        trading().set_timer(trading().now() + Duration::seconds(1), 7);
    }
    void on_fill(const model::Fill&) override { ++fills; }
    void on_order(const model::Order& order) override { last_status = order.status; }
    void on_timer(std::uint64_t token) override {
        if (token == 7) trading().close(InstrumentId(0));
    }
    void on_stop() override { ++stops; }
    void save(engine::StateWriter& writer) const override { writer.put(quotes); }
    void load(engine::StateReader& reader) override { quotes = reader.get<std::int64_t>(); }

    Integer unused{*this, "unused", 1, {0, 9}, "Nothing."};
    int starts = 0;
    std::int64_t quotes = 0;
    int fills = 0;
    int stops = 0;
    OrderId last_order = 0;
    model::OrderStatus last_status = model::OrderStatus::pending;
};

// Keeps the orders that leave the engine.
struct Seen : engine::EffectSink {
    void take(std::span<const engine::Effect> effects) override {
        for (const engine::Effect& effect : effects)
            if (effect.record.noun == model::Noun::order)
                orders.push_back(effect.record.as<model::Order>());
            else if (effect.record.noun == model::Noun::signal)
                signals.push_back(effect.record.as<model::Signal>());
    }
    std::vector<model::Order> orders;
    std::vector<model::Signal> signals;
};

struct Fixture {
    explicit Fixture(
        HostOptions options = {StrategyId(3), AccountId(1), "script", {}, Time::earliest()},
        std::unique_ptr<Script> made = std::make_unique<Script>()) {
        script = made.get();
        auto hosted = std::make_unique<StrategyHost>(std::move(made), std::move(options));
        host = hosted.get();
        std::vector<std::unique_ptr<engine::Component>> components;
        components.push_back(std::move(hosted));
        engine = std::make_unique<engine::Engine>(std::move(components), 1);
    }
    template <class T>
    void tell(const T& noun) {
        engine->apply({engine->sequence() + 1, engine::record_of(noun)}, seen);
    }
    void quote(std::int64_t second, std::uint32_t instrument = 0) {
        model::Quote quote;
        quote.known_at = Time() + Duration::seconds(second);
        quote.bid = Price::whole(10);
        quote.ask = Price::whole(11);
        quote.instrument = InstrumentId(instrument);
        tell(quote);
    }
    void fill(model::Side side, std::int64_t quantity, StrategyId strategy = StrategyId(3)) {
        model::Fill fill;
        fill.known_at = engine->now();
        fill.quantity = Quantity::whole(quantity);
        fill.side = side;
        fill.strategy = strategy;
        tell(fill);
    }
    Seen seen;
    Script* script = nullptr;
    StrategyHost* host = nullptr;
    std::unique_ptr<engine::Engine> engine;
};

TEST(StrategyHost, Starts_the_strategy_once_and_sends_its_orders_with_its_number) {
    Fixture fixture;
    fixture.quote(1);
    fixture.quote(1);
    EXPECT_EQ(fixture.script->starts, 1);
    ASSERT_EQ(fixture.seen.orders.size(), 2U);
    EXPECT_EQ(fixture.seen.orders[0].order_id, (std::uint64_t{3} << 36) + 1);
    EXPECT_EQ(fixture.seen.orders[1].order_id, (std::uint64_t{3} << 36) + 2);
    EXPECT_EQ(fixture.seen.orders[0].status, model::OrderStatus::pending);
    EXPECT_EQ(fixture.seen.orders[0].account, AccountId(1));
    EXPECT_EQ(fixture.seen.orders[0].limit_price, Maybe<Price>(Price::whole(10)));
}

TEST(StrategyHost, Follows_its_own_orders_and_deals_and_no_others) {
    Fixture fixture;
    fixture.quote(1);
    model::Order report = fixture.seen.orders[0];
    report.status = model::OrderStatus::accepted;
    fixture.tell(report);
    EXPECT_EQ(fixture.script->last_status, model::OrderStatus::accepted);
    report.strategy = StrategyId(4);
    report.status = model::OrderStatus::rejected;
    fixture.tell(report);
    EXPECT_EQ(fixture.script->last_status, model::OrderStatus::accepted);
    fixture.fill(model::Side::buy, 5);
    fixture.fill(model::Side::buy, 100, StrategyId(4));
    EXPECT_EQ(fixture.script->fills, 1);
    // The timer of the first quote closes what is held: five, as the other strategy's deal is not
    // ours.
    fixture.quote(3);
    ASSERT_GE(fixture.seen.orders.size(), 2U);
    EXPECT_EQ(fixture.seen.orders[1].side, model::Side::sell);
    EXPECT_EQ(fixture.seen.orders[1].quantity, Quantity::whole(5));
    EXPECT_TRUE(fixture.seen.orders[1].reduce_only);
}

TEST(StrategyHost, Cancels_what_still_works) {
    Fixture fixture;
    for (int i = 0; i < 3; ++i)
        fixture.quote(1);
    ASSERT_EQ(fixture.seen.orders.size(), 6U);
    for (std::size_t i = 3; i < 6; ++i)
        EXPECT_EQ(fixture.seen.orders[i].status, model::OrderStatus::cancel_requested);
}

TEST(StrategyHost, Hears_only_its_instruments) {
    Fixture fixture({StrategyId(3), AccountId(1), "script", {InstrumentId(2)}, Time::earliest()});
    fixture.quote(1, 0);
    fixture.quote(1, 2);
    fixture.quote(1, 9);
    EXPECT_EQ(fixture.script->quotes, 1);
}

TEST(StrategyHost, Warms_up_without_trading) {
    Fixture fixture({StrategyId(3), AccountId(1), "script", {}, Time() + Duration::seconds(10)});
    fixture.quote(9);
    EXPECT_EQ(fixture.script->quotes, 1);
    EXPECT_TRUE(fixture.seen.orders.empty());
    fixture.quote(10);
    EXPECT_EQ(fixture.seen.orders.size(), 1U);
}

TEST(StrategyHost, Stops_the_strategy_that_is_named) {
    Fixture fixture;
    fixture.quote(1);
    model::Command command;
    command.known_at = fixture.engine->now();
    command.name = "stop-strategy";
    command.actor = "test";
    command.target = "another";
    fixture.tell(command);
    EXPECT_EQ(fixture.script->stops, 0);
    command.target = "script";
    fixture.tell(command);
    fixture.quote(2);
    EXPECT_EQ(fixture.script->stops, 1);
    EXPECT_EQ(fixture.script->quotes, 1);
}

// Signals three lots at each trade, and closes what is held at each bar.
class LotScript : public Script {
  public:
    void on_trade(const model::Trade& trade) override {
        model::Signal signal;
        signal.instrument = trade.instrument;
        signal.quantity = Quantity::whole(3);
        trading().signal(signal);
        held = trading().position(trade.instrument);
    }
    void on_bar(const model::Bar& bar) override { trading().close(bar.instrument); }
    Quantity held;
};

struct LotFixture : Fixture {
    explicit LotFixture(Quantity lot)
        : Fixture({StrategyId(3), AccountId(1), "script", {}, Time::earliest(), {lot}},
                  std::make_unique<LotScript>()) {}
    Quantity held() {
        model::Trade trade;
        trade.known_at = engine->now();
        tell(trade);
        return static_cast<LotScript&>(*script).held;
    }
};

TEST(StrategyHost, Takes_what_the_strategy_submits_and_signals_for_lots) {
    LotFixture fixture(Quantity::whole(100'000));
    fixture.quote(1);
    ASSERT_EQ(fixture.seen.orders.size(), 1U);
    EXPECT_EQ(fixture.seen.orders[0].quantity, Quantity::whole(100'000));
    EXPECT_EQ(fixture.script->last_order, fixture.seen.orders[0].order_id);
    (void)fixture.held();
    ASSERT_EQ(fixture.seen.signals.size(), 1U);
    EXPECT_EQ(fixture.seen.signals[0].quantity, Maybe<Quantity>(Quantity::whole(300'000)));
}

TEST(StrategyHost, Tells_the_position_in_lots_and_closes_all_of_it) {
    LotFixture fixture(Quantity::whole(100'000));
    fixture.fill(model::Side::buy, 250'000);
    EXPECT_EQ(fixture.held(), Quantity::parse("2.5").value());
    fixture.tell(model::Bar());
    ASSERT_EQ(fixture.seen.orders.size(), 1U);
    EXPECT_EQ(fixture.seen.orders[0].side, model::Side::sell);
    EXPECT_EQ(fixture.seen.orders[0].quantity, Quantity::whole(250'000));
}

// 1/3 lot has no last decimal; three times what is told would leave a hundred-millionth behind.
TEST(StrategyHost, Closes_what_a_lot_does_not_divide_to_the_last_unit) {
    LotFixture fixture(Quantity::whole(3));
    fixture.fill(model::Side::sell, 1);
    EXPECT_EQ(fixture.held(), Quantity::parse("-0.33333333").value());
    fixture.tell(model::Bar());
    ASSERT_EQ(fixture.seen.orders.size(), 1U);
    EXPECT_EQ(fixture.seen.orders[0].side, model::Side::buy);
    EXPECT_EQ(fixture.seen.orders[0].quantity, Quantity::whole(1));
}

TEST(StrategyHost, Counts_units_where_no_lot_is_given) {
    LotFixture fixture(Quantity::whole(100));
    fixture.quote(1, 1);
    ASSERT_EQ(fixture.seen.orders.size(), 1U);
    EXPECT_EQ(fixture.seen.orders[0].quantity, Quantity::whole(1));
}

// 1 lot of 92 billion fits; the 3 of the signal do not.
TEST(StrategyHost, Stops_at_lots_beyond_the_range) {
    LotFixture fixture(Quantity::whole(92'000'000'000));
    fixture.quote(1);
    EXPECT_TRUE(fixture.engine->stopped().empty());
    (void)fixture.held();
    EXPECT_EQ(fixture.engine->stopped().size(), 1U);
    EXPECT_TRUE(fixture.seen.signals.empty());
}

TEST(StrategyHost, Goes_on_after_a_snapshot_as_if_nothing_had_been) {
    Fixture first;
    model::Instrument instrument;
    instrument.symbol = "AAPL";
    instrument.price_increment = Price::whole(1);
    instrument.quantity_increment = Quantity::whole(1);
    instrument.multiplier = Ratio::whole(1);
    first.tell(instrument);
    first.quote(1);
    first.fill(model::Side::buy, 5);
    engine::StateWriter saved;
    first.engine->save(saved);
    Fixture second;
    engine::StateReader reader(saved.bytes());
    ASSERT_TRUE(second.engine->load(reader));
    EXPECT_EQ(second.engine->state_hash(), first.engine->state_hash());
    first.quote(3);
    second.quote(3);
    EXPECT_EQ(second.engine->running_hash(), first.engine->running_hash());
    EXPECT_EQ(second.engine->state_hash(), first.engine->state_hash());
}

}  // namespace
}  // namespace millrace::strategy
