// MarketFeed: several series as one stream in the total order of events
// (docs/concept/total-order.md). A bar is two events: its open, which only the venue is told, and
// the whole bar when it closes; so orders meet the open before anything later is known.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "millrace/app/backtest/data_series.hpp"

namespace millrace::backtest {

struct MarketEvent {
    model::Datum datum;
    bool is_open = false;    // the open of a bar alone
    bool is_matched = true;  // whether the venue deals on it: not on a bar that finer data make up
};

struct FeedRange {
    std::optional<Time> from;
    std::optional<Time> to;
    std::uint64_t warm_up_bars = 0;
    Duration warm_up_span;
};

class MarketFeed {
  public:
    static constexpr std::size_t kBlockEvents = 2'048;

    // Series in any order, one for each instrument and kind. Fails when nothing lies in the range.
    static Result<MarketFeed> open(std::vector<DataSeries> all, const FeedRange& range);

    // Replaces the block by the next events; empty at the end.
    Result<void> next_block(std::vector<MarketEvent>& block);

    // Strategies may trade from here; before it they warm up.
    [[nodiscard]] Time live_from() const { return live_from_; }
    [[nodiscard]] std::uint64_t rows_expected() const { return rows_expected_; }
    // What the policies on bad rows did so far. Not while another thread reads.
    [[nodiscard]] std::vector<std::string> row_notes() const;

  private:
    // Where an event stands; the series breaks the last tie.
    struct Key {
        Time time;
        bool is_open = false;  // opens come after all that is known at their time
        std::uint8_t rank = 0;
        std::uint64_t step = 0;
        std::uint32_t instrument = 0;
        std::uint32_t series = 0;
        auto operator<=>(const Key&) const = default;
    };
    struct Cursor {
        DataSeries series;
        model::Datum datum;
        bool is_matched = true;
    };

    Result<bool> skip_to_range(DataSeries& series, const FeedRange& range);
    Result<bool> skip_before(DataSeries& series, const FeedRange& range);
    Result<bool> find_warm_up(DataSeries& series, const FeedRange& range);
    void choose_matched();
    Result<bool> advance(std::uint32_t at);
    Result<void> begin(std::uint32_t at);
    void push(const Key& key);
    [[nodiscard]] Key key_of(std::uint32_t at, bool is_open) const;

    std::vector<Cursor> cursors_;
    std::vector<Key> heap_;  // least in front: the next event of each series
    Time to_ = Time::latest();
    Time live_from_ = Time::earliest();
    std::uint64_t rows_expected_ = 0;
};

}  // namespace millrace::backtest
