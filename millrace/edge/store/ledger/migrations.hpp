// Migrations: how a ledger becomes one of this program. They run forward only, each whole in a
// transaction of its own, and what is there is copied beside the file first.
#pragma once

#include <vector>

#include "millrace/edge/store/ledger/database.hpp"

namespace millrace::ledger {

// "MLRC": what `file` and PRAGMA application_id tell a ledger by.
inline constexpr std::int64_t kApplicationId = 0x4d4c5243;

struct Migration {
    std::int64_t version = 0;
    std::string_view name;  // "trading"
    std::string sql;
};
[[nodiscard]] const std::vector<Migration>& migrations();
[[nodiscard]] std::int64_t newest_version();

struct MigrationReport {
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::string backup;  // path; empty when nothing was there to copy
};

// The version of the open file; 0 when it is new. An error for what is no ledger, or a newer one.
[[nodiscard]] Kept<std::int64_t> version_of(Database& database);

// To `version`, for tests; programs go to the newest.
[[nodiscard]] Kept<MigrationReport> migrate(Database& database,
                                            std::int64_t version = newest_version());

// A copy at this moment, checked, and whole or not at all; `path` must not exist yet.
[[nodiscard]] Kept<void> backup(Database& database, const std::string& path);

}  // namespace millrace::ledger
