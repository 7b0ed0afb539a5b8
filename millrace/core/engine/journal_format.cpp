// Writing and reading of segments and records, and the judgement over a broken tail.
#include "millrace/core/engine/journal_format.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "millrace/base/crc32c.hpp"
#include "millrace/core/model/nouns.hpp"

namespace millrace::engine {
namespace {

constexpr std::array<char, 8> kMagic = {'M', 'I', 'L', 'L', 'J', 'R', 'N', 'L'};
constexpr std::uint32_t kEndMark =
    0x454e4421;                           // non-zero, so that a tail that was never written shows
constexpr std::size_t kSectorSize = 512;  // what a disk writes whole or not at all

struct SegmentHeaderBytes {
    std::array<char, 8> magic{};
    std::uint32_t format = 0;
    std::uint32_t index = 0;
    std::uint64_t journal_id = 0;
    std::uint64_t first_sequence = 0;
    std::uint64_t composition = 0;
    std::uint64_t seed = 0;
    std::uint64_t reserved = 0;
    std::uint32_t crc = 0;
    std::uint32_t end_mark = 0;
};
static_assert(sizeof(SegmentHeaderBytes) == kSegmentHeaderSize);

struct RecordHeaderBytes {
    std::uint32_t length = 0;
    std::uint32_t length_check = 0;  // ~length: a length is never believed on its own
    std::uint64_t sequence = 0;
    std::uint64_t origin_sequence = 0;
    std::uint32_t place_in_group = 0;
    Origin origin = 0;
    std::uint8_t kind = 0;
    std::uint8_t version = 0;
};
static_assert(sizeof(RecordHeaderBytes) == kRecordHeaderSize);

struct RecordTrailerBytes {
    std::uint32_t crc = 0;
    std::uint32_t end_mark = 0;
};
static_assert(sizeof(RecordTrailerBytes) == kRecordTrailerSize);

template <class T>
T load(std::span<const std::byte> bytes, std::size_t offset) {
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

bool all_zero(std::span<const std::byte> bytes) {
    return std::all_of(bytes.begin(), bytes.end(),
                       [](std::byte byte) { return byte == std::byte{0}; });
}

// Whether a whole sector's share of the range [from, to) is zero: it was never written.
bool has_unwritten_sector(std::span<const std::byte> segment, std::size_t from, std::size_t to) {
    while (from < to) {
        const std::size_t end = std::min(to, (from / kSectorSize + 1) * kSectorSize);
        if (all_zero(segment.subspan(from, end - from))) return true;
        from = end;
    }
    return false;
}

// Whether a record was begun here and the file is too short to hold all of it.
bool ends_inside_record(std::span<const std::byte> rest) {
    if (all_zero(rest)) return false;
    if (rest.size() < kRecordHeaderSize) return true;
    const auto header = load<RecordHeaderBytes>(rest, 0);
    return header.length_check == ~header.length && header.length <= kPayloadMax &&
           rest.size() < record_size(header.length);
}

RecordRead broken(RecordState state, std::string_view why) {
    return {state, {}, why};
}

}  // namespace

void write_segment_header(const SegmentHeader& header,
                          std::span<std::byte, kSegmentHeaderSize> out) {
    SegmentHeaderBytes bytes;
    bytes.magic = kMagic;
    bytes.format = kJournalFormat;
    bytes.index = header.index;
    bytes.journal_id = header.journal_id;
    bytes.first_sequence = header.first_sequence;
    bytes.composition = header.composition;
    bytes.seed = header.seed;
    bytes.end_mark = kEndMark;
    std::memcpy(out.data(), &bytes, sizeof bytes);
    bytes.crc = crc32c(out.first(offsetof(SegmentHeaderBytes, crc)));
    std::memcpy(out.data(), &bytes, sizeof bytes);
}

Result<SegmentHeader> read_segment_header(std::span<const std::byte> segment) {
    if (segment.size() < kSegmentHeaderSize)
        return failure(ErrorCode::data, "the segment ends inside its header", "offset 0",
                       "it has " + std::to_string(segment.size()) + " bytes, the header 64",
                       "restore the file from a backup");
    const auto bytes = load<SegmentHeaderBytes>(segment, 0);
    if (bytes.magic != kMagic)
        return failure(ErrorCode::data, "this is not a journal segment", "offset 0",
                       "its first bytes are not MILLJRNL",
                       "name a file that Millrace's journal wrote");
    if (bytes.crc != crc32c(segment.first(offsetof(SegmentHeaderBytes, crc))) ||
        bytes.end_mark != kEndMark)
        return failure(ErrorCode::data, "the segment's header is damaged", "offset 0",
                       "its checksum does not match", "restore the file from a backup");
    if (bytes.format != kJournalFormat)
        return failure(ErrorCode::data,
                       "journal format " + std::to_string(bytes.format) + " is unknown", "offset 8",
                       "this program knows format " + std::to_string(kJournalFormat),
                       "use the Millrace that wrote it, or a newer one");
    return SegmentHeader{bytes.index, bytes.journal_id, bytes.first_sequence, bytes.composition,
                         bytes.seed};
}

bool is_segment_header_torn(std::span<const std::byte> segment) {
    // Another's file of this name is not to be taken for ours, or a repair would remove it.
    const auto begin = segment.first(std::min(segment.size(), kMagic.size()));
    const bool is_ours =
        all_zero(begin) || std::memcmp(begin.data(), kMagic.data(), begin.size()) == 0;
    if (segment.size() < kSegmentHeaderSize || !is_ours) return is_ours;
    const auto bytes = load<SegmentHeaderBytes>(segment, 0);
    // Records follow only a header that is durable.
    return bytes.crc == 0 && bytes.end_mark == 0 && all_zero(segment.subspan(kSegmentHeaderSize));
}

std::size_t write_record(const RecordHeader& header, std::span<const std::byte> payload,
                         std::span<std::byte> out) {
    MILLRACE_ASSERT(out.size() >= record_size(payload.size()),
                    "the buffer is too small for the record");
    std::copy(payload.begin(), payload.end(), out.begin() + kRecordHeaderSize);
    return frame_record(header, payload.size(), out);
}

std::size_t frame_record(const RecordHeader& header, std::size_t payload_size,
                         std::span<std::byte> out) {
    MILLRACE_ASSERT(payload_size <= kPayloadMax, "a record's payload is at most 4096 bytes");
    const std::size_t size = record_size(payload_size);
    MILLRACE_ASSERT(out.size() >= size, "the buffer is too small for the record");
    // RecordHeaderBytes in words of eight bytes: the checksum reads it so, and to read back what
    // was written in smaller pieces stalls the processor (16 of 35 ns a record: Journal/append).
    const auto length = static_cast<std::uint32_t>(payload_size);
    const std::array<std::uint64_t, 4> words = {
        length | std::uint64_t{~length} << 32, header.sequence, header.origin_sequence,
        header.place_in_group | std::uint64_t{header.origin} << 32 |
            std::uint64_t{header.kind} << 48 | std::uint64_t{header.version} << 56};
    static_assert(sizeof words == kRecordHeaderSize);
    std::memcpy(out.data(), words.data(), sizeof words);
    const std::size_t used = kRecordHeaderSize + payload_size;
    const std::size_t checked = size - kRecordTrailerSize;
    std::memset(out.data() + used, 0, checked - used);
    const RecordTrailerBytes trailer{crc32c(out.first(checked)), kEndMark};
    std::memcpy(out.data() + checked, &trailer, sizeof trailer);
    return size;
}

RecordRead read_record(std::span<const std::byte> segment, std::size_t offset, ReadChecks checks) {
    const std::span<const std::byte> rest = segment.subspan(offset);
    if (rest.size() < kRecordHeaderSize)
        return all_zero(rest) ? RecordRead{}
                              : broken(RecordState::torn, "the file ends inside a record's header");
    const auto bytes = load<RecordHeaderBytes>(rest, 0);
    if (bytes.length_check != ~bytes.length) {
        const auto header = rest.first(kRecordHeaderSize);
        if (all_zero(header))
            return all_zero(rest) ? RecordRead{}
                                  : broken(RecordState::torn, "zeros stand in place of a record");
        if (has_unwritten_sector(segment, offset, offset + kRecordHeaderSize) ||
            all_zero(header.subspan(8)))
            return broken(RecordState::torn, "a record's header was not wholly written");
        return broken(RecordState::damaged, "a record's length is damaged");
    }
    if (bytes.length > kPayloadMax)
        return broken(RecordState::damaged, "a record's length is damaged");
    const std::size_t size = record_size(bytes.length);
    if (rest.size() < size) return broken(RecordState::torn, "the file ends inside a record");
    const std::size_t checked = size - kRecordTrailerSize;
    const auto trailer = load<RecordTrailerBytes>(rest, checked);
    const auto padding = rest.first(checked).subspan(kRecordHeaderSize + bytes.length);
    const bool sound = trailer.end_mark == kEndMark && all_zero(padding) &&
                       (!checks.crc || trailer.crc == crc32c(rest.first(checked)));
    if (!sound) {
        if ((trailer.end_mark >> 24) == 0 || has_unwritten_sector(segment, offset, offset + size))
            return broken(RecordState::torn, "a record was not wholly written");
        return broken(RecordState::damaged, "a record's checksum does not match");
    }
    RecordRead read{RecordState::whole, {}, {}};
    read.view.header = {bytes.sequence, bytes.origin_sequence, bytes.place_in_group, bytes.origin,
                        bytes.kind,     bytes.version};
    read.view.payload = rest.subspan(kRecordHeaderSize, bytes.length);
    read.view.offset = offset;
    read.view.size = size;
    return read;
}

std::size_t inputs_in(const RecordView& record) {
    if ((record.header.version & kPackedBit) == 0) return 1;
    const auto noun = model::noun_of(record.header.kind);
    if (!noun || record.header.origin != 0) return 0;
    const model::NounDescription& description = model::description_of(*noun);
    if (!description.flat || record.payload.size() % description.size != 0) return 0;
    return record.payload.size() / description.size;
}

RecordView input_at(const RecordView& record, std::size_t place) {
    const std::size_t count = inputs_in(record);
    MILLRACE_ASSERT(place < count, "a record does not have so many inputs");
    RecordView input = record;
    input.header.sequence += place;
    input.header.place_in_group += static_cast<std::uint32_t>(place);
    input.header.version &= static_cast<std::uint8_t>(~kPackedBit);
    const std::size_t size = record.payload.size() / count;
    input.payload = record.payload.subspan(place * size, size);
    return input;
}

TailVerdict judge_tail(std::span<const std::byte> segment, std::size_t offset,
                       std::uint64_t next_sequence) {
    TailVerdict verdict;
    const RecordRead first = read_record(segment, offset);
    verdict.why = first.why;
    std::size_t end = segment.size();
    // Zeros at the end are room laid out ahead, unless the file ends inside this very record.
    if (!ends_inside_record(segment.subspan(offset)))
        while (end > offset && segment[end - 1] == std::byte{0})
            --end;
    verdict.bytes = end - offset;
    verdict.damaged = first.state == RecordState::damaged;
    // Records are aligned to eight bytes, so every follower is found whatever the hole's length.
    for (std::size_t at = offset + 8; at + kRecordHeaderSize <= end && !verdict.damaged; at += 8) {
        const RecordRead follower = read_record(segment, at);
        if (follower.state != RecordState::whole) continue;
        const RecordHeader& header = follower.view.header;
        if (header.sequence - header.place_in_group <= next_sequence) continue;
        verdict.damaged = true;
        verdict.why += ", and record " + std::to_string(header.sequence) +
                       " behind it was written after it had been durable";
    }
    return verdict;
}

}  // namespace millrace::engine
