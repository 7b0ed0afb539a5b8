#include "millrace/core/market/order_book.hpp"

#include <gtest/gtest.h>
#include <vector>

#include "millrace/base/random.hpp"

#include "tests/support/counting_allocator.hpp"

namespace millrace::market {
namespace {

using model::BookAction;
using model::BookUpdate;

constexpr InstrumentId kInstrument{7};
const Price kTick = Price::from_raw(10'000'000);  // 0.01

Price price(const char* text) {
    return Price::parse(text).value();
}

BookUpdate update(BookAction action, BookSide side, const char* at, std::int64_t size,
                  std::uint64_t id = 0) {
    BookUpdate made;
    made.price = price(at);
    made.size = Quantity::whole(size);
    made.order_id = id;
    made.instrument = kInstrument;
    made.side = side;
    made.action = action;
    return made;
}

BookUpdate add(BookSide side, const char* at, std::int64_t size, std::uint64_t id = 0) {
    return update(BookAction::add, side, at, size, id);
}

model::Quote quote(const char* bid, std::int64_t bid_size, const char* ask, std::int64_t ask_size) {
    model::Quote made;
    made.instrument = kInstrument;
    made.bid = price(bid);
    made.ask = price(ask);
    made.bid_size = Quantity::whole(bid_size);
    made.ask_size = Quantity::whole(ask_size);
    return made;
}

BookLevel level(const char* at, std::int64_t size) {
    return {price(at), Quantity::whole(size)};
}

std::vector<BookLevel> depth(const OrderBook& book, BookSide side) {
    std::vector<BookLevel> levels(100);
    levels.resize(book.depth(side, levels));
    return levels;
}

std::vector<std::uint64_t> queue(const OrderBook& book, BookSide side, const char* at) {
    std::vector<RestingOrder> orders(100);
    orders.resize(book.orders_at(side, price(at), orders));
    std::vector<std::uint64_t> ids;
    for (const RestingOrder& order : orders)
        ids.push_back(order.order_id);
    return ids;
}

constexpr auto kBid = BookSide::bid;
constexpr auto kAsk = BookSide::ask;
constexpr BookChange kNothingAtBest{};
constexpr BookChange kBidChanged{BookError::none, true, false};
constexpr BookChange kAskChanged{BookError::none, false, true};

// Bids 100.00 (orders 1: 5, 2: 3) and 99.98 (3: 10); offers 100.02 (4: 4) and 100.05 (5: 6).
OrderBook small_book() {
    OrderBook book(kInstrument, kTick, BookKind::orders);
    book.apply(add(kBid, "100.00", 5, 1));
    book.apply(add(kBid, "100.00", 3, 2));
    book.apply(add(kBid, "99.98", 10, 3));
    book.apply(add(kAsk, "100.02", 4, 4));
    book.apply(add(kAsk, "100.05", 6, 5));
    return book;
}

TEST(OrderBook, Keeps_orders_by_price_and_arrival) {
    const OrderBook book = small_book();
    EXPECT_EQ(depth(book, kBid), (std::vector{level("100.00", 8), level("99.98", 10)}));
    EXPECT_EQ(depth(book, kAsk), (std::vector{level("100.02", 4), level("100.05", 6)}));
    EXPECT_EQ(queue(book, kBid, "100.00"), (std::vector<std::uint64_t>{1, 2}));
    EXPECT_EQ(book.best_bid(), level("100.00", 8));
    EXPECT_EQ(book.best_ask(), level("100.02", 4));
    EXPECT_EQ(book.total_size(kBid), Quantity::whole(18));
    EXPECT_EQ(book.total_size(kAsk), Quantity::whole(10));
    EXPECT_EQ(book.order_count(), 5U);
    EXPECT_EQ(book.order_count(kBid, price("100.00")), 2U);
    EXPECT_EQ(book.order_count(kBid, price("99.99")), 0U);
    EXPECT_EQ(book.size_at(kBid, price("99.98")), Quantity::whole(10));
    EXPECT_EQ(book.size_at(kBid, price("99.99")), Quantity());
    EXPECT_EQ(book.size_at(kAsk, price("99.98")), Quantity());
    EXPECT_FALSE(book.is_crossed());
    book.check_invariants();
}

TEST(OrderBook, Says_whether_the_best_level_changed) {
    OrderBook book(kInstrument, kTick, BookKind::orders);
    EXPECT_EQ(book.apply(add(kBid, "100.00", 5, 1)), kBidChanged);
    EXPECT_EQ(book.apply(add(kBid, "99.00", 5, 2)), kNothingAtBest);
    EXPECT_EQ(book.apply(add(kBid, "100.00", 5, 3)), kBidChanged);
    EXPECT_EQ(book.apply(add(kAsk, "101.00", 5, 4)), kAskChanged);
    EXPECT_EQ(book.apply(update(BookAction::modify, kBid, "99.00", 2, 2)), kNothingAtBest);
    EXPECT_EQ(book.apply(update(BookAction::modify, kBid, "100.00", 4, 3)), kBidChanged);
    EXPECT_EQ(book.apply(update(BookAction::modify, kBid, "100.00", 4, 3)), kNothingAtBest);
    EXPECT_EQ(book.apply(update(BookAction::remove, kBid, "100.00", 0, 1)), kBidChanged);
    EXPECT_EQ(book.apply(update(BookAction::modify, kBid, "99.00", 4, 3)), kBidChanged);
    EXPECT_EQ(book.apply(update(BookAction::clear, kAsk, "0", 0)), kAskChanged);
    EXPECT_EQ(book.apply(update(BookAction::clear, kAsk, "0", 0)), kNothingAtBest);
}

TEST(OrderBook, A_smaller_order_keeps_its_place_and_a_larger_one_loses_it) {
    OrderBook book = small_book();
    book.apply(update(BookAction::modify, kBid, "100.00", 1, 1));
    EXPECT_EQ(queue(book, kBid, "100.00"), (std::vector<std::uint64_t>{1, 2}));
    EXPECT_EQ(book.queue_position(2), (QueuePosition{Quantity::whole(1), 1}));
    book.apply(update(BookAction::modify, kBid, "100.00", 2, 1));
    EXPECT_EQ(queue(book, kBid, "100.00"), (std::vector<std::uint64_t>{2, 1}));
    EXPECT_EQ(book.queue_position(2), (QueuePosition{Quantity(), 0}));
    EXPECT_EQ(book.queue_position(1), (QueuePosition{Quantity::whole(3), 1}));
    EXPECT_EQ(book.queue_position(99), std::nullopt);
    EXPECT_EQ(book.best_bid(), level("100.00", 5));
    book.check_invariants();
}

TEST(OrderBook, An_order_moves_to_the_back_of_another_level) {
    OrderBook book = small_book();
    EXPECT_EQ(book.apply(update(BookAction::modify, kBid, "100.00", 10, 3)), kBidChanged);
    EXPECT_EQ(queue(book, kBid, "100.00"), (std::vector<std::uint64_t>{1, 2, 3}));
    EXPECT_EQ(depth(book, kBid), (std::vector{level("100.00", 18)}));
    EXPECT_EQ(book.find_order(3),
              (RestingOrder{3, price("100.00"), Quantity::whole(10), BookSide::bid}));
    book.check_invariants();
}

TEST(OrderBook, An_order_of_size_zero_is_gone) {
    OrderBook book = small_book();
    EXPECT_EQ(book.apply(update(BookAction::modify, kAsk, "100.02", 0, 4)), kAskChanged);
    EXPECT_EQ(book.best_ask(), level("100.05", 6));
    EXPECT_EQ(book.find_order(4), std::nullopt);
    book.check_invariants();
}

struct Refused {
    BookUpdate update;
    BookError error;
};

TEST(OrderBook, Refuses_bad_updates_by_name_and_stays_as_it_was) {
    OrderBook book = small_book();
    const Refused cases[] = {
        {update(BookAction::remove, kBid, "100.00", 0, 99), BookError::unknown_order},
        {update(BookAction::modify, kBid, "100.00", 1, 99), BookError::unknown_order},
        {add(kBid, "99.00", 1, 1), BookError::duplicate_order},
        {add(kBid, "99.00", 0, 9), BookError::bad_size},
        {add(kBid, "99.00", -1, 9), BookError::bad_size},
        {update(BookAction::modify, kBid, "100.00", -1, 1), BookError::bad_size},
        {update(BookAction::modify, kAsk, "100.00", 5, 1), BookError::wrong_side},
        {add(kBid, "99.005", 1, 9), BookError::off_tick},
        {update(BookAction::modify, kBid, "99.005", 1, 1), BookError::off_tick},
        {add(kBid, "4700000000", 1, 9), BookError::out_of_range},
        {add(kBid, "-4700000000", 1, 9), BookError::out_of_range},
        {add(kBid, "99.00", 92'233'720'368, 9), BookError::too_large},
        {update(BookAction::modify, kBid, "100.00", 92'233'720'368, 1), BookError::too_large},
        {add(kBid, "99.00", 1, 0), BookError::wrong_kind},
    };
    std::uint64_t count = 0;
    for (const Refused& refused : cases) {
        EXPECT_EQ(book.apply(refused.update), (BookChange{refused.error, false, false}))
            << name_of(refused.error) << ' ' << count;
        EXPECT_EQ(book.counters().refused_count(), ++count);
        EXPECT_EQ(depth(book, kBid), (std::vector{level("100.00", 8), level("99.98", 10)}));
        book.check_invariants();
    }
    EXPECT_EQ(book.apply(quote("99", 1, "100", 1)).error, BookError::wrong_kind);
    EXPECT_EQ(book.counters().refused[static_cast<std::size_t>(BookError::bad_size)], 3U);
}

TEST(OrderBook, A_level_feed_sets_and_removes_levels) {
    OrderBook book(kInstrument, kTick, BookKind::levels);
    EXPECT_EQ(book.apply(add(kBid, "10.00", 5)), kBidChanged);
    EXPECT_EQ(book.apply(add(kBid, "10.00", 7)), kBidChanged);
    EXPECT_EQ(book.apply(update(BookAction::modify, kBid, "10.00", 7)), kNothingAtBest);
    EXPECT_EQ(book.apply(update(BookAction::modify, kBid, "9.99", 2)), kNothingAtBest);
    EXPECT_EQ(depth(book, kBid), (std::vector{level("10.00", 7), level("9.99", 2)}));
    EXPECT_EQ(book.apply(update(BookAction::modify, kBid, "10.00", 0)), kBidChanged);
    EXPECT_EQ(book.apply(update(BookAction::remove, kBid, "10.00", 0)).error,
              BookError::unknown_level);
    EXPECT_EQ(book.apply(add(kBid, "10.00", 0)).error, BookError::bad_size);
    EXPECT_EQ(book.apply(add(kBid, "10.00", 1, 3)).error, BookError::wrong_kind);
    EXPECT_EQ(book.apply(update(BookAction::remove, kBid, "9.99", 0)), kBidChanged);
    EXPECT_EQ(book.best_bid(), std::nullopt);
    EXPECT_EQ(book.total_size(kBid), Quantity());
    book.check_invariants();
}

TEST(OrderBook, A_quote_replaces_both_sides) {
    OrderBook book(kInstrument, kTick, BookKind::quotes);
    EXPECT_EQ(book.apply(quote("10.00", 5, "10.02", 6)), (BookChange{BookError::none, true, true}));
    EXPECT_EQ(book.apply(quote("10.00", 5, "10.03", 6)), kAskChanged);
    EXPECT_EQ(book.apply(quote("10.00", 4, "10.03", 6)), kBidChanged);
    EXPECT_EQ(book.apply(quote("10.00", 4, "10.03", 6)), kNothingAtBest);
    EXPECT_EQ(depth(book, kBid), (std::vector{level("10.00", 4)}));
    EXPECT_EQ(depth(book, kAsk), (std::vector{level("10.03", 6)}));
    EXPECT_EQ(book.apply(quote("10.00", 4, "0", 0)), kAskChanged);
    EXPECT_EQ(book.best_ask(), std::nullopt);
    EXPECT_EQ(book.apply(quote("10.005", 4, "10.03", 6)).error, BookError::off_tick);
    EXPECT_EQ(book.best_bid(), level("10.00", 4));
    EXPECT_EQ(book.apply(add(kBid, "10.00", 5)).error, BookError::wrong_kind);
    book.check_invariants();
}

TEST(OrderBook, Says_that_its_feed_has_crossed_it) {
    OrderBook book(kInstrument, kTick, BookKind::quotes);
    book.apply(quote("10.00", 5, "10.02", 6));
    EXPECT_FALSE(book.is_crossed());
    book.apply(quote("10.02", 5, "10.02", 6));  // locked
    EXPECT_TRUE(book.is_crossed());
    book.apply(quote("10.03", 5, "10.02", 6));
    EXPECT_TRUE(book.is_crossed());
    EXPECT_EQ(book.counters().crossings, 1U);
    book.apply(quote("10.01", 5, "10.02", 6));
    EXPECT_FALSE(book.is_crossed());
    book.apply(quote("10.03", 5, "10.02", 6));
    EXPECT_EQ(book.counters().crossings, 2U);
    book.check_invariants();
}

TEST(OrderBook, Prices_may_be_negative) {
    OrderBook book(kInstrument, kTick, BookKind::levels);
    book.apply(add(kBid, "-37.64", 1));
    book.apply(add(kBid, "-0.01", 2));
    book.apply(add(kAsk, "0.00", 3));
    book.apply(add(kAsk, "-0.005", 3));  // off tick
    EXPECT_EQ(depth(book, kBid), (std::vector{level("-0.01", 2), level("-37.64", 1)}));
    EXPECT_EQ(book.best_ask(), level("0.00", 3));
    EXPECT_EQ(book.counters().refused_count(), 1U);
    book.check_invariants();
}

TEST(OrderBook, Walks_a_side_for_an_average_price) {
    const OrderBook book = small_book();
    // 4 at 100.02 and 2 at 100.05: 600.18 / 6 = 100.03
    EXPECT_EQ(book.walk(kAsk, Quantity::whole(6)),
              (BookWalk{Quantity::whole(6), price("100.03"), price("100.05")}));
    // 4 at 100.02 and 3 at 100.05: 700.23 / 7 = 100.032857142857…
    EXPECT_EQ(book.walk(kAsk, Quantity::whole(7)),
              (BookWalk{Quantity::whole(7), price("100.032857143"), price("100.05")}));
    EXPECT_EQ(book.walk(kAsk, Quantity::whole(7), price("100.04")),
              (BookWalk{Quantity::whole(4), price("100.02"), price("100.02")}));
    EXPECT_EQ(book.walk(kAsk, Quantity::whole(7), price("100.01")), BookWalk{});
    EXPECT_EQ(book.walk(kBid, Quantity::whole(100)).filled, Quantity::whole(18));
    EXPECT_EQ(book.walk(kBid, Quantity::whole(9), price("99.99")),
              (BookWalk{Quantity::whole(8), price("100.00"), price("100.00")}));
    EXPECT_EQ(book.walk(kBid, Quantity()), BookWalk{});
}

TEST(OrderBook, Depth_gives_what_fits) {
    const OrderBook book = small_book();
    std::vector<BookLevel> one(1);
    EXPECT_EQ(book.depth(kAsk, one), 1U);
    EXPECT_EQ(one[0], level("100.02", 4));
    EXPECT_EQ(book.depth(kAsk, {}), 0U);
}

TEST(OrderBook, Clearing_one_side_leaves_the_other) {
    OrderBook book = small_book();
    book.apply(update(BookAction::clear, kBid, "0", 0));
    EXPECT_EQ(book.best_bid(), std::nullopt);
    EXPECT_EQ(book.order_count(), 2U);
    EXPECT_EQ(book.find_order(1), std::nullopt);
    EXPECT_EQ(book.apply(add(kBid, "100.00", 5, 1)), kBidChanged);
    book.check_invariants();
    book.clear();
    EXPECT_EQ(book.order_count(), 0U);
    book.check_invariants();
}

TEST(OrderBook, Follows_a_price_that_wanders_far) {
    OrderBook book(kInstrument, Price::from_raw(1), BookKind::levels);
    BookUpdate bid = add(kBid, "0", 1);
    for (std::int64_t step = 0; step < 200; ++step) {
        bid.price = Price::from_raw(step * 1'000'003);  // each far outside any window
        EXPECT_EQ(book.apply(bid), kBidChanged);
        book.check_invariants();
    }
    EXPECT_EQ(book.level_count(kBid), 200U);
    bid.action = BookAction::remove;
    for (std::int64_t step = 200; step-- > 0;) {
        EXPECT_EQ(book.best_bid()->price, Price::from_raw(step * 1'000'003));
        bid.price = Price::from_raw(step * 1'000'003);
        EXPECT_EQ(book.apply(bid), kBidChanged);
        book.check_invariants();
    }
    EXPECT_EQ(book.level_count(kBid), 0U);
}

TEST(OrderBook, A_saved_book_goes_on_alike) {
    OrderBook book = small_book();
    book.apply(update(BookAction::modify, kBid, "100.00", 9, 1));  // behind 2 now
    book.apply(add(kBid, "1.00", 1, 6));                           // far from the touch
    engine::StateWriter saved;
    book.save(saved);
    OrderBook loaded(kInstrument, kTick, BookKind::orders);
    engine::StateReader reader(saved.bytes());
    loaded.load(reader);
    ASSERT_TRUE(reader.finish("book"));
    loaded.check_invariants();
    EXPECT_EQ(queue(loaded, kBid, "100.00"), (std::vector<std::uint64_t>{2, 1}));
    EXPECT_EQ(loaded.counters(), book.counters());
    engine::StateWriter again;
    loaded.save(again);
    EXPECT_EQ(std::vector(saved.bytes().begin(), saved.bytes().end()),
              std::vector(again.bytes().begin(), again.bytes().end()));
}

TEST(OrderBook, Refuses_the_state_of_another_book_and_damaged_bytes) {
    engine::StateWriter saved;
    small_book().save(saved);
    OrderBook other(InstrumentId(8), kTick, BookKind::orders);
    engine::StateReader reader(saved.bytes());
    other.load(reader);
    EXPECT_FALSE(reader.finish("book"));
    for (std::size_t at = 0; at < saved.bytes().size(); ++at) {
        std::vector<std::byte> damaged(saved.bytes().begin(), saved.bytes().end());
        damaged[at] ^= std::byte{0x80};
        OrderBook book(kInstrument, kTick, BookKind::orders);
        engine::StateReader damaged_reader(damaged);
        book.load(damaged_reader);  // refuses, or is a book in itself
        if (damaged_reader.finish("book")) book.check_invariants();
    }
}

TEST(OrderBook, A_warm_book_does_not_allocate) {
    OrderBook book(kInstrument, kTick, BookKind::orders);
    const auto churn = [&](std::uint64_t first) {
        for (std::uint64_t id = first; id < first + 2'000; ++id)
            book.apply(add(kBid, id % 3 == 0 ? "99.00" : "55.00", 1, id));
        for (std::uint64_t id = first; id < first + 2'000; ++id)
            book.apply(update(BookAction::remove, kBid, "0", 0, id));
    };
    churn(1);
    const std::uint64_t before = allocation_count();
    for (std::uint64_t turn = 1; turn <= 20; ++turn)
        churn(turn * 10'000);
    EXPECT_EQ(allocation_count() - before, 0U);
    EXPECT_EQ(book.counters().refused_count(), 0U);
}

TEST(TickScale, Divides_exactly_or_not_at_all) {
    const TickScale eighth(Price::parse("0.125").value());
    EXPECT_EQ(eighth.ticks_of(price("10.625")), 85);
    EXPECT_EQ(eighth.ticks_of(price("-10.625")), -85);
    EXPECT_EQ(eighth.ticks_of(price("10.6")), std::nullopt);
    EXPECT_EQ(eighth.ticks_of(price("0.124999999")), std::nullopt);
    EXPECT_EQ(eighth.price_of(85), price("10.625"));
    for (const std::int64_t increment : {1, 2, 3, 7, 1'000, 5'000'000, 250'000'000, 999'999'937}) {
        const TickScale scale(Price::from_raw(increment));
        Random random(static_cast<std::uint64_t>(increment));
        for (int i = 0; i < 10'000; ++i) {
            const std::int64_t raw =
                random.between(-TickScale::kPriceRawMax, TickScale::kPriceRawMax);
            const std::int64_t on_tick = raw - raw % increment;
            ASSERT_EQ(scale.ticks_of(Price::from_raw(on_tick)), on_tick / increment);
            if (raw == on_tick) continue;
            ASSERT_EQ(scale.ticks_of(Price::from_raw(raw)), std::nullopt)
                << raw << " by " << increment;
        }
    }
}

}  // namespace
}  // namespace millrace::market
