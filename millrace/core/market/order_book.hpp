// OrderBook: the bids and offers of one instrument, from quotes (L1), price levels (L2) or single
// orders with their place in the queue (L3). A bad update is refused by name and counted, and
// leaves the book as it was; a book that its feed has crossed is kept as the feed says, and says
// so.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "millrace/base/maybe.hpp"
#include "millrace/core/engine/state.hpp"
#include "millrace/core/market/ladder.hpp"
#include "millrace/core/market/order_slots.hpp"
#include "millrace/core/market/tick_scale.hpp"
#include "millrace/core/model/market_data.hpp"

namespace millrace::market {

using model::BookSide;

// What the feed tells of.
enum class BookKind : std::uint8_t { quotes, levels, orders };

// Why an update was refused.
enum class BookError : std::uint8_t {
    none,
    wrong_kind,       // of a level to a book of orders, or the like
    unknown_order,    // changed or removed, but never added
    duplicate_order,  // added twice
    unknown_level,    // removed, but not there
    wrong_side,       // an order changes its side
    bad_size,         // negative, or zero where something is added
    off_tick,         // between two price increments
    out_of_range,     // a price beyond ±4.6 billion
    too_large,        // the side's total or the number of orders would not fit
};
inline constexpr std::array<std::string_view, 10> kBookErrorNames = {
    "none",       "wrong_kind", "unknown_order", "duplicate_order", "unknown_level",
    "wrong_side", "bad_size",   "off_tick",      "out_of_range",    "too_large"};
[[nodiscard]] constexpr std::string_view name_of(BookError error) {
    return kBookErrorNames[static_cast<std::size_t>(error)];
}

// What an update did. The best level of a side has changed when its price or its size has.
struct BookChange {
    BookError error = BookError::none;
    bool best_bid = false;
    bool best_ask = false;

    [[nodiscard]] bool is_applied() const { return error == BookError::none; }
    bool operator==(const BookChange&) const = default;
};

// One price level as readers see it.
struct BookLevel {
    Price price;
    Quantity size;

    bool operator==(const BookLevel&) const = default;
};

struct RestingOrder {
    std::uint64_t order_id = 0;
    Price price;
    Quantity size;
    BookSide side{};

    bool operator==(const RestingOrder&) const = default;
};

// What is served before an order at its own price.
struct QueuePosition {
    Quantity ahead;
    std::uint32_t orders_ahead = 0;

    bool operator==(const QueuePosition&) const = default;
};

// What taking a quantity out of one side would give; the book is not touched.
struct BookWalk {
    Quantity filled;
    Maybe<Price> average;  // weighted by size, rounded half to even; absent when nothing is filled
    Maybe<Price> worst;    // of the last level reached

    bool operator==(const BookWalk&) const = default;
};

struct BookCounters {
    std::array<std::uint64_t, kBookErrorNames.size()> refused{};  // by BookError
    std::uint64_t crossings = 0;  // how often the feed crossed or locked the book

    [[nodiscard]] std::uint64_t refused_count() const;
    bool operator==(const BookCounters&) const = default;
};

class alignas(64) OrderBook {
  public:
    OrderBook(InstrumentId instrument, Price price_increment, BookKind kind);

    // Room for so many orders before the table of ids is allocated again.
    void reserve(std::size_t orders) { slots_.reserve(orders); }

    // One change of a level (order_id 0) or an order. Sizes are those after the change:
    //   levels  add and modify set a level, to size 0 as remove does; a level that is not there
    //           cannot be removed
    //   orders  add goes to the back of its queue; modify to a smaller size keeps its place, to a
    //           larger size or another price loses it, to size 0 removes; remove looks only at
    //           the id
    //   clear   empties one side
    BookChange apply(const model::BookUpdate& update);
    // The best bid and offer replace what was there; a side of size 0 is empty.
    BookChange apply(const model::Quote& quote);
    void clear();

    [[nodiscard]] InstrumentId instrument() const { return instrument_; }
    [[nodiscard]] BookKind kind() const { return kind_; }
    [[nodiscard]] Price price_increment() const { return scale_.increment(); }

