// The parts of the strategy interface that are the same for every strategy.
#include "millrace/core/strategy/strategy.hpp"

namespace millrace::strategy {

void Trading::close(InstrumentId instrument) {
    const Quantity held = position(instrument);
    if (held.is_zero()) return;
    OrderTerms terms;
    terms.reduce_only = true;
    submit(instrument, held.is_negative() ? model::Side::buy : model::Side::sell,
           held.is_negative() ? -held : held, terms);
}

void Trading::cancel_all() {
    for (const model::Order& order : working_orders())
        cancel(order.order_id);
}

void Trading::cancel_all(InstrumentId instrument) {
    for (const model::Order& order : working_orders())
        if (order.instrument == instrument) cancel(order.order_id);
}

// As the planner does it: a part that deals leaves the rest covered.
void Trading::protect(const Entry& entry, Maybe<Price> stop, Maybe<Price> target) {
    OrderTerms terms;
    terms.parent_id = entry.order;
    terms.reduce_only = true;
    if (stop.has_value() && target.has_value()) {
        terms.group_id = entry.order;
        terms.contingency = model::Contingency::oco_reduce;
    }
    const model::Side side = entry.side == model::Side::buy ? model::Side::sell : model::Side::buy;
    if (stop.has_value()) {
        terms.type = model::OrderType::stop;
        terms.stop_price = stop;
        submit(entry.instrument, side, entry.quantity, terms);
        terms.stop_price = {};
    }
    if (target.has_value()) {
        terms.type = model::OrderType::limit;
        terms.limit_price = target;
        submit(entry.instrument, side, entry.quantity, terms);
    }
}

Trading& Strategy::trading() const {
    MILLRACE_ASSERT(trading_ != nullptr, "trading() outside of a call from the host");
    return *trading_;
}

}  // namespace millrace::strategy
