// SessionCursor: "is the venue open at this event?" for the hot path. It remembers the session or
// the rest that the last time lay in, so a time in the same stretch costs two comparisons. Times
// should rise; a falling one is answered rightly, but looked up.
#pragma once

#include "millrace/core/market/calendar.hpp"

namespace millrace::market {

class SessionCursor {
  public:
    explicit SessionCursor(Calendar calendar) : calendar_(calendar) {}

    // The session that `time` lies in, or null while the venue rests. Good until the next call.
    // Never allocates.
    [[nodiscard]] const Session* at(Time time) {
        if (time < from_ || time >= until_) [[unlikely]]
            move_to(time);
        return open_ ? &session_ : nullptr;
    }
    [[nodiscard]] bool is_open(Time time) { return at(time) != nullptr; }

    // Up to when the last answer of at() stays the same: the close, or the next open. With no
    // further session it is the end of time.
    [[nodiscard]] Time until() const { return until_; }

  private:
    void move_to(Time time);

    Calendar calendar_;
    Time from_;  // empty until the first question
    Time until_;
    Session session_;
    bool open_ = false;
};

}  // namespace millrace::market
