// What an order must satisfy before it may leave: the numbers of its instrument and the shape of
// its type. Rules about money and limits are the guardian's (core/risk).
#pragma once

#include "millrace/core/model/instrument.hpp"
#include "millrace/core/model/order.hpp"

namespace millrace::execution {

// `none` when the order is well formed for the instrument.
[[nodiscard]] model::OrderReason check_order(const model::Order& order,
                                             const model::Instrument& instrument);

// Which prices an order of the type must and must not carry.
[[nodiscard]] bool needs_limit_price(model::OrderType type);
[[nodiscard]] bool needs_stop_price(model::OrderType type);
[[nodiscard]] bool needs_trail(model::OrderType type);

// Whether a report may move an order from one state to the other; repeated and late reports may
// not.
[[nodiscard]] bool is_step(model::OrderStatus from, model::OrderStatus to);

}  // namespace millrace::execution
