// What an inside bar is: four definitions of "inside" and the measures of a bar that its filters
// ask for. All of it is exact arithmetic on prices.
#pragma once

#include <array>
#include <string_view>

#include "millrace/core/model/market_data.hpp"

namespace millrace::strategy {

// Which part of the mother holds which part of the inside bar.
enum class InsideDefinition : std::uint8_t {
    range_holds_range,          // high and low within the mother's high and low
    body_holds_range,           // high and low within the mother's open and close
    body_holds_body,            // open and close within the mother's open and close
    high_holds_high_and_close,  // high not above the mother's, close in its range; the low is free
};
inline constexpr std::array<std::string_view, 4> kInsideDefinitionNames = {
    "mb_range_hl__ib_hl", "mb_body_oc__ib_hl", "mb_body_oc__ib_body",
    "mb_high__ib_high_and_close_in_mb_range"};

// Strict: touching an edge is outside.
[[nodiscard]] bool is_inside(InsideDefinition definition, bool strict, const model::Bar& mother,
                             const model::Bar& bar);

[[nodiscard]] Price body_high(const model::Bar& bar);
[[nodiscard]] Price body_low(const model::Bar& bar);
// 1 for a bar that closed above its open, -1 below, 0 for a doji.
[[nodiscard]] int colour_of(const model::Bar& bar);

// Whether the body is at least that share of the range. A bar without a range has the share 0.
[[nodiscard]] bool has_body(const model::Bar& bar, Ratio share);
// Whether the bar's range over the mother's lies in [least, most]; not where the mother has none.
[[nodiscard]] bool has_range_ratio(const model::Bar& mother, const model::Bar& bar, Ratio least,
                                   Ratio most);

}  // namespace millrace::strategy
