// A backtest that leaves something behind: its folder where --out says, its entry in the registry,
// or both. It is the same run as without, and has the same result hash.
#pragma once

#include <filesystem>
#include <string>

#include "millrace/app/backtest/backtest.hpp"

namespace millrace::runs {

struct KeepOptions {
    std::string out;                 // empty: only the registry
    std::filesystem::path registry;  // DATA_DIR/runs
};

struct KeptBacktest {
    backtest::BacktestResult result;  // with everything in it
    std::string hash;
    std::filesystem::path entry;  // in the registry
    bool was_kept_before = false;
};

// Every file is read once more after the run, for its digest; the run itself is not slowed.
[[nodiscard]] Result<KeptBacktest> run_and_keep(backtest::BacktestSettings settings,
                                                const KeepOptions& options,
                                                const backtest::Progressing& progressing = {});

}  // namespace millrace::runs
