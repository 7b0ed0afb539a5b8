#include "millrace/core/report/equity_series.hpp"

#include <gtest/gtest.h>

#include "millrace/base/assert.hpp"
#include "millrace/core/report/sample_runs.hpp"

namespace millrace::report {
namespace {

using test::at;
using test::series;

std::vector<double> returns_of(const EquitySeries& equity) {
    const auto returns = equity.periods().returns();
    return {returns.begin(), returns.end()};
}

TEST(EquitySeries, Takes_the_last_equity_of_each_utc_day) {
    const EquitySeries equity = series({{at(0), 100},
                                        {at(0, 10), 90},
                                        {at(0, 23, 59), 110},
                                        {at(1), 55},  // midnight is the end of the day
                                        {at(1, 12), 88},
                                        {at(4), 176}});
    EXPECT_EQ(returns_of(equity), (std::vector<double>{-0.45, 0.6, 1}));
}

TEST(EquitySeries, The_first_return_runs_from_the_start_also_when_that_is_alone_on_its_day) {
    EXPECT_EQ(returns_of(series({{at(0, 23), 100}, {at(1), 150}})), std::vector<double>{0.5});
    EXPECT_EQ(returns_of(series({{at(0, 22), 100}, {at(0, 23), 150}})), std::vector<double>{0.5});
    EXPECT_TRUE(returns_of(series({{at(0), 100}})).empty());
}

TEST(EquitySeries, Days_before_1970_end_at_midnight_too) {
    const Time midnight = Time::from_ns(-kNanosecondsPerDay);
    const EquitySeries equity = series({{midnight - Duration::hours(2), 100},
                                        {midnight - Duration::hours(1), 200},
                                        {midnight, 300},
                                        {Time(), 600}});
    EXPECT_EQ(returns_of(equity), (std::vector<double>{2, 1}));
}

TEST(EquitySeries, Of_samples_at_one_time_the_last_counts_but_the_start_stays) {
    const EquitySeries equity =
        series({{at(0), 100}, {at(0), 1}, {at(0), 80}, {at(1), 1}, {at(1), 120}},
               {.period = ReturnPeriod::sample});
    EXPECT_EQ(returns_of(equity), (std::vector<double>{-0.2, 0.5}));
    EXPECT_EQ(equity.drawdown().worst()->share(), 0.2);
    EXPECT_EQ(equity.span()->initial, Money::whole(100));
}

TEST(EquitySeries, Counts_no_return_after_ruin) {
    EXPECT_EQ(returns_of(series({{at(0), 100}, {at(1), 0}, {at(2), 0}, {at(3), 50}})),
              std::vector<double>{-1});
    EXPECT_EQ(returns_of(series({{at(0), 100}, {at(1), -50}, {at(2), 50}})),
              std::vector<double>{-1.5});
    EXPECT_TRUE(returns_of(series({{at(0), 0}, {at(1), 50}, {at(2), 60}})).empty());
}

TEST(EquitySeries, In_constant_memory_has_the_same_moments_to_the_last_bit) {
    const EquitySeries kept = test::each_third_day(test::kEquity);
    const EquitySeries streamed = test::each_third_day(test::kEquity, {.keep_returns = false});
    EXPECT_EQ(streamed.periods().moments().count(), 25);
    EXPECT_EQ(streamed.periods().moments().mean(), kept.periods().moments().mean());
    EXPECT_EQ(streamed.periods().moments().skewness(), kept.periods().moments().skewness());
    EXPECT_EQ(streamed.drawdown().worst()->share(), kept.drawdown().worst()->share());
    EXPECT_TRUE(streamed.periods().returns().empty());
    EXPECT_TRUE(streamed.days().closings().empty());
}

TEST(EquitySeries, Sorts_samples_by_time_and_then_by_sequence) {
    const EquitySample samples[] = {{at(1), Money::whole(120), 4},
                                    {at(0), Money::whole(100), 1},
                                    {at(1), Money::whole(7), 3},
                                    {at(0), Money::whole(80), 2}};
    const EquitySeries equity = equity_series_of(samples);
    EXPECT_EQ(equity.span()->initial, Money::whole(100));
    EXPECT_EQ(returns_of(equity), (std::vector<double>{-0.2, 0.5}));
}

TEST(EquitySeries, Refuses_to_go_back_in_time_or_to_be_read_while_open) {
    EquitySeries equity;
    equity.add(at(1), Money::whole(1));
    EXPECT_THROW(equity.add(at(0), Money::whole(1)), AssertionFailed);
    EXPECT_THROW((void)equity.span(), AssertionFailed);
    equity.finish();
    EXPECT_THROW(equity.add(at(2), Money::whole(1)), AssertionFailed);
}

}  // namespace
}  // namespace millrace::report
