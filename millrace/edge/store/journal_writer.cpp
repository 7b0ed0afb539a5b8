// Groups, segments and seals. The order of writes and syncs here is what the recovery rests on; the
// fault driver (app/drivers) crashes between any two of them.
#include "millrace/edge/store/journal_writer.hpp"

#include <cstring>
#include <filesystem>

#include "millrace/core/model/binary.hpp"

namespace millrace::store {
namespace {

constexpr std::uint64_t kLayOutBytes = std::uint64_t{8} << 20;  // laid out ahead at a time

}  // namespace

JournalWriter::JournalWriter(Disk& disk, std::string directory, const JournalIdentity& identity,
                             const JournalOptions& options)
    : disk_(disk), directory_(std::move(directory)), identity_(identity), options_(options) {
    filling_.bytes = std::make_unique_for_overwrite<std::byte[]>(options.buffer_bytes);
    group_.bytes = std::make_unique_for_overwrite<std::byte[]>(options.buffer_bytes);
}

Result<std::unique_ptr<JournalWriter>> JournalWriter::open(Disk& disk, const std::string& directory,
                                                           const JournalEnd& end,
                                                           const JournalIdentity& identity,
                                                           const JournalOptions& options) {
    std::unique_ptr<JournalWriter> writer(new JournalWriter(disk, directory, identity, options));
    if (auto made = disk.make_directory(directory); !made) return failure(std::move(made.error()));
    if (options.cut_torn_tail)
        if (auto repaired = repair_journal(disk, end); !repaired)
            return failure(std::move(repaired.error()));
    if (auto ready = writer->continue_at(end); !ready) return failure(std::move(ready.error()));
    return writer;
}

Result<void> JournalWriter::continue_at(const JournalEnd& end) {
    next_sequence_ = end.next_sequence;
    durable_sequence_ = end.next_sequence - 1;
    group_end_ = durable_sequence_;
    segment_index_ = end.index;
    if (end.segment.empty()) return begin_segment();
    auto file = disk_.open(end.segment, Disk::Access::write);
    if (!file) return failure(std::move(file.error()));
    file_ = std::move(*file);
    offset_ = end.offset;
    // The seal goes, and with it whatever a crash may have left behind it: from here on there are
    // zeros.
    if (!options_.cut_torn_tail) {
        auto size = file_->size();
        if (!size) return failure(std::move(size.error()));
        laid_out_ = *size;
        return {};
    }
    if (auto cut = file_->resize(offset_); !cut) return cut;
    laid_out_ = offset_;
    if (auto synced = sync(); !synced || !options_.sync) return synced;
    // The process that made the segment may have died before its name was durable.
    return disk_.sync_directory(directory_);
}

// The new segment becomes the present one only when its header and name are durable, so a retry
// begins from the top.
Result<void> JournalWriter::begin_segment() {
    const std::string path =
        (std::filesystem::path(directory_) / segment_name(segment_index_ + 1)).string();
    auto file = disk_.open(path, Disk::Access::create);
    if (!file) return failure(std::move(file.error()));
    std::array<std::byte, engine::kSegmentHeaderSize> header{};
    engine::write_segment_header({segment_index_ + 1, identity_.journal_id, durable_sequence_ + 1,
                                  identity_.composition, identity_.seed},
                                 header);
    if (auto written = (*file)->write_at(0, header); !written) return written;
    if (options_.sync) {
        if (auto synced = (*file)->sync(); !synced) return synced;
        if (auto synced = disk_.sync_directory(directory_); !synced) return synced;
    }
    file_ = std::move(*file);
    ++segment_index_;
    offset_ = header.size();
    laid_out_ = offset_;
    return {};
}

bool JournalWriter::append_alone(const engine::Input& input) {
    MILLRACE_ASSERT(input.sequence == next_sequence_, "inputs are journaled in their order");
    const model::NounDescription& noun = model::description_of(input.record.noun);
    const std::size_t payload_max = noun.flat ? noun.size : model::binary_size_max(noun);
    const std::size_t size_max = engine::record_size(payload_max);
    if (size_max > options_.buffer_bytes - filling_.used) return false;
    const std::span out(filling_.bytes.get() + filling_.used, size_max);
    const std::size_t payload = model::write_binary(
        noun, input.record.payload, out.subspan(engine::kRecordHeaderSize, payload_max));
    const engine::RecordHeader header{input.sequence,
                                      input.origin_sequence,
                                      place_in_group_,
                                      input.origin,
                                      static_cast<std::uint8_t>(input.record.noun),
                                      noun.version};
    filling_.used += engine::frame_record(header, payload, out);
    ++place_in_group_;
    ++next_sequence_;
    return true;
}

// Joins the open pack, or opens one; what cannot be packed stands alone behind it.
bool JournalWriter::append_packed(const engine::Input& input) {
    const std::size_t size = engine::flat_size_of(input.record.noun);
    if (input.origin != 0 || size == 0) {
        close_pack();
        return append_alone(input);
    }
    MILLRACE_ASSERT(input.sequence == next_sequence_, "inputs are journaled in their order");
    if (input.record.noun != pack_.noun || pack_.bytes + size > engine::kPayloadMax) close_pack();
    const std::size_t begin = pack_.bytes == 0 ? filling_.used : pack_.begin;
    if (begin + engine::record_size(pack_.bytes + size) > options_.buffer_bytes) return false;
    if (pack_.bytes == 0) pack_ = {input.record.noun, begin, 0, input.sequence, place_in_group_};
    std::byte* payload = filling_.bytes.get() + begin + engine::kRecordHeaderSize;
    if (size == sizeof(model::Quote))  // a copy of known size costs a quarter
        std::memcpy(payload + pack_.bytes, input.record.payload, sizeof(model::Quote));
    else
        std::memcpy(payload + pack_.bytes, input.record.payload, size);
    pack_.bytes += size;
    filling_.used = begin + engine::kRecordHeaderSize + pack_.bytes;
    ++place_in_group_;
    ++next_sequence_;
    return true;
}

void JournalWriter::close_pack() {
    if (pack_.bytes == 0) return;
    const model::NounDescription& noun = model::description_of(pack_.noun);
    const auto packed = static_cast<std::uint8_t>(pack_.bytes > noun.size ? engine::kPackedBit : 0);
    const engine::RecordHeader header{pack_.sequence,
                                      0,
                                      pack_.place_in_group,
                                      0,
                                      static_cast<std::uint8_t>(pack_.noun),
                                      static_cast<std::uint8_t>(noun.version | packed)};
    const std::span out(filling_.bytes.get() + pack_.begin, engine::record_size(pack_.bytes));
    filling_.used = pack_.begin + engine::frame_record(header, pack_.bytes, out);
    pack_.bytes = 0;
}

void JournalWriter::begin_commit() {
    if (group_.used != 0) return;  // the last one failed and is still to be finished
    close_pack();
    std::swap(group_, filling_);
    place_in_group_ = 0;
    group_end_ = next_sequence_ - 1;
}

// Runs again from the top after an error: writes go to the same offset, so repeating them changes
// nothing.
Result<void> JournalWriter::finish_commit() {
    if (group_.used == 0) return {};
    if (offset_ >= options_.segment_bytes) {
        if (auto sealed = seal_segment(); !sealed) return sealed;
        if (auto begun = begin_segment(); !begun) return begun;
    }
    if (auto room = make_room(group_.used); !room) return room;
    if (auto written = file_->write_at(offset_, group_.content()); !written) return written;
    if (auto synced = sync(); !synced) return synced;
    offset_ += group_.used;
    durable_sequence_ = group_end_;
    group_.used = 0;
    return {};
}

Result<void> JournalWriter::commit() {
    while (has_pending()) {  // twice when an earlier group had failed
        begin_commit();
        if (auto done = finish_commit(); !done) return done;
    }
    return {};
}

Result<void> JournalWriter::close() {
    if (auto committed = commit(); !committed) return committed;
    return seal_segment();
}

// The seal says: everything before it had been durable. So it is its own group, after a sync.
Result<void> JournalWriter::seal_segment() {
    std::array<std::byte, engine::record_size(0)> seal{};
    engine::write_record({durable_sequence_ + 1, 0, 0, 0, engine::kSealKind, 1}, {}, seal);
    if (auto written = file_->write_at(offset_, seal); !written) return written;
    if (auto cut = file_->resize(offset_ + seal.size()); !cut) return cut;
    laid_out_ = offset_ + seal.size();
    return sync();
}

// Laying the file out ahead keeps its size from changing with every group, which would cost a
// second disk write.
Result<void> JournalWriter::make_room(std::uint64_t bytes) {
    if (offset_ + bytes <= laid_out_) return {};
    const std::uint64_t wanted =
        offset_ + bytes + std::min(kLayOutBytes, options_.segment_bytes / 4);
    if (file_->resize(wanted)) {
        laid_out_ = wanted;
        return {};
    }
    // On a disk that is nearly full, room for this group alone may be left.
    if (auto grown = file_->resize(offset_ + bytes); !grown) return grown;
    laid_out_ = offset_ + bytes;
    return {};
}

Result<void> JournalWriter::sync() {
    return options_.sync ? file_->sync() : Result<void>();
}

}  // namespace millrace::store
