#include "millrace/core/report/metric.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <set>

#include "millrace/base/assert.hpp"

namespace millrace::report {
namespace {

TEST(Metric, Turns_what_is_not_finite_or_beyond_all_use_into_a_reason) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(Metric::number(kInfinity), Metric(Reason::out_of_range));
    EXPECT_EQ(Metric::number(-kInfinity), Metric(Reason::out_of_range));
    EXPECT_EQ(Metric::number(std::nan("")), Metric(Reason::out_of_range));
    EXPECT_EQ(Metric::number(9'007'199'254'740'994), Metric(Reason::out_of_range));
    EXPECT_EQ(Metric::number(-9'007'199'254'740'992).as_number(), -0x1p53);
}

TEST(Metric, Has_no_negative_zero) {
    EXPECT_FALSE(std::signbit(Metric::number(-0.0).as_number()));
}

TEST(Metric, Turns_money_beyond_64_bits_into_a_reason) {
    EXPECT_EQ(Metric::money(int128{INT64_MAX}), Metric::money(Money::from_raw(INT64_MAX)));
    EXPECT_EQ(Metric::money(int128{INT64_MAX} + 1), Metric(Reason::out_of_range));
    EXPECT_EQ(Metric::money(-int128{INT64_MAX} - 1), Metric(Reason::out_of_range));
}

TEST(Metric, Gives_only_what_it_has) {
    EXPECT_EQ(Metric(Reason::no_trades).reason(), Reason::no_trades);
    EXPECT_THROW((void)Metric(Reason::no_trades).as_number(), AssertionFailed);
    EXPECT_THROW((void)Metric::count(3).as_number(), AssertionFailed);
    EXPECT_THROW((void)Metric::number(3).reason(), AssertionFailed);
}

TEST(Metric, Names_are_different_lower_case_words) {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < kMetricCount; ++i) {
        const std::string_view name = name_of(static_cast<MetricId>(i));
        EXPECT_TRUE(names.insert(name).second) << name;
        EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), name.npos)
            << name;
    }
    EXPECT_EQ(name_of(MetricId::sharpe_ratio), "sharpe_ratio");
    EXPECT_EQ(name_of(MetricId::information_ratio), "information_ratio");
}

TEST(Metric, Reasons_are_different_words) {
    std::set<std::string_view> words;
    for (std::size_t i = 0; i < kReasonCount; ++i)
        EXPECT_TRUE(words.insert(describe(static_cast<Reason>(i))).second) << i;
}

}  // namespace
}  // namespace millrace::report
