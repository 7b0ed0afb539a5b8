// Report: every statistic of one run, from its equity and its closed trades. A pure function of
// them; the order in which trades arrived, the machine and the number of threads leave no trace.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "millrace/core/report/closed_trade.hpp"
#include "millrace/core/report/equity_series.hpp"
#include "millrace/core/report/metric.hpp"
#include "millrace/core/report/return_statistics.hpp"
#include "millrace/core/report/trade_statistics.hpp"

namespace millrace::report {

struct ReportInput {
    const EquitySeries& equity;  // finished
    std::span<const ClosedTrade> trades;
    std::span<const Time> open_since;         // entries of the positions still open at the end
    std::optional<Money> fees;                // all that were paid; else those of the trades
    std::optional<Money> traded_value;        // all that was dealt; else that of the trades
    const EquitySeries* benchmark = nullptr;  // finished; prices do as well as equity
};

// The return of one month or year: from its last equity back to the last one before it.
struct CalendarReturn {
    int year = 0;
    int month = 0;  // 1 to 12; 0 in the table of years
    Metric change;

    bool operator==(const CalendarReturn&) const = default;
};

struct Report {
    MetricTable metrics;
    std::vector<CalendarReturn> months;
    std::vector<CalendarReturn> years;
    std::vector<TradeGroup> by_symbol;
    std::vector<TradeGroup> by_strategy;
};

[[nodiscard]] Report make_report(const ReportInput& input, const RiskOptions& options = {});

// A digest of every figure of the report; equal reports have equal digests.
[[nodiscard]] std::uint64_t hash_of(const Report& report);

}  // namespace millrace::report
