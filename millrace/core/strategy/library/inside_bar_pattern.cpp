// Comparisons of two bars.
#include "millrace/core/strategy/library/inside_bar_pattern.hpp"

#include <algorithm>

namespace millrace::strategy {
namespace {

std::int64_t range_of(const model::Bar& bar) {
    return bar.high.raw() - bar.low.raw();
}

}  // namespace

Price body_high(const model::Bar& bar) {
    return std::max(bar.open, bar.close);
}

Price body_low(const model::Bar& bar) {
    return std::min(bar.open, bar.close);
}

int colour_of(const model::Bar& bar) {
    return bar.close > bar.open ? 1 : bar.close < bar.open ? -1 : 0;
}

bool is_inside(InsideDefinition definition, bool strict, const model::Bar& mother,
               const model::Bar& bar) {
    const auto below = [strict](Price low, Price high) {
        return strict ? low < high : low <= high;
    };
    switch (definition) {
        case InsideDefinition::range_holds_range:
            return below(bar.high, mother.high) && below(mother.low, bar.low);
        case InsideDefinition::body_holds_range:
            return below(bar.high, body_high(mother)) && below(body_low(mother), bar.low);
        case InsideDefinition::body_holds_body:
            return below(body_high(bar), body_high(mother)) &&
                   below(body_low(mother), body_low(bar));
        case InsideDefinition::high_holds_high_and_close:
            return below(bar.high, mother.high) && below(mother.low, bar.close) &&
                   below(bar.close, mother.high);
    }
    return false;
}

bool has_body(const model::Bar& bar, Ratio share) {
    const std::int64_t body = body_high(bar).raw() - body_low(bar).raw();
    if (range_of(bar) <= 0) return share.raw() <= 0;
    return int128{body} * Ratio::kOne >= int128{range_of(bar)} * share.raw();
}

bool has_range_ratio(const model::Bar& mother, const model::Bar& bar, Ratio least, Ratio most) {
    if (range_of(mother) <= 0) return false;
    const int128 ratio = int128{range_of(bar)} * Ratio::kOne;
    return ratio >= int128{range_of(mother)} * least.raw() &&
           ratio <= int128{range_of(mother)} * most.raw();
}

}  // namespace millrace::strategy
