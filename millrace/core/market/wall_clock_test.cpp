#include "millrace/core/market/wall_clock.hpp"

#include <gtest/gtest.h>

#include "millrace/base/random.hpp"

namespace millrace::market {
namespace {

std::string first(const char* zone, const char* local) {
    return format_time(first_instant(Zone::find(zone).value(), parse_local(local).value()));
}

TEST(WallClock, Reads_an_ordinary_time_as_it_stands) {
    EXPECT_EQ(first("America/New_York", "2024-03-08T09:30:00"), "2024-03-08T14:30:00Z");
    EXPECT_EQ(first("America/New_York", "2024-03-11T09:30:00"), "2024-03-11T13:30:00Z");
    EXPECT_EQ(first("Asia/Tokyo", "2024-03-11T09:00:00"), "2024-03-11T00:00:00Z");
}

TEST(WallClock, Reads_a_skipped_time_as_the_moment_of_the_skip) {
    EXPECT_EQ(first("America/New_York", "2024-03-10T01:59:59"), "2024-03-10T06:59:59Z");
    EXPECT_EQ(first("America/New_York", "2024-03-10T02:00:00"), "2024-03-10T07:00:00Z");
    EXPECT_EQ(first("America/New_York", "2024-03-10T02:30:00"), "2024-03-10T07:00:00Z");
    EXPECT_EQ(first("America/New_York", "2024-03-10T03:00:00"), "2024-03-10T07:00:00Z");
    // Midnight is skipped in São Paulo, and all of 30 December 2011 in Samoa.
    EXPECT_EQ(first("America/Sao_Paulo", "2018-11-04T00:00:00"), "2018-11-04T03:00:00Z");
    EXPECT_EQ(first("Pacific/Apia", "2011-12-30T12:00:00"), "2011-12-30T10:00:00Z");
}

TEST(WallClock, Reads_a_time_that_comes_twice_as_the_first_one) {
    EXPECT_EQ(first("America/New_York", "2024-11-03T01:30:00"), "2024-11-03T05:30:00Z");
    EXPECT_EQ(first("America/New_York", "2024-11-03T02:00:00"), "2024-11-03T07:00:00Z");
    EXPECT_EQ(first("America/Sao_Paulo", "2018-02-17T23:30:00"), "2018-02-18T01:30:00Z");
    EXPECT_EQ(first("America/Sao_Paulo", "2018-02-18T00:00:00"), "2018-02-18T03:00:00Z");
}

TEST(WallClock, Counts_minutes_from_the_midnight_of_a_date) {
    const Zone zone = Zone::find("America/New_York").value();
    const Date monday{2024, 3, 11};  // the clocks changed on the day before
    EXPECT_EQ(format_time(first_instant(zone, monday, -420)), "2024-03-10T21:00:00Z");
    EXPECT_EQ(format_time(first_instant(zone, monday, 0)), "2024-03-11T04:00:00Z");
    EXPECT_EQ(format_time(first_instant(zone, monday, 1'440)), "2024-03-12T04:00:00Z");
    EXPECT_THROW((void)first_instant(zone, monday, 1'441), AssertionFailed);
}

TEST(WallClock, Ends_where_time_ends) {
    const Zone zone = Zone::find("America/New_York").value();
    EXPECT_EQ(first_instant(zone, Date{2262, 4, 13}, 0), Time::latest());
    EXPECT_EQ(first_instant(zone, Date{1677, 9, 1}, 0), Time::earliest());
}

// The definition itself: at the instant the clock shows the time or more, and just before it does
// not.
TEST(WallClock, Is_the_first_instant_that_shows_the_time) {
    constexpr std::uint64_t kSeed = 31;
    Random random(kSeed);
    for (const char* name : {"America/New_York", "Europe/Berlin", "Australia/Lord_Howe",
                             "America/Sao_Paulo", "Asia/Tokyo"}) {
        const Zone zone = Zone::find(name).value();
        for (int i = 0; i < 2'000; ++i) {
            const Date date = civil_from_days(random.between(0, 30'000));
            const int minute = static_cast<int>(random.between(0, 1'439));
            const LocalDateTime local{date, minute * 60 * kNanosecondsPerSecond};
            const Time instant = first_instant(zone, local);
            const Time before = instant - Duration::nanoseconds(1);
            ASSERT_GE(zone.to_local(instant).local, local) << name << " seed " << kSeed;
            ASSERT_LT(zone.to_local(before).local, local) << name << " seed " << kSeed;
        }
    }
}

}  // namespace
}  // namespace millrace::market
