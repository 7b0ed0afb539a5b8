// A currency pair quoted the other way round, so that its profit is in the run's own currency: what
// becomes of prices, sizes, the instrument and a strategy whose side is a sign (spec B2; what
// differs from there is told in docs/how-to/move-from-trader.md).
#pragma once

#include "millrace/app/backtest/settings.hpp"
#include "millrace/core/model/datum.hpp"
#include "millrace/core/strategy/parameters.hpp"

namespace millrace::backtest {

// Open, high, low, close become 1/open, 1/low, 1/high, 1/close, and a bar keeps its volume; bid and
// ask change places; sizes of quotes and trades become units of the other currency. A price so
// large that fewer than six digits would be left is an error.
[[nodiscard]] Result<void> invert(model::Datum& datum);

// Whether the run turns the data of this symbol round.
[[nodiscard]] bool is_inverted(const BacktestSettings& settings, const std::string& symbol);

// The terms of the pair that is left. Fails where nobody says which currencies it has.
[[nodiscard]] Result<InstrumentTerms> inverted(InstrumentTerms terms, const std::string& symbol);

// A lot of so many units of one currency in units of the other, at this price of the first in the
// second; whole units, at least one.
[[nodiscard]] Result<Quantity> inverted_lot(Quantity lot, Price price);

// Turns the sign of `trade_size` where it is the side; a strategy that finds its side in the prices
// finds the right one by itself.
Result<void> turn_side(std::span<strategy::Parameter* const> parameters);

}  // namespace millrace::backtest
