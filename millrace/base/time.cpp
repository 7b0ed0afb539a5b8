// Checked sums, epoch numbers, durations and the text form of Time. Dates from text are read in
// time_parse.cpp.
#include "millrace/base/time.hpp"

#include <algorithm>
#include <array>

#include "millrace/base/time_digits.hpp"

namespace millrace {
namespace {

tl::unexpected<Error> out_of_range(std::string what) {
    return failure(ErrorCode::data, std::move(what), {},
                   "times are nanoseconds in 64 bits, from 1677-09-21 to 2262-04-11",
                   "check the unit and the year of the value");
}

// The one door for sums from outside: INT64_MIN stays free for Maybe<Time>.
Result<Time> in_range(bool overflowed, std::int64_t ns, const char* what) {
    if (overflowed || ns == INT64_MIN) return out_of_range(what);
    return Time::from_ns(ns);
}

struct EpochScale {
    std::int64_t ns;       // nanoseconds in one unit
    std::size_t decimals;  // digits of fraction until a nanosecond
    const char* name;
};

EpochScale scale_of(EpochUnit unit) {
    switch (unit) {
        case EpochUnit::seconds: return {kNanosecondsPerSecond, 9, "seconds"};
        case EpochUnit::milliseconds: return {1'000'000, 6, "milliseconds"};
        case EpochUnit::microseconds: return {1'000, 3, "microseconds"};
        case EpochUnit::nanoseconds: return {1, 0, "nanoseconds"};
    }
    return {1, 0, "nanoseconds"};
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Appends the digits at the front of `text` to `value` and removes them; false when 64 bits are too
// few.
bool take_digits(std::string_view& text, std::uint64_t& value) {
    while (!text.empty() && is_digit(text.front())) {
        if (__builtin_mul_overflow(value, std::uint64_t{10}, &value)) return false;
        const auto digit = static_cast<std::uint64_t>(text.front() - '0');
        if (__builtin_add_overflow(value, digit, &value)) return false;
        text.remove_prefix(1);
    }
    return true;
}

// The signed value of a magnitude, or nothing beyond 64 bits.
std::optional<std::int64_t> with_sign(bool negative, std::uint64_t magnitude) {
    constexpr std::uint64_t kLargest = INT64_MAX;
    if (negative && magnitude == kLargest + 1) return INT64_MIN;
    if (magnitude > kLargest) return std::nullopt;
    const auto value = static_cast<std::int64_t>(magnitude);
    return negative ? -value : value;
}

struct DurationUnit {
    std::string_view name;
    std::uint64_t ns;
};
constexpr std::array<DurationUnit, 7> kDurationUnits{{{"d", 86'400'000'000'000},
                                                      {"h", 3'600'000'000'000},
                                                      {"m", 60'000'000'000},
                                                      {"s", 1'000'000'000},
                                                      {"ms", 1'000'000},
                                                      {"us", 1'000},
                                                      {"ns", 1}}};

tl::unexpected<Error> not_a_duration(std::string_view text, std::string why) {
    return failure(ErrorCode::data, time_digits::quoted(text) + " is not a duration", {},
                   std::move(why),
                   "write whole numbers with d, h, m, s, ms, us or ns, larger units first: 1h30m");
}

}  // namespace

Result<Time> add(Time time, Duration duration) {
    std::int64_t sum = 0;
    const bool overflowed = __builtin_add_overflow(time.ns(), duration.ns(), &sum);
    return in_range(overflowed, sum, "the sum of a time and a duration is out of range");
}

Result<Time> subtract(Time time, Duration duration) {
    std::int64_t difference = 0;
    const bool overflowed = __builtin_sub_overflow(time.ns(), duration.ns(), &difference);
    return in_range(overflowed, difference, "a time minus a duration is out of range");
}

Result<Duration> subtract(Time later, Time earlier) {
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(later.ns(), earlier.ns(), &difference))
        return failure(ErrorCode::data, "two times lie too far apart", {},
                       "a duration holds at most 292 years", "use times that lie closer together");
    return Duration::nanoseconds(difference);
}

LocalDateTime utc_date_time(Time time) {
    std::int64_t days = time.ns() / kNanosecondsPerDay;
    std::int64_t ns_of_day = time.ns() % kNanosecondsPerDay;
    if (ns_of_day < 0) {
        ns_of_day += kNanosecondsPerDay;
        --days;
    }
    return {civil_from_days(days), ns_of_day};
}

std::string_view format_time(Time time, std::span<char, 32> buffer) {
    const LocalDateTime utc = utc_date_time(time);
    char* at = time_digits::put_date(buffer.data(), utc.date);
    *at++ = 'T';
    at = time_digits::put_clock(at, utc.ns_of_day);
    *at++ = 'Z';
    return {buffer.data(), static_cast<std::size_t>(at - buffer.data())};
}

std::string format_time(Time time) {
    std::array<char, 32> buffer;
    return std::string(format_time(time, buffer));
}

Result<Time> from_epoch(std::int64_t count, EpochUnit unit) {
    const EpochScale scale = scale_of(unit);
    std::int64_t ns = 0;
    if (__builtin_mul_overflow(count, scale.ns, &ns) || ns == INT64_MIN)
        return out_of_range(std::to_string(count) + ' ' + scale.name +
                            " since 1970 are out of the range of time");
    return Time::from_ns(ns);
}

Result<Time> parse_epoch(std::string_view digits, EpochUnit unit) {
    const EpochScale scale = scale_of(unit);
    const auto refuse = [&](std::string why) {
        return failure(
            ErrorCode::data,
            time_digits::quoted(digits) + " is not a number of " + scale.name + " since 1970", {},
            std::move(why), "write plain decimal digits, for example 1732182535");
    };
    const auto too_large = [&] {
        return out_of_range(time_digits::quoted(digits) + ' ' + scale.name +
                            " since 1970 are out of the range of time");
    };
    std::string_view rest = digits;
    const bool negative = rest.starts_with('-');
    if (negative) rest.remove_prefix(1);
    if (rest.empty() || !is_digit(rest.front())) return refuse("it does not begin with a digit");

    std::uint64_t magnitude = 0;
    if (!take_digits(rest, magnitude)) return too_large();
    std::size_t decimals = 0;
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        const auto is_other = [](char c) { return !is_digit(c); };
        decimals = static_cast<std::size_t>(std::ranges::find_if(rest, is_other) - rest.begin());
        if (decimals == 0) return refuse("no digit follows the point");
        if (decimals > scale.decimals) return refuse("its fraction is finer than a nanosecond");
        if (!take_digits(rest, magnitude)) return too_large();
    }
    if (!rest.empty()) return refuse("something that is neither a digit nor a point stands in it");
    for (std::size_t place = decimals; place < scale.decimals; ++place)
        if (__builtin_mul_overflow(magnitude, std::uint64_t{10}, &magnitude)) return too_large();
    const auto ns = with_sign(negative, magnitude);
    if (!ns || *ns == INT64_MIN) return too_large();
    return Time::from_ns(*ns);
}

Result<Duration> parse_duration(std::string_view text) {
    std::string_view rest = text;
    const bool negative = rest.starts_with('-');
    if (negative) rest.remove_prefix(1);
    if (rest.empty()) return not_a_duration(text, "there is no number in it");

    constexpr const char* kTooLong = "it is longer than 292 years";
    std::uint64_t total = 0;
    std::size_t next_unit = 0;  // units before this one are used up
    while (!rest.empty()) {
        if (!is_digit(rest.front()))
            return not_a_duration(text, "a whole number must stand before each unit");
        std::uint64_t count = 0;
        if (!take_digits(rest, count)) return not_a_duration(text, kTooLong);
        const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
        const auto length = std::ranges::find_if_not(rest, is_letter) - rest.begin();
        const std::string_view name = rest.substr(0, static_cast<std::size_t>(length));
        if (name.empty()) return not_a_duration(text, "a number has no unit");
        const auto unit = std::ranges::find(kDurationUnits, name, &DurationUnit::name);
        if (unit == kDurationUnits.end())
            return not_a_duration(text, "there is no unit " + time_digits::quoted(name));
        const auto index = static_cast<std::size_t>(unit - kDurationUnits.begin());
        if (index < next_unit) return not_a_duration(text, "its units are doubled or out of order");
        next_unit = index + 1;
        rest.remove_prefix(name.size());
        if (__builtin_mul_overflow(count, unit->ns, &count) ||
            __builtin_add_overflow(total, count, &total))
            return not_a_duration(text, kTooLong);
    }
    const auto ns = with_sign(negative, total);
    if (!ns) return not_a_duration(text, kTooLong);
    return Duration::nanoseconds(*ns);
}

std::string format_duration(Duration duration) {
    if (duration == Duration()) return "0s";
    const auto bits = static_cast<std::uint64_t>(duration.ns());
    std::uint64_t left = duration.ns() < 0 ? 0 - bits : bits;
    std::string text = duration.ns() < 0 ? "-" : "";
    for (const auto& unit : kDurationUnits) {
        if (left < unit.ns) continue;
        text += std::to_string(left / unit.ns);
        text += unit.name;
        left %= unit.ns;
    }
    return text;
}

}  // namespace millrace
