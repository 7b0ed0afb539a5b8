// From the body of POST /api/v1/orderintents to what the orders service takes: the predecessors'
// order, or their SignalOutputSpec. Everything that can be known at the door is checked here, so
// that a client learns at once, and by the JSON path, what is wrong.
#pragma once

#include <string_view>

#include "millrace/app/orders/outcome.hpp"
#include "millrace/core/model/instrument.hpp"
#include "millrace/core/model/names.hpp"

namespace millrace::orders {

// What can be traded, by whom: fixed while a server runs.
struct Tradable {
    model::Names names;                          // of instruments and accounts
    std::vector<model::Instrument> instruments;  // by number
    Maybe<Quantity> signal_quantity;             // of a signal that names none
};

[[nodiscard]] Result<IntentRequest> read_intent(std::string_view body, const Tradable& tradable);

// Whether a name can be one of a strategy: 1 to 32 letters, digits and ".-_".
[[nodiscard]] bool is_strategy_name(std::string_view name);

// The JSON Schema of both bodies.
[[nodiscard]] std::string intent_schema();

}  // namespace millrace::orders
