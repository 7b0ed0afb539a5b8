// RowOutput: where a command writes its rows: the file of --out, whole or not at all, or stdout.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/cli/invocation.hpp"
#include "millrace/cli/output_file.hpp"

namespace millrace::cli {

class RowOutput {
  public:
    // A document on stdout is held back until it is whole, because an error must be one as well.
    RowOutput(Invocation& invocation, bool is_held) : invocation_(invocation), is_held_(is_held) {}

    Result<void> open_file(const std::string& path);
    Result<void> add(std::string_view text);
    Result<void> finish();

  private:
    Result<void> pass_on();

    Invocation& invocation_;
    bool is_held_;
    std::optional<OutputFile> file_;
    std::string waiting_;
};

// Refuses an output that is one of the files that are read.
[[nodiscard]] Result<void> check_output(const std::string& path,
                                        const std::vector<std::string>& inputs);

}  // namespace millrace::cli
