// From journal records to applied inputs.
#include "millrace/app/drivers/replay_driver.hpp"

#include "millrace/base/hash.hpp"
#include "millrace/core/model/binary.hpp"

namespace millrace::drivers {
namespace {

Result<void> check(const model::Checkpoint& checkpoint, const engine::Engine& engine) {
    const bool same_history = checkpoint.running_hash.value == engine.running_hash();
    if (same_history && checkpoint.state_hash.value == engine.state_hash()) return {};
    return failure(
        ErrorCode::data, "the replay came to another state than the journal recorded",
        "record " + std::to_string(engine.sequence() + 1),
        std::string(same_history ? "state" : "running") + " hash " +
            hash_text(same_history ? engine.state_hash() : engine.running_hash()) +
            ", recorded was " +
            hash_text(same_history ? checkpoint.state_hash.value : checkpoint.running_hash.value),
        "replay with the program and configuration that wrote the journal");
}

}  // namespace

Result<engine::Input> input_of(const engine::RecordView& view, model::NounBuffer& buffer) {
    const auto noun =
        static_cast<model::Noun>(view.header.kind);  // the reader lets only nouns pass
    const model::NounDescription& description = model::description_of(noun);
    if (auto read =
            model::read_binary(description, view.header.version, view.payload, buffer.data());
        !read) {
        read.error().where =
            "record " + std::to_string(view.header.sequence) + ", " + read.error().where;
        return failure(std::move(read.error()));
    }
    return engine::Input{view.header.sequence,
                         {noun, buffer.data()},
                         view.header.origin,
                         view.header.origin_sequence};
}

Result<ReplayReport> replay(store::JournalReader& reader, engine::Engine& engine,
                            engine::EffectSink& sink, ReplayWatcher* watcher, bool compare) {
    ReplayReport report;
    model::NounBuffer buffer;
    engine::RecordView view;
    for (;;) {
        auto more = reader.next(view);
        if (!more) return failure(std::move(more.error()));
        if (!*more) return report;
        if (view.header.sequence <= engine.sequence()) continue;
        if (view.header.sequence != engine.sequence() + 1)
            return failure(ErrorCode::data, "the journal lacks records",
                           "record " + std::to_string(engine.sequence() + 1),
                           "the next record there is " + std::to_string(view.header.sequence),
                           "restore the missing segments, or remove the newer snapshot");
        auto input = input_of(view, buffer);
        if (!input) return failure(std::move(input.error()));
        if (compare && input->record.noun == model::Noun::checkpoint) {
            if (auto same = check(input->record.as<model::Checkpoint>(), engine); !same)
                return failure(std::move(same.error()));
            ++report.checkpoints;
        }
        if (watcher != nullptr) watcher->on_input(*input);
        engine.apply(*input, sink);
        if (report.applied++ == 0) report.first_sequence = view.header.sequence;
    }
}

}  // namespace millrace::drivers
