#include "millrace/core/strategy/library/local_day.hpp"

#include <gtest/gtest.h>

#include "millrace/core/strategy/library/session_hours.hpp"

namespace millrace::strategy {
namespace {

Time utc(const char* text) {
    return parse_time(text).value();
}

// On 10 March 2024 New York's clocks went from 02:00 (07:00 in UTC) to 03:00.
TEST(LocalDay, Follows_the_clock_over_its_changes) {
    LocalDay day(Zone::find("America/New_York").value());
    EXPECT_TRUE(day.move_to(utc("2024-03-10T04:59:59Z")));
    EXPECT_EQ(day.date(), (Date{2024, 3, 9}));
    EXPECT_TRUE(day.move_to(utc("2024-03-10T05:00:00Z")));
    EXPECT_EQ(day.date(), (Date{2024, 3, 10}));
    EXPECT_EQ(day.at(Duration::hours(1)), utc("2024-03-10T06:00:00Z"));
    EXPECT_EQ(day.at(Duration::minutes(150)), utc("2024-03-10T07:00:00Z")) << "02:30 was skipped";
    EXPECT_EQ(day.at(Duration::hours(9)), utc("2024-03-10T13:00:00Z"));
    EXPECT_FALSE(day.move_to(utc("2024-03-11T03:59:59Z")));
    EXPECT_TRUE(day.move_to(utc("2024-03-11T04:00:00Z")));
    EXPECT_TRUE(day.move_to(utc("2024-03-10T12:00:00Z"))) << "back is another day as well";
}

TEST(LocalDay, Reads_times_of_day) {
    EXPECT_EQ(parse_time_of_day("09:55").value(), Duration::minutes(595));
    EXPECT_EQ(parse_time_of_day("23:59:59").value(), Duration::seconds(86'399));
    for (const char* wrong :
         {"", "9:55", "09:5", "24:00", "09:60", "09:55:60", "09:55:00.5", "noon"})
        EXPECT_FALSE(parse_time_of_day(wrong)) << wrong;
}

// In the week of 11 March 2024 Berlin's clocks were still those of winter: its 15:00 is 14:00 in
// UTC, and New York had opened half an hour before.
TEST(SessionHours, Are_windows_of_a_zone_cut_to_the_session) {
    SessionHours hours("14:00-16:00, 21:00-23:00", "Europe/Berlin", true);
    EXPECT_FALSE(hours.at(utc("2024-03-12T13:29:59Z"))) << "the exchange is closed";
    ASSERT_TRUE(hours.at(utc("2024-03-12T13:30:00Z")));
    EXPECT_EQ(hours.at(utc("2024-03-12T14:59:59Z"))->end, utc("2024-03-12T15:00:00Z"));
    EXPECT_FALSE(hours.at(utc("2024-03-12T15:00:00Z")));
    EXPECT_EQ(hours.at(utc("2024-03-12T19:59:00Z")), std::nullopt);
    // 21:00 in Berlin is the close at 20:00 in UTC; without the session the window is whole.
    EXPECT_FALSE(hours.at(utc("2024-03-12T20:00:00Z")));
    SessionHours always("21:00-23:00", "Europe/Berlin", false);
    EXPECT_EQ(always.at(utc("2024-03-12T20:00:00Z"))->end, utc("2024-03-12T22:00:00Z"));
    EXPECT_FALSE(check_windows(""));
    EXPECT_FALSE(check_windows("09:30-09:00"));
    EXPECT_FALSE(check_windows("09:30-11:00,10:00-12:00"));
}

}  // namespace
}  // namespace millrace::strategy
