// A day may have several sessions (Tokyo's lunch): its open is the first one's, its end the last's.
#include "millrace/core/venue/calendar_hours.hpp"

namespace millrace::venue {

Time CalendarHours::next_open(Time time) {
    // A session that opens exactly now counts, so look from a nanosecond before.
    auto session = calendar_.next_session(time - Duration::nanoseconds(1));
    for (int looked = 0; session && looked < kSessionsADay; ++looked) {
        if (calendar_.open_of(session->date) == session->open) return session->open;
        session = calendar_.next_session(session->open);
    }
    return Time::latest();
}

Time CalendarHours::day_end(Time time) {
    auto session = calendar_.session_at(time);
    if (!session) session = calendar_.next_session(time);
    if (!session) return Time::latest();
    return calendar_.close_of(session->date).value_or(session->close);
}

}  // namespace millrace::venue
