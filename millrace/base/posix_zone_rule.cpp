// The grammar and the calendar of POSIX TZ strings.
#include "millrace/base/posix_zone_rule.hpp"

#include "millrace/base/date.hpp"
#include "millrace/base/time_digits.hpp"

namespace millrace {
namespace {

using Change = PosixZoneChange;

// Each step takes its piece from the front of the text and says whether it was there.
class RuleReader {
  public:
    explicit RuleReader(std::string_view text) : rest_(text) {}

    bool rule(PosixZoneRule& rule) {
        if (!name(rule.standard.abbreviation) || !clock(24, rule.standard.offset_s)) return false;
        // POSIX counts offsets westward, we count eastward.
        rule.standard.offset_s = -rule.standard.offset_s;
        if (rest_.empty()) return true;

        auto& daylight = rule.daylight.emplace();
        if (!name(daylight.side.abbreviation)) return false;
        daylight.side.offset_s = rule.standard.offset_s + 3'600;
        if (!rest_.starts_with(',')) {
            if (!clock(24, daylight.side.offset_s)) return false;
            daylight.side.offset_s = -daylight.side.offset_s;
        }
        return take(',') && change(daylight.start) && take(',') && change(daylight.end) &&
               rest_.empty();
    }

  private:
    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    bool number(int low, int high, int& value) {
        std::size_t digits = 0;
        value = 0;
        while (digits < rest_.size() && digits < 4 && rest_[digits] >= '0' && rest_[digits] <= '9')
            value = value * 10 + (rest_[digits++] - '0');
        rest_.remove_prefix(digits);
        return digits > 0 && value >= low && value <= high;
    }

    // Letters, or anything between < and >.
    bool name(std::string& abbreviation) {
        const bool quoted = take('<');
        std::size_t size = 0;
        while (size < rest_.size() && belongs_to_name(rest_[size], quoted))
            ++size;
        abbreviation = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return size >= 3 && size <= 15 && (!quoted || take('>'));
    }

    static bool belongs_to_name(char c, bool quoted) {
        const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        return letter || (quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-'));
    }

    // [+-]hh[:mm[:ss]]
    bool clock(int hours_max, std::int64_t& seconds) {
        const int sign = take('-') ? -1 : 1;
        if (sign == 1) take('+');
        int hour = 0;
        int minute = 0;
        int second = 0;
        if (!number(0, hours_max, hour)) return false;
        if (take(':')) {
            if (!number(0, 59, minute)) return false;
            if (take(':') && !number(0, 59, second)) return false;
        }
        seconds = sign * (hour * 3'600 + minute * 60 + second);
        return true;
    }

    bool change(Change& change) {
        if (take('M')) {
            change.kind = Change::Kind::weekday_of_month;
            if (!number(1, 12, change.month) || !take('.') || !number(1, 5, change.week) ||
                !take('.') || !number(0, 6, change.day))
                return false;
        } else if (take('J')) {
            change.kind = Change::Kind::julian_without_leap_day;
            if (!number(1, 365, change.day)) return false;
        } else {
            change.kind = Change::Kind::day_of_year;
            if (!number(0, 365, change.day)) return false;
        }
        return !take('/') || clock(167, change.second);
    }

    std::string_view rest_;
};

std::int64_t day_of_change(const Change& change, int year) {
    const std::int64_t new_year = days_from_civil({year, 1, 1});
    switch (change.kind) {
        case Change::Kind::day_of_year: return new_year + change.day;
        case Change::Kind::julian_without_leap_day:
            // 29 February is never counted: day 60 is 1 March in every year.
            return new_year + change.day - 1 + (is_leap_year(year) && change.day >= 60 ? 1 : 0);
        case Change::Kind::weekday_of_month: break;
    }
    const std::int64_t first = days_from_civil({year, change.month, 1});
    const int weekday_of_first = static_cast<int>(weekday_from_days(first)) % 7;
    const int first_match = (change.day - weekday_of_first + 7) % 7;
    int day = first_match + (change.week - 1) * 7;
    if (day >= days_in_month(year, change.month)) day -= 7;  // week 5 means the last one
    return first + day;
}

}  // namespace

Result<PosixZoneRule> PosixZoneRule::parse(std::string_view text) {
    PosixZoneRule rule;
    if (!RuleReader(text).rule(rule))
        return failure(ErrorCode::data,
                       time_digits::quoted(text) + " is not the rule of a time zone", {},
                       "it does not follow the form EST5EDT,M3.2.0,M11.1.0",
                       "install the time zone database again: apt-get install --reinstall tzdata");
    return rule;
}

std::int64_t second_of_change(const Change& change, int year, std::int64_t offset_s) {
    return day_of_change(change, year) * kSecondsPerDay + change.second - offset_s;
}

}  // namespace millrace
