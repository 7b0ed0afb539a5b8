// QuoteStream: an invented market that ticks along with somebody's clock: which quotes are due by a
// moment. The same rule and the same moments give the same quotes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "millrace/core/market/synthetic_market.hpp"

namespace millrace::feeds {

struct SyntheticFeedRule {
    // By rising id. `start` is where the price begins: after a restart, where it was.
    std::vector<market::SyntheticSymbol> symbols;
    market::RegimeRule regime;
    double rate = 1;         // quotes a second of each symbol, on average; at most 100,000
    std::uint64_t seed = 1;  // the same seed gives the same chance again, also after a restart
    SourceId source;
};

class QuoteStream {
  public:
    // A clock that jumps, or a reader that does not come, is made up for no further than this; the
    // rest of the time the market stood still.
    static constexpr Duration kArrearsMax = Duration::seconds(1);

    // The market begins at `now`.
    [[nodiscard]] static Result<QuoteStream> make(const SyntheticFeedRule& rule, Time now);

    // Those due by `now`, as many as fit; says how many. They are known at `now`, or, when that
    // goes back, at the latest moment that was asked for.
    [[nodiscard]] std::size_t take_due(Time now, std::span<model::Quote> quotes);

    // For how long the market stood still.
    [[nodiscard]] Duration stood_still() const { return stood_still_; }

  private:
    explicit QuoteStream(market::SyntheticRule rule, Time now);

    void keep_up(Time now);
    void find_next();

    market::SyntheticMarket market_;
    model::Datum next_;
    Time due_;       // of `next_`, in the market's time
    Duration skew_;  // the clock's time less the market's
    Time last_;      // that was asked for
    Time latest_;
    Duration stood_still_;
};

}  // namespace millrace::feeds
