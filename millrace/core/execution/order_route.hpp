// OrderRoute: where the desk hands its orders. Without one they leave the engine as effects, for a
// driver to carry to a venue; a venue that is part of the engine takes them here.
#pragma once

#include "millrace/core/model/order.hpp"

namespace millrace::execution {

class OrderRoute {
  public:
    virtual ~OrderRoute() = default;
    // A new order (submitted), or a wish to cancel or replace one. It is only taken note of here;
    // the venue answers in a later step.
    virtual void take(const model::Order& order) = 0;
};

}  // namespace millrace::execution
