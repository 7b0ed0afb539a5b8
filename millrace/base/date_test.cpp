#include "millrace/base/date.hpp"

#include <gtest/gtest.h>

namespace millrace {
namespace {

TEST(Date, Counts_days_from_1970) {
    EXPECT_EQ(days_from_civil({1970, 1, 1}), 0);
    EXPECT_EQ(days_from_civil({1969, 12, 31}), -1);
    EXPECT_EQ(days_from_civil({2000, 2, 29}), 11'016);
    EXPECT_EQ(days_from_civil({2000, 3, 1}), 11'017);
    EXPECT_EQ(days_from_civil({2026, 11, 21}), 20'778);
    EXPECT_EQ(days_from_civil({1600, 1, 1}), -135'140);
    EXPECT_EQ(days_from_civil({0, 3, 1}), -719'468);
}

TEST(Date, Knows_the_leap_years_of_the_centuries) {
    EXPECT_TRUE(is_leap_year(2000));
    EXPECT_FALSE(is_leap_year(1900));
    EXPECT_FALSE(is_leap_year(2100));
    EXPECT_TRUE(is_leap_year(2024));
    EXPECT_FALSE(is_valid(Date{2023, 2, 29}));
    EXPECT_FALSE(is_valid(Date{2023, 13, 1}));
    EXPECT_FALSE(is_valid(Date{2023, 4, 31}));
    EXPECT_FALSE(is_valid(Date{2023, 4, 0}));
    EXPECT_TRUE(is_valid(Date{2024, 2, 29}));
}

// Walks every day by the rules of the calendar alone and compares both conversions with the walk.
TEST(Date, Every_day_from_1600_to_2400_converts_there_and_back) {
    Date date{1600, 1, 1};
    for (std::int64_t days = -135'140; date.year < 2401; ++days) {
        ASSERT_EQ(days_from_civil(date), days) << format_date(date);
        ASSERT_EQ(civil_from_days(days), date) << format_date(date);
        if (++date.day <= days_in_month(date.year, date.month)) continue;
        date.day = 1;
        if (++date.month <= 12) continue;
        date.month = 1;
        ++date.year;
    }
}

TEST(Date, Names_the_weekday_before_and_after_1970) {
    EXPECT_EQ(weekday_of({1970, 1, 1}), Weekday::thursday);
    EXPECT_EQ(weekday_of({1969, 12, 31}), Weekday::wednesday);
    EXPECT_EQ(weekday_of({1929, 10, 24}), Weekday::thursday);  // Black Thursday
    EXPECT_EQ(weekday_of({2024, 2, 29}), Weekday::thursday);
    EXPECT_EQ(weekday_of({2026, 11, 22}), Weekday::sunday);
}

TEST(Date, Formats_dates_and_wall_clock_times) {
    EXPECT_EQ(format_date({2026, 1, 2}), "2026-01-02");
    EXPECT_EQ(format_local({{2026, 1, 2}, 0}), "2026-01-02T00:00:00");
    EXPECT_EQ(format_local({{2026, 1, 2}, 86'399'999'999'999}), "2026-01-02T23:59:59.999999999");
}

TEST(Date, Refuses_what_is_not_in_the_calendar_as_our_bug) {
    EXPECT_THROW((void)days_from_civil({2023, 2, 29}), AssertionFailed);
    EXPECT_THROW((void)format_local({{2023, 2, 1}, 86'400'000'000'000}), AssertionFailed);
}

}  // namespace
}  // namespace millrace
