// Settings: every choice a simulated venue makes, each by name, each with its default. The rules in
// words and tables are in docs/concept/fill-rules.md.
#pragma once

#include <cstdint>

#include "millrace/base/maybe.hpp"
#include "millrace/base/result.hpp"
#include "millrace/core/venue/faults.hpp"
#include "millrace/core/venue/fees.hpp"
#include "millrace/core/venue/latency.hpp"
#include "millrace/core/venue/slippage.hpp"

namespace millrace::venue {

// When a market order, or a limit that could deal on arrival, meets the market. On quotes, trades
// and books next_open and next_close are the next datum, and same_close is immediate.
enum class FillTiming : std::uint8_t {
    next_open,   // the open of the first bar that begins at or after its arrival
    same_close,  // the close of the bar that has just closed, else the next close
    next_close,  // the close of the next bar
    immediate,   // the last known price
    latency,     // the last known price when it arrives, after the latency model's time
};

// The way a bar is taken to have gone from its open to its close.
enum class BarPath : std::uint8_t {
    nearer_extreme,  // first to the extreme nearer to the open; at a tie as against_close
    against_close,   // low first in a rising bar (close >= open), high first in a falling one
    high_first,
    low_first,
    pessimistic,  // stops before targets, wherever the bar leaves the order open
};

enum class BarLimit : std::uint8_t {
    touch,    // a resting limit deals when the bar reaches its price
    through,  // only when the bar goes beyond it
};

// What a trade exactly at a resting limit's price does. Beyond its price it always deals.
enum class TradeAtLimit : std::uint8_t {
    queue,  // deals what exceeds the quantity ahead of the order, where that is known
    never,
    always,  // as if the order were first
};

// What triggers stops and touched orders on ticks.
enum class TriggerOn : std::uint8_t {
    trades_else_quotes,  // trades, once the instrument had one; until then quotes
    trades,
    quotes,  // the offer for a buyer, the bid for a seller
};

// How the children of a bracket begin to work.
enum class ChildRelease : std::uint8_t {
    in_proportion,  // with each deal of the parent, in proportion to it, in whole lots
    first_fill,     // whole, with the parent's first deal
};

enum class WhenClosed : std::uint8_t { wait, refuse };

struct Settings {
    FillTiming timing = FillTiming::next_open;
    BarPath bar_path = BarPath::nearer_extreme;
    BarLimit bar_limit = BarLimit::touch;
    TradeAtLimit trade_at_limit = TradeAtLimit::queue;
    TriggerOn trigger_on = TriggerOn::trades_else_quotes;
    ChildRelease children = ChildRelease::in_proportion;
    WhenClosed when_closed = WhenClosed::wait;
    bool sizes_known = true;             // false: quotes and trades without sizes, nothing runs out
    Ratio tick_share = Ratio::whole(1);  // of a quote's, trade's or level's size that we may deal
    Maybe<Ratio> bar_share;              // of a bar's volume; absent: no cap
    Maybe<Duration> stale_after;         // a price older than this is no price to deal at
    std::uint32_t protection_ticks =
        0;  // how far beyond its reference a market order deals; 0: any
    FeeModel fees;
    SlippageModel slippage;
    LatencyModel latency;
    Faults faults;
    std::uint64_t seed = 1;

    [[nodiscard]] Result<void> check() const;
};

}  // namespace millrace::venue
