// Dates and clocks as people and spreadsheets write them ("31.01.2026 9:05", "1/31/2026 9:05:00 PM
// GMT+0100"), spelled out for the general parser of times. Rarely needed, so it may be slow.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millrace::model {

enum class DateOrder { year_first, day_first, month_first };

// "2026-01-31 21:05:00+01:00", or nothing when the text is of no such form. Whether the numbers
// are a date and a time of day is for the parser to say.
[[nodiscard]] std::optional<std::string> spell_out(std::string_view text, DateOrder order);

}  // namespace millrace::model
