// Packs: several inputs in one record. What is read must not show how it was written.
#include <gtest/gtest.h>

#include "tests/support/test_disks.hpp"
#include "tests/support/test_journal.hpp"

namespace millrace::store {
namespace {

JournalOptions packing(std::uint64_t segment_bytes = 1 << 20, std::size_t buffer_bytes = 64 << 10) {
    JournalOptions options;
    options.segment_bytes = segment_bytes;
    options.buffer_bytes = buffer_bytes;
    options.packs = true;
    return options;
}

class AnyPackedJournal : public OnEachDisk {};
MILLRACE_ON_EACH_DISK(AnyPackedJournal);

TEST_P(AnyPackedJournal, Gives_back_every_input_over_many_groups_and_segments) {
    Random random(1);
    std::vector<OwnedInput> inputs;
    while (inputs.size() < 5'000) {  // runs of quotes between nouns of all kinds
        inputs.push_back(random_input(random));
        for (std::uint64_t left = random.below(200); left > 0; --left)
            inputs.push_back(quote_input(static_cast<std::int64_t>(inputs.size())));
    }
    make_journal(disk(), directory(), inputs, 70, packing(20'000));
    const JournalContent content = read_journal(disk(), directory());
    ASSERT_FALSE(content.error) << describe(*content.error);
    EXPECT_TRUE(content.inputs == inputs);
    EXPECT_GT(content.segments.size(), 5U);
    EXPECT_TRUE(content.end.sealed);
    EXPECT_EQ(content.end.next_sequence, inputs.size() + 1);
}

// 85 quotes of 48 bytes are 4,080, one more would be beyond 4,096: records of 32 + 4,080 + 8 =
// 4,120 and, for the last 30 of 200, 32 + 1,440 + 8 = 1,480; header 64 and seal 40.
TEST_P(AnyPackedJournal, Shares_one_header_among_as_many_as_a_payload_holds) {
    make_journal(disk(), directory(), quote_inputs(200), 200, packing());
    const JournalContent content = read_journal(disk(), directory());
    ASSERT_FALSE(content.error) << describe(*content.error);
    EXPECT_EQ(content.inputs, quote_inputs(200));
    EXPECT_EQ(content.segments.at(0).bytes, 64U + 2 * 4'120 + 1'480 + 40);
}

TEST_P(AnyPackedJournal, A_single_input_is_written_as_ever) {
    make_journal(disk(), path("packed"), quote_inputs(3), 1, packing());
    JournalOptions plain = packing();
    plain.packs = false;
    make_journal(disk(), path("plain"), quote_inputs(3), 1, plain);
    EXPECT_EQ(read_journal(disk(), path("packed")).segments.at(0).bytes, 64U + 3 * 88 + 40);
    EXPECT_EQ(read_journal(disk(), path("packed")).inputs,
              read_journal(disk(), path("plain")).inputs);
}

// Who numbers inputs is answered for each: they stand alone.
TEST_P(AnyPackedJournal, Inputs_with_an_origin_are_not_packed) {
    std::vector<OwnedInput> inputs = quote_inputs(4);
    inputs[1].origin = 7;
    inputs[1].origin_sequence = 1;
    make_journal(disk(), directory(), inputs, 4, packing());
    const JournalContent content = read_journal(disk(), directory());
    EXPECT_EQ(content.inputs, inputs);
    // One, one with an origin, two together: 88 + 88 + (32 + 96 + 8).
    EXPECT_EQ(content.segments.at(0).bytes, 64U + 88 + 88 + 136 + 40);
}

TEST_P(AnyPackedJournal, A_full_buffer_takes_no_more_until_it_is_committed) {
    // Room for 32 + 2 * 48 + 8 = 136 bytes, but not for 184.
    auto writer = open_writer(disk(), directory(), packing(1 << 20, 150));
    const auto inputs = quote_inputs(3);
    ASSERT_TRUE(writer->append(inputs[0].numbered(1)));
    ASSERT_TRUE(writer->append(inputs[1].numbered(2)));
    EXPECT_FALSE(writer->append(inputs[2].numbered(3)));
    ASSERT_TRUE(writer->commit());
    EXPECT_TRUE(writer->append(inputs[2].numbered(3)));
    ASSERT_TRUE(writer->close());
    EXPECT_EQ(read_journal(disk(), directory()).inputs, inputs);
}

TEST_P(AnyPackedJournal, A_pack_that_a_crash_cut_is_torn_as_a_whole) {
    {
        auto writer = open_writer(disk(), directory(), packing());
        append_all(*writer, quote_inputs(20), 10);
    }
    // Header 64, the first pack 32 + 480 + 8 = 520: the second begins at 584.
    auto file = disk().open(path("00000001.journal"), Disk::Access::write);
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->resize(584 + 300));
    const JournalContent content = read_journal(disk(), directory());
    ASSERT_FALSE(content.error) << describe(*content.error);
    EXPECT_EQ(content.inputs, quote_inputs(10));
    EXPECT_EQ(content.end.offset, 584U);
    EXPECT_EQ(content.end.torn_bytes, 300U);
    const auto inputs = quote_inputs(20);
    make_journal(disk(), directory(), std::span(inputs).subspan(10), 10, packing());
    EXPECT_EQ(read_journal(disk(), directory()).inputs, inputs);
}

TEST_P(AnyPackedJournal, Every_flipped_byte_of_a_pack_is_refused) {
    make_journal(disk(), directory(), quote_inputs(5), 5, packing());
    auto file = disk().open(path("00000001.journal"), Disk::Access::write);
    ASSERT_TRUE(file);
    std::array<std::byte, 280> sound{};  // the pack: 32 + 240 + 8
    ASSERT_EQ((*file)->read_at(64, sound).value(), sound.size());
    for (std::size_t at = 0; at < sound.size(); ++at) {
        auto changed = sound;
        changed[at] ^= std::byte{1};
        ASSERT_TRUE((*file)->write_at(64, changed));
        const JournalContent content = read_journal(disk(), directory());
        ASSERT_TRUE(content.error) << "byte " << at;
        EXPECT_EQ(content.error->code, ErrorCode::data);
        EXPECT_TRUE(content.inputs.empty());
    }
}

TEST_P(AnyPackedJournal, A_pack_of_the_wrong_size_is_refused_with_its_offset) {
    auto file_of = [&](std::uint8_t kind, std::size_t payload) {
        auto file = disk().open(path("00000001.journal"), Disk::Access::create);
        std::vector<std::byte> bytes(64 + engine::record_size(payload));
        engine::write_segment_header({1, 77, 1, 88, 99},
                                     std::span(bytes).first<engine::kSegmentHeaderSize>());
        engine::write_record({1, 0, 0, 0, kind, engine::kPackedBit | 1},
                             std::vector<std::byte>(payload), std::span(bytes).subspan(64));
        EXPECT_TRUE((*file)->write_at(0, bytes));
        EXPECT_TRUE((*file)->sync());
    };
    const auto kQuote = static_cast<std::uint8_t>(model::Noun::quote);
    const auto kCommand = static_cast<std::uint8_t>(model::Noun::command);  // has texts: not flat
    for (const auto& [kind, payload] :
         {std::pair{kQuote, std::size_t{49}}, std::pair{kQuote, std::size_t{0}},
          std::pair{kCommand, std::size_t{96}}}) {
        file_of(kind, payload);
        const JournalContent content = read_journal(disk(), directory());
        ASSERT_TRUE(content.error) << int{kind} << " of " << payload;
        EXPECT_EQ(content.error->what, "a pack of inputs has the wrong size");
        EXPECT_TRUE(content.error->where.ends_with("00000001.journal, offset 64"));
        ASSERT_TRUE(disk().remove(path("00000001.journal")));
    }
}

}  // namespace
}  // namespace millrace::store
