// CalendarHours: the hours of a calendar of core/market, clock changes and early closes included.
#pragma once

#include "millrace/core/market/session_cursor.hpp"
#include "millrace/core/venue/hours.hpp"

namespace millrace::venue {

class CalendarHours final : public Hours {
  public:
    explicit CalendarHours(market::Calendar calendar) : calendar_(calendar), cursor_(calendar) {}

    [[nodiscard]] bool is_open(Time time) override { return cursor_.is_open(time); }
    [[nodiscard]] Time next_open(Time time) override;
    [[nodiscard]] Time day_end(Time time) override;

  private:
    static constexpr int kSessionsADay = 8;  // more than any venue has

    market::Calendar calendar_;
    market::SessionCursor cursor_;
};

}  // namespace millrace::venue
