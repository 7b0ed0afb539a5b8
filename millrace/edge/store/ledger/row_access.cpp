// The part of row_access.hpp that is the same for every row.
#include "millrace/edge/store/ledger/row_access.hpp"

#include <fmt/format.h>

namespace millrace::ledger {

LedgerError unreadable_row(const Database& database, std::string_view table, std::int64_t id,
                           std::string_view column) {
    return {Fault::damaged,
            {ErrorCode::data, "a row of the ledger cannot be read",
             fmt::format("{}: {} {}, column {}", database.path(), table, id, column),
             "it holds what was never written there", "restore the last backup"}};
}

}  // namespace millrace::ledger
