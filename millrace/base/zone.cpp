// Searching the tables of the zones, and the registry that keeps each one once for the life of the
// process.
#include "millrace/base/zone.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>

#include "millrace/base/time_digits.hpp"
#include "millrace/base/zone_table.hpp"

namespace millrace {
namespace {

using Period = ZoneTable::Period;

// Never freed: zones in static objects stay good until the very end.
struct Registry {
    std::mutex mutex;
    std::map<std::string, std::unique_ptr<const ZoneTable>, std::less<>> tables;
};

Registry& registry() {
    static Registry& instance = *std::make_unique<Registry>().release();
    return instance;
}

const ZoneTable& utc_table() {
    static const ZoneTable& table =
        *std::make_unique<const ZoneTable>(ZoneTable{"UTC", {{INT64_MIN, 0, false, "UTC"}}})
             .release();
    return table;
}

std::int64_t floor_divide(std::int64_t value, std::int64_t divisor) {
    return value / divisor - (value % divisor < 0 ? 1 : 0);
}

// The index of the period that `second` lies in; the first one stretches back without end.
std::size_t period_at(const std::vector<Period>& periods, std::int64_t second) {
    const auto after = std::upper_bound(
        periods.begin() + 1, periods.end(), second,
        [](std::int64_t value, const Period& period) { return value < period.begin_s; });
    return static_cast<std::size_t>(after - periods.begin()) - 1;
}

// The periods in which a wall clock shows `local_s`: one, or two (or more) where the clocks went
// back, or none, and then `before_gap` is the last period before the clocks jumped over it.
struct Candidates {
    const Period* earliest = nullptr;
    const Period* latest = nullptr;
    const Period* before_gap = nullptr;
};

Candidates candidates_for(const std::vector<Period>& periods, std::int64_t local_s) {
    // No offset is larger than 26 hours, which RFC 9636 recommends as the limit.
    constexpr std::int64_t kOffsetMax = 26 * 3'600;
    Candidates found;
    for (std::size_t i = period_at(periods, local_s - kOffsetMax); i < periods.size(); ++i) {
        const Period& period = periods[i];
        if (i > 0 && period.begin_s > local_s + kOffsetMax) break;
        const std::int64_t second = local_s - period.offset_s;
        const bool begun = i == 0 || second >= period.begin_s;
        const bool ended = i + 1 < periods.size() && second >= periods[i + 1].begin_s;
        if (begun && ended) found.before_gap = &period;
        if (!begun || ended) continue;
        if (found.earliest == nullptr) found.earliest = &period;
        found.latest = &period;
    }
    return found;
}

std::string place(const LocalDateTime& local, std::string_view zone) {
    return format_local(local) + " in " + std::string(zone);
}

}  // namespace

Zone Zone::utc() {
    return Zone(&utc_table());
}

Result<Zone> Zone::find(std::string_view name) {
    if (name == "UTC") return utc();
    Registry& known = registry();
    const std::lock_guard lock(known.mutex);
    if (const auto found = known.tables.find(name); found != known.tables.end())
        return Zone(found->second.get());
    auto table = read_zone_table(name);
    if (!table) return failure(std::move(table.error()));
    const auto added = known.tables.emplace(std::string(name), std::move(*table)).first;
    return Zone(added->second.get());
}

std::string_view Zone::name() const {
    return table_->name;
}

LocalTime Zone::to_local(Time time) const {
    const std::int64_t second = floor_divide(time.ns(), kNanosecondsPerSecond);
    const std::int64_t remainder = time.ns() % kNanosecondsPerSecond;
    const std::int64_t fraction = remainder + (remainder < 0 ? kNanosecondsPerSecond : 0);
    const Period& period = table_->periods[period_at(table_->periods, second)];
    const std::int64_t local_s = second + period.offset_s;
    const std::int64_t days = floor_divide(local_s, kSecondsPerDay);
    const std::int64_t second_of_day = local_s - days * kSecondsPerDay;
    return {{civil_from_days(days), second_of_day * kNanosecondsPerSecond + fraction},
            Duration::seconds(period.offset_s),
            period.daylight_saving,
            period.abbreviation};
}

Result<Time> Zone::to_time(const LocalDateTime& local, Ambiguity ambiguity, Gap gap) const {
    MILLRACE_ASSERT(is_valid(local), "a wall-clock time that is not in the calendar");
    const std::int64_t local_s =
        days_from_civil(local.date) * kSecondsPerDay + local.ns_of_day / kNanosecondsPerSecond;
    const Candidates found = candidates_for(table_->periods, local_s);
    const Period* chosen = ambiguity == Ambiguity::later ? found.latest : found.earliest;
    if (chosen == nullptr) {
        MILLRACE_ASSERT(found.before_gap != nullptr,
                        "a wall-clock time without a period around it");
        if (gap == Gap::refuse)
            return failure(ErrorCode::data, place(local, name()) + " never happens", {},
                           "the clocks are put forward over it",
                           "write a time outside the skipped hour or give the offset from UTC");
        chosen = found.before_gap;
    } else if (found.earliest != found.latest && ambiguity == Ambiguity::refuse) {
        return failure(
            ErrorCode::data, place(local, name()) + " happens twice", {},
            "the clocks are put back over it: once as " + found.earliest->abbreviation +
                ", once as " + found.latest->abbreviation,
            "give the offset from UTC, or say whether the earlier or the later is meant");
    }
    return time_at_offset(local, Duration::seconds(chosen->offset_s));
}

Result<Time> parse_time_in(std::string_view text, Zone zone, Ambiguity ambiguity, Gap gap) {
    auto read = parse_date_time(text);
    if (!read) return failure(std::move(read.error()));
    if (read->offset) return time_at_offset(read->local, *read->offset);
    return zone.to_time(read->local, ambiguity, gap);
}

}  // namespace millrace
