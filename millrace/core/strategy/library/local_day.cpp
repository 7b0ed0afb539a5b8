// Clocks and dates, as strategies are told of them.
#include "millrace/core/strategy/library/local_day.hpp"

#include "millrace/core/market/date_rules.hpp"
#include "millrace/core/market/gotobi.hpp"
#include "millrace/core/market/wall_clock.hpp"

namespace millrace::strategy {
namespace {

template <class T>
Result<void> only_whether(const Result<T>& read) {
    if (!read) return failure(Error(read.error()));
    return {};
}

}  // namespace

bool LocalDay::move_to(Time time) {
    if (time >= from_ && time < until_) [[likely]]
        return false;
    date_ = zone_.to_local(time).local.date;
    from_ = market::first_instant(zone_, date_, 0);
    until_ = market::first_instant(zone_, market::plus_days(date_, 1), 0);
    // Where clocks go back over midnight the new day has begun although they show the old one.
    if (time >= until_) {
        date_ = market::plus_days(date_, 1);
        from_ = until_;
        until_ = market::first_instant(zone_, market::plus_days(date_, 1), 0);
    }
    return true;
}

Time LocalDay::at(Duration since_midnight) const {
    return market::first_instant(zone_, LocalDateTime{date_, since_midnight.ns()});
}

Result<Duration> parse_time_of_day(std::string_view text) {
    std::string padded = "1970-01-01T" + std::string(text.substr(0, 20));
    if (text.size() == 5) padded += ":00";
    const auto local = parse_local(padded);
    if (!local || text.size() > 8 || text.size() < 5)
        return failure(ErrorCode::config,
                       "\"" + std::string(text.substr(0, 20)) + "\" is no time of day", {},
                       "HH:MM or HH:MM:SS is expected, up to 23:59:59", "write it like 09:55");
    return Duration::nanoseconds(local->ns_of_day);
}

Result<void> check_zone(std::string_view text) {
    return only_whether(Zone::find(text));
}

Result<void> check_time_of_day(std::string_view text) {
    return only_whether(parse_time_of_day(text));
}

Result<void> check_time_of_day_or_none(std::string_view text) {
    return text.empty() ? Result<void>() : check_time_of_day(text);
}

Result<void> check_dates(std::string_view text) {
    return only_whether(market::parse_dates(text));
}

Result<void> check_month_days(std::string_view text) {
    return only_whether(market::parse_month_days(text));
}

}  // namespace millrace::strategy
