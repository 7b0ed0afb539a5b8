// What traders ask: new orders, cancels, new terms. Requests travel first in, first out.
#include <algorithm>

#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

using model::OrderReason;
using model::OrderStatus;

namespace {

constexpr std::uint32_t kParentsMax = 8;
constexpr std::size_t kGroupMax = 64;

}  // namespace

void SimulatedExchange::submit(const model::Order& order, Time now) {
    if (order.instrument.value() < market_count_) markets_[order.instrument.value()].fetch();
    if (settings_.timing == FillTiming::latency) {
        send({{}, Request::Kind::submit, order, {}}, settings_.latency.submit, now);
        return;
    }
    lapse_before(now);
    arrive(order);
    find_next_due();
}

void SimulatedExchange::cancel(std::uint64_t order_id, Time now) {
    if (settings_.timing != FillTiming::latency) {
        lapse_before(now);
        cancel_now(order_id);
        find_next_due();
        return;
    }
    Request request{{}, Request::Kind::cancel, {}, {}};
    request.order.order_id = order_id;
    send(request, settings_.latency.cancel, now);
}

void SimulatedExchange::replace(std::uint64_t order_id, const Replacement& terms, Time now) {
    Request request{{}, Request::Kind::replace, {}, terms};
    request.order.order_id = order_id;
    send(request, settings_.latency.replace, now);
}

// What lapsed before this moment has lapsed; what lapses at it may still meet its data.
void SimulatedExchange::lapse_before(Time now) {
    if (next_due_ < now) run_due(now - Duration::nanoseconds(1), true);
    now_ = std::max(now_, now);
}

void SimulatedExchange::send(Request request, Duration latency, Time now) {
    lapse_before(now);
    request.arrival = now_;
    if (settings_.timing == FillTiming::latency) {
        request.arrival = now_ + settings_.latency.draw(latency, random_);
        if (!requests_.empty())
            request.arrival = std::max(request.arrival, requests_.at(requests_.size() - 1).arrival);
    }
    if (requests_.empty() && request.arrival <= now_)
        carry_out(request);
    else
        requests_.push(request);
    find_next_due();
}

void SimulatedExchange::carry_out(const Request& request) {
    switch (request.kind) {
        case Request::Kind::submit: arrive(request.order); break;
        case Request::Kind::cancel: cancel_now(request.order.order_id); break;
        case Request::Kind::replace: replace_now(request); break;
    }
}

void SimulatedExchange::arrive(const model::Order& asked) {
    model::Order order = asked;
    order.filled_quantity = {};
    order.average_price = {};
    if (pool_.find(order.order_id) != kNoHandle) {  // the order of that number stands as it is
        refuse_request(order.order_id, OrderReason::bad_order);
        return;
    }
    const bool has_number = order.order_id != 0 && !is_liquidation(order.order_id);
    OrderReason reason = has_number ? reason_against(order) : OrderReason::bad_order;
    if (reason == OrderReason::none && pool_.group_size(order) >= kGroupMax)
        reason = OrderReason::bad_order;
    const Handle parent = order.parent_id == 0 ? kNoHandle : pool_.find(order.parent_id);
    if (reason == OrderReason::none && order.parent_id != 0) {
        if (parent == kNoHandle)
            reason = OrderReason::unknown_order;
        else if (pool_[parent].life.depth >= kParentsMax)
            reason = OrderReason::bad_order;
        else if (pool_[parent].is_over() && !cut_to_parent(order, pool_[parent]))
            reason = OrderReason::parent_ended;
    }
    const std::int64_t asked_quantity = order.quantity.raw();
    if (reason == OrderReason::none && !cut_to_group(order)) reason = OrderReason::oco_sibling;
    const std::uint32_t reject_one_in = settings_.faults.reject_one_in;
    if (reason == OrderReason::none && reject_one_in != 0 && random_.one_in(reject_one_in))
        reason = OrderReason::risk;
    if (reason != OrderReason::none) {
        Slot refused;
        refused.order = order;
        refused.order.status = OrderStatus::rejected;
        report(refused, reason);
        return;
    }
    const Handle handle = pool_.add(order, ++ordinals_);
    pool_[handle].life.asked = asked_quantity;
    if (parent == kNoHandle || pool_[parent].is_over()) {
        start(handle, now_);
    } else {
        pool_[handle].life.depth = pool_[parent].life.depth + 1;
        pool_[handle].life.released = 0;
        pool_.adopt(parent, handle);
        pool_[handle].order.status = OrderStatus::submitted;
        report(pool_[handle], OrderReason::none);
        if (!pool_[parent].order.filled_quantity.is_zero()) release_children(parent, now_);
    }
    meet_on_arrival(markets_[order.instrument.value()]);
}

