#include "millrace/core/strategy/indicators/window.hpp"

#include <cmath>
#include <gtest/gtest.h>

#include "millrace/base/random.hpp"
#include "millrace/core/strategy/indicators/averages.hpp"
#include "millrace/core/strategy/indicators/rolling_extreme.hpp"
#include "millrace/core/strategy/indicators/sorted_window.hpp"
#include "millrace/core/strategy/indicators/statistics.hpp"

namespace millrace::indicators {
namespace {

TEST(Window, Gives_back_what_leaves_it) {
    Window window(2);
    EXPECT_EQ(window.push(5), 0);
    EXPECT_EQ(window.push(6), 0);
    EXPECT_TRUE(window.is_full());
    EXPECT_EQ(window.push(7), 5);
    EXPECT_EQ(window.push(8), 6);
    EXPECT_EQ(window.newest(), 8);
}

TEST(Window, Has_bounds) {
    EXPECT_THROW(Window(0), AssertionFailed);
    EXPECT_THROW(Window(kLengthMax + 2), AssertionFailed);
    EXPECT_THROW(ExponentialAverage(0), AssertionFailed);
    EXPECT_THROW(LinearRegression(1), AssertionFailed);
}

TEST(Window, Takes_no_number_that_is_none) {
    Window window(3);
    EXPECT_THROW(window.push(std::numeric_limits<double>::quiet_NaN()), AssertionFailed);
    EXPECT_THROW(window.push(std::numeric_limits<double>::infinity()), AssertionFailed);
    RollingMinimum minimum(3);
    EXPECT_THROW(minimum.update(std::numeric_limits<double>::quiet_NaN()), AssertionFailed);
}

// 10 million numbers of very different size go through; every sum is then that of the window alone,
// which is added up anew here.
TEST(Window, Sums_do_not_drift_in_ten_million_updates) {
    constexpr std::size_t kLength = 100;
    Random random(7);
    WindowSum sum(kLength);
    WindowMoments moments(kLength);
    WeightedAverage weighted(kLength);
    LinearRegression line(kLength);
    std::vector<double> last(kLength);
    for (std::size_t i = 0; i < 10'000'000; ++i) {
        const double size = random.one_in(1'000) ? 1e9 : 100;
        // The end is calm: what the large ones left behind would show.
        const double value = i < 9'999'800 ? size * random.unit() : 100 + random.unit();
        last[i % kLength] = value;
        sum.update(value);
        moments.update(value);
        weighted.update(value);
        line.update(value);
    }
    double fresh = 0;
    double fresh_weighted = 0;
    for (std::size_t i = 0; i < kLength; ++i) {  // 10'000'000 % 100 == 0: oldest first
        fresh += last[i];
        fresh_weighted += static_cast<double>(i + 1) * last[i];
    }
    const double mean = fresh / kLength;
    double squares = 0;
    double products = 0;
    for (std::size_t i = 0; i < kLength; ++i) {
        squares += (last[i] - mean) * (last[i] - mean);
        products += (static_cast<double>(i) - 49.5) * (last[i] - mean);
    }
    EXPECT_NEAR(sum.sum(), fresh, 1e-10);
    EXPECT_NEAR(weighted.value(), fresh_weighted / 5'050, 1e-11);
    EXPECT_NEAR(moments.deviation(Spread::population), std::sqrt(squares / kLength), 1e-12);
    EXPECT_NEAR(line.slope(), products / 83'325, 1e-13);  // 100 · (100² − 1) / 12
}

TEST(WindowSum, Is_exactly_zero_again_when_only_zeros_are_left) {
    WindowSum sum(3);
    for (const double value : {0.1, 1e9, 0.3, 0.0, 0.0, 0.0})
        sum.update(value);
    EXPECT_EQ(sum.sum(), 0);
}

TEST(WindowSum, The_mean_of_equal_numbers_is_that_number) {
    for (const double value : {0.1, 1.0 / 3, 123.45, 9'999.999}) {
        WindowSum sum(7);
        sum.update(1e9);
        for (int i = 0; i < 7; ++i)
            sum.update(value);
        EXPECT_EQ(sum.mean(), value);
    }
}

TEST(WindowMoments, Equal_numbers_have_no_spread_whatever_was_before) {
    WindowMoments moments(4);
    for (const double value : {1e9, -3.7, 0.1, 0.1, 0.1})
        moments.update(value);
    EXPECT_GT(moments.deviation(Spread::population), 0);
    moments.update(0.1);
    EXPECT_EQ(moments.deviation(Spread::population), 0);
}

// 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squares 9+1+1+1+0+0+4+16 = 32; √(32/8) = 2, √(32/7).
TEST(WindowMoments, Tells_population_from_sample) {
    WindowMoments moments(8);
    for (const double value : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0})
        moments.update(value);
    EXPECT_DOUBLE_EQ(moments.deviation(Spread::population), 2);
    EXPECT_DOUBLE_EQ(moments.deviation(Spread::sample), 2.1380899352993952);
}

TEST(RollingExtreme, Is_the_extreme_of_the_window_with_the_age_of_the_newest_such) {
    Random random(11);
    for (const std::int64_t length : {1, 2, 3, 17}) {
        RollingMaximum maximum(length);
        RollingMinimum minimum(length);
        std::vector<double> values;
        for (int i = 0; i < 3'000; ++i) {
            values.push_back(static_cast<double>(random.between(0, 12)));
            maximum.update(values.back());
            minimum.update(values.back());
            const auto size = static_cast<std::int64_t>(values.size());
            std::int64_t high_age = 0;
            std::int64_t low_age = 0;
            for (std::int64_t age = 1; age < std::min(length, size); ++age) {
                const auto at = [&](std::int64_t back) {
                    return values[static_cast<std::size_t>(size - 1 - back)];
                };
                if (at(age) > at(high_age)) high_age = age;
                if (at(age) < at(low_age)) low_age = age;
            }
            ASSERT_EQ(maximum.age(), high_age);
            ASSERT_EQ(minimum.age(), low_age);
            ASSERT_EQ(maximum.value(), values[static_cast<std::size_t>(size - 1 - high_age)]);
            ASSERT_EQ(minimum.value(), values[static_cast<std::size_t>(size - 1 - low_age)]);
            ASSERT_EQ(maximum.is_ready(), size >= length);
        }
    }
}

TEST(SortedWindow, Agrees_with_a_sorted_copy_of_the_window) {
    Random random(13);
    for (const std::int64_t length : {1, 2, 5, 64}) {
        SortedWindow window(length);
        std::vector<double> values;
        for (int i = 0; i < 1'000; ++i) {
            values.push_back(static_cast<double>(random.between(-9, 9)) / 4);
            window.update(values.back());
            const auto size =
                std::min<std::size_t>(values.size(), static_cast<std::size_t>(length));
            std::vector<double> sorted(values.end() - static_cast<std::ptrdiff_t>(size),
                                       values.end());
            std::sort(sorted.begin(), sorted.end());
            double distances = 0;
            for (const double value : sorted)
                distances += std::fabs(value - 0.3);
            for (std::size_t k = 0; k < size; ++k)
                ASSERT_EQ(window.at_rank(static_cast<std::int64_t>(k)), sorted[k]);
            ASSERT_EQ(window.count_below(0.5),
                      std::lower_bound(sorted.begin(), sorted.end(), 0.5) - sorted.begin());
            ASSERT_NEAR(window.mean_distance(0.3), distances / static_cast<double>(size), 1e-12);
        }
    }
}

// Rising, falling and equal numbers are the worst that happens to a search tree.
TEST(SortedWindow, Stays_flat_on_rising_falling_and_equal_numbers) {
    for (const double step : {1.0, -1.0, 0.0}) {
        SortedWindow window(kLengthMax);
        for (int i = 0; i < 250'000; ++i)
            window.update(step * i);  // the depth of the tree is asserted inside
        EXPECT_EQ(window.at_rank(0), step < 0 ? -249'999 : step * 150'000);
    }
}

// 1, 2, 4, 8 with rank 0.9 · 3 = 2.7: 4 + 0.7 · 4 = 6.8.
TEST(SortedWindow, Takes_quantiles_between_two_ranks_in_proportion) {
    SortedWindow window(4);
    for (const double value : {8.0, 1.0, 4.0, 2.0})
        window.update(value);
    EXPECT_EQ(window.quantile(0), 1);
    EXPECT_EQ(window.quantile(0.5), 3);
    EXPECT_DOUBLE_EQ(window.quantile(0.9), 6.8);
    EXPECT_EQ(window.quantile(1), 8);
}

}  // namespace
}  // namespace millrace::indicators
