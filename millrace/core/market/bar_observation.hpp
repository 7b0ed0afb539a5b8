// BarObservation: what a bar is built from, whether it was a trade, a quote or a smaller bar.
#pragma once

#include <cstdint>
#include <optional>

#include "millrace/base/decimal.hpp"
#include "millrace/core/market/bar_rule.hpp"

namespace millrace::market {

struct BarObservation {
    Time time;  // when it was known; of a bar, when its period began
    Time end;   // the same; of a bar, when its period ended
    Price open;
    Price high;
    Price low;
    Price close;
    Quantity size;     // none of a quote
    int128 value = 0;  // price times size, exactly; of a bar, from its average price or its close
    bool has_average = false;  // the value of a bar came from an average
    std::uint32_t trades = 0;  // 0 = unknown
    model::Aggressor aggressor{};
    SourceId source;
};

[[nodiscard]] inline BarObservation observation_of(const model::Trade& trade) {
    BarObservation made{trade.known_at,  trade.known_at, trade.price, trade.price, trade.price,
                        trade.price,     trade.size,     0,           true,        1,
                        trade.aggressor, trade.source};
    made.value = int128{trade.price.raw()} * trade.size.raw();
    return made;
}

// Nothing when the quote has no price of that kind: a side without price and size.
[[nodiscard]] inline std::optional<BarObservation> observation_of(const model::Quote& quote,
                                                                  BarSource source) {
    const bool no_bid = quote.bid.is_zero() && quote.bid_size.is_zero();
    const bool no_ask = quote.ask.is_zero() && quote.ask_size.is_zero();
    if ((no_bid && source != BarSource::ask) || (no_ask && source != BarSource::bid))
        return std::nullopt;
    Price price = source == BarSource::bid ? quote.bid : quote.ask;
    if (source == BarSource::mid)
        price = Price::from_raw(static_cast<std::int64_t>(
            divide_rounded(int128{quote.bid.raw()} + quote.ask.raw(), 2, Rounding::half_even)));
    BarObservation made;
    made.time = made.end = quote.known_at;
    made.open = made.high = made.low = made.close = price;
    made.source = quote.source;
    return made;
}

// Of a time bar: its period is taken from its open and its step.
[[nodiscard]] inline BarObservation observation_of(const model::Bar& bar) {
    BarObservation made{bar.open_time, bar.open_time,   bar.open,   bar.high,
                        bar.low,       bar.close,       bar.volume, 0,
                        false,         bar.trade_count, {},         bar.source};
    std::int64_t end = 0;
    if (!__builtin_add_overflow(bar.open_time.ns(), static_cast<std::int64_t>(bar.step), &end))
        made.end = Time::from_ns(end);
    made.has_average = bar.vwap.has_value() || bar.volume.is_zero();
    made.value = int128{bar.vwap.value_or(bar.close).raw()} * bar.volume.raw();
    return made;
}

}  // namespace millrace::market
