// What an order must satisfy before it may leave: the numbers of its instrument and the shape of
// its type. Rules about money and limits are the guardian's (core/risk).
#pragma once

#include "millrace/core/model/instrument.hpp"
#include "millrace/core/model/order.hpp"

namespace millrace::model {

// `none` when the order is well formed for the instrument.
[[nodiscard]] OrderReason check_order(const Order& order, const Instrument& instrument);

// Which prices an order of the type must and must not carry.
[[nodiscard]] bool needs_limit_price(OrderType type);
[[nodiscard]] bool needs_stop_price(OrderType type);
[[nodiscard]] bool needs_trail(OrderType type);

// Whether a report may move an order from one state to the other; repeated and late reports may
// not.
[[nodiscard]] bool is_step(OrderStatus from, OrderStatus to);

}  // namespace millrace::model
