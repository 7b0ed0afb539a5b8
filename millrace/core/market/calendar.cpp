// The venues: their hours in minutes of the trading day, by date. A minute below zero lies on the
// day before; that is how FX begins its Monday on Sunday.
#include "millrace/core/market/calendar.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <string>

#include "millrace/base/nearest.hpp"
#include "millrace/core/market/date_rules.hpp"
#include "millrace/core/market/japanese_holidays.hpp"
#include "millrace/core/market/us_holidays.hpp"
#include "millrace/core/market/wall_clock.hpp"

namespace millrace::market {

struct Hours {
    int open;
    int close;
};

// At most two sessions a day: Tokyo rests at noon.
struct DayHours {
    std::array<Hours, 2> sessions{};
    int count = 0;
    bool early = false;
};

struct Venue {
    std::string_view name;
    std::string_view zone;
    int first_year;
    std::string_view (*closed_because)(const Date&);
    DayHours (*hours)(const Date&);  // of a trading day
};

namespace {

constexpr int kLastYear = 2100;

constexpr int at(int hour, int minute = 0) {
    return hour * 60 + minute;
}

// The United States

std::string_view us_closed_because(const Date& date) {
    return is_weekend(weekday_of(date)) ? "weekend" : us_market_holiday(date);
}

DayHours us_hours(const Date& date) {
    const auto early = us_early_close_minute(date);
    return {{Hours{at(9, 30), early.value_or(at(16))}}, 1, early.has_value()};
}

// On short days late trading ends at 17:00.
DayHours us_extended_hours(const Date& date) {
    const bool early = us_early_close_minute(date).has_value();
    return {{Hours{at(4), early ? at(17) : at(20)}}, 1, early};
}

// Tokyo

constexpr Date kTokyoFailure{2020, 10, 1};  // the trading system stood still for the whole day
constexpr Date kMorningTo1130Since{2011, 11, 21};
constexpr Date kAfternoonTo1530Since{2024, 11, 5};
constexpr Date kLastHalfDay{2009, 1, 5};
// A flood of small orders made the exchange begin its afternoons later for three months.
constexpr Date kLateAfternoonsFrom{2006, 1, 19};
constexpr Date kLateAfternoonsTo{2006, 4, 21};

std::string_view jp_closed_because(const Date& date) {
    if (is_weekend(weekday_of(date))) return "weekend";
    if (const std::string_view name = japanese_holiday(date); !name.empty()) return name;
    if (is_japanese_bank_holiday(date)) return "turn of the year";
    return date == kTokyoFailure ? "failure of the trading system" : "";
}

// Until January 2009 the first and the last trading day of the year had a morning only.
bool is_tokyo_half_day(const Date& date) {
    if (date > kLastHalfDay) return false;
    const int step = date.month == 1 ? -1 : 1;
    constexpr int kLongestRest = 11;
    // Half a day it is when nothing is traded between it and the turn of the year.
    for (int days = 1; days <= kLongestRest; ++days) {
        const Date other = plus_days(date, step * days);
        if (other.year != date.year) return true;
        if (jp_closed_because(other).empty()) return false;
    }
    return false;
}

DayHours jp_hours(const Date& date) {
    const Hours morning{at(9), date < kMorningTo1130Since ? at(11) : at(11, 30)};
    if (is_tokyo_half_day(date)) return {{morning}, 1, true};
    const bool late = date >= kLateAfternoonsFrom && date <= kLateAfternoonsTo;
    const Hours afternoon{late ? at(13) : at(12, 30),
                          date < kAfternoonTo1530Since ? at(15) : at(15, 30)};
    return {{morning, afternoon}, 2, false};
}

// Around the clock

std::string_view weekend_only(const Date& date) {
    return is_weekend(weekday_of(date)) ? "weekend" : "";
}

DayHours fx_hours(const Date&) {
    return {{Hours{at(17) - at(24), at(17)}}, 1, false};
}

std::string_view never_closed(const Date&) {
    return {};
}

DayHours crypto_hours(const Date&) {
    return {{Hours{at(0), at(24)}}, 1, false};
}

constexpr std::array kVenues{
    Venue{"us-equities", "America/New_York", 1990, us_closed_because, us_hours},
    Venue{"us-equities-extended", "America/New_York", 1990, us_closed_because, us_extended_hours},
    Venue{"jp-equities", "Asia/Tokyo", 1997, jp_closed_because, jp_hours},
    Venue{"fx", "America/New_York", 1970, weekend_only, fx_hours},
    Venue{"crypto", "UTC", 1970, never_closed, crypto_hours},
};

constexpr auto kNames = [] {
    std::array<std::string_view, kVenues.size()> names;
    std::ranges::transform(kVenues, names.begin(), &Venue::name);
    return names;
}();

struct Alias {
    std::string_view alias;
    std::string_view name;
};

constexpr std::array kAliases{
    Alias{"nyse", "us-equities"},
    Alias{"nasdaq", "us-equities"},
    Alias{"xnys", "us-equities"},
    Alias{"xnas", "us-equities"},
    Alias{"amex", "us-equities"},
    Alias{"arca", "us-equities"},
    Alias{"arcx", "us-equities"},
    Alias{"us", "us-equities"},
    Alias{"us-stocks", "us-equities"},
    Alias{"nyse-extended", "us-equities-extended"},
    Alias{"nasdaq-extended", "us-equities-extended"},
    Alias{"xnys-extended", "us-equities-extended"},
    Alias{"xnas-extended", "us-equities-extended"},
    Alias{"us-extended", "us-equities-extended"},
    Alias{"tse", "jp-equities"},
    Alias{"jpx", "jp-equities"},
    Alias{"xtks", "jp-equities"},
    Alias{"xjpx", "jp-equities"},
    Alias{"tokyo", "jp-equities"},
    Alias{"jp-stocks", "jp-equities"},
    Alias{"forex", "fx"},
    Alias{"24x5", "fx"},
    Alias{"24/5", "fx"},
    Alias{"24-5", "fx"},
    Alias{"24x7", "crypto"},
    Alias{"24/7", "crypto"},
    Alias{"24-7", "crypto"},
    Alias{"always", "crypto"},
};

constexpr std::size_t kNameLengthMax = 40;

std::string canonical(std::string_view name) {
    std::string text(name.substr(0, kNameLengthMax + 1));
    for (char& letter : text) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
        if (letter == '_' || letter == ' ') letter = '-';
    }
    return text;
}

tl::unexpected<Error> unknown_calendar(std::string_view written) {
    std::string shown;
    for (const char letter : written)
        shown += letter >= ' ' && letter <= '~' ? letter : '?';
    std::array<std::string_view, kNames.size() + kAliases.size()> candidates;
    const auto rest = std::ranges::copy(kNames, candidates.begin()).out;
    std::ranges::transform(kAliases, rest, &Alias::alias);
    const std::string_view near = nearest(written, candidates);
    return failure(ErrorCode::config, fmt::format("there is no trading calendar \"{}\"", shown), {},
                   fmt::format("the calendars are {}", fmt::join(kNames, ", ")),
                   near.empty() ? "use one of them" : fmt::format("did you mean {}?", near));
}

}  // namespace

