#include "millrace/core/market/us_holidays.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "millrace/core/market/date_rules.hpp"

namespace millrace::market {
namespace {

using Dates = std::vector<std::string>;

// "01-15" for each weekday of the year on which the exchanges are closed.
Dates holidays(int year) {
    Dates found;
    for (Date date{year, 1, 1}; date.year == year; date = plus_days(date, 1))
        if (!us_market_holiday(date).empty()) found.push_back(format_date(date).substr(5));
    return found;
}

// "07-03" for each short day, with the hour where it is not one o'clock.
Dates short_days(int year) {
    Dates found;
    for (Date date{year, 1, 1}; date.year == year; date = plus_days(date, 1)) {
        if (is_weekend(weekday_of(date)) || !us_market_holiday(date).empty()) continue;
        const auto minute = us_early_close_minute(date);
        if (!minute) continue;
        found.push_back(format_date(date).substr(5));
        if (*minute != 780) found.back() += " at " + std::to_string(*minute / 60);
    }
    return found;
}

TEST(UsHolidays, Are_those_the_exchange_announced) {
    EXPECT_EQ(holidays(1997),
              (Dates{"01-01", "02-17", "03-28", "05-26", "07-04", "09-01", "11-27", "12-25"}));
    EXPECT_EQ(holidays(1998), (Dates{"01-01", "01-19", "02-16", "04-10", "05-25", "07-03", "09-07",
                                     "11-26", "12-25"}));
    EXPECT_EQ(holidays(2021), (Dates{"01-01", "01-18", "02-15", "04-02", "05-31", "07-05", "09-06",
                                     "11-25", "12-24"}));
    EXPECT_EQ(holidays(2022), (Dates{"01-17", "02-21", "04-15", "05-30", "06-20", "07-04", "09-05",
                                     "11-24", "12-26"}));
    EXPECT_EQ(holidays(2023), (Dates{"01-02", "01-16", "02-20", "04-07", "05-29", "06-19", "07-04",
                                     "09-04", "11-23", "12-25"}));
    EXPECT_EQ(holidays(2024), (Dates{"01-01", "01-15", "02-19", "03-29", "05-27", "06-19", "07-04",
                                     "09-02", "11-28", "12-25"}));
    EXPECT_EQ(holidays(2026), (Dates{"01-01", "01-19", "02-16", "04-03", "05-25", "06-19", "07-03",
                                     "09-07", "11-26", "12-25"}));
}

TEST(UsHolidays, Include_the_closures_that_no_rule_foresaw) {
    EXPECT_EQ(holidays(1994),
              (Dates{"02-21", "04-01", "04-27", "05-30", "07-04", "09-05", "11-24", "12-26"}));
    EXPECT_EQ(holidays(2001), (Dates{"01-01", "01-15", "02-19", "04-13", "05-28", "07-04", "09-03",
                                     "09-11", "09-12", "09-13", "09-14", "11-22", "12-25"}));
    EXPECT_EQ(holidays(2004), (Dates{"01-01", "01-19", "02-16", "04-09", "05-31", "06-11", "07-05",
                                     "09-06", "11-25", "12-24"}));
    EXPECT_EQ(holidays(2007), (Dates{"01-01", "01-02", "01-15", "02-19", "04-06", "05-28", "07-04",
                                     "09-03", "11-22", "12-25"}));
    EXPECT_EQ(holidays(2012), (Dates{"01-02", "01-16", "02-20", "04-06", "05-28", "07-04", "09-03",
                                     "10-29", "10-30", "11-22", "12-25"}));
    EXPECT_EQ(holidays(2018), (Dates{"01-01", "01-15", "02-19", "03-30", "05-28", "07-04", "09-03",
                                     "11-22", "12-05", "12-25"}));
    EXPECT_EQ(holidays(2025), (Dates{"01-01", "01-09", "01-20", "02-17", "04-18", "05-26", "06-19",
                                     "07-04", "09-01", "11-27", "12-25"}));
    EXPECT_EQ(us_market_holiday({2012, 10, 29}), "Hurricane Sandy");
    EXPECT_EQ(us_market_holiday({2025, 1, 9}), "Mourning for President Carter");
}

// 1 January 2022 was a Saturday, and so was 1 January 2011.
TEST(UsHolidays, Keep_the_last_day_of_the_year_open_when_new_year_is_a_saturday) {
    EXPECT_EQ(us_market_holiday({2021, 12, 31}), "");
    EXPECT_EQ(us_market_holiday({2010, 12, 31}), "");
    EXPECT_EQ(us_market_holiday({2023, 1, 2}), "New Year's Day");
}

TEST(UsHolidays, Begin_in_the_year_that_the_exchange_took_them_up) {
    EXPECT_EQ(us_market_holiday({1997, 1, 20}), "");
    EXPECT_EQ(us_market_holiday({1998, 1, 19}), "Martin Luther King Jr. Day");
    EXPECT_EQ(us_market_holiday({2021, 6, 18}), "");
    EXPECT_EQ(us_market_holiday({2022, 6, 20}), "Juneteenth");
    EXPECT_EQ(us_market_holiday({2027, 6, 18}), "Juneteenth");  // the 19th is a Saturday
}

TEST(UsHolidays, Say_which_days_are_short) {
    EXPECT_EQ(short_days(1990), (Dates{"12-24 at 14"}));
    EXPECT_EQ(short_days(1992), (Dates{"11-27 at 14", "12-24 at 14"}));
    EXPECT_EQ(short_days(1993), (Dates{"11-26"}));
    EXPECT_EQ(short_days(1995), (Dates{"07-03", "11-24"}));
    EXPECT_EQ(short_days(1996), (Dates{"07-05", "11-29", "12-24"}));
    EXPECT_EQ(short_days(1997), (Dates{"07-03", "11-28", "12-24", "12-26"}));
    EXPECT_EQ(short_days(2002), (Dates{"07-05", "11-29", "12-24"}));
    EXPECT_EQ(short_days(2003), (Dates{"07-03", "11-28", "12-24", "12-26"}));
    EXPECT_EQ(short_days(2012), (Dates{"07-03", "11-23", "12-24"}));
    EXPECT_EQ(short_days(2013), (Dates{"07-03", "11-29", "12-24"}));
    EXPECT_EQ(short_days(2020), (Dates{"11-27", "12-24"}));  // 3 July is the holiday itself
    EXPECT_EQ(short_days(2021), (Dates{"11-26"}));           // 24 December is the holiday itself
    EXPECT_EQ(short_days(2022), (Dates{"11-25"}));           // 3 July and 24 December at weekends
    EXPECT_EQ(short_days(2023), (Dates{"07-03", "11-24"}));
    EXPECT_EQ(short_days(2024), (Dates{"07-03", "11-29", "12-24"}));
    EXPECT_EQ(short_days(2025), (Dates{"07-03", "11-28", "12-24"}));
    EXPECT_EQ(short_days(2026), (Dates{"11-27", "12-24"}));
    EXPECT_EQ(us_early_close_minute({2021, 12, 24}), std::nullopt);
    EXPECT_EQ(us_early_close_minute({2020, 7, 3}), std::nullopt);
}

}  // namespace
}  // namespace millrace::market
