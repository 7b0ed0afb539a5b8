// What scenarios cannot say: memory, look-ahead, forgetting, and what may not be loaded.
#include "millrace/core/venue/exchange.hpp"

#include <gtest/gtest.h>

#include "tests/support/counting_allocator.hpp"

namespace millrace::venue {
namespace {

using model::OrderStatus;

class Tape final : public ReportSink {
  public:
    void on_order(const model::Order& order) override {
        ++orders;
        last = order;
    }
    void on_fill(const model::Fill& fill) override {
        ++fills;
        deal = fill;
    }
    std::uint64_t orders = 0, fills = 0;
    model::Order last;
    model::Fill deal;
};

model::Instrument instrument_of(std::uint32_t id) {
    model::Instrument instrument;
    instrument.id = InstrumentId(id);
    instrument.currency = "USD";
    instrument.price_increment = Price::from_raw(10'000'000);
    instrument.quantity_increment = Quantity::whole(1);
    instrument.multiplier = Ratio::whole(1);
    return instrument;
}

model::Order order_of(std::uint64_t id, Side side, model::OrderType type) {
    model::Order order;
    order.order_id = id;
    order.side = side;
    order.type = type;
    order.quantity = Quantity::whole(5);
    order.time_in_force = model::TimeInForce::gtc;
    order.status = OrderStatus::submitted;
    return order;
}

model::Quote quote_of(std::int64_t ns, std::int64_t bid, std::uint32_t instrument = 0) {
    model::Quote quote;
    quote.known_at = Time::from_ns(ns);
    quote.instrument = InstrumentId(instrument);
    quote.bid = Price::whole(bid);
    quote.ask = Price::whole(bid + 1);
    quote.bid_size = quote.ask_size = Quantity::whole(1'000);
    return quote;
}

TEST(Exchange, A_warm_venue_makes_markets_without_allocating) {
    Tape tape;
    Settings settings;
    settings.timing = FillTiming::immediate;
    SimulatedExchange venue = *SimulatedExchange::make(settings, tape);
    constexpr std::uint32_t kInstruments = 16;
    for (std::uint32_t i = 0; i < kInstruments; ++i)
        venue.define(instrument_of(i));
    std::uint64_t id = 0;
    std::int64_t ns = 0;
    const auto run = [&](int rounds) {
        for (int round = 0; round < rounds; ++round) {
            const std::uint32_t at = static_cast<std::uint32_t>(round) % kInstruments;
            venue.on_quote(quote_of(++ns, 100 + round % 3, at));
            model::Order bid = order_of(++id, Side::buy, model::OrderType::limit);
            bid.instrument = InstrumentId(at);
            bid.limit_price = Price::whole(100 + round % 3);
            bid.time_in_force = model::TimeInForce::gtd;
            bid.expires_at = Time::from_ns(ns + 1'000'000);
            bid.group_id = id;
            bid.contingency = model::Contingency::oco_cancel;
            venue.submit(bid, Time::from_ns(ns));
            model::Order take = order_of(++id, Side::sell, model::OrderType::market);
            take.instrument = InstrumentId(at);
            venue.submit(take, Time::from_ns(ns));
            if (round % 2 == 0) venue.cancel(bid.order_id, Time::from_ns(ns));
            venue.on_quote(quote_of(++ns, 98, at));
        }
    };
    run(20'000);
    const std::uint64_t fills = tape.fills;
    const std::uint64_t before = allocation_count();
    run(20'000);
    EXPECT_EQ(allocation_count() - before, 0U);
    EXPECT_GT(tape.fills, fills + 20'000);
}

TEST(Exchange, The_open_of_a_bar_shows_nothing_of_the_rest) {
    // Two bars that differ only after their open must give the same reports at the open.
    for (const std::int64_t high : {101, 150}) {
        Tape tape;
        SimulatedExchange venue = *SimulatedExchange::make(Settings(), tape);
        venue.define(instrument_of(0));
        model::Order target = order_of(1, Side::sell, model::OrderType::limit);
        target.limit_price = Price::whole(120);
        venue.submit(target, Time::from_ns(0));
        venue.submit(order_of(2, Side::buy, model::OrderType::market), Time::from_ns(0));
        model::Bar bar;
        bar.open_time = Time::from_ns(10);
        bar.known_at = Time::from_ns(20);
        bar.open = bar.close = Price::whole(100);
        bar.high = Price::whole(high);
        bar.low = Price::whole(99);
        bar.step = 10;
        venue.on_bar_open(bar);
        EXPECT_EQ(tape.fills, 1U);
        EXPECT_EQ(tape.deal.order_id, 2U);
        EXPECT_EQ(tape.deal.price, Price::whole(100));
        EXPECT_EQ(tape.deal.known_at, Time::from_ns(10));
    }
}

TEST(Exchange, Remembers_the_last_orders_that_are_over_and_forgets_older_ones) {
    Tape tape;
    SimulatedExchange venue = *SimulatedExchange::make(Settings(), tape);
    venue.define(instrument_of(0));
    for (std::uint64_t id = 1; id <= OrderPool::kRemembered + 1; ++id) {
        model::Order order = order_of(id, Side::buy, model::OrderType::limit);
        order.limit_price = Price::whole(1);
        venue.submit(order, Time::from_ns(0));
        venue.cancel(id, Time::from_ns(0));
    }
    EXPECT_EQ(venue.order_count(), 0U);
    venue.cancel(2, Time::from_ns(1));
    EXPECT_EQ(tape.last.status, OrderStatus::cancelled);
    EXPECT_EQ(tape.last.reason, model::OrderReason::already_over);
    venue.cancel(1, Time::from_ns(1));
    EXPECT_EQ(tape.last.reason, model::OrderReason::unknown_order);
}

TEST(Exchange, An_order_for_an_unknown_instrument_is_refused_and_its_data_ignored) {
    Tape tape;
    SimulatedExchange venue = *SimulatedExchange::make(Settings(), tape);
    venue.define(instrument_of(2));
    model::Order order = order_of(1, Side::buy, model::OrderType::market);
    for (const std::uint32_t unknown : {0U, 1U, 3U}) {
        order.instrument = InstrumentId(unknown);
        venue.submit(order, Time::from_ns(0));
        EXPECT_EQ(tape.last.status, OrderStatus::rejected);
        EXPECT_EQ(tape.last.reason, model::OrderReason::unknown_instrument);
        venue.on_quote(quote_of(1, 100, unknown));
    }
    EXPECT_EQ(tape.fills, 0U);
}

TEST(Exchange, A_brood_that_is_too_deep_or_a_group_too_large_is_refused) {
    Tape tape;
    SimulatedExchange venue = *SimulatedExchange::make(Settings(), tape);
    venue.define(instrument_of(0));
    for (std::uint64_t id = 1; id <= 10; ++id) {
        model::Order order = order_of(id, Side::buy, model::OrderType::market);
        order.parent_id = id - 1;
        venue.submit(order, Time::from_ns(0));
        EXPECT_EQ(tape.last.status == OrderStatus::rejected, id > 9) << id;
    }
    for (std::uint64_t id = 101; id <= 165; ++id) {
        model::Order order = order_of(id, Side::buy, model::OrderType::market);
        order.group_id = 1;
        order.contingency = model::Contingency::oco_cancel;
        venue.submit(order, Time::from_ns(0));
        EXPECT_EQ(tape.last.status == OrderStatus::rejected, id > 164) << id;
    }
}

TEST(Exchange, Cut_off_states_are_told) {
    Tape tape;
    SimulatedExchange venue = *SimulatedExchange::make(Settings(), tape);
    venue.define(instrument_of(0));
    venue.on_quote(quote_of(1, 100));
    venue.submit(order_of(1, Side::buy, model::OrderType::market), Time::from_ns(1));
    engine::StateWriter writer;
    venue.save(writer);
    for (std::size_t size = 0; size < writer.bytes().size(); ++size) {
        SimulatedExchange other = *SimulatedExchange::make(Settings(), tape);
        other.define(instrument_of(0));
        engine::StateReader reader(writer.bytes().first(size));
        other.load(reader);
        ASSERT_FALSE(reader.finish("venue")) << size;
    }
}

TEST(Exchange, Late_times_are_dealt_with_at_the_venues_own_clock) {
    Tape tape;
    Settings settings;
    settings.timing = FillTiming::immediate;
    SimulatedExchange venue = *SimulatedExchange::make(settings, tape);
    venue.define(instrument_of(0));
    venue.on_quote(quote_of(100, 100));
    venue.submit(order_of(1, Side::buy, model::OrderType::market), Time::from_ns(50));
    EXPECT_EQ(tape.deal.known_at, Time::from_ns(100));
}

}  // namespace
}  // namespace millrace::venue
