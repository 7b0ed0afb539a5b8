// Reads splits and dividends from a table with a header: our own columns, a predecessor's
// stock_splits table, and the split and dividend tables of EODHD and Yahoo. It is strict: what
// cannot be read, what cannot be applied and what stands twice is refused with file and line.
#pragma once

#include <string>
#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/base/zone.hpp"
#include "millrace/core/model/corporate_action.hpp"

namespace millrace::files {

inline constexpr std::size_t kActionsMax = 100'000;  // of one file

struct ActionRow {
    std::string symbol;             // empty where the file names none
    model::CorporateAction action;  // no instrument yet, and no currency where none was written
    std::string where;              // file and line
};

// A date without a time is its midnight in `zone`. In the order of their ex moments; of one moment
// dividends come before splits, then by symbol.
[[nodiscard]] Result<std::vector<ActionRow>> read_actions(const std::string& path,
                                                          const Zone& zone);

}  // namespace millrace::files
