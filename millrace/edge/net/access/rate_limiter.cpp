// A bucket is one number, the time at which it will be full (the "virtual scheduling" form of the
// leaky bucket): a request moves it by the time that one request takes to fill again.
#include "millrace/edge/net/access/rate_limiter.hpp"

#include <algorithm>

#include "millrace/base/assert.hpp"

namespace millrace::net {

RateLimiter::Verdict RateLimiter::take(std::string_view caller, std::uint32_t route,
                                       RateLimit limit, Time now) {
    MILLRACE_ASSERT(limit.per_second > 0 && limit.burst > 0, "a rate limit lets something through");
    const Duration one = Duration::nanoseconds(1'000'000'000 / limit.per_second);
    const Duration whole = one * limit.burst;
    const std::lock_guard lock(mutex_);
    key_.assign(caller);
    key_.append(reinterpret_cast<const char*>(&route), sizeof(route));
    auto found = buckets_.find(key_);
    if (found == buckets_.end()) {
        if (now >= next_sweep_ || buckets_.size() >= buckets_max_) sweep(now);
        if (buckets_.size() >= buckets_max_) return {false, 0, Duration::seconds(1), whole};
        found = buckets_.emplace(key_, Bucket{now}).first;
    }
    Bucket& bucket = found->second;
    const Time from = std::max(bucket.full_at, now);
    const Duration missing = from - now + one;
    if (missing > whole) return {false, 0, missing - whole, from - now};
    bucket.full_at = from + one;
    const auto remaining = static_cast<std::uint32_t>((whole - missing).ns() / one.ns());
    return {true, remaining, Duration(), missing};
}

void RateLimiter::sweep(Time now) {
    std::erase_if(buckets_, [&](const auto& entry) { return entry.second.full_at <= now; });
    next_sweep_ = now + Duration::seconds(10);
}

std::size_t RateLimiter::buckets() const {
    const std::lock_guard lock(mutex_);
    return buckets_.size();
}

}  // namespace millrace::net
