// The prices of an entry and of its protection: checked against each other and rounded to ticks, in
// the direction that never does more than the signal asked for.
#pragma once

#include "millrace/core/execution/plan_settings.hpp"
#include "millrace/core/execution/price_board.hpp"

namespace millrace::execution {

// A value, or why the signal is not followed.
template <class T>
using Planned = tl::expected<T, PlanOutcome>;

struct PlanLevels {
    Maybe<Price> works_at;   // of a limit or stop entry
    Maybe<Price> reference;  // what the entry is expected to deal at
    // Protection must lie beyond both; they differ by the spread where the entry is at the market.
    Maybe<Price> lowest;
    Maybe<Price> highest;
    Maybe<Price> stop;
    Maybe<Price> target;
};

[[nodiscard]] Planned<PlanLevels> levels_of(EntryKind entry, const model::Signal& signal,
                                            const model::Instrument& instrument, LastPrice last);

}  // namespace millrace::execution