// An order that comes when its siblings have dealt is late: for what they left, or for nothing.
bool SimulatedExchange::cut_to_group(model::Order& order) const {
    if (order.contingency == model::Contingency::none) return true;
    const std::int64_t dealt = pool_.group_dealt(order.group_id);
    if (dealt == 0) return true;
    if (order.contingency == model::Contingency::oco_cancel || order.quantity.raw() <= dealt)
        return false;
    order.quantity = Quantity::from_raw(order.quantity.raw() - dealt);
    return true;
}

// A child that comes when its parent is over is for what the parent dealt; false when for nothing.
bool SimulatedExchange::cut_to_parent(model::Order& order, const Slot& parent) const {
    const std::int64_t dealt = parent.order.filled_quantity.raw();
    if (dealt > 0 && settings_.children == ChildRelease::in_proportion)
        order.quantity = Quantity::from_raw(part_in_lots(order.quantity.raw(), dealt,
                                                         parent.order.quantity.raw(),
                                                         markets_[order.instrument.value()].lot));
    return dealt > 0 && !order.quantity.is_zero();
}

// The order begins to work, now or, of a child, when its parent dealt.
void SimulatedExchange::start(Handle handle, Time arrived) {
    Slot& slot = pool_[handle];
    MarketState& market = market_of(slot);
    const OrderReason reason = reason_against_start(handle, market);
    if (reason != OrderReason::none) {
        end(handle, OrderStatus::rejected, reason);
        return;
    }
    model::Order& order = slot.order;
    Life& life = slot.life;
    life.stage = first_stage(order.type);
    life.arrived = arrived;
    life.born = datum_;
    life.priority = ++ordinals_;
    set_times(slot, market);
    const bool quotes = quotes_trigger(market);
    const std::int64_t price = quotes ? market.price_for(order.side) : market.last_trade;
    if (order.type == model::OrderType::trailing_stop_limit)
        life.limit_offset = order.limit_price.value().raw() - order.stop_price.value().raw();
    if (is_trailing(order.type) && price != kNoPrice) trail(slot, price, market.tick);
    if (life.stage == Stage::taking) set_bound(slot, market.price_for(order.side), market);
    order.status = OrderStatus::accepted;
    report(slot, OrderReason::none);
    link(handle, market);
    const std::int64_t now_at = market.price_for(order.side);
    if (order.type == model::OrderType::limit && !slot.is_impatient() && now_at != kNoPrice &&
        !is_reached(aim_of(slot), now_at))
        rest(slot, market);
}

void SimulatedExchange::set_times(Slot& slot, const MarketState& market) {
    Life& life = slot.life;
    const model::OrderType type = slot.order.type;
    life.opens = now_;
    life.expiry = Time::latest();
    const bool of_the_day = slot.order.time_in_force == model::TimeInForce::day;
    if (market.hours != nullptr) {
        if (is_of_the_open(type)) life.opens = market.hours->next_open(now_);
        if (of_the_day || is_of_the_close(type))
            life.expiry = market.hours->day_end(is_of_the_open(type) ? life.opens : now_);
    }
    if (slot.order.expires_at.has_value())
        life.expiry = std::min(life.expiry, slot.order.expires_at.value());
    if (life.expiry == Time::latest()) return;
    expiries_.add({life.expiry, life.ordinal, slot.order.order_id});
    find_next_due();
}

void SimulatedExchange::set_bound(Slot& slot, std::int64_t reference, const MarketState& market) {
    slot.life.bound = kNoPrice;
    if (settings_.protection_ticks == 0 || reference == kNoPrice) return;
    const std::int64_t reach = std::int64_t{settings_.protection_ticks} * market.tick;
    slot.life.bound = slot.is_buy() ? reference + reach : reference - reach;
}

