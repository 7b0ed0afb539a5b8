// The long way spells a time out for the general parser; the short way reads its digits, as those
// of 2026-11-21 09:48:55.123, and gives up at the first character that it does not expect.
#include "millrace/core/model/table_time.hpp"

#include <algorithm>

#include "millrace/base/decimal.hpp"
#include "millrace/core/model/table_clock.hpp"

namespace millrace::model {
namespace {

// Inside of these, every time of every day is within the range of Time.
constexpr int kYearMin = 1678;
constexpr int kYearMax = 2261;

bool is_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "20200101 170000065" and "20200101 17:00:00" as ISO writes them; anything else as it is.
std::string spelled_out(std::string_view text) {
    std::string iso(text);
    if (iso.size() >= 10 && iso[4] == '.' && iso[7] == '.') iso[4] = iso[7] = '-';
    const bool has_blank = iso.size() > 8 && (iso[8] == ' ' || iso[8] == 'T');
    if (iso.size() < 8 || !is_digits(text.substr(0, 8)) || (iso.size() > 8 && !has_blank))
        return iso;
    std::string_view rest = text.size() > 9 ? text.substr(9) : std::string_view();
    iso = std::string(text.substr(0, 4)) + "-" + std::string(text.substr(4, 2)) + "-" +
          std::string(text.substr(6, 2));
    if (rest.empty()) return iso;
    if (!is_digits(rest) || rest.size() < 6) return iso + " " + std::string(rest);
    iso += " " + std::string(rest.substr(0, 2)) + ":" + std::string(rest.substr(2, 2)) + ":" +
           std::string(rest.substr(4, 2));
    return rest.size() > 6 ? iso + "." + std::string(rest.substr(6)) : iso;
}

// Two digits, or a number that is none of a clock or calendar.
int two_digits(std::string_view text, std::size_t at) {
    const auto tens = static_cast<unsigned>(text[at]) - '0';
    const auto ones = static_cast<unsigned>(text[at + 1]) - '0';
    return tens > 9 || ones > 9 ? 100 : static_cast<int>(tens * 10 + ones);
}

bool is_usual_zone(std::string_view text) {
    return text == "Z" || text == "+00:00";
}

// The digits behind the point, and where they end; nothing when there are none, or too many.
std::optional<std::int64_t> read_fraction(std::string_view text, std::size_t& at) {
    std::int64_t digit_ns = kNanosecondsPerSecond;
    std::int64_t ns = 0;
    for (; at < text.size(); ++at) {
        const auto digit = static_cast<unsigned>(text[at]) - '0';
        if (digit > 9) break;
        if (digit_ns == 1) return std::nullopt;
        digit_ns /= 10;
        ns += digit * digit_ns;
    }
    return digit_ns == kNanosecondsPerSecond ? std::nullopt : std::optional(ns);
}

struct Clock {
    std::int64_t ns_of_day = 0;
    bool has_zone = false;  // UTC
};

std::optional<Clock> clock_of(int hour, int minute, int second) {
    if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
    return Clock{(hour * 3'600 + minute * 60 + second) * kNanosecondsPerSecond};
}

// "09:48", "09:48:55", "09:48:55.123456" and the last two with a zone.
std::optional<Clock> read_clock(std::string_view text) {
    if (text.size() < 5 || text[2] != ':') return std::nullopt;
    const bool has_seconds = text.size() >= 8;
    if (has_seconds ? text[5] != ':' : text.size() != 5) return std::nullopt;
    auto clock =
        clock_of(two_digits(text, 0), two_digits(text, 3), has_seconds ? two_digits(text, 6) : 0);
    if (!clock || text.size() <= 8) return clock;
    std::size_t at = 8;
    if (text[at] == '.') {
        const auto fraction = read_fraction(text, ++at);
        if (!fraction) return std::nullopt;
        clock->ns_of_day += *fraction;
        if (at == text.size()) return clock;
    }
    if (!is_usual_zone(text.substr(at))) return std::nullopt;
    clock->has_zone = true;
    return clock;
}

// "094855" and "094855123", behind a date that is written so too.
std::optional<Clock> read_compact_clock(std::string_view text) {
    if (text.size() < 6) return std::nullopt;
    auto clock = clock_of(two_digits(text, 0), two_digits(text, 2), two_digits(text, 4));
    if (!clock || text.size() == 6) return clock;
    std::size_t at = 6;
    const auto fraction = read_fraction(text, at);
    if (!fraction || at < text.size()) return std::nullopt;
    clock->ns_of_day += *fraction;
    return clock;
}

// "202611210948", "20261121094855" and "20261121094855123": as an epoch they would be of the 1970s.
bool is_one_number(std::string_view text) {
    if (text.size() != 12 && text.size() != 14 && text.size() != 17) return false;
    const int century = two_digits(text, 0);
    const int month = two_digits(text, 4);
    const int day = two_digits(text, 6);
    return is_digits(text) && (century == 19 || century == 20) && month >= 1 && month <= 12 &&
           day >= 1 && day <= 31 && two_digits(text, 8) < 24 && two_digits(text, 10) < 60;
}

// The decimals of a unit that nanoseconds are; below zero for what is no number.
int decimals_of(TimeFormat format) {
    switch (format) {
        case TimeFormat::epoch_s: return 9;
        case TimeFormat::epoch_ms:
        case TimeFormat::day_ms: return 6;
        case TimeFormat::epoch_us: return 3;
        case TimeFormat::epoch_ns: return 0;
        case TimeFormat::year_first:
        case TimeFormat::day_first:
        case TimeFormat::month_first: return -1;
    }
    return -1;
}

}  // namespace

Result<Time> parse_table_time(std::string_view text, const Zone& zone, TimeFormat format) {
    if (format == TimeFormat::day_first || format == TimeFormat::month_first) {
        const auto order =
            format == TimeFormat::day_first ? DateOrder::day_first : DateOrder::month_first;
        return parse_time_in(spell_out(text, order).value_or(std::string(text)), zone);
    }
    if (is_one_number(text)) {
        const std::string clock(text.substr(8));
        return parse_time_in(spelled_out(std::string(text.substr(0, 8)) + " " +
                                         (clock.size() == 4 ? clock + "00" : clock)),
                             zone);
    }
    if (is_digits(text) && text.size() != 8) {
        const auto count = parse_decimal(text, 0);
        if (!count) return failure(Error(count.error()));
        return from_epoch(*count, guess_epoch_unit(*count));
    }
    const std::string iso = spelled_out(text);
    if (iso.size() == 10) return parse_time_in(iso + " 00:00:00", zone);
    auto time = parse_time_in(iso.size() == 16 ? iso + ":00" : iso, zone);
    if (time) return time;
    const auto spelled = spell_out(text, DateOrder::year_first);
    return spelled ? parse_time_in(*spelled, zone) : time;
}

Result<Time> TimeColumn::read(std::string_view time, std::string_view time_of_day) {
    if (format_ == TimeFormat::year_first) {
        if (const auto usual = read_usual(time, time_of_day)) return *usual;
    } else if (decimals_of(format_) >= 0) {
        return read_number(time);
    }
    if (time_of_day.empty()) return parse_table_time(time, zone_, format_);
    return parse_table_time(std::string(time) + " " + std::string(time_of_day), zone_, format_);
}

Result<Time> TimeColumn::read_number(std::string_view text) const {
    const int decimals = decimals_of(format_);
    const auto plain = parse_plain_decimal(text, 0);  // most have no fraction
    std::int64_t ns = 0;
    if (!plain || __builtin_mul_overflow(*plain, power_of_ten(decimals), &ns)) {
        const auto parsed = parse_decimal(text, decimals, Rounding::half_even);
        if (!parsed) return failure(Error(parsed.error()));
        ns = *parsed;
    }
    if (format_ != TimeFormat::day_ms) return Time::from_ns(ns);
    if (ns < 0 || ns >= kNanosecondsPerDay)
        return failure(ErrorCode::data,
                       "\"" + std::string(text.substr(0, 40)) + "\" is no time of a day", {},
                       "a day has 86400000 milliseconds", "mend the row or leave it out");
    if (is_utc_) return Time::from_ns(days_from_civil(day_) * kNanosecondsPerDay + ns);
    return zone_.to_time({day_, ns});
}

std::optional<Time> TimeColumn::read_usual(std::string_view time, std::string_view time_of_day) {
    if (time.size() < 8) return std::nullopt;
    const bool is_compact = time[4] != '-' && time[4] != '.';
    const std::size_t date_size = is_compact ? 8 : 10;
    if (time.size() < date_size) return std::nullopt;
    if (time.size() > date_size) {
        const char separator = time[date_size];
        if (separator != ' ' && (is_compact || separator != 'T')) return std::nullopt;
        if (!time_of_day.empty() || time.size() == date_size + 1) return std::nullopt;
        time_of_day = time.substr(date_size + 1);
    }
    if (!read_date(time.substr(0, date_size))) return std::nullopt;
    std::optional<Clock> clock = Clock{};  // a date alone is its midnight
    if (!time_of_day.empty()) {
        const bool has_colon = time_of_day.size() > 2 && time_of_day[2] == ':';
        clock =
            is_compact && !has_colon ? read_compact_clock(time_of_day) : read_clock(time_of_day);
    }
    if (!clock) return std::nullopt;
    if (is_utc_ || clock->has_zone) return Time::from_ns(day_ns_ + clock->ns_of_day);
    const auto found = zone_.to_time({date_, clock->ns_of_day});
    return found ? std::optional(*found) : std::nullopt;
}

// "2026-11-21", "2026.11.21" or "20261121".
bool TimeColumn::read_date(std::string_view text) {
    if (text == date_text_) return true;
    const bool is_compact = text.size() == 8;
    if (!is_compact && text[4] != text[7]) return false;
    const std::size_t month_at = is_compact ? 4 : 5;
    const std::size_t day_at = is_compact ? 6 : 8;
    const int century = two_digits(text, 0);
    const int year = two_digits(text, 2);
    const Date date{century * 100 + year, two_digits(text, month_at), two_digits(text, day_at)};
    if (century > 99 || year > 99 || date.year < kYearMin || date.year > kYearMax ||
        !is_valid(date))
        return false;
    date_text_ = text;
    date_ = date;
    day_ns_ = days_from_civil(date) * kNanosecondsPerDay;
    return true;
}

}  // namespace millrace::model
