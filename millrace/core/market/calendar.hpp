// Calendar: which days a venue trades and from when to when, as instants; Session: one unbroken
// stretch of trading. Everything follows from rules, holidays and the zone's clock changes by
// computation. For a look-up per event take a SessionCursor, which remembers the last answer.
#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "millrace/base/date.hpp"
#include "millrace/base/result.hpp"
#include "millrace/base/time.hpp"
#include "millrace/base/zone.hpp"

namespace millrace::market {

// Open at `open`, no longer open at `close`: open <= t < close.
struct Session {
    Time open;
    Time close;
    Date date;  // the trading day, in the venue's zone; FX begins it at 17:00 of the day before

    [[nodiscard]] constexpr bool contains(Time time) const { return open <= time && time < close; }
    constexpr auto operator<=>(const Session&) const = default;
};

struct Venue;  // calendar.cpp; a constant table

// Small enough to pass by value. Sessions are in rising order and never overlap; where one closes
// as the next opens (FX, crypto) the instant belongs to the later one.
class Calendar {
  public:
    // One of names(), or an alias such as NYSE, XNAS, 24x5, 24/7 or TSE. Case does not matter, and
    // '-', '_' and ' ' are the same. Fails for other names, and without the zone's data.
    [[nodiscard]] static Result<Calendar> find(std::string_view name);
    // us-equities, us-equities-extended, jp-equities, fx, crypto.
    [[nodiscard]] static std::span<const std::string_view> names();

    [[nodiscard]] std::string_view name() const;
    [[nodiscard]] Zone zone() const { return zone_; }

    // The days for which the venue's rules are known. Outside there are no sessions, so a caller
    // with data from another time has to ask.
    [[nodiscard]] Date first_day() const;
    [[nodiscard]] Date last_day() const;
    [[nodiscard]] bool covers(const Date& date) const;

    [[nodiscard]] bool is_trading_day(const Date& date) const;
    // Why the venue rests: "weekend", "Good Friday", "outside the calendar"; empty on trading days.
    [[nodiscard]] std::string_view closed_because(const Date& date) const;
    // When the first session of the trading day opens, and when the last one closes, early or not.
    [[nodiscard]] std::optional<Time> open_of(const Date& date) const;
    [[nodiscard]] std::optional<Time> close_of(const Date& date) const;
    [[nodiscard]] bool closes_early(const Date& date) const;

    [[nodiscard]] bool is_open(Time time) const { return session_at(time).has_value(); }
    [[nodiscard]] std::optional<Session> session_at(Time time) const;
    // The first session that opens after `time`.
    [[nodiscard]] std::optional<Session> next_session(Time time) const;
    // The last session that had closed by `time`.
    [[nodiscard]] std::optional<Session> previous_session(Time time) const;
    // Of all trading days from `from` to `to`, both included.
    [[nodiscard]] std::vector<Session> sessions(const Date& from, const Date& to) const;

    bool operator==(const Calendar&) const = default;

  private:
    Calendar(const Venue* venue, Zone zone) : venue_(venue), zone_(zone) {}

    [[nodiscard]] Session session(const Date& date, int open_minute, int close_minute) const;

    const Venue* venue_;  // never null
    Zone zone_;
};

}  // namespace millrace::market
