// SyntheticRule: what an invented market is like: its regime, written by users as
// "random-walk,volatility=30,drift=5" (docs/how-to/make-synthetic-data.md), its span, pace and
// sessions. A rule that parse_regime and check let through makes sense; SyntheticMarket relies on
// that.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/core/market/calendar.hpp"
#include "millrace/core/model/market_data.hpp"
#include "millrace/core/model/table.hpp"

namespace millrace::market {

// How prices move. `uniform` is the walk of TradingBot's synthetic feed.
enum class Regime : std::uint8_t { random_walk, mean_reverting, trending, jumps, uniform };

struct RegimeRule {
    Regime regime = Regime::random_walk;
    double volatility = 0.2;  // of a year
    double drift = 0;         // a year; of a trend, up or down
    Duration half_life = Duration::days(1);
    Duration leg = Duration::days(5);  // how long a trend lasts on average
    double jumps = 1;                  // a day
    double jump_size = 0.02;           // one standard deviation

    bool operator==(const RegimeRule&) const = default;
};

// REGIME[,KEY=VALUE…]; volatility, drift and jump-size in percent.
[[nodiscard]] Result<RegimeRule> parse_regime(std::string_view text);

struct SyntheticSymbol {
    std::string name;  // decides, with the seed, what happens to it; not its number
    InstrumentId id;
    std::optional<Price> start = {};  // between 10 and 100 unless given
    Price step = Price::from_raw(Price::kOne / 100);
    Quantity lot = Quantity::whole(1);
};

struct SyntheticRule {
    model::TableKind kind = model::TableKind::bars;
    std::uint64_t seed = 1;
    std::vector<SyntheticSymbol> symbols;  // by rising id
    SourceId source;
    Time from;
    Time to;                                   // nothing begins then or later
    Duration every = Duration::minutes(1);     // of bars
    Duration distance = Duration::seconds(1);  // of ticks, on average
    RegimeRule regime;
    std::optional<Calendar> calendar;  // without one the market never rests
};

inline constexpr std::size_t kSyntheticSymbolsMax = 10'000;
inline constexpr Duration kSyntheticDistanceMin = Duration::microseconds(10);

// Whether the rule makes sense; the error says what does not.
[[nodiscard]] Result<void> check(const SyntheticRule& rule);

}  // namespace millrace::market
