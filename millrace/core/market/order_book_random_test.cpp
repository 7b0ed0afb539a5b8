// A million random updates, good and bad, against a book made of ordered maps that is too simple to
// be wrong. The seed stands in the trace of a failure.
#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <vector>

#include "millrace/base/random.hpp"
#include "millrace/core/market/order_book.hpp"

namespace millrace::market {
namespace {

using model::BookAction;
using model::BookUpdate;

constexpr InstrumentId kInstrument{3};
constexpr std::int64_t kTick = 5'000'000;

class NaiveBook {
  public:
    struct Order {
        std::uint64_t id;
        std::int64_t size;
    };
    using Side = std::map<std::int64_t, std::vector<Order>>;

    // False when the update is bad.
    bool apply(const BookUpdate& update, bool of_orders) {
        Side& side = sides_[static_cast<std::size_t>(update.side)];
        if (update.action == BookAction::clear) {
            side.clear();
            return true;
        }
        if (of_orders != (update.order_id != 0)) return false;
        return of_orders ? apply_order(side, update) : apply_level(side, update);
    }
    [[nodiscard]] std::vector<BookLevel> levels(BookSide side) const {
        std::vector<BookLevel> levels;
        for (const auto& [price, orders] : sides_[static_cast<std::size_t>(side)]) {
            std::int64_t size = 0;
            for (const Order& order : orders)
                size += order.size;
            levels.push_back({Price::from_raw(price), Quantity::from_raw(size)});
        }
        if (side == BookSide::bid) std::reverse(levels.begin(), levels.end());
        return levels;
    }
    [[nodiscard]] std::optional<BookLevel> best(BookSide side) const {
        const Side& levels = sides_[static_cast<std::size_t>(side)];
        if (levels.empty()) return std::nullopt;
        const auto& [price, orders] = side == BookSide::bid ? *levels.rbegin() : *levels.begin();
        std::int64_t size = 0;
        for (const Order& order : orders)
            size += order.size;
        return BookLevel{Price::from_raw(price), Quantity::from_raw(size)};
    }
    [[nodiscard]] const Side& side(BookSide side) const {
        return sides_[static_cast<std::size_t>(side)];
    }

  private:
    static bool apply_level(Side& side, const BookUpdate& update) {
        const std::int64_t price = update.price.raw();
        const bool removes = update.action == BookAction::remove ||
                             (update.action == BookAction::modify && update.size.is_zero());
        if (price % kTick != 0) return false;
        if (removes) return side.erase(price) > 0;
        if (update.size.raw() <= 0) return false;
        side[price] = {{0, update.size.raw()}};
        return true;
    }
    bool apply_order(Side& side, const BookUpdate& update) {
        const std::int64_t price = update.price.raw();
        const auto known = where_.find(update.order_id);
        const bool there = known != where_.end() && find(known->second, update.order_id);
        if (update.action == BookAction::remove) {
            if (there) erase(known->second, update.order_id);
            return there;
        }
        if (price % kTick != 0 || update.size.is_negative()) return false;
        if (update.action == BookAction::add) {
            if (there || update.size.is_zero()) return false;
        } else {
            if (!there || known->second.side != update.side) return false;
            std::vector<Order>& queue = side[known->second.price];
            const auto order = std::find_if(queue.begin(), queue.end(), [&](const Order& o) {
                return o.id == update.order_id;
            });
            if (price == known->second.price && update.size.raw() <= order->size &&
                !update.size.is_zero()) {
                order->size = update.size.raw();
                return true;
            }
            erase(known->second, update.order_id);
            if (update.size.is_zero()) return true;
        }
        side[price].push_back({update.order_id, update.size.raw()});
        where_[update.order_id] = {update.side, price};
        return true;
    }

    struct Where {
        BookSide side;
        std::int64_t price;
    };
    bool find(const Where& where, std::uint64_t id) {
        const Side& side = sides_[static_cast<std::size_t>(where.side)];
        const auto level = side.find(where.price);
        return level != side.end() && std::any_of(level->second.begin(), level->second.end(),
                                                  [&](const Order& o) { return o.id == id; });
    }
    void erase(const Where& where, std::uint64_t id) {
        Side& side = sides_[static_cast<std::size_t>(where.side)];
        auto level = side.find(where.price);
        std::erase_if(level->second, [&](const Order& o) { return o.id == id; });
        if (level->second.empty()) side.erase(level);
    }

    std::array<Side, 2> sides_;
    std::map<std::uint64_t, Where> where_;
};

// Prices around a middle that drifts, jumps now and then, and leaves some orders far behind.
class Feed {
  public:
    Feed(std::uint64_t seed, bool of_orders) : random_(seed), of_orders_(of_orders) {}

