// Splits words into options and the rest. It is the one place that sees CLI11, whose header takes
// seconds to compile.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/cli/command.hpp"
#include "millrace/cli/invocation.hpp"

namespace millrace::cli {

struct SplitWords {
    Given options;                   // name -> its values, in order; a flag has one value each time
    std::vector<std::string> words;  // what is no option, in order
    std::vector<std::string> unknown_options;  // what looks like one and is none
};

// Everything after "--" is a word. Fails when an option that needs a value stands last.
[[nodiscard]] Result<SplitWords> split_options(std::span<const Option* const> options,
                                               std::span<const std::string> words);

}  // namespace millrace::cli
