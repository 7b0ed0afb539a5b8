// Waits and dates.
#include "millrace/edge/net/retry.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

#include "millrace/base/assert.hpp"

namespace millrace::net {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::int64_t kRetrySecondsMax = 86'400 * 365;

std::optional<int> number_at(std::string_view text, std::size_t at, std::size_t size) {
    int number = 0;
    const char* const begin = text.data() + at;
    const auto read = std::from_chars(begin, begin + size, number);
    if (read.ec != std::errc() || read.ptr != begin + size || number < 0) return std::nullopt;
    return number;
}

}  // namespace

bool may_repeat(Method method, const Headers& headers) {
    return is_idempotent(method) || !headers.find("idempotency-key").value_or("").empty();
}

bool is_worth_repeating(int status) {
    switch (status) {
        case 408:
        case 425:
        case 429:
        case 500:
        case 502:
        case 503:
        case 504: return true;
        default: return false;
    }
}

std::optional<Duration> parse_retry_after(std::string_view value, Time now) {
    std::int64_t seconds = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (!value.empty() && read.ec == std::errc() && read.ptr == value.data() + value.size()) {
        if (seconds < 0 || seconds > kRetrySecondsMax) return std::nullopt;
        return Duration::seconds(seconds);
    }
    const auto date = parse_http_date(value);
    if (!date) return std::nullopt;
    return std::max(*date - now, Duration());
}

std::string format_http_date(Time time) {
    const LocalDateTime at = utc_date_time(time);
    const auto seconds = at.ns_of_day / kNanosecondsPerSecond;
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                       kDays[static_cast<std::size_t>(weekday_of(at.date)) - 1], at.date.day,
                       kMonths[static_cast<std::size_t>(at.date.month) - 1], at.date.year,
                       seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::optional<Time> parse_http_date(std::string_view text) {
    constexpr std::string_view kForm = "Sun, 06 Nov 1994 08:49:37 GMT";
    if (text.size() != kForm.size() || text.substr(25) != " GMT" || text[16] != ' ')
        return std::nullopt;
    const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
    const auto day = number_at(text, 5, 2);
    const auto year = number_at(text, 12, 4);
    const auto hour = number_at(text, 17, 2);
    const auto minute = number_at(text, 20, 2);
    const auto second = number_at(text, 23, 2);
    if (month == kMonths.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
    const Date date{*year, static_cast<int>(month - kMonths.begin()) + 1, *day};
    if (!is_valid(date) || *year < 1970 || *year > 2200 || *hour > 23 || *minute > 59 ||
        *second > 59)
        return std::nullopt;
    return Time() + Duration::days(days_from_civil(date)) + Duration::hours(*hour) +
           Duration::minutes(*minute) + Duration::seconds(*second);
}

std::optional<Duration> wait_before_retry(const RetryRules& rules, int attempts_made,
                                          std::optional<Duration> retry_after, Random& random) {
    MILLRACE_ASSERT(attempts_made >= 1, "a retry follows an attempt");
    if (attempts_made >= rules.attempts) return std::nullopt;
    if (retry_after && *retry_after > rules.longest_retry_after) return std::nullopt;
    Duration longest = rules.first_wait;
    for (int i = 1; i < attempts_made && longest < rules.longest_wait; ++i)
        longest = longest * 2;
    longest = std::min(longest, rules.longest_wait);
    const Duration wait = Duration::nanoseconds(random.between(longest.ns() / 2, longest.ns()));
    return std::max(wait, retry_after.value_or(Duration()));
}

}  // namespace millrace::net
