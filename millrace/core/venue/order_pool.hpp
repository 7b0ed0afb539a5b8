// OrderPool: every order the venue knows, in slots with 32-bit handles, found by order number. The
// last 256 that are over are remembered, so that a late cancel gets the right answer and
// a late child finds what its parent dealt.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "millrace/base/flat_index.hpp"
#include "millrace/base/time.hpp"
#include "millrace/core/model/order.hpp"
#include "millrace/core/venue/amounts.hpp"

namespace millrace::venue {

using Handle = std::uint32_t;
inline constexpr Handle kNoHandle = FlatIndex::kNone;

// What an order is waiting for.
enum class Stage : std::uint8_t {
    held,      // its parent's deal
    watching,  // its trigger
    taking,    // liquidity at any price: market orders and triggered stops
    limiting,  // liquidity at its limit or better
    over,
};

// What the venue keeps beside the order itself. Plain memory without padding: its bytes are saved.
struct Life {
    std::uint64_t ordinal = 0;   // of its arrival
    std::uint64_t priority = 0;  // its place in time priority; a new one when it loses its place
    Time arrived;                // when it began to work
    Time expiry = Time::latest();
    Time opens;                          // of open orders: the opening they are for
    std::int64_t asked = 0;              // quantity before siblings reduced it
    std::int64_t released = kUnlimited;  // of a child: how much its parent's deals set working
    std::int64_t shown = 0;              // what is left of an iceberg's displayed part
    std::int64_t ahead = kUnlimited;     // quantity that deals first at its price, when known
    std::int64_t traded_ahead = 0;       // part of it that trades told of before the book did
    std::int64_t limit_offset = 0;       // of a trailing stop limit: limit minus stop
    std::int64_t bound = kNoPrice;       // price protection
    std::uint64_t value_low = 0;         // sum of price * quantity dealt, 128 bits
    std::uint64_t value_high = 0;
    std::int64_t fee_due = 0;
    std::int64_t fee_charged = 0;
    std::int64_t group_dealt = 0;  // by its whole group, when it was the last to deal
    std::uint64_t tried = 0;       // the datum in which it found no more liquidity
    std::uint64_t born = 0;        // the datum during which it began to work
    Stage stage = Stage::held;
    bool fresh = true;  // has not met the market yet: what it deals now, it takes
    bool triggered = false;
    bool rests = false;       // on the book: what it deals, it makes
    std::uint32_t depth = 0;  // of a child: how many parents it has above it
};
static_assert(std::has_unique_object_representations_v<Life>);

struct Slot {
    model::Order order;
    Life life;
    // Lists through the slots: the instrument's working orders in time priority, the group's
    // members in a ring, the parent's children. `next` also links what is over, and what is free.
    Handle previous = kNoHandle, next = kNoHandle;
    Handle group_previous = kNoHandle, group_next = kNoHandle;
    Handle parent = kNoHandle, first_child = kNoHandle, next_child = kNoHandle;

    [[nodiscard]] std::int64_t remaining() const {
        return order.quantity.raw() - order.filled_quantity.raw();
    }
    // What it may deal now: of a child only what its parent's deals released.
    [[nodiscard]] std::int64_t dealable() const {
        const std::int64_t most = std::min(order.quantity.raw(), life.released);
        return most - order.filled_quantity.raw();
    }
    [[nodiscard]] bool is_over() const { return life.stage == Stage::over; }
    [[nodiscard]] bool is_buy() const { return order.side == Side::buy; }
    [[nodiscard]] bool is_impatient() const {
        return order.time_in_force == model::TimeInForce::ioc ||
               order.time_in_force == model::TimeInForce::fok;
    }
};

class OrderPool {
  public:
    static constexpr std::size_t kRemembered = 256;

    void reserve(std::size_t orders);

    [[nodiscard]] Slot& operator[](Handle handle) { return slots_[handle]; }
    [[nodiscard]] const Slot& operator[](Handle handle) const { return slots_[handle]; }
    [[nodiscard]] Handle find(std::uint64_t order_id) const { return by_id_.find(order_id); }
    [[nodiscard]] std::size_t alive_count() const { return alive_; }

    // How many alive orders are in the order's group.
    [[nodiscard]] std::size_t group_size(const model::Order& order) const;

    // What the group has dealt so far, by members that are remembered.
    [[nodiscard]] std::int64_t group_dealt(std::uint64_t group_id) const;
    void note_group_deal(Handle dealer, std::int64_t quantity);

    // The number must not be known. Joins its group. May move slots in memory.
    Handle add(const model::Order& order, std::uint64_t ordinal);
    void adopt(Handle parent, Handle child);
    void leave_parent(Handle child);
    // The order is over: leaves its group, and is remembered until kRemembered others are over.
    void bury(Handle handle);

    // Every order, alive ones and remembered ones, by ordinal.
    [[nodiscard]] std::vector<Handle> sorted() const;
    // Those over, in the order in which they ended.
    [[nodiscard]] std::vector<Handle> buried() const;
    void clear();

  private:
    [[nodiscard]] Handle take_slot();
    void join_group(Handle handle);
    void leave_group(Handle handle);
    void forget_oldest();

    std::vector<Slot> slots_;
    FlatIndex by_id_;
    FlatIndex by_group_;      // a member that is alive
    FlatIndex last_to_deal_;  // by group, alive or remembered
    Handle free_ = kNoHandle;
    Handle oldest_over_ = kNoHandle, newest_over_ = kNoHandle;
    std::size_t alive_ = 0;
    std::size_t over_ = 0;
};

}  // namespace millrace::venue
