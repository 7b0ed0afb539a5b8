#include "millrace/core/report/moments.hpp"

#include <gtest/gtest.h>

namespace millrace::report {
namespace {

Moments of(std::initializer_list<double> values) {
    Moments moments;
    for (const double value : values)
        moments.add(value);
    return moments;
}

TEST(Moments, Are_those_worked_by_hand) {
    // 1 2 3 6: mean 3, deviations -2 -1 0 3, their squares 14, cubes 18, fourth powers 98.
    const Moments moments = of({1, 2, 3, 6});
    EXPECT_EQ(moments.count(), 4);
    EXPECT_EQ(moments.mean(), 3);
    EXPECT_EQ(moments.least(), 1);
    EXPECT_EQ(moments.greatest(), 6);
    EXPECT_DOUBLE_EQ(moments.standard_deviation(), 2.1602468994692869);  // √(14/3)
    EXPECT_DOUBLE_EQ(moments.skewness(), 0.68724319348909124);           // (18/4) / (14/4)^1.5
    EXPECT_DOUBLE_EQ(moments.kurtosis(), 2.0);                           // (98/4) / (14/4)²
}

TEST(Moments, Downside_is_the_root_mean_square_of_the_losses_over_all) {
    EXPECT_DOUBLE_EQ(of({-3, 4, -1, 10, 2, 2, 1, 1, 2, 2}).downside_deviation(), 1);  // √(10/10)
    EXPECT_EQ(of({1, 2}).downside_deviation(), 0);
}

TEST(Moments, Keep_a_small_spread_around_a_large_mean) {
    // The textbook sum of squares loses all of it: 1e16 has no room for 2/3.
    const Moments moments = of({1e8, 1e8 + 1, 1e8 + 2});
    EXPECT_EQ(moments.standard_deviation(), 1);
    EXPECT_EQ(moments.skewness(), 0);
    EXPECT_FALSE(moments.varies());  // 1e-8 of the mean is what the rounding of money leaves
    EXPECT_TRUE(of({1e6, 1e6 + 1}).varies());
}

TEST(Moments, Equal_numbers_do_not_vary) {
    EXPECT_FALSE(of({0, 0, 0}).varies());
    EXPECT_FALSE(of({0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}).varies());
    EXPECT_FALSE(of({0.1}).varies());
    EXPECT_TRUE(of({-1e-12, 1e-12}).varies());
}

}  // namespace
}  // namespace millrace::report
