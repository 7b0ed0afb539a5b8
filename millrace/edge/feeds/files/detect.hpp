// detect: what a text table is like, found by looking at its first lines (and at more of them only
// where they leave it open, as 01/02/2024 does). What stays open is an error that says how to say
// it.
#pragma once

#include "millrace/edge/feeds/files/table_dialect.hpp"

namespace millrace::files {

[[nodiscard]] Result<Detection> detect(const std::string& path, const TableOptions& options);

}  // namespace millrace::files