Result<Calendar> Calendar::find(std::string_view name) {
    const std::string wanted = canonical(name);
    const auto alias = std::ranges::find(kAliases, wanted, &Alias::alias);
    const std::string_view target = alias == kAliases.end() ? wanted : alias->name;
    const auto venue = std::ranges::find(kVenues, target, &Venue::name);
    if (venue == kVenues.end()) return unknown_calendar(wanted);
    const auto zone = Zone::find(venue->zone);
    if (!zone) return failure(zone.error());
    return Calendar(&*venue, *zone);
}

std::span<const std::string_view> Calendar::names() {
    return kNames;
}

std::string_view Calendar::name() const {
    return venue_->name;
}

Date Calendar::first_day() const {
    return {venue_->first_year, 1, 1};
}

Date Calendar::last_day() const {
    return {kLastYear, 12, 31};
}

bool Calendar::covers(const Date& date) const {
    return date.year >= venue_->first_year && date.year <= kLastYear;
}

std::string_view Calendar::closed_because(const Date& date) const {
    return covers(date) ? venue_->closed_because(date) : "outside the calendar";
}

bool Calendar::is_trading_day(const Date& date) const {
    return closed_because(date).empty();
}

Session Calendar::session(const Date& date, int open_minute, int close_minute) const {
    return {first_instant(zone_, date, open_minute), first_instant(zone_, date, close_minute),
            date};
}

