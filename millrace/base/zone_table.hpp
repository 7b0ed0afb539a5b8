// ZoneTable: all offsets of one zone from 1677 to 2262, as zone.cpp searches them. Two sources meet
// in it: the date library reads the transitions that tzdata lists, and the rule at the end of the
// same file continues them. (The library itself stops at the last listed transition, 2037 or far
// earlier, and would be an hour wrong from there on.)
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/result.hpp"

namespace millrace {

struct ZoneTable {
    // From its first second to the next period's.
    struct Period {
        std::int64_t begin_s = 0;
        std::int64_t offset_s = 0;
        bool daylight_saving = false;
        std::string abbreviation;
    };

    std::string name;
    std::vector<Period> periods;  // by begin_s; the first begins before the earliest Time
};

// Reads the zone from the system's tzdata.
[[nodiscard]] Result<std::unique_ptr<const ZoneTable>> read_zone_table(std::string_view name);

}  // namespace millrace
