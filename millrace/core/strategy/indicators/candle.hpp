// Candle: a bar as doubles, which is what indicators count with; BarPrice: which of its prices.
#pragma once

#include <array>
#include <string_view>

#include "millrace/core/model/market_data.hpp"
#include "millrace/core/strategy/indicators/state_parts.hpp"

namespace millrace::indicators {

struct Candle {
    double open = 0;
    double high = 0;
    double low = 0;
    double close = 0;
    double volume = 0;

    [[nodiscard]] double middle() const { return (high + low) / 2; }
    [[nodiscard]] double typical() const { return (high + low + close) / 3; }

    void save(engine::StateWriter& writer) const {
        save_parts(writer, open, high, low, close, volume);
    }
    void load(engine::StateReader& reader) { load_parts(reader, open, high, low, close, volume); }
};

[[nodiscard]] inline Candle candle_of(const model::Bar& bar) {
    return {bar.open.to_double(), bar.high.to_double(), bar.low.to_double(), bar.close.to_double(),
            bar.volume.to_double()};
}

// hl2 is (high + low) / 2; hlc3, ohlc4 and hlcc4 are the means of the letters in their names.
enum class BarPrice : std::uint8_t { close, open, high, low, hl2, hlc3, ohlc4, hlcc4, volume };
inline constexpr std::array<std::string_view, 9> kBarPriceNames = {
    "close", "open", "high", "low", "hl2", "hlc3", "ohlc4", "hlcc4", "volume"};

[[nodiscard]] inline double price_of(const Candle& candle, BarPrice price) {
    switch (price) {
        case BarPrice::close: return candle.close;
        case BarPrice::open: return candle.open;
        case BarPrice::high: return candle.high;
        case BarPrice::low: return candle.low;
        case BarPrice::hl2: return candle.middle();
        case BarPrice::hlc3: return candle.typical();
        case BarPrice::ohlc4: return (candle.open + candle.high + candle.low + candle.close) / 4;
        case BarPrice::hlcc4: return (candle.high + candle.low + 2 * candle.close) / 4;
        case BarPrice::volume: return candle.volume;
    }
    return candle.close;
}

}  // namespace millrace::indicators
