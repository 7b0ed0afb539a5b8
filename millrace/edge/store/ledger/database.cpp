// The only file that calls SQLite.
#include "millrace/edge/store/ledger/database.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <system_error>
#include <unistd.h>

#include "millrace/base/assert.hpp"

namespace millrace::ledger {
namespace {

constexpr int kPagesAtOnce = 1'024;

struct Saying {
    Fault fault;
    std::string_view mend;
};

constexpr Saying kNoSpace{Fault::disk_full,
                          "free space on that disk or raise the limit, then go on"};

// SQLite tells a full disk by itself, but forgets that a limit on files or a quota was the reason.
bool has_no_space(const std::string& path, int system_error) {
    constexpr std::uint64_t kRoom = 64 << 10;
    if (system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG) return true;
    rlimit limit{};
    if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        for (const char* ending : {"", "-wal"}) {
            struct ::stat file{};
            if (::stat((path + ending).c_str(), &file) != 0) continue;
            if (static_cast<std::uint64_t>(file.st_size) + kRoom > limit.rlim_cur) return true;
        }
    struct ::statvfs disk{};
    return ::statvfs(path.c_str(), &disk) == 0 && disk.f_bavail * disk.f_frsize < kRoom;
}

// The extended code says more, the first byte what kind it is.
Saying saying_of(int code, const std::string& path, int system_error) {
    switch (code & 0xff) {
        case SQLITE_FULL: return kNoSpace;
        case SQLITE_IOERR:
            if (has_no_space(path, system_error)) return kNoSpace;
            return {Fault::unreadable, "check the disk; restore the last backup if it is broken"};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {Fault::locked, "end the other process that writes to it, or wait for it"};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {Fault::damaged, "keep the file, restore the last backup beside it"};
        case SQLITE_CONSTRAINT:
        case SQLITE_TOOBIG:
        case SQLITE_MISMATCH:
        case SQLITE_RANGE: return {Fault::refused, ""};
        default: return {Fault::unreadable, "check the path and the right to read and write it"};
    }
}

// For its owner's eyes; SQLite gives the files beside it the same rights.
Kept<void> make_private(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file >= 0) {
        ::close(file);
        return {};
    }
    const int error = errno;
    const bool no_space = error == ENOSPC || error == EDQUOT;
    return lost({no_space ? Fault::disk_full : Fault::unreadable,
                 {ErrorCode::data, "the ledger cannot be opened", path,
                  std::generic_category().message(error),
                  no_space ? "free space on that disk"
                           : "check the path and the right to read and write it"}});
}

}  // namespace

Statement::~Statement() {
    sqlite3_finalize(statement_);
}

Statement& Statement::reset() {
    // What the last step said was told by that step.
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
    bound_ = 0;
    return *this;
}

Statement& Statement::bind(std::int64_t value) {
    const int done = sqlite3_bind_int64(statement_, ++bound_, value);
    MILLRACE_ASSERT(done == SQLITE_OK, "a statement has fewer parameters than were bound");
    return *this;
}

Statement& Statement::bind(std::string_view text) {
    // A null pointer would be NULL: an empty view may hold one.
    const char* bytes = text.empty() ? "" : text.data();
    const int done =
        sqlite3_bind_text64(statement_, ++bound_, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8);
    MILLRACE_ASSERT(done == SQLITE_OK || done == SQLITE_TOOBIG, "a text could not be bound");
    return *this;
}

Statement& Statement::bind_null() {
    const int done = sqlite3_bind_null(statement_, ++bound_);
    MILLRACE_ASSERT(done == SQLITE_OK, "a statement has fewer parameters than were bound");
    return *this;
}

Kept<bool> Statement::step() {
    const int done = sqlite3_step(statement_);
    if (done == SQLITE_ROW) return true;
    if (done == SQLITE_DONE) return false;
    LedgerError error = database_.error_of(done, "the ledger refused a statement");
    sqlite3_reset(statement_);
    return lost(std::move(error));
}

