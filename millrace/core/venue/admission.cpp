// Whether an order may stand at all, by what it says and what the market is. Each refusal has its
// reason; the first that applies is given.
#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

using model::Order;
using model::OrderReason;
using model::OrderType;
using model::TimeInForce;

namespace {

bool is_multiple(std::int64_t value, std::int64_t step) {
    return value % step == 0;
}

// The prices its type needs, and no others that would be ignored in silence.
bool has_its_prices(const Order& order) {
    const bool trails = is_trailing(order.type);
    if (has_limit(order.type) != order.limit_price.has_value()) return false;
    if (trails != order.trail.has_value()) return false;
    if (trails && order.trail.value().raw() <= 0) return false;
    if (order.type == OrderType::trailing_stop_limit && !order.stop_price.has_value()) return false;
    if (trails) return true;
    return is_conditional(order.type) == order.stop_price.has_value();
}

bool has_its_flags(const Order& order, std::int64_t slices_max) {
    const bool impatient =
        order.time_in_force == TimeInForce::ioc || order.time_in_force == TimeInForce::fok;
    const bool at_once = order.type == OrderType::market || order.type == OrderType::limit;
    if (impatient && !at_once) return false;
    if (order.post_only && (order.type != OrderType::limit || impatient)) return false;
    if (order.contingency != model::Contingency::none && order.group_id == 0) return false;
    if ((order.time_in_force == TimeInForce::gtd) != order.expires_at.has_value()) return false;
    if (!order.display_quantity.has_value()) return true;
    const std::int64_t display = order.display_quantity.value().raw();
    return has_limit(order.type) && !impatient && display > 0 && display <= order.quantity.raw() &&
           order.quantity.raw() / display <= slices_max;
}

bool is_on_tick(const Order& order, std::int64_t tick) {
    if (order.limit_price.has_value() && !is_multiple(order.limit_price.value().raw(), tick))
        return false;
    if (order.stop_price.has_value() && !is_multiple(order.stop_price.value().raw(), tick))
        return false;
    if (!order.trail.has_value()) return true;
    switch (order.trail_unit) {
        case model::TrailUnit::absolute: return is_multiple(order.trail.value().raw(), tick);
        case model::TrailUnit::ticks: return is_multiple(order.trail.value().raw(), Price::kOne);
        case model::TrailUnit::percent: return order.trail.value() < Price::whole(100);
    }
    return false;
}

}  // namespace

OrderReason SimulatedExchange::reason_against(const Order& order) const {
    if (order.instrument.value() >= markets_.size() ||
        markets_[order.instrument.value()].feed == Feed::undefined)
        return OrderReason::unknown_instrument;
    const MarketState& market = markets_[order.instrument.value()];
    const std::int64_t quantity = order.quantity.raw();
    if (quantity <= 0 || !has_its_prices(order) || !has_its_flags(order, kSlicesMax))
        return OrderReason::bad_order;
    if (order.expires_at.has_value() && order.expires_at.value() <= now_)
        return OrderReason::bad_order;
    if (!is_multiple(quantity, market.lot)) return OrderReason::quantity_off_lot;
    if (order.display_quantity.has_value() &&
        !is_multiple(order.display_quantity.value().raw(), market.lot))
        return OrderReason::quantity_off_lot;
    if (quantity < market.minimum) return OrderReason::below_minimum;
    if (!is_on_tick(order, market.tick)) return OrderReason::price_off_tick;
    for (const Maybe<Price> price : {order.limit_price, order.stop_price})
        if (price.has_value() && (!market.contract.inverse || !price.value().is_zero()) &&
            !value_of(market.contract, price.value().raw(), quantity))
            return OrderReason::bad_order;
    return OrderReason::none;
}

// For orders that deal at the price there is: is there one, and is it fresh?
OrderReason SimulatedExchange::reason_against_price(const Slot& slot,
                                                    const MarketState& market) const {
    if (market.price_for(slot.order.side) == kNoPrice) return OrderReason::no_price;
    if (settings_.stale_after.has_value() &&
        now_ - market.priced_at > settings_.stale_after.value())
        return OrderReason::stale_price;
    return OrderReason::none;
}

OrderReason SimulatedExchange::reason_against_start(Handle handle, const MarketState& market) {
    const Slot& slot = pool_[handle];
    const Order& order = slot.order;
    const Stage stage = first_stage(order.type);
    const std::int64_t price = market.price_for(order.side);
    const bool at_once =
        stage == Stage::taking && !is_of_the_open(order.type) && !is_of_the_close(order.type);
    const bool is_open = is_session(market, now_, now_);
    if (!is_open && settings_.when_closed == WhenClosed::refuse && !is_of_the_open(order.type) &&
        !is_of_the_close(order.type))
        return OrderReason::market_closed;
    if (at_once && is_open && !inside_bar_ &&
        (settings_.timing == FillTiming::immediate || settings_.timing == FillTiming::latency)) {
        const OrderReason reason = reason_against_price(slot, market);
        if (reason != OrderReason::none) return reason;
    }
    if (order.reduce_only && market.reducible(order.account, order.side) <= 0)
        return OrderReason::would_not_reduce;
    if (order.post_only && price != kNoPrice &&
        is_as_good(order.side, price, order.limit_price.value().raw()))
        return OrderReason::would_take;
    if (credit_ != nullptr && credit_->knows(order.account))
        return reason_against_credit(handle, order);
    if (buying_power_ == nullptr) return OrderReason::none;
    std::int64_t reference = price;
    if (has_limit(order.type))
        reference = order.limit_price.value().raw();
    else if (order.stop_price.has_value())
        reference = order.stop_price.value().raw();
    Maybe<Money> value;
    if (reference != kNoPrice && (!market.contract.inverse || reference != 0)) {
        const auto worth = value_of(market.contract, reference, slot.remaining());
        if (!worth) return OrderReason::no_cash;
        value = *worth;
    }
    return buying_power_->ask(order, market.settlement, value);
}

}  // namespace millrace::venue
