#include "millrace/base/posix_zone_rule.hpp"

#include <gtest/gtest.h>

#include "millrace/base/time.hpp"

namespace millrace {
namespace {

std::string start_in(const char* text, int year) {
    const auto rule = PosixZoneRule::parse(text).value();
    const auto second = second_of_change(rule.daylight->start, year, rule.standard.offset_s);
    return format_time(from_epoch(second, EpochUnit::seconds).value());
}

std::string end_in(const char* text, int year) {
    const auto rule = PosixZoneRule::parse(text).value();
    const auto second = second_of_change(rule.daylight->end, year, rule.daylight->side.offset_s);
    return format_time(from_epoch(second, EpochUnit::seconds).value());
}

TEST(PosixZoneRule, Reads_a_zone_without_daylight_saving) {
    const auto rule = PosixZoneRule::parse("JST-9").value();
    EXPECT_EQ(rule.standard.abbreviation, "JST");
    EXPECT_EQ(rule.standard.offset_s, 32'400);
    EXPECT_FALSE(rule.daylight);
    EXPECT_EQ(PosixZoneRule::parse("<+0545>-5:45")->standard.offset_s, 20'700);
    EXPECT_EQ(PosixZoneRule::parse("<-03>3")->standard.offset_s, -10'800);
}

TEST(PosixZoneRule, Finds_the_second_sunday_and_the_first) {
    EXPECT_EQ(start_in("EST5EDT,M3.2.0,M11.1.0", 2024), "2024-03-10T07:00:00Z");
    EXPECT_EQ(end_in("EST5EDT,M3.2.0,M11.1.0", 2024), "2024-11-03T06:00:00Z");
}

TEST(PosixZoneRule, Week_5_is_the_last_one_of_the_month) {
    EXPECT_EQ(start_in("CET-1CEST,M3.5.0,M10.5.0/3", 2024), "2024-03-31T01:00:00Z");
    EXPECT_EQ(end_in("CET-1CEST,M3.5.0,M10.5.0/3", 2024), "2024-10-27T01:00:00Z");
    EXPECT_EQ(start_in("CET-1CEST,M2.5.4,M10.5.0/3", 2024), "2024-02-29T01:00:00Z");
    EXPECT_EQ(start_in("CET-1CEST,M2.5.0,M10.5.0/3", 2024), "2024-02-25T01:00:00Z");
}

TEST(PosixZoneRule, Reads_a_daylight_offset_of_its_own) {
    // Lord Howe: half an hour. Dublin: the winter is the "daylight" side, an hour back.
    EXPECT_EQ(end_in("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2024), "2024-04-06T15:00:00Z");
    EXPECT_EQ(start_in("IST-1GMT0,M10.5.0,M3.5.0/1", 2024), "2024-10-27T01:00:00Z");
    EXPECT_EQ(end_in("IST-1GMT0,M10.5.0,M3.5.0/1", 2024), "2024-03-31T01:00:00Z");
}

TEST(PosixZoneRule, The_time_of_a_change_may_lie_on_another_day) {
    // Greenland: the Saturday before the last Sunday, at 24 - 1 hours.
    EXPECT_EQ(start_in("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2024), "2024-03-31T01:00:00Z");
    // Gaza, of old: 50 hours after the fourth Thursday.
    EXPECT_EQ(start_in("EET-2EEST,M3.4.4/50,M10.4.4/50", 2024), "2024-03-30T00:00:00Z");
}

TEST(PosixZoneRule, Counts_days_of_the_year_with_and_without_the_leap_day) {
    EXPECT_EQ(start_in("AAA0BBB,J60/0,J300/0", 2024), "2024-03-01T00:00:00Z");
    EXPECT_EQ(start_in("AAA0BBB,J59/0,J300/0", 2024), "2024-02-28T00:00:00Z");
    EXPECT_EQ(start_in("AAA0BBB,59/0,300/0", 2024), "2024-02-29T00:00:00Z");
    EXPECT_EQ(start_in("AAA0BBB,59/0,300/0", 2023), "2023-03-01T00:00:00Z");
}

TEST(PosixZoneRule, Refuses_what_does_not_follow_the_form) {
    for (const char* text :
         {"", "EST", "E5", "5", "EST25", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M3.2.0,",
          "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0",
          "EST5EDT,M3.2.0,M11.1.0x", "EST5EDT,J0,J365", "EST5EDT,366,1", "<+0", "<EST5",
          "EST5EDT,M3.2.0/168,M11.1.0", "EST5:60", ":America/New_York"})
        EXPECT_FALSE(PosixZoneRule::parse(text)) << text;
}

}  // namespace
}  // namespace millrace
