// BarJob: bars of one rule out of files of market data, made by the very builder that the engine
// uses and driven as the engine's timers drive it. It streams: memory does not grow with the input.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "millrace/app/backtest/data_series.hpp"
#include "millrace/app/backtest/settings.hpp"
#include "millrace/core/market/bar_builder.hpp"
#include "millrace/core/market/calendar_periods.hpp"

namespace millrace::data {

// What becomes of the last bar when the data end before it is complete.
enum class PartialLast : std::uint8_t { keep, drop };

struct BarJobSettings {
    std::vector<std::string> files;  // of one instrument and kind, in any order
    files::TableOptions table;
    std::vector<std::string> actions = {};  // files of splits and dividends
    backtest::PriceView prices = backtest::PriceView::raw;
    std::string rule;          // "5m"; unless it names a source, made of what the files hold
    std::string calendar;      // of bars by session; empty: none
    std::optional<Time> from;  // rows that begin earlier are left out
    std::optional<Time> to;    // as are those that begin then or later
    PartialLast partial_last = PartialLast::keep;
};

struct MadeBar {
    model::Bar bar;
    Time end;                 // of a time bar, the end of its period; of others, when it closed
    bool is_partial = false;  // the first, begun before the data; or the last, cut off by their end
};

struct BarJobCounts {
    std::uint64_t rows = 0;  // within from and to
    std::uint64_t bars = 0;
    std::uint64_t gaps = 0;  // places where a time bar does not begin as the one before it ended
    std::uint64_t without_price = 0;    // quotes with an empty side
    std::uint64_t outside_session = 0;  // rows
    std::uint64_t late = 0;             // rows of a bar that was closed already
    std::uint64_t refused = 0;          // trades without size, and prices that no bar can hold
    bool first_is_partial = false;
    bool first_was_dropped = false;  // as the rule asked
    bool last_is_partial = false;
    bool last_was_dropped = false;
};

class BarJob {
  public:
    using Sink = std::function<Result<void>(const MadeBar&)>;
    // Told the rows that were read; false ends the job with an error of code `interrupted`.
    using GoOn = std::function<bool(std::uint64_t)>;

    // Reads the beginning of every file; whatever is wrong with the rule is an error of code
    // `usage`.
    static Result<BarJob> open(const BarJobSettings& settings);

    // With its source.
    [[nodiscard]] const market::BarRule& rule() const { return builder_.rule(); }
    [[nodiscard]] std::uint64_t rows_expected() const { return series_.rows_expected(); }
    // Of the first file: as it says, else by its name.
    [[nodiscard]] std::string symbol() const { return series_.symbol(); }
    // Splits and dividends that prices are adjusted by; absent where no files of them were named.
    [[nodiscard]] std::optional<std::uint64_t> actions() const { return actions_; }
    // What the policy on bad rows did.
    [[nodiscard]] std::vector<std::string> row_notes() const { return series_.row_notes(); }

    // Once. An error of the sink ends it.
    Result<BarJobCounts> run(const Sink& sink, const GoOn& go_on = {});

  private:
    BarJob(const BarJobSettings& settings, backtest::DataSeries series,
           std::unique_ptr<market::CalendarPeriods> periods, const market::BarRule& rule);

    Result<void> read_all(const Sink& sink, const GoOn& go_on);
    Result<void> hear(const model::Datum& datum, const Sink& sink);
    Result<void> hear(const market::BarObservation& observation, Time now, const Sink& sink);
    Result<void> pass_time(Time now, const Sink& sink);
    Result<void> give(const market::ClosedBar& closed, const Sink& sink);
    Result<void> reach_end(const Sink& sink);
    Result<void> end(const Sink& sink);
    [[nodiscard]] Time end_of(const model::Bar& bar) const;
    [[nodiscard]] bool is_gap(const model::Bar& bar) const;

    std::optional<Time> from_;
    std::optional<Time> to_;
    PartialLast partial_last_;
    std::optional<std::uint64_t> actions_;
    backtest::DataSeries series_;
    std::unique_ptr<market::CalendarPeriods> periods_;  // null unless by session
    market::BarBuilder builder_;
    Time clock_ = Time::earliest();
    std::optional<Time> first_begin_;  // of the data, whether within the span or not
    std::optional<Time> last_end_;
    BarJobCounts counts_;
};

}  // namespace millrace::data
