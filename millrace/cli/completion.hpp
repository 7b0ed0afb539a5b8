// Shell completion. The scripts are short and the same for ever: at each Tab they ask `millrace
// __complete SHELL -- WORDS`, so what they offer always fits the program that is installed, with
// the names that exist at that moment.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/cli/command.hpp"

namespace millrace::cli {

struct Suggestion {
    std::string word;
    std::string doc;  // may be empty
    bool operator==(const Suggestion&) const = default;
};

struct Completion {
    std::vector<Suggestion> suggestions;
    bool files = false;  // the shell offers file names itself
};

// What may stand in place of the last of `words`, which is empty when a new word begins.
[[nodiscard]] Completion complete(const Table& table, std::span<const std::string> words);

// The hidden call of the scripts: `words` are SHELL -- WORDS…; the answer is one suggestion a line
// in the shell's form, or ":files".
[[nodiscard]] std::string answer_completion(const Table& table, std::span<const std::string> words);

// The script for "bash", "zsh" or "fish".
[[nodiscard]] std::string_view completion_script(std::string_view shell);

}  // namespace millrace::cli
