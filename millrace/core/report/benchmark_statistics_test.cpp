// Figures of kEquity against kBenchmark: from 60-digit decimal arithmetic outside this program.
#include <gtest/gtest.h>

#include "millrace/core/report/sample_runs.hpp"

namespace millrace::report {
namespace {

using test::at;
using test::each_third_day;
using test::kBenchmark;
using test::kEquity;
using test::number;
using test::series;
using enum MetricId;

Report against(const EquitySeries& equity, const EquitySeries& benchmark) {
    return make_report({.equity = equity,
                        .trades = {},
                        .open_since = {},
                        .fees = {},
                        .traded_value = {},
                        .benchmark = &benchmark});
}

void expect_all(const Report& report, Reason reason) {
    for (const MetricId id : {benchmark_return, excess_return, beta, alpha, correlation,
                              tracking_error, information_ratio})
        EXPECT_EQ(report.metrics[id], Metric(reason)) << name_of(id);
}

TEST(BenchmarkStatistics, Agree_with_figures_worked_out_elsewhere) {
    const Report report = against(each_third_day(kEquity), each_third_day(kBenchmark));
    EXPECT_NEAR(number(report, benchmark_return), 0.094, 1e-15);
    EXPECT_NEAR(number(report, excess_return), 0.03, 1e-15);
    EXPECT_NEAR(number(report, beta), 1.4716577186724657, 1e-13);
    EXPECT_NEAR(number(report, alpha), -0.14711791808263028, 1e-13);
    EXPECT_NEAR(number(report, correlation), 0.97942409820012054, 1e-13);
    EXPECT_NEAR(number(report, tracking_error), 0.076224816621676944, 1e-13);
    EXPECT_NEAR(number(report, information_ratio), 3.7383374614240972, 1e-12);
}

TEST(BenchmarkStatistics, A_run_is_its_own_benchmark) {
    const Report report = against(each_third_day(kEquity), each_third_day(kEquity));
    EXPECT_NEAR(number(report, beta), 1, 1e-12);
    EXPECT_NEAR(number(report, alpha), 0, 1e-12);
    EXPECT_NEAR(number(report, correlation), 1, 1e-12);
    EXPECT_EQ(number(report, tracking_error), 0);
    EXPECT_EQ(report.metrics[information_ratio], Metric(Reason::no_variation));
    EXPECT_EQ(number(report, excess_return), 0);
}

TEST(BenchmarkStatistics, Returns_run_between_the_days_that_both_have) {
    // Common days 0, 2, 4. Ours there 100, 110, 121; theirs 50, 45, 54: returns −10 % and +20 %.
    const Report report =
        against(series({{at(0), 100}, {at(1), 5}, {at(2), 110}, {at(4), 121}}),
                series({{at(-1), 7}, {at(0), 50}, {at(2), 45}, {at(3), 1}, {at(4), 54}}));
    EXPECT_NEAR(number(report, benchmark_return), 0.08, 1e-15);
    EXPECT_NEAR(number(report, excess_return), 0.13, 1e-15);
    EXPECT_NEAR(number(report, beta), 0, 1e-12);  // ours are 10 % both times
    EXPECT_EQ(report.metrics[correlation], Metric(Reason::no_variation));
    EXPECT_EQ(report.metrics[alpha], Metric(Reason::under_60_days));
    EXPECT_EQ(report.metrics[tracking_error], Metric(Reason::under_60_days));
}

TEST(BenchmarkStatistics, Says_why_there_is_nothing_to_compare) {
    const EquitySeries equity = each_third_day(kEquity);
    expect_all(test::report_of(equity), Reason::no_benchmark);
    expect_all(against(equity, series({})), Reason::no_benchmark);
    expect_all(against(series({}), equity), Reason::no_equity);
    expect_all(against(equity, series({{at(0), 1}, {at(3), 2}})), Reason::benchmark_too_short);
    expect_all(against(equity, series({{at(1), 1}, {at(4), 2}})), Reason::benchmark_too_short);
    expect_all(against(equity, each_third_day(kBenchmark, {.keep_returns = false})),
               Reason::returns_not_kept);
}

TEST(BenchmarkStatistics, A_flat_or_a_ruined_benchmark_is_survived) {
    std::array<std::int64_t, 26> flat{};
    flat.fill(100);
    const Report report = against(each_third_day(kEquity), each_third_day(flat));
    for (const MetricId id : {beta, alpha, correlation})
        EXPECT_EQ(report.metrics[id], Metric(Reason::benchmark_does_not_vary)) << name_of(id);
    EXPECT_EQ(number(report, benchmark_return), 0);
    flat.fill(0);
    expect_all(against(each_third_day(kEquity), each_third_day(flat)), Reason::benchmark_too_short);
}

}  // namespace
}  // namespace millrace::report
