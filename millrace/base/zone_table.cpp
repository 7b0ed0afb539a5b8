// The only file that sees the date library; its exceptions end here.
#include "millrace/base/zone_table.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <date/tz.h>
#include <exception>
#include <fstream>
#include <string>

#include "millrace/base/date.hpp"
#include "millrace/base/nearest.hpp"
#include "millrace/base/posix_zone_rule.hpp"
#include "millrace/base/time_digits.hpp"

namespace millrace {
namespace {

constexpr const char* kDirectory = "/usr/share/zoneinfo/";
constexpr const char* kInstall = "install the time zone database: apt-get install tzdata";
constexpr std::int64_t kFirstSecond = -9'223'372'037;  // the second of the earliest Time
constexpr std::int64_t kLastSecond = 9'223'372'036;    // and of the latest
constexpr int kLastYear = 2262;
constexpr std::size_t kPeriodsMax = 10'000;      // the fullest zone has about 700
constexpr std::size_t kFileSizeMax = 1'000'000;  // the largest file has about 4 kB

// Names in the directory that are no zones of IANA's: what they mean depends on the machine.
bool is_zone_name(std::string_view name) {
    return name != "localtime" && name != "posixrules" && name != "Factory";
}

// People often write the city alone and a space for '_', so a name is as near as its nearer one of
// whole and last part.
std::size_t distance_of_names(std::string_view written, std::string_view known) {
    const std::string_view city = known.substr(known.rfind('/') + 1);
    constexpr std::size_t kFarthest = kNearestLengthMax;
    return std::min(edit_distance(written, known, kFarthest),
                    edit_distance(written, city, kFarthest));
}

tl::unexpected<Error> unknown_zone(std::string_view name, const date::tzdb& database) {
    constexpr std::size_t kNamed = 3;
    std::string written(name.substr(0, kNearestLengthMax));
    std::ranges::replace(written, ' ', '_');
    std::vector<std::pair<std::size_t, std::string_view>> nearest;
    for (const auto& zone : database.zones)
        if (is_zone_name(zone.name()))
            nearest.emplace_back(distance_of_names(written, zone.name()), zone.name());
    const std::size_t count = std::min(kNamed, nearest.size());
    std::ranges::partial_sort(nearest, nearest.begin() + static_cast<std::ptrdiff_t>(count));
    std::string mend = "use an IANA name such as America/New_York or Europe/Berlin";
    if (nearest.empty()) mend = kInstall;
    // The nearest one and its equals; a wild guess would be worse than none.
    if (count > 0 && nearest.front().first <= slip_limit(written.size())) {
        mend = "use an IANA name; the nearest known is " + std::string(nearest.front().second);
        for (std::size_t i = 1; i < count && nearest[i].first <= nearest.front().first + 1; ++i)
            mend.append(", ").append(nearest[i].second);
    }
    return failure(ErrorCode::data, "there is no time zone " + time_digits::quoted(name), {},
                   "it is not in the system's time zone database", std::move(mend));
}

// The periods between the transitions that the file lists.
Result<std::vector<ZoneTable::Period>> listed_periods(const date::time_zone& zone) {
    std::vector<ZoneTable::Period> periods;
    std::int64_t second = kFirstSecond;
    while (second <= kLastSecond && periods.size() < kPeriodsMax) {
        const date::sys_info info = zone.get_info(date::sys_seconds(std::chrono::seconds(second)));
        periods.push_back({second, info.offset.count(), info.save.count() != 0, info.abbrev});
        const std::int64_t end = info.end.time_since_epoch().count();
        if (end <= second) break;
        second = end;
    }
    if (second <= kLastSecond)
        return failure(ErrorCode::data, "the time zone database is damaged", zone.name(),
                       "the zone's transitions do not end", kInstall);
    return periods;
}

// The last line of the zone's file; empty where the zone has no rule for the future.
Result<std::string> rule_text_of(const std::string& name) {
    std::ifstream file(kDirectory + name, std::ios::binary);
    const auto damaged = [&](const char* why) {
        return failure(ErrorCode::data, "the time zone database is damaged", kDirectory + name, why,
                       kInstall);
    };
    if (!file) return damaged("the zone's file cannot be read");
    std::string bytes;
    std::array<char, 4096> block;
    while (bytes.size() < kFileSizeMax &&
           (file.read(block.data(), block.size()), file.gcount() > 0))
        bytes.append(block.data(), static_cast<std::size_t>(file.gcount()));
    if (!bytes.starts_with("TZif") || bytes.size() < 5 || bytes[4] < '2' || bytes.back() != '\n')
        return damaged("the file is not in TZif format version 2 or later");
    bytes.pop_back();
    const std::size_t line = bytes.rfind('\n');
    if (line == std::string::npos) return damaged("the file has no last line with the zone's rule");
    return bytes.substr(line + 1);
}

// Continues the listed periods by the yearly rule.
void append_ruled_periods(std::vector<ZoneTable::Period>& periods, const PosixZoneRule& rule) {
    if (!rule.daylight) return;
    const auto& [side, start, end] = *rule.daylight;
    // A rule may end and start at one instant (daylight saving all year); the later word counts.
    const auto append = [&](std::int64_t begin_s, const PosixZoneSide& now, bool saving) {
        if (begin_s < periods.back().begin_s || begin_s > kLastSecond) return;
        if (begin_s == periods.back().begin_s) periods.pop_back();
        periods.push_back({begin_s, now.offset_s, saving, now.abbreviation});
    };
    const std::int64_t last_day = periods.back().begin_s / kSecondsPerDay;
    for (int year = civil_from_days(last_day).year; year <= kLastYear; ++year) {
        const std::int64_t starts = second_of_change(start, year, rule.standard.offset_s);
        const std::int64_t ends = second_of_change(end, year, side.offset_s);
        if (starts < ends) append(starts, side, true);
        append(ends, rule.standard, false);
        if (starts > ends) append(starts, side, true);
    }
}

Result<std::unique_ptr<const ZoneTable>> read(std::string_view name) {
    const date::tzdb& database = date::get_tzdb();
    const auto found = std::ranges::find_if(
        database.zones, [name](const auto& zone) { return zone.name() == name; });
    if (found == database.zones.end() || !is_zone_name(name)) return unknown_zone(name, database);

    auto periods = listed_periods(*found);
    if (!periods) return failure(std::move(periods.error()));
    auto rule_text = rule_text_of(found->name());
    if (!rule_text) return failure(std::move(rule_text.error()));
    if (!rule_text->empty()) {
        auto rule = PosixZoneRule::parse(*rule_text);
        if (!rule) return failure(std::move(rule.error()));
        append_ruled_periods(*periods, *rule);
    }
    auto table = std::make_unique<ZoneTable>();
    table->name = found->name();
    table->periods = std::move(*periods);
    return table;
}

}  // namespace

Result<std::unique_ptr<const ZoneTable>> read_zone_table(std::string_view name) {
    try {
        return read(name);
    } catch (const std::exception& exception) {
        return failure(ErrorCode::data, "the time zone database cannot be read", {},
                       exception.what(), kInstall);
    }
}

}  // namespace millrace
