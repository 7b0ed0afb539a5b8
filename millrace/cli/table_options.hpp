// The options by which every command that opens market data is told what a file is like; what is
// not said is found in the file.
#pragma once

#include <vector>

#include "millrace/cli/invocation.hpp"
#include "millrace/edge/feeds/files/table_dialect.hpp"

namespace millrace::cli {

// --columns --delimiter --zone --bar-length --label, and --read KEY=VALUE for the rest.
[[nodiscard]] std::vector<Option> table_option_list();

// --prices, of commands that know of splits and dividends.
[[nodiscard]] Option price_view_option();

// As they were given; `symbol` is that of --symbol where the command has it.
[[nodiscard]] Result<files::TableOptions> table_options(const Invocation& invocation,
                                                        const std::string& symbol = {});

}  // namespace millrace::cli
