// CalendarPeriods: the periods of bars by trading calendar, one calendar for each instrument. Where
// a day has several sessions (Tokyo), a daily bar spans them all and shorter ones begin anew with
// each.
#pragma once

#include <vector>

#include "millrace/core/market/calendar.hpp"
#include "millrace/core/market/period_ends.hpp"

namespace millrace::market {

class CalendarPeriods : public PeriodEnds {
  public:
    // Instruments without a calendar of their own have no periods.
    void set(InstrumentId instrument, Calendar calendar);

    [[nodiscard]] std::optional<Period> period_at(InstrumentId instrument, Time time,
                                                  Duration step) const override;
    [[nodiscard]] std::optional<Period> period_after(InstrumentId instrument, Time time,
                                                     Duration step) const override;

  private:
    [[nodiscard]] const Calendar* calendar_of(InstrumentId instrument) const;

    std::vector<std::optional<Calendar>> calendars_;  // by instrument
};

}  // namespace millrace::market
