// Book: what one update of an order book costs, where a feed tells of single orders (L3): adds,
// partial and whole removals in about the mix of an exchange's day, of many instruments that share
// the cache. The floor does the least that could be called a book: orders in an array indexed by
// their number, sizes by tick in a window that never moves, a bitmap for the touch; no queue, no
// table of ids, no check. Both must end with the same best bids and offers.
#include <benchmark/benchmark.h>
#include <bit>
#include <vector>

#include "millrace/base/random.hpp"
#include "millrace/core/market/order_book.hpp"

#include "bench/report.hpp"

namespace millrace::bench {
namespace {

using market::BookKind;
using market::BookSide;
using market::OrderBook;
using model::BookAction;
using model::BookUpdate;

constexpr std::int64_t kTick = Price::kOne / 100;
constexpr std::size_t kUpdates = 2'000'000;
constexpr std::size_t kBlock = 32;

class FeedMaker {
  public:
    explicit FeedMaker(std::uint32_t instruments) : middles_(instruments) {
        for (std::int64_t& middle : middles_)
            middle = random_.between(2'000, 40'000);
    }

    // Grows to `live` orders, then keeps about as many.
    std::vector<BookUpdate> make(std::size_t updates, std::size_t live) {
        std::vector<BookUpdate> feed;
        feed.reserve(updates);
        while (feed.size() < updates) {
            const bool adds = random_.below(100) < (live_.size() < live ? 62U : 47U);
            feed.push_back(adds || live_.empty() ? add() : change());
        }
        return feed;
    }

  private:
    BookUpdate add() {
        BookUpdate update;
        // Some instruments are busier than others: the product of two draws leans to the low ones.
        const std::uint64_t count = middles_.size();
        const std::uint64_t instrument = random_.below(count) * random_.below(count) / count;
        std::int64_t& middle = middles_[instrument];
        if (random_.one_in(32)) middle += random_.between(-1, 1);
        update.instrument = InstrumentId(static_cast<std::uint32_t>(instrument));
        update.side = random_.one_in(2) ? BookSide::bid : BookSide::ask;
        const auto away =
            1 + static_cast<std::int64_t>(std::min(std::countl_zero(random_.next()) * 4, 100)) +
            random_.between(0, 8);
        const std::int64_t ticks = update.side == BookSide::bid ? middle - away : middle + away;
        update.price = Price::from_raw(ticks * kTick);
        update.size = Quantity::whole(100 * random_.between(1, 10));
        update.order_id = ++last_id_;
        live_.push_back(update);
        return update;
    }
    // Young orders go first.
    BookUpdate change() {
        const std::size_t young = std::max<std::size_t>(1, live_.size() / 5);
        const std::size_t back = random_.below(random_.one_in(5) ? live_.size() : young);
        BookUpdate& order = live_[live_.size() - 1 - back];
        BookUpdate update = order;
        if (random_.below(100) < 15 && order.size > Quantity::whole(100)) {
            order.size = subtract(order.size, Quantity::whole(100)).value();
            update.size = order.size;
            update.action = BookAction::modify;
            return update;
        }
        order = live_.back();
        live_.pop_back();
        update.action = BookAction::remove;
        return update;
    }

