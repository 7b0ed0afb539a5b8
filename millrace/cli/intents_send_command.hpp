// `millrace intents send FILE.csv`, called by intents_commands.cpp so that it stands in its group.
#pragma once

#include "millrace/cli/command.hpp"

namespace millrace::cli {

void add_intents_send_command(Table& table);

}  // namespace millrace::cli
