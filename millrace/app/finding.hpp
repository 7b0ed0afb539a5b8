// Finding: one thing that `millrace doctor` looked at, how it stands, and what mends it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/result.hpp"

namespace millrace::app {

enum class FindingStatus { ok, warn, fail };

struct Finding {
    std::string check;  // "disk_space": stable, for programs
    FindingStatus status = FindingStatus::ok;
    std::string what;       // "41 GiB free in millrace-data"
    std::string mend = {};  // for warn and fail: the command or the step that mends it
    ErrorCode code = ErrorCode::internal;  // for fail: what decides the exit code
};

[[nodiscard]] std::string_view name_of(FindingStatus status);

// 0 when nothing failed, else the exit code of the first failure.
[[nodiscard]] int exit_code_of(const std::vector<Finding>& findings);

}  // namespace millrace::app
