// The result of a run as JSON: the contract of `millrace backtest --json`
// (docs/reference/backtest-json.md). Money, prices and quantities are decimal strings, times
// RFC 3339 in UTC.
#pragma once

#include "millrace/app/backtest/result.hpp"
#include "millrace/base/json_writer.hpp"

namespace millrace::backtest {

// Members of the object that is open.
void write_json(const BacktestResult& result, JsonWriter& writer);

}  // namespace millrace::backtest
