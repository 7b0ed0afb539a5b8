// What the returns say: spread, shape, Sharpe and its kin, and the comparison with a benchmark.
// Every definition is in docs/reference/statistics.md under the metric's name.
#pragma once

#include <optional>

#include "millrace/core/report/equity_series.hpp"
#include "millrace/core/report/metric.hpp"

namespace millrace::report {

// A year for spans and growth; independent of any calendar.
inline constexpr double kDaysPerYear = 365.25;
// Nothing is annualised below it.
inline constexpr std::int64_t kDaysToAnnualise = 60;

struct RiskOptions {
    double risk_free_rate = 0;     // a year, simple: 0.02 is 2 %
    double days_per_year = 252;    // trading days a year; 365 where the market never closes
    std::int64_t trial_count = 1;  // how many variants were tried before this one was chosen
    // The variance of the trials' Sharpe ratios per period, where the sweep knows it.
    std::optional<double> trial_sharpe_variance;
};

// Sets the metrics initial_equity … calmar_ratio and those of the Sharpe ratios.
void write_return_statistics(const EquitySeries& equity, const RiskOptions& options,
                             MetricTable& table);

// Sets benchmark_return … information_ratio from the days that both series have.
void write_benchmark_statistics(const EquitySeries& equity, const EquitySeries* benchmark,
                                const RiskOptions& options, MetricTable& table);

// The Sharpe ratio per period that the best of `trials` worthless variants is expected to show,
// when their ratios have this variance (Bailey and López de Prado, 2014).
[[nodiscard]] double expected_best_sharpe(std::int64_t trials, double variance);

// The p-quantile of ascending values by linear interpolation between the closest ranks
// (Hyndman and Fan's type 7).
[[nodiscard]] double quantile(std::span<const double> ascending, double p);

}  // namespace millrace::report
