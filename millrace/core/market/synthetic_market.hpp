// SyntheticMarket: an invented market as a stream in the total order of events, without end or up
// to one. The same rule gives the same stream on every machine, and a symbol's part of it does not
// hang on which others there are.
#pragma once

#include "millrace/core/market/calendar_periods.hpp"
#include "millrace/core/market/session_cursor.hpp"
#include "millrace/core/market/synthetic_path.hpp"
#include "millrace/core/model/datum.hpp"

namespace millrace::market {

class SyntheticMarket {
  public:
    // The rule must have passed check().
    explicit SyntheticMarket(SyntheticRule rule);

    // The next datum; false at the end of the span.
    bool next(model::Datum& datum);

    [[nodiscard]] const SyntheticRule& rule() const { return rule_; }
    // About how many there will be.
    [[nodiscard]] std::uint64_t expected() const;

  private:
    struct Tick {
        Time time;
        std::uint32_t symbol = 0;

        constexpr auto operator<=>(const Tick&) const = default;
    };

    bool next_bar(model::Bar& bar);
    [[nodiscard]] std::optional<Time> bar_from(Time time);
    bool next_tick(model::Datum& datum);
    void plan_tick(std::uint32_t symbol, Time after);
    void make_quote(SyntheticPath& path, model::Quote& quote) const;
    void make_trade(SyntheticPath& path, model::Trade& trade) const;

    SyntheticRule rule_;
    std::vector<SyntheticPath> paths_;  // by symbol
    // of bars
    CalendarPeriods periods_;
    std::optional<Time> bar_;  // where the bars that are being given begin
    Duration rest_;            // before it
    std::size_t symbol_ = 0;   // the next to get its bar
    // of ticks
    std::vector<Tick> ticks_;              // a heap, the earliest in front
    std::vector<SessionCursor> sessions_;  // one, or none
    std::vector<Time> last_;               // by symbol: when it ticked last
};

}  // namespace millrace::market
