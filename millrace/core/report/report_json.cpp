// See report_json.hpp for the form.
#include "millrace/core/report/report_json.hpp"

#include <fmt/format.h>
#include <vector>

namespace millrace::report {
namespace {

void write_value(JsonWriter& writer, const Metric& metric) {
    struct Visitor {
        JsonWriter& writer;
        void operator()(Reason) const { writer.null(); }
        void operator()(double value) const { writer.number(value); }
        void operator()(Money value) const { writer.text(value.to_string()); }
        void operator()(std::int64_t value) const { writer.integer(value); }
        void operator()(Time value) const { writer.text(format_time(value)); }
    };
    std::visit(Visitor{writer}, metric.value());
}

void write_some(JsonWriter& writer, const MetricTable& table, std::span<const MetricId> ids) {
    writer.key("metrics").begin_object();
    for (const MetricId id : ids) {
        writer.key(name_of(id));
        write_value(writer, table[id]);
    }
    writer.end_object();
    writer.key("metric_reasons").begin_object();
    for (const MetricId id : ids)
        if (!table[id].has_value()) writer.member(name_of(id), describe(table[id].reason()));
    writer.end_object();
}

void write_calendar(JsonWriter& writer, std::span<const CalendarReturn> rows) {
    writer.begin_array();
    for (const CalendarReturn& row : rows) {
        writer.begin_object();
        if (row.month > 0)
            writer.member("month", fmt::format("{:04}-{:02}", row.year, row.month));
        else
            writer.member("year", row.year);
        writer.key("net_return");
        write_value(writer, row.change);
        if (!row.change.has_value()) writer.member("reason", describe(row.change.reason()));
        writer.end_object();
    }
    writer.end_array();
}

void write_groups(JsonWriter& writer, std::string_view of, std::span<const TradeGroup> groups) {
    writer.begin_array();
    for (const TradeGroup& group : groups) {
        writer.begin_object().member(of, group.name.view());
        write_some(writer, group.metrics, kGroupMetrics);
        writer.end_object();
    }
    writer.end_array();
}

}  // namespace

void write_metrics(JsonWriter& writer, const MetricTable& table) {
    std::vector<MetricId> all;
    for (std::size_t i = 0; i < kMetricCount; ++i)
        all.push_back(static_cast<MetricId>(i));
    write_some(writer, table, all);
}

void write_breakdown(JsonWriter& writer, const Report& report) {
    write_calendar(writer.key("monthly_returns"), report.months);
    write_calendar(writer.key("yearly_returns"), report.years);
    write_groups(writer.key("by_symbol"), "symbol", report.by_symbol);
    write_groups(writer.key("by_strategy"), "strategy", report.by_strategy);
}

std::string to_json(const Report& report) {
    JsonWriter writer;
    writer.begin_object();
    write_metrics(writer, report.metrics);
    write_breakdown(writer, report);
    writer.end_object();
    return writer.str();
}

}  // namespace millrace::report
