// The whole command line as one function, so that tests run it in-process with streams of their
// own.
#pragma once

#include <span>
#include <string>

#include "millrace/cli/invocation.hpp"

namespace millrace::cli {

// `words` are the arguments behind the program's name. Answers the exit code; lets no exception
// out.
[[nodiscard]] int run(std::span<const std::string> words, Streams streams);

// The same with a table of one's own.
[[nodiscard]] int run(const Table& table, std::span<const std::string> words, Streams streams);

}  // namespace millrace::cli
