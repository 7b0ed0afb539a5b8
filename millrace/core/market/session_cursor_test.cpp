#include "millrace/core/market/session_cursor.hpp"

#include <gtest/gtest.h>

#include "millrace/base/random.hpp"

#include "tests/support/counting_allocator.hpp"

namespace millrace::market {
namespace {

Time utc(const char* text) {
    return parse_time(text).value();
}

TEST(SessionCursor, Names_the_session_and_how_long_the_answer_holds) {
    SessionCursor cursor(Calendar::find("NYSE").value());
    EXPECT_EQ(cursor.at(utc("2024-07-03T13:29:00Z")), nullptr);
    EXPECT_EQ(cursor.until(), utc("2024-07-03T13:30:00Z"));
    const Session* session = cursor.at(utc("2024-07-03T13:30:00Z"));
    ASSERT_NE(session, nullptr);
    EXPECT_EQ(session->date, (Date{2024, 7, 3}));
    EXPECT_EQ(cursor.until(), utc("2024-07-03T17:00:00Z"));
    EXPECT_FALSE(cursor.is_open(utc("2024-07-03T17:00:00Z")));
    EXPECT_EQ(cursor.until(), utc("2024-07-05T13:30:00Z"));
}

TEST(SessionCursor, Is_closed_before_and_after_the_calendar) {
    SessionCursor cursor(Calendar::find("NYSE").value());
    EXPECT_EQ(cursor.at(Time::earliest()), nullptr);
    EXPECT_EQ(cursor.until(), utc("1990-01-02T14:30:00Z"));
    EXPECT_EQ(cursor.at(Time::latest()), nullptr);
    EXPECT_EQ(cursor.until(), Time::latest());
}

TEST(SessionCursor, Agrees_with_the_calendar_for_rising_and_for_jumping_times) {
    constexpr std::uint64_t kSeed = 11;
    Random random(kSeed);
    for (const std::string_view name : Calendar::names()) {
        const Calendar calendar = Calendar::find(name).value();
        SessionCursor cursor(calendar);
        std::int64_t ns = utc("2019-12-20T00:00:00Z").ns();
        for (int i = 0; i < 20'000; ++i) {
            ns += random.one_in(100)
                      ? random.between(-40 * kNanosecondsPerDay, 50 * kNanosecondsPerDay)
                      : random.between(0, 3'600 * kNanosecondsPerSecond);
            const Time time = Time::from_ns(ns);
            const auto expected = calendar.session_at(time);
            const Session* found = cursor.at(time);
            ASSERT_EQ(found != nullptr, expected.has_value())
                << name << ' ' << format_time(time) << " seed " << kSeed;
            if (found == nullptr) continue;
            ASSERT_EQ(*found, *expected) << name << " seed " << kSeed;
        }
    }
}

TEST(SessionCursor, Never_allocates) {
    for (const std::string_view name : Calendar::names()) {
        SessionCursor cursor(Calendar::find(name).value());
        Time time = utc("2024-01-01T00:00:00Z");
        int open = 0;
        const std::uint64_t before = allocation_count();
        for (int minute = 0; minute < 60 * 24 * 366; ++minute) {
            open += cursor.is_open(time) ? 1 : 0;
            time = time + Duration::minutes(1);
        }
        EXPECT_EQ(allocation_count() - before, 0U) << name;
        EXPECT_GT(open, 250 * 5 * 60 - 20'000) << name;
    }
}

}  // namespace
}  // namespace millrace::market
