// Dates and times of day from text. The reader walks a fixed form from left to right and never
// guesses: whatever it refuses, it names the character and the rule.
#include <array>

#include "millrace/base/time.hpp"
#include "millrace/base/time_digits.hpp"

namespace millrace {
namespace {

constexpr const char* kForm = "write it like 2026-11-21T09:48:55.123Z";

std::string two_digits(int value) {
    char text[2];
    return {text, time_digits::put(text, value, 2)};
}

class DateTimeReader {
  public:
    explicit DateTimeReader(std::string_view text) : text_(text) {}

    Result<DateTimeText> date_time() {
        if (!date() || !separator() || !clock() || !fraction() || !offset() || !end())
            return refusal("date and time");
        return found_;
    }

    Result<Date> only_date() {
        if (!date() || !end()) return refusal("date");
        return found_.local.date;
    }

  private:
    bool refuse(std::size_t at, std::string why, std::string mend = kForm) {
        refused_at_ = at;
        why_ = std::move(why);
        mend_ = std::move(mend);
        return false;
    }

    [[nodiscard]] tl::unexpected<Error> refusal(const char* noun) const {
        return failure(ErrorCode::data, time_digits::quoted(text_) + " is not a " + noun,
                       "character " + std::to_string(refused_at_ + 1), why_, mend_);
    }

    [[nodiscard]] bool done() const { return at_ == text_.size(); }
    [[nodiscard]] bool next_is(char c) const { return !done() && text_[at_] == c; }
    [[nodiscard]] bool next_is_digit() const {
        return !done() && text_[at_] >= '0' && text_[at_] <= '9';
    }

    bool literal(char c) {
        if (!next_is(c)) return refuse(at_, std::string("'") + c + "' is expected here");
        ++at_;
        return true;
    }

    // Exactly `width` digits.
    bool digits(int width, const char* noun, int& value) {
        value = 0;
        for (int place = 0; place < width; ++place) {
            if (!next_is_digit())
                return refuse(at_, std::string("the ") + noun + " needs " + std::to_string(width) +
                                       " digits");
            value = value * 10 + (text_[at_++] - '0');
        }
        return true;
    }

    bool date() {
        Date& date = found_.local.date;
        if (!digits(4, "year", date.year) || !literal('-')) return false;
        const std::size_t month_at = at_;
        if (!digits(2, "month", date.month)) return false;
        if (date.month < 1 || date.month > 12)
            return refuse(month_at, "there is no month " + two_digits(date.month));
        if (!literal('-')) return false;
        const std::size_t day_at = at_;
        if (!digits(2, "day", date.day)) return false;
        if (!is_valid(date))
            return refuse(day_at, std::string(text_.substr(0, month_at + 2)) + " has no day " +
                                      two_digits(date.day));
        return true;
    }

    bool separator() {
        if (!next_is('T') && !next_is('t') && !next_is(' '))
            return refuse(at_, "'T' or one space is expected between the date and the time of day");
        ++at_;
        return true;
    }