    BookUpdate next() {
        if (random_.one_in(50)) middle_ += random_.between(-40, 40);
        if (random_.one_in(20'000)) middle_ += random_.between(-20'000, 20'000);
        BookUpdate update;
        update.instrument = kInstrument;
        update.side = random_.one_in(2) ? BookSide::bid : BookSide::ask;
        update.action = action();
        update.size = Quantity::from_raw(random_.one_in(100) ? -random_.between(0, 2)
                                                             : random_.between(1, 1'000));
        std::int64_t away = random_.between(-2, 60);
        if (random_.one_in(20)) away = random_.between(0, 3'000);
        if (random_.one_in(200)) away = random_.between(0, 1'000'000);
        const std::int64_t ticks = update.side == BookSide::bid ? middle_ - away : middle_ + away;
        update.price = Price::from_raw(ticks * kTick + (random_.one_in(500) ? 1 : 0));
        if (of_orders_) update.order_id = id_for(update.action);
        if (random_.one_in(1'000)) update.order_id = of_orders_ ? 0 : 5;
        return update;
    }

  private:
    BookAction action() {
        const std::uint64_t draw = random_.below(100'000);
        if (draw == 0) return BookAction::clear;
        if (draw < 45'000) return BookAction::add;
        return draw < 65'000 ? BookAction::modify : BookAction::remove;
    }
    std::uint64_t id_for(BookAction action) {
        if (action == BookAction::add && !random_.one_in(100)) return ++last_id_ * 8 + 1;
        const std::uint64_t back = random_.below(random_.one_in(10) ? 4'000 : 400);
        return (last_id_ > back ? last_id_ - back : 1) * 8 + 1;
    }

    Random random_;
    bool of_orders_;
    std::int64_t middle_ = 20'000;
    std::uint64_t last_id_ = 0;
};

void compare_all(const OrderBook& book, const NaiveBook& naive, bool of_orders) {
    book.check_invariants();
    for (const BookSide side : {BookSide::bid, BookSide::ask}) {
        const auto expected = naive.levels(side);
        std::vector<BookLevel> levels(expected.size() + 1);
        levels.resize(book.depth(side, levels));
        ASSERT_EQ(levels, expected);
        if (!of_orders) continue;
        for (const auto& [price, queue] : naive.side(side)) {
            std::vector<RestingOrder> orders(queue.size() + 1);
            orders.resize(book.orders_at(side, Price::from_raw(price), orders));
            ASSERT_EQ(orders.size(), queue.size());
            for (std::size_t i = 0; i < queue.size(); ++i)
                ASSERT_EQ(orders[i].order_id, queue[i].id);
        }
    }
}

// The book as it comes back from its saved bytes: it must go on like the one that was saved.
OrderBook reloaded(const OrderBook& book, BookKind kind) {
    engine::StateWriter writer;
    book.save(writer);
    OrderBook loaded(kInstrument, Price::from_raw(kTick), kind);
    engine::StateReader reader(writer.bytes());
    loaded.load(reader);
    EXPECT_TRUE(reader.finish("book"));
    return loaded;
}

void run(std::uint64_t seed, BookKind kind, int updates) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const bool of_orders = kind == BookKind::orders;
    OrderBook book(kInstrument, Price::from_raw(kTick), kind);
    NaiveBook naive;
    Feed feed(seed, of_orders);
    std::size_t most_levels = 0;
    for (int i = 0; i < updates; ++i) {
        const BookUpdate update = feed.next();
        const auto bid = naive.best(BookSide::bid);
        const auto ask = naive.best(BookSide::ask);
        const bool good = naive.apply(update, of_orders);
        const BookChange change = book.apply(update);
        ASSERT_EQ(change.is_applied(), good) << name_of(change.error) << " at " << i;
        ASSERT_EQ(change.best_bid, naive.best(BookSide::bid) != bid) << i;
        ASSERT_EQ(change.best_ask, naive.best(BookSide::ask) != ask) << i;
        ASSERT_EQ(book.best_bid(), naive.best(BookSide::bid)) << i;
        ASSERT_EQ(book.best_ask(), naive.best(BookSide::ask)) << i;
        most_levels = std::max(most_levels, book.level_count(BookSide::bid));
        if (i % 10'000 == 9'999) compare_all(book, naive, of_orders);
        if (i % 50'000 == 49'999) book = reloaded(book, kind);
        if (testing::Test::HasFatalFailure()) return;
    }
    EXPECT_GT(most_levels, 200U);  // or the feed would be too tame
    EXPECT_GT(book.counters().refused_count(), 0U);
    EXPECT_GT(book.counters().crossings, 0U);
}

TEST(OrderBookRandom, A_book_of_orders_is_what_ordered_maps_say) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed)
        run(seed, BookKind::orders, 120'000);
}

TEST(OrderBookRandom, A_book_of_levels_is_what_ordered_maps_say) {
    for (std::uint64_t seed = 11; seed <= 14; ++seed)
        run(seed, BookKind::levels, 100'000);
}

TEST(OrderBookRandom, Queue_position_is_what_lies_before_in_the_queue) {
    OrderBook book(kInstrument, Price::from_raw(kTick), BookKind::orders);
    Feed feed(99, true);
    for (int i = 0; i < 20'000; ++i)
        book.apply(feed.next());
    std::vector<BookLevel> levels(10);
    levels.resize(book.depth(BookSide::bid, levels));
    ASSERT_FALSE(levels.empty());
    for (const BookLevel& level : levels) {
        std::vector<RestingOrder> orders(book.order_count(BookSide::bid, level.price));
        ASSERT_EQ(book.orders_at(BookSide::bid, level.price, orders), orders.size());
        std::int64_t ahead = 0;
        for (std::uint32_t i = 0; i < orders.size(); ++i) {
            EXPECT_EQ(book.queue_position(orders[i].order_id),
                      (QueuePosition{Quantity::from_raw(ahead), i}));
            ahead += orders[i].size.raw();
        }
    }
}

}  // namespace
}  // namespace millrace::market
