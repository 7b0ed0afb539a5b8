#include "millrace/core/engine/journal_format.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "millrace/core/model/binary.hpp"

#include "tests/support/random_nouns.hpp"

namespace millrace::engine {
namespace {

using Bytes = std::vector<std::byte>;

Bytes payload_of(std::size_t size, std::uint64_t seed = 1) {
    Random random(seed);
    Bytes payload(size);
    for (std::byte& byte : payload)
        byte = static_cast<std::byte>(1 + random.below(255));
    return payload;
}

Bytes record_bytes(const RecordHeader& header, std::span<const std::byte> payload) {
    Bytes bytes(record_size(payload.size()));
    EXPECT_EQ(write_record(header, payload, bytes), bytes.size());
    return bytes;
}

RecordHeader header_of(std::uint64_t sequence, std::uint32_t place) {
    return {sequence, 0, place, 0, static_cast<std::uint8_t>(Noun::quote), 1};
}

// A segment in the making: records one behind the other.
struct Segment {
    Bytes bytes;
    std::vector<std::size_t> offsets;

    std::size_t add(const RecordHeader& header, std::size_t payload_size) {
        const std::size_t offset = bytes.size();
        const Bytes record = record_bytes(header, payload_of(payload_size, header.sequence));
        bytes.insert(bytes.end(), record.begin(), record.end());
        offsets.push_back(offset);
        return offset;
    }
    void seal(std::uint64_t sequence) {
        const Bytes record = record_bytes({sequence, 0, 0, 0, kSealKind, 1}, {});
        bytes.insert(bytes.end(), record.begin(), record.end());
    }
    void erase(std::size_t from, std::size_t to) {
        std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                  bytes.begin() + static_cast<std::ptrdiff_t>(to), std::byte{0});
    }
};

class EveryNounRecord : public testing::TestWithParam<Noun> {};

TEST_P(EveryNounRecord, Comes_back_as_it_was_written) {
    const model::NounDescription& noun = model::description_of(GetParam());
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Random random(seed);
        model::NounBuffer value;
        model::fill_randomly(noun, random, value.data());
        Bytes payload(model::binary_size_max(noun));
        payload.resize(model::write_binary(noun, value.data(), payload));
        const RecordHeader header{random.next(),
                                  random.next(),
                                  static_cast<std::uint32_t>(random.next()),
                                  static_cast<Origin>(random.next()),
                                  static_cast<std::uint8_t>(noun.noun),
                                  noun.version};
        const Bytes bytes = record_bytes(header, payload);
        const RecordRead read = read_record(bytes, 0);
        ASSERT_EQ(read.state, RecordState::whole) << "seed " << seed;
        EXPECT_EQ(read.view.header.sequence, header.sequence);
        EXPECT_EQ(read.view.header.origin_sequence, header.origin_sequence);
        EXPECT_EQ(read.view.header.place_in_group, header.place_in_group);
        EXPECT_EQ(read.view.header.origin, header.origin);
        EXPECT_EQ(read.view.header.kind, header.kind);
        EXPECT_EQ(read.view.header.version, header.version);
        EXPECT_EQ(read.view.size, bytes.size());
        ASSERT_TRUE(std::ranges::equal(read.view.payload, payload)) << "seed " << seed;
    }
}

INSTANTIATE_TEST_SUITE_P(Nouns, EveryNounRecord, testing::ValuesIn(model::all_nouns()),
                         [](const auto& test) {
                             return std::string(model::description_of(test.param).name);
                         });

