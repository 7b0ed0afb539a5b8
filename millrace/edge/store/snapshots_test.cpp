#include "millrace/edge/store/snapshots.hpp"

#include <gtest/gtest.h>

#include "millrace/core/engine/census.hpp"
#include "millrace/core/engine/engine.hpp"
#include "millrace/core/engine/snapshot_format.hpp"

#include "tests/support/probe_components.hpp"
#include "tests/support/test_disks.hpp"

namespace millrace::store {
namespace {

class AnySnapshots : public OnEachDisk {};
MILLRACE_ON_EACH_DISK(AnySnapshots);

TEST_P(AnySnapshots, Come_back_as_they_were_saved) {
    Snapshots snapshots(disk(), directory());
    ASSERT_TRUE(snapshots.save(12, bytes_of("state at 12")));
    EXPECT_EQ(snapshots.list().value(), std::vector<std::uint64_t>{12});
    EXPECT_EQ(snapshots.load(12).value(), bytes_of("state at 12"));
    EXPECT_EQ(snapshots.load(13).error().why, "No such file or directory");
}

TEST_P(AnySnapshots, The_two_newest_are_kept) {
    Snapshots snapshots(disk(), directory());
    for (const std::uint64_t sequence : {9U, 100U, 1'000U, 20'000U})
        ASSERT_TRUE(snapshots.save(sequence, bytes_of(std::to_string(sequence))));
    EXPECT_EQ(snapshots.list().value(), (std::vector<std::uint64_t>{20'000, 1'000}));
    EXPECT_EQ(disk().list(directory()).value(),
              (std::vector<std::string>{"snapshot-00000000000000001000.state",
                                        "snapshot-00000000000000020000.state"}));
}

TEST_P(AnySnapshots, The_same_moment_saved_again_replaces_the_first) {
    Snapshots snapshots(disk(), directory());
    ASSERT_TRUE(snapshots.save(5, bytes_of("a longer first")));
    ASSERT_TRUE(snapshots.save(5, bytes_of("second")));
    EXPECT_EQ(snapshots.load(5).value(), bytes_of("second"));
    EXPECT_EQ(snapshots.list().value(), std::vector<std::uint64_t>{5});
}

TEST_P(AnySnapshots, Unfinished_and_foreign_files_are_passed_over) {
    Snapshots snapshots(disk(), directory());
    for (const char* name :
         {"snapshot.new", "snapshot-5.state", "snapshot-0000000000000000000x.state",
          "snapshot-00000000000000000007.stat", "00000001.journal",
          "snapshot-99999999999999999999.state"})
        write_whole(disk(), path(name), bytes_of("x"));
    EXPECT_TRUE(snapshots.list().value().empty());
    ASSERT_TRUE(snapshots.save(UINT64_MAX, bytes_of("last")));
    EXPECT_EQ(snapshots.list().value(), std::vector<std::uint64_t>{UINT64_MAX});
}

TEST_P(AnySnapshots, Of_a_missing_directory_there_are_none) {
    Snapshots snapshots(disk(), directory() + "/missing");
    EXPECT_TRUE(snapshots.list().value().empty());
}

TEST(Snapshots, A_damaged_byte_on_the_medium_is_noticed) {
    SimulatedDisk disk(1);
    Snapshots snapshots(disk, "d");
    engine::Engine engine(engine::list_of(std::make_unique<engine::Census>()), 1);
    ASSERT_TRUE(snapshots.save(0, engine::write_snapshot(engine)));
    ASSERT_TRUE(engine::read_snapshot(snapshots.load(0).value(), engine));
    disk.damage("d/snapshot-00000000000000000000.state", 40);
    const auto read = engine::read_snapshot(snapshots.load(0).value(), engine);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().why, "its checksum does not match");
}

// Whatever call the power fails in, the older snapshot is there and every one that is listed is
// whole.
TEST(Snapshots, A_power_cut_while_saving_leaves_whole_snapshots_only) {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        SimulatedDisk disk(seed);
        Snapshots snapshots(disk, "d");
        ASSERT_TRUE(snapshots.save(1, std::vector<std::byte>(3'000, std::byte{1})));
        ASSERT_TRUE(snapshots.save(2, std::vector<std::byte>(3'000, std::byte{2})));
        disk.fail_power_after(1 + seed % 6);
        const auto saved = snapshots.save(3, std::vector<std::byte>(3'000, std::byte{3}));
        const bool had_power = disk.has_power();
        disk.restore_power();
        const auto sequences = snapshots.list();
        ASSERT_TRUE(sequences);
        ASSERT_FALSE(sequences->empty()) << "seed " << seed;
        if (saved) {
            ASSERT_EQ(sequences->front(), 3U) << "seed " << seed;
        }
        ASSERT_EQ(saved.has_value(), had_power);
        for (const std::uint64_t sequence : *sequences)
            ASSERT_EQ(snapshots.load(sequence).value(),
                      std::vector<std::byte>(3'000, static_cast<std::byte>(sequence)))
                << "seed " << seed;
    }
}

TEST(Snapshots, On_a_full_disk_the_older_one_stays) {
    SimulatedDisk disk(1);
    Snapshots snapshots(disk, "d");
    ASSERT_TRUE(snapshots.save(1, bytes_of("one")));
    disk.set_full(true);
    EXPECT_EQ(snapshots.save(2, bytes_of("two")).error().why, "No space left on device");
    EXPECT_EQ(snapshots.list().value(), std::vector<std::uint64_t>{1});
    disk.set_full(false);
    ASSERT_TRUE(snapshots.save(2, bytes_of("two")));
    EXPECT_EQ(snapshots.list().value(), (std::vector<std::uint64_t>{2, 1}));
}

}  // namespace
}  // namespace millrace::store
