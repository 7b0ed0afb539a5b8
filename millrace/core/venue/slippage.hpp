// SlippageModel: how much worse than the market's price a taker deals. It never moves a deal beyond
// the order's limit or its price protection; makers do not slip.
#pragma once

#include <cstdint>

#include "millrace/base/result.hpp"
#include "millrace/core/venue/amounts.hpp"

namespace millrace::venue {

enum class SlippageKind : std::uint8_t {
    none,
    ticks,         // so many price increments
    rate,          // a ratio of the price: 0.0001 is one basis point
    volume_share,  // rate * price * (quantity / volume)², as deep as the share of what was there
    book_walk,     // beyond the quoted size each further quoted size is one increment worse; on a
                   // book the levels themselves are walked, whatever the kind
};

struct SlippageModel {
    SlippageKind kind = SlippageKind::none;
    std::int64_t ticks = 0;
    Ratio rate;
    bool to_tick = false;  // rounded to the price increment against the trader, else exact

    [[nodiscard]] Result<void> check() const;
};

// The price after slippage. `volume` is what the datum offered, 0 when it does not say, which
// volume_share takes for a share of all.
[[nodiscard]] std::int64_t slipped(const SlippageModel& model, Side side, std::int64_t price,
                                   std::int64_t tick, std::int64_t quantity, std::int64_t volume);

}  // namespace millrace::venue
