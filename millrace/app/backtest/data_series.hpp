// DataSeries: the market data of one instrument and one kind, from one file or several that follow
// each other, as a stream to which a datum can be given back.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "millrace/app/backtest/market_file.hpp"
#include "millrace/app/backtest/price_adjuster.hpp"
#include "millrace/core/model/datum.hpp"

namespace millrace::backtest {

// When the engine may act on it.
[[nodiscard]] Time known_at(const model::Datum& datum);
// When it began: the open of a bar, the moment of a tick.
[[nodiscard]] Time begin_of(const model::Datum& datum);

class DataSeries {
  public:
    DataSeries(DataSeries&&) = default;
    DataSeries& operator=(DataSeries&&) = default;
    DataSeries(const DataSeries&) = delete;  // it has open files
    DataSeries& operator=(const DataSeries&) = delete;
    ~DataSeries() = default;

    // A file without rows is an error.
    static Result<DataSeries> open(const std::string& path, const files::TableOptions& options,
                                   bool inverts = false);

    // Takes over a series that has not been read either: an instrument's data may come in parts.
    void join(DataSeries&& other);

    // The next datum; false at the end. What overlaps is an error.
    Result<bool> next(model::Datum& datum);
    // Before the first datum is asked for.
    void adjust_by(const PriceAdjuster& adjuster) { adjuster_ = adjuster; }
    // Gives `datum` back, to be the next after those given back before.
    void put_back(const model::Datum& datum) { waiting_.push_back(datum); }

    // Of the first part.
    [[nodiscard]] const std::string& path() const { return parts_.front().path; }
    [[nodiscard]] InstrumentId instrument() const;
    // Of the first part: as the file says, else by its name.
    [[nodiscard]] std::string symbol() const { return symbol_of(parts_.front().file, path()); }
    // Zero for ticks.
    [[nodiscard]] Duration bar_length() const { return parts_.front().file.bar_length(); }
    [[nodiscard]] bool has_bars() const { return bar_length().ns() > 0; }
    [[nodiscard]] model::TableKind kind() const { return parts_.front().file.kind(); }
    // What the policy on bad rows did so far.
    [[nodiscard]] model::RowFindings findings() const;
    // The same in words: a line for each file where it did something.
    [[nodiscard]] std::vector<std::string> row_notes() const;
    // From the files' sizes and their first rows.
    [[nodiscard]] std::uint64_t rows_expected() const { return rows_expected_; }

  private:
    struct Part {
        std::string path;
        MarketFile file;
        model::Datum first;  // was read when the part was opened
        bool is_begun = false;
    };

    DataSeries() = default;
    // The next row, turned round where the pair is.
    static Result<bool> read(MarketFile& file, const std::string& path, bool inverts,
                             model::Datum& datum);
    Result<bool> next_of(Part& part, model::Datum& datum);

    std::vector<Part> parts_;  // by the time of their first datum
    std::size_t at_ = 0;
    bool inverts_ = false;
    std::optional<PriceAdjuster> adjuster_;
    std::deque<model::Datum> waiting_;  // were read already and put back
    Time last_known_ = Time::earliest();
    std::uint64_t rows_expected_ = 0;
};

// What the beginning of a file shows of an instrument that nobody has defined.
struct Precision {
    Price price = Price::whole(1);  // the finest decimals of its prices
    bool has_ticks = false;
    bool has_sizes = false;  // of ticks: some size that is not zero
    Price first;             // the first price: an open, a bid, a trade
};
[[nodiscard]] Result<Precision> precision_of(const std::string& path,
                                             const files::TableOptions& options);

}  // namespace millrace::backtest
