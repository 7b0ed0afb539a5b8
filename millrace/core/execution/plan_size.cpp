// Divisions through 128 bits: 2^63 * 10^18 fits, and so does the product of any two raw values.
#include "millrace/core/execution/plan_size.hpp"

#include <algorithm>

namespace millrace::execution {
namespace {

constexpr int128 kUnit = int128{Price::kOne} * Ratio::kOne;  // 1 in the measure of a unit's worth

}  // namespace

std::optional<int128> worth_of_unit(const model::Instrument& instrument, Price price) {
    if (price.raw() <= 0) return std::nullopt;
    if (!instrument.inverse) return int128{price.raw()} * instrument.multiplier.raw();
    return kUnit * instrument.multiplier.raw() / price.raw();
}

std::optional<int128> loss_of_unit(const model::Instrument& instrument, Price from, Price to) {
    if (!instrument.inverse) {
        const int128 distance = int128{from.raw()} - to.raw();
        const int128 size = distance < 0 ? -distance : distance;
        if (size > INT64_MAX) return std::nullopt;
        return size * instrument.multiplier.raw();
    }
    const auto before = worth_of_unit(instrument, from);
    const auto after = worth_of_unit(instrument, to);
    if (!before || !after) return std::nullopt;
    // Both were rounded down: their difference is too small by less than one.
    return (*before > *after ? *before - *after : *after - *before) + 1;
}

Quantity quantity_for(Money budget, int128 per_unit) {
    if (budget.raw() <= 0) return {};
    if (per_unit <= 0) return kQuantityLimit;
    constexpr int128 kScale = kUnit / Money::kOne * Quantity::kOne;
    const int128 raw = budget.raw() * kScale / per_unit;
    return Quantity::from_raw(static_cast<std::int64_t>(std::min<int128>(raw, INT64_MAX)));
}

Size size_of(const model::Instrument& instrument, Quantity wanted, Quantity allowed) {
    Size size;
    size.is_cut = allowed < wanted;
    const Quantity most = std::min(wanted, allowed);
    if (most == kQuantityLimit) return {{}, false, PlanOutcome::size_out_of_range};
    const std::int64_t step = instrument.quantity_increment.raw();
    size.quantity = Quantity::from_raw(most.raw() > 0 ? most.raw() / step * step : 0);
    const bool is_small = instrument.minimum_quantity.has_value() &&
                          size.quantity < instrument.minimum_quantity.value();
    if (size.quantity.is_zero() || is_small) {
        size.outcome = size.is_cut               ? PlanOutcome::at_maximum
                       : size.quantity.is_zero() ? PlanOutcome::rounds_to_zero
                                                 : PlanOutcome::below_minimum;
    }
    return size;
}

}  // namespace millrace::execution
