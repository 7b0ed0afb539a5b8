// The tear sheet: one HTML file that tells a kept run to a person: offline, no script, light and
// dark, good on paper, and never larger than kTearSheetBytesMax.
#pragma once

#include <string>

#include "millrace/app/runs/registry.hpp"

namespace millrace::runs {

inline constexpr std::size_t kTearSheetBytesMax = 400 * 1024;

[[nodiscard]] Result<std::string> tear_sheet(const KeptRun& run);

}  // namespace millrace::runs