TEST(JournalRecord, Takes_a_multiple_of_eight_bytes) {
    EXPECT_EQ(record_size(0), 40U);
    EXPECT_EQ(record_size(1), 48U);
    EXPECT_EQ(record_size(8), 48U);
    EXPECT_EQ(record_size(4'096), 4'136U);
    EXPECT_THROW((void)record_bytes(header_of(1, 0), payload_of(4'097)), AssertionFailed);
    Bytes small(record_size(8) - 1);
    EXPECT_THROW((void)write_record(header_of(1, 0), payload_of(8), small), AssertionFailed);
}

// Of this record, so a change of the format cannot pass unseen.
TEST(JournalRecord, Has_the_bytes_of_format_1) {
    const std::array<std::byte, 1> payload = {std::byte{0xab}};
    const Bytes bytes = record_bytes({0x0102, 0x0304, 5, 6, 3, 1}, payload);
    const std::array<int, 40> expected = {
        1,    0, 0, 0, 0xfe, 0xff, 0xff, 0xff,  // length and its complement
        2,    1, 0, 0, 0,    0,    0,    0,     // sequence
        4,    3, 0, 0, 0,    0,    0,    0,     // origin's sequence
        5,    0, 0, 0, 6,    0,    3,    1,     // place in the group, origin, kind, version
        0xab, 0, 0, 0, 0,    0,    0,    0};
    ASSERT_EQ(bytes.size(), 48U);
    for (std::size_t i = 0; i < expected.size(); ++i)
        EXPECT_EQ(std::to_integer<int>(bytes[i]), expected[i]) << i;
    EXPECT_EQ(std::to_integer<int>(bytes[44]), '!');
    EXPECT_EQ(std::to_integer<int>(bytes[45]), 'D');
    EXPECT_EQ(std::to_integer<int>(bytes[46]), 'N');
    EXPECT_EQ(std::to_integer<int>(bytes[47]), 'E');
}

TEST(JournalRecord, Every_flip_of_every_byte_is_noticed) {
    const Bytes original = record_bytes(header_of(9, 2), payload_of(45));
    for (std::size_t i = 0; i < original.size(); ++i)
        for (int flip = 1; flip < 256; ++flip) {
            Bytes bytes = original;
            bytes[i] ^= static_cast<std::byte>(flip);
            const RecordState state = read_record(bytes, 0).state;
            // Only a last byte that became zero looks like a write that stopped just before it.
            const bool may_be_torn = i + 1 == original.size() && bytes[i] == std::byte{0};
            ASSERT_EQ(state, may_be_torn ? RecordState::torn : RecordState::damaged)
                << "byte " << i << " flip " << flip;
        }
}

TEST(JournalRecord, Without_the_check_a_changed_payload_passes) {
    Bytes bytes = record_bytes(header_of(9, 2), payload_of(45));
    bytes[kRecordHeaderSize] ^= std::byte{1};
    EXPECT_EQ(read_record(bytes, 0).state, RecordState::damaged);
    EXPECT_EQ(read_record(bytes, 0, ReadChecks{.crc = false}).state, RecordState::whole);
}

TEST(JournalRecord, Padding_that_is_not_zero_is_damage_whatever_the_checksum_says) {
    const std::array<std::byte, 8> eight = {std::byte{1}, {}, {}, {}, {}, {}, {}, std::byte{9}};
    Bytes bytes = record_bytes(header_of(9, 2), eight);
    ASSERT_EQ(read_record(bytes, 0).state, RecordState::whole);
    bytes[0] = std::byte{1};  // now it says: one byte, and seven of padding
    bytes[4] = std::byte{0xfe};
    EXPECT_EQ(read_record(bytes, 0, ReadChecks{.crc = false}).state, RecordState::damaged);
}

TEST(JournalRecord, A_file_that_ends_inside_a_record_is_torn) {
    const Bytes bytes = record_bytes(header_of(9, 2), payload_of(45));
    EXPECT_EQ(read_record(std::span(bytes).first(0), 0).state, RecordState::end);
    for (std::size_t size = 1; size < bytes.size(); ++size)
        ASSERT_EQ(read_record(std::span(bytes).first(size), 0).state, RecordState::torn) << size;
}

TEST(JournalRecord, A_write_that_stopped_anywhere_in_a_laid_out_file_is_torn) {
    for (const std::size_t offset : {std::size_t{0}, std::size_t{496}, std::size_t{8}}) {
        const Bytes record = record_bytes(header_of(9, 2), payload_of(1'100));
        for (std::size_t written = 1; written < record.size(); ++written) {
            Bytes bytes(offset + record.size() + 4'096);
            std::copy_n(record.begin(), written,
                        bytes.begin() + static_cast<std::ptrdiff_t>(offset));
            ASSERT_EQ(read_record(bytes, offset).state, RecordState::torn)
                << "offset " << offset << " written " << written;
        }
    }
}

// Sectors of a group reach the medium in any order; those that did not are zeros.
TEST(JournalRecord, Every_set_of_lost_sectors_is_torn) {
    constexpr std::size_t kSector = 512;
    for (std::size_t offset = 0; offset < kSector; offset += 8) {
        const Bytes record = record_bytes(header_of(9, 2), payload_of(1'200));
        const std::size_t sectors = (offset + record.size() + kSector - 1) / kSector;
        for (unsigned lost = 1; lost < (1U << sectors); ++lost) {
            Bytes bytes(8 * kSector);
            std::copy(record.begin(), record.end(),
                      bytes.begin() + static_cast<std::ptrdiff_t>(offset));
            for (std::size_t sector = 0; sector < sectors; ++sector)
                if ((lost >> sector & 1) != 0)
                    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(sector * kSector),
                                kSector, std::byte{0});
            const RecordState state = read_record(bytes, offset).state;
            const bool all_lost = lost + 1 == (1U << sectors);
            ASSERT_EQ(state, all_lost ? RecordState::end : RecordState::torn)
                << "offset " << offset << " lost " << lost;
        }
    }
}

TEST(JournalRecord, Zeros_and_nothing_are_the_end) {
    EXPECT_EQ(read_record({}, 0).state, RecordState::end);
    EXPECT_EQ(read_record(Bytes(7), 0).state, RecordState::end);
    EXPECT_EQ(read_record(Bytes(5'000), 8).state, RecordState::end);
}

TEST(JournalRecord, Zeros_with_something_behind_them_are_torn) {
    Bytes bytes(5'000);
    bytes.back() = std::byte{1};
    EXPECT_EQ(read_record(bytes, 0).state, RecordState::torn);
}

TEST(JournalRecord, A_length_beyond_the_limit_is_damage) {
    Bytes bytes(10'000);
    const std::uint32_t length = 4'097;
    const std::uint32_t check = ~length;
    std::memcpy(bytes.data(), &length, sizeof length);
    std::memcpy(bytes.data() + 4, &check, sizeof check);
    EXPECT_EQ(read_record(bytes, 0).state, RecordState::damaged);
}

TEST(JournalTail, A_hole_before_records_of_the_same_group_is_torn) {
    Segment segment;
    segment.add(header_of(1, 0), 20);
    const std::size_t hole = segment.add(header_of(2, 1), 20);
    const std::size_t behind = segment.add(header_of(3, 2), 20);
    segment.erase(hole, behind);
    segment.bytes.resize(segment.bytes.size() + 1'000);
    const TailVerdict verdict = judge_tail(segment.bytes, hole, 2);
    EXPECT_FALSE(verdict.damaged) << verdict.why;
    EXPECT_EQ(verdict.bytes, 2 * record_size(20));
}

TEST(JournalTail, A_hole_at_the_begin_of_the_last_group_is_torn) {
    Segment segment;
    const std::size_t hole = segment.add(header_of(5, 0), 20);
    const std::size_t behind = segment.add(header_of(6, 1), 20);
    segment.erase(hole, behind);
    EXPECT_FALSE(judge_tail(segment.bytes, hole, 5).damaged);
}

TEST(JournalTail, A_hole_before_a_record_of_a_later_group_is_damage) {
    Segment segment;
    const std::size_t hole = segment.add(header_of(5, 0), 20);
    const std::size_t behind = segment.add(header_of(6, 0), 20);
    segment.erase(hole, behind);
    const TailVerdict verdict = judge_tail(segment.bytes, hole, 5);
    EXPECT_TRUE(verdict.damaged);
    EXPECT_EQ(verdict.why,
              "zeros stand in place of a record, and record 6 behind it was written after it had "
              "been durable");
}

TEST(JournalTail, The_second_record_of_a_later_group_tells_as_well) {
    Segment segment;
    const std::size_t hole = segment.add(header_of(5, 0), 20);
    segment.add(header_of(6, 0), 20);
    const std::size_t behind = segment.add(header_of(7, 1), 20);
    segment.erase(hole, behind);
    EXPECT_TRUE(judge_tail(segment.bytes, hole, 5).damaged);
}

TEST(JournalTail, A_seal_behind_the_hole_makes_it_damage) {
    Segment segment;
    const std::size_t hole = segment.add(header_of(5, 0), 20);
    segment.erase(hole, segment.bytes.size());
    segment.seal(6);
    EXPECT_TRUE(judge_tail(segment.bytes, hole, 5).damaged);
}

TEST(JournalTail, A_flipped_byte_is_damage_even_at_the_very_end) {
    Segment segment;
    const std::size_t last = segment.add(header_of(5, 0), 20);
    segment.bytes[last + kRecordHeaderSize] ^= std::byte{1};
    const TailVerdict verdict = judge_tail(segment.bytes, last, 5);
    EXPECT_TRUE(verdict.damaged);
    EXPECT_EQ(verdict.why, "a record's checksum does not match");
}

TEST(JournalTail, A_record_that_the_file_cuts_short_is_torn_with_its_zeros) {
    Segment segment;
    segment.bytes.resize(64);
    segment.seal(5);  // of 40 bytes, among them 16 to 27 zeros
    for (std::size_t left = 5; left < 40; ++left) {
        const TailVerdict verdict = judge_tail(std::span(segment.bytes).first(64 + left), 64, 5);
        EXPECT_FALSE(verdict.damaged) << left;
        EXPECT_EQ(verdict.bytes, left);
    }
}

TEST(JournalTail, Zeros_to_the_end_are_a_tail_of_no_bytes) {
    const TailVerdict verdict = judge_tail(Bytes(4'096), 64, 5);
    EXPECT_FALSE(verdict.damaged);
    EXPECT_EQ(verdict.bytes, 0U);
}

const SegmentHeader kHeader{3, 0x1122334455667788, 42, 0xaabb, 7};

std::array<std::byte, kSegmentHeaderSize> segment_header() {
    std::array<std::byte, kSegmentHeaderSize> bytes{};
    write_segment_header(kHeader, bytes);
    return bytes;
}

TEST(SegmentHeader, Comes_back_as_it_was_written) {
    const auto read = read_segment_header(segment_header());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->index, 3U);
    EXPECT_EQ(read->journal_id, 0x1122334455667788U);
    EXPECT_EQ(read->first_sequence, 42U);
    EXPECT_EQ(read->composition, 0xaabbU);
    EXPECT_EQ(read->seed, 7U);
    EXPECT_FALSE(is_segment_header_torn(segment_header()));
}

TEST(SegmentHeader, Every_flip_of_every_byte_is_noticed) {
    for (std::size_t i = 0; i < kSegmentHeaderSize; ++i)
        for (int flip = 1; flip < 256; ++flip) {
            auto bytes = segment_header();
            bytes[i] ^= static_cast<std::byte>(flip);
            ASSERT_FALSE(read_segment_header(bytes)) << "byte " << i << " flip " << flip;
            ASSERT_FALSE(is_segment_header_torn(bytes)) << "byte " << i << " flip " << flip;
        }
}

TEST(SegmentHeader, Cut_or_empty_it_was_never_wholly_written) {
    const auto bytes = segment_header();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(read_segment_header(std::span(bytes).first(size)));
        EXPECT_TRUE(is_segment_header_torn(std::span(bytes).first(size))) << size;
    }
    EXPECT_TRUE(is_segment_header_torn(Bytes(4'096)));
}

TEST(SegmentHeader, What_holds_something_else_was_not_merely_interrupted) {
    EXPECT_FALSE(is_segment_header_torn(Bytes(3, std::byte{'x'})));
    EXPECT_FALSE(is_segment_header_torn(Bytes(100, std::byte{'x'})));
    Bytes erased(4'096);
    erased[64] = std::byte{1};  // records stood behind the header
    EXPECT_FALSE(is_segment_header_torn(erased));
}

TEST(SegmentHeader, Errors_tell_a_stranger_from_damage) {
    auto bytes = segment_header();
    bytes[0] = std::byte{'X'};
    EXPECT_EQ(read_segment_header(bytes).error().what, "this is not a journal segment");
    bytes = segment_header();
    bytes[20] ^= std::byte{1};
    EXPECT_EQ(read_segment_header(bytes).error().what, "the segment's header is damaged");
}

}  // namespace
}  // namespace millrace::engine
