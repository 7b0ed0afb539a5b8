// From the words after `millrace` to a command and its checked values. Every refusal is a usage
// error (exit 2) that names the word, the rule and the nearest name.
#pragma once

#include <span>
#include <string>

#include "millrace/base/result.hpp"
#include "millrace/cli/command.hpp"
#include "millrace/cli/invocation.hpp"

namespace millrace::cli {

struct CommandLine {
    const Command* command = nullptr;  // nullptr when only a group, or nothing, was named
    std::string group = {};            // "journal" for `millrace journal`
    Given given = {};
    bool help = false;
    bool version = false;
};

[[nodiscard]] Result<CommandLine> read_command_line(const Table& table,
                                                    std::span<const std::string> words);

// How far the words lead into the table. Completion uses it too, on lines that are not finished.
struct Place {
    const Command* command = nullptr;
    std::string group = {};
    std::string stray = {};              // the first word that leads nowhere
    std::vector<std::string> rest = {};  // the words that are no part of the path
};

[[nodiscard]] Place find_place(const Table& table, std::span<const std::string> words);

// The option that `word` ("--seeds", "--seeds=5", "-v") names among `options`; nullptr when there
// is none.
[[nodiscard]] const Option* option_named(std::span<const Option* const> options,
                                         std::string_view word);

// True when `word` is an option whose value is the next word.
[[nodiscard]] bool awaits_value(std::span<const Option* const> options, std::string_view word);

}  // namespace millrace::cli
