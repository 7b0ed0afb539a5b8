// The algorithms are table-free series after an exact reduction of the argument; the constants are
// the Taylor coefficients themselves, so that nothing here was fitted or has to be believed. The
// file must be compiled with contraction off; the pinned literals of the test would notice.
#include "millrace/base/deterministic_math.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "millrace/base/double_double.hpp"

namespace millrace {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// ln 2 in two parts: the first has 11 trailing zero bits, so that k × kLn2High is exact for every
// exponent k of a double.
constexpr double kLn2High = 0x1.62e42fefa3800p-1;
constexpr double kLn2Low = 0x1.ef35793c76730p-45;
constexpr double kOverLn2 = 0x1.71547652b82fep+0;

constexpr int kExponentBias = 1023;
constexpr int kMantissaBits = 52;

// 2^k for a normal result.
constexpr double power_of_two(int k) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(k + kExponentBias) << kMantissaBits);
}

// x × 2^k, rounded once where the result is subnormal.
double scaled(double x, int k) {
    if (k > 1'000) return x * power_of_two(k - 100) * power_of_two(100);
    if (k < -1'000) return x * power_of_two(k + 100) * power_of_two(-100);
    return x * power_of_two(k);
}

// 1/2!, 1/3! … 1/14!
constexpr std::array<double, 13> kOverFactorial = [] {
    std::array<double, 13> terms{};
    double factorial = 1;
    for (std::size_t i = 0; i < terms.size(); ++i) {
        factorial *= static_cast<double>(i + 2);
        terms[i] = 1 / factorial;
    }
    return terms;
}();

// e^(x + tail), where the tail is tiny beside x: with k = round(x / ln 2) and r the rest,
// 2^k × (1 + r + r²/2 + …), |r| <= 0.347; the head 1 + r is kept exactly.
double exp_of(double x, double tail) {
    if (x > 709.8) return kInfinity;
    if (x < -745.2) return 0;
    const double k = std::floor(x * kOverLn2 + 0.5);
    const double low = k * kLn2Low - tail;
    const DoubleDouble rest = two_sum(x - k * kLn2High, -low);
    const double r = rest.hi;
    double series = kOverFactorial.back();
    for (std::size_t i = kOverFactorial.size() - 1; i-- > 0;)
        series = kOverFactorial[i] + r * series;
    const DoubleDouble head = quick_two_sum(1, r);
    return scaled(head.hi + (head.lo + (rest.lo + r * r * series)), static_cast<int>(k));
}

// 1/7, 1/9 … 1/31: the far terms of the series below, where a double is precise enough.
constexpr std::array<double, 13> kOverOdd = [] {
    std::array<double, 13> terms{};
    for (std::size_t i = 0; i < terms.size(); ++i)
        terms[i] = 1 / static_cast<double>(2 * i + 7);
    return terms;
}();

// log x for a positive finite x, to about 70 bits: x = 2^k × m with m in [√½, √2), then
// log m = 2 (s + s³/3 + s⁵/5 + …) with s = (m − 1) / (m + 1), |s| <= 0.172.
DoubleDouble log_of(double x) {
    int k = 0;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        k = -54;
    }
    const auto bits = std::bit_cast<std::uint64_t>(x);
    k += static_cast<int>(bits >> kMantissaBits) - kExponentBias;
    constexpr std::uint64_t kMantissa = (std::uint64_t{1} << kMantissaBits) - 1;
    double m =
        std::bit_cast<double>((bits & kMantissa) | std::uint64_t{kExponentBias} << kMantissaBits);
    if (m > 0x1.6a09e667f3bcdp+0) {
        m /= 2;
        ++k;
    }
    const DoubleDouble s = DoubleDouble{m - 1, 0} / two_sum(m, 1);
    const DoubleDouble square = s * s;
    double far = kOverOdd.back();
    for (std::size_t i = kOverOdd.size() - 1; i-- > 0;)
        far = kOverOdd[i] + square.hi * far;
    constexpr DoubleDouble kThird = DoubleDouble{1, 0} / DoubleDouble{3, 0};
    constexpr DoubleDouble kFifth = DoubleDouble{1, 0} / DoubleDouble{5, 0};
    const DoubleDouble near = kThird + square * (kFifth + square * DoubleDouble{far, 0});
    const DoubleDouble half = s + s * (square * near);
    const double exponent = k;
    const DoubleDouble whole = {exponent * kLn2High, 0};  // exact
    return whole + (two_product(exponent, kLn2Low) + DoubleDouble{2 * half.hi, 2 * half.lo});
}

bool is_whole(double y) {
    return std::floor(y) == y;
}

bool is_odd(double y) {
    return is_whole(y) && std::fabs(y) < 0x1p53 && std::floor(y / 2) * 2 != y;
}

// x^y where one of them is zero or infinite, and neither x is 1 nor y is 0.
double pow_at_the_edge(double x, double y) {
    const double size = std::fabs(x);
    if (std::isinf(y)) {
        if (size == 1) return 1;
        return (size > 1) == (y > 0) ? kInfinity : 0;
    }
    const double result = (size == 0) == (y > 0) ? 0 : kInfinity;
    return std::signbit(x) && is_odd(y) ? -result : result;
}

constexpr DoubleDouble kOverSqrtTwoPi = {0x1.9884533d43651p-2,
                                         -0x1.cbc0d30ebfd15p-56};  // 1 / √(2π)

// φ(x), the density; x² is carried in two parts because e^(−x²/2) magnifies its rounding.
double normal_density(double x) {
    const DoubleDouble square = two_product(x, x);
    return kOverSqrtTwoPi.hi * exp_of(-square.hi / 2, -square.lo / 2);
}

constexpr double kCentre = 2;  // series inside, continued fraction outside

// (−1)^n / (2^n × n! × (2n + 1)): the series of the normal integral from 0.
constexpr std::array<DoubleDouble, 32> kNormalSeries = [] {
    std::array<DoubleDouble, 32> terms{};
    DoubleDouble divisor = {1, 0};
    for (std::size_t n = 0; n < terms.size(); ++n) {
        if (n > 0) divisor = divisor * DoubleDouble{-2.0 * static_cast<double>(n), 0};
        const DoubleDouble odd = {2.0 * static_cast<double>(n) + 1, 0};
        terms[n] = DoubleDouble{1, 0} / (divisor * odd);
    }
    return terms;
}();

// normal_cdf(x) − ½ for |x| <= kCentre: (x − x³/(2·3) + x⁵/(4·2·5) − …) / √(2π). In two parts,
// because near −2 the half that is added cancels all but its last digits.
DoubleDouble from_the_middle(double x) {
    const DoubleDouble square = two_product(x, x);
    DoubleDouble series = kNormalSeries.back();
    for (std::size_t n = kNormalSeries.size() - 1; n-- > 0;)
        series = kNormalSeries[n] + square * series;
    return kOverSqrtTwoPi * (DoubleDouble{x, 0} * series);
}

// The chance of a draw beyond x >= kCentre: φ(x) / (x + 1/(x + 2/(x + 3/…))) (Laplace), from the
// inside out. The nearer to the middle, the more terms it needs.
double upper_tail(double x) {
    if (x > 39) return 0;
    const int terms = 20 + static_cast<int>(400 / (x * x));
    double fraction = x;
    for (int n = terms; n > 0; --n)
        fraction = x + n / fraction;
    return normal_density(x) / fraction;
}

// The x >= kCentre whose upper tail is `chance`: a guess within 0.1 (Abramowitz and Stegun 26.2.23;
// 4.5e-4 where chance > 1e-9), then Halley's steps, each of which triples the digits.
double upper_tail_quantile(double chance) {
    const double t = std::sqrt(-2 * deterministic_log(chance));
    double x = t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                       (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    constexpr int kSteps = 5;
    for (int step = 0; step < kSteps; ++step) {
        const double u = (upper_tail(x) - chance) / normal_density(x);
        x += u / (1 - x * u / 2);
    }
    return x;
}

// The x with from_the_middle(x) = q, |q| <= 0.478, from the slope at 0 by Halley's steps.
double middle_quantile(double q) {
    double x = q / kOverSqrtTwoPi.hi;
    constexpr int kSteps = 5;
    for (int step = 0; step < kSteps; ++step) {
        const double u = (from_the_middle(x) - DoubleDouble{q, 0}).value() / normal_density(x);
        x -= u / (1 + x * u / 2);
    }
    return x;
}

}  // namespace

double deterministic_exp(double x) {
    if (std::isnan(x)) return kNaN;
    return exp_of(x, 0);
}

double deterministic_log(double x) {
    if (std::isnan(x) || x < 0) return kNaN;
    if (x == 0) return -kInfinity;
    if (x == kInfinity) return kInfinity;
    return log_of(x).value();
}

double deterministic_log1p(double x) {
    if (std::isnan(x) || x < -1) return kNaN;
    if (x == -1) return -kInfinity;
    if (x == kInfinity) return kInfinity;
    if (x == 0) return x;  // keeps the sign of zero
    const DoubleDouble sum = two_sum(1, x);
    // log(hi + lo) = log(hi) + t − t²/2 … with t = lo / hi
    const DoubleDouble t = DoubleDouble{sum.lo, 0} / DoubleDouble{sum.hi, 0};
    return (log_of(sum.hi) + (t - DoubleDouble{t.hi * t.hi / 2, 0})).value();
}

double deterministic_pow(double x, double y) {
    if (y == 0 || x == 1) return 1;
    if (std::isnan(x) || std::isnan(y)) return kNaN;
    if (x == 0 || std::isinf(x) || std::isinf(y)) return pow_at_the_edge(x, y);
    if (x < 0 && !is_whole(y)) return kNaN;
    const double sign = x < 0 && is_odd(y) ? -1 : 1;
    if (x == -1) return sign;
    const DoubleDouble log = log_of(std::fabs(x));
    const double rough = y * log.hi;
    if (rough > 710) return sign * kInfinity;
    if (rough < -746) return sign * 0.0;
    const DoubleDouble exponent = two_product(y, log.hi);
    return sign * exp_of(exponent.hi, exponent.lo + y * log.lo);
}

double normal_cdf(double x) {
    if (std::isnan(x)) return kNaN;
    if (x < -kCentre) return upper_tail(-x);
    if (x > kCentre) return 1 - upper_tail(x);
    return (DoubleDouble{0.5, 0} + from_the_middle(x)).value();
}

double normal_quantile(double p) {
    if (std::isnan(p) || p < 0 || p > 1) return kNaN;
    if (p == 0) return -kInfinity;
    if (p == 1) return kInfinity;
    const double q = p - 0.5;
    if (std::fabs(q) <= 0.477) return middle_quantile(q);
    return q < 0 ? -upper_tail_quantile(p) : upper_tail_quantile(1 - p);
}

}  // namespace millrace
