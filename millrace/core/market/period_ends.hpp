// PeriodEnds: where the periods of time bars that follow a session begin and end. A bar builder
// asks once a period, never for each event.
#pragma once

#include <optional>

#include "millrace/base/id.hpp"
#include "millrace/base/time.hpp"

namespace millrace::market {

// open <= t < end
struct Period {
    Time open;
    Time end;

    constexpr bool operator==(const Period&) const = default;
};

class PeriodEnds {
  public:
    virtual ~PeriodEnds() = default;

    // The period of this length that `time` lies in; none while there is no trading. A step of a
    // day means a trading day, of whatever length; shorter ones are counted from the session's open
    // and cut off at its close.
    [[nodiscard]] virtual std::optional<Period> period_at(InstrumentId instrument, Time time,
                                                          Duration step) const = 0;
    // The first one that opens at `time` or later.
    [[nodiscard]] virtual std::optional<Period> period_after(InstrumentId instrument, Time time,
                                                             Duration step) const = 0;
};

}  // namespace millrace::market
