// Comparison: kept runs side by side: what they were made of where it differs, and what they came
// to.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "millrace/app/runs/registry.hpp"

namespace millrace::runs {

struct ComparedRow {
    std::string name;
    std::vector<std::optional<std::string>> values;  // by run; absent where it has none
};

struct Comparison {
    std::vector<ComparedRow> code;    // "version", "commit", "program": only what differs
    std::vector<ComparedRow> config;  // keys whose values differ
    std::vector<ComparedRow> inputs;  // roles whose files differ, as digests
    bool is_same_result = false;      // one result hash
};

[[nodiscard]] Comparison compare(std::span<const KeptRun> runs);

}  // namespace millrace::runs
