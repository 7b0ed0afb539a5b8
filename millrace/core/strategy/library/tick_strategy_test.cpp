// What all strategies on ticks share, shown by the simplest of them.
#include "millrace/core/strategy/library/tick_strategy.hpp"

#include <gtest/gtest.h>

#include "millrace/core/engine/engine.hpp"
#include "millrace/core/strategy/library/test_ticks.hpp"
#include "millrace/core/strategy/strategy_host.hpp"

namespace millrace::strategy {
namespace {

using namespace test;

const Values kCross = {{"short_window", "1"}, {"long_window", "2"}};

model::Trade trade_of(const char* price, std::int64_t size, std::int64_t minute) {
    model::Trade trade;
    trade.known_at = Time() + Duration::minutes(minute);
    trade.price = Price::parse(price).value();
    trade.size = Quantity::whole(size);
    return trade;
}

model::Quote quote_of(const char* bid, const char* ask, std::int64_t minute) {
    model::Quote quote;
    quote.known_at = Time() + Duration::minutes(minute);
    quote.bid = Price::parse(bid).value();
    quote.ask = Price::parse(ask).value();
    return quote;
}

TEST(Tick, Is_the_close_and_the_volume_of_a_bar) {
    const Tick tick = tick_of(bar_of({"9", 30, "8", "9.5", "7"}, 3));
    EXPECT_EQ(tick.time, Time() + Duration::minutes(3));
    EXPECT_EQ(tick.price, Price::whole(9));
    EXPECT_EQ(tick.candle.open, 8.0);
    EXPECT_EQ(tick.candle.high, 9.5);
    EXPECT_EQ(tick.candle.low, 7.0);
    EXPECT_EQ(tick.candle.close, 9.0);
    EXPECT_EQ(tick.candle.volume, 30.0);
}

TEST(Tick, Is_the_price_and_the_size_of_a_trade_and_the_middle_of_a_quote) {
    const Tick trade = tick_of(trade_of("9.25", 4, 1));
    EXPECT_EQ(trade.price, Price::parse("9.25").value());
    EXPECT_EQ(trade.candle.low, 9.25);
    EXPECT_EQ(trade.candle.volume, 4.0);
    const Tick quote = tick_of(quote_of("9", "9.000000001", 1));
    EXPECT_EQ(quote.price, Price::whole(9)) << "rounded down";
    EXPECT_EQ(quote.candle.volume, 0.0);
}

TEST(TickStrategy, Hears_trades_and_quotes_as_it_hears_bars) {
    StrategyTrial trades = trial_of("simple_ma", kCross);
    StrategyTrial quotes = trial_of("simple_ma", kCross);
    std::int64_t minute = 0;
    for (const char* price : {"10", "11", "9"}) {
        trades.tell(trade_of(price, 1, ++minute));
        quotes.tell(quote_of(price, price, minute));
    }
    EXPECT_EQ(said(trades), (Said{"2 buy cross", "3 close cross"}));
    EXPECT_EQ(said(quotes), (Said{"2 buy cross", "3 close cross"}));
}

// 10 and 11 as trades are a cross; the quotes at 50 between them would make it a fall.
TEST(TickStrategy, Keeps_to_one_kind_of_tick) {
    const auto heard = [](const char* ticks) {
        Values values = kCross;
        values["ticks"] = ticks;
        StrategyTrial trial = trial_of("simple_ma", values);
        trial.tell(trade_of("10", 1, 1));
        trial.tell(quote_of("50", "50", 1));
        trial.tell(trade_of("11", 1, 2));
        trial.tell(quote_of("51", "51", 3));
        return said(trial);
    };
    EXPECT_EQ(heard("first"), (Said{"2 buy cross"}));
    EXPECT_EQ(heard("trades"), (Said{"2 buy cross"}));
    EXPECT_EQ(heard("quotes"), (Said{"3 buy cross"}));
    EXPECT_EQ(heard("bars"), Said());
}

TEST(TickStrategy, Says_nothing_while_it_warms_up_and_takes_its_side_when_live) {
    StrategyTrial trial = trial_of("simple_ma", kCross, Time() + Duration::minutes(4));
    show(trial, {{"10"}, {"11"}, {"12"}, {"13"}});
    EXPECT_EQ(said(trial), (Said{"4 buy cross"}));
}

// The plan's stop order deals between two ticks.
TEST(TickStrategy, Is_out_when_the_venue_closed_its_position) {
    StrategyTrial trial = trial_of("simple_ma", kCross);
    show(trial, {{"10"}, {"11"}});
    model::Order order;
    order.order_id = 1;
    order.quantity = Quantity::whole(2);
    order.side = model::Side::buy;
    trial.fill(order);
    show(trial, {{"12"}}, 3);
    EXPECT_EQ(said(trial), (Said{"2 buy cross"})) << "it holds what it bought";
    order.order_id = 2;
    order.side = model::Side::sell;
    order.quantity = Quantity::whole(1);
    trial.fill(order);
    show(trial, {{"13"}}, 4);
    EXPECT_EQ(said(trial), (Said{"2 buy cross"})) << "half of it is still held";
    order.order_id = 3;
    trial.fill(order);
    show(trial, {{"14"}}, 5);
    EXPECT_EQ(said(trial), (Said{"2 buy cross", "5 buy cross"}));
}

TEST(TickStrategy, Knows_each_instrument_apart) {
    StrategyTrial trial = trial_of("simple_ma", kCross);
    for (std::int64_t minute = 1; minute <= 3; ++minute)
        for (const std::uint32_t instrument : {1u, 3u}) {
            model::Trade trade = trade_of(minute == 3 ? "11" : "10", 1, minute);
            trade.instrument = InstrumentId(instrument);
            if (instrument == 3) trade.price = Price::whole(20 - minute);
            trial.tell(trade);
        }
    ASSERT_EQ(trial.signals().size(), 1u);
    EXPECT_EQ(trial.signals()[0].instrument, InstrumentId(1));
}

// Every strategy of this kind, told the same noise with a restart in the middle or without.
TEST(TickStrategy, Goes_on_after_a_restart_as_if_nothing_had_happened) {
    std::size_t kinds = 0;
    std::size_t signals = 0;
    for (const StrategyType& type : all_strategies()) {
        if (dynamic_cast<TickStrategy*>(type.make().get()) == nullptr) continue;
        ++kinds;
        StrategyTrial whole(type.make());
        StrategyTrial parts(type.make());
        Random noise(7);
        std::int64_t price = 10'000;
        for (std::int64_t minute = 1; minute <= 1'500; ++minute) {
            price = std::max<std::int64_t>(2'000, price + noise.between(-400, 400));
            model::Trade trade = trade_of("1", noise.between(1, 500), minute);
            trade.price = Price::from_raw(price * (Price::kOne / 100));
            whole.tell(trade);
            parts.tell(trade);
            if (minute % 250 == 0) parts.restart(type.make());
        }
        EXPECT_EQ(said(parts), said(whole)) << type.name;
        EXPECT_EQ(parts.running_hash(), whole.running_hash()) << type.name;
        signals += whole.signals().size();
    }
    EXPECT_EQ(kinds, 13u);
    EXPECT_GT(signals, 100u);
}

class Breaking : public Strategy {
  public:
    void on_bar(const model::Bar& bar) override {
        MILLRACE_ASSERT(bar.close != Price::whole(11), "this one breaks at 11");
    }
    void save(engine::StateWriter& /*writer*/) const override {}
    void load(engine::StateReader& /*reader*/) override {}
};

// The one that breaks comes first, and is called first.
TEST(TickStrategy, Goes_on_when_another_strategy_breaks) {
    struct Heard : engine::EffectSink {
        void take(std::span<const engine::Effect> effects) override {
            for (const engine::Effect& effect : effects)
                if (effect.record.noun == model::Noun::signal) ++signals;
        }
        int signals = 0;
    } heard;
    auto cross = make_strategy("simple_ma").value();
    ASSERT_TRUE(cross->set(kCross));
    std::vector<std::unique_ptr<engine::Component>> components;
    components.push_back(std::make_unique<StrategyHost>(
        std::make_unique<Breaking>(), HostOptions{StrategyId(0), AccountId(0), "breaking", {}}));
    components.push_back(std::make_unique<StrategyHost>(
        std::move(cross), HostOptions{StrategyId(1), AccountId(0), "whole", {}}));
    engine::Engine engine(std::move(components), 1);
    std::uint64_t sequence = 0;
    for (const char* price : {"10", "11", "9", "12"}) {
        const auto minute = static_cast<std::int64_t>(++sequence);
        engine.apply({sequence, engine::record_of(bar_of({price}, minute))}, heard);
    }
    ASSERT_EQ(engine.stopped().size(), 1u);
    EXPECT_EQ(engine.stopped()[0].name, "breaking");
    EXPECT_EQ(heard.signals, 3) << "buy at 11, close at 9, buy at 12";
}

}  // namespace
}  // namespace millrace::strategy
