// Time and Duration: 64-bit nanoseconds, exact from 1677 to 2262, and the doors through which text
// and epoch numbers from outside become a Time. A Time is an instant in UTC and knows no zone
// (zone.hpp does). The lowest integer is no Time that any door gives out: Maybe<Time> uses it for
// "absent".
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "millrace/base/assert.hpp"
#include "millrace/base/date.hpp"
#include "millrace/base/result.hpp"

namespace millrace {

// A span of time, negative ones included. The factories and the operators assert that nothing
// overflows.
class Duration {
  public:
    constexpr Duration() = default;

    [[nodiscard]] static constexpr Duration nanoseconds(std::int64_t n) { return Duration(n); }
    [[nodiscard]] static constexpr Duration microseconds(std::int64_t n) { return of(n, 1'000); }
    [[nodiscard]] static constexpr Duration milliseconds(std::int64_t n) {
        return of(n, 1'000'000);
    }
    [[nodiscard]] static constexpr Duration seconds(std::int64_t n) {
        return of(n, kNanosecondsPerSecond);
    }
    [[nodiscard]] static constexpr Duration minutes(std::int64_t n) {
        return of(n, 60 * kNanosecondsPerSecond);
    }
    [[nodiscard]] static constexpr Duration hours(std::int64_t n) {
        return of(n, 3'600 * kNanosecondsPerSecond);
    }
    [[nodiscard]] static constexpr Duration days(std::int64_t n) {
        return of(n, kNanosecondsPerDay);
    }

    [[nodiscard]] constexpr std::int64_t ns() const { return ns_; }
    constexpr auto operator<=>(const Duration&) const = default;

    friend constexpr Duration operator+(Duration a, Duration b) {
        std::int64_t sum = 0;
        MILLRACE_ASSERT(!__builtin_add_overflow(a.ns_, b.ns_, &sum),
                        "Duration + Duration overflows");
        return Duration(sum);
    }
    friend constexpr Duration operator-(Duration a, Duration b) {
        std::int64_t difference = 0;
        MILLRACE_ASSERT(!__builtin_sub_overflow(a.ns_, b.ns_, &difference),
                        "Duration - Duration overflows");
        return Duration(difference);
    }
    friend constexpr Duration operator-(Duration a) { return Duration() - a; }
    friend constexpr Duration operator*(Duration a, std::int64_t factor) {
        return of(a.ns_, factor);
    }
    friend constexpr Duration operator*(std::int64_t factor, Duration a) {
        return of(a.ns_, factor);
    }

  private:
    constexpr explicit Duration(std::int64_t ns) : ns_(ns) {}
    static constexpr Duration of(std::int64_t count, std::int64_t factor) {
        std::int64_t product = 0;
        MILLRACE_ASSERT(!__builtin_mul_overflow(count, factor, &product),
                        "a Duration beyond 292 years");
        return Duration(product);
    }

    std::int64_t ns_ = 0;
};

// An instant: nanoseconds since 1970-01-01T00:00:00Z without leap seconds. The default is that
// epoch.
class Time {
  public:
    constexpr Time() = default;
    [[nodiscard]] static constexpr Time from_ns(std::int64_t ns) { return Time(ns); }
    [[nodiscard]] static constexpr Time earliest() {
        return Time(-INT64_MAX);
    }  // 1677-09-21T00:12:43.145224193Z
    [[nodiscard]] static constexpr Time latest() {
        return Time(INT64_MAX);
    }  // 2262-04-11T23:47:16.854775807Z

    [[nodiscard]] constexpr std::int64_t ns() const { return ns_; }
    constexpr auto operator<=>(const Time&) const = default;

    friend constexpr Time operator+(Time time, Duration duration) {
        std::int64_t sum = 0;
        MILLRACE_ASSERT(!__builtin_add_overflow(time.ns_, duration.ns(), &sum),
                        "Time + Duration overflows");
        return Time(sum);
    }
    friend constexpr Time operator-(Time time, Duration duration) {
        std::int64_t difference = 0;
        MILLRACE_ASSERT(!__builtin_sub_overflow(time.ns_, duration.ns(), &difference),
                        "Time - Duration overflows");
        return Time(difference);
    }
    friend constexpr Duration operator-(Time later, Time earlier) {
        return Duration::nanoseconds(later.ns_) - Duration::nanoseconds(earlier.ns_);
    }

  private:
    constexpr explicit Time(std::int64_t ns) : ns_(ns) {}

    std::int64_t ns_ = 0;
};

// The same sums for operands that come from outside: an overflow is an Error instead of an
// assertion.
[[nodiscard]] Result<Time> add(Time time, Duration duration);
[[nodiscard]] Result<Time> subtract(Time time, Duration duration);
[[nodiscard]] Result<Duration> subtract(Time later, Time earlier);

// RFC 3339 with up to 9 digits of fraction, 'T', 't' or one space before the time of day, and a
// zone, which is required: Z, z, +hh:mm, +hhmm or +hh. Second 60 and hour 24 are refused.
[[nodiscard]] Result<Time> parse_time(std::string_view text);

// The same form without the zone, for use with Zone::to_time.
[[nodiscard]] Result<LocalDateTime> parse_local(std::string_view text);

// "2026-11-21"
[[nodiscard]] Result<Date> parse_date(std::string_view text);

// Either of the first two: what the text says, the offset only where it names one.
struct DateTimeText {
    LocalDateTime local;
    std::optional<Duration> offset;  // east of Greenwich is positive
};
[[nodiscard]] Result<DateTimeText> parse_date_time(std::string_view text);

// The instant at which a wall clock at this offset from UTC shows `local`.
[[nodiscard]] Result<Time> time_at_offset(const LocalDateTime& local, Duration offset);

// RFC 3339 in UTC with the fewest of 0, 3, 6 or 9 digits of fraction that are exact:
// 2026-11-21T09:48:55Z
[[nodiscard]] std::string format_time(Time time);
// The same without allocation; the view lies in `buffer`.
[[nodiscard]] std::string_view format_time(Time time, std::span<char, 32> buffer);

// The date and time of day in UTC.
[[nodiscard]] LocalDateTime utc_date_time(Time time);

// Units d, h, m, s, ms, us and ns, each a whole number, at most once, larger ones first: 1500ms,
// 1h30m, -5s, 0s.
[[nodiscard]] Result<Duration> parse_duration(std::string_view text);
// The same form, exact and shortest: 1500 ms is 1s500ms, zero is 0s.
[[nodiscard]] std::string format_duration(Duration duration);

enum class EpochUnit { seconds, milliseconds, microseconds, nanoseconds };

[[nodiscard]] Result<Time> from_epoch(std::int64_t count, EpochUnit unit);

// Decimal digits with an optional minus and a fraction no finer than a nanosecond: 1732182535.25
// seconds.
[[nodiscard]] Result<Time> parse_epoch(std::string_view digits, EpochUnit unit);

// The unit by magnitude: below 10^11 seconds, below 10^14 milliseconds, below 10^17 microseconds,
// else nanoseconds. Right for every instant from 1973-03-03T09:46:40Z (10^11 ms) to the year 2262
// in each of the units (seconds reach 5138); before that a finer unit looks like a coarser one.
[[nodiscard]] constexpr EpochUnit guess_epoch_unit(std::int64_t count) {
    const auto below = [count](std::int64_t limit) { return count > -limit && count < limit; };
    if (below(100'000'000'000)) return EpochUnit::seconds;
    if (below(100'000'000'000'000)) return EpochUnit::milliseconds;
    if (below(100'000'000'000'000'000)) return EpochUnit::microseconds;
    return EpochUnit::nanoseconds;
}

}  // namespace millrace
