// The run beside a benchmark, on the UTC days that both have a closing for; a return runs from one
// common day to the next, so a holiday of one market makes no return of the other up.
#include <cmath>
#include <vector>

#include "millrace/core/report/return_statistics.hpp"

namespace millrace::report {
namespace {

using enum MetricId;

struct CommonDay {
    std::int64_t day;
    Money ours;
    Money theirs;
};

// The closings by day, the last where a day has two (the start and the end of the first day).
std::vector<Closing> one_a_day(std::span<const Closing> closings) {
    std::vector<Closing> days;
    for (const Closing& closing : closings) {
        if (!days.empty() && days.back().period == closing.period)
            days.back() = closing;
        else
            days.push_back(closing);
    }
    return days;
}

// Up to the first day on which one of them is worth nothing.
std::vector<CommonDay> common_days(const EquitySeries& ours, const EquitySeries& theirs) {
    const std::vector<Closing> a = one_a_day(ours.days().closings());
    const std::vector<Closing> b = one_a_day(theirs.days().closings());
    std::vector<CommonDay> days;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        if (a[i].period < b[j].period) {
            ++i;
        } else if (b[j].period < a[i].period) {
            ++j;
        } else {
            if (!days.empty() && (days.back().ours <= Money() || days.back().theirs <= Money()))
                break;
            days.push_back({a[i].period, a[i].equity, b[j].equity});
            ++i;
            ++j;
        }
    }
    return days;
}

double change(Money from, Money to) {
    return static_cast<double>(int128{to.raw()} - from.raw()) / static_cast<double>(from.raw());
}

// Of the pairs of returns (run, benchmark), in order of time.
struct Pairs {
    Moments ours, theirs, difference;
    std::vector<CommonDay> days;

    // Divided by n − 1, from the means: Σ (a − ā)(b − b̄).
    [[nodiscard]] double covariance() const {
        DoubleDouble sum;
        for (std::size_t i = 1; i < days.size(); ++i) {
            const double a = change(days[i - 1].ours, days[i].ours) - ours.mean();
            const double b = change(days[i - 1].theirs, days[i].theirs) - theirs.mean();
            sum = sum + two_product(a, b);
        }
        return sum.value() / static_cast<double>(days.size() - 2);
    }
};

Pairs pairs_of(const EquitySeries& equity, const EquitySeries& benchmark) {
    Pairs pairs;
    pairs.days = common_days(equity, benchmark);
    for (std::size_t i = 1; i < pairs.days.size(); ++i) {
        const double ours = change(pairs.days[i - 1].ours, pairs.days[i].ours);
        const double theirs = change(pairs.days[i - 1].theirs, pairs.days[i].theirs);
        pairs.ours.add(ours);
        pairs.theirs.add(theirs);
        pairs.difference.add(ours - theirs);
    }
    return pairs;
}

void write_regression(const Pairs& pairs, double per_year, double risk_free, bool annual,
                      MetricTable& table) {
    if (!pairs.theirs.varies()) {
        table.fill(beta, correlation, Reason::benchmark_does_not_vary);
        return;
    }
    const double covariance = pairs.covariance();
    const double theirs = pairs.theirs.standard_deviation();
    const double slope = covariance / (theirs * theirs);
    table[beta] = Metric::number(slope);
    table[alpha] = Reason::under_60_days;
    if (annual) {
        const double above = pairs.ours.mean() - risk_free / per_year;
        const double explained = slope * (pairs.theirs.mean() - risk_free / per_year);
        table[alpha] = Metric::number((above - explained) * per_year);
    }
    table[correlation] = Reason::no_variation;
    if (pairs.ours.varies())
        table[correlation] = Metric::number(
            std::clamp(covariance / (pairs.ours.standard_deviation() * theirs), -1.0, 1.0));
}

}  // namespace

void write_benchmark_statistics(const EquitySeries& equity, const EquitySeries* benchmark,
                                const RiskOptions& options, MetricTable& table) {
    table.fill(benchmark_return, information_ratio, Reason::no_benchmark);
    if (!benchmark || !benchmark->span()) return;
    if (!equity.span()) return table.fill(benchmark_return, information_ratio, Reason::no_equity);
    if (!equity.options().keep_returns || !benchmark->options().keep_returns)
        return table.fill(benchmark_return, information_ratio, Reason::returns_not_kept);
    const Pairs pairs = pairs_of(equity, *benchmark);
    if (pairs.ours.count() < 2)
        return table.fill(benchmark_return, information_ratio, Reason::benchmark_too_short);

    const CommonDay& first = pairs.days.front();
    const CommonDay& last = pairs.days.back();
    const double theirs = change(first.theirs, last.theirs);
    table[benchmark_return] = Metric::number(theirs);
    table[excess_return] = Metric::number(change(first.ours, last.ours) - theirs);
    const bool annual = last.day - first.day >= kDaysToAnnualise;
    const double per_year = options.days_per_year;
    write_regression(pairs, per_year, options.risk_free_rate, annual, table);
    if (!annual) return table.fill(tracking_error, information_ratio, Reason::under_60_days);
    const double spread = pairs.difference.standard_deviation();
    table[tracking_error] = Metric::number(spread * std::sqrt(per_year));
    table[information_ratio] = Reason::no_variation;
    if (pairs.difference.varies())
        table[information_ratio] =
            Metric::number(pairs.difference.mean() / spread * std::sqrt(per_year));
}

}  // namespace millrace::report
