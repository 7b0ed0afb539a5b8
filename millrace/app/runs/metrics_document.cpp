// Names of spec A15; exact amounts stand as JSON numbers there and as decimal strings below.
#include "millrace/app/runs/metrics_document.hpp"

#include "millrace/core/report/report_json.hpp"

namespace millrace::runs {
namespace {

using report::Metric;
using report::MetricId;
using report::MetricUnit;

struct Alias {
    std::string_view name;
    MetricId id;
};
constexpr Alias kAliases[] = {
    {"initial_cash", MetricId::initial_equity},
    {"final_cash", MetricId::final_equity},
    {"net_pnl", MetricId::net_profit},
    {"num_trades", MetricId::trade_count},
    {"win_rate", MetricId::win_rate},
    {"avg_win", MetricId::average_win},
    {"avg_loss", MetricId::average_loss},
    {"profit_factor", MetricId::profit_factor},
    {"max_drawdown", MetricId::max_drawdown_amount},
    {"max_drawdown_pct", MetricId::max_drawdown},
    {"sharpe_ratio", MetricId::sharpe_ratio},
    {"exposure", MetricId::exposure},
    {"turnover", MetricId::turnover},
};

void write_plain(JsonWriter& writer, const Metric& metric) {
    struct Visitor {
        JsonWriter& writer;
        void operator()(report::Reason) const { writer.null(); }
        void operator()(double value) const { writer.number(value); }
        void operator()(Money value) const { writer.raw(value.to_string()); }
        void operator()(std::int64_t value) const { writer.integer(value); }
        void operator()(Time value) const { writer.text(format_time(value)); }
    };
    std::visit(Visitor{writer}, metric.value());
}

report::Reason reason_of(const std::string& text) {
    for (std::size_t at = 0; at < report::kReasonCount; ++at)
        if (report::describe(static_cast<report::Reason>(at)) == text)
            return static_cast<report::Reason>(at);
    return report::Reason::not_asked;
}

Metric metric_of(MetricUnit unit, const JsonValue& value, const std::string& reason) {
    if (value.is_null()) return reason_of(reason);
    if (unit == MetricUnit::money) {
        const auto money = Money::parse(value.text());
        return money ? Metric::money(*money) : Metric();
    }
    if (unit == MetricUnit::time) {
        const auto time = parse_time(value.text());
        return time ? Metric::time(*time) : Metric();
    }
    const auto number = value.number();
    if (!number) return {};
    return unit == MetricUnit::count ? Metric::count(static_cast<std::int64_t>(*number))
                                     : Metric::number(*number);
}

}  // namespace

std::string metrics_document(const backtest::BacktestResult& result) {
    const report::MetricTable& metrics = result.report.metrics;
    JsonWriter writer(JsonWriter::Style::indented);
    writer.begin_object().member("schema_version", 1).member("currency", result.currency);
    for (const Alias& alias : kAliases)
        write_plain(writer.key(alias.name), metrics[alias.id]);
    report::write_metrics(writer, metrics);
    report::write_breakdown(writer, result.report);
    writer.end_object();
    return writer.str() + "\n";
}

report::MetricTable metrics_of(const JsonValue& document) {
    report::MetricTable table;
    for (std::size_t at = 0; at < report::kMetricCount; ++at) {
        const auto id = static_cast<MetricId>(at);
        const report::MetricDescription& description = report::description_of(id);
        table[id] = metric_of(description.unit, document["metrics"][description.name],
                              document["metric_reasons"][description.name].text());
    }
    return table;
}

}  // namespace millrace::runs
