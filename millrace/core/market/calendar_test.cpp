#include "millrace/core/market/calendar.hpp"

#include <gtest/gtest.h>
#include <string>

#include "millrace/base/random.hpp"
#include "millrace/core/market/date_rules.hpp"
#include "millrace/core/market/us_holidays.hpp"

namespace millrace::market {
namespace {

Calendar calendar(std::string_view name) {
    return Calendar::find(name).value();
}

Time utc(const char* text) {
    return parse_time(text).value();
}

// "2024-07-03: 2024-07-03T13:30:00Z to 2024-07-03T17:00:00Z"
std::string shown(const std::optional<Session>& session) {
    if (!session) return "none";
    return format_date(session->date) + ": " + format_time(session->open) + " to " +
           format_time(session->close);
}

std::string on(std::string_view name, const Date& date) {
    std::string lines;
    for (const Session& session : calendar(name).sessions(date, date))
        lines += (lines.empty() ? "" : ", ") + format_time(session.open).substr(11, 5) + '-' +
                 format_time(session.close).substr(11, 5);
    return lines;
}

int trading_days(std::string_view name, int year) {
    int count = 0;
    for (Date date{year, 1, 1}; date.year == year; date = plus_days(date, 1))
        count += calendar(name).is_trading_day(date) ? 1 : 0;
    return count;
}

TEST(Calendar, Is_found_by_every_name_that_people_use) {
    for (const char* name : {"us-equities", "NYSE", "Nasdaq", "XNYS", "xnas", "US_Equities"})
        EXPECT_EQ(calendar(name).name(), "us-equities") << name;
    for (const char* name : {"us-equities-extended", "NYSE_EXTENDED", "us equities extended"})
        EXPECT_EQ(calendar(name).name(), "us-equities-extended") << name;
    for (const char* name : {"jp-equities", "JP_EQUITIES", "TSE", "XTKS", "jpx"})
        EXPECT_EQ(calendar(name).name(), "jp-equities") << name;
    for (const char* name : {"fx", "FX", "24x5", "24/5", "24_5", "forex"})
        EXPECT_EQ(calendar(name).name(), "fx") << name;
    for (const char* name : {"crypto", "24X7", "24/7"})
        EXPECT_EQ(calendar(name).name(), "crypto") << name;
    EXPECT_EQ(Calendar::names().size(), 5U);
    for (const std::string_view name : Calendar::names())
        EXPECT_EQ(calendar(name).name(), name);
}

TEST(Calendar, Refuses_an_unknown_name_and_guesses_the_one_meant) {
    const auto typo = Calendar::find("us-equites");
    ASSERT_FALSE(typo);
    EXPECT_EQ(typo.error().code, ErrorCode::config);
    EXPECT_EQ(typo.error().what, "there is no trading calendar \"us-equites\"");
    EXPECT_EQ(typo.error().mend, "did you mean us-equities?");
    EXPECT_EQ(typo.error().why,
              "the calendars are us-equities, us-equities-extended, jp-equities, fx, crypto");
    for (const std::string& name : {std::string(), std::string("\x1b[31m"), std::string(500, 'x')})
        EXPECT_FALSE(Calendar::find(name)) << name;
}

TEST(Calendar, Counts_the_trading_days_of_new_york) {
    EXPECT_EQ(trading_days("NYSE", 1996), 254);
    EXPECT_EQ(trading_days("NYSE", 2001), 248);
    EXPECT_EQ(trading_days("NYSE", 2012), 250);
    EXPECT_EQ(trading_days("NYSE", 2019), 252);
    EXPECT_EQ(trading_days("NYSE", 2020), 253);
    EXPECT_EQ(trading_days("NYSE", 2021), 252);
    EXPECT_EQ(trading_days("NYSE", 2024), 252);
    EXPECT_EQ(trading_days("NYSE", 2025), 250);
    EXPECT_EQ(trading_days("NYSE", 2026), 251);
}

TEST(Calendar, Counts_the_trading_days_of_tokyo) {
    EXPECT_EQ(trading_days("TSE", 2019), 241);
    EXPECT_EQ(trading_days("TSE", 2020), 242);
    EXPECT_EQ(trading_days("TSE", 2021), 245);
    EXPECT_EQ(trading_days("TSE", 2022), 244);
    EXPECT_EQ(trading_days("TSE", 2023), 246);
    EXPECT_EQ(trading_days("TSE", 2024), 245);
}

TEST(Calendar, Opens_new_york_by_its_own_clock_when_daylight_saving_begins_and_ends) {
    EXPECT_EQ(on("NYSE", {2024, 3, 8}), "14:30-21:00");
    EXPECT_EQ(on("NYSE", {2024, 3, 11}), "13:30-20:00");
    EXPECT_EQ(on("NYSE", {2024, 11, 1}), "13:30-20:00");
    EXPECT_EQ(on("NYSE", {2024, 11, 4}), "14:30-21:00");
    EXPECT_EQ(on("us-equities-extended", {2024, 3, 8}), "09:00-01:00");
    EXPECT_EQ(on("us-equities-extended", {2024, 3, 11}), "08:00-00:00");
}

// From 10 to 31 March 2024 only New York had changed its clocks, from 27 October to 3 November only
// Berlin: the opening bell rang at 14:30 there.
TEST(Calendar, Opens_new_york_at_half_past_two_in_berlin_in_the_weeks_between_the_changes) {
    const Zone berlin = Zone::find("Europe/Berlin").value();
    const auto opens = [&](const Date& date) {
        const Time open = calendar("NYSE").open_of(date).value();
        return format_local(berlin.to_local(open).local).substr(11);
    };
    EXPECT_EQ(opens({2024, 3, 8}), "15:30:00");
    EXPECT_EQ(opens({2024, 3, 11}), "14:30:00");
    EXPECT_EQ(opens({2024, 3, 28}), "14:30:00");
    EXPECT_EQ(opens({2024, 4, 1}), "15:30:00");
    EXPECT_EQ(opens({2024, 10, 25}), "15:30:00");
    EXPECT_EQ(opens({2024, 10, 28}), "14:30:00");
    EXPECT_EQ(opens({2024, 11, 4}), "15:30:00");
}

TEST(Calendar, Closes_early_on_short_days) {
    EXPECT_EQ(on("NYSE", {2024, 7, 3}), "13:30-17:00");
    EXPECT_EQ(on("us-equities-extended", {2024, 7, 3}), "08:00-21:00");
    EXPECT_EQ(format_time(*calendar("NYSE").close_of({2024, 11, 29})), "2024-11-29T18:00:00Z");
    EXPECT_TRUE(calendar("NYSE").closes_early({2024, 11, 29}));
    EXPECT_FALSE(calendar("NYSE").closes_early({2024, 11, 27}));
    EXPECT_FALSE(calendar("NYSE").closes_early({2024, 11, 28}));
    EXPECT_FALSE(calendar("NYSE").close_of({2024, 11, 28}));
}

TEST(Calendar, Says_why_the_venue_rests) {
    EXPECT_EQ(calendar("NYSE").closed_because({2024, 3, 29}), "Good Friday");
    EXPECT_EQ(calendar("NYSE").closed_because({2024, 3, 30}), "weekend");
    EXPECT_EQ(calendar("NYSE").closed_because({2024, 3, 28}), "");
    EXPECT_EQ(calendar("NYSE").closed_because({1989, 12, 29}), "outside the calendar");
    EXPECT_EQ(calendar("TSE").closed_because({2024, 12, 31}), "turn of the year");
    EXPECT_EQ(calendar("TSE").closed_because({2020, 10, 1}), "failure of the trading system");
    EXPECT_EQ(calendar("TSE").closed_because({2021, 7, 22}), "Marine Day");
    EXPECT_EQ(calendar("fx").closed_because({2024, 3, 30}), "weekend");
    EXPECT_EQ(calendar("crypto").closed_because({2024, 3, 30}), "");
}

TEST(Calendar, Includes_the_open_and_excludes_the_close) {
    const Calendar nyse = calendar("NYSE");
    EXPECT_FALSE(nyse.is_open(utc("2024-07-02T13:29:59.999999999Z")));
    EXPECT_TRUE(nyse.is_open(utc("2024-07-02T13:30:00Z")));
    EXPECT_TRUE(nyse.is_open(utc("2024-07-02T19:59:59.999999999Z")));
    EXPECT_FALSE(nyse.is_open(utc("2024-07-02T20:00:00Z")));
    EXPECT_FALSE(nyse.is_open(utc("2024-07-03T17:00:00Z")));  // early
    EXPECT_FALSE(nyse.is_open(utc("2024-07-04T15:00:00Z")));
}

TEST(Calendar, Rests_at_noon_in_tokyo_and_follows_the_hours_of_the_time) {
    EXPECT_EQ(on("TSE", {2024, 11, 1}), "00:00-02:30, 03:30-06:00");
    EXPECT_EQ(on("TSE", {2024, 11, 5}), "00:00-02:30, 03:30-06:30");
    EXPECT_EQ(on("TSE", {2011, 11, 18}), "00:00-02:00, 03:30-06:00");
    EXPECT_EQ(on("TSE", {2011, 11, 21}), "00:00-02:30, 03:30-06:00");
    EXPECT_EQ(on("TSE", {2006, 1, 18}), "00:00-02:00, 03:30-06:00");
    EXPECT_EQ(on("TSE", {2006, 1, 19}), "00:00-02:00, 04:00-06:00");
    EXPECT_EQ(on("TSE", {2006, 4, 24}), "00:00-02:00, 03:30-06:00");
    EXPECT_EQ(on("TSE", {2024, 11, 4}), "");
    EXPECT_FALSE(calendar("TSE").is_open(utc("2024-11-05T03:00:00Z")));
    EXPECT_EQ(format_time(*calendar("TSE").close_of({2024, 11, 5})), "2024-11-05T06:30:00Z");
}

TEST(Calendar, Traded_only_mornings_at_the_turn_of_the_year_in_tokyo_until_2009) {
    EXPECT_EQ(on("TSE", {2008, 1, 4}), "00:00-02:00");
    EXPECT_EQ(on("TSE", {2008, 1, 7}), "00:00-02:00, 03:30-06:00");
    EXPECT_EQ(on("TSE", {2007, 12, 28}), "00:00-02:00");
    EXPECT_EQ(on("TSE", {2007, 12, 27}), "00:00-02:00, 03:30-06:00");
    EXPECT_EQ(on("TSE", {2008, 12, 30}), "00:00-02:00");
    EXPECT_EQ(on("TSE", {2009, 1, 5}), "00:00-02:00");
    EXPECT_EQ(on("TSE", {2009, 12, 30}), "00:00-02:00, 03:30-06:00");
    EXPECT_TRUE(calendar("TSE").closes_early({2009, 1, 5}));
}

TEST(Calendar, Trades_fx_from_sunday_evening_to_friday_evening_of_new_york) {
    const Calendar fx = calendar("fx");
    EXPECT_FALSE(fx.is_open(utc("2024-03-08T22:00:00Z")));  // Friday 17:00 EST
    EXPECT_TRUE(fx.is_open(utc("2024-03-08T21:59:59Z")));
    EXPECT_FALSE(fx.is_open(utc("2024-03-10T20:59:59Z")));
    EXPECT_TRUE(fx.is_open(utc("2024-03-10T21:00:00Z")));  // Sunday 17:00 EDT, an hour earlier
    EXPECT_EQ(shown(fx.session_at(utc("2024-03-10T21:00:00Z"))),
              "2024-03-11: 2024-03-10T21:00:00Z to 2024-03-11T21:00:00Z");
    EXPECT_EQ(shown(fx.next_session(utc("2024-11-01T21:00:00Z"))),
              "2024-11-04: 2024-11-03T22:00:00Z to 2024-11-04T22:00:00Z");
    EXPECT_EQ(shown(fx.previous_session(utc("2024-11-02T12:00:00Z"))),
              "2024-11-01: 2024-10-31T21:00:00Z to 2024-11-01T21:00:00Z");
}

TEST(Calendar, Trades_crypto_on_every_day_of_utc) {
    const Calendar crypto = calendar("crypto");
    EXPECT_EQ(shown(crypto.session_at(utc("2024-02-29T23:59:59Z"))),
              "2024-02-29: 2024-02-29T00:00:00Z to 2024-03-01T00:00:00Z");
    EXPECT_EQ(shown(crypto.session_at(utc("2024-03-01T00:00:00Z"))),
              "2024-03-01: 2024-03-01T00:00:00Z to 2024-03-02T00:00:00Z");
    EXPECT_EQ(trading_days("crypto", 2024), 366);
}

TEST(Calendar, Finds_the_neighbours_of_a_time_inside_and_outside_sessions) {
    const Calendar nyse = calendar("NYSE");
    const std::string monday = "2001-09-10: 2001-09-10T13:30:00Z to 2001-09-10T20:00:00Z";
    const std::string reopened = "2001-09-17: 2001-09-17T13:30:00Z to 2001-09-17T20:00:00Z";
    EXPECT_EQ(shown(nyse.session_at(utc("2001-09-12T15:00:00Z"))), "none");
    EXPECT_EQ(shown(nyse.previous_session(utc("2001-09-12T15:00:00Z"))), monday);
    EXPECT_EQ(shown(nyse.next_session(utc("2001-09-12T15:00:00Z"))), reopened);
    EXPECT_EQ(shown(nyse.next_session(utc("2001-09-10T13:30:00Z"))), reopened);
    EXPECT_EQ(shown(nyse.next_session(utc("2001-09-10T13:29:59Z"))), monday);
    EXPECT_EQ(shown(nyse.previous_session(utc("2001-09-10T20:00:00Z"))), monday);
}

TEST(Calendar, Has_no_sessions_outside_the_years_it_knows) {
    const Calendar nyse = calendar("NYSE");
    EXPECT_EQ(nyse.first_day(), (Date{1990, 1, 1}));
    EXPECT_EQ(nyse.last_day(), (Date{2100, 12, 31}));
    EXPECT_FALSE(nyse.covers({1989, 12, 31}));
    EXPECT_EQ(shown(nyse.next_session(Time::earliest())),
              "1990-01-02: 1990-01-02T14:30:00Z to 1990-01-02T21:00:00Z");
    EXPECT_EQ(shown(nyse.previous_session(Time::latest())),
              "2100-12-31: 2100-12-31T14:30:00Z to 2100-12-31T21:00:00Z");
    EXPECT_EQ(shown(nyse.previous_session(Time::earliest())), "none");
    EXPECT_EQ(shown(nyse.next_session(Time::latest())), "none");
    EXPECT_EQ(shown(nyse.session_at(Time::latest())), "none");
    EXPECT_EQ(nyse.sessions({1900, 1, 1}, {1990, 1, 3}).size(), 2U);
    EXPECT_TRUE(nyse.sessions({2024, 3, 28}, {2024, 3, 27}).empty());
}

// 390 minutes, 210 on short days, and 270 on the four short days before 1993, when they ended at
// two o'clock: Christmas Eve of three years and the day after Thanksgiving 1992.
TEST(Calendar, Gives_new_york_six_and_a_half_hours_or_a_short_day_until_2100) {
    int full = 0;
    int until_one = 0;
    std::string until_two;
    for (const Session& session : calendar("NYSE").sessions({1990, 1, 1}, {2100, 12, 31})) {
        const Duration length = session.close - session.open;
        if (length == Duration::minutes(390)) {
            ++full;
        } else if (length == Duration::minutes(210)) {
            ++until_one;
        } else {
            EXPECT_EQ(length, Duration::minutes(270)) << format_date(session.date);
            until_two += format_date(session.date) + ' ';
        }
    }
    EXPECT_EQ(until_two, "1990-12-24 1991-12-24 1992-11-27 1992-12-24 ");
    // Two or three short days a year.
    EXPECT_GT(until_one, 108 * 2 - 30);
    EXPECT_LT(until_one, 108 * 3);
    EXPECT_GT(full, 111 * 246);
}

class EveryCalendar : public testing::TestWithParam<std::string_view> {};
INSTANTIATE_TEST_SUITE_P(Venues, EveryCalendar, testing::ValuesIn(Calendar::names()),
                         [](const auto& venue) {
                             std::string name(venue.param);
                             std::erase(name, '-');
                             return name;
                         });

TEST_P(EveryCalendar, Orders_its_sessions_and_finds_each_from_both_sides) {
    const Calendar venue = calendar(GetParam());
    const auto sessions = venue.sessions({1997, 1, 1}, {2060, 12, 31});
    ASSERT_GT(sessions.size(), 64U * 240U);
    constexpr Duration kTick = Duration::nanoseconds(1);
    for (std::size_t i = 0; i + 1 < sessions.size(); ++i) {
        const Session& session = sessions[i];
        const Session& next = sessions[i + 1];
        ASSERT_LT(session.open, session.close) << shown(session);
        ASSERT_LE(session.close, next.open) << shown(session);
        ASSERT_EQ(venue.session_at(session.open), session) << shown(session);
        ASSERT_EQ(venue.session_at(session.close - kTick), session) << shown(session);
        ASSERT_EQ(venue.session_at(session.close),
                  session.close == next.open ? std::optional(next) : std::nullopt)
            << shown(session);
        ASSERT_EQ(venue.next_session(session.open), next) << shown(session);
        ASSERT_EQ(venue.next_session(session.open - kTick), session) << shown(session);
        ASSERT_EQ(venue.previous_session(next.open), session) << shown(session);
        ASSERT_EQ(venue.previous_session(session.close), session) << shown(session);
    }
}

TEST_P(EveryCalendar, Opens_and_closes_a_day_with_its_first_and_last_session) {
    const Calendar venue = calendar(GetParam());
    for (Date date{2000, 1, 1}; date.year < 2030; date = plus_days(date, 1)) {
        const auto sessions = venue.sessions(date, date);
        ASSERT_EQ(venue.is_trading_day(date), !sessions.empty()) << format_date(date);
        ASSERT_EQ(venue.open_of(date).has_value(), !sessions.empty()) << format_date(date);
        if (sessions.empty()) continue;
        ASSERT_EQ(venue.open_of(date), sessions.front().open) << format_date(date);
        ASSERT_EQ(venue.close_of(date), sessions.back().close) << format_date(date);
    }
}

// Asked the other way round: the clock in New York says whether the market is open.
TEST(Calendar, Agrees_with_the_clock_on_the_wall_at_random_times) {
    constexpr std::uint64_t kSeed = 7;
    Random random(kSeed);
    const Calendar nyse = calendar("NYSE");
    const Zone zone = Zone::find("America/New_York").value();
    const std::int64_t from = utc("1990-01-02T00:00:00Z").ns();
    const std::int64_t to = utc("2100-12-30T00:00:00Z").ns();
    int open = 0;
    for (int i = 0; i < 50'000; ++i) {
        const Time time = Time::from_ns(random.between(from, to));
        const LocalDateTime local = zone.to_local(time).local;
        const std::int64_t minute = local.ns_of_day / (60 * kNanosecondsPerSecond);
        const bool expected = !is_weekend(weekday_of(local.date)) &&
                              us_market_holiday(local.date).empty() && minute >= 570 &&
                              minute < us_early_close_minute(local.date).value_or(960);
        ASSERT_EQ(nyse.is_open(time), expected) << format_time(time) << " seed " << kSeed;
        open += expected ? 1 : 0;
    }
    EXPECT_GT(open, 8'000);  // 252 × 6.5 hours are 18.7 % of a year
}

}  // namespace
}  // namespace millrace::market