    bool clock() {
        int hour = 0;
        int minute = 0;
        int second = 0;
        const std::size_t begin = at_;
        if (!digits(2, "hour", hour)) return false;
        if (hour == 24)
            return refuse(begin, "hour 24 is refused, because it names the next day",
                          "write 00:00:00 of the next day");
        if (hour > 23) return refuse(begin, "there is no hour " + two_digits(hour));
        if (!literal(':') || !digits(2, "minute", minute)) return false;
        if (minute > 59) return refuse(begin + 3, "there is no minute " + two_digits(minute));
        if (!literal(':') || !digits(2, "second", second)) return false;
        if (second == 60)
            return refuse(begin + 6, "second 60 is refused, because Unix time has no leap seconds",
                          "write second 59 of this minute or 00 of the next");
        if (second > 59) return refuse(begin + 6, "there is no second " + two_digits(second));
        found_.local.ns_of_day = (hour * 3'600 + minute * 60 + second) * kNanosecondsPerSecond;
        return true;
    }

    bool fraction() {
        if (!next_is('.')) return true;
        ++at_;
        if (!next_is_digit()) return refuse(at_, "no digit follows the point");
        std::int64_t digit_ns = kNanosecondsPerSecond / 10;
        for (; next_is_digit(); ++at_, digit_ns /= 10) {
            if (digit_ns == 0)
                return refuse(at_, "a fraction has at most 9 digits (nanoseconds)",
                              "round it to 9 digits");
            found_.local.ns_of_day += (text_[at_] - '0') * digit_ns;
        }
        return true;
    }

    // Z, +hh:mm, +hhmm or +hh; none at all leaves the offset empty.
    bool offset() {
        if (done()) return true;
        if (next_is('Z') || next_is('z')) {
            ++at_;
            found_.offset = Duration();
            return true;
        }
        if (!next_is('+') && !next_is('-'))
            return refuse(at_, "Z or an offset such as +01:00 is expected here");
        const int sign = next_is('-') ? -1 : 1;
        const std::size_t begin = ++at_;
        int hours = 0;
        int minutes = 0;
        if (!digits(2, "offset's hour", hours)) return false;
        if (next_is(':')) ++at_;
        const bool has_minutes = !done() || text_[at_ - 1] == ':';
        if (has_minutes && !digits(2, "offset's minute", minutes)) return false;
        if (hours > 23 || minutes > 59)
            return refuse(begin, "an offset lies between -23:59 and +23:59");
        found_.offset = Duration::minutes(sign * (hours * 60 + minutes));
        return true;
    }

    bool end() { return done() || refuse(at_, "nothing may follow here"); }

    std::string_view text_;
    std::size_t at_ = 0;
    DateTimeText found_;
    std::size_t refused_at_ = 0;
    std::string why_;
    std::string mend_;
};

}  // namespace

Result<DateTimeText> parse_date_time(std::string_view text) {
    return DateTimeReader(text).date_time();
}

Result<Date> parse_date(std::string_view text) {
    return DateTimeReader(text).only_date();
}

Result<Time> parse_time(std::string_view text) {
    auto read = parse_date_time(text);
    if (!read) return failure(std::move(read.error()));
    if (!read->offset)
        return failure(ErrorCode::data, time_digits::quoted(text) + " names no zone",
                       "character " + std::to_string(text.size() + 1),
                       "the same clock time is a different instant in each zone",
                       "append Z or an offset such as +01:00, or name the zone it was written in "
                       "(option --tz; in code parse_time_in)");
    return time_at_offset(read->local, *read->offset);
}

Result<LocalDateTime> parse_local(std::string_view text) {
    auto read = parse_date_time(text);
    if (!read) return failure(std::move(read.error()));
    if (read->offset)
        return failure(ErrorCode::data, time_digits::quoted(text) + " names a zone", {},
                       "a plain wall-clock time is expected here",
                       "leave the zone out (in code, parse_time reads times with one)");
    return read->local;
}

Result<Time> time_at_offset(const LocalDateTime& local, Duration offset) {
    MILLRACE_ASSERT(is_valid(local), "a wall-clock time that is not in the calendar");
    // Whole seconds fit for every year that fits an int; only the step to nanoseconds can overflow.
    const std::int64_t offset_s = offset.ns() / kNanosecondsPerSecond;
    const std::int64_t sub_second =
        local.ns_of_day % kNanosecondsPerSecond - offset.ns() % kNanosecondsPerSecond;
    std::int64_t second = days_from_civil(local.date) * kSecondsPerDay +
                          local.ns_of_day / kNanosecondsPerSecond - offset_s;
    std::int64_t rest = sub_second;
    // Both parts get the same sign, so that the product alone never leaves a range that the sum is
    // in.
    if (second < 0 && rest > 0) {
        ++second;
        rest -= kNanosecondsPerSecond;
    } else if (second > 0 && rest < 0) {
        --second;
        rest += kNanosecondsPerSecond;
    }
    std::int64_t ns = 0;
    if (__builtin_mul_overflow(second, kNanosecondsPerSecond, &ns) ||
        __builtin_add_overflow(ns, rest, &ns) || ns == INT64_MIN)
        return failure(ErrorCode::data, format_local(local) + " is out of the range of time", {},
                       "times are nanoseconds in 64 bits, from 1677-09-21 to 2262-04-11",
                       "check the year");
    return Time::from_ns(ns);
}

}  // namespace millrace
