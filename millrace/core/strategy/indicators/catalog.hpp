// The catalog: every indicator by its name, with its definition, and how one is made from text such
// as "rsi:14:cutler" or "ema:20@hl2". docs/reference/indicators.md is printed from it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "millrace/core/strategy/indicators/indicator.hpp"

namespace millrace::indicators {

struct IndicatorType {
    std::string_view name;        // "rsi"
    std::string_view title;       // "relative strength index (Wilder, Cutler)"
    std::string_view definition;  // in sentences: what it is, its seed, its smoothing
    std::string_view ready;       // the bar with which it is ready, by its parameters
    std::unique_ptr<Indicator> (*make)() = nullptr;
};

struct IndicatorFamily {
    std::string_view name;  // "Averages"
    std::span<const IndicatorType> types;
};

[[nodiscard]] std::span<const IndicatorFamily> all_indicators();

// An indicator as somebody asked for it, started.
struct AskedIndicator {
    std::string text;  // as typed
    const IndicatorType* type = nullptr;
    std::unique_ptr<Indicator> indicator;

    // "bollinger:20:2" for the main output, "bollinger:20:2.upper" for another.
    [[nodiscard]] std::string column(std::size_t output) const;
};

inline constexpr std::size_t kIndicatorTextMax = 128;
inline constexpr std::size_t kIndicatorsAskedMax = 64;

// NAME[:VALUE…][@PRICE]: the values are those of the parameters in their order, those that are left
// out have their defaults; PRICE is one of kBarPriceNames. In the name '-' is '_' and capitals are
// small letters.
[[nodiscard]] Result<AskedIndicator> parse_indicator(std::string_view text);

// Several, with commas between them; the same text twice is refused.
[[nodiscard]] Result<std::vector<AskedIndicator>> parse_indicators(std::string_view text);

// How it is written with all of its values: "bollinger:20:2".
[[nodiscard]] std::string text_of(const IndicatorType& type, const Indicator& indicator);

void write_json(const IndicatorType& type, std::string_view family, JsonWriter& writer);

// docs/reference/indicators.md.
[[nodiscard]] std::string catalog_markdown();

}  // namespace millrace::indicators
