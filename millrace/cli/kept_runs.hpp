// Where a command finds the kept runs, and the names that completion offers.
#pragma once

#include <string>
#include <vector>

#include "millrace/app/runs/registry.hpp"
#include "millrace/cli/invocation.hpp"

namespace millrace::cli {

// DATA_DIR/runs by the settings in force.
[[nodiscard]] Result<runs::Registry> registry_of(Invocation& invocation);
[[nodiscard]] Result<runs::KeptRun> run_named(Invocation& invocation, const std::string& name);

// Of the registry that the process's own settings name; a command line is not looked at.
[[nodiscard]] std::vector<std::string> kept_run_names();

// Its options are many, so it has a file of its own.
void add_runs_export_command(class Table& table);

}  // namespace millrace::cli
