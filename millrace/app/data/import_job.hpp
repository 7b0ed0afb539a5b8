// ImportJob: files of market data, of any number of symbols, into the native store or Parquet: one
// file in the total order of events, or one for each series in a folder. It streams: memory does
// not grow with the files.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "millrace/app/backtest/data_series.hpp"
#include "millrace/app/data/market_sink.hpp"

namespace millrace::data {

struct ImportSettings {
    std::vector<std::string> files;  // in any order
    files::TableOptions table;       // with the policy on bad rows
    std::string symbol;              // of all files; empty: what they say, or their names
    std::string currency = "USD";
    std::string out;      // one file; or
    std::string catalog;  // a folder: DIR/1m/ACME.tape, DIR/quotes/EURUSD.tape
    StoreFormat format = StoreFormat::tape;
    bool replaces = false;
};

// The data of one symbol and kind, and of bars of one length.
struct ImportSeries {
    std::string symbol;
    model::TableKind kind = model::TableKind::bars;
    Duration bar_length;  // zero for ticks
    std::vector<std::string> files;
    std::string output;
    // after the run
    std::uint64_t rows = 0;
    Time first;  // begin of the first row
    Time last;
    std::uint64_t without_size = 0;  // trades that were left out: a tape has none without
    model::RowFindings findings;
};

struct ImportOutput {
    std::string path;
    Written written;
};

class ImportJob {
  public:
    // Told the rows that were read; false ends the job with an error of code `interrupted`.
    using GoOn = std::function<bool(std::uint64_t)>;

    // Reads the beginning of every file.
    static Result<ImportJob> open(const ImportSettings& settings);

    // What goes where.
    [[nodiscard]] const std::vector<ImportSeries>& series() const { return series_; }
    [[nodiscard]] std::uint64_t rows_expected() const { return rows_expected_; }

    // Once. The outputs before an error stay: each is whole.
    Result<std::vector<ImportOutput>> run(const GoOn& go_on = {});

  private:
    struct Stream;  // the series of one output, merged

    explicit ImportJob(ImportSettings settings) : settings_(std::move(settings)) {}

    Result<void> add(const std::string& path);
    Result<void> place_outputs();
    Result<void> check_outputs() const;
    Result<Written> write(const std::vector<std::size_t>& which, const GoOn& go_on);

    ImportSettings settings_;
    std::vector<ImportSeries> series_;           // by symbol, kind and length
    std::vector<backtest::DataSeries> readers_;  // of each series
    std::vector<Price> increments_;              // of each series
    std::uint64_t rows_expected_ = 0;
    std::uint64_t rows_ = 0;
};

}  // namespace millrace::data
