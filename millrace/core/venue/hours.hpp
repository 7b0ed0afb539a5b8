// Hours: when an instrument trades. The venue asks; the answer comes from a calendar
// (calendar_hours.hpp), or there is none and the instrument always trades.
#pragma once

#include "millrace/base/time.hpp"

namespace millrace::venue {

// Not const, so that an implementation may remember its last answer.
class Hours {
  public:
    virtual ~Hours() = default;

    [[nodiscard]] virtual bool is_open(Time time) = 0;
    // The first opening of a trading day at or after `time`; Time::latest() when there is none.
    [[nodiscard]] virtual Time next_open(Time time) = 0;
    // The end of the trading day that `time` lies in, breaks included, or of the next one.
    [[nodiscard]] virtual Time day_end(Time time) = 0;
};

}  // namespace millrace::venue