    Random random_{1};
    std::vector<std::int64_t> middles_;
    std::vector<BookUpdate> live_;
    std::uint64_t last_id_ = 0;
};

const std::vector<BookUpdate>& feed_of(std::uint32_t instruments) {
    static const std::vector<BookUpdate> kOne = FeedMaker(1).make(kUpdates, 10'000);
    static const std::vector<BookUpdate> kMany = FeedMaker(8'192).make(kUpdates, 400'000);
    return instruments == 1 ? kOne : kMany;
}

std::int64_t raw_of(const std::optional<market::BookLevel>& level) {
    return level ? level->price.raw() : 0;
}

// Folds the best prices of all books, to compare how two runs ended.
template <class Best>
std::int64_t digest(std::uint32_t instruments, Best best) {
    std::int64_t sum = 0;
    for (std::uint32_t i = 0; i < instruments; ++i)
        sum = (sum * 31 + best(i, BookSide::bid) * 7 + best(i, BookSide::ask)) % 1'000'000'007;
    return sum;
}

class FloorBooks {
  public:
    FloorBooks(std::uint32_t instruments, std::size_t orders)
        : books_(instruments), orders_(orders + 1) {}

    void prefetch(const BookUpdate& update) const {
        __builtin_prefetch(&orders_[update.order_id], 1);
        const Book& book = books_[update.instrument.value()];
        __builtin_prefetch(&book.sides[static_cast<std::size_t>(update.side)].summary, 1);
    }
    void apply(const BookUpdate& update) {
        Book& book = books_[update.instrument.value()];
        Order& order = orders_[update.order_id];
        Side& side = book.sides[static_cast<std::size_t>(update.side)];
        if (update.action == BookAction::add) {
            const std::int64_t tick = update.price.raw() / kTick;
            if (book.base == 0) book.base = tick - kWindow / 2;
            order.at = static_cast<std::uint32_t>(tick - book.base);
            MILLRACE_ASSERT(order.at < kWindow, "the floor's window is too small for this feed");
            order.size = update.size.raw();
            change(side, order.at, order.size);
            return;
        }
        const std::int64_t left = update.action == BookAction::modify ? update.size.raw() : 0;
        change(side, order.at, left - order.size);
        order.size = left;
    }
    [[nodiscard]] std::int64_t best(std::uint32_t instrument, BookSide of) const {
        const Book& book = books_[instrument];
        const Side& side = book.sides[static_cast<std::size_t>(of)];
        if (side.summary == 0) return 0;
        const bool lowest = of == BookSide::ask;
        const int word =
            lowest ? std::countr_zero(side.summary) : 63 - std::countl_zero(side.summary);
        const std::uint64_t bits = side.words[static_cast<std::size_t>(word)];
        const int bit = lowest ? std::countr_zero(bits) : 63 - std::countl_zero(bits);
        return (book.base + word * 64 + bit) * kTick;
    }

  private:
    static constexpr std::int64_t kWindow = 1'024;
    struct Order {
        std::int64_t size = 0;
        std::uint32_t at = 0;
    };
    struct Side {
        std::uint64_t summary = 0;
        std::array<std::uint64_t, kWindow / 64> words{};
        std::array<std::int64_t, kWindow> sizes{};
    };
    struct Book {
        std::int64_t base = 0;
        std::array<Side, 2> sides{};
    };

    static void change(Side& side, std::uint32_t at, std::int64_t by) {
        const bool was_empty = side.sizes[at] == 0;
        side.sizes[at] += by;
        const bool is_empty = side.sizes[at] == 0;
        if (was_empty == is_empty) return;
        side.words[at / 64] ^= std::uint64_t{1} << (at % 64);
        const std::uint64_t bit = std::uint64_t{1} << (at / 64);
        side.summary = side.words[at / 64] != 0 ? side.summary | bit : side.summary & ~bit;
    }

    std::vector<Book> books_;
    std::vector<Order> orders_;
};

void floor_books(benchmark::State& state) {
    const auto instruments = static_cast<std::uint32_t>(state.range(0));
    const std::vector<BookUpdate>& feed = feed_of(instruments);
    for (auto _ : state) {
        state.PauseTiming();
        FloorBooks books(instruments, kUpdates);
        state.ResumeTiming();
        for (std::size_t first = 0; first < feed.size(); first += kBlock) {
            for (std::size_t i = first; i < first + kBlock; ++i)
                books.prefetch(feed[i]);
            for (std::size_t i = first; i < first + kBlock; ++i)
                books.apply(feed[i]);
        }
        benchmark::DoNotOptimize(books.best(0, BookSide::bid));
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(feed.size()));
}
BENCHMARK(floor_books)->Name("Book/floor")->Arg(1)->Arg(8'192)->Unit(benchmark::kMillisecond);

std::int64_t floor_digest(std::uint32_t instruments) {
    FloorBooks books(instruments, kUpdates);
    for (const BookUpdate& update : feed_of(instruments))
        books.apply(update);
    return digest(instruments, [&](std::uint32_t i, BookSide side) { return books.best(i, side); });
}

std::vector<OrderBook> books_for(std::uint32_t instruments) {
    std::vector<OrderBook> books;
    books.reserve(instruments);
    for (std::uint32_t i = 0; i < instruments; ++i)
        books.emplace_back(InstrumentId(i), Price::from_raw(kTick), BookKind::orders);
    return books;
}

void orders(benchmark::State& state) {
    const auto instruments = static_cast<std::uint32_t>(state.range(0));
    const std::vector<BookUpdate>& feed = feed_of(instruments);
    std::vector<OrderBook> books = books_for(instruments);
    for (const BookUpdate& update : feed)  // memory is taken before the clock runs
        books[update.instrument.value()].apply(update);
    for (auto _ : state) {
        state.PauseTiming();
        for (OrderBook& book : books)
            book.clear();
        state.ResumeTiming();
        std::uint64_t changes = 0;
        for (const BookUpdate& update : feed) {
            const market::BookChange change = books[update.instrument.value()].apply(update);
            changes += change.best_bid || change.best_ask ? 1U : 0U;
        }
        benchmark::DoNotOptimize(changes);
    }
    std::uint64_t refused = 0;
    for (const OrderBook& book : books)
        refused += book.counters().refused_count();
    const std::int64_t ended = digest(
        instruments, [&](std::uint32_t i, BookSide side) { return raw_of(books[i].best(side)); });
    if (ended != floor_digest(instruments) || refused != 0)
        return state.SkipWithError("the books and the floor came to different ends");
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(feed.size()));
    compare_with(state, "Book/floor/" + std::to_string(instruments));
}
BENCHMARK(orders)->Name("Book/orders")->Arg(1)->Arg(8'192)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace millrace::bench
