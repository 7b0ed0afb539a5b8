// Ledger: the operational store, one SQLite file. Writing is by batches: many rows, one commit, and
// what commit() answered is on the medium. The thread that opened it is the one that writes;
// readers (reader.hpp) have connections of their own.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "millrace/edge/store/ledger/migrations.hpp"
#include "millrace/edge/store/ledger/rows.hpp"

namespace millrace::ledger {

// What an intent's key is to the ledger.
enum class KeyIs { fresh, repeated, reused };  // reused: with another body, nothing was written

struct IntentOutcome {
    KeyIs key_is{};
    IntentRow row;  // as it stands in the ledger
};

struct Added {
    std::int64_t id = 0;
    bool is_new = false;  // false: the same row was there already
};

class Ledger;

// Rows that become durable together, or not at all. After an error nothing of it can be committed:
// let it go and begin another. One at a time.
class Batch {
  public:
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;
    Batch(Batch&& other) noexcept;
    Batch& operator=(Batch&&) = delete;
    ~Batch();  // without commit(): as if nothing had been asked

    // Execution, cash, signal (by their keys: the same again is no error, another row under that
    // key is), equity, position snapshot, performance, risk event, monitoring, health.
    template <class Row>
    [[nodiscard]] Kept<Added> add(const Row& row);
    // Instrument, account, order, position, mark, strategy, intent (of one who has made sure of its
    // key): new, or in place of what was there; created_at stays the first.
    template <class Row>
    [[nodiscard]] Kept<void> put(const Row& row);

    [[nodiscard]] Kept<IntentOutcome> add_intent(const IntentRow& row);
    // From one state to another, by exactly one of all who try; false when it is not in `from`.
    [[nodiscard]] Kept<bool> move_intent(std::int64_t id, std::string_view from,
                                         std::string_view to, std::string_view reason, Time at);
    // What the client was told, once the id is known.
    [[nodiscard]] Kept<void> set_answer(std::int64_t intent, std::int64_t status,
                                        std::string_view body);
    [[nodiscard]] Kept<bool> acknowledge(std::int64_t risk_event, std::string_view who, Time at);

    // Each also stands in the audit trail. Answers the new version.
    [[nodiscard]] Kept<std::int64_t> set_limit(const LimitRow& row);
    [[nodiscard]] Kept<void> set_kill_switch(const KillSwitchRow& row);
    // The last part of the trail; answers its number. Hashes are worked out here.
    [[nodiscard]] Kept<std::int64_t> audit(const AuditRow& row);

    // The last input of the journal that the ledger has, with this batch, all of.
    [[nodiscard]] Kept<void> set_progress(std::uint64_t sequence);

    // Durable when this returns, with whatever was asked of the batch.
    [[nodiscard]] Kept<void> commit();

  private:
    friend class Ledger;
    explicit Batch(Database& database) : database_(&database) {}
    template <class T>
    Kept<T> watched(Kept<T> kept);

    Database* database_;  // null: committed, or moved from
    bool has_failed_ = false;
};

struct LedgerSettings {
    std::int64_t busy_wait_ms = 5'000;  // for another process that writes
    // Writes the log's space once, so that the first thousand commits need not make a file longer,
    // which takes a disk several times as long as filling it. For servers; as far as there is room.
    bool lays_out_log = false;
    // For a writer that has all of it in a journal: a commit outlives the process at once and a
    // power cut only once sync() has returned. What is there is whole in either case.
    bool trusts_journal = false;
};

class Ledger {
  public:
    // Makes it, or migrates it, where that is needed. The file is for its owner's eyes.
    [[nodiscard]] static Kept<Ledger> open(const std::string& path,
                                           const LedgerSettings& settings = {});

    [[nodiscard]] Kept<Batch> begin();
    // What was committed is on the medium when this returns.
    [[nodiscard]] Kept<void> sync();
    // See Batch::set_progress; 0 when nothing was ever said.
    [[nodiscard]] Kept<std::uint64_t> progress();
    // A copy at this moment, checked, whole or not at all; others may go on reading and writing.
    [[nodiscard]] Kept<void> backup_to(const std::string& path) { return backup(*database_, path); }
    // What opening it migrated.
    [[nodiscard]] const MigrationReport& migration() const { return migration_; }
    [[nodiscard]] const std::string& path() const { return database_->path(); }
    [[nodiscard]] Database& database() { return *database_; }

  private:
    Ledger(std::unique_ptr<Database> database, MigrationReport migration)
        : database_(std::move(database)), migration_(std::move(migration)) {}

    std::unique_ptr<Database> database_;
    MigrationReport migration_;
};

// SHA-256 of prev_hash followed by the row as a JSON array; docs/reference/ledger.md.
[[nodiscard]] std::string hash_of(const AuditRow& row);

}  // namespace millrace::ledger
