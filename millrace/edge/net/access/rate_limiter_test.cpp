#include "millrace/edge/net/access/rate_limiter.hpp"

#include <gtest/gtest.h>

namespace millrace::net {
namespace {

Time at(std::int64_t milliseconds) {
    return Time() + Duration::seconds(1) + Duration::milliseconds(milliseconds);
}

TEST(RateLimiter, Lets_a_burst_through_and_then_the_rate) {
    RateLimiter limiter;
    const RateLimit limit{10, 3};  // one each 100 ms, three at once
    EXPECT_EQ(limiter.take("a", 1, limit, at(0)).remaining, 2U);
    EXPECT_EQ(limiter.take("a", 1, limit, at(0)).remaining, 1U);
    const auto last = limiter.take("a", 1, limit, at(0));
    EXPECT_TRUE(last.allowed);
    EXPECT_EQ(last.remaining, 0U);
    EXPECT_EQ(last.full_in, Duration::milliseconds(300));
    const auto refused = limiter.take("a", 1, limit, at(40));
    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.wait, Duration::milliseconds(60));
    EXPECT_FALSE(limiter.take("a", 1, limit, at(99)).allowed);
    EXPECT_TRUE(limiter.take("a", 1, limit, at(100)).allowed);
    EXPECT_FALSE(limiter.take("a", 1, limit, at(100)).allowed);
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(limiter.take("a", 1, limit, at(10'000)).allowed);
    EXPECT_FALSE(limiter.take("a", 1, limit, at(10'000)).allowed);
}

TEST(RateLimiter, Keeps_callers_and_routes_apart) {
    RateLimiter limiter;
    const RateLimit one{1, 1};
    EXPECT_TRUE(limiter.take("a", 1, one, at(0)).allowed);
    EXPECT_TRUE(limiter.take("a", 2, one, at(0)).allowed);
    EXPECT_TRUE(limiter.take("b", 1, one, at(0)).allowed);
    EXPECT_FALSE(limiter.take("a", 1, one, at(0)).allowed);
}

TEST(RateLimiter, Holds_no_more_buckets_than_it_may) {
    RateLimiter limiter(10);
    const RateLimit one{1, 1};
    for (int i = 0; i < 10; ++i)
        EXPECT_TRUE(limiter.take(std::to_string(i), 1, one, at(0)).allowed);
    EXPECT_FALSE(limiter.take("one more", 1, one, at(0)).allowed);
    EXPECT_EQ(limiter.buckets(), 10U);
    EXPECT_TRUE(limiter.take("one more", 1, one, at(1'000)).allowed);  // the others are full again
    EXPECT_EQ(limiter.buckets(), 1U);
}

}  // namespace
}  // namespace millrace::net
