// The way through a bar: in which order its extremes were reached, which four prices do not tell
// and a setting has to.
#pragma once

#include "millrace/core/model/market_data.hpp"
#include "millrace/core/venue/settings.hpp"

namespace millrace::venue {

// From the open to `first`, to `second`, to the close.
struct BarTurns {
    std::int64_t first = 0;
    std::int64_t second = 0;
};

// `pessimistic` has no path; asked for one it answers as nearer_extreme.
[[nodiscard]] BarTurns turns_of(const model::Bar& bar, BarPath path);

// high is the highest and low the lowest of the four prices.
[[nodiscard]] bool is_sound(const model::Bar& bar);

}  // namespace millrace::venue
