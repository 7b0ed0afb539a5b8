// `millrace data head`, beside the other verbs of `millrace data`.
#pragma once

#include "millrace/cli/command.hpp"

namespace millrace::cli {

[[nodiscard]] Command data_head_command();

}  // namespace millrace::cli
