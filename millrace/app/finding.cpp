// The words and the exit code of findings.
#include "millrace/app/finding.hpp"

namespace millrace::app {

std::string_view name_of(FindingStatus status) {
    switch (status) {
        case FindingStatus::ok: return "ok";
        case FindingStatus::warn: return "warn";
        case FindingStatus::fail: return "fail";
    }
    return "fail";
}

int exit_code_of(const std::vector<Finding>& findings) {
    for (const Finding& finding : findings)
        if (finding.status == FindingStatus::fail) return millrace::exit_code_of(finding.code);
    return 0;
}

}  // namespace millrace::app
