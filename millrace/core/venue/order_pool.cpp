// Lists are intrusive and slots reused, so a warm pool allocates nothing.
#include "millrace/core/venue/order_pool.hpp"

#include <algorithm>
#include <memory>

namespace millrace::venue {

void OrderPool::reserve(std::size_t orders) {
    slots_.reserve(orders + kRemembered + 1);
    by_id_.reserve(orders + kRemembered + 1);
    by_group_.reserve(orders);
    last_to_deal_.reserve(orders + kRemembered);
}

Handle OrderPool::take_slot() {
    if (free_ != kNoHandle) {
        const Handle handle = free_;
        free_ = slots_[handle].next;
        std::construct_at(&slots_[handle]);
        return handle;
    }
    MILLRACE_ASSERT(slots_.size() < kNoHandle, "more orders than handles");
    slots_.emplace_back();
    return static_cast<Handle>(slots_.size() - 1);
}

Handle OrderPool::add(const model::Order& order, std::uint64_t ordinal) {
    MILLRACE_ASSERT(find(order.order_id) == kNoHandle, "an order number is used twice");
    const Handle handle = take_slot();
    Slot& slot = slots_[handle];
    slot.order = order;
    slot.life.ordinal = ordinal;
    slot.life.priority = ordinal;
    slot.life.asked = order.quantity.raw();
    by_id_.put(order.order_id, handle);
    if (order.group_id != 0) join_group(handle);
    ++alive_;
    return handle;
}

std::size_t OrderPool::group_size(const model::Order& order) const {
    const Handle first = order.group_id == 0 ? kNoHandle : by_group_.find(order.group_id);
    std::size_t count = 0;
    for (Handle at = first; at != kNoHandle; ++count) {
        at = slots_[at].group_next;
        if (at == first) at = kNoHandle;
    }
    return count;
}

std::int64_t OrderPool::group_dealt(std::uint64_t group_id) const {
    const Handle handle = last_to_deal_.find(group_id);
    return handle == kNoHandle ? 0 : slots_[handle].life.group_dealt;
}

void OrderPool::note_group_deal(Handle dealer, std::int64_t quantity) {
    Slot& slot = slots_[dealer];
    const auto total = narrow(int128{group_dealt(slot.order.group_id)} + quantity);
    MILLRACE_ASSERT(total.has_value(), "a group dealt more than there is");
    slot.life.group_dealt = *total;
    last_to_deal_.put(slot.order.group_id, dealer);
}

void OrderPool::join_group(Handle handle) {
    Slot& slot = slots_[handle];
    const Handle other = by_group_.find(slot.order.group_id);
    if (other == kNoHandle) {
        slot.group_previous = slot.group_next = handle;
        by_group_.put(slot.order.group_id, handle);
        return;
    }
    // Behind the last, so that the ring from its first member is in the order of arrival.
    const Handle last = slots_[other].group_previous;
    slot.group_previous = last;
    slot.group_next = other;
    slots_[last].group_next = handle;
    slots_[other].group_previous = handle;
}

void OrderPool::leave_group(Handle handle) {
    Slot& slot = slots_[handle];
    if (slot.group_next == kNoHandle) return;
    if (slot.group_next == handle) {
        by_group_.erase(slot.order.group_id);
    } else {
        slots_[slot.group_previous].group_next = slot.group_next;
        slots_[slot.group_next].group_previous = slot.group_previous;
        if (by_group_.find(slot.order.group_id) == handle)
            by_group_.put(slot.order.group_id, slot.group_next);
    }
    slot.group_previous = slot.group_next = kNoHandle;
}

void OrderPool::adopt(Handle parent, Handle child) {
    slots_[child].parent = parent;
    Handle* end = &slots_[parent].first_child;
    while (*end != kNoHandle)
        end = &slots_[*end].next_child;
    *end = child;
}

void OrderPool::leave_parent(Handle child) {
    Slot& slot = slots_[child];
    if (slot.parent == kNoHandle) return;
    Handle* link = &slots_[slot.parent].first_child;
    while (*link != child)
        link = &slots_[*link].next_child;
    *link = slot.next_child;
    slot.parent = slot.next_child = kNoHandle;
}

void OrderPool::bury(Handle handle) {
    Slot& slot = slots_[handle];
    MILLRACE_ASSERT(newest_over_ != handle, "an order ends once");
    MILLRACE_ASSERT(slot.first_child == kNoHandle, "a parent must leave its children first");
    leave_group(handle);
    leave_parent(handle);
    slot.life.stage = Stage::over;
    slot.next = kNoHandle;
    if (newest_over_ == kNoHandle)
        oldest_over_ = handle;
    else
        slots_[newest_over_].next = handle;
    newest_over_ = handle;
    --alive_;
    if (++over_ > kRemembered) forget_oldest();
}

void OrderPool::forget_oldest() {
    const Handle handle = oldest_over_;
    oldest_over_ = slots_[handle].next;
    const model::Order& order = slots_[handle].order;
    by_id_.erase(order.order_id);
    if (order.group_id != 0 && last_to_deal_.find(order.group_id) == handle)
        last_to_deal_.erase(order.group_id);
    slots_[handle].next = free_;
    free_ = handle;
    --over_;
    // The next to be forgotten ended many orders ago and lies far away by now.
    const Slot& following = slots_[oldest_over_];
    __builtin_prefetch(&following.order.order_id);
    __builtin_prefetch(&following.next, 1);
}

std::vector<Handle> OrderPool::sorted() const {
    std::vector<Handle> handles;
    for (Handle handle = 0; handle < slots_.size(); ++handle)
        if (by_id_.find(slots_[handle].order.order_id) == handle) handles.push_back(handle);
    std::sort(handles.begin(), handles.end(), [this](Handle a, Handle b) {
        return slots_[a].life.ordinal < slots_[b].life.ordinal;
    });
    return handles;
}

std::vector<Handle> OrderPool::buried() const {
    std::vector<Handle> handles;
    for (Handle at = oldest_over_; at != kNoHandle; at = slots_[at].next)
        handles.push_back(at);
    return handles;
}

void OrderPool::clear() {
    slots_.clear();
    by_id_.clear();
    by_group_.clear();
    last_to_deal_.clear();
    free_ = oldest_over_ = newest_over_ = kNoHandle;
    alive_ = over_ = 0;
}

}  // namespace millrace::venue
