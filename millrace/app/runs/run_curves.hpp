// What the price and the money did in a kept run, read from its tables.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "millrace/app/runs/chart.hpp"
#include "millrace/app/runs/registry.hpp"

namespace millrace::runs {

// In order; an error where the curve is damaged or goes back in time.
using EquityTaker = std::function<void(Time time, Money equity)>;
Result<void> read_equity(const KeptRun& run, const EquityTaker& take);

// Of one symbol; empty where the run was kept by a version that wrote none.
[[nodiscard]] Result<std::vector<ChartCandle>> read_candles(const KeptRun& run,
                                                            std::string_view symbol);

}  // namespace millrace::runs
