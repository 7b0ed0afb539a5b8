#include "millrace/core/market/gotobi.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace millrace::market {
namespace {

Gotobi gotobi(GotobiRule rule = {}) {
    return Gotobi::make(std::move(rule)).value();
}

// The base days that come to that date; empty when it is no trade date.
std::vector<Date> bases(const Gotobi& rule, const Date& date) {
    for (const GotobiDate& each : rule.dates(date.year))
        if (each.date == date) return each.base_dates;
    return {};
}

std::ptrdiff_t rolled(const std::vector<GotobiDate>& dates) {
    return std::count_if(dates.begin(), dates.end(),
                         [](const GotobiDate& each) { return each.is_rolled(); });
}

// The predecessor never traded the 21 of 71 dates of 2024 that are no base days themselves.
TEST(Gotobi, Has_71_dates_in_2024_of_which_21_are_rolled) {
    const auto dates = gotobi().dates(2024);
    EXPECT_EQ(dates.size(), 71U);
    EXPECT_EQ(rolled(dates), 21);
    EXPECT_EQ(dates.front(), (GotobiDate{{2024, 1, 5}, {{2024, 1, 5}}}));
    EXPECT_EQ(dates.back(), (GotobiDate{{2024, 12, 30}, {{2024, 12, 30}}}));
}

// 25 February 2024 is a Sunday, Saturday the 24th, and Friday the 23rd the Emperor's Birthday.
TEST(Gotobi, Steps_back_over_the_weekend_and_the_holiday_before_it) {
    EXPECT_EQ(bases(gotobi(), {2024, 2, 22}), (std::vector<Date>{{2024, 2, 25}}));
    EXPECT_FALSE(gotobi().is_trade_date({2024, 2, 25}));
    // Without holidays it is the Friday.
    const Gotobi none = gotobi({.holidays = GotobiHolidays::none});
    EXPECT_TRUE(none.is_trade_date({2024, 2, 23}));
    EXPECT_FALSE(none.is_trade_date({2024, 2, 22}));
    // February has no 30th: nothing stands for it at the end of the month.
    EXPECT_FALSE(gotobi().is_trade_date({2024, 2, 29}));
    EXPECT_FALSE(gotobi().is_trade_date({2023, 2, 28}));
}

// For the Games Marine Day moved to Thursday 23 July 2020, Sports Day to Friday 24 July, Mountain
// Day to Monday 10 August; the Monday of Marine Day (20 July) and of Sports Day (12 October) were
// working days.
TEST(Gotobi, Knows_the_holidays_that_moved_in_2020) {
    const Gotobi rule = gotobi();
    EXPECT_EQ(bases(rule, {2020, 7, 20}), (std::vector<Date>{{2020, 7, 20}}));
    EXPECT_EQ(bases(rule, {2020, 7, 22}), (std::vector<Date>{{2020, 7, 25}}));  // Saturday
    EXPECT_FALSE(rule.is_trade_date({2020, 7, 23}));
    EXPECT_FALSE(rule.is_trade_date({2020, 7, 24}));
    EXPECT_EQ(bases(rule, {2020, 8, 7}), (std::vector<Date>{{2020, 8, 10}}));
    EXPECT_EQ(bases(rule, {2020, 10, 9}), (std::vector<Date>{{2020, 10, 10}}));  // Saturday
    EXPECT_EQ(rule.dates(2020).size(), 71U);
}

// In 2021 Marine Day was Thursday 22 July, Sports Day Friday 23 July, and Mountain Day Sunday 8
// August, so that Monday the 9th was off and Tuesday the 10th was not.
TEST(Gotobi, Knows_the_holidays_that_moved_in_2021) {
    const Gotobi rule = gotobi();
    EXPECT_EQ(bases(rule, {2021, 7, 20}), (std::vector<Date>{{2021, 7, 20}}));
    EXPECT_EQ(bases(rule, {2021, 7, 21}), (std::vector<Date>{{2021, 7, 25}}));  // Sunday
    EXPECT_FALSE(rule.is_trade_date({2021, 7, 22}));
    EXPECT_FALSE(rule.is_trade_date({2021, 7, 23}));
    EXPECT_EQ(bases(rule, {2021, 8, 10}), (std::vector<Date>{{2021, 8, 10}}));
    EXPECT_EQ(bases(rule, {2021, 10, 8}), (std::vector<Date>{{2021, 10, 10}}));  // Sunday
    // Children's Day, Greenery Day and Constitution Day, then a weekend: two base days, one date.
    EXPECT_EQ(bases(rule, {2021, 4, 30}), (std::vector<Date>{{2021, 4, 30}, {2021, 5, 5}}));
    EXPECT_EQ(rule.dates(2021).size(), 70U);
}

// Sunday 5 January 2025 goes to Friday the 3rd, on which banks rest: then to 30 December 2024,
// which is a base day itself.
TEST(Gotobi, Moves_over_the_turn_of_the_year_where_banks_rest) {
    EXPECT_EQ(bases(gotobi(), {2025, 1, 3}), (std::vector<Date>{{2025, 1, 5}}));
    const Gotobi banks = gotobi({.holidays = GotobiHolidays::japan_banks});
    EXPECT_EQ(bases(banks, {2024, 12, 30}), (std::vector<Date>{{2024, 12, 30}, {2025, 1, 5}}));
    EXPECT_FALSE(banks.is_trade_date({2025, 1, 3}));
}

TEST(Gotobi, Takes_other_base_days_and_days_of_your_own) {
    const Gotobi rule = gotobi({.base_days = {10}, .closed = {{2024, 1, 10}}});
    EXPECT_TRUE(rule.is_trade_date({2024, 1, 9}));
    EXPECT_FALSE(rule.is_trade_date({2024, 1, 10}));
    EXPECT_FALSE(rule.is_trade_date({2024, 1, 5}));
    EXPECT_EQ(rule.dates(2024).size(), 12U);
}

TEST(Gotobi, Answers_for_a_date_as_it_lists_the_year) {
    for (const GotobiHolidays holidays :
         {GotobiHolidays::japan, GotobiHolidays::japan_banks, GotobiHolidays::none}) {
        const Gotobi rule = gotobi({.holidays = holidays});
        for (int year = 2019; year <= 2025; ++year) {
            const auto dates = rule.dates(year);
            std::size_t count = 0;
            for (int month = 1; month <= 12; ++month)
                for (int day = 1; day <= days_in_month(year, month); ++day)
                    if (rule.is_trade_date({year, month, day})) ++count;
            EXPECT_EQ(count, dates.size()) << year;
            for (const GotobiDate& each : dates)
                EXPECT_TRUE(rule.is_trade_date(each.date)) << format_date(each.date);
        }
    }
}

TEST(Gotobi, Reads_days_and_dates) {
    EXPECT_EQ(parse_month_days("5, 10,15").value(), (std::vector<int>{5, 10, 15}));
    EXPECT_FALSE(parse_month_days(""));
    EXPECT_FALSE(parse_month_days("5,5"));
    EXPECT_FALSE(parse_month_days("0"));
    EXPECT_FALSE(parse_month_days("32"));
    EXPECT_FALSE(parse_month_days("5x"));
    EXPECT_EQ(parse_dates("2024-12-30\n2024-01-04, 2024-01-04").value(),
              (std::vector<Date>{{2024, 1, 4}, {2024, 12, 30}}));
    EXPECT_TRUE(parse_dates("").value().empty());
    EXPECT_FALSE(parse_dates("2024-02-30"));
    EXPECT_FALSE(Gotobi::make({.base_days = {}}));
    EXPECT_FALSE(Gotobi::make({.base_days = {0}}));
}

}  // namespace
}  // namespace millrace::market
