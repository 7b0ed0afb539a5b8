// Opening: what a start has to tell the engine so that it is as the settings say: symbols, accounts
// and their cash, limits, what may be sent. All of it goes through the journal like anything else;
// what holds already is not said again.
#pragma once

#include <variant>
#include <vector>

#include "millrace/app/orders/assembly.hpp"
#include "millrace/app/orders/settings.hpp"
#include "millrace/core/model/operation.hpp"

namespace millrace::orders {

using OpeningInput =
    std::variant<model::Instrument, model::Strategy, model::Account, model::Command>;

// The strategy of those who name none.
inline constexpr std::string_view kManual = "manual";
// Who sets what the settings say. A limit that somebody else has set since stands.
inline constexpr std::string_view kConfiguration = "configuration";

// In their order; the moment is set by whoever sends them.
[[nodiscard]] Result<std::vector<OpeningInput>> opening_inputs(const Settings& settings,
                                                               const Assembly& assembly);

}  // namespace millrace::orders
