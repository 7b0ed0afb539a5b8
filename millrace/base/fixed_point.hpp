// Price, Quantity, Money and Ratio: decimal numbers kept as 64-bit integers of a stated scale, each
// its own type, so that a price is never added to an amount. Arithmetic is checked; money is never
// a double.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "millrace/base/decimal.hpp"

namespace millrace {

template <class Tag, int Scale>
class FixedPoint {
  public:
    static constexpr int kScale = Scale;                       // decimals
    static constexpr std::int64_t kOne = power_of_ten(Scale);  // the raw value of 1

    constexpr FixedPoint() = default;
    [[nodiscard]] static constexpr FixedPoint from_raw(std::int64_t raw) {
        FixedPoint value;
        value.raw_ = raw;
        return value;
    }
    // A whole number; for literals and tests, so the range is the caller's to keep.
    [[nodiscard]] static constexpr FixedPoint whole(std::int64_t units) {
        return from_raw(units * kOne);
    }
    [[nodiscard]] static Result<FixedPoint> parse(std::string_view text) {
        return parse_decimal(text, Scale).map(&FixedPoint::from_raw);
    }
    [[nodiscard]] static Result<FixedPoint> parse(std::string_view text, Rounding rounding) {
        return parse_decimal(text, Scale, rounding).map(&FixedPoint::from_raw);
    }

    [[nodiscard]] constexpr std::int64_t raw() const { return raw_; }
    [[nodiscard]] std::string to_string() const { return format_decimal(raw_, Scale); }
    // For indicators and statistics only; never the way back into money.
    [[nodiscard]] constexpr double to_double() const {
        return static_cast<double>(raw_) / static_cast<double>(kOne);
    }

    [[nodiscard]] constexpr bool is_zero() const { return raw_ == 0; }
    [[nodiscard]] constexpr bool is_negative() const { return raw_ < 0; }
    constexpr FixedPoint operator-() const { return from_raw(-raw_); }
    constexpr auto operator<=>(const FixedPoint&) const = default;

  private:
    std::int64_t raw_ = 0;
};

using Price = FixedPoint<struct PriceTag, 9>;  // ±9.2 billion, a billionth at the finest
using Quantity =
    FixedPoint<struct QuantityTag, 8>;  // ±92 billion units, a hundred-millionth at the finest
using Money =
    FixedPoint<struct MoneyTag, 8>;  // ±92 billion, of whichever currency stands beside it
using Ratio = FixedPoint<struct RatioTag, 9>;  // fractions, multipliers, rates

// amount + by into the amount; false, with the amount as it was, when it does not fit. For hot
// paths, where an optional result for every step would cost more than the step.
template <class Tag, int Scale>
[[nodiscard]] constexpr bool try_add(FixedPoint<Tag, Scale>& amount, FixedPoint<Tag, Scale> by) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(amount.raw(), by.raw(), &sum) || sum == INT64_MIN) return false;
    amount = FixedPoint<Tag, Scale>::from_raw(sum);
    return true;
}
template <class Tag, int Scale>
[[nodiscard]] constexpr bool try_subtract(FixedPoint<Tag, Scale>& amount,
                                          FixedPoint<Tag, Scale> by) {
    std::int64_t rest = 0;
    if (__builtin_sub_overflow(amount.raw(), by.raw(), &rest) || rest == INT64_MIN) return false;
    amount = FixedPoint<Tag, Scale>::from_raw(rest);
    return true;
}

template <class Tag, int Scale>
[[nodiscard]] constexpr Checked<FixedPoint<Tag, Scale>> add(FixedPoint<Tag, Scale> a,
                                                            FixedPoint<Tag, Scale> b) {
    if (!try_add(a, b)) return tl::unexpected(ArithmeticError::overflow);
    return a;
}
template <class Tag, int Scale>
[[nodiscard]] constexpr Checked<FixedPoint<Tag, Scale>> subtract(FixedPoint<Tag, Scale> a,
                                                                 FixedPoint<Tag, Scale> b) {
    if (!try_subtract(a, b)) return tl::unexpected(ArithmeticError::overflow);
    return a;
}

// value * ratio, rounded once to the scale of the value.
template <class Tag, int Scale>
[[nodiscard]] constexpr Checked<FixedPoint<Tag, Scale>> multiply(FixedPoint<Tag, Scale> value,
                                                                 Ratio ratio, Rounding rounding) {
    std::int64_t product = 0;
    if (!try_multiply_divide(product, value.raw(), ratio.raw(), Ratio::kOne, rounding))
        return tl::unexpected(ArithmeticError::overflow);
    return FixedPoint<Tag, Scale>::from_raw(product);
}

// numerator / denominator as a ratio, for weights and returns of like with like.
template <class Tag, int Scale>
[[nodiscard]] constexpr Checked<Ratio> divide(FixedPoint<Tag, Scale> numerator,
                                              FixedPoint<Tag, Scale> denominator,
                                              Rounding rounding) {
    return multiply_divide(numerator.raw(), Ratio::kOne, denominator.raw(), rounding)
        .map(&Ratio::from_raw);
}

// price * quantity in the currency of the price, rounded once to the scale of money.
[[nodiscard]] constexpr Checked<Money> notional(Price price, Quantity quantity,
                                                Rounding rounding = Rounding::half_even) {
    constexpr std::int64_t kDivisor =
        power_of_ten(Price::kScale + Quantity::kScale - Money::kScale);
    std::int64_t product = 0;
    if (!try_multiply_divide(product, price.raw(), quantity.raw(), kDivisor, rounding))
        return tl::unexpected(ArithmeticError::overflow);
    return Money::from_raw(product);
}

// 1 / price, for a pair quoted the other way round.
[[nodiscard]] constexpr Checked<Price> inverse(Price price,
                                               Rounding rounding = Rounding::half_even) {
    return multiply_divide(Price::kOne, Price::kOne, price.raw(), rounding).map(&Price::from_raw);
}

// The nearest multiple of `increment` (a tick, a lot) in the direction that `rounding` says.
template <class Tag, int Scale>
[[nodiscard]] constexpr Checked<FixedPoint<Tag, Scale>> round_to(FixedPoint<Tag, Scale> value,
                                                                 FixedPoint<Tag, Scale> increment,
                                                                 Rounding rounding) {
    if (increment.raw() == 0) return tl::unexpected(ArithmeticError::division_by_zero);
    const int128 steps = divide_rounded(value.raw(), increment.raw(), rounding);
    return narrow(steps * increment.raw()).map(&FixedPoint<Tag, Scale>::from_raw);
}

}  // namespace millrace
