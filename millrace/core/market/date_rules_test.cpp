#include "millrace/core/market/date_rules.hpp"

#include <gtest/gtest.h>
#include <utility>

namespace millrace::market {
namespace {

TEST(DateRules, Find_the_nth_and_the_last_weekday_of_a_month) {
    EXPECT_EQ(nth_weekday(2024, 1, Weekday::monday, 1), (Date{2024, 1, 1}));
    EXPECT_EQ(nth_weekday(2024, 1, Weekday::monday, 3), (Date{2024, 1, 15}));
    EXPECT_EQ(nth_weekday(2024, 11, Weekday::thursday, 4), (Date{2024, 11, 28}));
    EXPECT_EQ(nth_weekday(2023, 9, Weekday::sunday, 1), (Date{2023, 9, 3}));
    EXPECT_EQ(last_weekday(2024, 5, Weekday::monday), (Date{2024, 5, 27}));
    EXPECT_EQ(last_weekday(2021, 5, Weekday::monday), (Date{2021, 5, 31}));
    EXPECT_EQ(last_weekday(2024, 2, Weekday::thursday), (Date{2024, 2, 29}));
    EXPECT_THROW((void)nth_weekday(2024, 2, Weekday::monday, 5), AssertionFailed);
}

TEST(DateRules, Step_over_the_ends_of_months_and_years) {
    EXPECT_EQ(plus_days({2024, 2, 28}, 1), (Date{2024, 2, 29}));
    EXPECT_EQ(plus_days({2025, 1, 1}, -1), (Date{2024, 12, 31}));
}

// 1954, 1981, 2049 and 2076 are the years in which the plain 19-year cycle would give a later
// Sunday; 1818 and 2038 are the earliest and the latest Easter there can be.
TEST(DateRules, Know_easter_in_ordinary_and_in_exceptional_years) {
    const std::pair<int, Date> known[] = {
        {1818, {1818, 3, 22}}, {1954, {1954, 4, 18}}, {1981, {1981, 4, 19}}, {1990, {1990, 4, 15}},
        {2000, {2000, 4, 23}}, {2008, {2008, 3, 23}}, {2011, {2011, 4, 24}}, {2016, {2016, 3, 27}},
        {2019, {2019, 4, 21}}, {2024, {2024, 3, 31}}, {2025, {2025, 4, 20}}, {2026, {2026, 4, 5}},
        {2038, {2038, 4, 25}}, {2049, {2049, 4, 18}}, {2076, {2076, 4, 19}}, {2100, {2100, 3, 28}},
    };
    for (const auto& [year, date] : known)
        EXPECT_EQ(easter_sunday(year), date) << year;
}

}  // namespace
}  // namespace millrace::market
