#include "millrace/core/engine/census.hpp"

#include <gtest/gtest.h>

#include "millrace/core/engine/engine.hpp"

#include "tests/support/probe_components.hpp"

namespace millrace::engine {
namespace {

struct Counted {
    Census* census = nullptr;
    std::unique_ptr<Engine> engine;
    ForgettingSink sink;

    Counted() {
        auto component = std::make_unique<Census>();
        census = component.get();
        engine = std::make_unique<Engine>(list_of(std::move(component)), 1);
    }
};

model::Quote quote_of(Price bid, Price ask, std::uint32_t instrument) {
    model::Quote quote = quote_at(1, instrument);
    quote.bid = bid;
    quote.ask = ask;
    return quote;
}

TEST(Census, Counts_each_noun) {
    Counted counted;
    feed(*counted.engine, counted.sink, quote_at(1));
    feed(*counted.engine, counted.sink, quote_at(2));
    feed(*counted.engine, counted.sink, clock_at(3));
    feed(*counted.engine, counted.sink, model::Command());
    EXPECT_EQ(counted.census->count(Noun::quote), 2U);
    EXPECT_EQ(counted.census->count(Noun::clock), 1U);
    EXPECT_EQ(counted.census->count(Noun::command), 1U);
    EXPECT_EQ(counted.census->count(Noun::trade), 0U);
}

TEST(Census, Remembers_the_last_price_of_each_instrument) {
    Counted counted;
    feed(*counted.engine, counted.sink, quote_of(Price::whole(10), Price::whole(12), 2));
    model::Trade trade;
    trade.price = Price::whole(7);
    trade.instrument = InstrumentId(0);
    feed(*counted.engine, counted.sink, trade);
    model::Bar bar;
    bar.close = Price::whole(5);
    bar.instrument = InstrumentId(0);
    feed(*counted.engine, counted.sink, bar);
    ASSERT_EQ(counted.census->instruments().size(), 3U);
    EXPECT_EQ(counted.census->instruments()[0], (Census::Last{2, Price::whole(5)}));
    EXPECT_EQ(counted.census->instruments()[1], Census::Last{});
    EXPECT_EQ(counted.census->instruments()[2], (Census::Last{1, Price::whole(11)}));
}

TEST(Census, The_middle_of_the_largest_prices_does_not_overflow) {
    Counted counted;
    const Price largest = Price::from_raw(INT64_MAX);
    feed(*counted.engine, counted.sink, quote_of(largest, largest, 0));
    EXPECT_EQ(counted.census->instruments()[0].price, largest);
    const Price least = Price::from_raw(-INT64_MAX);
    feed(*counted.engine, counted.sink, quote_of(least, least, 0));
    EXPECT_EQ(counted.census->instruments()[0].price, least);
}

TEST(Census, A_damaged_instrument_number_claims_no_memory) {
    Counted counted;
    feed(*counted.engine, counted.sink, quote_at(1, 4'000'000'000));
    EXPECT_TRUE(counted.census->instruments().empty());
    EXPECT_EQ(counted.census->count(Noun::quote), 1U);
}

TEST(Census, Comes_back_from_its_saved_state) {
    Counted counted;
    feed(*counted.engine, counted.sink, quote_at(1, 3));
    StateWriter writer;
    counted.census->save(writer);
    Census loaded;
    StateReader reader(writer.bytes());
    loaded.load(reader);
    ASSERT_TRUE(reader.finish("census"));
    EXPECT_EQ(loaded.count(Noun::quote), 1U);
    EXPECT_EQ(loaded.instruments(), counted.census->instruments());
}

}  // namespace
}  // namespace millrace::engine
