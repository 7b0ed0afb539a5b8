// What the program knows about itself as documents: docs/reference/commands.md and nouns.md for
// people, JSON for programs.
#pragma once

#include <string>
#include <string_view>

#include "millrace/base/json_writer.hpp"
#include "millrace/cli/command.hpp"

namespace millrace::cli {

[[nodiscard]] std::string reference_markdown(const Table& table);

// docs/reference/nouns.md: a table of fields for each noun.
[[nodiscard]] std::string nouns_markdown();

// Every command whose path is `path` or begins with it; all of them when it is empty.
[[nodiscard]] JsonWriter reference_document(const Table& table, std::string_view path);

// docs/reference/run-file.md.
[[nodiscard]] std::string run_file_markdown();

}  // namespace millrace::cli
