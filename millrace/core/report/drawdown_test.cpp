#include "millrace/core/report/drawdown.hpp"

#include <gtest/gtest.h>

#include "millrace/base/assert.hpp"
#include "millrace/core/report/sample_runs.hpp"

namespace millrace::report {
namespace {

using test::at;

Drawdown of(std::initializer_list<std::int64_t> units_by_day) {
    Drawdown drawdown;
    std::int64_t day = 0;
    for (const std::int64_t units : units_by_day)
        drawdown.add(at(day++), Money::whole(units));
    return drawdown;
}

int128 days(std::int64_t count) {
    return int128{count} * kNanosecondsPerDay;
}

TEST(Drawdown, Is_relative_to_the_peak_before_the_fall_not_to_the_highest_of_all) {
    const Drawdown drawdown = of({10'000, 9'000, 20'000});
    ASSERT_TRUE(drawdown.worst());
    EXPECT_EQ(drawdown.worst()->share(), 0.1);  // 1,000 / 10,000; not 1,000 / 20,000
    EXPECT_EQ(drawdown.worst()->peak_time, at(0));
    EXPECT_EQ(drawdown.worst()->trough_time, at(1));
    EXPECT_EQ(drawdown.worst()->recovery_time, at(2));
}

TEST(Drawdown, Chooses_the_larger_share_and_keeps_the_larger_amount_apart) {
    const Drawdown drawdown = of({100, 80, 1'000, 900, 1'000});
    EXPECT_EQ(drawdown.worst()->share(), 0.2);                          // 20 of 100
    EXPECT_EQ(drawdown.amount_max(), int128{Money::whole(100).raw()});  // of 1,000
}

TEST(Drawdown, Starts_at_the_last_instant_of_the_peak_and_ends_at_the_first_return_to_it) {
    const Drawdown drawdown = of({100, 100, 90, 95, 100, 100, 120});
    EXPECT_EQ(drawdown.worst()->peak_time, at(1));
    EXPECT_EQ(drawdown.worst()->trough_time, at(2));
    EXPECT_EQ(drawdown.worst()->recovery_time, at(4));
    EXPECT_EQ(drawdown.longest_ns(), days(3));
    EXPECT_EQ(drawdown.under_water_ns(), days(2));  // from day 2 to day 4
}

TEST(Drawdown, Takes_the_earliest_of_equal_falls_and_the_first_instant_at_the_bottom) {
    const Drawdown drawdown = of({100, 90, 90, 100, 200, 180, 200});
    EXPECT_EQ(drawdown.worst()->peak_time, at(0));
    EXPECT_EQ(drawdown.worst()->trough_time, at(1));
    EXPECT_EQ(drawdown.worst()->recovery_time, at(3));
}

TEST(Drawdown, Stays_open_when_the_peak_is_not_reached_again) {
    const Drawdown drawdown = of({100, 50, 99});
    EXPECT_FALSE(drawdown.worst()->recovery_time);
    EXPECT_EQ(drawdown.longest_ns(), days(2));
    EXPECT_EQ(drawdown.under_water_ns(), days(1));
}

TEST(Drawdown, A_later_smaller_fall_leaves_the_recovery_of_the_worst_alone) {
    const Drawdown drawdown = of({100, 50, 100, 90, 95});
    EXPECT_EQ(drawdown.worst()->share(), 0.5);
    EXPECT_EQ(drawdown.worst()->recovery_time, at(2));
}

TEST(Drawdown, Exceeds_one_below_zero_and_compares_the_widest_amounts_without_overflow) {
    EXPECT_EQ(of({100, -50}).worst()->share(), 1.5);
    Drawdown widest;
    widest.add(at(0), Money::from_raw(INT64_MAX));
    widest.add(at(1), Money::from_raw(-INT64_MAX + 1));
    widest.add(at(2), Money::from_raw(-INT64_MAX));
    EXPECT_EQ(widest.worst()->trough_time, at(2));
    EXPECT_EQ(widest.worst()->share(), 2);
    EXPECT_EQ(widest.amount_max(), int128{INT64_MAX} * 2);
}

TEST(Drawdown, Is_none_while_equity_only_rises) {
    const Drawdown drawdown = of({100, 100, 101, 150});
    EXPECT_FALSE(drawdown.worst());
    EXPECT_EQ(drawdown.amount_max(), 0);
    EXPECT_EQ(drawdown.longest_ns(), 0);
    EXPECT_EQ(drawdown.under_water_ns(), 0);
}

TEST(Drawdown, Refuses_to_go_back_in_time) {
    Drawdown drawdown;
    drawdown.add(at(1), Money::whole(1));
    EXPECT_THROW(drawdown.add(at(0), Money::whole(1)), AssertionFailed);
}

}  // namespace
}  // namespace millrace::report