std::optional<Time> Calendar::open_of(const Date& date) const {
    if (!is_trading_day(date)) return std::nullopt;
    return first_instant(zone_, date, venue_->hours(date).sessions.front().open);
}

std::optional<Time> Calendar::close_of(const Date& date) const {
    if (!is_trading_day(date)) return std::nullopt;
    const DayHours day = venue_->hours(date);
    const auto last = static_cast<std::size_t>(day.count - 1);
    return first_instant(zone_, date, day.sessions[last].close);
}

bool Calendar::closes_early(const Date& date) const {
    return is_trading_day(date) && venue_->hours(date).early;
}

std::optional<Session> Calendar::session_at(Time time) const {
    // A trading day begins at most a day before its date and ends on it.
    const Date today = zone_.to_local(time).local.date;
    for (const Date& date : {today, plus_days(today, 1)}) {
        if (!is_trading_day(date)) continue;
        const DayHours day = venue_->hours(date);
        for (int i = 0; i < day.count; ++i) {
            const Hours& hours = day.sessions[static_cast<std::size_t>(i)];
            const Session found = session(date, hours.open, hours.close);
            if (found.contains(time)) return found;
        }
    }
    return std::nullopt;
}

std::optional<Session> Calendar::next_session(Time time) const {
    // Ends with the calendar; the longest rest of any venue is eleven days.
    const std::int64_t last = days_from_civil(last_day());
    const Date today = zone_.to_local(time).local.date;
    for (std::int64_t days = days_from_civil(std::max(today, first_day())); days <= last; ++days) {
        const Date date = civil_from_days(days);
        if (!is_trading_day(date)) continue;
        const DayHours day = venue_->hours(date);
        for (int i = 0; i < day.count; ++i) {
            const Hours& hours = day.sessions[static_cast<std::size_t>(i)];
            const Session found = session(date, hours.open, hours.close);
            if (found.open > time) return found;
        }
    }
    return std::nullopt;
}

std::optional<Session> Calendar::previous_session(Time time) const {
    const std::int64_t first = days_from_civil(first_day());
    const Date today = zone_.to_local(time).local.date;
    for (std::int64_t days = days_from_civil(std::min(today, last_day())); days >= first; --days) {
        const Date date = civil_from_days(days);
        if (!is_trading_day(date)) continue;
        const DayHours day = venue_->hours(date);
        for (int i = day.count - 1; i >= 0; --i) {
            const Hours& hours = day.sessions[static_cast<std::size_t>(i)];
            const Session found = session(date, hours.open, hours.close);
            if (found.close <= time) return found;
        }
    }
    return std::nullopt;
}

std::vector<Session> Calendar::sessions(const Date& from, const Date& to) const {
    std::vector<Session> found;
    const std::int64_t last = days_from_civil(std::min(to, last_day()));
    for (std::int64_t days = days_from_civil(std::max(from, first_day())); days <= last; ++days) {
        const Date date = civil_from_days(days);
        if (!is_trading_day(date)) continue;
        const DayHours day = venue_->hours(date);
        for (int i = 0; i < day.count; ++i) {
            const Hours& hours = day.sessions[static_cast<std::size_t>(i)];
            found.push_back(session(date, hours.open, hours.close));
        }
    }
    return found;
}

}  // namespace millrace::market
