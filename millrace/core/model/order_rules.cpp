// The rules, type by type and step by step.
#include "millrace/core/model/order_rules.hpp"

namespace millrace::model {

namespace {

bool is_multiple(std::int64_t value, std::int64_t increment) {
    return increment != 0 && value % increment == 0;
}

bool is_off_tick(const Maybe<Price>& price, const Instrument& instrument) {
    return price.has_value() && !is_multiple(price.value().raw(), instrument.price_increment.raw());
}

// Neither a price that the type needs is missing, nor one there that would silently mean nothing.
bool has_the_prices_of_its_type(const Order& order) {
    if (order.limit_price.has_value() != needs_limit_price(order.type)) return false;
    // A trailing stop may say where it begins.
    if (needs_trail(order.type)) return order.trail.has_value();
    return order.stop_price.has_value() == needs_stop_price(order.type) && !order.trail.has_value();
}

bool has_the_terms_of_its_life(const Order& order) {
    if (order.expires_at.has_value() != (order.time_in_force == TimeInForce::gtd)) return false;
    const bool rests = needs_limit_price(order.type);
    const bool at_once =
        order.time_in_force == TimeInForce::ioc || order.time_in_force == TimeInForce::fok;
    if (order.post_only && (!rests || at_once)) return false;
    if (order.display_quantity.has_value() &&
        (!rests || order.display_quantity.value() > order.quantity))
        return false;
    return (order.group_id != 0) == (order.contingency != Contingency::none);
}

}  // namespace

bool needs_limit_price(OrderType type) {
    switch (type) {
        case OrderType::limit:
        case OrderType::stop_limit:
        case OrderType::limit_if_touched:
        case OrderType::trailing_stop_limit:  // it follows the stop, at the distance it begins with
        case OrderType::limit_on_open:
        case OrderType::limit_on_close: return true;
        case OrderType::market:
        case OrderType::stop:
        case OrderType::market_if_touched:
        case OrderType::trailing_stop:
        case OrderType::market_on_open:
        case OrderType::market_on_close: return false;
    }
    return false;
}

bool needs_stop_price(OrderType type) {
    switch (type) {
        case OrderType::stop:
        case OrderType::stop_limit:
        case OrderType::market_if_touched:
        case OrderType::limit_if_touched: return true;
        case OrderType::market:
        case OrderType::limit:
        case OrderType::trailing_stop:
        case OrderType::trailing_stop_limit:
        case OrderType::market_on_open:
        case OrderType::limit_on_open:
        case OrderType::market_on_close:
        case OrderType::limit_on_close: return false;
    }
    return false;
}

bool needs_trail(OrderType type) {
    return type == OrderType::trailing_stop || type == OrderType::trailing_stop_limit;
}

OrderReason check_order(const Order& order, const Instrument& instrument) {
    if (order.order_id == 0 || order.quantity.raw() <= 0) return OrderReason::bad_order;
    if (!has_the_prices_of_its_type(order) || !has_the_terms_of_its_life(order))
        return OrderReason::bad_order;
    if (!is_multiple(order.quantity.raw(), instrument.quantity_increment.raw()))
        return OrderReason::quantity_off_lot;
    if (instrument.minimum_quantity.has_value() &&
        order.quantity < instrument.minimum_quantity.value() && !order.reduce_only)
        return OrderReason::below_minimum;
    if (is_off_tick(order.limit_price, instrument) || is_off_tick(order.stop_price, instrument))
        return OrderReason::price_off_tick;
    return OrderReason::none;
}

bool is_step(OrderStatus from, OrderStatus to) {
    if (is_over(from)) return false;
    switch (to) {
        case OrderStatus::pending: return false;
        case OrderStatus::submitted: return from == OrderStatus::pending;
        case OrderStatus::accepted:
            return from == OrderStatus::submitted || from == OrderStatus::cancel_requested ||
                   from == OrderStatus::replace_requested || from == OrderStatus::partially_filled;
        case OrderStatus::triggered:
        case OrderStatus::partially_filled:
        case OrderStatus::filled:
        case OrderStatus::cancel_requested:
        case OrderStatus::replace_requested: return from != OrderStatus::pending;
        case OrderStatus::cancelled:
        case OrderStatus::rejected:
        case OrderStatus::expired: return true;
    }
    return false;
}

}  // namespace millrace::model
