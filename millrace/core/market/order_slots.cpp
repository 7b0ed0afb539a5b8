// The table of ids: insertion, and erasing by shifting back what was pushed aside.
#include "millrace/core/market/order_slots.hpp"

#include <algorithm>
#include <utility>

namespace millrace::market {

void OrderSlots::reserve(std::size_t orders) {
    MILLRACE_ASSERT(orders <= kCountMax, "a book of more than 2^30 orders");
    const std::size_t capacity = std::bit_ceil(std::max(orders, kCapacityMin));
    if (capacity > this->capacity()) grow(capacity);
}

OrderHandle OrderSlots::insert(std::uint64_t id) {
    if (is_full()) return kNoOrder;
    if (size_ == capacity()) grow(std::max(capacity() * 2, kCapacityMin));
    const std::uint32_t tag = tag_of(id);
    std::size_t at = home_of(tag);
    for (; table_[at].handle != kNoOrder; at = (at + 1) & mask())
        if (table_[at].tag == tag && slots_[table_[at].handle].id == id) return kNoOrder;
    OrderHandle handle = free_;
    if (handle != kNoOrder)
        free_ = slots_[handle].next;
    else
        handle = used_++;
    slots_[handle] = OrderSlot{};
    slots_[handle].id = id;
    table_[at] = {handle, tag};
    ++size_;
    return handle;
}

void OrderSlots::erase(OrderHandle handle) {
    std::size_t hole = home_of(tag_of(slots_[handle].id));
    while (table_[hole].handle != handle) {
        MILLRACE_ASSERT(table_[hole].handle != kNoOrder, "an order without an entry in the table");
        hole = (hole + 1) & mask();
    }
    // An entry may move into the hole when the hole lies between its home and where it is now.
    for (std::size_t at = (hole + 1) & mask(); table_[at].handle != kNoOrder;
         at = (at + 1) & mask()) {
        const std::size_t pushed = (at - home_of(table_[at].tag)) & mask();
        if (pushed >= ((at - hole) & mask())) {
            table_[hole] = table_[at];
            hole = at;
        }
    }
    table_[hole] = Bucket{};
    slots_[handle].next = free_;
    free_ = handle;
    --size_;
}

void OrderSlots::clear() {
    std::fill_n(table_.get(), capacity() * 2, Bucket{});
    used_ = 0;
    size_ = 0;
    free_ = kNoOrder;
}

void OrderSlots::grow(std::size_t capacity) {
    auto slots = std::make_unique<OrderSlot[]>(capacity);
    std::copy_n(slots_.get(), used_, slots.get());
    slots_ = std::move(slots);
    const std::size_t old_buckets = this->capacity() * 2;
    const std::unique_ptr<Bucket[]> old =
        std::exchange(table_, std::make_unique<Bucket[]>(capacity * 2));
    shift_ = 32 - static_cast<std::uint32_t>(std::countr_zero(capacity * 2));
    for (std::size_t i = 0; i < old_buckets; ++i) {
        if (old[i].handle == kNoOrder) continue;
        std::size_t at = home_of(old[i].tag);
        while (table_[at].handle != kNoOrder)
            at = (at + 1) & mask();
        table_[at] = old[i];
    }
}

}  // namespace millrace::market
