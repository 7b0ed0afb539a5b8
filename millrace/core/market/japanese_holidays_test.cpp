#include "millrace/core/market/japanese_holidays.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "millrace/core/market/date_rules.hpp"

namespace millrace::market {
namespace {

using Dates = std::vector<std::string>;

// "01-08 Coming of Age Day" for each holiday of the year, weekends included.
Dates named(int year) {
    Dates found;
    for (Date date{year, 1, 1}; date.year == year; date = plus_days(date, 1))
        if (const auto name = japanese_holiday(date); !name.empty())
            found.push_back(format_date(date).substr(5) + ' ' + std::string(name));
    return found;
}

Dates dates(int year) {
    Dates found = named(year);
    for (std::string& line : found)
        line.resize(5);
    return found;
}

TEST(JapaneseHolidays, Of_2024_have_their_names) {
    EXPECT_EQ(named(2024), (Dates{"01-01 New Year's Day",
                                  "01-08 Coming of Age Day",
                                  "02-11 National Foundation Day",
                                  "02-12 Substitute Holiday",
                                  "02-23 Emperor's Birthday",
                                  "03-20 Vernal Equinox Day",
                                  "04-29 Showa Day",
                                  "05-03 Constitution Memorial Day",
                                  "05-04 Greenery Day",
                                  "05-05 Children's Day",
                                  "05-06 Substitute Holiday",
                                  "07-15 Marine Day",
                                  "08-11 Mountain Day",
                                  "08-12 Substitute Holiday",
                                  "09-16 Respect for the Aged Day",
                                  "09-22 Autumnal Equinox Day",
                                  "09-23 Substitute Holiday",
                                  "10-14 Sports Day",
                                  "11-03 Culture Day",
                                  "11-04 Substitute Holiday",
                                  "11-23 Labour Thanksgiving Day"}));
}

TEST(JapaneseHolidays, Of_2019_have_ten_days_off_around_the_enthronement) {
    EXPECT_EQ(named(2019), (Dates{"01-01 New Year's Day",
                                  "01-14 Coming of Age Day",
                                  "02-11 National Foundation Day",
                                  "03-21 Vernal Equinox Day",
                                  "04-29 Showa Day",
                                  "04-30 Citizens' Holiday",
                                  "05-01 Enthronement Day",
                                  "05-02 Citizens' Holiday",
                                  "05-03 Constitution Memorial Day",
                                  "05-04 Greenery Day",
                                  "05-05 Children's Day",
                                  "05-06 Substitute Holiday",
                                  "07-15 Marine Day",
                                  "08-11 Mountain Day",
                                  "08-12 Substitute Holiday",
                                  "09-16 Respect for the Aged Day",
                                  "09-23 Autumnal Equinox Day",
                                  "10-14 Health and Sports Day",
                                  "10-22 Enthronement Ceremony",
                                  "11-03 Culture Day",
                                  "11-04 Substitute Holiday",
                                  "11-23 Labour Thanksgiving Day"}));
}

TEST(JapaneseHolidays, Of_2020_and_2021_are_moved_for_the_olympic_games) {
    EXPECT_EQ(dates(2020), (Dates{"01-01", "01-13", "02-11", "02-23", "02-24", "03-20", "04-29",
                                  "05-03", "05-04", "05-05", "05-06", "07-23", "07-24", "08-10",
                                  "09-21", "09-22", "11-03", "11-23"}));
    EXPECT_EQ(dates(2021), (Dates{"01-01", "01-11", "02-11", "02-23", "03-20", "04-29", "05-03",
                                  "05-04", "05-05", "07-22", "07-23", "08-08", "08-09", "09-20",
                                  "09-23", "11-03", "11-23"}));
    EXPECT_EQ(japanese_holiday({2021, 7, 23}), "Sports Day");
    EXPECT_EQ(japanese_holiday({2021, 8, 9}), "Substitute Holiday");
}

TEST(JapaneseHolidays, Of_2026_have_a_sandwiched_day_in_september) {
    EXPECT_EQ(dates(2026), (Dates{"01-01", "01-12", "02-11", "02-23", "03-20", "04-29", "05-03",
                                  "05-04", "05-05", "05-06", "07-20", "08-11", "09-21", "09-22",
                                  "09-23", "10-12", "11-03", "11-23"}));
    EXPECT_EQ(japanese_holiday({2026, 9, 22}), "Citizens' Holiday");
    EXPECT_EQ(japanese_holiday({2026, 5, 6}), "Substitute Holiday");
}

TEST(JapaneseHolidays, Of_the_last_century_follow_the_laws_of_their_time) {
    EXPECT_EQ(dates(1948), (Dates{"09-23", "11-03", "11-23"}));
    EXPECT_EQ(dates(1955), (Dates{"01-01", "01-15", "03-21", "04-29", "05-03", "05-05", "09-24",
                                  "11-03", "11-23"}));
    EXPECT_EQ(dates(1989), (Dates{"01-01", "01-02", "01-15", "01-16", "02-11", "02-24", "03-21",
                                  "04-29", "05-03", "05-04", "05-05", "09-15", "09-23", "10-10",
                                  "11-03", "11-23", "12-23"}));
}

TEST(JapaneseHolidays, Substitute_a_monday_since_1973_and_a_later_day_since_2007) {
    EXPECT_EQ(japanese_holiday({1973, 2, 12}), "");
    EXPECT_EQ(japanese_holiday({1973, 4, 30}), "Substitute Holiday");
    EXPECT_EQ(japanese_holiday({1998, 5, 4}), "Substitute Holiday");  // Sunday 3 May
    EXPECT_EQ(japanese_holiday({1998, 5, 6}), "");
    EXPECT_EQ(japanese_holiday({2008, 5, 6}), "Substitute Holiday");  // Sunday 4 May
    EXPECT_EQ(japanese_holiday({2009, 5, 6}), "Substitute Holiday");  // Sunday 3 May
    EXPECT_EQ(japanese_holiday({2009, 5, 7}), "");
}

TEST(JapaneseHolidays, Sandwich_a_day_since_1985_but_never_a_sunday) {
    EXPECT_EQ(japanese_holiday({1985, 5, 4}), "");
    EXPECT_EQ(japanese_holiday({1986, 5, 4}), "");  // a Sunday
    EXPECT_EQ(japanese_holiday({1988, 5, 4}), "Citizens' Holiday");
    EXPECT_EQ(japanese_holiday({2009, 9, 22}), "Citizens' Holiday");
    EXPECT_EQ(japanese_holiday({2015, 9, 22}), "Citizens' Holiday");
    EXPECT_EQ(japanese_holiday({2032, 9, 21}), "Citizens' Holiday");
}

TEST(JapaneseHolidays, Begin_and_end_with_their_years) {
    EXPECT_EQ(japanese_holiday({1995, 7, 20}), "");
    EXPECT_EQ(japanese_holiday({1996, 7, 20}), "Marine Day");
    EXPECT_EQ(japanese_holiday({2003, 7, 21}), "Marine Day");
    EXPECT_EQ(japanese_holiday({2015, 8, 11}), "");
    EXPECT_EQ(japanese_holiday({2016, 8, 11}), "Mountain Day");
    EXPECT_EQ(japanese_holiday({2018, 12, 23}), "Emperor's Birthday");
    EXPECT_EQ(japanese_holiday({2019, 12, 23}), "");
    EXPECT_EQ(japanese_holiday({2019, 2, 23}), "");
    EXPECT_EQ(japanese_holiday({2020, 2, 23}), "Emperor's Birthday");
    EXPECT_EQ(japanese_holiday({1999, 1, 15}), "Coming of Age Day");
    EXPECT_EQ(japanese_holiday({2000, 1, 10}), "Coming of Age Day");
    EXPECT_EQ(japanese_holiday({1947, 11, 3}), "");
}

// Days announced by the National Astronomical Observatory for years in which they moved.
TEST(JapaneseHolidays, Know_when_the_equinox_moves_to_a_neighbouring_day) {
    EXPECT_EQ(japanese_holiday({1960, 3, 20}), "Vernal Equinox Day");
    EXPECT_EQ(japanese_holiday({1979, 9, 24}), "Autumnal Equinox Day");
    EXPECT_EQ(japanese_holiday({1980, 3, 20}), "Vernal Equinox Day");
    EXPECT_EQ(japanese_holiday({2012, 9, 22}), "Autumnal Equinox Day");
    EXPECT_EQ(japanese_holiday({2023, 3, 21}), "Vernal Equinox Day");
    EXPECT_EQ(japanese_holiday({2025, 3, 20}), "Vernal Equinox Day");
    EXPECT_EQ(japanese_holiday({2027, 3, 21}), "Vernal Equinox Day");
}

TEST(JapaneseHolidays, Of_banks_include_the_turn_of_the_year) {
    EXPECT_TRUE(is_japanese_bank_holiday({2024, 12, 31}));
    EXPECT_TRUE(is_japanese_bank_holiday({2025, 1, 1}));
    EXPECT_TRUE(is_japanese_bank_holiday({2025, 1, 3}));
    EXPECT_FALSE(is_japanese_bank_holiday({2024, 12, 30}));
    EXPECT_FALSE(is_japanese_bank_holiday({2025, 1, 6}));
    EXPECT_TRUE(is_japanese_bank_holiday({2025, 1, 13}));
    EXPECT_FALSE(is_japanese_holiday({2024, 12, 31}));
    EXPECT_FALSE(is_japanese_holiday({2025, 1, 3}));
}

}  // namespace
}  // namespace millrace::market
