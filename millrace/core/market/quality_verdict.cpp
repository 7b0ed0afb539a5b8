// From what was found to a grade. The limits stand here and in docs/how-to/verify-data.md.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "millrace/core/market/quality.hpp"

namespace millrace::market {
namespace {

using model::RowFault;

// The worst value that still deserves A, B, C, D.
using Limits = std::array<double, 4>;
constexpr Limits kIncomplete = {0.001, 0.01, 0.05, 0.2};
constexpr Limits kBadRows = {0, 1e-5, 1e-4, 1e-2};
constexpr Limits kSuspicious = {1e-4, 1e-3, 1e-2, 5e-2};
constexpr double kCompletenessLevel = 0.99;  // droid-trading's m5_completeness
constexpr double kWrongZone = 0.2;           // of the rows outside the sessions

char grade_of(double value, const Limits& limits) {
    for (std::size_t i = 0; i < limits.size(); ++i)
        if (value <= limits[i]) return static_cast<char>('A' + i);
    return 'F';
}

double share_of(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::uint64_t count_of(const model::RowFindings& findings, RowFault fault) {
    return findings.mended(fault) + findings.left_out(fault);
}

// "m5" of five minutes.
std::string frame_of(Duration step) {
    constexpr std::int64_t kMinute = 60'000'000'000;
    if (step.ns() % (1'440 * kMinute) == 0)
        return fmt::format("d{}", step.ns() / (1'440 * kMinute));
    if (step.ns() % (60 * kMinute) == 0) return fmt::format("h{}", step.ns() / (60 * kMinute));
    if (step.ns() % kMinute == 0) return fmt::format("m{}", step.ns() / kMinute);
    return format_duration(step);
}

void grade(const QualityReport& report, const model::RowFindings& findings,
           QualityVerdict& verdict) {
    if (report.has_coverage) {
        const double complete = share_of(report.actual, report.expected);
        verdict.measures.push_back({"completeness", complete, grade_of(1 - complete, kIncomplete)});
    }
    const std::uint64_t bad = findings.mended() + findings.left_out();
    const double bad_share = share_of(bad, report.rows + findings.left_out());
    verdict.measures.push_back({"bad_rows", bad_share, grade_of(bad_share, kBadRows)});
    const std::uint64_t suspicious = report.outliers.count + report.stale_rows + report.crossed +
                                     report.off_grid + report.overlapping + report.outside_sessions;
    const double suspicious_share = share_of(suspicious, report.rows);
    verdict.measures.push_back(
        {"suspicious_rows", suspicious_share, grade_of(suspicious_share, kSuspicious)});
    verdict.measures.push_back({"suspected_splits", static_cast<double>(report.splits.count),
                                report.splits.count == 0 ? 'A' : 'C'});
    for (const QualityMeasure& measure : verdict.measures)
        verdict.grade = std::max(verdict.grade, measure.grade);
}

void add_levels(const QualityReport& report, const model::RowFindings& findings,
                const QualityRules& rules, QualityVerdict& verdict) {
    if (report.has_coverage) {
        const double complete = share_of(report.actual, report.expected);
        verdict.levels.push_back({frame_of(rules.step) + "_completeness",
                                  complete >= kCompletenessLevel, complete, kCompletenessLevel,
                                  fmt::format("{} of {} periods of {} have data", report.actual,
                                              report.expected, format_duration(rules.step))});
    }
    const std::uint64_t unreadable =
        count_of(findings, RowFault::unreadable) + count_of(findings, RowFault::price);
    verdict.levels.push_back({"no_nan_ohlc", unreadable == 0, static_cast<double>(unreadable), 0,
                              fmt::format("{} rows without a price or a time", unreadable)});
    const std::uint64_t twice = count_of(findings, RowFault::duplicate);
    verdict.levels.push_back({"no_dupe_index", twice == 0, static_cast<double>(twice), 0,
                              fmt::format("{} rows with a time that stands twice", twice)});
}

void add_violations(const model::RowFindings& findings, QualityVerdict& verdict) {
    struct Term {
        RowFault fault;
        std::string_view words;
    };
    constexpr std::array kTerms = {
        Term{RowFault::unreadable, "no NaN in OHLC: {} rows are unreadable"},
        Term{RowFault::price, "prices above zero: {} rows are not"},
        Term{RowFault::size, "volume >= 0: {} rows are not"},
        Term{RowFault::contradiction, "high is highest and low is lowest: {} rows contradict it"},
        Term{RowFault::duplicate, "no duplicates: {} rows are"},
        Term{RowFault::order, "monotonic: {} rows are out of order"}};
    for (const Term& term : kTerms)
        if (const std::uint64_t count = count_of(findings, term.fault); count > 0)
            verdict.violations.push_back(fmt::format(fmt::runtime(term.words), count));
}

void add_reasons(const QualityReport& report, QualityVerdict& verdict) {
    const bool lacks_coverage =
        report.has_coverage && share_of(report.actual, report.expected) < kCompletenessLevel;
    if (lacks_coverage) verdict.reasons.emplace_back("data_coverage_gap");
    for (std::size_t i = report.has_coverage ? 1 : 0; i < verdict.levels.size(); ++i)
        if (!verdict.levels[i].passed) {
            verdict.reasons.emplace_back("data_sla_failed");
            break;
        }
    if (std::ranges::any_of(report.days, [](const DayCoverage& day) {
            return day.expected > 0 && day.actual == 0;
        }))
        verdict.reasons.emplace_back("empty_day");
    if (share_of(report.outside_sessions, report.rows) > kWrongZone)
        verdict.reasons.emplace_back("tz_error");
}

}  // namespace

QualityVerdict judge(const QualityReport& report, const model::RowFindings& findings,
                     const QualityRules& rules) {
    QualityVerdict verdict;
    grade(report, findings, verdict);
    add_levels(report, findings, rules, verdict);
    add_violations(findings, verdict);
    add_reasons(report, verdict);
    return verdict;
}

}  // namespace millrace::market
