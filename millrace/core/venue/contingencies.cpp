// What one order's deal or end does to others: siblings of its group, children of a bracket, and
// orders that may only reduce.
#include <algorithm>
#include <array>

#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

using model::Contingency;
using model::OrderReason;
using model::OrderStatus;

void SimulatedExchange::end(Handle handle, OrderStatus status, OrderReason reason) {
    Slot& slot = pool_[handle];
    slot.order.status = status;
    report(slot, reason);
    finish(handle);
}

// The order is over and told so: it leaves every list, and its children what remains for them.
void SimulatedExchange::finish(Handle handle) {
    Slot& slot = pool_[handle];
    if (slot.life.stage != Stage::held) unlink(handle, market_of(slot));
    const bool had_expiry = slot.life.stage != Stage::held && slot.life.expiry < Time::latest();
    end_children(handle);
    pool_.bury(handle);
    if (is_liquidation(slot.order.order_id))
        credit_->end_liquidation(slot.order.account, slot.order.instrument);
    if (!had_expiry) return;
    expiries_.leave_one([this](const Expiries::Entry& entry) { return still_lapses(entry); });
    find_next_due();
}

void SimulatedExchange::end_children(Handle parent) {
    while (pool_[parent].first_child != kNoHandle) {
        const Handle child = pool_[parent].first_child;
        pool_.leave_parent(child);
        Slot& slot = pool_[child];
        if (slot.order.status == OrderStatus::filled) continue;  // it is about to finish itself
        const std::int64_t left = slot.dealable();
        if (left <= 0) {
            end(child, OrderStatus::cancelled, OrderReason::parent_ended);
        } else if (left < slot.remaining()) {
            slot.order.quantity = Quantity::from_raw(slot.life.released);
            slot.life.released = kUnlimited;
            report(slot, OrderReason::parent_ended);
        } else {
            slot.life.released = kUnlimited;
        }
    }
}

// The parent dealt: its children may deal in proportion, or whole. They are taken to have been
// there since `arrived`: within a bar as long as their parent, so that they meet the rest of it.
void SimulatedExchange::release_children(Handle parent, Time arrived) {
    const model::Order& order = pool_[parent].order;
    for (Handle at = pool_[parent].first_child; at != kNoHandle;) {
        Slot& child = pool_[at];
        const Handle next = child.next_child;
        std::int64_t released = child.life.asked;
        if (settings_.children == ChildRelease::in_proportion)
            released = part_in_lots(child.life.asked, order.filled_quantity.raw(),
                                    order.quantity.raw(), market_of(child).lot);
        // What a sibling dealt has been taken off the quantity, and is off what is released too.
        const std::int64_t reduced = child.life.asked - child.order.quantity.raw();
        child.life.released = released - reduced;
        if (child.life.stage == Stage::held && child.dealable() > 0) start(at, arrived);
        at = next;
    }
}

void SimulatedExchange::tell_group(Handle dealer, std::int64_t quantity) {
    const Contingency contingency = pool_[dealer].order.contingency;
    if (contingency == Contingency::none) return;
    pool_.note_group_deal(dealer, quantity);
    // First noted, then told: to end one may end others.
    std::array<Handle, 64> siblings{};
    std::size_t count = 0;
    for (Handle at = pool_[dealer].group_next; at != dealer && count < siblings.size();
         at = pool_[at].group_next)
        siblings[count++] = at;
    std::sort(siblings.begin(), siblings.begin() + count,
              [this](Handle a, Handle b) { return pool_[a].life.ordinal < pool_[b].life.ordinal; });
    for (std::size_t i = 0; i < count; ++i) {
        Slot& slot = pool_[siblings[i]];
        if (slot.is_over()) continue;
        if (contingency == Contingency::oco_cancel || slot.remaining() <= quantity) {
            end(siblings[i], OrderStatus::cancelled, OrderReason::oco_sibling);
            continue;
        }
        slot.order.quantity = Quantity::from_raw(slot.order.quantity.raw() - quantity);
        if (slot.life.released != kUnlimited) slot.life.released -= quantity;
        report(slot, OrderReason::oco_sibling);
    }
}

void SimulatedExchange::end_reducers(MarketState& market, AccountId account) {
    // From the first again after each: to end one may end others of the list.
    for (Handle at = market.first; at != kNoHandle;) {
        const model::Order& order = pool_[at].order;
        const bool ends = order.reduce_only && order.account == account;
        if (ends) end(at, OrderStatus::cancelled, OrderReason::would_not_reduce);
        at = ends ? market.first : pool_[at].next;
    }
}

}  // namespace millrace::venue
