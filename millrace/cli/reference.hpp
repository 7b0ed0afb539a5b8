// The command table as documents: docs/reference/commands.md for people, JSON for programs.
#pragma once

#include <string>
#include <string_view>

#include "millrace/base/json_writer.hpp"
#include "millrace/cli/command.hpp"

namespace millrace::cli {

[[nodiscard]] std::string reference_markdown(const Table& table);

// Every command whose path is `path` or begins with it; all of them when it is empty.
[[nodiscard]] JsonWriter reference_document(const Table& table, std::string_view path);

}  // namespace millrace::cli
