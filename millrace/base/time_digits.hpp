// The pieces that date.cpp, time.cpp and time_parse.cpp share: digits out, and text from outside
// shown in an error. Not for other rooms.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "millrace/base/date.hpp"

namespace millrace::time_digits {

// Writes `value` right-aligned in `width` digits and returns the place behind them.
constexpr char* put(char* at, std::int64_t value, int width) {
    for (int place = width - 1; place >= 0; --place) {
        at[place] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
    return at + width;
}

constexpr char* put_date(char* at, const Date& date) {
    at = put(at, date.year, 4);
    *at++ = '-';
    at = put(at, date.month, 2);
    *at++ = '-';
    return put(at, date.day, 2);
}

// "09:48:55" and the shortest exact fraction of 0, 3, 6 or 9 digits.
constexpr char* put_clock(char* at, std::int64_t ns_of_day) {
    const std::int64_t second = ns_of_day / kNanosecondsPerSecond;
    const std::int64_t fraction = ns_of_day % kNanosecondsPerSecond;
    at = put(at, second / 3'600, 2);
    *at++ = ':';
    at = put(at, second / 60 % 60, 2);
    *at++ = ':';
    at = put(at, second % 60, 2);
    if (fraction == 0) return at;
    *at++ = '.';
    if (fraction % 1'000'000 == 0) return put(at, fraction / 1'000'000, 3);
    if (fraction % 1'000 == 0) return put(at, fraction / 1'000, 6);
    return put(at, fraction, 9);
}

// The text in quotes for an error: at most 40 bytes of it, and nothing that could harm a terminal.
inline std::string quoted(std::string_view text) {
    constexpr std::size_t kShown = 40;
    std::string shown = "\"";
    for (const char c : text.substr(0, kShown))
        shown += c >= ' ' && c <= '~' ? c : '?';
    return shown + (text.size() > kShown ? "...\"" : "\"");
}

}  // namespace millrace::time_digits
