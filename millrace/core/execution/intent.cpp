// From an intent to its orders.
#include "millrace/core/execution/intent.hpp"

#include "millrace/core/model/order_rules.hpp"

namespace millrace::execution {
namespace {

using model::OrderReason;
using model::OrderType;
using model::Side;

[[nodiscard]] model::Order entry_of(const model::OrderIntent& body, std::uint64_t number) {
    model::Order order;
    order.order_id = number;
    order.quantity = body.quantity;
    order.limit_price = body.limit_price;
    order.stop_price = body.stop_price;
    order.expires_at = body.expires_at;
    order.instrument = body.instrument;
    order.strategy = body.strategy;
    order.account = body.account;
    order.side = body.side;
    order.type = body.type;
    order.time_in_force = body.time_in_force;
    order.reduce_only = body.reduce_only;
    order.post_only = body.post_only;
    return order;
}

// Works at the venue from the entry's first deal on, and may only take back what that brought.
[[nodiscard]] model::Order child_of(const model::Order& entry, bool has_sibling) {
    model::Order child;
    child.parent_id = entry.order_id;
    child.quantity = entry.quantity;
    child.instrument = entry.instrument;
    child.strategy = entry.strategy;
    child.account = entry.account;
    child.side = entry.side == Side::buy ? Side::sell : Side::buy;
    child.time_in_force = model::TimeInForce::gtc;
    child.reduce_only = true;
    if (has_sibling) {
        child.group_id = entry.order_id;
        child.contingency = model::Contingency::oco_reduce;
    }
    return child;
}

// A buyer's stop is below what it protects, its target above; a seller's the other way round.
[[nodiscard]] bool are_in_order(const model::OrderIntent& body, Maybe<Price> nearer,
                                Maybe<Price> further) {
    if (!nearer.has_value() || !further.has_value()) return true;
    return body.side == Side::buy ? nearer.value() < further.value()
                                  : nearer.value() > further.value();
}

}  // namespace

std::vector<model::Order> orders_of(const Intent& intent) {
    const model::OrderIntent& body = intent.body;
    std::vector<model::Order> orders;
    orders.push_back(entry_of(body, order_number(intent.id, IntentLeg::entry)));
    const bool is_pair = body.stop_loss.has_value() && body.take_profit.has_value();
    if (body.stop_loss.has_value()) {
        model::Order stop = child_of(orders.front(), is_pair);
        stop.order_id = order_number(intent.id, IntentLeg::stop_loss);
        stop.type = OrderType::stop;
        stop.stop_price = body.stop_loss;
        orders.push_back(stop);
    }
    if (body.take_profit.has_value()) {
        model::Order target = child_of(orders.front(), is_pair);
        target.order_id = order_number(intent.id, IntentLeg::take_profit);
        target.type = OrderType::limit;
        target.limit_price = body.take_profit;
        orders.push_back(target);
    }
    return orders;
}

OrderReason check_intent(const model::OrderIntent& body, const model::Instrument& instrument) {
    const Maybe<Price> entry = body.limit_price.has_value() ? body.limit_price : body.stop_price;
    if (!are_in_order(body, body.stop_loss, entry) ||
        !are_in_order(body, entry, body.take_profit) ||
        !are_in_order(body, body.stop_loss, body.take_profit))
        return OrderReason::bad_order;
    Intent intent;
    intent.id = 1;  // any number will do
    intent.body = body;
    for (const model::Order& order : orders_of(intent)) {
        const OrderReason reason = check_order(order, instrument);
        if (reason != OrderReason::none) return reason;
    }
    return OrderReason::none;
}

}  // namespace millrace::execution
