// From sessions to periods.
#include "millrace/core/market/calendar_periods.hpp"

#include <algorithm>

namespace millrace::market {
namespace {

constexpr std::size_t kInstrumentsMax = 1'000'000;

bool is_daily(Duration step) {
    return step >= Duration::days(1);
}

std::optional<Period> day_of(const Calendar& calendar, const Date& date) {
    const std::optional<Time> open = calendar.open_of(date);
    const std::optional<Time> close = calendar.close_of(date);
    if (!open || !close) return std::nullopt;
    return Period{*open, *close};
}

Period part_of(const Session& session, Time time, Duration step) {
    const std::int64_t parts = (time - session.open).ns() / step.ns();
    const Time open = session.open + parts * step;
    return {open, std::min(open + step, session.close)};
}

}  // namespace

void CalendarPeriods::set(InstrumentId instrument, Calendar calendar) {
    MILLRACE_ASSERT(instrument.value() < kInstrumentsMax, "an instrument's number is too large");
    if (instrument.value() >= calendars_.size())
        calendars_.resize(instrument.value() + std::size_t{1});
    calendars_[instrument.value()] = calendar;
}

const Calendar* CalendarPeriods::calendar_of(InstrumentId instrument) const {
    if (instrument.value() >= calendars_.size()) return nullptr;
    const std::optional<Calendar>& calendar = calendars_[instrument.value()];
    return calendar ? &*calendar : nullptr;
}

std::optional<Period> CalendarPeriods::period_at(InstrumentId instrument, Time time,
                                                 Duration step) const {
    const Calendar* const calendar = calendar_of(instrument);
    if (calendar == nullptr) return std::nullopt;
    const std::optional<Session> session = calendar->session_at(time);
    if (session && !is_daily(step)) return part_of(*session, time, step);
    if (session) return day_of(*calendar, session->date);
    if (!is_daily(step)) return std::nullopt;
    // Between two sessions of one day the day goes on.
    const std::optional<Session> before = calendar->previous_session(time);
    if (!before) return std::nullopt;
    const std::optional<Period> day = day_of(*calendar, before->date);
    return day && day->open <= time && time < day->end ? day : std::nullopt;
}

std::optional<Period> CalendarPeriods::period_after(InstrumentId instrument, Time time,
                                                    Duration step) const {
    const Calendar* const calendar = calendar_of(instrument);
    if (calendar == nullptr) return std::nullopt;
    if (const std::optional<Period> now = period_at(instrument, time, step)) {
        if (now->open == time) return now;
        return period_after(instrument, now->end, step);
    }
    const std::optional<Session> next = calendar->next_session(time);
    if (!next) return std::nullopt;
    return period_at(instrument, next->open, step);
}

}  // namespace millrace::market
