// docs/reference/ledger.md has every table and view with its columns, as a new ledger has them.
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

#include "tests/support/test_ledger.hpp"

namespace millrace::ledger {
namespace {

// "| `fills` | `id` `order_id` … |" of each, by name.
std::string table_of(Database& database, std::string_view type) {
    std::string table = fmt::format("| {} | columns |\n|---|---|\n", type);
    Statement* names = must(database.prepare(
        "SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite%' ORDER BY name"));
    names->bind(type);
    while (must(names->step())) {
        table += fmt::format("| `{}` |", names->text(0));
        Statement* columns = must(database.prepare("SELECT name FROM pragma_table_info(?)"));
        columns->bind(names->text(0));
        while (must(columns->step()))
            table += fmt::format(" `{}`", columns->text(0));
        table += " |\n";
    }
    return table;
}

TEST(LedgerPage, Has_every_table_and_view_with_its_columns) {
    std::ifstream file(MILLRACE_LEDGER_PAGE);
    std::stringstream page;
    page << file.rdbuf();
    const TemporaryDirectory folder;
    Ledger ledger = must(Ledger::open(folder / "ledger.db"));
    for (const char* type : {"view", "table"}) {
        const std::string table = table_of(ledger.database(), type);
        EXPECT_NE(page.str().find(table), std::string::npos) << table;
    }
}

}  // namespace
}  // namespace millrace::ledger
