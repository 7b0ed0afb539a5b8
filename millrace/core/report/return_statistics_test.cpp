// The expected figures of kEquity and kBenchmark come from 60-digit decimal arithmetic outside this
// program; the others are worked in the comments.
#include "millrace/core/report/return_statistics.hpp"

#include <cmath>
#include <gtest/gtest.h>

#include "millrace/core/report/sample_runs.hpp"

namespace millrace::report {
namespace {

using test::at;
using test::each_third_day;
using test::kEquity;
using test::number;
using test::report_of;
using test::series;
using enum MetricId;

// Exact to about 13 digits: the formulas cancel a few.
void expect_figure(const Report& report, MetricId id, double expected) {
    ASSERT_TRUE(report.metrics[id].has_value()) << name_of(id);
    EXPECT_NEAR(number(report, id), expected, 1e-13 * (1 + std::fabs(expected))) << name_of(id);
}

TEST(ReturnStatistics, Agree_with_figures_worked_out_elsewhere) {
    const Report report = report_of(each_third_day(kEquity));
    expect_figure(report, net_return, 0.124);
    expect_figure(report, cagr, 0.76698122807242469);
    expect_figure(report, span_days, 75);
    expect_figure(report, periods_per_year, 252);
    expect_figure(report, volatility, 0.20425886165169201);
    expect_figure(report, volatility_per_period, 0.012867098833607737);
    expect_figure(report, sharpe_ratio, 5.8799171725759104);
    expect_figure(report, sharpe_per_period, 0.37039996591175989);
    expect_figure(report, sortino_ratio, 11.306515860755768);
    expect_figure(report, calmar_ratio, 26.745377662783584);
    expect_figure(report, skewness, -0.26311325165295811);
    expect_figure(report, excess_kurtosis, -1.2933435266744589);
    expect_figure(report, var_95, 0.013610380631381409);
    expect_figure(report, cvar_95, 0.014668897354234417);
    expect_figure(report, tail_ratio, 1.6765016898819410);
    expect_figure(report, probabilistic_sharpe, 0.95667342091485333);
    expect_figure(report, best_day, 0.024630541871921182);    // 10,150 → 10,400
    expect_figure(report, worst_day, -0.015726179463459759);  // 10,810 → 10,640
}

TEST(ReturnStatistics, The_largest_fall_has_its_dates_and_its_length) {
    const Report report = report_of(each_third_day(kEquity));
    expect_figure(report, max_drawdown, 0.028677150786308973);  // 310 / 10,810
    EXPECT_EQ(report.metrics[max_drawdown_amount], Metric::money(Money::whole(310)));
    EXPECT_EQ(report.metrics[max_drawdown_peak_time], Metric::time(at(45)));
    EXPECT_EQ(report.metrics[max_drawdown_trough_time], Metric::time(at(51)));
    EXPECT_EQ(report.metrics[max_drawdown_recovery_time], Metric::time(at(57)));
    expect_figure(report, max_drawdown_days, 12);
    expect_figure(report, longest_drawdown_days, 12);
    expect_figure(report, time_under_water, 13.0 / 25);  // 13 of 25 steps begin below the peak
}

TEST(ReturnStatistics, Bits_are_pinned_for_every_machine) {
    const Report report = report_of(each_third_day(kEquity));
    // Within eight units in the last place of the figures above.
    EXPECT_EQ(number(report, cagr), 0x1.88b1c3766f18ap-1);
    EXPECT_EQ(number(report, volatility), 0x1.a2527855b298fp-3);
    EXPECT_EQ(number(report, sharpe_ratio), 0x1.7850901dd9bfbp+2);
    EXPECT_EQ(number(report, sortino_ratio), 0x1.69cefa59b4d79p+3);
    EXPECT_EQ(number(report, calmar_ratio), 0x1.abed1120cd314p+4);
    EXPECT_EQ(number(report, skewness), -0x1.0d6d8f6bf9856p-2);
    EXPECT_EQ(number(report, excess_kurtosis), -0x1.4b188fb58f62fp+0);
    EXPECT_EQ(number(report, cvar_95), 0x1.e0aba133d1116p-7);
    EXPECT_EQ(number(report, probabilistic_sharpe), 0x1.e9d1193f903fep-1);
}

TEST(ReturnStatistics, The_risk_free_rate_is_taken_off_each_period) {
    RiskOptions options;
    options.risk_free_rate = 0.02;
    expect_figure(report_of(each_third_day(kEquity), {}, options), sharpe_ratio,
                  5.7820022040978007);
}

TEST(ReturnStatistics, A_market_that_never_closes_has_365_days_a_year) {
    RiskOptions options;
    options.days_per_year = 365;
    const Report report = report_of(each_third_day(kEquity), {}, options);
    expect_figure(report, volatility, 0.24582557805026677);  // 0.012867098833607737 × √365
    expect_figure(report, periods_per_year, 365);
}

TEST(ReturnStatistics, Trials_deflate_the_sharpe_ratio) {
    const auto deflated = [](std::int64_t trials, std::optional<double> variance = {}) {
        RiskOptions options;
        options.trial_count = trials;
        options.trial_sharpe_variance = variance;
        const Report report = report_of(each_third_day(kEquity), {}, options);
        EXPECT_EQ(report.metrics[trial_count], Metric::count(trials));
        return number(report, deflated_sharpe);
    };
    EXPECT_NEAR(deflated(1), 0.95667342091485333, 1e-13);  // nothing was chosen
    EXPECT_NEAR(deflated(10), 0.55516609654635652, 1e-13);
    EXPECT_NEAR(deflated(1'000), 0.061561265267233368, 1e-13);
    EXPECT_NEAR(deflated(10, 0.01), 0.83768215402571828, 1e-13);
}

TEST(ReturnStatistics, The_best_of_worthless_trials_is_expected_above_zero) {
    EXPECT_EQ(expected_best_sharpe(1, 1), 0);
    EXPECT_EQ(expected_best_sharpe(100, 0), 0);
    EXPECT_NEAR(expected_best_sharpe(2, 1), 0.51975534428059392, 1e-14);
    EXPECT_NEAR(expected_best_sharpe(100, 0.04), 0.50612057864033641, 1e-14);
    EXPECT_GT(expected_best_sharpe(INT64_MAX, 1), 8);
}

TEST(ReturnStatistics, Quantiles_lie_between_the_closest_ranks) {
    const double values[] = {1, 2, 4, 8};
    EXPECT_EQ(quantile(values, 0), 1);
    EXPECT_EQ(quantile(values, 0.5), 3);   // rank 1.5
    EXPECT_EQ(quantile(values, 0.75), 5);  // rank 2.25: 4 + ¼ × 4
    EXPECT_EQ(quantile(values, 1), 8);
    EXPECT_EQ(quantile(std::span(values, 1), 0.3), 1);
}

TEST(ReturnStatistics, Nothing_is_annualised_on_less_than_60_days) {
    const Report short_run = report_of(series({{at(0), 100}, {at(30), 110}, {at(59, 23), 105}}));
    for (const MetricId id : {cagr, volatility, sharpe_ratio, sortino_ratio, calmar_ratio})
        EXPECT_EQ(short_run.metrics[id], Metric(Reason::under_60_days)) << name_of(id);
    EXPECT_TRUE(short_run.metrics[volatility_per_period].has_value());
    EXPECT_TRUE(short_run.metrics[sharpe_per_period].has_value());
    const Report long_run = report_of(series({{at(0), 100}, {at(30), 110}, {at(60), 105}}));
    for (const MetricId id : {cagr, volatility, sharpe_ratio, sortino_ratio, calmar_ratio})
        EXPECT_TRUE(long_run.metrics[id].has_value()) << name_of(id);
}

TEST(ReturnStatistics, A_doubling_in_a_year_is_a_cagr_of_one) {
    // 365.25 days: the year of the formula.
    const Report report = report_of(series({{at(0), 100}, {at(365, 6), 200}}));
    EXPECT_EQ(number(report, cagr), 1);
}

TEST(ReturnStatistics, Returns_per_sample_are_annualised_by_their_measured_number) {
    // 4 returns in 121.75 days, a third of a year: 12 a year.
    const Report report = report_of(
        series({{at(0), 100}, {at(0, 1), 110}, {at(1, 1), 99}, {at(2, 1), 110}, {at(121, 18), 121}},
               {.period = ReturnPeriod::sample}));
    EXPECT_EQ(number(report, periods_per_year), 12);
    EXPECT_EQ(report.metrics[return_count], Metric::count(4));
    EXPECT_EQ(number(report, worst_day), -0.1);  // 100 → 110 in the first day, then 99
}

}  // namespace
}  // namespace millrace::report
