#include "millrace/core/execution/planner.hpp"

#include <gtest/gtest.h>

#include "millrace/core/execution/test_plans.hpp"

#include "tests/support/counting_allocator.hpp"
#include "tests/support/probe_components.hpp"

namespace millrace::execution {
namespace {

using model::TimeInForce;

constexpr std::uint64_t kFirstNumber = (std::uint64_t{1} << 52) + (std::uint64_t{3} << 36) + 1;

TEST(Planner, Makes_a_market_order_of_a_signal_and_the_desk_sends_it) {
    PlanRun run(plan());
    EXPECT_EQ(run.give(SignalAction::sell), PlanOutcome::entered);
    ASSERT_EQ(run.sent.size(), 1U);
    const model::Order& order = run.sent[0];
    EXPECT_EQ(order.order_id, kFirstNumber);
    EXPECT_EQ(order.side, Side::sell);
    EXPECT_EQ(order.type, OrderType::market);
    EXPECT_EQ(order.quantity, Quantity::whole(10));
    EXPECT_EQ(order.time_in_force, TimeInForce::gtc);
    EXPECT_EQ(order.strategy, kStrategy);
    EXPECT_EQ(order.account, kAccount);
    EXPECT_EQ(order.status, OrderStatus::submitted);
    EXPECT_FALSE(order.reduce_only);
}

// 65535 is the last strategy: the number still fits the 53 bits, and no strategy's own reaches it.
TEST(Planner, Numbers_orders_beyond_those_of_any_strategy_and_within_what_json_carries) {
    PlanSettings last = plan();
    last.strategy = StrategyId(65'535);
    PlanRun run(last);
    model::Signal wish = signal(SignalAction::buy);
    wish.strategy = last.strategy;
    run.tell(wish);
    ASSERT_EQ(run.sent.size(), 1U);
    EXPECT_EQ(run.sent[0].order_id, 9'007'130'535'264'257U);  // 2^53 - 2^36 + 1
    EXPECT_LT((std::uint64_t{65'535} << 36) + ((std::uint64_t{1} << 36) - 1),
              Planner::kNumbersFrom);
}

TEST(Planner, Leaves_strategies_without_settings_alone) {
    PlanRun run(plan());
    model::Signal other = signal(SignalAction::buy);
    other.strategy = StrategyId(4);
    run.tell(other);
    EXPECT_TRUE(run.sent.empty());
    EXPECT_EQ(run.planner->counts(), PlanCounts());
    EXPECT_TRUE(run.planner->plans_for(kStrategy));
    EXPECT_FALSE(run.planner->plans_for(StrategyId(4)));
}

TEST(Planner, Takes_the_signals_own_quantity_before_any_sizing) {
    PlanSettings settings = plan();
    settings.sizing = Sizing::equity_share;
    settings.share = Ratio::parse("0.1").value();
    PlanRun run(settings);  // without a balance, which this needs not
    model::Signal wish = signal(SignalAction::buy);
    wish.quantity = quantity("7.9");
    EXPECT_EQ(run.give(wish), PlanOutcome::entered);
    EXPECT_EQ(run.sent[0].quantity, Quantity::whole(7));
}

struct Rounded {
    EntryKind entry;
    SignalAction action;
    const char* works_at;
    const char* stop;
    const char* target;
};

// 100.004, 90.004 and 110.004 (or turned round) on ticks of a cent.
TEST(Planner, Rounds_prices_so_that_no_more_is_done_than_was_asked) {
    const Rounded cases[] = {
        {EntryKind::limit, SignalAction::buy, "100.00", "90.01", "110.01"},
        {EntryKind::limit, SignalAction::sell, "100.01", "110.00", "90.00"},
        {EntryKind::stop, SignalAction::buy, "100.01", "90.01", "110.01"},
        {EntryKind::stop, SignalAction::sell, "100.00", "110.00", "90.00"},
    };
    for (const Rounded& expected : cases) {
        PlanSettings settings = plan();
        settings.entry = expected.entry;
        PlanRun run(settings);
        model::Signal wish = signal(expected.action);
        const bool buys = expected.action == SignalAction::buy;
        wish.price = price("100.004");
        wish.stop_loss = price(buys ? "90.004" : "110.004");
        wish.take_profit = price(buys ? "110.004" : "90.004");
        EXPECT_EQ(run.give(wish), PlanOutcome::entered);
        ASSERT_EQ(run.sent.size(), 3U);
        const bool limits = expected.entry == EntryKind::limit;
        EXPECT_EQ(limits ? run.sent[0].limit_price : run.sent[0].stop_price,
                  Maybe<Price>(price(expected.works_at)));
        EXPECT_EQ(run.sent[0].type, limits ? OrderType::limit : OrderType::stop);
        EXPECT_EQ(run.sent[1].stop_price, Maybe<Price>(price(expected.stop)));
        EXPECT_EQ(run.sent[2].limit_price, Maybe<Price>(price(expected.target)));
    }
}

TEST(Planner, Lets_entries_lapse_with_the_signal_or_after_their_time) {
    PlanSettings settings = plan();
    settings.time_in_force = TimeInForce::day;
    PlanRun by_day(settings);
    (void)by_day.give(SignalAction::buy);
    EXPECT_EQ(by_day.sent[0].time_in_force, TimeInForce::day);
    EXPECT_FALSE(by_day.sent[0].expires_at.has_value());

    settings.valid_for = Duration::minutes(5);
    PlanRun by_time(settings);
    model::Signal wish = signal(SignalAction::buy);
    wish.known_at = second(60);
    (void)by_time.give(wish);
    EXPECT_EQ(by_time.sent[0].time_in_force, TimeInForce::gtd);
    EXPECT_EQ(by_time.sent[0].expires_at, Maybe<Time>(second(360)));

    PlanRun by_signal(settings);
    wish.expires_at = second(100);
    (void)by_signal.give(wish);
    EXPECT_EQ(by_signal.sent[0].expires_at, Maybe<Time>(second(100)));

    settings.valid_for = {};
    settings.time_in_force = TimeInForce::ioc;
    PlanRun at_once(settings);
    (void)at_once.give(wish);
    EXPECT_EQ(at_once.sent[0].time_in_force, TimeInForce::ioc);
    EXPECT_FALSE(at_once.sent[0].expires_at.has_value());
}

TEST(Planner, Adds_to_a_position_up_to_its_maximum_when_it_pyramids) {
    PlanSettings settings = plan();
    settings.pyramids = true;
    settings.quantity_max = Quantity::whole(25);
    PlanRun run(settings);
    run.go_long();
    EXPECT_EQ(run.give(SignalAction::buy), PlanOutcome::entered);  // 10 held, 10 working
    EXPECT_EQ(run.give(SignalAction::buy), PlanOutcome::entered);  // 5 are left
    EXPECT_EQ(run.give(SignalAction::buy), PlanOutcome::at_maximum);
    ASSERT_EQ(run.sent.size(), 3U);
    EXPECT_EQ(run.sent[1].quantity, Quantity::whole(10));
    EXPECT_EQ(run.sent[2].quantity, Quantity::whole(5));
    EXPECT_EQ(run.planner->counts().cut, 1U);
}

TEST(Planner, Keeps_strategies_and_instruments_apart) {
    PlanSettings second_plan = plan();
    second_plan.strategy = StrategyId(4);
    PlanRun run(std::vector{plan(), second_plan});
    model::Instrument other = share();
    other.id = InstrumentId(1);
    other.symbol = "OTHER";
    run.tell(other);
    run.go_long();
    model::Signal wish = signal(SignalAction::buy);
    wish.instrument = other.id;
    EXPECT_EQ(run.give(wish), PlanOutcome::entered);
    wish = signal(SignalAction::close);
    wish.strategy = StrategyId(4);
    EXPECT_EQ(run.give(wish), PlanOutcome::nothing_to_close);
    EXPECT_EQ(run.planner->counts(StrategyId(4)).of(PlanOutcome::nothing_to_close), 1U);
    EXPECT_EQ(run.planner->counts(kStrategy).of(PlanOutcome::entered), 2U);
}

// A strategy signals as it hears a bar; the bar's close is known to the plan by then.
TEST(Planner, Knows_the_price_that_the_strategy_signalled_at) {
    PlanSettings settings = plan();
    settings.sizing = Sizing::equity_share;
    settings.share = Ratio::whole(1);
    auto made = std::make_unique<Planner>(std::vector{settings});
    const Planner* planner = made.get();
    std::vector<std::unique_ptr<engine::Component>> components;
    components.push_back(std::move(made));
    components.push_back(std::make_unique<OrderDesk>());
    components.push_back(std::make_unique<engine::Probe>(
        "script", engine::Stage::strategy, engine::NounSet{model::Noun::bar},
        [](const engine::Record&, engine::Context& context) {
            context.emit(signal(SignalAction::buy));
        }));
    engine::Engine engine(std::move(components), 1);
    engine::ForgettingSink sink;
    const auto tell = [&](const auto& noun) {
        engine.apply({engine.sequence() + 1, engine::record_of(noun)}, sink);
    };
    tell(share());
    model::Balance balance;
    balance.account = kAccount;
    balance.currency = "USD";
    balance.equity = Money::whole(1'000);
    tell(balance);
    model::Bar bar;
    bar.close = Price::whole(50);
    tell(bar);
    EXPECT_EQ(planner->counts().entries, 1U);
    EXPECT_EQ(planner->counts().of(PlanOutcome::entered), 1U);
}

PlanRun busy_run() {
    PlanSettings settings = plan();
    settings.pyramids = true;
    PlanRun run(settings);
    model::Instrument pair = share();
    pair.id = InstrumentId(5);
    pair.symbol = "EURUSD";
    pair.asset_class = model::AssetClass::fx;
    pair.base_currency = "EUR";
    run.tell(pair);
    run.balance("1000", "900");
    run.quote("99", "101");
    run.quote("1.1", "1.2", 5);
    model::Signal wish = signal(SignalAction::buy);
    wish.stop_loss = price("90");
    (void)run.give(wish);
    run.fill(run.sent[0], Quantity::whole(3));
    (void)run.give(SignalAction::close);
    return run;
}

TEST(Planner, Goes_on_after_a_snapshot_as_if_nothing_had_been) {
    PlanRun first = busy_run();
    engine::StateWriter saved;
    first.engine->save(saved);
    PlanSettings settings = plan();
    settings.pyramids = true;
    PlanRun second(settings);
    engine::StateReader reader(saved.bytes());
    ASSERT_TRUE(second.engine->load(reader));
    EXPECT_EQ(second.engine->state_hash(), first.engine->state_hash());
    for (PlanRun* run : {&first, &second}) {
        run->fill(first.sent[0], Quantity::whole(2));
        (void)run->give(SignalAction::sell);
    }
    EXPECT_EQ(second.planner->counts(), first.planner->counts());
    EXPECT_EQ(second.engine->running_hash(), first.engine->running_hash());
    EXPECT_EQ(second.engine->state_hash(), first.engine->state_hash());
}

TEST(Planner, Refuses_a_snapshot_of_other_settings) {
    const PlanRun first = busy_run();
    engine::StateWriter saved;
    first.engine->save(saved);
    PlanRun second(plan());  // does not pyramid
    engine::StateReader reader(saved.bytes());
    EXPECT_FALSE(second.engine->load(reader));
}

TEST(Planner, Hears_prices_without_taking_anything_from_the_heap) {
    PlanRun run(plan());
    run.go_long();
    const std::uint64_t before = allocation_count();
    model::Trade trade;
    model::Bar bar;
    for (int i = 0; i < 1'000; ++i) {
        trade.price = bar.close = Price::whole(i);
        run.tell(trade);
        run.tell(bar);
        trade.instrument = InstrumentId(static_cast<std::uint32_t>(i % 3));  // some unknown
    }
    EXPECT_EQ(allocation_count() - before, 0U);
}

}  // namespace
}  // namespace millrace::execution
