// The rules of the New York Stock Exchange (rule 7.2 and its announcements); Nasdaq follows them.
#include "millrace/core/market/us_holidays.hpp"

#include <array>

#include "millrace/core/market/date_rules.hpp"

namespace millrace::market {
namespace {

struct Closure {
    Date date;
    std::string_view name;
};

// Full days that no rule foresaw.
constexpr std::array kClosures{
    Closure{{1994, 4, 27}, "Funeral of President Nixon"},
    Closure{{2001, 9, 11}, "Attacks of 11 September"},
    Closure{{2001, 9, 12}, "Attacks of 11 September"},
    Closure{{2001, 9, 13}, "Attacks of 11 September"},
    Closure{{2001, 9, 14}, "Attacks of 11 September"},
    Closure{{2004, 6, 11}, "Mourning for President Reagan"},
    Closure{{2007, 1, 2}, "Mourning for President Ford"},
    Closure{{2012, 10, 29}, "Hurricane Sandy"},
    Closure{{2012, 10, 30}, "Hurricane Sandy"},
    Closure{{2018, 12, 5}, "Mourning for President G. H. W. Bush"},
    Closure{{2025, 1, 9}, "Mourning for President Carter"},
};

constexpr int kOnePm = 13 * 60;
constexpr int kTwoPm = 14 * 60;
constexpr int kOnePmSince = 1993;  // early closes were at two before

// A fixed holiday is kept on the Friday before when it falls on a Saturday, and on the Monday after
// a Sunday. `date` is a weekday.
constexpr bool observes(const Date& date, const Date& holiday) {
    if (date == holiday) return true;
    const Weekday weekday = weekday_of(date);
    return (weekday == Weekday::friday && plus_days(date, 1) == holiday) ||
           (weekday == Weekday::monday && plus_days(date, -1) == holiday);
}

std::string_view holiday_by_rule(const Date& date) {
    const int year = date.year;
    // New Year's Day of the same year: the Friday before is 31 December of the year before and
    // never meant. The exchange trades then, since it closes the books of the year.
    if (observes(date, {year, 1, 1})) return "New Year's Day";
    if (year >= 1998 && date == nth_weekday(year, 1, Weekday::monday, 3))
        return "Martin Luther King Jr. Day";
    if (date == nth_weekday(year, 2, Weekday::monday, 3)) return "Washington's Birthday";
    if (date == plus_days(easter_sunday(year), -2)) return "Good Friday";
    if (date == last_weekday(year, 5, Weekday::monday)) return "Memorial Day";
    if (year >= 2022 && observes(date, {year, 6, 19})) return "Juneteenth";
    if (observes(date, {year, 7, 4})) return "Independence Day";
    if (date == nth_weekday(year, 9, Weekday::monday, 1)) return "Labor Day";
    if (date == nth_weekday(year, 11, Weekday::thursday, 4)) return "Thanksgiving Day";
    if (observes(date, {year, 12, 25})) return "Christmas Day";
    return {};
}

// The day before Independence Day, since 1995, when it is a Monday, Tuesday or Thursday. When the
// fourth is a Thursday, the short day was Friday the fifth until 2012 and is Wednesday the third
// since 2013.
constexpr bool is_short_for_independence_day(const Date& date, Weekday weekday) {
    if (date.month != 7 || date.year < 1995) return false;
    if (date.day == 5) return weekday == Weekday::friday && date.year < 2013;
    if (date.day != 3) return false;
    return weekday == Weekday::monday || weekday == Weekday::tuesday ||
           weekday == Weekday::thursday || (weekday == Weekday::wednesday && date.year >= 2013);
}

}  // namespace

std::string_view us_market_holiday(const Date& date) {
    if (is_weekend(weekday_of(date))) return {};
    for (const Closure& closure : kClosures)
        if (closure.date == date) return closure.name;
    return holiday_by_rule(date);
}

std::optional<int> us_early_close_minute(const Date& date) {
    const int early = date.year < kOnePmSince ? kTwoPm : kOnePm;
    const Weekday weekday = weekday_of(date);
    // The Friday after Thanksgiving, since 1992.
    if (date.month == 11 && date.year >= 1992 &&
        date == plus_days(nth_weekday(date.year, 11, Weekday::thursday, 4), 1))
        return early;
    // Christmas Eve from Monday to Thursday; on a Friday it is the holiday itself.
    if (date.month == 12 && date.day == 24 && weekday < Weekday::friday) return early;
    if (is_short_for_independence_day(date, weekday)) return early;
    // The Friday after Christmas, by announcement, in two years only.
    if (date == Date{1997, 12, 26} || date == Date{2003, 12, 26}) return early;
    return std::nullopt;
}

}  // namespace millrace::market
