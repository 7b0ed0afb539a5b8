// What the parts of the catalog share: each catalog_*.cpp holds one family of indicators, their
// parameters and their definitions; catalog.cpp puts them together.
#pragma once

#include "millrace/core/strategy/indicators/catalog.hpp"
#include "millrace/core/strategy/indicators/window.hpp"

namespace millrace::indicators {

inline constexpr std::string_view kLengthDoc = "Length of its window.";

template <class T>
[[nodiscard]] std::unique_ptr<Indicator> make() {
    return std::make_unique<T>();
}

[[nodiscard]] std::span<const IndicatorType> average_types();
[[nodiscard]] std::span<const IndicatorType> momentum_types();
[[nodiscard]] std::span<const IndicatorType> range_types();
[[nodiscard]] std::span<const IndicatorType> trend_types();
[[nodiscard]] std::span<const IndicatorType> volume_types();
[[nodiscard]] std::span<const IndicatorType> statistic_types();

}  // namespace millrace::indicators
