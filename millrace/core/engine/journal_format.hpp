// The journal's bytes: segments of records (docs/reference/journal-format.md). Pure functions over
// memory; the files are in edge/store.
//
//   segment  = header (64 bytes), records, [zeros where the file was laid out ahead of the writing]
//   record   = header (32), payload, zeros to a multiple of 8, CRC32C of all before, end mark
//
// A record is one input, or a pack of market data that shares one header and one checksum.
//
// Records are written in groups, each made durable before the next is begun. A record carries its
// place in its group; so a reader knows, of a hole, whether what follows it was written after the
// hole had been durable (damage: refuse) or in the same group (a torn tail of a crash: cut).
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "millrace/base/result.hpp"
#include "millrace/core/engine/input.hpp"

namespace millrace::engine {

inline constexpr std::uint32_t kJournalFormat = 1;
inline constexpr std::size_t kSegmentHeaderSize = 64;
inline constexpr std::size_t kRecordHeaderSize = 32;
inline constexpr std::size_t kRecordTrailerSize = 8;
inline constexpr std::size_t kPayloadMax = 4096;  // more than the largest noun takes
inline constexpr std::uint8_t kSealKind =
    0xff;  // ends a segment that was closed in order; no input

// Set in a record's version: it carries several inputs of one flat noun and of no origin, one
// struct behind the other; its sequence and place are those of the first.
inline constexpr std::uint8_t kPackedBit = 0x80;

struct SegmentHeader {
    std::uint32_t index = 0;           // 1, 2, 3 … as in the file's name
    std::uint64_t journal_id = 0;      // the same in every segment of a journal
    std::uint64_t first_sequence = 0;  // of the first record
    std::uint64_t composition = 0;     // Engine::composition() of the engine that was fed
    std::uint64_t seed = 0;            // and its seed
};

struct RecordHeader {
    std::uint64_t sequence = 0;
    std::uint64_t origin_sequence = 0;
    std::uint32_t place_in_group = 0;  // 0 for the first record of a group commit
    Origin origin = 0;
    std::uint8_t kind = 0;     // a Noun, or kSealKind
    std::uint8_t version = 0;  // of the noun's binary form, and kPackedBit
};

// A record where it lies in its segment.
struct RecordView {
    RecordHeader header;
    std::span<const std::byte> payload;
    std::size_t offset = 0;
    std::size_t size = 0;  // with header, padding and trailer
};

[[nodiscard]] constexpr std::size_t record_size(std::size_t payload_size) {
    return kRecordHeaderSize + (payload_size + 7) / 8 * 8 + kRecordTrailerSize;
}

void write_segment_header(const SegmentHeader& header,
                          std::span<std::byte, kSegmentHeaderSize> out);
// Errors: not a journal, another format version, damaged.
Result<SegmentHeader> read_segment_header(std::span<const std::byte> segment);
// Whether the header was begun but never wholly written: a crash fell into the making of the
// segment.
[[nodiscard]] bool is_segment_header_torn(std::span<const std::byte> segment);

// Writes the record around the payload; `out` must hold record_size(payload.size()). Returns the
// size.
std::size_t write_record(const RecordHeader& header, std::span<const std::byte> payload,
                         std::span<std::byte> out);
// The same with the payload written in place already, at out + kRecordHeaderSize.
std::size_t frame_record(const RecordHeader& header, std::size_t payload_size,
                         std::span<std::byte> out);

// Checks that the tests switch off, one at a time, to prove that the simulation notices.
struct ReadChecks {
    bool crc = true;
};

enum class RecordState {
    whole,    // view is set
    end,      // nothing but zeros, or nothing, follows
    torn,     // begun but not wholly written, as a crash leaves it
    damaged,  // wholly written once, and changed since
};

struct RecordRead {
    RecordState state = RecordState::end;
    RecordView view;
    std::string_view why;  // of torn and damaged
};

// The record at `offset` of a segment's bytes, looked at alone.
[[nodiscard]] RecordRead read_record(std::span<const std::byte> segment, std::size_t offset,
                                     ReadChecks checks = {});

// How many inputs a whole record carries; 0 for a packed one that is none.
[[nodiscard]] std::size_t inputs_in(const RecordView& record);
// One of them, as a record of its own would show it; offset and size are those of the whole.
[[nodiscard]] RecordView input_at(const RecordView& record, std::size_t place);

// What is wrong with the rest of a segment from `offset`, where read_record() found no whole
// record. `next_sequence` is that of the record which should stand there. Torn tails whose
// followers were written later are damage.
struct TailVerdict {
    bool damaged = false;
    std::size_t bytes = 0;  // of a torn tail: from offset to the last byte that is not zero
    std::string why;
};
[[nodiscard]] TailVerdict judge_tail(std::span<const std::byte> segment, std::size_t offset,
                                     std::uint64_t next_sequence);

}  // namespace millrace::engine
