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
#include <type_traits>

#include "millrace/base/result.hpp"

namespace millrace {

__extension__ using int128 = __int128;
__extension__ using uint128 = unsigned __int128;

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

struct Division {
    uint128 quotient = 0;
    uint128 rest = 0;
};

// The processor divides 128 bits by 64 in one instruction where the quotient fits; the library's
// function for 128 by 128 bits takes several times as long.
[[nodiscard]] constexpr Division divide_sizes(uint128 numerator, uint128 denominator) {
#if defined(__x86_64__)
    const auto high = static_cast<std::uint64_t>(numerator >> 64);
    if (!std::is_constant_evaluated() && denominator <= UINT64_MAX && high < denominator) {
        std::uint64_t quotient = static_cast<std::uint64_t>(numerator);
        std::uint64_t rest = high;
        __asm__("divq %2"
                : "+a"(quotient), "+d"(rest)
                : "r"(static_cast<std::uint64_t>(denominator))
                : "cc");
        return {quotient, rest};
    }
#endif
    return {numerator / denominator, numerator % denominator};
}

[[nodiscard]] constexpr uint128 magnitude_of(int128 value) {
    return value < 0 ? -static_cast<uint128>(value) : static_cast<uint128>(value);
}

// numerator / denominator, rounded; the denominator must not be zero.
[[nodiscard]] constexpr int128 divide_rounded(int128 numerator, int128 denominator,
                                              Rounding rounding) {
    const bool negative = (numerator < 0) != (denominator < 0);
    const uint128 denominator_size = magnitude_of(denominator);
    const auto [quotient, rest] = divide_sizes(magnitude_of(numerator), denominator_size);
    if (rest == 0) return static_cast<int128>(negative ? -quotient : quotient);
    const uint128 other_half = denominator_size - rest;  // compares as 2*rest would
    bool is_away = false;
    switch (rounding) {
        case Rounding::half_even:
            is_away = rest > other_half || (rest == other_half && quotient % 2 != 0);
            break;
        case Rounding::half_away: is_away = rest >= other_half; break;
        case Rounding::toward_zero: break;
        case Rounding::away_from_zero: is_away = true; break;
        case Rounding::floor: is_away = negative; break;
        case Rounding::ceiling: is_away = !negative; break;
    }
    const uint128 rounded = quotient + (is_away ? 1 : 0);
    return static_cast<int128>(negative ? -rounded : rounded);
}

// a * b / c through 128 bits, rounded once, into the product; false when it does not fit.
[[nodiscard]] constexpr bool try_multiply_divide(std::int64_t& product, std::int64_t a,
                                                 std::int64_t b, std::int64_t c,
                                                 Rounding rounding) {
    const int128 wide = divide_rounded(int128{a} * b, c, rounding);
    if (wide > INT64_MAX || wide < -int128{INT64_MAX}) return false;
    product = static_cast<std::int64_t>(wide);
    return true;
}

[[nodiscard]] constexpr Checked<std::int64_t> multiply_divide(std::int64_t a, std::int64_t b,
                                                              std::int64_t c, Rounding rounding) {
    if (c == 0) return tl::unexpected(ArithmeticError::division_by_zero);
    std::int64_t product = 0;
    if (!try_multiply_divide(product, a, b, c, rounding))
        return tl::unexpected(ArithmeticError::overflow);
    return product;
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