    [[nodiscard]] std::optional<BookLevel> best_bid() const { return best(BookSide::bid); }
    [[nodiscard]] std::optional<BookLevel> best_ask() const { return best(BookSide::ask); }
    [[nodiscard]] std::optional<BookLevel> best(BookSide side) const;
    // Whether the best bid is at or above the best offer. In continuous trading that is the feed's
    // doing, never the exchange's.
    [[nodiscard]] bool is_crossed() const { return crossed_; }

    // The best levels of a side, best first, as many as there are and fit; says how many.
    std::size_t depth(BookSide side, std::span<BookLevel> levels) const;
    // 0 where there is no such level.
    [[nodiscard]] Quantity size_at(BookSide side, Price price) const;
    [[nodiscard]] Quantity total_size(BookSide side) const;
    [[nodiscard]] std::size_t level_count(BookSide side) const { return ladder(side).size(); }
    [[nodiscard]] std::size_t order_count() const { return slots_.size(); }
    // Of one level; costs a step for each.
    [[nodiscard]] std::size_t order_count(BookSide side, Price price) const;

    [[nodiscard]] std::optional<RestingOrder> find_order(std::uint64_t order_id) const;
    // Costs a step for each order ahead.
    [[nodiscard]] std::optional<QueuePosition> queue_position(std::uint64_t order_id) const;
    // The orders of a level in the order they would be served, as many as there are and fit.
    std::size_t orders_at(BookSide side, Price price, std::span<RestingOrder> orders) const;

    // Takes from `side` (asks for a buyer), best level first, no further than `limit`.
    [[nodiscard]] BookWalk walk(BookSide side, Quantity quantity, Maybe<Price> limit = {}) const;

    [[nodiscard]] const BookCounters& counters() const { return counters_; }

    void save(engine::StateWriter& writer) const;
    void load(engine::StateReader& reader);
    // Asserts that totals are the sums of their parts and that nothing empty is listed; for tests.
    void check_invariants() const;

  private:
    struct Place {
        std::int64_t key = 0;
        BookError error = BookError::none;
    };

    [[nodiscard]] const Ladder& ladder(BookSide side) const {
        return ladders_[static_cast<std::size_t>(side)];
    }
    [[nodiscard]] Ladder& ladder(BookSide side) { return ladders_[static_cast<std::size_t>(side)]; }
    [[nodiscard]] Place place_of(BookSide side, Price price) const;
    [[nodiscard]] Price price_of(BookSide side, std::int64_t key) const {
        return scale_.price_of(side == BookSide::bid ? key : -key);
    }
    [[nodiscard]] bool fits(BookSide side, std::int64_t more) const;
    BookChange refuse(BookError error);
    BookChange applied(BookSide side, bool best_has_changed);
    void look_for_crossing();

    BookChange set_level(const model::BookUpdate& update);
    BookChange remove_level(BookSide side, Price price);
    BookChange add_order(const model::BookUpdate& update);
    BookChange modify_order(const model::BookUpdate& update);
    BookChange resize_order(OrderHandle handle, std::int64_t size);
    BookChange move_order(OrderHandle handle, std::int64_t key, std::int64_t size);
    BookChange remove_order(std::uint64_t order_id);
    BookChange clear_side(BookSide side);
    bool put_quote_side(BookSide side, std::int64_t key, std::int64_t size);

    void append(Level& level, OrderHandle handle);
    void unlink(Level& level, OrderHandle handle);
    void take_out(OrderHandle handle);
    bool load_level(BookSide side, engine::StateReader& reader);
    [[nodiscard]] std::size_t queue_length(const Level& level) const;
    void check_queue(BookSide side, std::int64_t key, const Level& level) const;

    // What an update of one side needs: this cache line and the first of its ladder.
    OrderSlots slots_;
    TickScale scale_;
    InstrumentId instrument_;
    BookKind kind_;
    bool crossed_ = false;
    std::array<Ladder, 2> ladders_;  // bids, asks
    BookCounters counters_;
};

}  // namespace millrace::market
