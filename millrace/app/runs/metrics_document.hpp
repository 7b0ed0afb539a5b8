// metrics.json: the predecessors' names on top, as numbers, and every figure of Millrace below; and
// how the figures are read back.
#pragma once

#include <string>

#include "millrace/app/backtest/result.hpp"
#include "millrace/app/runs/json_value.hpp"

namespace millrace::runs {

// Strict JSON: what has no value is null.
[[nodiscard]] std::string metrics_document(const backtest::BacktestResult& result);

// From the members "metrics" of a kept document. What is not there is absent (not_asked).
[[nodiscard]] report::MetricTable metrics_of(const JsonValue& document);

}  // namespace millrace::runs
