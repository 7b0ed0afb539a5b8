// Prices that a venue accepts: multiples of the instrument's increment, and how far apart two are.
#pragma once

#include "millrace/core/strategy/strategy.hpp"

namespace millrace::strategy {

// A cent where the instrument was not described.
[[nodiscard]] inline Price price_step_of(const Trading& trading, InstrumentId instrument) {
    for (const model::Instrument& known : trading.instruments())
        if (known.id == instrument) return known.price_increment;
    return Price::from_raw(Price::kOne / 100);
}

// What quantities of the instrument must be a multiple of; whole units where it was not described.
[[nodiscard]] inline Quantity quantity_step_of(const Trading& trading, InstrumentId instrument) {
    for (const model::Instrument& known : trading.instruments())
        if (known.id == instrument) return known.quantity_increment;
    return Quantity::whole(1);
}

[[nodiscard]] inline Price on_step(Price price, Price step, Rounding rounding) {
    const auto rounded = round_to(price, step, rounding);
    MILLRACE_ASSERT(rounded, "a price is out of range");
    return *rounded;
}

// price · ratio, exact to the last decimal, half to even.
[[nodiscard]] inline Price times(Price price, Ratio ratio) {
    const auto product = multiply(price, ratio, Rounding::half_even);
    MILLRACE_ASSERT(product, "a price is out of range");
    return *product;
}

// A share of the fill's price against whoever dealt, to the step away from the market: the stop of
// a position that this fill opened.
[[nodiscard]] inline Price stop_after(const model::Fill& fill, Ratio share, Price step) {
    const bool is_long = fill.side == model::Side::buy;
    const Ratio factor =
        Ratio::from_raw(is_long ? Ratio::kOne - share.raw() : Ratio::kOne + share.raw());
    return on_step(times(fill.price, factor), step, is_long ? Rounding::floor : Rounding::ceiling);
}

}  // namespace millrace::strategy
