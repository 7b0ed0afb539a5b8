// OrderSlots: the resting orders of one book, each in a slot with a 32-bit handle, found by its id
// through a flat table (open addressing, linear probing, no tombstones). What it answers never
// hangs on the layout of the table, so a run gives the same result whatever it grew through.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "millrace/base/assert.hpp"
#include "millrace/core/model/market_data.hpp"

namespace millrace::market {

using OrderHandle = std::uint32_t;
inline constexpr OrderHandle kNoOrder = UINT32_MAX;

// Half a cache line. `place` is the ladder's key and the side in one number.
struct OrderSlot {
    std::uint64_t id = 0;
    std::int64_t size = 0;
    std::int64_t place = 0;
    OrderHandle next = kNoOrder;  // behind it in the queue; of a free slot: the next free one
    OrderHandle previous = kNoOrder;

    [[nodiscard]] std::int64_t key() const { return place >> 1; }
    [[nodiscard]] model::BookSide side() const { return static_cast<model::BookSide>(place & 1); }
    void put_at(model::BookSide side, std::int64_t key) {
        place = key * 2 + static_cast<std::int64_t>(side);
    }
};
static_assert(sizeof(OrderSlot) == 32);

class OrderSlots {
  public:
    static constexpr std::size_t kCountMax = std::size_t{1} << 30;

    // Room for so many orders before anything is allocated again.
    void reserve(std::size_t orders);

    [[nodiscard]] OrderHandle find(std::uint64_t id) const {
        if (size_ == 0) return kNoOrder;
        const std::uint32_t tag = tag_of(id);
        for (std::size_t at = home_of(tag);; at = (at + 1) & mask()) {
            const Bucket& bucket = table_[at];
            if (bucket.handle == kNoOrder) return kNoOrder;
            if (bucket.tag == tag && slots_[bucket.handle].id == id) return bucket.handle;
        }
    }
    // A new slot with this id; kNoOrder when there is one already or when the book is full.
    [[nodiscard]] OrderHandle insert(std::uint64_t id);
    void erase(OrderHandle handle);
    void clear();

    [[nodiscard]] OrderSlot& operator[](OrderHandle handle) { return slots_[handle]; }
    [[nodiscard]] const OrderSlot& operator[](OrderHandle handle) const { return slots_[handle]; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool is_full() const { return size_ >= kCountMax; }

  private:
    struct Bucket {
        OrderHandle handle = kNoOrder;
        std::uint32_t tag = 0;  // of the id's hash: compared first, and tells the home
    };

    [[nodiscard]] static std::uint32_t tag_of(std::uint64_t id) {
        std::uint64_t hash = id * 0x9e3779b97f4a7c15;
        hash ^= hash >> 32;
        hash *= 0xd6e8feb86659fd93;
        return static_cast<std::uint32_t>(hash >> 32);
    }
    [[nodiscard]] std::size_t home_of(std::uint32_t tag) const { return tag >> shift_; }
    [[nodiscard]] std::size_t mask() const { return UINT32_MAX >> shift_; }
    [[nodiscard]] std::size_t capacity() const { return table_ == nullptr ? 0 : (mask() + 1) / 2; }
    void grow(std::size_t capacity);

    static constexpr std::size_t kCapacityMin = 16;

    std::unique_ptr<OrderSlot[]> slots_;  // of which `used_` were ever taken
    std::unique_ptr<Bucket[]> table_;     // twice as many, a power of two: at most half full
    std::uint32_t shift_ = 0;             // from a tag to its home
    std::uint32_t used_ = 0;
    std::uint32_t size_ = 0;
    OrderHandle free_ = kNoOrder;
};

}  // namespace millrace::market
