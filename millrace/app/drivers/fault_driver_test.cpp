#include "millrace/app/drivers/fault_driver.hpp"

#include <gtest/gtest.h>

namespace millrace::drivers {
namespace {

// `make test` runs 2,000 more by `millrace simulate`.
constexpr std::uint64_t kSeeds = 200;

// How many of the seeds fail with these guards.
int failures_of(std::uint64_t seeds, const SimulationGuards& guards) {
    int failures = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed)
        failures += simulate(seed, guards).failure.has_value() ? 1 : 0;
    return failures;
}

TEST(FaultDriver, Every_seed_keeps_all_promises_and_each_has_crashes) {
    std::uint64_t crashes = 0;
    std::uint64_t torn_tails = 0;
    std::uint64_t repeated = 0;
    std::uint64_t disk_full = 0;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const SimulationResult result = simulate(seed);
        ASSERT_FALSE(result.failure) << "seed " << seed << ": " << *result.failure;
        EXPECT_GT(result.power_cuts + result.kills, 0U) << "seed " << seed;
        crashes += result.power_cuts + result.kills;
        torn_tails += result.torn_tails;
        repeated += result.repeated;
        disk_full += result.disk_full;
    }
    // The simulation must really get into the corners it is for.
    EXPECT_GT(crashes, 5 * kSeeds);
    EXPECT_GT(torn_tails, kSeeds / 4);
    EXPECT_GT(repeated, 5 * kSeeds);
    EXPECT_GT(disk_full, kSeeds / 2);
}

TEST(FaultDriver, The_same_seed_gives_the_same_life) {
    const SimulationResult first = simulate(42);
    const SimulationResult second = simulate(42);
    EXPECT_EQ(first.state_hash, second.state_hash);
    EXPECT_EQ(first.inputs, second.inputs);
    EXPECT_EQ(first.power_cuts, second.power_cuts);
    EXPECT_NE(first.state_hash, simulate(43).state_hash);
}

TEST(FaultDriver, Without_the_sync_seeds_fail) {
    EXPECT_GT(failures_of(100, {.sync = false}), 10);
}
TEST(FaultDriver, Without_the_checksum_seeds_fail) {
    EXPECT_GT(failures_of(100, {.crc = false}), 10);
}
TEST(FaultDriver, Without_the_cut_of_torn_tails_seeds_fail) {
    EXPECT_GT(failures_of(200, {.cut_torn_tail = false}), 3);
}
TEST(FaultDriver, Without_the_apply_once_check_seeds_fail) {
    EXPECT_GT(failures_of(100, {.apply_once = false}), 10);
}

}  // namespace
}  // namespace millrace::drivers
