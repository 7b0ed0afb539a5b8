// RateLimiter: token buckets, one for each caller and route. A bucket holds `burst` requests and
// fills with `per_second`; a request takes one or is told how long to wait. A full bucket and none
// are the same, so only callers that are busy take memory, and never more than a stated number.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "millrace/base/time.hpp"

namespace millrace::net {

struct RateLimit {
    std::uint32_t per_second = 50;
    std::uint32_t burst = 100;
};

class RateLimiter {
  public:
    explicit RateLimiter(std::size_t buckets_max = 100'000) : buckets_max_(buckets_max) {}

    struct Verdict {
        bool allowed = true;
        std::uint32_t remaining = 0;  // requests that would be allowed at once
        Duration wait;                // until the next is allowed; when refused
        Duration full_in;             // until the bucket is full again
    };
    // Any thread. `now` never goes back.
    [[nodiscard]] Verdict take(std::string_view caller, std::uint32_t route, RateLimit limit,
                               Time now);

    [[nodiscard]] std::size_t buckets() const;

  private:
    // What is missing to a full bucket, in ns of filling: it melts by itself as time passes.
    struct Bucket {
        Time full_at;
    };
    void sweep(Time now);

    std::size_t buckets_max_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Bucket> buckets_;
    std::string key_;  // reused, so that a known caller costs no allocation
    Time next_sweep_;
};

}  // namespace millrace::net
