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

Trading& Strategy::trading() const {
    MILLRACE_ASSERT(trading_ != nullptr, "trading() outside of a call from the host");
    return *trading_;
}

}  // namespace millrace::strategy
