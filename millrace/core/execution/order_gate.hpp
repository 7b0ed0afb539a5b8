// OrderGate: who must have passed an order before it leaves: the guardian, which is told of each
// order before the desk is. The application joins the two; they do not know each other.
#pragma once

#include "millrace/core/model/order.hpp"

namespace millrace::execution {

class OrderGate {
  public:
    virtual ~OrderGate() = default;
    // `none` when this order, or this change of one, may leave. Asked once for each, in the step in
    // which it is asked for; an order that nobody has judged does not pass.
    [[nodiscard]] virtual model::OrderReason reason_against(const model::Order& wanted) = 0;
};

}  // namespace millrace::execution
