// RowCheck: what must hold of a row of market data before it is believed, whatever kind of file it
// stands in. What does not hold is told as an Error without a place, which the reader knows. It is
// called for every cell, so the tests stand here and only the words elsewhere.
#pragma once

#include <algorithm>
#include <optional>

#include "millrace/core/model/market_data.hpp"
#include "millrace/core/model/row_policy.hpp"
#include "millrace/core/model/table.hpp"

namespace millrace::model {

struct RowRules {
    TableKind kind = TableKind::bars;
    BarLabel label = BarLabel::open;
    Duration bar_length;  // zero but for bars
    InstrumentId instrument;
    SourceId source;
};

class RowCheck {
  public:
    explicit RowCheck(const RowRules& rules) : rules_(rules) {}

    // False where it does not hold; error() says why.
    bool accept_time(Time time) {
        const bool is_bars = rules_.kind == TableKind::bars;
        if (last_time_ && (time < *last_time_ || (is_bars && time == *last_time_)))
            return refuse_time(time);
        return true;
    }
    bool accept_price(ColumnRole role, Price price) {
        return price.raw() > 0 || refuse_price(role, price);
    }
    bool accept_size(ColumnRole role, Quantity size) {
        return !size.is_negative() || refuse_size(role, size);
    }
    // With its prices and volume in place; what else a bar has comes from the rules.
    bool finish(Time time, Bar& bar) {
        if (bar.high < std::max(bar.open, bar.close) || bar.low > std::min(bar.open, bar.close))
            return refuse_bar(bar);
        const bool opens = rules_.label == BarLabel::open;
        const auto other = opens ? add(time, rules_.bar_length) : subtract(time, rules_.bar_length);
        if (!other) return refuse_bar_time(time);
        bar.open_time = opens ? time : *other;
        bar.known_at = opens ? *other : time;
        bar.step = static_cast<std::uint64_t>(rules_.bar_length.ns());
        bar.instrument = rules_.instrument;
        bar.source = rules_.source;
        last_time_ = time;
        return true;
    }
    // Of a Quote or a Trade.
    template <class Tick>
    bool finish(Time time, Tick& tick) {
        tick.known_at = time;
        tick.instrument = rules_.instrument;
        tick.source = rules_.source;
        last_time_ = time;
        return true;
    }
    // Makes the high the highest and the low the lowest; whether that changed anything.
    [[nodiscard]] static bool widen(Bar& bar) {
        const Price high = std::max({bar.open, bar.high, bar.low, bar.close});
        const Price low = std::min({bar.open, bar.high, bar.low, bar.close});
        const bool is_wrong = high != bar.high || low != bar.low;
        bar.high = high;
        bar.low = low;
        return is_wrong;
    }

    bool refuse(std::string what, std::string why, std::string mend,
                RowFault fault = RowFault::unreadable);

    [[nodiscard]] const RowRules& rules() const { return rules_; }
    [[nodiscard]] const Error& error() const { return error_; }
    [[nodiscard]] RowFault fault() const { return fault_; }

  private:
    bool refuse_time(Time time);
    bool refuse_price(ColumnRole role, Price price);
    bool refuse_size(ColumnRole role, Quantity size);
    bool refuse_bar(const Bar& bar);
    bool refuse_bar_time(Time time);

    RowRules rules_;
    std::optional<Time> last_time_;  // of the last row that was believed
    Error error_;
    RowFault fault_ = RowFault::unreadable;
};

// The smallest distance between neighbouring rows: gaps are longer, never shorter. An error where
// there are not two different times.
[[nodiscard]] Result<Duration> find_bar_length(std::span<const Time> times,
                                               const std::string& path);

}  // namespace millrace::model
