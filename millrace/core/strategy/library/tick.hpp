// Tick: one price and what was dealt at it: all that the rules of a TickStrategy see of the market,
// whether it comes as bars, trades or quotes.
//
//   bar    price: its close    volume: of the bar     open, high, low: of the bar
//   trade  price: its price    volume: its size       open, high, low: the price
//   quote  price: the middle   volume: 0, as nothing was dealt    open, high, low: the middle
#pragma once

#include <numeric>

#include "millrace/core/strategy/indicators/candle.hpp"

namespace millrace::strategy {

struct Tick {
    Time time;  // when it was known
    InstrumentId instrument;
    Price price;
    indicators::Candle candle;  // the same as doubles; its close is the price
};

[[nodiscard]] inline Tick tick_of(const model::Bar& bar) {
    return {bar.known_at, bar.instrument, bar.close, indicators::candle_of(bar)};
}

[[nodiscard]] inline Tick tick_of(const model::Trade& trade) {
    const double price = trade.price.to_double();
    return {trade.known_at,
            trade.instrument,
            trade.price,
            {price, price, price, price, trade.size.to_double()}};
}

// The middle is rounded down to the last decimal.
[[nodiscard]] inline Tick tick_of(const model::Quote& quote) {
    const Price middle = Price::from_raw(std::midpoint(quote.bid.raw(), quote.ask.raw()));
    const double price = middle.to_double();
    return {quote.known_at, quote.instrument, middle, {price, price, price, price, 0}};
}

}  // namespace millrace::strategy
