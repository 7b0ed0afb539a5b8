#include <gtest/gtest.h>

#include "millrace/core/engine/census.hpp"
#include "millrace/core/engine/engine.hpp"

#include "tests/support/counting_allocator.hpp"
#include "tests/support/probe_components.hpp"

namespace millrace::engine {
namespace {

constexpr int kInstruments = 500;

// Quotes, trades and bars of many instruments in turn.
class Market {
  public:
    void feed_next(Engine& engine, EffectSink& sink) {
        const std::int64_t ns = ++count_ * 1'000;
        const InstrumentId instrument(static_cast<std::uint32_t>(count_ % kInstruments));
        switch (count_ % 3) {
            case 0: feed(engine, sink, quote_at(ns, instrument.value())); return;
            case 1:
                trade_.known_at = at(ns);
                trade_.instrument = instrument;
                feed(engine, sink, trade_);
                return;
            default:
                bar_.known_at = at(ns);
                bar_.instrument = instrument;
                feed(engine, sink, bar_);
                return;
        }
    }

  private:
    std::int64_t count_ = 0;
    model::Trade trade_;
    model::Bar bar_;
};

TEST(ZeroAllocation, The_counter_sees_an_allocation) {
    const std::uint64_t before = allocation_count();
    ::operator delete(::operator new(16));
    EXPECT_EQ(allocation_count(), before + 1);
}

TEST(ZeroAllocation, A_warm_engine_takes_market_data_without_allocating) {
    std::uint64_t fired = 0;
    auto sleeper = std::make_unique<Probe>(
        "sleeper", Stage::market, NounSet{Noun::quote, Noun::trade, Noun::bar},
        [](const Record&, Context& context) {
            context.set_timer(context.now() + Duration::milliseconds(1), context.sequence());
            context.cancel_timer(context.sequence() - 1);
        },
        [&](std::uint64_t, Context&) { ++fired; });
    auto waker = std::make_unique<Probe>(
        "waker", Stage::market, NounSet{Noun::quote},
        [](const Record&, Context& context) {
            context.set_timer(context.now() + Duration::microseconds(5), 1);
        },
        [&](std::uint64_t, Context& context) {
            ++fired;
            context.emit(alert_of(context.now(), "woken"));
        });
    Engine engine(list_of(std::move(sleeper), std::move(waker), std::make_unique<Census>()), 1);
    ForgettingSink sink;
    Market market;
    for (int i = 0; i < 10'000; ++i)
        market.feed_next(engine, sink);
    fired = 0;
    const std::uint64_t before = allocation_count();
    for (int i = 0; i < 100'000; ++i)
        market.feed_next(engine, sink);
    EXPECT_EQ(allocation_count() - before, 0U);
    EXPECT_GT(fired, 30'000U);
    EXPECT_TRUE(engine.stopped().empty());
}

TEST(ZeroAllocation, The_busiest_component_does_not_allocate_either) {
    Engine engine(list_of(std::make_unique<Busy>(), std::make_unique<Census>()), 1);
    ForgettingSink sink;
    Market market;
    for (int i = 0; i < 10'000; ++i)
        market.feed_next(engine, sink);
    const std::uint64_t before = allocation_count();
    for (int i = 0; i < 100'000; ++i)
        market.feed_next(engine, sink);
    EXPECT_EQ(allocation_count() - before, 0U);
    EXPECT_TRUE(engine.stopped().empty());
}

}  // namespace
}  // namespace millrace::engine
