// Recovery, and the order of journaling, applying and releasing.
#include "millrace/app/drivers/journaled_engine.hpp"

#include <filesystem>

#include "millrace/app/drivers/replay_driver.hpp"
#include "millrace/core/engine/snapshot_format.hpp"

namespace millrace::drivers {
namespace {

// Passes replayed effects to the outbox under the sequence of the input that is being replayed.
class ReplayedEffects : public engine::EffectSink {
  public:
    ReplayedEffects(const engine::Engine& engine, Outbox& outbox)
        : engine_(engine), outbox_(outbox) {}
    void take(std::span<const engine::Effect> effects) override {
        outbox_.set_sequence(engine_.sequence());
        outbox_.take(effects);
    }

  private:
    const engine::Engine& engine_;
    Outbox& outbox_;
};

}  // namespace

std::string journal_lock_of(const std::string& directory) {
    return (std::filesystem::path(directory) / "lock").string();
}

Result<std::unique_ptr<JournaledEngine>> JournaledEngine::open(
    store::Disk& disk, const std::string& directory, std::unique_ptr<engine::Engine> engine,
    EffectHandler& handler, const store::JournalOptions& options, std::uint64_t journal_id,
    engine::ReadChecks checks, std::uint64_t snapshot_at_most) {
    std::unique_ptr<JournaledEngine> opened(
        new JournaledEngine(std::move(engine), handler, disk, directory));
    if (auto made = disk.make_directory(directory); !made) return failure(std::move(made.error()));
    auto lock = disk.lock(journal_lock_of(directory));
    if (!lock) return failure(std::move(lock.error()));
    opened->lock_ = std::move(*lock);
    if (auto loaded = opened->load_snapshot(snapshot_at_most); !loaded)
        return failure(std::move(loaded.error()));
    auto reader =
        store::JournalReader::open(disk, directory, opened->engine_->sequence() + 1, checks);
    if (!reader) return failure(std::move(reader.error()));
    if (auto replayed = opened->replay_journal(*reader); !replayed)
        return failure(std::move(replayed.error()));
    const store::JournalIdentity identity{
        reader->identity() ? reader->identity()->journal_id : journal_id,
        opened->engine_->composition(), opened->engine_->seed()};
    auto journal = store::JournalWriter::open(disk, directory, reader->end(), identity, options);
    if (!journal) return failure(std::move(journal.error()));
    opened->journal_ = std::move(*journal);
    opened->release();
    return opened;
}

Result<void> JournaledEngine::load_snapshot(std::uint64_t at_most) {
    auto sequences = snapshots_.list();
    if (!sequences) return failure(std::move(sequences.error()));
    for (const std::uint64_t sequence : *sequences) {
        if (sequence > at_most) continue;
        auto bytes = snapshots_.load(sequence);
        if (!bytes) return failure(std::move(bytes.error()));
        auto read = engine::read_snapshot(*bytes, *engine_);
        if (read && engine_->sequence() == sequence) {
            recovery_.snapshot_sequence = sequence;
            return {};
        }
        // An engine that was half loaded is not to be gone on with; whoever starts us has another
        // one to give.
        if (engine_->sequence() != 0)
            return failure(ErrorCode::data, "a snapshot's checksum is right but its content is not",
                           {},
                           read ? "it is of another moment than its name says" : read.error().why,
                           "remove snapshot " + std::to_string(sequence) +
                               "; the journal is replayed without it");
        ++recovery_.unusable_snapshots;
    }
    return {};
}

Result<void> JournaledEngine::replay_journal(store::JournalReader& reader) {
    ReplayedEffects effects(*engine_, outbox_);
    auto report = replay(reader, *engine_, effects);
    if (!report) return failure(std::move(report.error()));
    if (const auto identity = reader.identity();
        identity && identity->composition != engine_->composition())
        return failure(ErrorCode::data, "the journal was written by an engine of other components",
                       {}, "components or seed differ",
                       "start with the configuration that wrote it");
    const store::JournalEnd& end = reader.end();
    if (engine_->sequence() >= end.next_sequence)
        return failure(ErrorCode::data, "the journal ends before the snapshot", end.segment,
                       "it ends with record " + std::to_string(end.next_sequence - 1) +
                           ", the snapshot is of " + std::to_string(engine_->sequence()),
                       "restore the missing segments from a backup");
    recovery_.replayed = report->applied;
    recovery_.checkpoints = report->checkpoints;
    recovery_.last_sequence = engine_->sequence();
    recovery_.was_sealed = end.sealed || end.segment.empty();
    recovery_.torn_bytes = end.torn_bytes;
    recovery_.torn_why = end.torn_why;
    return {};
}

bool JournaledEngine::submit(const engine::Record& record, engine::Origin origin,
                             std::uint64_t origin_sequence) {
    const engine::Input input{journal_->next_sequence(), record, origin, origin_sequence};
    if (!journal_->append(input)) return false;
    outbox_.set_sequence(input.sequence);
    engine_->apply(input, outbox_);
    return true;
}

bool JournaledEngine::checkpoint() {
    model::Checkpoint checkpoint;
    checkpoint.known_at = engine_->now();
    checkpoint.running_hash.value = engine_->running_hash();
    checkpoint.state_hash.value = engine_->state_hash();
    return submit(engine::record_of(checkpoint));
}

Result<void> JournaledEngine::commit() {
    handler_.on_group(engine_->sequence());
    if (auto committed = journal_->commit(); !committed) return committed;
    handler_.on_synced(journal_->durable_sequence());
    release();
    return {};
}

// Everything is durable and released by now, so the snapshot is never ahead of the journal or of
// the world.
Result<void> JournaledEngine::snapshot() {
    if (auto committed = commit(); !committed) return committed;
    if (auto allowed = handler_.may_snapshot(engine_->sequence()); !allowed) return allowed;
    return snapshots_.save(engine_->sequence(), engine::write_snapshot(*engine_));
}

Result<void> JournaledEngine::close() {
    if (!checkpoint()) {
        if (auto committed = commit(); !committed) return committed;
        MILLRACE_ASSERT(checkpoint(), "an empty buffer takes a checkpoint");
    }
    if (auto committed = commit(); !committed) return committed;
    return journal_->close();
}

}  // namespace millrace::drivers
