// Two promises: within one unit in the last place of the long double C library over millions of
// points, and the very same bits everywhere (pinned below; the literals are the true values rounded
// once, from 80-digit decimal arithmetic, unless a line says how far they are).
#include "millrace/base/deterministic_math.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "millrace/base/double_double.hpp"
#include "millrace/base/random.hpp"

namespace millrace {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int kPoints = 1'000'000;

double unit_in_the_last_place(double value) {
    const double size = std::fabs(value);
    return std::nextafter(size, kInfinity) - size;
}

// The largest error in units of the last place over `count` draws of a point.
template <class Draw, class Ours, class Reference>
double worst_error(Draw draw, Ours ours, Reference reference, int count = kPoints) {
    Random random(20'240'131);
    double worst = 0;
    for (int i = 0; i < count; ++i) {
        const auto point = draw(random);
        const long double expected = reference(point);
        const long double difference = static_cast<long double>(ours(point)) - expected;
        const auto unit =
            static_cast<long double>(unit_in_the_last_place(static_cast<double>(expected)));
        const auto error = static_cast<double>(std::fabs(difference) / unit);
        if (!(error <= worst)) worst = error;  // NaN too
    }
    return worst;
}

auto uniform(double low, double high) {
    return [=](Random& random) { return low + (high - low) * random.unit(); };
}

long double exact_exp(double x) {
    return std::exp(static_cast<long double>(x));
}
long double exact_log(double x) {
    return std::log(static_cast<long double>(x));
}
long double exact_log1p(double x) {
    return std::log1p(static_cast<long double>(x));
}
long double exact_cdf(double x) {
    return std::erfc(-static_cast<long double>(x) / std::sqrt(2.0L)) / 2;
}

struct Power {
    double x, y;
};
double our_pow(Power power) {
    return deterministic_pow(power.x, power.y);
}
long double exact_pow(Power power) {
    return std::pow(static_cast<long double>(power.x), static_cast<long double>(power.y));
}

TEST(DeterministicMath, Exp_is_within_one_unit_in_the_last_place) {
    EXPECT_LT(worst_error(uniform(-745, 709.7), deterministic_exp, exact_exp), 0.8);
    EXPECT_LT(worst_error(uniform(-1, 1), deterministic_exp, exact_exp), 0.8);
    EXPECT_LT(worst_error(uniform(-745.1, -708), deterministic_exp, exact_exp), 0.8);
}

TEST(DeterministicMath, Log_is_within_one_unit_in_the_last_place) {
    const auto any_size = [](Random& random) {
        const double mantissa = 1 + random.unit();
        return std::ldexp(mantissa, static_cast<int>(random.between(-1074, 1023)));
    };
    EXPECT_LT(worst_error(any_size, deterministic_log, exact_log), 0.51);
    EXPECT_LT(worst_error(uniform(0.3, 3), deterministic_log, exact_log), 0.51);
    EXPECT_LT(worst_error(uniform(0.9999, 1.0001), deterministic_log, exact_log), 0.51);
}

TEST(DeterministicMath, Log1p_is_within_one_unit_in_the_last_place) {
    const auto any_size = [](Random& random) {
        const double mantissa = 2 * random.unit() - 1;
        return std::ldexp(mantissa, static_cast<int>(random.between(-1000, 0)));
    };
    EXPECT_LT(worst_error(any_size, deterministic_log1p, exact_log1p), 0.51);
    EXPECT_LT(worst_error(uniform(-0.999, 9), deterministic_log1p, exact_log1p), 0.51);
}

TEST(DeterministicMath, Pow_is_within_one_unit_in_the_last_place) {
    const auto wide = [](Random& random) {
        const double x = std::ldexp(1 + random.unit(), static_cast<int>(random.between(-140, 140)));
        return Power{x, 7 * (2 * random.unit() - 1)};
    };
    const auto growth = [](Random& random) {
        const double x = 0.5 + 1.5 * random.unit();
        return Power{x, 1'000 * (2 * random.unit() - 1)};
    };
    const auto near_one = [](Random& random) {
        const double x = 1 + 1e-6 * (2 * random.unit() - 1);
        return Power{x, 6e8 * (2 * random.unit() - 1)};
    };
    EXPECT_LT(worst_error(wide, our_pow, exact_pow), 0.8);
    EXPECT_LT(worst_error(growth, our_pow, exact_pow), 0.8);
    EXPECT_LT(worst_error(near_one, our_pow, exact_pow), 0.8);
}

TEST(DeterministicMath, Normal_cdf_is_within_four_units_in_the_far_tail_and_one_in_the_middle) {
    EXPECT_LT(worst_error(uniform(-37, -2), normal_cdf, exact_cdf), 4.0);
    EXPECT_LT(worst_error(uniform(-2, 8), normal_cdf, exact_cdf), 0.6);
}

TEST(DeterministicMath, Normal_quantile_is_undone_by_the_cdf) {
    Random random(7);
    for (int i = 0; i < 100'000; ++i) {
        const double mantissa = 1 + random.unit();
        const double p = std::ldexp(mantissa, static_cast<int>(random.between(-1'000, -2)));
        const double x = normal_quantile(p);
        // One rounding of x moves the chance by x × step of x / Mills ratio, at most x² units.
        const double allowed = 8 + 2 * x * x;
        EXPECT_LT(std::fabs(normal_cdf(x) - p), allowed * unit_in_the_last_place(p)) << p;
        const double mirror = p > 1e-10 ? normal_quantile(1 - p) : -x;
        EXPECT_NEAR(mirror, -x, 2e-6) << p;
    }
}

TEST(DeterministicMath, Pinned_bits_of_exp) {
    EXPECT_EQ(deterministic_exp(1), 0x1.5bf0a8b145769p+1);
    EXPECT_EQ(deterministic_exp(-1), 0x1.78b56362cef38p-2);
    EXPECT_EQ(deterministic_exp(0.1), 0x1.1aec7b35a00d4p+0);
    EXPECT_EQ(deterministic_exp(10), 0x1.5829dcf95056p+14);
    EXPECT_EQ(deterministic_exp(-20.5), 0x1.57a3afeed00abp-30);
    EXPECT_EQ(deterministic_exp(700), 0x1.d945df4f8ec8ep+1009);
    EXPECT_EQ(deterministic_exp(-744), 0x0.0000000000002p-1022);
}

TEST(DeterministicMath, Pinned_bits_of_log_and_log1p) {
    EXPECT_EQ(deterministic_log(2), 0x1.62e42fefa39efp-1);
    EXPECT_EQ(deterministic_log(10), 0x1.26bb1bbb55516p+1);
    EXPECT_EQ(deterministic_log(0.1), -0x1.26bb1bbb55515p+1);
    EXPECT_EQ(deterministic_log(1.0000001), 0x1.ad7f2847b6492p-24);
    EXPECT_EQ(deterministic_log(1e+300), 0x1.5963447f87fb5p+9);
    EXPECT_EQ(deterministic_log(0.75), -0x1.269621134db92p-2);
    EXPECT_EQ(deterministic_log1p(1e-10), 0x1.b7cdfd9d1d693p-34);
    EXPECT_EQ(deterministic_log1p(-0.5), -0x1.62e42fefa39efp-1);
    EXPECT_EQ(deterministic_log1p(0.05), 0x1.8fb063ef2c7eap-5);
    EXPECT_EQ(deterministic_log1p(3), 0x1.62e42fefa39efp+0);
}

TEST(DeterministicMath, Pinned_bits_of_pow) {
    EXPECT_EQ(deterministic_pow(2, 0.5), 0x1.6a09e667f3bccp+0);  // -1 unit
    EXPECT_EQ(deterministic_pow(1.1, 365.25), 0x1.2ad377332d564p+50);
    EXPECT_EQ(deterministic_pow(0.9, 12), 0x1.2135355a70fb8p-2);
    EXPECT_EQ(deterministic_pow(1.0005, 252), 0x1.225df9b40f0e9p+0);
    EXPECT_EQ(deterministic_pow(10, -300.5), 0x1.b1b75833790cap-999);
    EXPECT_EQ(deterministic_pow(1.5, 4.058333333333334), 0x1.4bc12fd0fa81ep+2);  // -1 unit
}

TEST(DeterministicMath, Pinned_bits_of_the_normal_distribution) {
    EXPECT_EQ(normal_cdf(-3), 0x1.61de1f985b5d7p-10);
    EXPECT_EQ(normal_cdf(-1.96), 0x1.9990c58859312p-6);
    EXPECT_EQ(normal_cdf(-0.5), 0x1.3bf143b9aa712p-2);
    EXPECT_EQ(normal_cdf(0.25), 0x1.3289a2b16ed6cp-1);
    EXPECT_EQ(normal_cdf(1), 0x1.aec4bd120d37dp-1);
    EXPECT_EQ(normal_cdf(-2.5), 0x1.96f4e57e49ce5p-8);  // +1 unit
    EXPECT_EQ(normal_quantile(0.975), 0x1.f5c0331eeff83p+0);
    EXPECT_EQ(normal_quantile(0.95), 0x1.a515209676abbp+0);
    EXPECT_EQ(normal_quantile(0.3), -0x1.0c7e39582c5fbp-1);
    EXPECT_EQ(normal_quantile(0.001), -0x1.8b8cbb7204471p+1);
    EXPECT_EQ(normal_quantile(0.5000001), 0x1.0d25ac5f0e9c8p-22);
    EXPECT_EQ(normal_quantile(0.99), 0x1.29c5c4630ff0ep+1);
}

TEST(DeterministicMath, Says_infinity_or_nan_where_the_functions_have_no_value) {
    EXPECT_EQ(deterministic_exp(709.8), kInfinity);
    EXPECT_EQ(deterministic_exp(-745.2), 0);
    EXPECT_EQ(deterministic_exp(-kInfinity), 0);
    EXPECT_EQ(deterministic_exp(kInfinity), kInfinity);
    EXPECT_TRUE(std::isnan(deterministic_exp(std::nan(""))));
    EXPECT_EQ(deterministic_log(0), -kInfinity);
    EXPECT_EQ(deterministic_log(1), 0);
    EXPECT_EQ(deterministic_log(kInfinity), kInfinity);
    EXPECT_TRUE(std::isnan(deterministic_log(-1e-300)));
    EXPECT_EQ(deterministic_log1p(-1), -kInfinity);
    EXPECT_TRUE(std::isnan(deterministic_log1p(-1.5)));
    EXPECT_TRUE(std::signbit(deterministic_log1p(-0.0)));
    EXPECT_EQ(normal_cdf(-kInfinity), 0);
    EXPECT_EQ(normal_cdf(kInfinity), 1);
    EXPECT_EQ(normal_cdf(0), 0.5);
    EXPECT_EQ(normal_quantile(0.5), 0);
    EXPECT_EQ(normal_quantile(0), -kInfinity);
    EXPECT_EQ(normal_quantile(1), kInfinity);
    EXPECT_TRUE(std::isnan(normal_quantile(1.0000000000000002)));
    EXPECT_TRUE(std::isnan(normal_quantile(-1e-9)));
}

TEST(DeterministicMath, Pow_agrees_with_the_c_library_on_every_pair_of_special_values) {
    constexpr double kSpecial[] = {0.0,
                                   -0.0,
                                   1,
                                   -1,
                                   2,
                                   -2,
                                   3,
                                   -3,
                                   0.5,
                                   -0.5,
                                   1e300,
                                   -1e300,
                                   1e-300,
                                   -1e-300,
                                   kInfinity,
                                   -kInfinity,
                                   std::numeric_limits<double>::quiet_NaN()};
    for (const double x : kSpecial) {
        for (const double y : kSpecial) {
            const double expected = std::pow(x, y);
            const double result = deterministic_pow(x, y);
            if (std::isnan(expected)) {
                EXPECT_TRUE(std::isnan(result)) << x << " ^ " << y;
            } else {
                EXPECT_DOUBLE_EQ(result, expected) << x << " ^ " << y;
                EXPECT_EQ(std::signbit(result), std::signbit(expected)) << x << " ^ " << y;
            }
        }
    }
}

TEST(DoubleDouble, Keeps_what_a_double_loses) {
    const DoubleDouble third = DoubleDouble{1, 0} / DoubleDouble{3, 0};
    const DoubleDouble one = third + third + third;
    EXPECT_EQ(one.hi, 1);
    EXPECT_LT(std::fabs(one.lo), 0x1p-100);
    EXPECT_EQ((DoubleDouble{1e16, 0} + DoubleDouble{1, 0} - DoubleDouble{1e16, 0}).value(), 1);
    EXPECT_EQ(two_product(0x1.0000001p0, 0x1.0000001p0), (DoubleDouble{0x1.0000002p0, 0x1p-56}));
}

}  // namespace
}  // namespace millrace
