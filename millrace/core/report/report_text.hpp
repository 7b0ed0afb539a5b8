// The report for a person at a terminal: one figure a line under its heading, a table of months,
// and the groups of trades. A figure without a value shows a dash and the reason.
#pragma once

#include <string>

#include "millrace/core/report/statistics.hpp"

namespace millrace::report {

// One figure as a person reads it: "12.34 %", "1234.50", "3d 4h", "2024-05-06 14:30:00Z", "-".
[[nodiscard]] std::string format_metric(MetricId id, const Metric& metric);

// The whole report in plain text, no line longer than 100 columns; `currency` names the money.
[[nodiscard]] std::string to_text(const Report& report, std::string_view currency);

}  // namespace millrace::report
