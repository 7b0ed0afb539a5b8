#include "millrace/core/market/windows.hpp"

#include <gtest/gtest.h>

#include "millrace/base/random.hpp"

#include "tests/support/counting_allocator.hpp"

namespace millrace::market {
namespace {

using Texts = std::vector<std::string>;

Windows windows(const Texts& texts, const char* zone = "America/New_York") {
    return Windows::parse(texts, Zone::find(zone).value()).value();
}

Error refusal(const Texts& texts) {
    const auto read = Windows::parse(texts, Zone::utc());
    return read ? Error{} : read.error();
}

Time utc(const char* text) {
    return parse_time(text).value();
}

std::string shown(const std::optional<OpenWindow>& window) {
    if (!window) return "none";
    return std::to_string(window->key.index) + ": " + format_time(window->key.start) + " to " +
           format_time(window->end);
}

TEST(Windows, Include_the_start_and_exclude_the_end) {
    const Windows two = windows({"09:30-11:00", "14:00-15:00"});
    EXPECT_FALSE(two.contains(utc("2024-07-02T13:29:59.999999999Z")));
    EXPECT_TRUE(two.contains(utc("2024-07-02T13:30:00Z")));
    EXPECT_TRUE(two.contains(utc("2024-07-02T14:59:59.999999999Z")));
    EXPECT_FALSE(two.contains(utc("2024-07-02T15:00:00Z")));
    EXPECT_TRUE(two.contains(utc("2024-07-02T18:00:00Z")));
    EXPECT_FALSE(two.contains(utc("2024-07-02T19:00:00Z")));
}

TEST(Windows, End_where_the_current_window_ends_and_not_the_last_of_the_list) {
    const Windows berlin = windows({"15:00-16:00", "16:00-17:00"}, "Europe/Berlin");
    EXPECT_EQ(berlin.end_of(utc("2024-07-02T13:30:00Z")), utc("2024-07-02T14:00:00Z"));
    EXPECT_EQ(berlin.end_of(utc("2024-07-02T14:00:00Z")), utc("2024-07-02T15:00:00Z"));
    EXPECT_EQ(berlin.end_of(utc("2024-07-02T15:00:00Z")), std::nullopt);
    EXPECT_EQ(berlin.end_of(utc("2024-07-02T12:59:59Z")), std::nullopt);
}

// A mother bar of yesterday's close must not serve this morning's inside bar.
TEST(Windows, Of_yesterday_and_today_have_different_keys) {
    const Windows day = windows({"09:30-16:00"});
    const auto yesterday = day.at(utc("2024-07-01T19:55:00Z"));
    const auto today = day.at(utc("2024-07-02T13:30:00Z"));
    ASSERT_TRUE(yesterday && today);
    EXPECT_EQ(yesterday->key.index, today->key.index);
    EXPECT_NE(yesterday->key, today->key);
    EXPECT_EQ(today->key.start, utc("2024-07-02T13:30:00Z"));
    EXPECT_EQ(day.at(utc("2024-07-02T19:55:00Z"))->key, today->key);
}

TEST(Windows, Keep_the_index_of_the_list_whatever_its_order) {
    const Windows unsorted = windows({"14:00-15:00", "09:30-11:00"});
    EXPECT_EQ(shown(unsorted.at(utc("2024-07-02T14:00:00Z"))),
              "1: 2024-07-02T13:30:00Z to 2024-07-02T15:00:00Z");
    EXPECT_EQ(shown(unsorted.at(utc("2024-07-02T18:30:00Z"))),
              "0: 2024-07-02T18:00:00Z to 2024-07-02T19:00:00Z");
}

TEST(Windows, May_reach_to_the_end_of_the_day_and_begin_with_it) {
    const Windows night = windows({"22:00-24:00", "00:00-01:30"});
    EXPECT_EQ(shown(night.at(utc("2024-07-03T03:59:59Z"))),
              "0: 2024-07-03T02:00:00Z to 2024-07-03T04:00:00Z");
    EXPECT_EQ(shown(night.at(utc("2024-07-03T04:00:00Z"))),
              "1: 2024-07-03T04:00:00Z to 2024-07-03T05:30:00Z");
    EXPECT_TRUE(windows({"00:00-24:00"}).contains(utc("2024-03-10T07:30:00Z")));
}

TEST(Windows, Follow_their_own_clock_and_not_the_exchange_of_another_country) {
    const Windows berlin = windows({"15:30-17:00"}, "Europe/Berlin");
    const Windows new_york = windows({"09:30-11:00"});
    const auto start = [](const Windows& list, const Date& date) {
        return format_time(list.on(date).front().key.start).substr(11, 5);
    };
    EXPECT_EQ(start(berlin, {2024, 3, 8}), "14:30");
    EXPECT_EQ(start(new_york, {2024, 3, 8}), "14:30");
    EXPECT_EQ(start(berlin, {2024, 3, 11}), "14:30");
    EXPECT_EQ(start(new_york, {2024, 3, 11}), "13:30");
    EXPECT_EQ(start(berlin, {2024, 10, 28}), "14:30");
    EXPECT_EQ(start(new_york, {2024, 10, 28}), "13:30");
}

// In New York 02:00 became 03:00 at 07:00 UTC on 10 March 2024.
TEST(Windows, Lose_the_hour_that_clocks_skip) {
    const Windows list = windows({"01:30-02:30", "02:30-03:30", "04:00-05:00"});
    const auto day = list.on({2024, 3, 10});
    ASSERT_EQ(day.size(), 3U);
    EXPECT_EQ(shown(day[0]), "0: 2024-03-10T06:30:00Z to 2024-03-10T07:00:00Z");
    EXPECT_EQ(shown(day[1]), "1: 2024-03-10T07:00:00Z to 2024-03-10T07:30:00Z");
    EXPECT_EQ(shown(day[2]), "2: 2024-03-10T08:00:00Z to 2024-03-10T09:00:00Z");
    const Windows skipped = windows({"02:10-02:50"});
    EXPECT_TRUE(skipped.on({2024, 3, 10}).empty());
    EXPECT_FALSE(skipped.contains(utc("2024-03-10T07:00:00Z")));
    EXPECT_EQ(skipped.on({2024, 3, 11}).size(), 1U);
}

// 01:00 to 02:00 came twice on 3 November 2024, first at 05:00 UTC.
TEST(Windows, Take_the_first_of_an_hour_that_comes_twice) {
    const Windows list = windows({"00:30-01:30", "01:30-02:30"});
    const auto day = list.on({2024, 11, 3});
    EXPECT_EQ(shown(day[0]), "0: 2024-11-03T04:30:00Z to 2024-11-03T05:30:00Z");
    EXPECT_EQ(shown(day[1]), "1: 2024-11-03T05:30:00Z to 2024-11-03T07:30:00Z");
    EXPECT_EQ(list.at(utc("2024-11-03T06:15:00Z"))->key.index, 1U);  // the second 01:15
}

// São Paulo put its clocks back from 00:00 to 23:00 at 02:00 UTC on 18 February 2018.
TEST(Windows, Stay_whole_when_clocks_go_back_over_midnight) {
    const Windows list = windows({"22:00-24:00", "00:00-01:00"}, "America/Sao_Paulo");
    EXPECT_EQ(shown(list.at(utc("2018-02-18T02:30:00Z"))),
              "0: 2018-02-18T00:00:00Z to 2018-02-18T03:00:00Z");
    EXPECT_EQ(shown(list.at(utc("2018-02-18T03:00:00Z"))),
              "1: 2018-02-18T03:00:00Z to 2018-02-18T04:00:00Z");
}

// St John's put its clocks back from 00:01 to 23:01, so that the evening of 6 November 2010 came
// again after its midnight, from 02:31 to 03:30 UTC.
TEST(Windows, Of_the_new_day_hold_when_clocks_show_the_old_one_again) {
    const Windows list = windows({"22:00-24:00", "00:00-01:00"}, "America/St_Johns");
    EXPECT_EQ(shown(list.at(utc("2010-11-07T02:29:59Z"))),
              "0: 2010-11-07T00:30:00Z to 2010-11-07T02:30:00Z");
    EXPECT_EQ(shown(list.at(utc("2010-11-07T03:00:00Z"))),
              "1: 2010-11-07T02:30:00Z to 2010-11-07T04:30:00Z");
}

TEST(Windows, Keep_to_the_trading_days_of_a_calendar_when_asked) {
    const Windows every = windows({"09:30-11:00"});
    const Windows trading = every.on_trading_days_of(Calendar::find("NYSE").value());
    const Time holiday = utc("2024-07-04T14:00:00Z");
    const Time saturday = utc("2024-07-06T14:00:00Z");
    const Time friday = utc("2024-07-05T14:00:00Z");
    EXPECT_TRUE(every.contains(holiday) && every.contains(saturday));
    EXPECT_FALSE(trading.contains(holiday) || trading.contains(saturday));
    EXPECT_TRUE(trading.contains(friday));
    EXPECT_TRUE(trading.on({2024, 7, 4}).empty());
}

TEST(Windows, Reject_every_time_when_there_are_none) {
    const Windows none = Windows::none();
    EXPECT_TRUE(none.empty());
    EXPECT_FALSE(none.contains(utc("2024-07-02T14:00:00Z")));
    EXPECT_EQ(none.end_of(utc("2024-07-02T14:00:00Z")), std::nullopt);
    EXPECT_TRUE(none.on({2024, 7, 2}).empty());
    WindowCursor cursor(none);
    EXPECT_FALSE(cursor.contains(utc("2024-07-02T14:00:00Z")));
}

TEST(Windows, Refuse_an_empty_list_and_a_very_long_one) {
    EXPECT_EQ(refusal({}).what, "the list of windows is empty");
    EXPECT_EQ(refusal({}).code, ErrorCode::config);
    EXPECT_EQ(refusal(Texts(101, "09:30-10:00")).what, "the list has 101 windows");
}

TEST(Windows, Refuse_what_is_no_window_and_say_which) {
    for (const char* text :
         {"", "09:30", "9:30-16:00", "09:30-16:00 ", "0930-1600", "09:30_16:00", "09:60-16:00",
          "25:00-26:00", "24:00-24:00", "09:30-24:01", "09:3a-16:00", "-9:30-16:00", "09-30-16-00",
          "09:30:16:00", "+9:30-16:00"}) {
        const Error error = refusal({"08:00-09:00", text});
        EXPECT_EQ(error.code, ErrorCode::config) << text;
        EXPECT_EQ(error.where, "windows[1]") << text;
        EXPECT_EQ(error.what, '"' + std::string(text) + "\" is not a window") << text;
    }
    EXPECT_EQ(refusal({"16:00-09:30"}).why, "the end must be after the start");
    EXPECT_EQ(refusal({"09:30-09:30"}).why, "the end must be after the start");
}

TEST(Windows, Refuse_two_that_overlap) {
    const Error error = refusal({"09:30-11:00", "14:00-15:00", "10:30-12:00"});
    EXPECT_EQ(error.what, "window 10:30-12:00 overlaps 09:30-11:00");
    EXPECT_EQ(error.where, "windows[2]");
    EXPECT_EQ(error.mend, "let one end at 10:30 or join the two");
    EXPECT_EQ(refusal({"09:30-11:00", "09:30-11:00"}).code, ErrorCode::config);
    EXPECT_EQ(refusal({"09:00-12:00", "10:00-11:00"}).code, ErrorCode::config);
}

TEST(WindowCursor, Agrees_with_the_windows_for_rising_and_for_jumping_times) {
    constexpr std::uint64_t kSeed = 23;
    Random random(kSeed);
    const Windows list = windows({"14:00-15:00", "22:30-24:00", "00:00-02:30", "09:30-11:00"});
    for (const Windows& each : {list, list.on_trading_days_of(Calendar::find("NYSE").value()),
                                windows({"23:00-24:00", "00:00-00:30"}, "America/Sao_Paulo")}) {
        WindowCursor cursor(each);
        std::int64_t ns = utc("2018-01-01T00:00:00Z").ns();
        for (int i = 0; i < 20'000; ++i) {
            ns += random.one_in(200)
                      ? random.between(-30 * kNanosecondsPerDay, 30 * kNanosecondsPerDay)
                      : random.between(0, 1'800 * kNanosecondsPerSecond);
            const Time time = Time::from_ns(ns);
            const auto expected = each.at(time);
            const OpenWindow* found = cursor.at(time);
            ASSERT_EQ(found != nullptr, expected.has_value())
                << format_time(time) << " seed " << kSeed;
            if (found == nullptr) continue;
            ASSERT_EQ(*found, *expected) << "seed " << kSeed;
        }
    }
}

TEST(WindowCursor, Never_allocates) {
    WindowCursor cursor(
        windows({"09:30-11:00", "14:00-15:00"}).on_trading_days_of(Calendar::find("NYSE").value()));
    Time time = utc("2024-01-01T00:00:00Z");
    int inside = 0;
    const std::uint64_t before = allocation_count();
    for (int minute = 0; minute < 60 * 24 * 366; ++minute) {
        inside += cursor.contains(time) ? 1 : 0;
        time = time + Duration::minutes(1);
    }
    EXPECT_EQ(allocation_count() - before, 0U);
    EXPECT_EQ(inside, 252 * 150);  // 252 trading days of 90 and 60 minutes
}

}  // namespace
}  // namespace millrace::market
