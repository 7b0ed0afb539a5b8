// Amounts of exposure: 128-bit integers in units so fine that a share's worth at the middle of a
// quote is exact and needs no division. Whatever must be rounded is rounded up: the guardian errs
// on the side of more.
#pragma once

#include "millrace/base/fixed_point.hpp"

namespace millrace::risk {

// Quantity times doubled price.
using Fine = int128;
inline constexpr std::int64_t kFinePerMoney = 2 * power_of_ten(9);  // of Money's raw number
// A single position beyond this is out of range; so no sum of them overflows.
inline constexpr Fine kFineMax = Fine{1} << 108;

[[nodiscard]] constexpr Fine size_of(Fine value) {
    return value < 0 ? -value : value;
}

// In Money's raw number, rounded up; kUnset-like saturation for what is beyond it.
[[nodiscard]] constexpr std::int64_t money_of(Fine size) {
    const Fine money = (size + kFinePerMoney - 1) / kFinePerMoney;
    return money > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(money);
}

// size <= share * whole, with equality allowed; nothing fits into nothing.
[[nodiscard]] constexpr bool fits_share(Fine size, std::int64_t share, std::int64_t whole) {
    if (whole <= 0) return size <= 0;
    // Both at most 2^63: the product fits, and doubling it may not.
    const Fine allowed = Fine{share} * whole;
    return size / 2 < allowed || (size / 2 == allowed && size % 2 == 0);
}

[[nodiscard]] constexpr bool fits_amount(Fine size, std::int64_t money) {
    return size <= Fine{money} * kFinePerMoney;
}

// How many parts of the whole, as a Ratio's raw number; saturated.
[[nodiscard]] constexpr std::int64_t share_of(Fine size, std::int64_t whole) {
    if (whole <= 0) return INT64_MAX;
    const Fine share = size / 2 / whole;
    return share > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(share);
}

// Whether loss <= share * base.
[[nodiscard]] constexpr bool is_loss_within(std::int64_t loss, std::int64_t share,
                                            std::int64_t base) {
    if (loss <= 0) return true;
    if (base <= 0) return false;
    return int128{loss} * Ratio::kOne <= int128{share} * base;
}

// Warnings begin at 80 of 100.
[[nodiscard]] constexpr bool is_near(int128 value, int128 limit) {
    constexpr int128 kMost = int128{1} << 123;
    if (value <= 0 || limit < 0) return value > 0;
    if (value < kMost && limit < kMost) [[likely]]
        return value * 5 >= limit * 4;
    return value >= limit - limit / 5;
}

// Whether a limit price is no further from the last price than the collar. Doubled last price.
[[nodiscard]] constexpr bool is_within_collar(std::int64_t limit, std::int64_t doubled_last,
                                              std::int64_t collar) {
    const int128 distance = size_of(2 * int128{limit} - doubled_last);
    // At most 2^65: by a thousandth of a millionth it still fits.
    return distance * Ratio::kOne <= int128{collar} * size_of(doubled_last);
}

}  // namespace millrace::risk
