// PosixZoneRule: the yearly rule of a time zone for all years after the last one that its file
// lists, from the POSIX TZ string at the end of that file ("EST5EDT,M3.2.0,M11.1.0"; RFC 9636
// section 3.3). Zone unrolls it into a table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "millrace/base/result.hpp"

namespace millrace {

struct PosixZoneSide {
    std::string abbreviation;
    std::int64_t offset_s = 0;  // east of Greenwich is positive
};

// A day of the year and a second of it, which may lie outside that day (-167 to +167 hours).
struct PosixZoneChange {
    enum class Kind { julian_without_leap_day, day_of_year, weekday_of_month };
    Kind kind = Kind::day_of_year;
    int day = 0;    // 1 to 365, 0 to 365, or 0 to 6 from Sunday
    int month = 0;  // 1 to 12, for weekday_of_month
    int week = 0;   // 1 to 5, 5 is the last one, for weekday_of_month
    std::int64_t second = 7'200;
};

struct PosixDaylightSaving {
    PosixZoneSide side;
    PosixZoneChange start;
    PosixZoneChange end;
};

struct PosixZoneRule {
    PosixZoneSide standard;
    std::optional<PosixDaylightSaving> daylight;

    [[nodiscard]] static Result<PosixZoneRule> parse(std::string_view text);
};

// The second since 1970 at which the change comes in `year`, where clocks show `offset_s` until
// then.
[[nodiscard]] std::int64_t second_of_change(const PosixZoneChange& change, int year,
                                            std::int64_t offset_s);

}  // namespace millrace
