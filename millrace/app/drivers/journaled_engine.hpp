// JournaledEngine: an engine with its journal, snapshots and outbox: what every driver that must
// survive a crash shares. Inputs are journaled, then applied; what they cause outside waits until
// they are durable. Opening is recovery; there is no other way to start.
#pragma once

#include <memory>
#include <string>

#include "millrace/app/drivers/outbox.hpp"
#include "millrace/core/engine/engine.hpp"
#include "millrace/edge/store/journal_writer.hpp"
#include "millrace/edge/store/snapshots.hpp"

namespace millrace::drivers {

// What start-up found and did.
struct RecoveryReport {
    std::uint64_t snapshot_sequence = 0;  // 0 = started without one
    std::uint64_t replayed = 0;
    std::uint64_t checkpoints = 0;
    std::uint64_t last_sequence = 0;
    bool was_sealed = true;        // the last run ended in order (or there was none)
    std::uint64_t torn_bytes = 0;  // cut from the end
    std::string torn_why;
    std::uint32_t unusable_snapshots = 0;  // passed over for an older one
};

// Held by whoever writes the journal in this directory.
[[nodiscard]] std::string journal_lock_of(const std::string& directory);

class JournaledEngine {
  public:
    // Recovers `engine` from the directory: newest usable snapshot, replay, repair of a torn tail.
    // Snapshots of later inputs than `snapshot_at_most` are passed over, for a handler that must
    // hear of all inputs after that one.
    // Effects of replayed inputs go to the handler again: those that wait for durability must be
    // idempotent, and are.
    static Result<std::unique_ptr<JournaledEngine>> open(
        store::Disk& disk, const std::string& directory, std::unique_ptr<engine::Engine> engine,
        EffectHandler& handler, const store::JournalOptions& options, std::uint64_t journal_id,
        engine::ReadChecks checks = {}, std::uint64_t snapshot_at_most = UINT64_MAX);

    // Journals and applies one input. False when the journal's buffer is full: commit first,
    // nothing happened.
    [[nodiscard]] bool submit(const engine::Record& record, engine::Origin origin = 0,
                              std::uint64_t origin_sequence = 0);

    // Writes down what the state hashes to, as an input, so that replays can prove themselves.
    [[nodiscard]] bool checkpoint();

    // Makes everything submitted durable and releases what waited for it.
    Result<void> commit();
    // The same in halves: `finish_commit` may run on another thread while submitting goes on;
    // `release` may not.
    void begin_commit() {
        handler_.on_group(engine_->sequence());
        journal_->begin_commit();
    }
    Result<void> finish_commit() {
        auto finished = journal_->finish_commit();
        if (finished) handler_.on_synced(journal_->durable_sequence());
        return finished;
    }
    void release() { outbox_.release(journal_->durable_sequence()); }

    void tell_idle() { handler_.on_idle(); }

    // Commits, asks the handler whether it may, then saves the state beside the journal.
    Result<void> snapshot();

    // Ends in order: checkpoint, commit, seal.
    Result<void> close();

    [[nodiscard]] const engine::Engine& engine() const { return *engine_; }
    [[nodiscard]] const RecoveryReport& recovery() const { return recovery_; }
    [[nodiscard]] bool has_pending() const { return journal_->has_pending(); }

  private:
    JournaledEngine(std::unique_ptr<engine::Engine> engine, EffectHandler& handler,
                    store::Disk& disk, const std::string& directory)
        : engine_(std::move(engine)),
          handler_(handler),
          outbox_(handler),
          snapshots_(disk, directory) {}

    Result<void> load_snapshot(std::uint64_t at_most);
    Result<void> replay_journal(store::JournalReader& reader);

    std::unique_ptr<store::Lock> lock_;  // held first and given back last
    std::unique_ptr<engine::Engine> engine_;
    EffectHandler& handler_;
    Outbox outbox_;
    store::Snapshots snapshots_;
    std::unique_ptr<store::JournalWriter> journal_;
    RecoveryReport recovery_;
};

}  // namespace millrace::drivers
