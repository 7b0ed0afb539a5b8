#include "millrace/core/market/ladder.hpp"

#include <gtest/gtest.h>
#include <map>
#include <vector>

#include "millrace/base/random.hpp"

namespace millrace::market {
namespace {

std::vector<std::int64_t> keys(const Ladder& ladder) {
    std::vector<std::int64_t> keys;
    ladder.visit([&](std::int64_t key, const Level& /*level*/) {
        keys.push_back(key);
        return true;
    });
    return keys;
}

void put(Ladder& ladder, std::int64_t key, std::int64_t quantity = 1) {
    ladder.open(key).quantity = quantity;
}

TEST(Ladder, Lists_levels_from_the_highest_key_down) {
    Ladder ladder;
    for (const std::int64_t key : {100, 98, 101, 50})
        put(ladder, key);
    EXPECT_EQ(keys(ladder), (std::vector<std::int64_t>{101, 100, 98, 50}));
    EXPECT_EQ(ladder.best_key(), 101);
    ladder.close(101);
    EXPECT_EQ(ladder.best_key(), 100);
    EXPECT_EQ(ladder.find(101), nullptr);
    EXPECT_EQ(ladder.window(), 128U);
    EXPECT_EQ(ladder.far_levels(), 0U);
    ladder.check_invariants();
}

TEST(Ladder, Its_window_grows_to_the_depth_that_is_used_but_no_further_than_4096) {
    Ladder ladder;
    put(ladder, 10'000);
    EXPECT_EQ(ladder.window(), 64U);
    put(ladder, 10'000 - 48);  // three quarters of the window lie below the best level
    EXPECT_EQ(ladder.window(), 64U);
    put(ladder, 10'000 - 49);
    EXPECT_EQ(ladder.window(), 128U);
    put(ladder, 10'000 - 3'072);
    EXPECT_EQ(ladder.window(), 4'096U);
    EXPECT_EQ(ladder.far_levels(), 0U);
    put(ladder, 10'000 - 3'073);
    EXPECT_EQ(ladder.window(), 4'096U);
    EXPECT_EQ(ladder.far_levels(), 1U);
    ladder.check_invariants();
}

TEST(Ladder, Far_levels_come_near_when_the_touch_does) {
    Ladder ladder;
    put(ladder, 1'000'000);
    for (std::int64_t i = 0; i < 10; ++i)
        put(ladder, i * 100, i + 1);
    EXPECT_EQ(ladder.far_levels(), 10U);
    EXPECT_EQ(ladder.find(500)->quantity, 6);
    EXPECT_EQ(ladder.find(501), nullptr);
    ladder.close(500);
    EXPECT_EQ(ladder.far_levels(), 9U);
    ladder.close(1'000'000);
    EXPECT_EQ(ladder.best_key(), 900);
    EXPECT_EQ(ladder.best().quantity, 10);
    EXPECT_EQ(keys(ladder), (std::vector<std::int64_t>{900, 800, 700, 600, 400, 300, 200, 100, 0}));
    ladder.check_invariants();
}

TEST(Ladder, Closing_a_level_that_is_not_there_is_our_bug) {
    Ladder ladder;
    put(ladder, 1'000'000);
    EXPECT_THROW(ladder.close(0), AssertionFailed);
    EXPECT_THROW((void)Ladder().best_key(), AssertionFailed);
}

TEST(Ladder, Is_an_ordered_map_wherever_its_window_stands) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Random random(seed);
        Ladder ladder;
        std::map<std::int64_t, std::int64_t> expected;
        std::int64_t middle = 0;
        std::size_t far_most = 0;
        for (int i = 0; i < 200'000; ++i) {
            if (random.one_in(20)) middle += random.between(-50, 50);
            if (random.one_in(5'000)) middle += random.between(-50'000, 50'000);
            const std::int64_t key = middle - random.between(0, random.one_in(10) ? 10'000 : 100);
            if (random.one_in(2)) {
                put(ladder, key, i + 1);
                expected[key] = i + 1;
            } else if (const auto at = expected.lower_bound(key); at != expected.end()) {
                ladder.close(at->first);
                expected.erase(at);
            }
            far_most = std::max(far_most, ladder.far_levels());
            ASSERT_EQ(ladder.size(), expected.size());
            ASSERT_EQ(ladder.empty(), expected.empty());
            if (expected.empty()) continue;
            ASSERT_EQ(ladder.best_key(), expected.rbegin()->first);
            ASSERT_EQ(ladder.best().quantity, expected.rbegin()->second);
            if (i % 500 != 0) continue;
            ladder.check_invariants();
            auto at = expected.rbegin();
            ladder.visit([&](std::int64_t found, const Level& level) {
                EXPECT_EQ(found, at->first);
                EXPECT_EQ(level.quantity, at->second);
                ++at;
                return true;
            });
            ASSERT_TRUE(at == expected.rend());
        }
        EXPECT_EQ(ladder.window(), Ladder::kWindowMax);
        EXPECT_GT(far_most, 100U);
    }
}

}  // namespace
}  // namespace millrace::market