bool SimulatedExchange::deals_on_arrival(const MarketState& market) const {
    if (inside_bar_ || (market.bid == kNoPrice && market.ask == kNoPrice)) return false;
    if (settings_.stale_after.has_value() &&
        now_ - market.priced_at > settings_.stale_after.value())
        return false;
    switch (settings_.timing) {
        case FillTiming::next_open:
        case FillTiming::next_close: return false;
        case FillTiming::same_close:
            return market.feed != Feed::bars || market.bar_closed_at == now_;
        case FillTiming::immediate:
        case FillTiming::latency: break;
    }
    return is_session(market, now_, now_) || settings_.timing == FillTiming::same_close;
}

void SimulatedExchange::meet_on_arrival(MarketState& market) {
    if (!market.has_working() || !deals_on_arrival(market)) return;
    point_ = {Moment::arrival, now_, now_};
    settle(market, Who::all);
    conclude(market);
    if (credit_ != nullptr) enforce_margin();
}

void SimulatedExchange::cancel_now(std::uint64_t order_id) {
    const Handle handle = pool_.find(order_id);
    if (handle == kNoHandle || pool_[handle].is_over()) {
        refuse_request(order_id, OrderReason::already_over);
        return;
    }
    if (is_liquidation(order_id)) {
        refuse_request(order_id, OrderReason::margin_call);
        return;
    }
    end(handle, OrderStatus::cancelled, OrderReason::user);
}

void SimulatedExchange::replace_now(const Request& request) {
    const Handle handle = pool_.find(request.order.order_id);
    if (handle == kNoHandle || pool_[handle].is_over()) {
        refuse_request(request.order.order_id, OrderReason::already_over);
        return;
    }
    Slot& slot = pool_[handle];
    MarketState& market = market_of(slot);
    model::Order order = slot.order;
    const Replacement& terms = request.terms;
    if (terms.quantity.has_value()) order.quantity = terms.quantity.value();
    if (terms.limit_price.has_value()) order.limit_price = terms.limit_price;
    if (terms.stop_price.has_value()) order.stop_price = terms.stop_price;
    if (terms.trail.has_value()) order.trail = terms.trail;
    OrderReason reason = reason_against(order);
    if (reason == OrderReason::none && order.quantity <= order.filled_quantity)
        reason = OrderReason::bad_order;
    const bool same_price = order.limit_price == slot.order.limit_price;
    const std::int64_t price = market.price_for(order.side);
    if (reason == OrderReason::none && order.post_only && !same_price && price != kNoPrice &&
        is_as_good(order.side, price, order.limit_price.value().raw()))
        reason = OrderReason::would_take;
    if (reason == OrderReason::none && is_liquidation(order.order_id))
        reason = OrderReason::margin_call;
    // A child that waits for its parent is asked about when it begins to work.
    if (reason == OrderReason::none && credit_ != nullptr && slot.life.stage != Stage::held)
        reason = reason_against_credit(handle, order);
    if (reason != OrderReason::none) {
        refuse_request(order.order_id, reason);
        return;
    }
    const bool keeps_place = same_price && order.quantity <= slot.order.quantity;
    slot.life.asked += order.quantity.raw() - slot.order.quantity.raw();
    slot.order = order;
    if (order.type == model::OrderType::trailing_stop_limit && !slot.life.triggered)
        slot.life.limit_offset = order.limit_price.value().raw() - order.stop_price.value().raw();
    report(slot, OrderReason::none);
    if (slot.life.stage == Stage::held) return;
    if (!keeps_place) {
        lose_place(handle, market);
        slot.life.rests = false;
        slot.life.fresh = true;
        slot.life.arrived = now_;
        slot.life.born = datum_;
        if (order.type == model::OrderType::limit && price != kNoPrice &&
            !is_reached(aim_of(slot), price))
            rest(slot, market);
    }
    market.dirty = true;
    meet_on_arrival(market);
}

// An answer that changes nothing: the order as it stands, with the reason.
void SimulatedExchange::refuse_request(std::uint64_t order_id, OrderReason reason) {
    const Handle handle = pool_.find(order_id);
    Slot answer;
    if (handle != kNoHandle) {
        answer.order = pool_[handle].order;
        report(answer, reason);
        return;
    }
    answer.order.order_id = order_id;
    answer.order.quantity = Quantity::from_raw(1);  // an order without one could not be told
    answer.order.status = OrderStatus::rejected;
    report(answer, OrderReason::unknown_order);
}

}  // namespace millrace::venue
