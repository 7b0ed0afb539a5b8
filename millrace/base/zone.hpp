// Zone: an IANA time zone by name, for turning instants into wall-clock times and back. The data
// are the system's tzdata, read once per zone by Zone::find; after that everything is a search in a
// table that never changes, on any thread, without locks and without exceptions.
#pragma once

#include <string>
#include <string_view>

#include "millrace/base/result.hpp"
#include "millrace/base/time.hpp"

namespace millrace {

// What to do with a wall-clock time that comes twice, because the clocks went back.
enum class Ambiguity { earlier, later, refuse };

// What to do with a wall-clock time that never comes, because the clocks went forward.
// shift_forward reads it as a clock would that was not yet put forward: where 02:00 becomes 03:00,
// 02:30 means the instant shown as 03:30.
enum class Gap { refuse, shift_forward };

struct LocalTime {
    LocalDateTime local;
    Duration offset;  // local minus UTC; east of Greenwich is positive
    // As tzdata has it. Ireland's winter time counts as (negative) daylight saving there.
    bool daylight_saving = false;
    std::string abbreviation;  // "EST", "CEST", "+1030"
};

struct ZoneTable;  // zone.cpp; the tables live as long as the process

// One pointer: pass it by value.
class Zone {
  public:
    // "America/New_York", "UTC" and their kin; the case matters. The machine's own "localtime" is
    // refused: its meaning changes from machine to machine.
    [[nodiscard]] static Result<Zone> find(std::string_view name);
    // Needs no tzdata.
    [[nodiscard]] static Zone utc();

    [[nodiscard]] std::string_view name() const;
    [[nodiscard]] LocalTime to_local(Time time) const;

    // `local` must be a valid date and time of day. With the defaults only an unambiguous time is
    // accepted.
    [[nodiscard]] Result<Time> to_time(const LocalDateTime& local,
                                       Ambiguity ambiguity = Ambiguity::refuse,
                                       Gap gap = Gap::refuse) const;

    bool operator==(const Zone&) const = default;

  private:
    explicit Zone(const ZoneTable* table) : table_(table) {}

    const ZoneTable* table_;  // never null
};

// A time with its zone in the text, as parse_time; without one it is read as a wall-clock time in
// `zone`.
[[nodiscard]] Result<Time> parse_time_in(std::string_view text, Zone zone,
                                         Ambiguity ambiguity = Ambiguity::refuse,
                                         Gap gap = Gap::refuse);

}  // namespace millrace
