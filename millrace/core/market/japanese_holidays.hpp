// The national holidays of Japan, by the rules of the Act on National Holidays since 20 July 1948:
// fixed days, Mondays, equinoxes, substitute and sandwiched days, and the years that had laws of
// their own. Days to come assume that the law stays as it is; weekends are no holidays.
#pragma once

#include <string_view>

#include "millrace/base/date.hpp"

namespace millrace::market {

// "Marine Day", "Substitute Holiday" …, or empty. The equinoxes are an approximation that agrees
// with every year announced so far; after 2150 it may be off by a day.
[[nodiscard]] std::string_view japanese_holiday(const Date& date);

[[nodiscard]] bool is_japanese_holiday(const Date& date);

// The days on which banks rest besides weekends: national holidays and 31 December to 3 January.
[[nodiscard]] bool is_japanese_bank_holiday(const Date& date);

}  // namespace millrace::market
