#include "millrace/core/market/calendar_periods.hpp"

#include <gtest/gtest.h>

#include "millrace/core/market/test_bars.hpp"

namespace millrace::market {
namespace {

Time utc(const char* text) {
    return parse_time(text).value();
}

CalendarPeriods periods_of(const char* calendar) {
    CalendarPeriods periods;
    periods.set(InstrumentId(0), Calendar::find(calendar).value());
    return periods;
}

constexpr InstrumentId kFirst{0};

TEST(CalendarPeriods, A_day_of_US_equities_is_from_open_to_close_early_or_not) {
    const CalendarPeriods periods = periods_of("us-equities");
    EXPECT_EQ(periods.period_at(kFirst, utc("2024-07-02T15:00:00Z"), Duration::days(1)),
              (Period{utc("2024-07-02T13:30:00Z"), utc("2024-07-02T20:00:00Z")}));
    EXPECT_EQ(periods.period_at(kFirst, utc("2024-07-03T15:00:00Z"), Duration::days(1)),
              (Period{utc("2024-07-03T13:30:00Z"), utc("2024-07-03T17:00:00Z")}));
    EXPECT_EQ(periods.period_at(kFirst, utc("2024-07-04T15:00:00Z"), Duration::days(1)),
              std::nullopt);
    EXPECT_EQ(periods.period_after(kFirst, utc("2024-07-03T17:00:00Z"), Duration::days(1)),
              (Period{utc("2024-07-05T13:30:00Z"), utc("2024-07-05T20:00:00Z")}));
}

TEST(CalendarPeriods, Hours_are_counted_from_the_open_and_the_last_is_cut_off) {
    const CalendarPeriods periods = periods_of("us-equities");
    EXPECT_EQ(periods.period_at(kFirst, utc("2024-07-02T14:29:59Z"), Duration::hours(1)),
              (Period{utc("2024-07-02T13:30:00Z"), utc("2024-07-02T14:30:00Z")}));
    EXPECT_EQ(periods.period_at(kFirst, utc("2024-07-02T19:45:00Z"), Duration::hours(1)),
              (Period{utc("2024-07-02T19:30:00Z"), utc("2024-07-02T20:00:00Z")}));
    EXPECT_EQ(periods.period_after(kFirst, utc("2024-07-02T13:40:00Z"), Duration::hours(1)),
              (Period{utc("2024-07-02T14:30:00Z"), utc("2024-07-02T15:30:00Z")}));
    EXPECT_EQ(periods.period_after(kFirst, utc("2024-07-02T14:30:00Z"), Duration::hours(1)),
              (Period{utc("2024-07-02T14:30:00Z"), utc("2024-07-02T15:30:00Z")}));
}

TEST(CalendarPeriods, A_day_in_Tokyo_spans_its_lunch) {
    const CalendarPeriods periods = periods_of("jp-equities");
    const Period day = {utc("2024-06-05T00:00:00Z"), utc("2024-06-05T06:00:00Z")};
    EXPECT_EQ(periods.period_at(kFirst, utc("2024-06-05T01:00:00Z"), Duration::days(1)), day);
    EXPECT_EQ(periods.period_at(kFirst, utc("2024-06-05T03:00:00Z"), Duration::days(1)), day);
    EXPECT_EQ(periods.period_at(kFirst, utc("2024-06-05T03:00:00Z"), Duration::hours(1)),
              std::nullopt);
    EXPECT_EQ(periods.period_at(kFirst, utc("2024-06-05T06:00:00Z"), Duration::days(1)),
              std::nullopt);
}

TEST(CalendarPeriods, Instruments_without_a_calendar_have_no_periods) {
    const CalendarPeriods periods = periods_of("crypto");
    EXPECT_EQ(periods.period_at(InstrumentId(5), second(0), Duration::days(1)), std::nullopt);
    EXPECT_EQ(periods.period_after(InstrumentId(5), second(0), Duration::days(1)), std::nullopt);
}

TEST(CalendarPeriods, Daily_bars_follow_the_clock_change) {
    const CalendarPeriods periods = periods_of("us-equities");
    FedBuilder bars("1d,session", &periods);
    bars.feed(trade_at(utc("2024-03-08T14:30:00Z"), "1"));  // 09:30 in winter
    bars.feed(trade_at(utc("2024-03-11T13:30:00Z"), "2"));  // 09:30 in summer
    bars.until(utc("2024-03-12T00:00:00Z"));
    ASSERT_EQ(bars.bars().size(), 2U);
    EXPECT_EQ(bars.bars()[0].bar.known_at, utc("2024-03-08T21:00:00Z"));
    EXPECT_EQ(bars.bars()[1].bar.open_time, utc("2024-03-11T13:30:00Z"));
    EXPECT_EQ(bars.bars()[1].bar.known_at, utc("2024-03-11T20:00:00Z"));
}

}  // namespace
}  // namespace millrace::market
