// Tapes for tests: events in order, a tape of them on a simulated disk, and the sums of a tape put
// right after a change, without which nothing would ever get past them. The offsets are those of
// docs/reference/tape-format.md, written out again so that they are tested too.
#pragma once

#include <algorithm>
#include <cstring>

#include "millrace/base/crc32c.hpp"
#include "millrace/core/engine/input.hpp"
#include "millrace/core/model/datum.hpp"
#include "millrace/edge/store/simulated_disk.hpp"
#include "millrace/edge/store/tape/tape_reader.hpp"
#include "millrace/edge/store/tape/tape_writer.hpp"

namespace millrace::tape {

[[nodiscard]] inline engine::Record record_of(const model::Datum& datum) {
    return std::visit([](const auto& noun) { return engine::record_of(noun); }, datum);
}

inline void put_in_order(std::vector<model::Datum>& events) {
    std::vector<std::pair<engine::OrderKey, std::size_t>> places;  // equal keys keep their order
    for (const model::Datum& event : events)
        places.emplace_back(engine::order_key_of(record_of(event)), places.size());
    std::ranges::sort(places);
    std::vector<model::Datum> sorted;
    for (const auto& [key, place] : places)
        sorted.push_back(events[place]);
    events = std::move(sorted);
}

[[nodiscard]] inline std::vector<model::Instrument> instruments_for_test(std::uint32_t count) {
    std::vector<model::Instrument> instruments(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        instruments[i].id = InstrumentId(i);
        instruments[i].symbol = Text<32>::from("SYN" + std::to_string(i)).value();
        instruments[i].currency = "USD";
        instruments[i].price_increment = Price::from_raw(Price::kOne / 100);
        instruments[i].quantity_increment = Quantity::whole(1);
        instruments[i].multiplier = Ratio::whole(1);
    }
    return instruments;
}

[[nodiscard]] inline std::vector<model::Source> sources_for_test(std::uint16_t count) {
    std::vector<model::Source> sources(count);
    for (std::uint16_t i = 0; i < count; ++i) {
        sources[i].id = SourceId(i);
        sources[i].name = Text<32>::from("feed" + std::to_string(i)).value();
    }
    return sources;
}

inline Result<Counts> write_tape(store::Disk& disk, const std::string& path,
                                 std::span<const model::Instrument> instruments,
                                 std::span<const model::Source> sources,
                                 std::span<const model::Datum> events) {
    auto writer = TapeWriter::create(disk, path, instruments, sources);
    if (!writer) return failure(std::move(writer.error()));
    for (const model::Datum& event : events)
        if (auto taken = (*writer)->append(event); !taken) return failure(std::move(taken.error()));
    return (*writer)->finish();
}

// Every event, or the first error.
inline Result<std::vector<model::Datum>> read_tape(store::Disk& disk, const std::string& path) {
    auto reader = TapeReader::open(disk, path);
    if (!reader) return failure(std::move(reader.error()));
    std::vector<model::Datum> events;
    model::Datum event;
    for (;;) {
        const auto more = reader->next(event);
        if (!more) return failure(more.error());
        if (!*more) return events;
        events.push_back(event);
    }
}

namespace tape_bytes_internal {

inline std::uint32_t word_at(std::span<const std::byte> bytes, std::size_t offset) {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes.data() + offset, sizeof word);
    return word;
}

inline void put_sum(std::span<std::byte> bytes, std::size_t from, std::size_t at) {
    const std::uint32_t crc = crc32c(bytes.subspan(from, at - from));
    std::memcpy(bytes.data() + at, &crc, sizeof crc);
}

}  // namespace tape_bytes_internal

// As far as the lengths that the bytes tell can be followed.
inline void put_sums_right(std::span<std::byte> bytes) {
    using tape_bytes_internal::put_sum;
    using tape_bytes_internal::word_at;
    constexpr std::size_t kHead = 32;
    constexpr std::size_t kBlockHead = 40;
    constexpr std::size_t kEnd = 80;
    if (bytes.size() < kHead + 8 + kEnd) return;
    put_sum(bytes, 0, 28);
    std::size_t offset = word_at(bytes, 12);
    if (offset < kHead + 8 || offset > bytes.size() - kEnd) return;
    put_sum(bytes, kHead, offset - 4);
    while (offset + kBlockHead + 8 <= bytes.size() - kEnd &&
           word_at(bytes, offset) == 0x4b4f4c42) {  // "BLOK"
        put_sum(bytes, offset, offset + 36);
        const std::size_t size = word_at(bytes, offset + 4);
        if (size < kBlockHead + 8 || size > bytes.size() - kEnd - offset) break;
        put_sum(bytes, offset + kBlockHead, offset + size - 4);
        offset += size;
    }
    const std::size_t end = bytes.size() - kEnd;
    std::uint64_t index = 0;
    std::memcpy(&index, bytes.data() + end + 48, sizeof index);
    if (index <= end) put_sum(bytes, index, end + 68);
}

}  // namespace millrace::tape
