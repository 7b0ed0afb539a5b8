// Date: a day of the Gregorian calendar (also before 1582), and LocalDateTime: what a wall clock
// shows, with no zone. Everything here is arithmetic on days since 1970-01-01; zones are in
// zone.hpp, instants in time.hpp.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "millrace/base/assert.hpp"

namespace millrace {

inline constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
inline constexpr std::int64_t kSecondsPerDay = 86'400;
inline constexpr std::int64_t kNanosecondsPerDay = kSecondsPerDay * kNanosecondsPerSecond;

struct Date {
    int year = 1970;
    int month = 1;  // 1 to 12
    int day = 1;    // 1 to 31
    constexpr auto operator<=>(const Date&) const = default;
};

// The numbers are those of ISO 8601.
enum class Weekday { monday = 1, tuesday, wednesday, thursday, friday, saturday, sunday };

struct LocalDateTime {
    Date date;
    std::int64_t ns_of_day = 0;  // 0 to kNanosecondsPerDay - 1; a wall clock has no leap second
    constexpr auto operator<=>(const LocalDateTime&) const = default;
};

[[nodiscard]] constexpr bool is_leap_year(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

[[nodiscard]] constexpr int days_in_month(int year, int month) {
    MILLRACE_ASSERT(month >= 1 && month <= 12, "months are 1 to 12");
    if (month == 2) return is_leap_year(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

[[nodiscard]] constexpr bool is_valid(const Date& date) {
    return date.month >= 1 && date.month <= 12 && date.day >= 1 &&
           date.day <= days_in_month(date.year, date.month);
}

[[nodiscard]] constexpr bool is_valid(const LocalDateTime& local) {
    return is_valid(local.date) && local.ns_of_day >= 0 && local.ns_of_day < kNanosecondsPerDay;
}

// Days since 1970-01-01. The year is taken to begin in March, so that the leap day is its last day
// and the months before it follow one line: the first of the m-th month after March is day (153 m +
// 2) / 5.
[[nodiscard]] constexpr std::int64_t days_from_civil(const Date& date) {
    MILLRACE_ASSERT(is_valid(date), "a date that is not in the calendar");
    const bool before_march = date.month < 3;
    const std::int64_t year = std::int64_t{date.year} - (before_march ? 1 : 0);
    const std::int64_t cycle = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t year_of_cycle = year - cycle * 400;
    const int months_after_march = before_march ? date.month + 9 : date.month - 3;
    const std::int64_t day_of_year = (153 * months_after_march + 2) / 5 + date.day - 1;
    const std::int64_t leap_days = year_of_cycle / 4 - year_of_cycle / 100;
    constexpr std::int64_t kDaysPerCycle = 146'097;
    constexpr std::int64_t kEpochDay = 719'468;  // 1970-01-01, counted from 0000-03-01
    return cycle * kDaysPerCycle + year_of_cycle * 365 + leap_days + day_of_year - kEpochDay;
}

[[nodiscard]] constexpr Date civil_from_days(std::int64_t days) {
    constexpr std::int64_t kDaysPerCycle = 146'097;
    const std::int64_t shifted = days + 719'468;
    const std::int64_t cycle =
        (shifted >= 0 ? shifted : shifted - (kDaysPerCycle - 1)) / kDaysPerCycle;
    const std::int64_t day_of_cycle = shifted - cycle * kDaysPerCycle;
    // Take out the leap days that lie before this day (one each 1,460 days, none each 36,524, one
    // at the very end).
    const std::int64_t year_of_cycle =
        (day_of_cycle - day_of_cycle / 1'460 + day_of_cycle / 36'524 - day_of_cycle / 146'096) /
        365;
    const std::int64_t day_of_year =
        day_of_cycle - (year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100);
    const std::int64_t months_after_march = (5 * day_of_year + 2) / 153;
    const std::int64_t day = day_of_year - (153 * months_after_march + 2) / 5 + 1;
    const std::int64_t month =
        months_after_march < 10 ? months_after_march + 3 : months_after_march - 9;
    const std::int64_t year = cycle * 400 + year_of_cycle + (month < 3 ? 1 : 0);
    return {static_cast<int>(year), static_cast<int>(month), static_cast<int>(day)};
}

[[nodiscard]] constexpr Weekday weekday_from_days(std::int64_t days) {
    const std::int64_t after_monday = ((days + 3) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
    return static_cast<Weekday>(after_monday + 1);
}

[[nodiscard]] constexpr Weekday weekday_of(const Date& date) {
    return weekday_from_days(days_from_civil(date));
}

// "2026-11-21"
[[nodiscard]] std::string format_date(const Date& date);

// "2026-11-21T09:48:55.250", with 0, 3, 6 or 9 digits of fraction and no zone.
[[nodiscard]] std::string format_local(const LocalDateTime& local);

}  // namespace millrace
