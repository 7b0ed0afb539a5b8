// The pages of --help, laid out for 100 columns.
#pragma once

#include <string>
#include <vector>

#include "millrace/cli/command.hpp"
#include "millrace/cli/paint.hpp"

namespace millrace::cli {

// "millrace journal verify [OPTIONS] FILE"
[[nodiscard]] std::string usage_line(const Command& command);

// "--seeds N", and with its short name "-v, --verbose".
[[nodiscard]] std::string option_label(const Option& option);

// The doc, with range, choices and default behind it in brackets.
[[nodiscard]] std::string option_text(const Option& option);
[[nodiscard]] std::string argument_text(const Argument& argument);

// "bash, zsh, fish", and "1 to 10", "at least 1", or nothing where every number may stand.
[[nodiscard]] std::string comma_list(const std::vector<std::string>& words);
[[nodiscard]] std::string range_text(std::int64_t minimum, std::int64_t maximum);

[[nodiscard]] std::string help_of_all(const Table& table, const Paint& paint);
[[nodiscard]] std::string help_of_group(const Table& table, const Group& group, const Paint& paint);
[[nodiscard]] std::string help_of_command(const Command& command, const Paint& paint);

// The page of the command, else of the group, else of the program.
[[nodiscard]] std::string help_page(const Table& table, const Command* command,
                                    const std::string& group, const Paint& paint);

// The sections of the top-level help, in table order.
[[nodiscard]] std::vector<std::string> sections_of(const Table& table);

}  // namespace millrace::cli
