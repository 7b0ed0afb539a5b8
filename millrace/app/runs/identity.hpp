// Identity: what a run was made of: the program, what it was told, and the bytes that it read. Its
// digest names the run in the registry; paths, times and threads are no part of it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "millrace/app/backtest/result.hpp"
#include "millrace/app/backtest/settings.hpp"
#include "millrace/app/version.hpp"
#include "millrace/edge/store/sha256.hpp"

namespace millrace::runs {

struct InputFile {
    std::string role;  // "data.AAPL", "run.contracts", "strategy.dip"
    std::string path;  // as it was given
    store::FileDigest digest;
};

using RunConfig = std::map<std::string, std::string>;  // "venue.fill" to "same-close"

struct Identity {
    app::Version version;
    std::string program_sha256;
    RunConfig config;
    std::vector<InputFile> files;  // by role, then digest
    std::string hash;              // 64 hexadecimal digits
};

// Size and time of change of every file that the settings name, to see that none changed while
// the run read it.
[[nodiscard]] Result<std::string> stamp_of_files(const backtest::BacktestSettings& settings);

// Reads every file once more; `result` gives the parameters that were in force.
[[nodiscard]] Result<Identity> identify(const backtest::BacktestSettings& settings,
                                        const backtest::BacktestResult& result);

}  // namespace millrace::runs
