// A tie between the extremes goes by the bar's direction.
#include "millrace/core/venue/bar_path.hpp"

#include <algorithm>

namespace millrace::venue {

BarTurns turns_of(const model::Bar& bar, BarPath path) {
    const std::int64_t high = bar.high.raw(), low = bar.low.raw(), open = bar.open.raw();
    const bool rises = bar.close >= bar.open;
    bool low_first = rises;
    switch (path) {
        case BarPath::nearer_extreme:
        case BarPath::pessimistic:
            if (open - low != high - open) low_first = open - low < high - open;
            break;
        case BarPath::against_close: break;
        case BarPath::high_first: low_first = false; break;
        case BarPath::low_first: low_first = true; break;
    }
    return low_first ? BarTurns{low, high} : BarTurns{high, low};
}

bool is_sound(const model::Bar& bar) {
    return bar.low <= std::min(bar.open, bar.close) && bar.high >= std::max(bar.open, bar.close);
}

}  // namespace millrace::venue
