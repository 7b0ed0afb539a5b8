// run_backtest: one run from its settings to its result. The same settings and the same rows give
// the same result hash, wherever, in whatever order of files and on however many threads.
#pragma once

#include <functional>

#include "millrace/app/backtest/result.hpp"
#include "millrace/app/backtest/settings.hpp"

namespace millrace::backtest {

struct RunProgress {
    std::uint64_t done = 0;      // events
    std::uint64_t expected = 0;  // about so many in all
};

class RunProbe;

// Told after every block of events; false ends the run with an error of code interrupted.
using Progressing = std::function<bool(const RunProgress&)>;

[[nodiscard]] Result<BacktestResult> run_backtest(const BacktestSettings& settings,
                                                  const Progressing& progressing = {},
                                                  RunProbe* probe = nullptr);

}  // namespace millrace::backtest
