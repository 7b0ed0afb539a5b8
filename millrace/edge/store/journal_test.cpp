// Writing and reading journals, on both disks. Damage and crashes: journal_damage_test.cpp.
#include <gtest/gtest.h>

#include "tests/support/test_disks.hpp"
#include "tests/support/test_journal.hpp"

namespace millrace::store {
namespace {

// A record of a quote takes 32 + 48 + 8 = 88 bytes, a seal 40, a segment's header 64.
constexpr std::uint64_t kQuoteRecord = 88;

JournalOptions options_of(std::uint64_t segment_bytes, std::size_t buffer_bytes = 64 << 10) {
    JournalOptions options;
    options.segment_bytes = segment_bytes;
    options.buffer_bytes = buffer_bytes;
    return options;
}

class AnyJournal : public OnEachDisk {};
MILLRACE_ON_EACH_DISK(AnyJournal);

TEST_P(AnyJournal, Gives_back_every_input_over_many_groups_and_segments) {
    const auto inputs = random_inputs(1, 3'000);
    make_journal(disk(), directory(), inputs, 7, options_of(20'000));
    const JournalContent content = read_journal(disk(), directory());
    ASSERT_FALSE(content.error) << describe(*content.error);
    EXPECT_EQ(content.inputs, inputs);
    EXPECT_GT(content.segments.size(), 20U);
    EXPECT_TRUE(content.end.sealed);
    EXPECT_EQ(content.end.next_sequence, 3'001U);
    EXPECT_EQ(content.end.torn_bytes, 0U);
}

TEST_P(AnyJournal, Two_times_10000_random_nouns_come_back_exactly) {
    for (const std::uint64_t seed : {2U, 3U}) {
        const std::string place = path("of-" + std::to_string(seed));
        const auto inputs = random_inputs(seed, 10'000);
        make_journal(disk(), place, inputs, 50, options_of(1 << 20, 1 << 20));
        const JournalContent content = read_journal(disk(), place);
        ASSERT_FALSE(content.error) << describe(*content.error);
        ASSERT_TRUE(content.inputs == inputs) << "seed " << seed;
    }
}

TEST_P(AnyJournal, Rolls_when_a_segment_has_grown_past_its_size) {
    make_journal(disk(), directory(), quote_inputs(10), 2, options_of(400));
    // 64 + 2 * 88 = 240, + 176 = 416 >= 400: two groups in each segment.
    const JournalContent content = read_journal(disk(), directory());
    ASSERT_EQ(content.segments.size(), 3U);
    for (std::uint32_t i = 0; i < 3; ++i) {
        const SegmentInfo& segment = content.segments[i];
        EXPECT_EQ(segment.path, path("0000000" + std::to_string(i + 1) + ".journal"));
        EXPECT_EQ(segment.header.index, i + 1);
        EXPECT_EQ(segment.header.first_sequence, 1 + i * 4);
        EXPECT_EQ(segment.header.journal_id, 77U);
        EXPECT_EQ(segment.header.composition, 88U);
        EXPECT_EQ(segment.header.seed, 99U);
        EXPECT_EQ(segment.bytes, 64 + (i == 2 ? 2 : 4) * kQuoteRecord + 40) << i;
    }
    EXPECT_EQ(segment_name(12'345'678), "12345678.journal");
}

TEST_P(AnyJournal, A_missing_and_an_empty_directory_hold_an_empty_journal) {
    for (const std::string& place : {directory(), directory() + "/missing"}) {
        const JournalContent content = read_journal(disk(), place);
        EXPECT_FALSE(content.error);
        EXPECT_TRUE(content.inputs.empty());
        EXPECT_TRUE(content.end.segment.empty());
        EXPECT_EQ(content.end.next_sequence, 1U);
    }
    EXPECT_FALSE(JournalReader::open(disk(), directory()).value().identity());
}

TEST_P(AnyJournal, Closed_without_any_input_it_is_empty_and_sealed) {
    make_journal(disk(), directory(), {}, 1, options_of(400));
    const JournalContent content = read_journal(disk(), directory());
    EXPECT_FALSE(content.error);
    EXPECT_TRUE(content.inputs.empty());
    EXPECT_TRUE(content.end.sealed);
    EXPECT_EQ(content.segments.size(), 1U);
}

TEST_P(AnyJournal, Goes_on_where_it_was_closed_in_the_same_segment) {
    const auto inputs = random_inputs(4, 90);
    for (std::size_t part = 0; part < 3; ++part)
        make_journal(disk(), directory(), std::span(inputs).subspan(part * 30, 30), 4,
                     options_of(1 << 20));
    const JournalContent content = read_journal(disk(), directory());
    ASSERT_FALSE(content.error) << describe(*content.error);
    EXPECT_EQ(content.inputs, inputs);
    EXPECT_EQ(content.segments.size(), 1U);
    EXPECT_TRUE(content.end.sealed);
}

TEST_P(AnyJournal, Goes_on_after_a_process_that_did_not_close_it) {
    const auto inputs = random_inputs(5, 60);
    {
        auto writer = open_writer(disk(), directory(), options_of(1 << 20));
        append_all(*writer, std::span(inputs).first(30), 4);
        ASSERT_TRUE(writer->append(inputs[30].numbered(31)));  // never committed
    }
    const JournalContent between = read_journal(disk(), directory());
    EXPECT_EQ(between.inputs.size(), 30U);
    EXPECT_FALSE(between.end.sealed);
    EXPECT_EQ(between.end.torn_bytes, 0U);
    make_journal(disk(), directory(), std::span(inputs).subspan(30), 4, options_of(1 << 20));
    EXPECT_EQ(read_journal(disk(), directory()).inputs, inputs);
}

TEST_P(AnyJournal, What_is_not_committed_is_not_in_the_file) {
    auto writer = open_writer(disk(), directory(), options_of(1 << 20));
    const auto inputs = quote_inputs(3);
    ASSERT_TRUE(writer->append(inputs[0].numbered(1)));
    EXPECT_TRUE(writer->has_pending());
    EXPECT_EQ(writer->durable_sequence(), 0U);
    EXPECT_TRUE(read_journal(disk(), directory()).inputs.empty());
    writer->begin_commit();
    ASSERT_TRUE(writer->append(inputs[1].numbered(2)));  // while the commit is under way
    ASSERT_TRUE(writer->finish_commit());
    EXPECT_EQ(writer->durable_sequence(), 1U);
    EXPECT_EQ(writer->next_sequence(), 3U);
    EXPECT_EQ(read_journal(disk(), directory()).inputs.size(), 1U);
    ASSERT_TRUE(writer->commit());
    EXPECT_FALSE(writer->has_pending());
    EXPECT_EQ(writer->durable_sequence(), 2U);
    EXPECT_EQ(read_journal(disk(), directory()).inputs.size(), 2U);
    EXPECT_THROW((void)writer->append(inputs[2].numbered(4)), AssertionFailed);
}

TEST_P(AnyJournal, Reads_from_the_segment_that_holds_the_sequence) {
    const auto inputs = quote_inputs(20);
    make_journal(disk(), directory(), inputs, 2, options_of(400));  // four in each segment
    struct Case {
        std::uint64_t from, first;
        std::size_t count;
    };
    for (const auto& [from, first, count] :
         {Case{1, 1, 20}, Case{4, 1, 20}, Case{5, 5, 16}, Case{8, 5, 16}, Case{17, 17, 4},
          Case{20, 17, 4}, Case{21, 17, 4}, Case{1'000, 17, 4}}) {
        const JournalContent content = read_journal(disk(), directory(), from);
        ASSERT_FALSE(content.error) << describe(*content.error);
        EXPECT_EQ(content.first_sequence, first) << from;
        EXPECT_EQ(content.inputs.size(), count) << from;
        EXPECT_EQ(content.inputs.back(), inputs.back());
        EXPECT_EQ(content.end.next_sequence, 21U);
    }
}

TEST_P(AnyJournal, A_single_segment_can_be_read_alone) {
    const auto inputs = quote_inputs(12);
    make_journal(disk(), directory(), inputs, 2, options_of(400));
    const JournalContent content = read_journal(disk(), path("00000002.journal"));
    ASSERT_FALSE(content.error) << describe(*content.error);
    EXPECT_EQ(content.first_sequence, 5U);
    ASSERT_EQ(content.inputs.size(), 4U);
    EXPECT_EQ(content.inputs[0], inputs[4]);
    EXPECT_TRUE(content.end.sealed);
    EXPECT_EQ(read_journal(disk(), path("00000009.journal")).error->why,
              "No such file or directory");
}

TEST_P(AnyJournal, Other_files_in_the_directory_do_not_disturb_it) {
    for (const char* name : {"notes.txt", "1.journal", "0000000x.journal", "00000001.journal.bak",
                             "snapshot-00000000000000000007.state"})
        write_whole(disk(), path(name), bytes_of("not a segment"));
    make_journal(disk(), directory(), quote_inputs(12), 2, options_of(400));
    const JournalContent content = read_journal(disk(), directory());
    ASSERT_FALSE(content.error) << describe(*content.error);
    EXPECT_EQ(content.inputs.size(), 12U);
}

TEST_P(AnyJournal, A_full_buffer_says_so_and_takes_more_after_a_commit) {
    auto writer = open_writer(disk(), directory(), options_of(1 << 20, 3 * kQuoteRecord));
    const auto inputs = quote_inputs(6);
    for (std::uint64_t sequence = 1; sequence <= 3; ++sequence)
        ASSERT_TRUE(writer->append(inputs[sequence - 1].numbered(sequence)));
    EXPECT_FALSE(writer->append(inputs[3].numbered(4)));
    EXPECT_FALSE(writer->append(inputs[3].numbered(4)));
    EXPECT_EQ(writer->next_sequence(), 4U);
    ASSERT_TRUE(writer->commit());
    for (std::uint64_t sequence = 4; sequence <= 6; ++sequence)
        ASSERT_TRUE(writer->append(inputs[sequence - 1].numbered(sequence)));
    ASSERT_TRUE(writer->close());
    EXPECT_EQ(read_journal(disk(), directory()).inputs, inputs);
}

TEST_P(AnyJournal, Something_that_is_no_journal_is_named) {
    write_whole(disk(), path("00000001.journal"),
                std::vector<std::byte>(200, static_cast<std::byte>('x')));
    const JournalContent content = read_journal(disk(), directory());
    ASSERT_TRUE(content.error);
    EXPECT_EQ(content.error->what, "this is not a journal segment");
    EXPECT_EQ(content.error->where, path("00000001.journal") + ", offset 0");
}

// The same calls leave the same bytes: the format hangs on nothing but the inputs.
TEST(Journal, Is_the_same_on_both_disks_byte_for_byte) {
    const TemporaryDirectory temporary;
    SimulatedDisk simulated(1);
    const auto inputs = random_inputs(9, 500);
    make_journal(posix_disk(), temporary.path(), inputs, 5, options_of(10'000));
    make_journal(simulated, "d", inputs, 5, options_of(10'000));
    const auto names = posix_disk().list(temporary.path()).value();
    EXPECT_GT(names.size(), 5U);
    ASSERT_EQ(simulated.list("d").value(), names);
    for (const std::string& name : names)
        EXPECT_EQ(read_whole(simulated, "d/" + name), read_whole(posix_disk(), temporary / name))
            << name;
}

}  // namespace
}  // namespace millrace::store
