// When to send a request again, and when not. Only what may be repeated without doing more than
// once is sent again: an idempotent method, or any with an Idempotency-Key. The wait doubles, with
// chance from the caller's seed so that clients do not return all at once, and a Retry-After of the
// server is honoured.
#pragma once

#include <optional>

#include "millrace/base/random.hpp"
#include "millrace/base/time.hpp"
#include "millrace/edge/net/http_message.hpp"

namespace millrace::net {

struct RetryRules {
    int attempts = 4;  // the first one included
    Duration first_wait = Duration::milliseconds(200);
    Duration longest_wait = Duration::seconds(20);
    Duration longest_retry_after = Duration::minutes(2);  // a longer one is given up at once
};

[[nodiscard]] bool may_repeat(Method method, const Headers& headers);

// Statuses that another attempt may mend: 408, 425, 429, 500, 502, 503, 504.
[[nodiscard]] bool is_worth_repeating(int status);

// Seconds, or a date of HTTP measured from `now`; nothing when it is neither.
[[nodiscard]] std::optional<Duration> parse_retry_after(std::string_view value, Time now);

// "Sun, 06 Nov 1994 08:49:37 GMT", both ways.
[[nodiscard]] std::string format_http_date(Time time);
[[nodiscard]] std::optional<Time> parse_http_date(std::string_view text);

// How long to wait before the attempt after `attempts_made`; nothing when there is none. The wait
// is between half of and the whole of first_wait doubled each time, at least Retry-After.
[[nodiscard]] std::optional<Duration> wait_before_retry(const RetryRules& rules, int attempts_made,
                                                        std::optional<Duration> retry_after,
                                                        Random& random);

}  // namespace millrace::net
