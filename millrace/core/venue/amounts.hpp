// The raw numbers that matching counts in: prices, quantities and money as the 64-bit integers of
// their fixed-point types, a mark for "no price", and the value of a deal.
#pragma once

#include <cstdint>

#include "millrace/base/assert.hpp"
#include "millrace/base/fixed_point.hpp"
#include "millrace/core/model/order.hpp"

namespace millrace::venue {

using model::Side;

inline constexpr std::int64_t kNoPrice = INT64_MIN;
inline constexpr std::int64_t kUnlimited = INT64_MAX;

// What one unit of an instrument is worth in money.
struct Contract {
    std::int64_t multiplier = Ratio::kOne;
    bool inverse = false;
};

// price * quantity * multiplier, never negative; of an inverse contract quantity * multiplier /
// price, in the base currency. Rounded half to even.
[[nodiscard]] constexpr Checked<Money> value_of(const Contract& contract, std::int64_t price,
                                                std::int64_t quantity) {
    const std::int64_t size = price < 0 ? -price : price;
    if (contract.inverse)
        return multiply_divide(quantity, contract.multiplier, size, Rounding::half_even)
            .map(&Money::from_raw);
    const auto plain = notional(Price::from_raw(size), Quantity::from_raw(quantity));
    if (!plain || contract.multiplier == Ratio::kOne) return plain;
    return multiply(*plain, Ratio::from_raw(contract.multiplier), Rounding::half_even);
}

// The part `numerator / denominator` of a quantity, in whole lots, rounded down.
[[nodiscard]] constexpr std::int64_t part_in_lots(std::int64_t quantity, std::int64_t numerator,
                                                  std::int64_t denominator, std::int64_t lot) {
    const int128 part = int128{quantity} * numerator / denominator;
    return static_cast<std::int64_t>(part / lot * lot);
}

[[nodiscard]] constexpr Side opposite(Side side) {
    return side == Side::buy ? Side::sell : Side::buy;
}

// Whether `price` is at least as good for this side as `other`: a buyer wants less.
[[nodiscard]] constexpr bool is_as_good(Side side, std::int64_t price, std::int64_t other) {
    return side == Side::buy ? price <= other : price >= other;
}

}  // namespace millrace::venue
