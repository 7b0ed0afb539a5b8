// Decimal arithmetic on scaled 64-bit integers: exact parse and format, and multiply-divide through
// 128 bits with a stated rounding. Nothing wraps: what does not fit comes back as an
// ArithmeticError. The usable range is symmetric, ±(2^63 - 1); the one value below it is left to
// Maybe<T> as "absent".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "millrace/base/result.hpp"

namespace millrace {

__extension__ using int128 = __int128;

enum class Rounding {
    half_even,       // to nearest, ties to the even neighbour: the default for money
    half_away,       // to nearest, ties away from zero
    toward_zero,     // truncation
    away_from_zero,  // fees that must not be undercharged
    floor,
    ceiling,
};

enum class ArithmeticError { overflow, division_by_zero };

template <class T>
using Checked = tl::expected<T, ArithmeticError>;

// The error as the caller reports it: `return failure(error_of(sum.error(), "equity"));`
[[nodiscard]] Error error_of(ArithmeticError error, std::string_view of_what);

inline constexpr int kDecimalScaleMax = 18;

[[nodiscard]] constexpr std::int64_t power_of_ten(int exponent) {
    std::int64_t power = 1;
    for (int i = 0; i < exponent; ++i)
        power *= 10;
    return power;
}

[[nodiscard]] constexpr Checked<std::int64_t> narrow(int128 value) {
    if (value > INT64_MAX || value < -int128{INT64_MAX})
        return tl::unexpected(ArithmeticError::overflow);
    return static_cast<std::int64_t>(value);
}

// numerator / denominator, rounded; the denominator must not be zero.
[[nodiscard]] constexpr int128 divide_rounded(int128 numerator, int128 denominator,
                                              Rounding rounding) {
    const int128 quotient = numerator / denominator;
    const int128 rest = numerator % denominator;
    if (rest == 0) return quotient;
    const bool negative = (numerator < 0) != (denominator < 0);
    const int128 away = negative ? quotient - 1 : quotient + 1;
    const int128 rest_size = rest < 0 ? -rest : rest;
    const int128 denominator_size = denominator < 0 ? -denominator : denominator;
    const int128 other_half =
        denominator_size - rest_size;  // compares as 2*rest would, without overflow
    switch (rounding) {
        case Rounding::half_even:
            if (rest_size != other_half) return rest_size > other_half ? away : quotient;
            return quotient % 2 == 0 ? quotient : away;
        case Rounding::half_away: return rest_size >= other_half ? away : quotient;
        case Rounding::toward_zero: return quotient;
        case Rounding::away_from_zero: return away;
        case Rounding::floor: return negative ? away : quotient;
        case Rounding::ceiling: return negative ? quotient : away;
    }
    return quotient;
}

// a * b / c through 128 bits, rounded once.
[[nodiscard]] constexpr Checked<std::int64_t> multiply_divide(std::int64_t a, std::int64_t b,
                                                              std::int64_t c, Rounding rounding) {
    if (c == 0) return tl::unexpected(ArithmeticError::division_by_zero);
    return narrow(divide_rounded(int128{a} * b, c, rounding));
}

// Decimal text ("-12.5", "+3", ".5", "1.25e-3") to an integer of `scale` decimals, exactly: digits
// beyond the scale must be zeros. Errors: empty, not a number, too precise, out of range.
[[nodiscard]] Result<std::int64_t> parse_decimal(std::string_view text, int scale);

// The same, but digits beyond the scale are rounded instead of refused.
[[nodiscard]] Result<std::int64_t> parse_decimal(std::string_view text, int scale,
                                                 Rounding rounding);

// As most numbers of most files are written: up to 19 characters, digits and perhaps a point, no
// more decimals than `scale`. The same number as of parse_decimal, in a third of the time (bench:
// Table); nothing for any other text, right or wrong.
[[nodiscard]] std::optional<std::int64_t> parse_plain_decimal(std::string_view text, int scale);

// The shortest exact text: no trailing zeros after the point, no "-0". Writes into `buffer`,
// returns the part used.
inline constexpr std::size_t kDecimalTextMax = 24;
std::string_view format_decimal(std::int64_t raw, int scale,
                                std::span<char, kDecimalTextMax> buffer);
[[nodiscard]] std::string format_decimal(std::int64_t raw, int scale);

// Text with exactly `decimals` digits after the point (rounded half even), for tables that must
// line up.
[[nodiscard]] std::string format_decimal_fixed(std::int64_t raw, int scale, int decimals);

}  // namespace millrace
