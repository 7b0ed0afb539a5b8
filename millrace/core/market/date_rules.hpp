// Rules that turn a year into a date: "the third Monday of January", "two days before Easter". The
// calendars of all venues are written with these, so that no year needs a table.
#pragma once

#include <cstdint>

#include "millrace/base/assert.hpp"
#include "millrace/base/date.hpp"

namespace millrace::market {

[[nodiscard]] constexpr Date plus_days(const Date& date, std::int64_t days) {
    return civil_from_days(days_from_civil(date) + days);
}

[[nodiscard]] constexpr bool is_weekend(Weekday weekday) {
    return weekday == Weekday::saturday || weekday == Weekday::sunday;
}

// The n-th such weekday of the month, from 1; the month must have that many.
[[nodiscard]] constexpr Date nth_weekday(int year, int month, Weekday weekday, int n) {
    const Weekday first = weekday_of({year, month, 1});
    const int to_first = (static_cast<int>(weekday) - static_cast<int>(first) + 7) % 7;
    const Date date{year, month, 1 + to_first + (n - 1) * 7};
    MILLRACE_ASSERT(is_valid(date), "the month has fewer of these weekdays");
    return date;
}

[[nodiscard]] constexpr Date last_weekday(int year, int month, Weekday weekday) {
    const Date last{year, month, days_in_month(year, month)};
    const int back = (static_cast<int>(weekday_of(last)) - static_cast<int>(weekday) + 7) % 7;
    return {year, month, last.day - back};
}

// Easter of the western churches: the Sunday after the church's full moon of spring. That moon
// comes back every 19 years; two corrections by century keep it in step with the Gregorian leap
// years (solar) and with the true moon (lunar).
[[nodiscard]] constexpr Date easter_sunday(int year) {
    MILLRACE_ASSERT(year >= 1583, "Gregorian Easter began in 1583");
    const int golden = year % 19;
    const int century = year / 100;
    const int solar = century - century / 4;
    const int lunar = (8 * century + 13) / 25;
    const int moon = (solar - lunar + 19 * golden + 15) % 30;  // days from 21 March to full moon
    // Two full moons come a day earlier, so that no cycle has the same one twice.
    const int full_moon = moon - (moon == 29 || (moon == 28 && golden > 10) ? 1 : 0);
    const Date moon_day = plus_days({year, 3, 21}, full_moon);
    const int to_sunday = 7 - static_cast<int>(weekday_of(moon_day)) % 7;
    return plus_days(moon_day, to_sunday);
}

}  // namespace millrace::market
