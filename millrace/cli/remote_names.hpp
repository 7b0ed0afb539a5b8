// Names that a running instance knows at this moment, for shell completion: asked for briefly, and
// none when nothing runs.
#pragma once

#include <string>
#include <vector>

namespace millrace::cli {

[[nodiscard]] std::vector<std::string> remote_symbols();
[[nodiscard]] std::vector<std::string> remote_accounts();
[[nodiscard]] std::vector<std::string> planned_intents();  // those that wait for promotion
[[nodiscard]] std::vector<std::string> recent_intents();
[[nodiscard]] std::vector<std::string> recent_orders();
// "global" and "account:…" for those that are there.
[[nodiscard]] std::vector<std::string> guardian_scopes();

}  // namespace millrace::cli
