// The migrations as they were embedded, with the marks of the views expanded, and how they run.
#include "millrace/edge/store/ledger/migrations.hpp"

#include <filesystem>
#include <fmt/format.h>

#include "millrace/base/assert.hpp"
#include "millrace/base/decimal.hpp"
#include "millrace/edge/store/disk.hpp"
#include "millrace/edge/store/ledger/embedded.hpp"

namespace millrace::ledger {
namespace {

// An integer of so many decimals as exact text, the shortest: 12.5, never 12.50 or 1.25e1. Through
// the size of its whole and its part, since SQLite would go through a double.
std::string decimal_text(std::string_view column, int scale) {
    const std::int64_t one = power_of_ten(scale);
    return fmt::format(
        "CASE WHEN {0} IS NULL THEN NULL ELSE CASE WHEN {0} < 0 THEN '-' ELSE '' END || "
        "rtrim(rtrim(printf('%d.%0{1}d', abs({0}) / {2}, abs({0}) % {2}), '0'), '.') END",
        fmt::format("({})", column), scale, one);
}

// Nine digits of fraction always, so that text sorts as time does.
std::string time_text(std::string_view column) {
    return fmt::format(
        "CASE WHEN {0} IS NULL THEN NULL ELSE strftime('%Y-%m-%dT%H:%M:%S', {0} / 1000000000, "
        "'unixepoch') || printf('.%09dZ', {0} % 1000000000) END",
        column);
}

std::string expanded(std::string_view sql) {
    std::string text;
    while (true) {
        const std::size_t mark = sql.find('@');
        text += sql.substr(0, mark);
        if (mark == std::string_view::npos) return text;
        sql.remove_prefix(mark + 1);
        const std::size_t open = sql.find('(');
        const std::size_t close = sql.find(')');
        const std::string_view word = sql.substr(0, open);
        if (word != "amount" && word != "price" && word != "time") {  // in a comment
            text += '@';
            continue;
        }
        const std::string_view column = sql.substr(open + 1, close - open - 1);
        text += word == "time" ? time_text(column) : decimal_text(column, word == "price" ? 9 : 8);
        sql.remove_prefix(close + 1);
    }
}

std::vector<Migration> read_migrations() {
    std::vector<Migration> list;
    for (const EmbeddedFile& file : embedded_files()) {
        const std::string_view name = file.path.substr(5, file.path.size() - 9);
        list.push_back({static_cast<std::int64_t>(list.size()) + 1, name, expanded(file.text)});
        MILLRACE_ASSERT(file.path.substr(0, 5) == fmt::format("{:04}_", list.size()),
                        "the migrations are not numbered in one row");
    }
    return list;
}

Kept<void> apply(Database& database, const Migration& migration) {
    for (const std::string& sql :
         {std::string("BEGIN IMMEDIATE"), migration.sql,
          fmt::format("PRAGMA application_id = {}", kApplicationId),
          fmt::format("PRAGMA user_version = {}", migration.version), std::string("COMMIT")}) {
        if (auto done = database.execute(sql); !done) {
            if (database.in_transaction()) (void)database.execute("ROLLBACK");
            done.error().error.what =
                fmt::format("the ledger could not become version {}", migration.version);
            return done;
        }
    }
    return {};
}

// The first that is free of ledger.db.v3.backup, ledger.db.v3.backup.2 …
std::string backup_name(const std::string& path, std::int64_t version) {
    const std::string first = fmt::format("{}.v{}.backup", path, version);
    std::string name = first;
    std::error_code ignored;
    for (int number = 2; std::filesystem::exists(name, ignored); ++number)
        name = fmt::format("{}.{}", first, number);
    return name;
}

LedgerError foreign(const std::string& path) {
    return {Fault::damaged,
            {ErrorCode::data, "this is no ledger of Millrace", path,
             "it is a database with other tables", "name another file"}};
}

}  // namespace

const std::vector<Migration>& migrations() {
    static const std::vector<Migration> list = read_migrations();
    return list;
}

std::int64_t newest_version() {
    return migrations().back().version;
}

Kept<std::int64_t> version_of(Database& database) {
    auto version = database.number("PRAGMA user_version");
    if (!version) return version;
    auto application = database.number("PRAGMA application_id");
    if (!application) return application;
    auto tables = database.number("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tables;
    const bool is_new = *version == 0 && *application == 0 && *tables == 0;
    if (!is_new && *application != kApplicationId) return lost(foreign(database.path()));
    if (*version < 0) return lost(foreign(database.path()));
    if (*version > newest_version())
        return lost({Fault::newer_schema,
                     {ErrorCode::data,
                      fmt::format("the ledger is of version {}, this program knows {}", *version,
                                  newest_version()),
                      database.path(), "a newer Millrace has written it",
                      "use that newer program, or restore the backup made before its migration"}});
    return *version;
}

Kept<MigrationReport> migrate(Database& database, std::int64_t version) {
    auto from = version_of(database);
    if (!from) return lost(std::move(from.error()));
    MigrationReport report{*from, *from, {}};
    if (*from >= version) return report;
    if (*from > 0) {
        report.backup = backup_name(database.path(), *from);
        if (auto done = backup(database, report.backup); !done)
            return lost(std::move(done.error()));
    }
    for (const Migration& migration : migrations()) {
        if (migration.version <= *from || migration.version > version) continue;
        if (auto done = apply(database, migration); !done) return lost(std::move(done.error()));
        report.to = migration.version;
    }
    return report;
}

Kept<void> backup(Database& database, const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    const auto failed = [](Error error) { return lost({Fault::unreadable, std::move(error)}); };
    if (fs::exists(path, ignored))
        return failed({ErrorCode::data, "the backup would overwrite a file", path,
                       "a backup is never written over another",
                       "name a file that does not exist"});
    const std::string partial = path + ".partial";
    fs::remove(partial, ignored);
    const auto whole = [&]() -> Kept<void> {
        if (auto done = database.copy_to(partial); !done) return done;
        auto copy = Database::open(partial, Database::Access::write, 0);
        if (!copy) return lost(std::move(copy.error()));
        auto check = (*copy)->prepare("PRAGMA quick_check(1)");
        if (!check) return lost(std::move(check.error()));
        auto row = (*check)->step();
        if (!row) return lost(std::move(row.error()));
        if ((*check)->text(0) == "ok") return {};
        return lost({Fault::damaged,
                     {ErrorCode::data, "the ledger is damaged", database.path(),
                      std::string((*check)->text(0)), "run millrace db check"}});
    }();
    if (!whole) {
        fs::remove(partial, ignored);
        fs::remove(partial + "-journal", ignored);
        return whole;
    }
    store::Disk& disk = store::posix_disk();
    const std::string folder = fs::path(path).parent_path().string();
    auto file = disk.open(partial, store::Disk::Access::write);
    Result<void> done;
    if (!file) done = failure(std::move(file.error()));
    if (done) done = (*file)->sync();
    if (done) done = disk.rename(partial, path);
    if (done) done = disk.sync_directory(folder.empty() ? "." : folder);
    if (!done) return failed(std::move(done.error()));
    return {};
}

}  // namespace millrace::ledger
