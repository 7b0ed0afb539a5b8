// HeadJob: one look at a file of market data, and all of it once: what was found and why, the first
// rows, how many there are, and from when to when.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "millrace/app/backtest/market_file.hpp"

namespace millrace::data {

struct HeadSettings {
    static constexpr std::size_t kRowsMax = 1'000;

    std::string file;
    files::TableOptions table;
    std::size_t rows = 5;  // shown
};

struct Head {
    std::string file;
    std::string symbol;
    std::string packed;  // "plain", "gzip", "zip", "parquet", "tape"
    std::string member;  // of a zip
    std::string format;  // "CSV", "LEAN", …
    model::TableKind kind = model::TableKind::bars;
    std::optional<files::TableDialect> dialect;  // of text
    std::string description;                     // of the columns, in one line
    std::vector<files::Reason> reasons;
    std::vector<std::string> preview;  // lines as they stand
    Duration bar_length;               // zero but for bars
    std::vector<model::Datum> first;
    std::uint64_t rows = 0;  // of the whole file, good ones
    std::optional<Time> first_time;
    std::optional<Time> last_time;  // both as rows are labelled: the open of a bar
    model::RowFindings findings;
};

class HeadJob {
  public:
    // Told the rows that were read; false ends the job with an error of code `interrupted`.
    using GoOn = std::function<bool(std::uint64_t)>;

    static Result<HeadJob> open(const HeadSettings& settings);

    [[nodiscard]] std::uint64_t rows_expected() const { return file_.rows_expected(); }
    // What the first look showed; counts and times stand in it when run() is done.
    [[nodiscard]] const Head& head() const { return head_; }
    // Once: reads to the end. A bad row is an error where the policy says so.
    Result<void> run(const GoOn& go_on = {});

  private:
    HeadJob(backtest::MarketFile file, Head head, std::size_t rows)
        : file_(std::move(file)), head_(std::move(head)), rows_shown_(rows) {}

    backtest::MarketFile file_;
    Head head_;
    std::size_t rows_shown_;
};

}  // namespace millrace::data
