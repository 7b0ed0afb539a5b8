// The invented market of `millrace demo`: three shares over three years, the same on every machine.
#pragma once

#include <string>
#include <vector>

#include "millrace/base/result.hpp"

namespace millrace::runs {

// Writes a CSV file of hourly bars for each share into `folder`, and answers their paths. A file
// that is there already is written anew, whole or not at all.
[[nodiscard]] Result<std::vector<std::string>> write_demo_market(const std::string& folder);

}  // namespace millrace::runs
