// Floating-point cells as exact decimals: a cell means the shortest decimal number that reads back
// as it, as people and other programs print it (1.1, not 1.100000000000000088), rounded half even
// to the scale.
#pragma once

#include <cmath>
#include <cstdint>

#include "millrace/base/decimal.hpp"

namespace millrace::parquet {

// By way of the text; refuses what is not finite.
[[nodiscard]] Result<std::int64_t> parse_shortest(double value, int scale);
[[nodiscard]] Result<std::int64_t> parse_shortest(float value, int scale);

// The same number in 1 ns where it certainly is the same, as it is for nearly all prices and sizes.
// False for the rest.
//
// Why it is the same: below 2^50 the product is off by at most 2^-4 through its own rounding, and
// by at most 2^-3 through the distance of the double from the shortest text. So a product within
// 0.3 of a whole number belongs to a decimal within 0.49 of it, which rounds to it.
[[nodiscard]] inline bool round_certainly(double value, int scale, std::int64_t& raw) {
    constexpr double kProductMax = 1LL << 50;
    constexpr double kWholeMax = 1LL << 33;  // times 10^9 it is below 2^63
    const std::int64_t one = power_of_ten(scale);
    const double product = value * static_cast<double>(one);
    if (std::abs(product) < kProductMax) {
        const auto nearest = static_cast<std::int64_t>(product + (product < 0 ? -0.5 : 0.5));
        raw = nearest;
        return std::abs(product - static_cast<double>(nearest)) < 0.3;
    }
    if (!(std::abs(value) < kWholeMax)) return false;  // nor is NaN
    const auto whole = static_cast<std::int64_t>(value);
    raw = whole * one;
    return static_cast<double>(whole) == value;
}

}  // namespace millrace::parquet
