// Power cuts and full disks at every call of the writer, on the simulated disk.
#include <gtest/gtest.h>

#include "tests/support/test_disks.hpp"
#include "tests/support/test_journal.hpp"

namespace millrace::store {
namespace {

JournalOptions tiny_segments() {
    JournalOptions options;
    options.segment_bytes = 1'000;
    options.buffer_bytes = 16 << 10;
    return options;
}

TEST(JournalCrash, What_was_reported_durable_survives_every_power_cut) {
    for (std::uint64_t seed = 0; seed < 1'500; ++seed) {
        Random random(seed);
        SimulatedDisk disk(seed);
        std::vector<OwnedInput> inputs;
        std::uint64_t durable = 0;
        for (int boot = 0; boot < 4; ++boot) {
            const JournalContent content = read_journal(disk, "d");
            ASSERT_FALSE(content.error) << "seed " << seed << ' ' << describe(*content.error);
            ASSERT_GE(content.inputs.size(), durable) << "seed " << seed;
            ASSERT_LE(content.inputs.size(), inputs.size()) << "seed " << seed;
            inputs.resize(content.inputs.size());
            ASSERT_EQ(content.inputs, inputs) << "seed " << seed;
            disk.fail_power_after(1 + random.below(30));
            auto writer =
                JournalWriter::open(disk, "d", content.end, kTestIdentity, tiny_segments());
            while (writer && disk.has_power()) {
                inputs.push_back(random_input(random));
                if (!(*writer)->append(inputs.back().numbered((*writer)->next_sequence())))
                    inputs.pop_back();
                if (random.one_in(4)) (void)(*writer)->commit();
                durable = (*writer)->durable_sequence();
            }
            if (random.one_in(3))
                disk.restart_process();
            else
                disk.restore_power();
        }
    }
}

// A killed process leaves a segment whose name is not durable yet; the next one must not build on
// it before it is, or the whole segment goes with the power.
TEST(JournalCrash, A_segment_whose_maker_was_killed_survives_a_later_power_cut) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        SimulatedDisk disk(seed);
        disk.fail_power_after(4);  // create, write, sync, and in the sync of the names: dead
        ASSERT_FALSE(JournalWriter::open(disk, "d", {}, kTestIdentity, tiny_segments()));
        disk.restart_process();
        ASSERT_EQ(disk.list("d").value(), std::vector<std::string>{"00000001.journal"});
        const auto inputs = quote_inputs(3);
        append_all(*open_writer(disk, "d", tiny_segments()), inputs, 1);
        disk.restore_power();
        ASSERT_EQ(read_journal(disk, "d").inputs, inputs) << "seed " << seed;
    }
}

TEST(JournalCrash, A_full_disk_loses_and_doubles_nothing) {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        Random random(seed);
        SimulatedDisk disk(seed);
        const auto inputs = random_inputs(seed, 60);
        auto writer = open_writer(disk, "d", tiny_segments());
        std::size_t refused = 0;
        for (const OwnedInput& input : inputs) {
            disk.set_full(random.one_in(3));
            while (!writer->append(input.numbered(writer->next_sequence()))) {
                disk.set_full(false);
                ASSERT_TRUE(writer->commit());
            }
            if (!random.one_in(3)) continue;
            const std::uint64_t durable = writer->durable_sequence();
            if (writer->commit()) {
                ASSERT_EQ(writer->durable_sequence(), writer->next_sequence() - 1);
                ASSERT_FALSE(writer->has_pending());
                continue;
            }
            ++refused;
            ASSERT_EQ(writer->durable_sequence(), durable);
            ASSERT_TRUE(writer->has_pending());
        }
        disk.set_full(false);
        ASSERT_TRUE(writer->close());
        ASSERT_GT(refused, 0U) << "seed " << seed;
        const JournalContent content = read_journal(disk, "d");
        ASSERT_FALSE(content.error) << "seed " << seed << ' ' << describe(*content.error);
        ASSERT_EQ(content.inputs, inputs) << "seed " << seed;
    }
}

TEST(JournalCrash, A_full_disk_is_told_with_the_path_and_the_mend) {
    SimulatedDisk disk(1);
    auto writer = open_writer(disk, "d", tiny_segments());
    ASSERT_TRUE(writer->append(quote_input(1).numbered(1)));
    disk.set_full(true);
    const auto committed = writer->commit();
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().why, "No space left on device");
    EXPECT_EQ(committed.error().where, "d/00000001.journal");
    EXPECT_EQ(committed.error().mend, "free space on that disk, or point data_dir to another");
}

TEST(JournalCrash, Without_the_sync_a_power_cut_loses_what_was_reported_durable) {
    bool lost = false;
    for (std::uint64_t seed = 0; seed < 50 && !lost; ++seed) {
        SimulatedDisk disk(seed);
        JournalOptions options = tiny_segments();
        options.sync = false;
        auto writer = open_writer(disk, "d", options);
        append_all(*writer, quote_inputs(5), 1);
        disk.restore_power();
        lost = read_journal(disk, "d").inputs.size() < writer->durable_sequence();
    }
    EXPECT_TRUE(lost);
}

}  // namespace
}  // namespace millrace::store
