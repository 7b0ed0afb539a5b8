// walk(): every row of a table in the order of its id, one at a time, however many there are.
#pragma once

#include "millrace/edge/store/ledger/row_access.hpp"

namespace millrace::ledger {

// `see` answers Kept<void>; its first error ends the walk.
template <class Row, class See>
[[nodiscard]] Kept<void> walk(Database& database, See see) {
    auto statement = database.prepare("SELECT " + column_list<Row>() + " FROM " +
                                      std::string(TableOf<Row>::kName) + " ORDER BY id");
    if (!statement) return lost(std::move(statement.error()));
    for (;;) {
        auto more = (*statement)->step();
        if (!more) return lost(std::move(more.error()));
        if (!*more) break;
        auto row = read_row<Row>(database, **statement);
        Kept<void> seen;
        if (row)
            seen = see(*row);
        else
            seen = lost(std::move(row.error()));
        if (!seen) {
            (*statement)->reset();
            return seen;
        }
    }
    (*statement)->reset();
    return {};
}

}  // namespace millrace::ledger
