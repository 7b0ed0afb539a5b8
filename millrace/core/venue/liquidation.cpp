// Margin calls. Whoever is below maintenance margin trades no further: its orders are cancelled,
// then the venue closes its positions at the market, whole and one after the other, until what is
// left is covered. docs/concept/margin.md states the rules.
#include <algorithm>

#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

using model::OrderReason;
using model::OrderStatus;

void SimulatedExchange::enforce_margin() {
    while (const auto account = credit_->take_below())
        call_margin(*account);
}

void SimulatedExchange::call_margin(AccountId account) {
    for (std::size_t i = 0; i < credit_->instrument_count(account); ++i)
        cancel_orders(account, markets_[credit_->instrument_at(account, i).value()]);
    while (credit_->is_below(account)) {
        // First what can deal now, then what needs most margin, then the lower number.
        std::vector<CreditDesk::Exposed> exposed = credit_->exposed(account);
        const auto goes_first = [this](const auto& a, const auto& b) {
            const bool deals_a = deals_now(markets_[a.instrument.value()]);
            const bool deals_b = deals_now(markets_[b.instrument.value()]);
            if (deals_a != deals_b) return deals_a;
            if (a.maintenance != b.maintenance) return a.maintenance > b.maintenance;
            return a.instrument < b.instrument;
        };
        const auto first = std::min_element(exposed.begin(), exposed.end(), goes_first);
        liquidate(account, markets_[first->instrument.value()]);
    }
}

void SimulatedExchange::cancel_orders(AccountId account, MarketState& market) {
    // From the first again after each: to end one may end others of the list.
    for (Handle at = market.first; at != kNoHandle;) {
        const model::Order& order = pool_[at].order;
        const bool ends = order.account == account && !is_liquidation(order.order_id);
        if (ends) end(at, OrderStatus::cancelled, OrderReason::margin_call);
        at = ends ? market.first : pool_[at].next;
    }
}

bool SimulatedExchange::deals_now(const MarketState& market) const {
    if (market.bid == kNoPrice && market.ask == kNoPrice) return false;
    if (is_session(market, now_, now_)) return true;
    return point_.bar_of == market.id && is_session(market, point_.begin, point_.end);
}

// An order for each strategy that has a part of the position.
void SimulatedExchange::liquidate(AccountId account, MarketState& market) {
    const std::vector<CreditDesk::Share> shares = credit_->shares_of(account, market.id);
    for (std::size_t i = 0; i < shares.size(); ++i)
        credit_->begin_liquidation(account, market.id);
    for (const CreditDesk::Share& share : shares) {
        model::Order order;
        order.order_id = kLiquidationsFrom + ++liquidations_;
        order.quantity = Quantity::from_raw(share.quantity < 0 ? -share.quantity : share.quantity);
        order.instrument = market.id;
        order.strategy = share.strategy;
        order.account = account;
        order.side = share.quantity < 0 ? Side::buy : Side::sell;
        order.type = model::OrderType::market;
        order.time_in_force = model::TimeInForce::gtc;
        order.status = OrderStatus::accepted;
        order.reduce_only = true;
        const Handle handle = pool_.add(order, ++ordinals_);
        Slot& slot = pool_[handle];
        slot.life.asked = order.quantity.raw();
        slot.life.stage = Stage::taking;
        slot.life.triggered = true;  // it deals at any moment, as a stop that was hit
        slot.life.arrived = slot.life.opens = now_;
        slot.life.born = datum_;
        slot.life.priority = ++ordinals_;
        report(slot, OrderReason::margin_call);
        link(handle, market);
        if (deals_now(market)) attempt(handle, market);
    }
}

// Whether an account falls below its margin on the straight way from the present price to `target`.
// Then the price is where that happened first, and its positions are liquidated there. A stop that
// stirs at that very price comes first.
bool SimulatedExchange::called_on_the_way(MarketState& market, std::int64_t target, bool stirs) {
    const std::int64_t here = market.bid;
    const std::int64_t way = target > here ? target - here : here - target;
    const auto price_at = [&](std::int64_t step) {
        const std::int64_t moved = std::min(way, step * market.tick);
        return target > here ? here + moved : here - moved;
    };
    const auto is_called_at = [&](std::int64_t step) {
        credit_->mark_at(market.id, Price::from_raw(price_at(step)));
        return credit_->is_any_below();
    };
    const std::int64_t steps = (way + market.tick - 1) / market.tick;
    if (!is_called_at(steps)) return false;
    std::int64_t low = 0, high = steps;
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        if (is_called_at(middle))
            high = middle;
        else
            low = middle + 1;
    }
    if (stirs && price_at(low) == target) {
        (void)is_called_at(steps);
        return false;
    }
    move_to(market, price_at(low));
    credit_->mark_at(market.id, Price::from_raw(market.bid));
    enforce_margin();
    return true;
}

// The same from the open to the low and to the high, for a bar without a path.
bool SimulatedExchange::called_in_range(MarketState& market, const model::Bar& bar) {
    for (const Price extreme : {bar.low, bar.high}) {
        const bool is_called = called_on_the_way(market, extreme.raw(), false);
        market.set_price(bar.open.raw());
        credit_->mark_at(market.id, bar.open);
        if (is_called) return true;
    }
    return false;
}

}  // namespace millrace::venue
