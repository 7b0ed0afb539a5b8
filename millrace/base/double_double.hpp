// DoubleDouble: a number as the unevaluated sum of two doubles, about 106 bits. For sums whose
// order is fixed and whose error must not grow, and inside deterministic_math. Only + − × ÷, so
// every machine gives the same bits; it is right only with contraction off (cmake/options.cmake).
#pragma once

namespace millrace {

struct DoubleDouble {
    double hi = 0;
    double lo = 0;  // at most half a unit in the last place of hi

    [[nodiscard]] constexpr double value() const { return hi + lo; }
    constexpr bool operator==(const DoubleDouble&) const = default;
};

// a + b exactly, when |a| >= |b| or a is zero (Dekker).
[[nodiscard]] constexpr DoubleDouble quick_two_sum(double a, double b) {
    const double sum = a + b;
    return {sum, b - (sum - a)};
}

// a + b exactly (Knuth).
[[nodiscard]] constexpr DoubleDouble two_sum(double a, double b) {
    const double sum = a + b;
    const double b_seen = sum - a;
    return {sum, (a - (sum - b_seen)) + (b - b_seen)};
}

// a × b exactly, by Veltkamp's split, for |a| and |b| below 2^996 and a product that does not
// underflow.
[[nodiscard]] constexpr DoubleDouble two_product(double a, double b) {
    constexpr double kSplitter = 0x1p27 + 1;
    const double a_scaled = a * kSplitter;
    const double b_scaled = b * kSplitter;
    const double a_hi = a_scaled - (a_scaled - a);
    const double b_hi = b_scaled - (b_scaled - b);
    const double a_lo = a - a_hi;
    const double b_lo = b - b_hi;
    const double product = a * b;
    return {product, ((a_hi * b_hi - product) + a_hi * b_lo + a_lo * b_hi) + a_lo * b_lo};
}

[[nodiscard]] constexpr DoubleDouble operator+(DoubleDouble a, DoubleDouble b) {
    const DoubleDouble high = two_sum(a.hi, b.hi);
    const DoubleDouble low = two_sum(a.lo, b.lo);
    const DoubleDouble sum = quick_two_sum(high.hi, high.lo + low.hi);
    return quick_two_sum(sum.hi, sum.lo + low.lo);
}

[[nodiscard]] constexpr DoubleDouble operator-(DoubleDouble a) {
    return {-a.hi, -a.lo};
}

[[nodiscard]] constexpr DoubleDouble operator-(DoubleDouble a, DoubleDouble b) {
    return a + -b;
}

[[nodiscard]] constexpr DoubleDouble operator*(DoubleDouble a, DoubleDouble b) {
    const DoubleDouble product = two_product(a.hi, b.hi);
    return quick_two_sum(product.hi, product.lo + (a.hi * b.lo + a.lo * b.hi));
}

[[nodiscard]] constexpr DoubleDouble operator/(DoubleDouble a, DoubleDouble b) {
    const double first = a.hi / b.hi;
    const DoubleDouble rest = a - b * DoubleDouble{first, 0};
    return quick_two_sum(first, rest.hi / b.hi);
}

}  // namespace millrace
