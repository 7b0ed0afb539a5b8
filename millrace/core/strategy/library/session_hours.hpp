// SessionHours: the windows in which a strategy acts, by the clock of a zone, and whether the
// regular session of US equities bounds them as well. Membership is start <= t < end; a key names
// the window of one day, so yesterday's is another one.
#pragma once

#include <optional>

#include "millrace/core/market/session_cursor.hpp"
#include "millrace/core/market/windows.hpp"

namespace millrace::strategy {

class SessionHours {
  public:
    // `windows` as check_windows() lets through, `zone` as check_zone(). With `regular` only what
    // lies in a session of the calendar us-equities counts, and a short day ends a window early.
    SessionHours(std::string_view windows, std::string_view zone, bool regular);

    // The window that `time` lies in.
    [[nodiscard]] std::optional<market::OpenWindow> at(Time time);

  private:
    market::WindowCursor windows_;
    std::optional<market::SessionCursor> sessions_;
};

// "09:30-11:00,14:00-15:00"; for Line parameters.
[[nodiscard]] Result<void> check_windows(std::string_view text);

}  // namespace millrace::strategy
