// The slow way of the cursor, once for each session and each rest between two.
#include "millrace/core/market/session_cursor.hpp"

namespace millrace::market {

void SessionCursor::move_to(Time time) {
    if (const auto session = calendar_.session_at(time)) {
        session_ = *session;
        open_ = true;
        from_ = session->open;
        until_ = session->close;
        return;
    }
    const auto previous = calendar_.previous_session(time);
    const auto next = calendar_.next_session(time);
    open_ = false;
    from_ = previous ? previous->close : Time::earliest();
    until_ = next ? next->open : Time::latest();
}

}  // namespace millrace::market
