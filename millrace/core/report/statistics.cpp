// Puts the parts of a report together: returns, trades, activity, benchmark, and the tables.
#include "millrace/core/report/statistics.hpp"

#include <bit>

#include "millrace/base/hash.hpp"

namespace millrace::report {
namespace {

using enum MetricId;

void write_activity(const ReportInput& input, std::span<const ClosedTrade> trades,
                    MetricTable& table) {
    if (input.fees) table[fees] = Metric::money(*input.fees);
    if (input.traded_value) table[traded_value] = Metric::money(*input.traded_value);
    const auto& span = input.equity.span();
    if (!span) {
        table[exposure] = Reason::no_equity;
        table[turnover] = Reason::no_equity;
        return;
    }
    table[exposure] = exposure_of(trades, input.open_since, span->start, span->end);
    if (span->initial <= Money()) {
        table[turnover] = Reason::start_not_positive;
    } else if (!table[traded_value].has_value()) {
        table[turnover] = table[traded_value];
    } else {
        const Money value = std::get<Money>(table[traded_value].value());
        table[turnover] = Metric::number(static_cast<double>(value.raw()) /
                                         static_cast<double>(span->initial.raw()));
    }
}

Metric change_of(Money from, Money to) {
    if (from <= Money()) return Reason::start_not_positive;
    const int128 gain = int128{to.raw()} - from.raw();
    return Metric::number(static_cast<double>(gain) / static_cast<double>(from.raw()));
}

// One row for each month (or year) in which a day closes; `month_of` is 0 for a table of years.
std::vector<CalendarReturn> calendar_returns(std::span<const Closing> closings, bool by_month) {
    std::vector<CalendarReturn> rows;
    Money before;  // the closing that the last row is measured from
    for (std::size_t i = 1; i < closings.size(); ++i) {
        const Date date = civil_from_days(closings[i].period);
        const int month = by_month ? date.month : 0;
        if (rows.empty() || rows.back().year != date.year || rows.back().month != month) {
            before = closings[i - 1].equity;
            rows.push_back({date.year, month, {}});
        }
        rows.back().change = change_of(before, closings[i].equity);
    }
    return rows;
}

void hash_metric(RunningHash& hash, const Metric& metric) {
    hash.add(metric.value().index());
    std::visit(
        [&]<class T>(const T& value) {
            if constexpr (std::is_same_v<T, Money>)
                hash.add(std::bit_cast<std::uint64_t>(value.raw()));
            else if constexpr (std::is_same_v<T, Time>)
                hash.add(std::bit_cast<std::uint64_t>(value.ns()));
            else if constexpr (std::is_same_v<T, Reason>)
                hash.add(static_cast<std::uint64_t>(value));
            else
                hash.add(std::bit_cast<std::uint64_t>(value));
        },
        metric.value());
}

void hash_table(RunningHash& hash, const MetricTable& table) {
    for (std::size_t i = 0; i < kMetricCount; ++i)
        hash_metric(hash, table[static_cast<MetricId>(i)]);
}

}  // namespace

Report make_report(const ReportInput& input, const RiskOptions& options) {
    const std::vector<ClosedTrade> trades = in_order(input.trades);
    Report report;
    write_return_statistics(input.equity, options, report.metrics);
    TradeTally tally;
    for (const ClosedTrade& trade : trades)
        tally.add(trade);
    tally.write(report.metrics);
    write_activity(input, trades, report.metrics);
    write_benchmark_statistics(input.equity, input.benchmark, options, report.metrics);
    report.months = calendar_returns(input.equity.days().closings(), true);
    report.years = calendar_returns(input.equity.days().closings(), false);
    report.by_symbol = group_by(trades, &ClosedTrade::symbol);
    report.by_strategy = group_by(trades, &ClosedTrade::strategy);
    return report;
}

std::uint64_t hash_of(const Report& report) {
    RunningHash hash;
    hash_table(hash, report.metrics);
    for (const auto* rows : {&report.months, &report.years}) {
        hash.add(rows->size());
        for (const CalendarReturn& row : *rows) {
            hash.add(static_cast<std::uint64_t>(row.year * 100 + row.month));
            hash_metric(hash, row.change);
        }
    }
    for (const auto* groups : {&report.by_symbol, &report.by_strategy}) {
        hash.add(groups->size());
        for (const TradeGroup& group : *groups) {
            hash.add(std::as_bytes(std::span(group.name.view())));
            hash_table(hash, group.metrics);
        }
    }
    return hash.value();
}

}  // namespace millrace::report
