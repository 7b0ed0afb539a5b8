// Walking the segments: names, headers, records, and what the end looks like.
#include "millrace/edge/store/journal_reader.hpp"

#include <algorithm>
#include <filesystem>

#include "millrace/core/model/noun.hpp"

namespace millrace::store {
namespace {

constexpr std::string_view kSuffix = ".journal";
constexpr std::uint64_t kSegmentBytesMax = std::uint64_t{4} << 30;  // a larger file is none of ours
// Read at a time: so much stays in the second cache between the copy and the checks, which halves
// the time of a record against reading the segment whole (bench: Journal/read).
constexpr std::size_t kWindowBytes = 256 << 10;
// Windows begin at a multiple of it, so that sectors are where they are in the file.
constexpr std::size_t kWindowAlignment = 4096;
static_assert(kWindowBytes >= kWindowAlignment + engine::record_size(engine::kPayloadMax));

bool is_segment(std::string_view name) {
    return name.size() == 8 + kSuffix.size() && name.ends_with(kSuffix) &&
           std::all_of(name.begin(), name.begin() + 8, [](char c) { return c >= '0' && c <= '9'; });
}

Result<std::uint64_t> size_of(File& file, const std::string& path) {
    auto size = file.size();
    if (size && *size > kSegmentBytesMax)
        return failure(ErrorCode::data, "the file is too large for a journal segment", path,
                       "a segment has at most 4 GiB", "name a file that Millrace's journal wrote");
    return size;
}

}  // namespace

std::string segment_name(std::uint32_t index) {
    std::string digits = std::to_string(index);
    return std::string(8 - std::min<std::size_t>(8, digits.size()), '0') + digits +
           std::string(kSuffix);
}

Result<JournalReader> JournalReader::open(Disk& disk, const std::string& path,
                                          std::uint64_t from_sequence, engine::ReadChecks checks) {
    JournalReader reader(disk, checks);
    if (auto found = reader.find_segments(path); !found) return failure(std::move(found.error()));
    if (auto skipped = reader.skip_to(from_sequence); !skipped)
        return failure(std::move(skipped.error()));
    if (auto opened = reader.open_segment(); !opened) return failure(std::move(opened.error()));
    return reader;
}

Result<void> JournalReader::find_segments(const std::string& path) {
    if (path.ends_with(kSuffix)) {
        paths_.push_back(path);
        return {};
    }
    auto names = disk_->list(path);
    if (!names) return failure(std::move(names.error()));
    for (const std::string& name : *names)
        if (is_segment(name)) paths_.push_back((std::filesystem::path(path) / name).string());
    return {};
}

// The last segment that begins at or before the sequence; earlier ones are not read.
Result<void> JournalReader::skip_to(std::uint64_t from_sequence) {
    if (from_sequence <= 1 || paths_.empty()) return {};
    for (std::size_t i = paths_.size(); i-- > 0;) {
        auto file = disk_->open(paths_[i], Disk::Access::read);
        if (!file) return failure(std::move(file.error()));
        std::vector<std::byte> bytes(engine::kSegmentHeaderSize);
        auto got = (*file)->read_at(0, bytes);
        if (!got) return failure(std::move(got.error()));
        bytes.resize(*got);
        const auto header = engine::read_segment_header(bytes);
        if (!header || header->first_sequence > from_sequence) continue;
        next_path_ = i;
        return {};
    }
    return {};
}

std::optional<engine::SegmentHeader> JournalReader::identity() const {
    if (opened_.empty()) return std::nullopt;
    return opened_.front().header;
}

Error JournalReader::damage(std::string_view what, std::size_t offset, std::string why) const {
    return Error{ErrorCode::data, std::string(what),
                 paths_[next_path_ - 1] + ", offset " + std::to_string(offset), std::move(why),
                 "restore this segment from a backup; what stands before the offset is sound and "
                 "can be replayed"};
}

Result<bool> JournalReader::next(engine::RecordView& view) {
    if (pack_place_ < pack_count_) {
        view = engine::input_at(pack_, pack_place_++);
        ++end_.next_sequence;
        return true;
    }
    for (;;) {
        if (!is_open_) {
            auto opened = open_segment();
            if (!opened || !*opened) return opened;
        }
        if (is_sealed_) {
            auto more = finish_segment();
            if (!more || !*more) return more;
            continue;
        }
        engine::RecordRead read = engine::read_record(window_, offset_ - window_begin_, checks_);
        if (read.state != engine::RecordState::whole) {
            auto more = load_more();
            if (more && *more) continue;
            if (more) more = finish_segment();
            if (!more || !*more) return more;
            continue;
        }
        const engine::RecordHeader& header = read.view.header;
        if (header.sequence != end_.next_sequence)
            return failure(damage("a record is out of its place", offset_,
                                  "record " + std::to_string(end_.next_sequence) +
                                      " should stand here, not " +
                                      std::to_string(header.sequence)));
        if (header.kind == engine::kSealKind) {
            is_sealed_ = true;
            continue;
        }
        if (!model::noun_of(header.kind))
            return failure(damage(
                "a record is of an unknown kind", offset_,
                "kind " + std::to_string(header.kind) + "; a newer Millrace may have written it"));
        read.view.offset = offset_;
        offset_ += read.view.size;
        ++end_.next_sequence;
        if ((header.version & engine::kPackedBit) == 0) [[likely]] {
            view = read.view;
            return true;
        }
        pack_ = read.view;
        pack_count_ = engine::inputs_in(pack_);
        if (pack_count_ == 0)
            return failure(damage("a pack of inputs has the wrong size", pack_.offset,
                                  std::to_string(pack_.payload.size()) + " bytes of kind " +
                                      std::to_string(header.kind)));
        view = engine::input_at(pack_, 0);
        pack_place_ = 1;
        return true;
    }
}

// So many bytes from a little before the next record on, as far as there are any.
Result<void> JournalReader::load(std::uint64_t bytes) {
    window_begin_ = offset_ / kWindowAlignment * kWindowAlignment;
    window_.resize(std::min(bytes, file_bytes_ - window_begin_));
    auto got = file_->read_at(window_begin_, window_);
    if (!got) return failure(std::move(got.error()));
    if (*got < window_.size()) file_bytes_ = window_begin_ + *got;
    window_.resize(*got);
    return {};
}

// Where the window has no whole record at offset_: moves it there, and when that did not help
// either, widens it to the end of the file, which is what a judgement needs. False when it reaches
// there already.
Result<bool> JournalReader::load_more() {
    if (window_begin_ + window_.size() == file_bytes_) return false;
    const bool is_moved = offset_ - window_begin_ < kWindowAlignment;
    if (auto loaded = load(is_moved ? file_bytes_ : kWindowBytes); !loaded)
        return failure(std::move(loaded.error()));
    return true;
}

Result<bool> JournalReader::open_segment() {
    if (next_path_ == paths_.size()) return false;
    const std::string& path = paths_[next_path_++];
    auto file = disk_->open(path, Disk::Access::read);
    if (!file) return failure(std::move(file.error()));
    file_ = std::move(*file);
    auto size = size_of(*file_, path);
    if (!size) return failure(std::move(size.error()));
    file_bytes_ = *size;
    offset_ = 0;
    if (auto loaded = load(kWindowBytes); !loaded) return failure(std::move(loaded.error()));
    const bool is_last = next_path_ == paths_.size();
    auto header = engine::read_segment_header(window_);
    if (!header) {
        if (auto loaded = load(file_bytes_); !loaded) return failure(std::move(loaded.error()));
        if (is_last && engine::is_segment_header_torn(window_)) {
            end_.unborn_segment = path;
            return false;
        }
        header.error().where = path + ", " + header.error().where;
        return failure(std::move(header.error()));
    }
    if (!opened_.empty()) {
        const engine::SegmentHeader& before = opened_.back().header;
        if (header->journal_id != before.journal_id || header->composition != before.composition)
            return failure(damage("a segment of another journal stands among these", 0,
                                  "its journal id differs"));
        if (header->index != before.index + 1 || header->first_sequence != end_.next_sequence)
            return failure(damage("a segment is missing before this one", 0,
                                  "it begins with record " +
                                      std::to_string(header->first_sequence) + ", expected " +
                                      std::to_string(end_.next_sequence)));
    }
    opened_.push_back({path, *header, file_bytes_});
    end_.segment = path;
    end_.index = header->index;
    end_.next_sequence = header->first_sequence;
    offset_ = engine::kSegmentHeaderSize;
    end_.offset = offset_;
    is_open_ = true;
    is_sealed_ = false;
    return true;
}

// The open segment has no further record: is that its proper end? True when there may be another
// segment.
Result<bool> JournalReader::finish_segment() {
    is_open_ = false;
    end_.offset = offset_;
    end_.sealed = is_sealed_;
    const bool is_last = next_path_ == paths_.size();
    if (is_sealed_) {
        if (auto loaded = load(file_bytes_); !loaded) return failure(std::move(loaded.error()));
        const std::size_t at = offset_ - window_begin_;
        const std::size_t behind = at + engine::read_record(window_, at, checks_).view.size;
        if (engine::read_record(window_, behind, checks_).state != engine::RecordState::end)
            return failure(damage("something stands behind the seal", window_begin_ + behind,
                                  "a sealed segment ends with its seal"));
        return !is_last;
    }
    const engine::TailVerdict tail =
        engine::judge_tail(window_, offset_ - window_begin_, end_.next_sequence);
    if (tail.damaged) return failure(damage("a record is damaged", offset_, tail.why));
    end_.torn_bytes = tail.bytes;
    end_.torn_why = tail.why;
    if (is_last) return false;
    // A segment is sealed, durably, before the next one is made; only an unborn one may follow an
    // unsealed.
    Error lost_end = damage("a segment has lost its end", offset_,
                            "it is not sealed, and " + paths_[next_path_] + " stands behind it");
    const auto next = open_segment();
    if (next && !*next) return false;
    return failure(std::move(lost_end));
}

Result<void> repair_journal(Disk& disk, const JournalEnd& end) {
    if (!end.unborn_segment.empty()) {
        if (auto removed = disk.remove(end.unborn_segment); !removed) return removed;
        const std::string directory =
            std::filesystem::path(end.unborn_segment).parent_path().string();
        if (auto synced = disk.sync_directory(directory.empty() ? "." : directory); !synced)
            return synced;
    }
    if (end.torn_bytes == 0) return {};
    auto file = disk.open(end.segment, Disk::Access::write);
    if (!file) return failure(std::move(file.error()));
    if (auto cut = (*file)->resize(end.offset); !cut) return cut;
    return (*file)->sync();
}

}  // namespace millrace::store
