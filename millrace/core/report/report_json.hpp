// The report as JSON. A figure without a value is null among the metrics, and its reason stands
// under the same name in metric_reasons; money is a decimal string, a time RFC 3339 in UTC.
#pragma once

#include <span>

#include "millrace/base/json_writer.hpp"
#include "millrace/core/report/statistics.hpp"

namespace millrace::report {

// Members of the object that is open: "metrics": {name: value or null, …} with every name, and
// "metric_reasons": {name: "no losing trade", …} with those that are null.
void write_metrics(JsonWriter& writer, const MetricTable& table);

// Members of the object that is open: "monthly_returns", "yearly_returns", "by_symbol",
// "by_strategy".
void write_breakdown(JsonWriter& writer, const Report& report);

// {"metrics": …, …, "by_strategy": …}, the two above as one document.
[[nodiscard]] std::string to_json(const Report& report);

}  // namespace millrace::report
