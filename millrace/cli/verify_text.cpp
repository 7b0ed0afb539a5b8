// The two forms. Days that are whole are not listed; months are, each.
#include "millrace/cli/verify_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <ostream>

namespace millrace::cli {
namespace {

using data::Verified;
using market::DayCoverage;
using market::QualityReport;
using model::RowFault;

constexpr std::size_t kDaysShownMax = 1'000;  // in JSON
constexpr std::size_t kWorstDays = 5;         // for people

std::string text_of(const Date& date) {
    return fmt::format("{}-{:02}-{:02}", date.year, date.month, date.day);
}

double share_of(const DayCoverage& covered) {
    return covered.expected == 0
               ? 1
               : static_cast<double>(covered.actual) / static_cast<double>(covered.expected);
}

// By month, in order; the day of their dates is 1.
std::vector<DayCoverage> months_of(const QualityReport& report) {
    std::vector<DayCoverage> months;
    for (const DayCoverage& day : report.days) {
        const Date month{day.date.year, day.date.month, 1};
        if (months.empty() || months.back().date != month) months.push_back({month, 0, 0});
        months.back().expected += day.expected;
        months.back().actual += day.actual;
    }
    return months;
}

std::vector<DayCoverage> incomplete_of(const QualityReport& report) {
    std::vector<DayCoverage> days;
    for (const DayCoverage& day : report.days)
        if (day.actual < day.expected) days.push_back(day);
    return days;
}

std::uint64_t count_of(const Verified& verified, RowFault fault) {
    return verified.findings.mended(fault) + verified.findings.left_out(fault);
}

void write_coverage(JsonWriter& document, const QualityReport& report) {
    document.key("coverage");
    if (!report.has_coverage) {
        document.null();
        return;
    }
    document.begin_object().member("expected", report.expected).member("actual", report.actual);
    document.member("share", static_cast<double>(report.actual) /
                                 static_cast<double>(std::max<std::uint64_t>(1, report.expected)));
    document.key("months").begin_array();
    for (const DayCoverage& month : months_of(report))
        document.begin_object()
            .member("month", text_of(month.date).substr(0, 7))
            .member("expected", std::uint64_t{month.expected})
            .member("actual", std::uint64_t{month.actual})
            .member("share", share_of(month))
            .end_object();
    const auto incomplete = incomplete_of(report);
    document.end_array().member("days", std::uint64_t{report.days.size()});
    document.member("incomplete_days", std::uint64_t{incomplete.size()});
    document.key("first_incomplete_days").begin_array();
    for (std::size_t i = 0; i < std::min(kDaysShownMax, incomplete.size()); ++i)
        document.begin_object()
            .member("date", text_of(incomplete[i].date))
            .member("expected", std::uint64_t{incomplete[i].expected})
            .member("actual", std::uint64_t{incomplete[i].actual})
            .member("share", share_of(incomplete[i]))
            .end_object();
    document.end_array().end_object();
}

void write_bad_rows(JsonWriter& document, const Verified& verified) {
    document.key("bad_rows").begin_object();
    document.member("mended", verified.findings.mended());
    document.member("left_out", verified.findings.left_out());
    for (std::size_t fault = 0; fault < model::kRowFaults; ++fault)
        document.member(model::kRowFaultNames[fault],
                        count_of(verified, static_cast<RowFault>(fault)));
    document.key("first").begin_array();
    for (const model::RowFinding& finding : verified.findings.first())
        document.begin_object()
            .member("line", finding.line)
            .member("fault", name_of(finding.fault))
            .member("mended", finding.is_mended)
            .member("why", finding.why)
            .end_object();
    document.end_array().end_object();
}

void write_gaps(JsonWriter& document, const QualityReport& report) {
    document.key("gaps").begin_object().member("count", report.gaps.count);
    document.member("missing", report.missing);
    document.member("longest", format_duration(report.longest_gap)).key("first").begin_array();
    for (const market::Gap& gap : report.gaps.first)
        document.begin_object()
            .member("from", format_time(gap.from))
            .member("to", format_time(gap.to))
            .member("missing", gap.missing)
            .end_object();
    document.end_array().end_object();
}

void write_prices(JsonWriter& document, const QualityReport& report) {
    document.key("outliers").begin_object().member("count", report.outliers.count);
    document.member("spikes", report.spikes).key("first").begin_array();
    for (const market::Outlier& outlier : report.outliers.first)
        document.begin_object()
            .member("time", format_time(outlier.time))
            .member("before", outlier.before.to_string())
            .member("price", outlier.price.to_string())
            .member("is_spike", outlier.is_spike)
            .end_object();
    document.end_array().end_object();
    document.key("suspected_splits").begin_object().member("count", report.splits.count);
    document.key("first").begin_array();
    for (const market::SuspectedSplit& split : report.splits.first)
        document.begin_object()
            .member("time", format_time(split.time))
            .member("before", split.before.to_string())
            .member("price", split.price.to_string())
            .member("ratio", fmt::format("{}:{}", split.shares, split.before_shares))
            .end_object();
    document.end_array().end_object();
    document.key("stale_runs").begin_object().member("count", report.stale.count);
    document.member("rows", report.stale_rows).key("first").begin_array();
    for (const market::StaleRun& run : report.stale.first)
        document.begin_object()
            .member("from", format_time(run.from))
            .member("to", format_time(run.to))
            .member("rows", run.rows)
            .end_object();
    document.end_array().end_object();
}

void write_verdict(JsonWriter& document, const Verified& verified) {
    const market::QualityVerdict& verdict = verified.verdict;
    document.key("measures").begin_array();
    for (const market::QualityMeasure& measure : verdict.measures)
        document.begin_object()
            .member("name", measure.name)
            .member("value", measure.value)
            .member("grade", std::string_view(&measure.grade, 1))
            .end_object();
    document.end_array().key("slas").begin_array();
    for (const market::ServiceLevel& level : verdict.levels)
        document.begin_object()
            .member("sla_name", level.sla_name)
            .member("passed", level.passed)
            .member("measured_value", level.measured_value)
            .member("threshold", level.threshold)
            .member("message", level.message)
            .member("timestamp", format_time(verified.report.last))
            .end_object();
    document.end_array().key("contract").begin_object();
    document.member("ok", verdict.violations.empty()).key("violations").begin_array();
    for (const std::string& violation : verdict.violations)
        document.text(violation);
    document.end_array().end_object().key("reasons").begin_array();
    for (const std::string& reason : verdict.reasons)
        document.text(reason);
    document.end_array();
}

// "1 row", "2 rows"
std::string counted(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

void print_coverage(std::ostream& out, const QualityReport& report) {
    if (!report.has_coverage) {
        out << "  coverage         not measured: name a market with --calendar\n";
        return;
    }
    out << fmt::format("  coverage         {} of {} periods, {:.2f} %\n", report.actual,
                       report.expected,
                       100 * static_cast<double>(report.actual) /
                           static_cast<double>(std::max<std::uint64_t>(1, report.expected)));
    for (const DayCoverage& month : months_of(report))
        if (month.actual < month.expected)
            out << fmt::format("    {}        {} of {}, {:.2f} %\n",
                               text_of(month.date).substr(0, 7), month.actual, month.expected,
                               100 * share_of(month));
    auto days = incomplete_of(report);
    std::ranges::sort(days, {}, [](const DayCoverage& day) {
        return std::pair(share_of(day), text_of(day.date));
    });
    for (std::size_t i = 0; i < std::min(kWorstDays, days.size()); ++i)
        out << fmt::format("    {}     {} of {}, {:.2f} %\n", text_of(days[i].date), days[i].actual,
                           days[i].expected, 100 * share_of(days[i]));
    if (days.size() > kWorstDays)
        out << fmt::format("    and {} more days that are not whole\n", days.size() - kWorstDays);
}

void print_rows(std::ostream& out, const Verified& verified) {
    const QualityReport& report = verified.report;
    if (verified.findings.empty()) {
        out << "  bad rows         none\n";
    } else {
        out << fmt::format("  bad rows         {}\n", verified.findings.describe());
        out << fmt::format("    first          {}\n", verified.findings.first().front().why);
    }
    if (report.gaps.count == 0) {
        out << "  gaps             none\n";
    } else {
        out << fmt::format("  gaps             {}, {} missing, the longest {}\n", report.gaps.count,
                           counted(report.missing, "period"), format_duration(report.longest_gap));
        const market::Gap& first = report.gaps.first.front();
        out << fmt::format("    first          {} to {}\n", format_time(first.from),
                           format_time(first.to));
    }
    const auto count = [&](std::string_view name, std::uint64_t rows, std::string_view what) {
        if (rows > 0) out << fmt::format("  {:<17}{} {}\n", name, counted(rows, "row"), what);
    };
    count("outside sessions", report.outside_sessions, "while the market rests");
    count("off grid", report.off_grid, "that begin within a period");
    count("overlapping", report.overlapping, "that begin before the last has ended");
    count("crossed", report.crossed, "with a bid above the offer");
    count("zero volume", report.zero_volume, "");
}

void print_prices(std::ostream& out, const QualityReport& report) {
    if (report.outliers.count == 0) {
        out << "  outliers         none\n";
    } else {
        out << fmt::format("  outliers         {}, {} of them undone at once\n",
                           report.outliers.count, report.spikes);
        const market::Outlier& first = report.outliers.first.front();
        out << fmt::format("    first          {} from {} to {}\n", format_time(first.time),
                           first.before.to_string(), first.price.to_string());
    }
    for (const market::SuspectedSplit& split : report.splits.first)
        out << fmt::format("  split suspected  {} {}:{}, from {} to {}\n", format_time(split.time),
                           split.shares, split.before_shares, split.before.to_string(),
                           split.price.to_string());
    if (report.stale.count > 0)
        out << fmt::format("  stale            {} in {}, first from {} to {}\n",
                           counted(report.stale_rows, "row"), counted(report.stale.count, "run"),
                           format_time(report.stale.first.front().from),
                           format_time(report.stale.first.front().to));
}

}  // namespace

void print_verified(std::ostream& out, const Verified& verified) {
    const QualityReport& report = verified.report;
    out << fmt::format("{}: grade {}\n", verified.file, verified.verdict.grade);
    std::string kind(name_of(verified.rules.kind));
    if (verified.rules.kind == model::TableKind::bars)
        kind += " of " + format_duration(verified.rules.step);
    out << fmt::format("  {:<16} {}, {}, {} to {}\n", verified.symbol, kind,
                       counted(report.rows, "row"), format_time(report.first),
                       format_time(report.last));
    print_coverage(out, report);
    print_rows(out, verified);
    print_prices(out, report);
    for (const market::QualityMeasure& measure : verified.verdict.measures)
        out << fmt::format("  {}  {:<19}{:.6g}\n", measure.grade, measure.name, measure.value);
    for (const market::ServiceLevel& level : verified.verdict.levels)
        out << fmt::format("  {}  {}: {}\n", level.passed ? "passed" : "FAILED", level.sla_name,
                           level.message);
}

void write_verified(JsonWriter& document, const Verified& verified) {
    const QualityReport& report = verified.report;
    document.begin_object().member("file", verified.file).member("symbol", verified.symbol);
    document.member("grade", std::string_view(&verified.verdict.grade, 1));
    document.member("kind", name_of(verified.rules.kind));
    document.member("step", format_duration(verified.rules.step)).key("calendar");
    if (verified.rules.calendar)
        document.text(verified.rules.calendar->name());
    else
        document.null();
    document.member("rows", report.rows).member("first", format_time(report.first));
    document.member("last", format_time(report.last));
    write_coverage(document, report);
    write_gaps(document, report);
    write_bad_rows(document, verified);
    write_prices(document, report);
    document.member("zero_volume", report.zero_volume).member("crossed", report.crossed);
    document.member("off_grid", report.off_grid).member("overlapping", report.overlapping);
    document.member("outside_sessions", report.outside_sessions);
    write_verdict(document, verified);
    document.end_object();
}

}  // namespace millrace::cli
