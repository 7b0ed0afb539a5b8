// Each figure has one place that decides whether it can be said, and the first reason that applies
// wins: no data, too few returns, too short to annualise, no variation.
#include "millrace/core/report/return_statistics.hpp"

#include <algorithm>
#include <cmath>

#include "millrace/base/assert.hpp"
#include "millrace/base/deterministic_math.hpp"

namespace millrace::report {
namespace {

using enum MetricId;

double days_of(int128 ns) {
    return static_cast<double>(ns) / static_cast<double>(kNanosecondsPerDay);
}

bool is_long_enough(const EquitySeries::Span& span) {
    return ns_between(span.start, span.end) >= int128{kDaysToAnnualise} * kNanosecondsPerDay;
}

Metric cagr_of(const EquitySeries::Span& span) {
    if (span.initial <= Money()) return Reason::start_not_positive;
    if (!is_long_enough(span)) return Reason::under_60_days;
    if (span.final < Money()) return Reason::ended_below_zero;
    const double growth =
        static_cast<double>(span.final.raw()) / static_cast<double>(span.initial.raw());
    const double years = days_of(ns_between(span.start, span.end)) / kDaysPerYear;
    return Metric::number(deterministic_pow(growth, 1 / years) - 1);
}

void write_growth(const EquitySeries::Span& span, MetricTable& table) {
    const int128 gain = int128{span.final.raw()} - span.initial.raw();
    table[initial_equity] = Metric::money(span.initial);
    table[final_equity] = Metric::money(span.final);
    table[net_profit] = Metric::money(gain);
    table[span_days] = Metric::number(days_of(ns_between(span.start, span.end)));
    table[net_return] = Reason::start_not_positive;
    if (span.initial > Money())
        table[net_return] =
            Metric::number(static_cast<double>(gain) / static_cast<double>(span.initial.raw()));
    table[cagr] = cagr_of(span);
}

void write_drawdown(const EquitySeries& equity, MetricTable& table) {
    const EquitySeries::Span& span = *equity.span();
    const Drawdown& drawdown = equity.drawdown();
    table[max_drawdown_amount] = Metric::money(drawdown.amount_max());
    table[longest_drawdown_days] = Metric::number(days_of(drawdown.longest_ns()));
    table[time_under_water] = Reason::no_time;
    if (span.end > span.start)
        table[time_under_water] = Metric::number(days_of(drawdown.under_water_ns()) /
                                                 days_of(ns_between(span.start, span.end)));
    if (span.initial <= Money()) {
        table.fill(max_drawdown_peak_time, max_drawdown_days, Reason::start_not_positive);
        table[max_drawdown] = Reason::start_not_positive;
        return;
    }
    if (!drawdown.worst()) {
        table[max_drawdown] = Metric::number(0);
        table.fill(max_drawdown_peak_time, max_drawdown_days, Reason::no_drawdown);
        return;
    }
    const Fall& worst = *drawdown.worst();
    table[max_drawdown] = Metric::number(worst.share());
    table[max_drawdown_peak_time] = Metric::time(worst.peak_time);
    table[max_drawdown_trough_time] = Metric::time(worst.trough_time);
    table[max_drawdown_recovery_time] = Reason::not_recovered;
    if (worst.recovery_time) table[max_drawdown_recovery_time] = Metric::time(*worst.recovery_time);
    const Time until = worst.recovery_time.value_or(span.end);
    table[max_drawdown_days] = Metric::number(days_of(ns_between(worst.peak_time, until)));
}

// Which of the reasons that hold for every figure of returns comes first.
std::optional<Reason> why_not(const EquitySeries::Span& span, const Moments& moments,
                              std::int64_t returns_min) {
    if (span.initial <= Money()) return Reason::start_not_positive;
    if (moments.count() >= returns_min) return std::nullopt;
    if (returns_min <= 2) return Reason::under_2_returns;
    return returns_min <= 4 ? Reason::under_4_returns : Reason::under_20_returns;
}

void write_shape(const EquitySeries::Span& span, const Moments& moments, MetricTable& table) {
    if (const auto reason = why_not(span, moments, 4)) {
        table.fill(skewness, excess_kurtosis, *reason);
    } else if (!moments.varies()) {
        table.fill(skewness, excess_kurtosis, Reason::no_variation);
    } else {
        table[skewness] = Metric::number(moments.skewness());
        table[excess_kurtosis] = Metric::number(moments.kurtosis() - 3);
    }
}

void write_tails(const EquitySeries& equity, MetricTable& table) {
    const Moments& moments = equity.periods().moments();
    if (const auto reason = why_not(*equity.span(), moments, 20)) {
        table.fill(var_95, tail_ratio, *reason);
        return;
    }
    if (!equity.options().keep_returns) {
        table.fill(var_95, tail_ratio, Reason::returns_not_kept);
        return;
    }
    const std::span<const double> returns = equity.periods().returns();
    std::vector<double> ascending(returns.begin(), returns.end());
    std::sort(ascending.begin(), ascending.end());
    const double low = quantile(ascending, 0.05);
    const double high = quantile(ascending, 0.95);
    Moments tail;
    for (const double value : ascending)
        if (value <= low) tail.add(value);
    table[var_95] = Metric::number(-low);
    table[cvar_95] = Metric::number(-tail.mean());
    table[tail_ratio] = low < 0 ? Metric::number(high / -low) : Metric(Reason::no_lower_tail);
}

// Of the true Sharpe ratio being above `threshold`, both per period.
Metric chance_above(double threshold, double sharpe, double spread, std::int64_t count) {
    const double distance = (sharpe - threshold) * std::sqrt(static_cast<double>(count - 1));
    return Metric::number(normal_cdf(distance / std::sqrt(spread)));
}

void write_chances(const EquitySeries::Span& span, const Moments& moments, double sharpe,
                   const RiskOptions& options, MetricTable& table) {
    if (const auto reason = why_not(span, moments, 4)) {
        table.fill(probabilistic_sharpe, deflated_sharpe, *reason);
        return;
    }
    // Times 1 / (n − 1) the variance of the estimate; never negative, because kurtosis is at least
    // 1 + skewness².
    const double spread =
        1 - moments.skewness() * sharpe + (moments.kurtosis() - 1) / 4 * sharpe * sharpe;
    if (!(spread > 0)) {
        table.fill(probabilistic_sharpe, deflated_sharpe, Reason::out_of_range);
        return;
    }
    const std::int64_t n = moments.count();
    const double variance =
        options.trial_sharpe_variance.value_or(spread / static_cast<double>(n - 1));
    const double best = expected_best_sharpe(options.trial_count, variance);
    table[probabilistic_sharpe] = chance_above(0, sharpe, spread, n);
    table[deflated_sharpe] = chance_above(best, sharpe, spread, n);
}

void write_ratios(const EquitySeries& equity, double per_year, const RiskOptions& options,
                  MetricTable& table) {
    const EquitySeries::Span& span = *equity.span();
    const Moments& moments = equity.periods().moments();
    if (const auto reason = why_not(span, moments, 2)) {
        table.fill(volatility, volatility_per_period, *reason);
        table.fill(sharpe_ratio, sortino_ratio, *reason);
        table.fill(probabilistic_sharpe, deflated_sharpe, *reason);
        return;
    }
    const double root = std::sqrt(per_year);
    const bool annual = is_long_enough(span);
    const auto annualised = [&](double value) {
        return annual ? Metric::number(value) : Metric(Reason::under_60_days);
    };
    table[volatility_per_period] = Metric::number(moments.standard_deviation());
    table[volatility] = annualised(moments.standard_deviation() * root);
    const double excess = moments.mean() - options.risk_free_rate / per_year;
    const double downside = moments.downside_deviation();
    table[sortino_ratio] = annualised(downside > 0 ? excess / downside * root : 0);
    if (downside <= 0 && annual) table[sortino_ratio] = Reason::no_negative_return;
    if (!moments.varies()) {
        table[sharpe_per_period] = Reason::no_variation;
        table[sharpe_ratio] = annual ? Reason::no_variation : Reason::under_60_days;
        table.fill(probabilistic_sharpe, deflated_sharpe, Reason::no_variation);
        return;
    }
    const double sharpe = excess / moments.standard_deviation();
    table[sharpe_per_period] = Metric::number(sharpe);
    table[sharpe_ratio] = annualised(sharpe * root);
    write_chances(span, moments, sharpe, options, table);
}

Metric calmar_of(const MetricTable& table) {
    if (!table[cagr].has_value()) return table[cagr];
    if (!table[max_drawdown].has_value()) return table[max_drawdown];
    const double fall = table[max_drawdown].as_number();
    if (fall <= 0) return Reason::no_drawdown;
    return Metric::number(table[cagr].as_number() / fall);
}

// Days have the number that the options state; samples have the one that was measured.
double periods_a_year(const EquitySeries& equity, const RiskOptions& options) {
    if (equity.options().period == ReturnPeriod::utc_day) return options.days_per_year;
    const EquitySeries::Span& span = *equity.span();
    const double years = days_of(ns_between(span.start, span.end)) / kDaysPerYear;
    const auto count = static_cast<double>(equity.periods().moments().count());
    return years > 0 && count > 0 ? count / years : options.days_per_year;
}

}  // namespace

double quantile(std::span<const double> ascending, double p) {
    MILLRACE_ASSERT(!ascending.empty() && p >= 0 && p <= 1, "a quantile of something, in [0, 1]");
    const double rank = static_cast<double>(ascending.size() - 1) * p;
    const auto below = static_cast<std::size_t>(rank);
    if (below + 1 >= ascending.size()) return ascending.back();
    const double rest = rank - static_cast<double>(below);
    return ascending[below] + rest * (ascending[below + 1] - ascending[below]);
}

double expected_best_sharpe(std::int64_t trials, double variance) {
    if (trials <= 1 || !(variance > 0)) return 0;  // nothing was chosen
    constexpr double kEulerGamma = 0.57721566490153286;
    constexpr double kE = 2.7182818284590452;
    const auto n = static_cast<double>(trials);
    // The upper tail by symmetry: 1 − 1/n would lose the digits of a large n.
    const double first = -normal_quantile(1 / n);
    const double second = -normal_quantile(1 / (n * kE));
    return std::sqrt(variance) * ((1 - kEulerGamma) * first + kEulerGamma * second);
}

void write_return_statistics(const EquitySeries& equity, const RiskOptions& options,
                             MetricTable& table) {
    MILLRACE_ASSERT(options.days_per_year > 0, "a year has some days");
    table.fill(initial_equity, deflated_sharpe, Reason::no_equity);
    table[trial_count] = Metric::count(std::max<std::int64_t>(options.trial_count, 1));
    if (!equity.span()) return;
    const EquitySeries::Span& span = *equity.span();
    const Moments& moments = equity.periods().moments();
    const double per_year = periods_a_year(equity, options);
    table[periods_per_year] = Metric::number(per_year);
    table[return_count] = Metric::count(moments.count());
    write_growth(span, table);
    write_drawdown(equity, table);
    table[calmar_ratio] = calmar_of(table);
    const Moments& days = equity.days().moments();
    const Reason why_no_day =
        span.initial <= Money() ? Reason::start_not_positive : Reason::no_time;
    table[best_day] = days.count() > 0 ? Metric::number(days.greatest()) : Metric(why_no_day);
    table[worst_day] = days.count() > 0 ? Metric::number(days.least()) : Metric(why_no_day);
    write_shape(span, moments, table);
    write_tails(equity, table);
    write_ratios(equity, per_year, options, table);
}

}  // namespace millrace::report
