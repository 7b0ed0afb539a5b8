// Zone does the work; only a time inside the hour that clocks skip needs a search.
#include "millrace/core/market/wall_clock.hpp"

#include "millrace/core/market/date_rules.hpp"

namespace millrace::market {
namespace {

constexpr int kMinutesPerDay = 1'440;
constexpr std::int64_t kNanosecondsPerMinute = 60 * kNanosecondsPerSecond;

// `after` is `local` read by the clock that was not put forward; it shows a later time, by the
// length of the gap. So the skip lies at most that length before it.
Time moment_of_skip(Zone zone, const LocalDateTime& local, Time after, const LocalDateTime& shown) {
    const std::int64_t gap_ns =
        (days_from_civil(shown.date) - days_from_civil(local.date)) * kNanosecondsPerDay +
        shown.ns_of_day - local.ns_of_day;
    std::int64_t low = after.ns() - gap_ns;  // shows less than `local`
    std::int64_t high = after.ns();          // shows more
    while (high - low > 1) {
        const std::int64_t middle = low + (high - low) / 2;
        if (zone.to_local(Time::from_ns(middle)).local < local)
            low = middle;
        else
            high = middle;
    }
    return Time::from_ns(high);
}

}  // namespace

Time first_instant(Zone zone, const LocalDateTime& local) {
    const auto read = zone.to_time(local, Ambiguity::earlier, Gap::shift_forward);
    if (!read) return local.date.year < 1970 ? Time::earliest() : Time::latest();
    const LocalDateTime shown = zone.to_local(*read).local;
    return shown == local ? *read : moment_of_skip(zone, local, *read, shown);
}

Time first_instant(Zone zone, const Date& date, int minute) {
    const int before = minute < 0 ? 1 : 0;
    MILLRACE_ASSERT(minute >= -kMinutesPerDay && minute <= kMinutesPerDay,
                    "minutes reach from the day before to the end of the day");
    if (minute == kMinutesPerDay) return first_instant(zone, {plus_days(date, 1), 0});
    const std::int64_t of_day = minute + before * kMinutesPerDay;
    return first_instant(zone, {plus_days(date, -before), of_day * kNanosecondsPerMinute});
}

}  // namespace millrace::market
