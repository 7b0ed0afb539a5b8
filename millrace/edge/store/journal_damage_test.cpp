// What a reader makes of broken journals, and what a writer does about it.
#include <gtest/gtest.h>

#include "tests/support/test_disks.hpp"
#include "tests/support/test_journal.hpp"

namespace millrace::store {
namespace {

using Bytes = std::vector<std::byte>;

constexpr std::size_t kHeader = 64;
constexpr std::size_t kQuoteRecord = 88;
constexpr std::size_t kSeal = 40;

// Four quotes in a segment, in groups of two.
JournalOptions small_segments() {
    JournalOptions options;
    options.segment_bytes = 400;
    options.buffer_bytes = 4 << 10;
    options.sync = false;  // no power fails in these tests
    return options;
}

void overwrite(Disk& disk, const std::string& path, std::size_t offset, std::byte value) {
    auto file = disk.open(path, Disk::Access::write);
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->write_at(offset, std::span(&value, 1)));
}

class AnyBrokenJournal : public OnEachDisk {
  protected:
    [[nodiscard]] std::string segment(int index) const {
        return path("0000000" + std::to_string(index) + ".journal");
    }
};
MILLRACE_ON_EACH_DISK(AnyBrokenJournal);

TEST_P(AnyBrokenJournal, Every_flipped_byte_of_a_closed_journal_is_refused_by_segment_and_offset) {
    make_journal(disk(), directory(), quote_inputs(12), 2, small_segments());
    for (int index = 1; index <= 3; ++index) {
        const Bytes original = read_whole(disk(), segment(index));
        ASSERT_EQ(original.size(), kHeader + 4 * kQuoteRecord + kSeal);
        for (std::size_t at = 0; at < original.size(); ++at) {
            for (const int flip : {0x01, 0x10, 0x80, 0xff}) {
                overwrite(disk(), segment(index), at, original[at] ^ static_cast<std::byte>(flip));
                const JournalContent content = read_journal(disk(), directory());
                ASSERT_TRUE(content.error) << segment(index) << ' ' << at;
                // The offset is that of the record (or header) in which the byte lies.
                const std::size_t record = (at - kHeader) / kQuoteRecord;
                const std::size_t offset = at < kHeader ? 0 : kHeader + record * kQuoteRecord;
                ASSERT_EQ(content.error->where,
                          segment(index) + ", offset " + std::to_string(offset))
                    << at;
                ASSERT_EQ(content.error->code, ErrorCode::data);
                // What stands before it is given out.
                ASSERT_EQ(content.inputs.size(),
                          static_cast<std::size_t>(index - 1) * 4 + (at < kHeader ? 0 : record));
            }
            overwrite(disk(), segment(index), at, original[at]);
        }
    }
    EXPECT_FALSE(read_journal(disk(), directory()).error);
}

TEST_P(AnyBrokenJournal, Every_cut_of_the_last_segment_is_repaired_and_the_journal_goes_on) {
    const auto inputs = quote_inputs(9);
    make_journal(disk(), directory(), std::span(inputs).first(8), 2, small_segments());
    const Bytes original = read_whole(disk(), segment(2));
    ASSERT_EQ(original.size(), kHeader + 4 * kQuoteRecord + kSeal);
    for (std::size_t size = 0; size < original.size(); ++size) {
        write_whole(disk(), segment(2), std::span(original).first(size), false);
        const std::size_t whole =
            size < kHeader ? 0 : std::min<std::size_t>(4, (size - kHeader) / kQuoteRecord);
        const std::size_t sound = kHeader + whole * kQuoteRecord;
        // A seal begins with four zeros, a quote's record does not: zeros alone are nothing torn.
        const bool is_zeros = whole == 4 && size <= sound + 4;
        const std::size_t torn = size < kHeader || is_zeros ? 0 : size - sound;

        const JournalContent content = read_journal(disk(), directory());
        ASSERT_FALSE(content.error) << size << ' ' << describe(*content.error);
        ASSERT_EQ(content.inputs.size(), 4 + whole) << size;
        ASSERT_EQ(content.end.torn_bytes, torn) << size;
        ASSERT_EQ(content.end.unborn_segment, size < kHeader ? segment(2) : "") << size;

        auto writer = open_writer(disk(), directory(), small_segments());
        ASSERT_TRUE(writer);
        append_all(*writer, std::span(inputs).subspan(4 + whole), 2);
        ASSERT_TRUE(writer->close()) << size;
        const JournalContent again = read_journal(disk(), directory());
        ASSERT_FALSE(again.error) << size << ' ' << describe(*again.error);
        ASSERT_EQ(again.inputs, inputs) << size;
        ASSERT_TRUE(again.end.sealed) << size;
        if (disk().list(directory()).value().size() == 3) {
            ASSERT_TRUE(disk().remove(segment(3)));
        }
    }
}

TEST_P(AnyBrokenJournal, A_cut_segment_that_is_not_the_last_is_damage) {
    make_journal(disk(), directory(), quote_inputs(12), 2, small_segments());
    const Bytes original = read_whole(disk(), segment(2));
    for (std::size_t size = 0; size < original.size(); ++size) {
        write_whole(disk(), segment(2), std::span(original).first(size), false);
        const JournalContent content = read_journal(disk(), directory());
        ASSERT_TRUE(content.error) << size;
        ASSERT_NE(content.error->where.find(".journal, offset "), std::string::npos) << size;
    }
}

TEST_P(AnyBrokenJournal, A_missing_middle_segment_is_noticed) {
    make_journal(disk(), directory(), quote_inputs(12), 2, small_segments());
    ASSERT_TRUE(disk().remove(segment(2)));
    const JournalContent content = read_journal(disk(), directory());
    ASSERT_TRUE(content.error);
    EXPECT_EQ(content.error->what, "a segment is missing before this one");
    EXPECT_EQ(content.error->where, segment(3) + ", offset 0");
    EXPECT_EQ(content.error->why, "it begins with record 9, expected 5");
}

TEST_P(AnyBrokenJournal, A_segment_of_another_journal_is_noticed) {
    make_journal(disk(), directory(), quote_inputs(12), 2, small_segments());
    const std::string other = directory() + "/other";
    ASSERT_TRUE(disk().make_directory(other));
    make_journal(disk(), other, quote_inputs(12), 2, small_segments(), {78, 88, 99});
    write_whole(disk(), segment(2), read_whole(disk(), other + "/00000002.journal"));
    const JournalContent content = read_journal(disk(), directory());
    ASSERT_TRUE(content.error);
    EXPECT_EQ(content.error->what, "a segment of another journal stands among these");
    EXPECT_EQ(content.error->where, segment(2) + ", offset 0");
    EXPECT_EQ(content.inputs.size(), 4U);
}

TEST_P(AnyBrokenJournal, A_segment_whose_making_was_interrupted_is_removed) {
    const auto inputs = quote_inputs(7);
    for (const std::size_t size : {0U, 10U, 63U, 64U, 512U, 4'096U}) {
        const std::string place = path("of-" + std::to_string(size));
        ASSERT_TRUE(disk().make_directory(place));
        make_journal(disk(), place, std::span(inputs).first(4), 2, small_segments());
        const std::string unborn = place + "/00000002.journal";
        write_whole(disk(), unborn, Bytes(size));
        const JournalContent content = read_journal(disk(), place);
        ASSERT_FALSE(content.error) << size << ' ' << describe(*content.error);
        EXPECT_EQ(content.end.unborn_segment, unborn);
        EXPECT_EQ(content.end.segment, place + "/00000001.journal");
        EXPECT_EQ(content.inputs.size(), 4U);
        auto writer = open_writer(disk(), place, small_segments());
        EXPECT_EQ(disk().list(place).value(), std::vector<std::string>{"00000001.journal"});
        append_all(*writer, std::span(inputs).subspan(4), 2);
        ASSERT_TRUE(writer->close());
        EXPECT_EQ(read_journal(disk(), place).inputs, inputs);
    }
}

TEST_P(AnyBrokenJournal, The_first_segment_may_be_unborn_too) {
    write_whole(disk(), segment(1), Bytes(30));
    const auto inputs = quote_inputs(3);
    make_journal(disk(), directory(), inputs, 2, small_segments());
    EXPECT_EQ(read_journal(disk(), directory()).inputs, inputs);
}

TEST_P(AnyBrokenJournal, A_torn_header_in_the_middle_is_damage) {
    make_journal(disk(), directory(), quote_inputs(12), 2, small_segments());
    write_whole(disk(), segment(2), Bytes(30));
    const JournalContent content = read_journal(disk(), directory());
    ASSERT_TRUE(content.error);
    EXPECT_EQ(content.error->where, segment(2) + ", offset 0");
}

TEST_P(AnyBrokenJournal, Something_behind_a_seal_is_damage) {
    make_journal(disk(), directory(), quote_inputs(4), 2, small_segments());
    const std::size_t end = kHeader + 4 * kQuoteRecord + kSeal;
    overwrite(disk(), segment(1), end + 100, std::byte{1});
    const JournalContent content = read_journal(disk(), directory());
    ASSERT_TRUE(content.error);
    EXPECT_EQ(content.error->what, "something stands behind the seal");
    EXPECT_EQ(content.error->where, segment(1) + ", offset " + std::to_string(end));
    overwrite(disk(), segment(1), end + 100, std::byte{0});
    EXPECT_FALSE(read_journal(disk(), directory()).error);
}

// The reader takes a part of a segment at a time; damage looks the same wherever a part ends.
TEST_P(AnyBrokenJournal, Damage_far_into_a_segment_has_its_offset_too) {
    JournalOptions options = small_segments();
    options.segment_bytes = 1 << 20;
    options.buffer_bytes = 64 << 10;
    make_journal(disk(), directory(), quote_inputs(10'000), 100, options);  // 880 kB
    const Bytes original = read_whole(disk(), segment(1));
    ASSERT_EQ(original.size(), kHeader + 10'000 * kQuoteRecord + kSeal);
    for (const std::size_t border : {262'144U, 524'288U, 786'432U}) {
        for (std::size_t at = border - 60; at < border + 60; at += 7) {
            overwrite(disk(), segment(1), at, original[at] ^ std::byte{1});
            const JournalContent content = read_journal(disk(), directory());
            const std::size_t record = (at - kHeader) / kQuoteRecord;
            ASSERT_TRUE(content.error) << at;
            ASSERT_EQ(content.error->where,
                      segment(1) + ", offset " + std::to_string(kHeader + record * kQuoteRecord));
            ASSERT_EQ(content.inputs.size(), record) << at;
            overwrite(disk(), segment(1), at, original[at]);
        }
        write_whole(disk(), segment(1), std::span(original).first(border + 3), false);
        const JournalContent cut = read_journal(disk(), directory());
        ASSERT_FALSE(cut.error) << describe(*cut.error);
        EXPECT_EQ(cut.inputs.size(), (border + 3 - kHeader) / kQuoteRecord);
        EXPECT_EQ(cut.end.torn_bytes, (border + 3 - kHeader) % kQuoteRecord);
        write_whole(disk(), segment(1), original, false);
    }
    EXPECT_EQ(read_journal(disk(), directory()).inputs.size(), 10'000U);
}

// A lost sector in the last group is a crash; in an earlier one it is damage.
TEST_P(AnyBrokenJournal, A_lost_sector_is_torn_in_the_last_group_and_damage_before_it) {
    JournalOptions options;
    options.segment_bytes = 1 << 20;
    options.buffer_bytes = 64 << 10;
    const auto inputs = quote_inputs(60);
    {
        auto writer = open_writer(disk(), directory(), options);
        append_all(*writer, inputs, 20);  // three groups of 1,760 bytes, not sealed
    }
    const Bytes original = read_whole(disk(), segment(1));
    const std::size_t last_group = kHeader + 40 * kQuoteRecord;
    for (std::size_t sector = 0; sector * 512 < kHeader + 60 * kQuoteRecord; ++sector) {
        Bytes broken = original;
        std::fill_n(broken.begin() + static_cast<std::ptrdiff_t>(sector * 512), 512, std::byte{0});
        write_whole(disk(), segment(1), broken);
        const JournalContent content = read_journal(disk(), directory());
        if (sector == 0) {
            EXPECT_TRUE(content.error) << "the header";
        } else if (sector * 512 < last_group) {
            ASSERT_TRUE(content.error) << sector;
            EXPECT_EQ(content.error->what, "a record is damaged");
        } else {
            ASSERT_FALSE(content.error) << sector << ' ' << describe(*content.error);
            EXPECT_GE(content.inputs.size(), 40U);
            EXPECT_GT(content.end.torn_bytes, 0U);
        }
    }
}

}  // namespace
}  // namespace millrace::store
