// The Act on National Holidays as tables of rules, each row with the years it was in force.
#include "millrace/core/market/japanese_holidays.hpp"

#include <array>
#include <cstdint>

#include "millrace/core/market/date_rules.hpp"

namespace millrace::market {
namespace {

constexpr int kOpenEnd = 100'000;

struct FixedDay {
    int month;
    int day;
    int first_year;
    int last_year;
    std::string_view name;
};

// 1948 began in the middle: the act came into force on 20 July.
constexpr std::array kFixedDays{
    FixedDay{1, 1, 1949, kOpenEnd, "New Year's Day"},
    FixedDay{1, 15, 1949, 1999, "Coming of Age Day"},
    FixedDay{2, 11, 1967, kOpenEnd, "National Foundation Day"},
    FixedDay{2, 23, 2020, kOpenEnd, "Emperor's Birthday"},
    FixedDay{4, 29, 1949, 1988, "Emperor's Birthday"},
    FixedDay{4, 29, 1989, 2006, "Greenery Day"},
    FixedDay{4, 29, 2007, kOpenEnd, "Showa Day"},
    FixedDay{5, 3, 1949, kOpenEnd, "Constitution Memorial Day"},
    FixedDay{5, 4, 2007, kOpenEnd, "Greenery Day"},
    FixedDay{5, 5, 1949, kOpenEnd, "Children's Day"},
    FixedDay{7, 20, 1996, 2002, "Marine Day"},
    FixedDay{8, 11, 2016, 2019, "Mountain Day"},
    FixedDay{8, 11, 2022, kOpenEnd, "Mountain Day"},
    FixedDay{9, 15, 1966, 2002, "Respect for the Aged Day"},
    FixedDay{10, 10, 1966, 1999, "Health and Sports Day"},
    FixedDay{11, 3, 1948, kOpenEnd, "Culture Day"},
    FixedDay{11, 23, 1948, kOpenEnd, "Labour Thanksgiving Day"},
    FixedDay{12, 23, 1989, 2018, "Emperor's Birthday"},
};

struct HappyMonday {
    int month;
    int nth;
    int first_year;
    int last_year;
    std::string_view name;
};

constexpr std::array kHappyMondays{
    HappyMonday{1, 2, 2000, kOpenEnd, "Coming of Age Day"},
    HappyMonday{7, 3, 2003, 2019, "Marine Day"},
    HappyMonday{7, 3, 2022, kOpenEnd, "Marine Day"},
    HappyMonday{9, 3, 2003, kOpenEnd, "Respect for the Aged Day"},
    HappyMonday{10, 2, 2000, 2019, "Health and Sports Day"},
    HappyMonday{10, 2, 2022, kOpenEnd, "Sports Day"},
};

struct SingleDay {
    Date date;
    std::string_view name;
};

// Days of one year: those of the imperial house, and the three that were moved for the Olympic
// Games in 2020, and again in 2021 when these took place.
constexpr std::array kSingleDays{
    SingleDay{{1959, 4, 10}, "Wedding of the Crown Prince"},
    SingleDay{{1989, 2, 24}, "Funeral of the Showa Emperor"},
    SingleDay{{1990, 11, 12}, "Enthronement Ceremony"},
    SingleDay{{1993, 6, 9}, "Wedding of the Crown Prince"},
    SingleDay{{2019, 5, 1}, "Enthronement Day"},
    SingleDay{{2019, 10, 22}, "Enthronement Ceremony"},
    SingleDay{{2020, 7, 23}, "Marine Day"},
    SingleDay{{2020, 7, 24}, "Sports Day"},
    SingleDay{{2020, 8, 10}, "Mountain Day"},
    SingleDay{{2021, 7, 22}, "Marine Day"},
    SingleDay{{2021, 7, 23}, "Sports Day"},
    SingleDay{{2021, 8, 8}, "Mountain Day"},
};

constexpr Date kSubstitutesSince{1973, 4, 12};
constexpr Date kSandwichesSince{1985, 12, 27};
constexpr int kLongSubstitutesSince = 2007;

// The sun comes round 0.242194 days later each year and the leap day takes it back; the days of
// 1980, in millionths, differ by era because centuries without a leap day lie between.
struct EquinoxDays {
    std::int64_t to_1979;
    std::int64_t to_2099;
    std::int64_t from_2100;
};
constexpr EquinoxDays kVernal{20'835'700, 20'843'100, 21'851'000};
constexpr EquinoxDays kAutumnal{23'258'800, 23'248'800, 24'248'800};

constexpr int equinox_day(int year, const EquinoxDays& days) {
    constexpr std::int64_t kDriftPerYear = 242'194;
    const std::int64_t base = year < 1980   ? days.to_1979
                              : year < 2100 ? days.to_2099
                                            : days.from_2100;
    // Before 1980 the quotient is rounded towards zero, which is up.
    const int leap_days = year < 1980 ? (year - 1983) / 4 : (year - 1980) / 4;
    const std::int64_t drifted = base + kDriftPerYear * (year - 1980);
    return static_cast<int>(drifted / 1'000'000) - leap_days;
}

// The days that the law names, without those that follow from their neighbours.
std::string_view named_holiday(const Date& date) {
    const int year = date.year;
    for (const FixedDay& fixed : kFixedDays)
        if (fixed.month == date.month && fixed.day == date.day && year >= fixed.first_year &&
            year <= fixed.last_year)
            return fixed.name;
    for (const HappyMonday& monday : kHappyMondays)
        if (monday.month == date.month && year >= monday.first_year && year <= monday.last_year &&
            date == nth_weekday(year, monday.month, Weekday::monday, monday.nth))
            return monday.name;
    if (date.month == 3 && year >= 1949 && date.day == equinox_day(year, kVernal))
        return "Vernal Equinox Day";
    if (date.month == 9 && year >= 1948 && date.day == equinox_day(year, kAutumnal))
        return "Autumnal Equinox Day";
    for (const SingleDay& single : kSingleDays)
        if (single.date == date) return single.name;
    return {};
}

// The day off for a holiday that fell on a Sunday: the Monday after, and since 2007 the first day
// after that is no holiday itself. `date` is none.
bool is_substitute(const Date& date) {
    if (date < kSubstitutesSince) return false;
    const int back_max = date.year >= kLongSubstitutesSince ? 7 : 1;
    for (int back = 1; back <= back_max; ++back) {
        const Date before = plus_days(date, -back);
        if (named_holiday(before).empty()) return false;
        if (weekday_of(before) == Weekday::sunday) return true;
    }
    return false;
}

bool is_sandwiched(const Date& date) {
    return date >= kSandwichesSince && weekday_of(date) != Weekday::sunday &&
           !named_holiday(plus_days(date, -1)).empty() &&
           !named_holiday(plus_days(date, 1)).empty();
}

}  // namespace

std::string_view japanese_holiday(const Date& date) {
    if (const std::string_view name = named_holiday(date); !name.empty()) return name;
    if (is_substitute(date)) return "Substitute Holiday";
    if (is_sandwiched(date)) return "Citizens' Holiday";
    return {};
}

bool is_japanese_holiday(const Date& date) {
    return !japanese_holiday(date).empty();
}

bool is_japanese_bank_holiday(const Date& date) {
    const bool turn_of_year =
        (date.month == 12 && date.day == 31) || (date.month == 1 && date.day <= 3);
    return turn_of_year || is_japanese_holiday(date);
}

}  // namespace millrace::market
