// The replay driver: feeds an engine from a journal and compares every checkpoint on the way with
// what the engine has come to, so a replay proves that it reached the same state.
#pragma once

#include "millrace/core/engine/engine.hpp"
#include "millrace/edge/store/journal_reader.hpp"

namespace millrace::drivers {

struct ReplayReport {
    std::uint64_t applied = 0;         // inputs given to the engine
    std::uint64_t first_sequence = 0;  // of those; 0 when there was none
    std::uint64_t checkpoints = 0;     // compared and found equal
};

// Told before each input; may be null.
class ReplayWatcher {
  public:
    virtual ~ReplayWatcher() = default;
    virtual void on_input(const engine::Input& input) = 0;
};

// Applies all records that the engine has not applied yet. Errors: damage, a gap, a checkpoint that
// differs. With `compare` off, checkpoints pass unlooked at: for an engine of other components than
// the journal's.
Result<ReplayReport> replay(store::JournalReader& reader, engine::Engine& engine,
                            engine::EffectSink& sink, ReplayWatcher* watcher = nullptr,
                            bool compare = true);

// Takes effects and does nothing: for replays whose effects were carried out long ago.
class NoEffects : public engine::EffectSink {
  public:
    void take(std::span<const engine::Effect> /*effects*/) override {}
};

// The input that a journal record holds; its struct is written into `buffer`.
Result<engine::Input> input_of(const engine::RecordView& view, model::NounBuffer& buffer);

}  // namespace millrace::drivers
