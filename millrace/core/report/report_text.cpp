// See report_text.hpp. Rounding is for the eye only: JSON carries the exact figures.
#include "millrace/core/report/report_text.hpp"

#include <cmath>
#include <fmt/format.h>

namespace millrace::report {
namespace {

constexpr int kLabelWidth = 26;
constexpr int kValueWidth = 24;

// Two decimals, or six digits where that would be wider than a table is.
std::string format_plain(double value) {
    constexpr double kWideMin = 1e12;
    return std::fabs(value) < kWideMin ? fmt::format("{:.2f}", value)
                                       : fmt::format("{:.6g}", value);
}

// The two largest units that are not zero: 3d 4h, 12m 5s.
std::string format_span(double seconds) {
    constexpr double kSecondsMax = 1e15;  // beyond it a count of seconds is no comfort to anybody
    if (!(seconds >= 0 && seconds < kSecondsMax)) return fmt::format("{:.0f} s", seconds);
    const auto whole = static_cast<std::int64_t>(seconds);
    const std::int64_t days = whole / kSecondsPerDay;
    const std::int64_t hours = whole % kSecondsPerDay / 3'600;
    const std::int64_t minutes = whole % 3'600 / 60;
    if (days > 0) return fmt::format("{}d {}h", days, hours);
    if (hours > 0) return fmt::format("{}h {}m", hours, minutes);
    if (minutes > 0) return fmt::format("{}m {}s", minutes, whole % 60);
    return fmt::format("{:.3g} s", seconds);
}

// To the second, or in full where the instant has a fraction of one.
std::string format_instant(Time time) {
    std::string text = format_time(time);
    text[10] = ' ';
    return text;
}

std::string format_number(MetricUnit unit, double value) {
    switch (unit) {
        case MetricUnit::share: return format_plain(value * 100) + " %";
        case MetricUnit::days: return format_span(value * static_cast<double>(kSecondsPerDay));
        case MetricUnit::seconds: return format_span(value);
        case MetricUnit::plain:
        case MetricUnit::money:
        case MetricUnit::count:
        case MetricUnit::time: break;
    }
    return format_plain(value);
}

void append_metrics(std::string& out, const MetricTable& table, std::string_view currency) {
    std::string_view section;
    for (std::size_t i = 0; i < kMetricCount; ++i) {
        const auto id = static_cast<MetricId>(i);
        const MetricDescription& description = description_of(id);
        const Metric& metric = table[id];
        if (!metric.has_value() && metric.reason() == Reason::no_benchmark) continue;
        if (description.section != section) {
            section = description.section;
            out += fmt::format("{}{}\n", out.empty() ? "" : "\n", section);
        }
        out += fmt::format("  {:<{}}{:>{}}", description.label, kLabelWidth,
                           format_metric(id, metric), kValueWidth);
        if (!metric.has_value())
            out += fmt::format("  ({})", describe(metric.reason()));
        else if (description.unit == MetricUnit::money)
            out += fmt::format(" {}", currency);
        out += '\n';
    }
}

std::string cell_of(const Metric& metric) {
    return metric.has_value() ? fmt::format("{:.1f}", metric.as_number() * 100) : "-";
}

const CalendarReturn* row_of(const std::vector<CalendarReturn>& rows, int year, int month) {
    for (const CalendarReturn& row : rows)
        if (row.year == year && row.month == month) return &row;
    return nullptr;
}

void append_months(std::string& out, const Report& report) {
    if (report.years.empty()) return;
    out += "\nReturns by month, in %\n  year ";
    for (const char* month :
         {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"})
        out += fmt::format("{:>7}", month);
    out += "    year\n";
    for (const CalendarReturn& year : report.years) {
        out += fmt::format("  {:04} ", year.year);
        for (int month = 1; month <= 12; ++month) {
            const CalendarReturn* row = row_of(report.months, year.year, month);
            out += fmt::format("{:>7}", row ? cell_of(row->change) : "");
        }
        out += fmt::format("{:>8}\n", cell_of(year.change));
    }
}

void append_groups(std::string& out, std::string_view title,
                   const std::vector<TradeGroup>& groups) {
    if (groups.empty()) return;
    out += fmt::format("\n{}\n  {:<20}{:>8}{:>16}{:>14}{:>10}{:>9}{:>14}\n", title, "", "trades",
                       "net profit", "fees", "win rate", "factor", "expectancy");
    for (const TradeGroup& group : groups) {
        const auto cell = [&](MetricId id) { return format_metric(id, group.metrics[id]); };
        out += fmt::format("  {:<20}{:>8}{:>16}{:>14}{:>10}{:>9}{:>14}\n", group.name.view(),
                           cell(MetricId::trade_count), cell(MetricId::trades_net_profit),
                           cell(MetricId::fees), cell(MetricId::win_rate),
                           cell(MetricId::profit_factor), cell(MetricId::expectancy));
    }
}

}  // namespace

std::string format_metric(MetricId id, const Metric& metric) {
    struct Visitor {
        MetricUnit unit;
        std::string operator()(Reason) const { return "-"; }
        std::string operator()(double value) const { return format_number(unit, value); }
        std::string operator()(Money value) const {
            return format_decimal_fixed(value.raw(), Money::kScale, 2);
        }
        std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
        std::string operator()(Time value) const { return format_instant(value); }
    };
    return std::visit(Visitor{description_of(id).unit}, metric.value());
}

std::string to_text(const Report& report, std::string_view currency) {
    std::string out;
    append_metrics(out, report.metrics, currency);
    append_months(out, report);
    append_groups(out, "By symbol", report.by_symbol);
    append_groups(out, "By strategy", report.by_strategy);
    return out;
}

}  // namespace millrace::report
