// Opening a ledger: what the file is, what SQLite is to promise, which version it is brought to.
#include "millrace/edge/store/ledger/ledger.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "millrace/base/assert.hpp"
#include "millrace/edge/store/disk.hpp"

namespace millrace::ledger {
namespace {

Kept<void> set_up(Database& database, bool trusts_journal) {
    auto mode = database.prepare("PRAGMA journal_mode = WAL");
    if (!mode) return lost(std::move(mode.error()));
    auto row = (*mode)->step();
    if (!row) return lost(std::move(row.error()));
    const std::string answer((*mode)->text(0));
    (*mode)->reset();
    if (answer != "wal")
        return lost(
            {Fault::unreadable,
             {ErrorCode::data, "the ledger cannot keep a write-ahead log", database.path(),
              "the file system lacks what it needs", "put the data directory on a local disk"}});
    if (auto done = database.execute("PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536; PRAGMA "
                                     "synchronous = FULL;");
        !done || !trusts_journal)
        return done;
    // Only checkpoints wait for the disk then, and come an eighth as often as SQLite would have it.
    return database.execute("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 8000;");
}

// Zeros after what SQLite wrote, up to where it begins its log anew by itself (1,000 pages); it
// takes them for nothing. The lock of a writer keeps others from writing there meanwhile.
Kept<void> lay_out_log(Database& database) {
    constexpr off_t kBytes = 1'100 * (4'096 + 24);
    if (auto begun = database.execute("BEGIN IMMEDIATE"); !begun) return begun;
    const int file = ::open((database.path() + "-wal").c_str(), O_WRONLY | O_CLOEXEC);
    struct ::stat now{};
    if (file >= 0 && ::fstat(file, &now) == 0 && now.st_size < kBytes) {
        const std::vector<char> zeros(static_cast<std::size_t>(kBytes - now.st_size));
        if (::pwrite(file, zeros.data(), zeros.size(), now.st_size) > 0) (void)::fdatasync(file);
    }
    if (file >= 0) ::close(file);
    return database.execute("ROLLBACK");
}

}  // namespace

Kept<Ledger> Ledger::open(const std::string& path, const LedgerSettings& settings) {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    if (!folder.empty())
        if (auto made = store::posix_disk().make_directory(folder); !made)
            return lost({Fault::unreadable, std::move(made.error())});
    auto database = Database::open(path, Database::Access::create, settings.busy_wait_ms);
    if (!database) return lost(std::move(database.error()));
    // Before anything is written: what it is.
    if (auto version = version_of(**database); !version) return lost(std::move(version.error()));
    if (auto done = set_up(**database, settings.trusts_journal); !done)
        return lost(std::move(done.error()));
    auto report = migrate(**database);
    if (!report) return lost(std::move(report.error()));
    if (settings.lays_out_log)
        if (auto done = lay_out_log(**database); !done) return lost(std::move(done.error()));
    return Ledger(std::move(*database), std::move(*report));
}

Kept<Batch> Ledger::begin() {
    MILLRACE_ASSERT(!database_->in_transaction(), "one batch at a time");
    auto begin = database_->prepare("BEGIN IMMEDIATE");
    if (!begin) return lost(std::move(begin.error()));
    if (auto done = (*begin)->run(); !done) return lost(std::move(done.error()));
    return Batch(*database_);
}

// SQLite has written its log by now, and need not know that the system is told to keep it.
Kept<void> Ledger::sync() {
    const std::string log = path() + "-wal";
    const int file = ::open(log.c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0) return {};  // no log: everything is in the file, which was synced
    const int done = ::fdatasync(file);
    const std::string why = done == 0 ? std::string() : std::strerror(errno);
    ::close(file);
    if (done == 0) return {};
    return lost({Fault::damaged,
                 {ErrorCode::data, "the ledger's log cannot be made durable", log, why,
                  "look at the disk"}});
}

Kept<std::uint64_t> Ledger::progress() {
    auto number = database_->number("SELECT coalesce(max(sequence), 0) FROM ledger_progress");
    if (!number) return lost(std::move(number.error()));
    return static_cast<std::uint64_t>(*number);
}

}  // namespace millrace::ledger
