// The size of an entry: from money and prices to a quantity in the instrument's steps. Every
// rounding makes the quantity smaller; nothing is a double.
#pragma once

#include "millrace/core/execution/plan_settings.hpp"
#include "millrace/core/model/instrument.hpp"

namespace millrace::execution {

// What one unit is worth at the price, in 1e-18 of the currency the instrument settles in: price *
// multiplier, or multiplier / price when it is inverse. Nothing for a price that is not positive.
[[nodiscard]] std::optional<int128> worth_of_unit(const model::Instrument& instrument, Price price);

// What one unit loses between two prices, in the same measure, rounded up.
[[nodiscard]] std::optional<int128> loss_of_unit(const model::Instrument& instrument, Price from,
                                                 Price to);

// How many units the money buys at so much a unit, rounded down; the largest quantity there is
// when it would be more.
[[nodiscard]] Quantity quantity_for(Money budget, int128 per_unit);

inline constexpr Quantity kQuantityLimit = Quantity::from_raw(INT64_MAX);

// `wanted`, no more than `allowed`, rounded down to the instrument's steps. The outcome is
// `entered` when there is something to order.
struct Size {
    Quantity quantity;
    bool is_cut = false;  // by `allowed`
    PlanOutcome outcome = PlanOutcome::entered;
};
[[nodiscard]] Size size_of(const model::Instrument& instrument, Quantity wanted, Quantity allowed);

}  // namespace millrace::execution
