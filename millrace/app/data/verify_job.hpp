// verify: what one file of market data is worth: rows that had to be mended or left out, gaps,
// coverage by a trading calendar, prices that look wrong, and a grade. One pass; nothing is
// written.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "millrace/app/backtest/market_file.hpp"
#include "millrace/core/market/quality.hpp"

namespace millrace::data {

struct VerifySettings {
    std::string file;
    files::TableOptions table;      // its policy is set to repair
    std::string calendar;           // empty: none, and coverage is not measured
    std::optional<Duration> every;  // of bars their length, of ticks the periods of coverage
};

struct Verified {
    std::string file;
    std::string symbol;
    market::QualityRules rules;
    market::QualityReport report;
    model::RowFindings findings;
    market::QualityVerdict verdict;
};

// `rows_expected` rows are told first; false from `go_on`, told the rows that were read, ends it
// with an error of code `interrupted`.
struct VerifyProgress {
    std::function<void(std::uint64_t)> rows_expected;
    std::function<bool(std::uint64_t)> go_on;
};

// The names that open each series of a file: of a tape one for each instrument, else the file's.
[[nodiscard]] Result<std::vector<std::string>> series_in(const std::string& file);

[[nodiscard]] Result<Verified> verify(const VerifySettings& settings,
                                      const VerifyProgress& progress = {});

}  // namespace millrace::data
