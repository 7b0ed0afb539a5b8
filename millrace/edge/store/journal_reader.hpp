// JournalReader: reads a journal's records in order, segment by segment, checking everything on the
// way. It changes nothing; what it finds at the end (a torn tail) is told, and JournalWriter or
// repair_journal() act on it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "millrace/core/engine/journal_format.hpp"
#include "millrace/edge/store/disk.hpp"

namespace millrace::store {

// How the journal ends: known when next() has returned false.
struct JournalEnd {
    std::string segment;              // path of the last segment; empty when there is none
    std::uint32_t index = 0;          // its number
    std::uint64_t offset = 0;         // where the next record belongs
    std::uint64_t next_sequence = 1;  // of that record
    bool sealed = false;              // closed in order
    std::uint64_t torn_bytes = 0;     // of an unfinished record behind `offset`
    std::string torn_why;
    std::string
        unborn_segment;  // path of a segment whose making a crash interrupted; holds nothing
};

struct SegmentInfo {
    std::string path;
    engine::SegmentHeader header;
    std::uint64_t bytes = 0;
};

class JournalReader {
  public:
    // Of a directory with segments, or of a single segment file. Starts at the segment that holds
    // `from_sequence`.
    static Result<JournalReader> open(Disk& disk, const std::string& path,
                                      std::uint64_t from_sequence = 1,
                                      engine::ReadChecks checks = {});

    // The next input's record; false at the end. The view lives until the next call. Damage is an
    // error that names the segment and offset; after an error the reader is of no more use.
    Result<bool> next(engine::RecordView& view);

    [[nodiscard]] const JournalEnd& end() const { return end_; }
    // Segments in order, as far as they were opened.
    [[nodiscard]] const std::vector<SegmentInfo>& segments() const { return opened_; }
    // The header that it begins with; nothing when the journal is empty.
    [[nodiscard]] std::optional<engine::SegmentHeader> identity() const;

  private:
    JournalReader(Disk& disk, engine::ReadChecks checks) : disk_(&disk), checks_(checks) {}

    Result<void> find_segments(const std::string& path);
    Result<void> skip_to(std::uint64_t from_sequence);
    Result<bool> open_segment();
    Result<bool> finish_segment();
    Result<void> load(std::uint64_t bytes);
    Result<bool> load_more();
    [[nodiscard]] Error damage(std::string_view what, std::size_t offset, std::string why) const;

    Disk* disk_;
    engine::ReadChecks checks_;
    std::vector<std::string> paths_;
    std::size_t next_path_ = 0;
    std::vector<SegmentInfo> opened_;
    std::unique_ptr<File> file_;     // the open segment
    std::uint64_t file_bytes_ = 0;   // its size when it was opened
    std::vector<std::byte> window_;  // a part of it, from window_begin_
    std::size_t window_begin_ = 0;
    std::size_t offset_ = 0;   // of the next record in the segment
    engine::RecordView pack_;  // the record whose inputs are being given out
    std::size_t pack_count_ = 0;
    std::size_t pack_place_ = 0;  // of the next one
    bool is_open_ = false;
    bool is_sealed_ = false;
    JournalEnd end_;
};

// "00000001.journal"
[[nodiscard]] std::string segment_name(std::uint32_t index);

// Cuts a torn tail and removes an unborn segment, durably.
Result<void> repair_journal(Disk& disk, const JournalEnd& end);

}  // namespace millrace::store
