// The page of a comparison: kept runs side by side in one HTML file: their equity laid over each
// other, what they were made of where it differs, and every figure. Offline and without a script,
// as the tear sheet.
#pragma once

#include <span>
#include <string>

#include "millrace/app/runs/comparison.hpp"

namespace millrace::runs {

// Two to kOverlaidMax runs.
[[nodiscard]] Result<std::string> comparison_page(std::span<const KeptRun> runs,
                                                  const Comparison& comparison);

}  // namespace millrace::runs
