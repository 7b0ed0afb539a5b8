// A run file: what a run is told, as TOML. docs/reference/run-file.md has every key.
#pragma once

#include <string>

#include "millrace/app/backtest/settings.hpp"

namespace millrace::backtest {

// Lays what the file says over `settings`. Paths in it are from its own folder. The first thing
// that is wrong is told with its line and a caret.
Result<void> read_run_file(const std::string& path, BacktestSettings& settings);

}  // namespace millrace::backtest
