// SeriesReader: the events of one instrument and one noun out of a tape, as rows of a table are
// read. A tape with one of each is named by its path; of another "market.tape#ACME" or
// "market.tape#ACME:quotes" names what is meant.
#pragma once

#include "millrace/core/model/row_policy.hpp"
#include "millrace/core/model/table.hpp"
#include "millrace/edge/store/tape/tape_reader.hpp"

namespace millrace::tape {

// Whether the file begins as tapes do; the name may end in a choice.
[[nodiscard]] bool is_tape(const std::string& name);

// One instrument of a tape: how it is called, and the name that opens it.
struct SeriesName {
    std::string symbol;
    std::string name;
};
// Of all instruments in the tape, or of the one that the name chooses.
[[nodiscard]] Result<std::vector<SeriesName>> series_of(store::Disk& disk, const std::string& name);

class SeriesReader {
  public:
    // The events come out under these numbers, whatever they have in the tape. `symbol` chooses
    // among several instruments where the name does not.
    static Result<SeriesReader> open(store::Disk& disk, const std::string& name,
                                     InstrumentId instrument, SourceId source,
                                     const std::string& symbol = {});

    // The next event; false at the end.
    Result<bool> next(model::Datum& datum);

    [[nodiscard]] model::TableKind kind() const { return kind_; }
    // Of bars; zero for ticks.
    [[nodiscard]] Duration bar_length() const { return bar_length_; }
    [[nodiscard]] const std::string& symbol() const { return symbol_; }
    // Read so far.
    [[nodiscard]] std::uint64_t rows() const { return rows_; }
    // None: what is in a tape is sound.
    [[nodiscard]] const model::RowFindings& findings() const { return findings_; }
    // In the whole tape; of several instruments an equal share.
    [[nodiscard]] std::uint64_t rows_expected() const { return rows_expected_; }

  private:
    explicit SeriesReader(TapeReader reader) : reader_(std::move(reader)) {}

    // The next event of the series; false at the end.
    Result<bool> find(model::Datum& datum);
    Result<void> begin(const std::string& name);
    template <class T>
    bool take(model::Datum& datum);

    TapeReader reader_;
    std::string name_;
    std::string symbol_;
    InstrumentId chosen_;  // in the tape
    InstrumentId instrument_;
    SourceId source_;
    model::TableKind kind_{};
    Duration bar_length_;
    TapeRun run_;
    std::size_t at_ = 0;  // in the run
    std::optional<model::Datum> first_;
    std::uint64_t rows_ = 0;
    std::uint64_t rows_expected_ = 0;
    model::RowFindings findings_;
};

}  // namespace millrace::tape
