// check_lookahead: whether a run decides the same when the future is not there. The run is played
// whole, and then again and again with its data cut off at some moment; up to that moment the
// signals, orders and cancels must be the same, each with its time.
//
// A bar that is open at the cut keeps its open and loses the rest. Half of the cuts are at random
// moments of the data, half at random decisions, where a glance ahead would show most. What a
// strategy reads on ways of its own (a file of prices) no cut can take from it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "millrace/app/backtest/backtest.hpp"
#include "millrace/base/json_writer.hpp"

namespace millrace::backtest {

struct LookaheadOptions {
    std::uint64_t cuts = 16;
    std::uint64_t seed = 1;
};

// The first decision that is not the same.
struct LookaheadDifference {
    Time time;
    std::string whole;      // what the whole run decided then, or "nothing"
    std::string truncated;  // what it decided without the future
};

struct LookaheadCut {
    Time time;                  // the last moment that the run was told of
    std::uint64_t signals = 0;  // of the whole run, up to there
    std::uint64_t orders = 0;   // cancels and changes included
    std::optional<LookaheadDifference> difference;
};

struct LookaheadReport {
    std::uint64_t seed = 0;
    std::uint64_t events = 0;  // of the whole run
    std::uint64_t signals = 0;
    std::uint64_t orders = 0;
    std::vector<LookaheadCut> cuts;  // in the order of their times

    [[nodiscard]] bool is_same() const;
};

[[nodiscard]] Result<LookaheadReport> check_lookahead(const BacktestSettings& settings,
                                                      const LookaheadOptions& options = {},
                                                      const Progressing& progressing = {});

// Members of the object that is open.
void write_json(const LookaheadReport& report, JsonWriter& writer);

}  // namespace millrace::backtest
