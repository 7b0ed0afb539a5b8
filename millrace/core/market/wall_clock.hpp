// When a wall clock first shows a time, also on the days when clocks change: the one meaning of
// "09:30" that sessions and windows share, so that an end and the start after it never part.
#pragma once

#include "millrace/base/time.hpp"
#include "millrace/base/zone.hpp"

namespace millrace::market {

// The first instant at which a clock in `zone` shows `local` or later on. A time that comes twice
// means the first one; a time that is skipped means the moment of the skip. Never earlier for a
// later `local`. Beyond the range of Time it is the end of that range.
[[nodiscard]] Time first_instant(Zone zone, const LocalDateTime& local);

// The same for a minute counted from midnight of `date`: -420 is 17:00 of the day before, 1440 is
// midnight at the end.
[[nodiscard]] Time first_instant(Zone zone, const Date& date, int minute);

}  // namespace millrace::market