Kept<void> Statement::run() {
    for (;;) {
        auto row = step();
        if (!row) return lost(std::move(row.error()));
        if (!*row) break;
    }
    reset();
    return {};
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string_view Statement::text(int column) const {
    const unsigned char* bytes = sqlite3_column_text(statement_, column);
    if (bytes == nullptr) return {};
    return {reinterpret_cast<const char*>(bytes),
            static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

int Statement::columns() const {
    return sqlite3_column_count(statement_);
}

std::string_view Statement::column_name(int column) const {
    return sqlite3_column_name(statement_, column);
}

Kept<std::unique_ptr<Database>> Database::open(const std::string& path, Access access,
                                               std::int64_t busy_wait_ms) {
    if (access == Access::create)
        if (auto made = make_private(path); !made) return lost(std::move(made.error()));
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= access == Access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    sqlite3* handle = nullptr;
    const int done = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
    std::unique_ptr<Database> database(new Database(path, handle));
    if (done != SQLITE_OK) return lost(database->error_of(done, "the ledger cannot be opened"));
    sqlite3_busy_timeout(handle, static_cast<int>(busy_wait_ms));
    // What a file brings along is data: its schema may call nothing that has effects.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, 64 << 20);
    return database;
}

Database::~Database() {
    prepared_.clear();
    sqlite3_close_v2(handle_);
}

Kept<Statement*> Database::prepare(std::string_view sql) {
    if (const auto found = prepared_.find(std::string(sql)); found != prepared_.end())
        return &found->second->reset();
    sqlite3_stmt* statement = nullptr;
    const int done = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (done != SQLITE_OK) return lost(error_of(done, "the ledger refused a statement"));
    std::unique_ptr<Statement> kept(new Statement(*this, statement));
    return prepared_.emplace(sql, std::move(kept)).first->second.get();
}

Kept<void> Database::execute(std::string_view sql) {
    const std::string text(sql);
    const char* rest = text.c_str();
    while (*rest != '\0') {
        sqlite3_stmt* statement = nullptr;
        int done = sqlite3_prepare_v2(handle_, rest, -1, &statement, &rest);
        if (done == SQLITE_OK && statement != nullptr) {
            do
                done = sqlite3_step(statement);
            while (done == SQLITE_ROW);
        }
        if (done != SQLITE_OK && done != SQLITE_DONE) {
            LedgerError error = error_of(done, "the ledger refused a statement");
            sqlite3_finalize(statement);
            return lost(std::move(error));
        }
        sqlite3_finalize(statement);
    }
    return {};
}

Kept<std::int64_t> Database::number(std::string_view sql) {
    auto statement = prepare(sql);
    if (!statement) return lost(std::move(statement.error()));
    auto row = (*statement)->step();
    if (!row) return lost(std::move(row.error()));
    MILLRACE_ASSERT(*row, "a statement that answers a number answered nothing");
    const std::int64_t value = (*statement)->integer(0);
    (*statement)->reset();
    return value;
}

std::int64_t Database::last_id() const {
    return sqlite3_last_insert_rowid(handle_);
}

std::int64_t Database::changed_rows() const {
    return sqlite3_changes64(handle_);
}

bool Database::in_transaction() const {
    return sqlite3_get_autocommit(handle_) == 0;
}

LedgerError Database::error_of(int code, std::string_view what) const {
    const int system_error = handle_ == nullptr ? 0 : sqlite3_system_errno(handle_);
    const Saying saying = saying_of(code, path_, system_error);
    std::string why = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
    if (saying.fault == Fault::disk_full)
        why = std::generic_category().message(system_error == 0 ? ENOSPC : system_error);
    const ErrorCode kind = saying.fault == Fault::locked ? ErrorCode::timeout : ErrorCode::data;
    return {saying.fault,
            {kind, std::string(what), path_, std::move(why), std::string(saying.mend)}};
}

Kept<void> Database::copy_to(const std::string& path) {
    auto copy = open(path, Access::create, 0);
    if (!copy) return lost(std::move(copy.error()));
    sqlite3_backup* backup = sqlite3_backup_init((*copy)->handle_, "main", handle_, "main");
    if (backup == nullptr)
        return lost((*copy)->error_of(sqlite3_extended_errcode((*copy)->handle_),
                                      "the copy cannot be begun"));
    int done = SQLITE_OK;
    do
        done = sqlite3_backup_step(backup, kPagesAtOnce);
    while (done == SQLITE_OK);
    // What a failed step says stands in the copy's handle once the backup is over.
    const int finished = sqlite3_backup_finish(backup);
    if (done != SQLITE_DONE)
        return lost((*copy)->error_of(finished == SQLITE_OK ? done : finished,
                                      "the copy could not be finished"));
    // One file that needs no other beside it.
    return (*copy)->execute("PRAGMA journal_mode = DELETE");
}

}  // namespace millrace::ledger
