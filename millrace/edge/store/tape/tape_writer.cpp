// Appending, and the end of a tape.
#include "millrace/edge/store/tape/tape_writer.hpp"

#include <filesystem>
#include <fmt/format.h>

#include "millrace/core/model/field_access.hpp"

namespace millrace::tape {
namespace {

constexpr std::size_t kWriteBytes = 1 << 20;  // gathered before the disk is asked

// Success, to be copied: `return {}` would fill the bytes of an Error with zeros first, for each
// event (bench: Tape/ingest).
constinit const Result<void> kTaken;

}  // namespace

Result<std::unique_ptr<TapeWriter>> TapeWriter::create(
    store::Disk& disk, const std::string& path, std::span<const model::Instrument> instruments,
    std::span<const model::Source> sources) {
    auto tables = Tables::make(instruments, sources);
    if (!tables) return failure(std::move(tables.error()));
    std::unique_ptr<TapeWriter> writer(new TapeWriter(disk, path, std::move(*tables)));
    auto file = disk.open(writer->unfinished_, store::Disk::Access::create);
    if (!file) return failure(std::move(file.error()));
    writer->file_ = std::move(*file);
    write_header(writer->tables_, writer->out_);
    return writer;
}

TapeWriter::TapeWriter(store::Disk& disk, std::string path, Tables tables)
    : disk_(disk),
      path_(std::move(path)),
      unfinished_(path_ + ".new"),
      tables_(std::move(tables)),
      block_(tables_) {}

TapeWriter::~TapeWriter() {
    if (file_ == nullptr || finished_) return;
    file_.reset();
    (void)disk_.remove(unfinished_);  // if it stays, the next writer of this name empties it
}

Result<void> TapeWriter::append(const model::Datum& datum) {
    return std::visit([this](const auto& noun) { return append(noun); }, datum);
}

Result<void> TapeWriter::append_row(std::size_t section, const engine::Record& row) {
    MILLRACE_ASSERT(!finished_, "nothing is appended to a finished tape");
    if (broken_) return failure(*broken_);
    const SectionRules& rules = rules_of(section);
    for (const model::FieldDescription& field : rules.noun->fields)
        if (!model::is_allowed(field, model::load_integer(field, row.payload))) [[unlikely]]
            return refused(
                fmt::format("the {} of a {} is out of its range", field.name, rules.noun->name),
                "a tape holds only what the engine would take", "correct the data");
    const engine::OrderKey key = engine::order_key_of(row);
    if (last_ && key < *last_) [[unlikely]]
        return out_of_order(key);
    const auto place = tables_.place_of(InstrumentId(key.instrument));
    SourceId source;
    for (const ColumnRule& rule : rules.columns)
        if (rule.field.kind == model::FieldKind::source)
            std::memcpy(&source, static_cast<const std::byte*>(row.payload) + rule.field.offset,
                        sizeof source);
    if (!place || !tables_.knows(source)) [[unlikely]]
        return refused(place ? fmt::format("source {} is not in the tape", source.value())
                             : fmt::format("instrument {} is not in the tape", key.instrument),
                       "its tables are written first", "name it when the tape is created");
    block_.add(section, row.payload, *place);
    last_ = key;
    if (block_.events() < kBlockEventsMax) return kTaken;
    auto ended = end_block();
    if (!ended) broken_ = ended.error();
    return ended;
}

tl::unexpected<Error> TapeWriter::refused(std::string what, std::string why,
                                          std::string mend) const {
    const std::uint64_t event = end_.counts.events() + block_.events() + 1;
    return failure(ErrorCode::data, std::move(what), fmt::format("{}, event {}", path_, event),
                   std::move(why), std::move(mend));
}

tl::unexpected<Error> TapeWriter::out_of_order(const engine::OrderKey& key) const {
    std::string why;
    if (key.time != last_->time)
        why = fmt::format("it is of {}, the one before it of {}", format_time(key.time),
                          format_time(last_->time));
    else
        why = fmt::format(
            "at {} bars come before ticks, short bars before long ones, then the "
            "lower instrument",
            format_time(key.time));
    return refused("the events are not in order", std::move(why),
                   "sort them as the total order of events says");
}

Result<void> TapeWriter::end_block() {
    content_.clear();
    const BlockHead head = block_.encode(content_);
    const std::uint64_t offset = written_ + out_.bytes().size();
    write_block(head, content_.bytes(), out_);
    if (end_.blocks == 0) end_.first_ns = head.first_ns;
    end_.last_ns = head.last_ns;
    index_.add({offset, head.first_ns});
    ++end_.blocks;
    end_.counts.quotes += head.counts[0];
    end_.counts.trades += head.counts[1];
    end_.counts.bars += head.counts[2];
    if (out_.bytes().size() < kWriteBytes) return {};
    return write_out();
}

Result<void> TapeWriter::write_out() {
    auto written = file_->write_at(written_, out_.bytes());
    if (!written) return written;
    written_ += out_.bytes().size();
    out_.clear();
    return {};
}

Result<Counts> TapeWriter::finish() {
    MILLRACE_ASSERT(!finished_, "a tape is finished once");
    if (broken_) return failure(*broken_);
    Result<void> done;
    if (block_.events() > 0) done = end_block();
    if (done) {
        end_.index = index_.entries();
        end_.offset = written_ + out_.bytes().size();
        write_end(end_, out_);
        done = write_out();
    }
    if (done) done = put_in_place();
    if (!done) {
        broken_ = done.error();
        return failure(std::move(done.error()));
    }
    finished_ = true;
    return end_.counts;
}

Result<void> TapeWriter::put_in_place() {
    if (auto synced = file_->sync(); !synced) return synced;
    if (auto renamed = disk_.rename(unfinished_, path_); !renamed) return renamed;
    const std::string directory = std::filesystem::path(path_).parent_path().string();
    return disk_.sync_directory(directory.empty() ? "." : directory);
}

}  // namespace millrace::tape
