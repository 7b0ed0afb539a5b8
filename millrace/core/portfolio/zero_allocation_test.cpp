#include <gtest/gtest.h>

#include "millrace/core/portfolio/portfolio_component.hpp"
#include "millrace/core/portfolio/test_books.hpp"

#include "tests/support/counting_allocator.hpp"
#include "tests/support/probe_components.hpp"

namespace millrace::portfolio {
namespace {

constexpr std::uint32_t kInstruments = 1'000;

template <class T>
void tell(engine::Engine& engine, engine::EffectSink& sink, const T& noun) {
    engine::Input input;
    input.sequence = engine.sequence() + 1;
    input.record = engine::record_of(noun);
    engine.apply(input, sink);
}

// Prices of all instruments in turn: quotes on and between the increments, trades and bars.
void tell_prices(engine::Engine& engine, engine::EffectSink& sink, int count) {
    model::Quote quote;
    model::Trade trade;
    model::Bar bar;
    for (int i = 0; i < count; ++i) {
        const InstrumentId instrument(static_cast<std::uint32_t>(i) % kInstruments);
        quote.instrument = trade.instrument = bar.instrument = instrument;
        quote.bid = Price::from_raw(100 * Price::kOne + (i % 7) * 10'000'000 + i % 2);
        quote.ask = Price::from_raw(quote.bid.raw() + 10'000'000);
        trade.price = bar.open = bar.high = bar.low = bar.close = quote.ask;
        quote.known_at = trade.known_at = bar.known_at = Time::from_ns(engine.now().ns() + 1'000);
        tell(engine, sink, quote);
        tell(engine, sink, trade);
        tell(engine, sink, bar);
    }
}

TEST(ZeroAllocation, Prices_of_held_and_unheld_instruments_take_nothing_from_the_heap) {
    PortfolioComponentSettings settings;
    settings.books.keeps_curve = false;
    settings.opening.push_back(cash("1000000"));
    std::vector<std::unique_ptr<engine::Component>> components;
    components.push_back(std::make_unique<PortfolioComponent>(settings));
    engine::Engine engine(std::move(components), 1);
    engine::ForgettingSink sink;
    for (std::uint32_t id = 0; id < kInstruments; ++id)
        tell(engine, sink, id % 3 == 0 ? pair_of(id, "EUR", "USD") : share(id));
    tell(engine, sink, account());
    for (std::uint32_t id = 0; id < kInstruments; id += 2)
        tell(engine, sink, id % 4 == 0 ? bought("0.333", "100", id) : sold("7", "100", id));
    tell_prices(engine, sink, 1'000);
    const std::uint64_t before = allocation_count();
    tell_prices(engine, sink, 30'000);
    EXPECT_EQ(allocation_count() - before, 0U);
    EXPECT_TRUE(engine.stopped().empty());
}

TEST(ZeroAllocation, Deals_that_only_move_positions_take_nothing_either) {
    PortfolioComponentSettings settings;
    settings.books.keeps_curve = false;
    settings.books.keeps_trades = false;
    std::vector<std::unique_ptr<engine::Component>> components;
    components.push_back(std::make_unique<PortfolioComponent>(settings));
    engine::Engine engine(std::move(components), 1);
    engine::ForgettingSink sink;
    tell(engine, sink, share());
    tell(engine, sink, account());
    const auto deals = [&](int count) {
        for (int i = 0; i < count; ++i)
            tell(engine, sink, i % 3 == 0 ? bought("30", "10") : sold("15", "11"));
    };
    deals(100);
    const std::uint64_t before = allocation_count();
    deals(10'000);
    EXPECT_EQ(allocation_count() - before, 0U);
    EXPECT_TRUE(engine.stopped().empty());
}

}  // namespace
}  // namespace millrace::portfolio
