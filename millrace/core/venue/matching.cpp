// How orders meet the market at one price: which of them may, in which order, and what becomes of
// those that did not deal.
#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

using model::OrderReason;
using model::OrderStatus;

namespace {

// At one price: what takes whatever there is, then stops, then limits and touched orders. So where
// a stop and a target could both deal, the stop does.
int rank_of(const Slot& slot) {
    if (slot.life.stage == Stage::taking) return 0;
    if (slot.life.stage == Stage::watching) {
        const bool is_touch = slot.order.type == model::OrderType::market_if_touched ||
                              slot.order.type == model::OrderType::limit_if_touched;
        return is_touch ? 2 : 1;
    }
    return 2;
}

// Whether `a` goes before `b`, which stands before it in time.
bool goes_before(const Slot& a, const Slot& b) {
    const int rank_a = rank_of(a), rank_b = rank_of(b);
    if (rank_a != rank_b) return rank_a < rank_b;
    if (a.life.stage != Stage::limiting || b.life.stage != Stage::limiting) return false;
    if (a.order.side != b.order.side) return false;
    const Price price_a = a.order.limit_price.value(), price_b = b.order.limit_price.value();
    return a.is_buy() ? price_a > price_b : price_a < price_b;
}

}  // namespace

bool SimulatedExchange::is_session(const MarketState& market, Time from, Time to) const {
    if (market.hours == nullptr || market.hours->is_open(from)) return true;
    return from < to && market.hours->next_open(from) < to;
}

// On bars and trades the price that triggers is the only one there is.
bool SimulatedExchange::quotes_trigger(const MarketState& market) const {
    if (market.feed < Feed::quotes) return true;
    switch (settings_.trigger_on) {
        case TriggerOn::trades_else_quotes: return !market.has_traded;
        case TriggerOn::trades: return false;
        case TriggerOn::quotes: return true;
    }
    return true;
}

// Whether this moment is one for this order: it was there in time, and waits for such a moment.
bool SimulatedExchange::meets(const Slot& slot, const MarketState& market) const {
    const Life& life = slot.life;
    const model::OrderType type = slot.order.type;
    const Moment moment = point_.moment;
    const bool in_bar = moment == Moment::bar_open || moment == Moment::bar_path;
    if (in_bar && life.arrived > point_.begin) return false;
    if (moment == Moment::arrival && !life.fresh) return false;
    if (is_of_the_open(type)) {
        if (moment == Moment::tick) return now_ >= life.opens;
        return moment == Moment::bar_open && point_.end > life.opens;
    }
    if (is_of_the_close(type)) {
        if (moment == Moment::auction) return true;
        if (moment != Moment::bar_close) return false;
        return market.hours == nullptr || (point_.end >= life.expiry && point_.begin < life.expiry);
    }
    if (life.stage == Stage::limiting)
        return moment != Moment::bar_path || life.born != datum_ ||
               settings_.bar_path != BarPath::pessimistic;
    if (life.stage != Stage::taking || life.triggered) return true;
    switch (settings_.timing) {
        case FillTiming::next_open:
            return (moment == Moment::bar_open || moment == Moment::tick) && life.born != datum_;
        case FillTiming::same_close:
        case FillTiming::next_close:
            return moment == Moment::bar_close || moment == Moment::arrival ||
                   (moment == Moment::tick && life.born != datum_);
        case FillTiming::immediate:
        case FillTiming::latency: return true;
    }
    return true;
}

bool SimulatedExchange::may_deal(const Slot& slot, const MarketState& market) const {
    return slot.life.tried != datum_ && slot.dealable() > 0 && meets(slot, market);
}

// Until nobody can do anything more at these prices. Each turn deals, triggers, ends or tires out
// an order, so it comes to an end.
void SimulatedExchange::settle(MarketState& market, Who who) {
    const bool triggers = quotes_trigger(market);
    for (;;) {
        Handle best = kNoHandle;
        for (Handle at = market.first; at != kNoHandle; at = pool_[at].next) {
            const Slot& slot = pool_[at];
            if (slot.life.stage == Stage::watching && (!triggers || who != Who::all)) continue;
            if (who != Who::all && slot.life.rests) continue;
            if (who == Who::triggered && !slot.life.triggered) continue;
            if (!is_reached(aim_of(slot), market.price_for(slot.order.side))) continue;
            if (!may_deal(slot, market)) continue;
            if (best == kNoHandle || goes_before(slot, pool_[best])) best = at;
        }
        if (best == kNoHandle) return;
        act(best, market);
    }
}

void SimulatedExchange::act(Handle handle, MarketState& market) {
    if (pool_[handle].life.stage == Stage::watching)
        trigger(handle, market);
    else
        attempt(handle, market);
}

void SimulatedExchange::trigger(Handle handle, MarketState& market) {
    Slot& slot = pool_[handle];
    model::Order& order = slot.order;
    slot.life.triggered = true;
    slot.life.stage = triggered_stage(order.type);
    slot.life.fresh = true;
    order.status = OrderStatus::triggered;
    const std::int64_t stop = order.stop_price.value().raw();
    if (order.type == model::OrderType::trailing_stop_limit)
        order.limit_price = Price::from_raw(stop + slot.life.limit_offset);
    if (slot.life.stage == Stage::taking) set_bound(slot, stop, market);
    report(slot, OrderReason::none);
    market.dirty = true;
    if (slot.life.stage == Stage::limiting &&
        !is_reached(aim_of(slot), market.price_for(order.side))) {
        slot.life.born = datum_;
        rest(slot, market);
    }
}

void SimulatedExchange::trail_all(MarketState& market, std::int64_t buy_price,
                                  std::int64_t sell_price) {
    for (Handle at = market.first; at != kNoHandle; at = pool_[at].next) {
        Slot& slot = pool_[at];
        if (slot.life.stage != Stage::watching || !is_trailing(slot.order.type)) continue;
        const std::int64_t price = slot.is_buy() ? buy_price : sell_price;
        if (price != kNoPrice && meets(slot, market)) trail(slot, price, market.tick);
    }
}

// The moment is over: who wanted all at once or only now is out, and a limit that met the market
// rests from here on.
void SimulatedExchange::conclude(MarketState& market) {
    // From the first again after each that ends: to end one may end others of the list.
    for (Handle at = market.first; at != kNoHandle;) {
        Slot& slot = pool_[at];
        bool ends = false;
        if (slot.life.fresh && meets(slot, market)) {
            ends = slot.is_impatient() || is_of_the_open(slot.order.type) ||
                   is_of_the_close(slot.order.type);
            if (ends)
                end(at, OrderStatus::cancelled, OrderReason::no_liquidity);
            else if (slot.life.stage == Stage::limiting)
                rest(slot, market);
            else
                slot.life.fresh = false;
            market.dirty = true;
        }
        at = ends ? market.first : pool_[at].next;
    }
}

}  // namespace millrace::venue
