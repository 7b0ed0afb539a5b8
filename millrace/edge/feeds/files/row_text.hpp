// The fields of a row of text, and what a single field looks like.
#pragma once

#include <string_view>
#include <vector>

namespace millrace::files {

// Views into the row, without blanks around them. Quotes around a field are taken off, and hide
// delimiters in it; a second blank in a row of blanks separates nothing.
void split_row(std::string_view row, char delimiter, std::vector<std::string_view>& fields);

// "12", "-0.5e3"; with ',' as the mark "12,5".
[[nodiscard]] bool is_number(std::string_view text, char decimal_mark = '.');

[[nodiscard]] bool is_digits(std::string_view text);

// "09:30", "9:30:00.123 PM", without a date.
[[nodiscard]] bool is_clock(std::string_view text);

// "2026-01-31", "20260131", "31.1.2026", "1/31/2026", without a time of day.
[[nodiscard]] bool is_date(std::string_view text);

// A date and a time of day in one.
[[nodiscard]] bool is_date_and_clock(std::string_view text);

// A number that may count seconds, or parts of them, since 1970: it has eleven digits or more, or
// lies in the years from 1990 on.
[[nodiscard]] bool is_epoch(std::string_view text);

}  // namespace millrace::files
