// Which weekdays the US stock exchanges stay closed or close early, from 1990 on. The days follow
// from the exchange's rules by computation; only closures that no rule foresaw stand in a table.
#pragma once

#include <optional>
#include <string_view>

#include "millrace/base/date.hpp"

namespace millrace::market {

// "Good Friday", "Hurricane Sandy" …; empty on every day the exchanges trade, and on weekends.
[[nodiscard]] std::string_view us_market_holiday(const Date& date);

// The minute of the day, in New York, at which regular trading ends early; nothing on other days,
// holidays among them. Halts that were not announced before the open (snow, circuit breakers,
// failures) are not in the calendar: they are news, not hours.
[[nodiscard]] std::optional<int> us_early_close_minute(const Date& date);

}  // namespace millrace::market
