// Journal bytes: no bytes crash the readers, and a whole record is framed again to the same bytes.
// The input is read as a segment, as it is and once more with the checksum of its first record put
// right (or no mutation would ever get past it).
#include <algorithm>
#include <cstring>
#include <vector>

#include "millrace/base/crc32c.hpp"
#include "millrace/core/engine/journal_format.hpp"

using namespace millrace;
using engine::RecordState;

namespace {

void read_all(std::span<const std::byte> segment) {
    for (std::size_t offset = 0; offset <= segment.size(); offset += 8) {
        (void)engine::read_record(segment, offset, {.crc = false});
        const engine::RecordRead read = engine::read_record(segment, offset);
        if (read.state != RecordState::whole) {
            MILLRACE_ASSERT(read.state == RecordState::end || !read.why.empty(),
                            "a broken record without a reason");
            continue;
        }
        const auto record = segment.subspan(offset, read.view.size);
        std::vector<std::byte> again(engine::record_size(read.view.payload.size()));
        engine::write_record(read.view.header, read.view.payload, again);
        MILLRACE_ASSERT(std::ranges::equal(again, record), "a whole record has two forms");
    }
}

void judge(std::span<const std::byte> segment, std::uint64_t next_sequence) {
    const engine::TailVerdict verdict = engine::judge_tail(segment, 0, next_sequence);
    MILLRACE_ASSERT(verdict.bytes <= segment.size(), "a tail longer than its segment");
    MILLRACE_ASSERT(!verdict.damaged || !verdict.why.empty(), "damage without a reason");
}

void put_checksum_right(std::span<std::byte> segment) {
    std::uint32_t length = 0;
    if (segment.size() < engine::kRecordHeaderSize) return;
    std::memcpy(&length, segment.data(), sizeof length);
    if (length > engine::kPayloadMax || segment.size() < engine::record_size(length)) return;
    const std::uint32_t check = ~length;
    std::memcpy(segment.data() + sizeof length, &check, sizeof check);
    const std::size_t checked = engine::record_size(length) - engine::kRecordTrailerSize;
    const std::uint32_t crc = crc32c(segment.first(checked));
    std::memcpy(segment.data() + checked, &crc, sizeof crc);
    std::memcpy(segment.data() + checked + sizeof crc, "!DNE", 4);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    std::vector<std::byte> segment(bytes.begin(), bytes.end());
    if (const auto header = engine::read_segment_header(segment)) {
        std::array<std::byte, engine::kSegmentHeaderSize> again{};
        engine::write_segment_header(*header, again);
        MILLRACE_ASSERT(!engine::is_segment_header_torn(segment), "a whole header looks torn");
    }
    read_all(segment);
    judge(segment, 1);
    put_checksum_right(segment);
    read_all(segment);
    judge(segment, UINT64_MAX);
    return 0;
}
