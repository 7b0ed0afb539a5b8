#include "millrace/edge/store/simulated_disk.hpp"

#include <gtest/gtest.h>
#include <set>

#include "tests/support/test_disks.hpp"

namespace millrace::store {
namespace {

constexpr std::size_t kSector = 512;
constexpr std::uint64_t kSeeds = 200;

std::vector<std::byte> filled(std::size_t size, char with) {
    return std::vector<std::byte>(size, static_cast<std::byte>(with));
}

std::unique_ptr<File> open_file(Disk& disk, const std::string& path, Disk::Access access) {
    auto file = disk.open(path, access);
    EXPECT_TRUE(file);
    return file ? std::move(*file) : nullptr;
}

TEST(SimulatedDisk, What_was_synced_survives_every_power_cut) {
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
        SimulatedDisk disk(seed);
        write_whole(disk, "d/a", filled(2'000, 'a'));
        ASSERT_TRUE(disk.sync_directory("d"));
        disk.restore_power();
        ASSERT_EQ(read_whole(disk, "d/a"), filled(2'000, 'a')) << "seed " << seed;
    }
}

TEST(SimulatedDisk, What_was_not_synced_survives_sector_by_sector_or_not) {
    std::set<std::vector<std::byte>> outcomes;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
        SimulatedDisk disk(seed);
        write_whole(disk, "d/a", filled(3 * kSector, 'a'));
        ASSERT_TRUE(disk.sync_directory("d"));
        const auto file = open_file(disk, "d/a", Disk::Access::write);
        ASSERT_TRUE(file->write_at(0, filled(3 * kSector, 'b')));
        disk.restore_power();
        const auto after = read_whole(disk, "d/a");
        ASSERT_EQ(after.size(), 3 * kSector);
        std::vector<std::byte> sectors;
        for (std::size_t at = 0; at < after.size(); at += kSector) {
            sectors.push_back(after[at]);
            for (std::size_t i = 0; i < kSector; ++i)
                ASSERT_EQ(after[at + i], after[at]) << "seed " << seed << ": a torn sector";
        }
        outcomes.insert(sectors);
    }
    EXPECT_EQ(outcomes.size(), 8U);  // each of the three new or old
}

TEST(SimulatedDisk, An_unsynced_size_survives_or_not) {
    std::set<std::size_t> sizes;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
        SimulatedDisk disk(seed);
        write_whole(disk, "d/a", filled(100, 'a'));
        ASSERT_TRUE(disk.sync_directory("d"));
        const auto file = open_file(disk, "d/a", Disk::Access::write);
        ASSERT_TRUE(file->resize(4'000));
        disk.restore_power();
        const auto after = read_whole(disk, "d/a");
        sizes.insert(after.size());
        for (std::size_t i = 0; i < after.size(); ++i)
            ASSERT_EQ(after[i], i < 100 ? std::byte{'a'} : std::byte{0}) << "seed " << seed;
    }
    EXPECT_TRUE(sizes.contains(100));
    EXPECT_TRUE(sizes.contains(4'000));
}

// How often each of these happens over many seeds.
template <class Happened>
std::uint64_t times(Happened happened) {
    std::uint64_t count = 0;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed)
        if (happened(seed)) ++count;
    return count;
}

TEST(SimulatedDisk, A_name_that_was_not_synced_survives_or_not) {
    const auto survived = times([](std::uint64_t seed) {
        SimulatedDisk disk(seed);
        write_whole(disk, "d/a", bytes_of("abc"));
        disk.restore_power();
        return disk.list("d").value().size() == 1;
    });
    EXPECT_GT(survived, kSeeds / 4);
    EXPECT_LT(survived, kSeeds * 3 / 4);
}

TEST(SimulatedDisk, An_unsynced_removal_is_done_or_not) {
    const auto removed = times([](std::uint64_t seed) {
        SimulatedDisk disk(seed);
        write_whole(disk, "d/a", bytes_of("abc"));
        EXPECT_TRUE(disk.sync_directory("d"));
        EXPECT_TRUE(disk.remove("d/a"));
        disk.restore_power();
        return disk.list("d").value().empty();
    });
    EXPECT_GT(removed, kSeeds / 4);
    EXPECT_LT(removed, kSeeds * 3 / 4);
}

TEST(SimulatedDisk, An_unsynced_rename_over_a_file_leaves_one_of_the_two_whole) {
    const auto renamed = times([](std::uint64_t seed) {
        SimulatedDisk disk(seed);
        write_whole(disk, "d/a", bytes_of("old"));
        EXPECT_TRUE(disk.sync_directory("d"));
        write_whole(disk, "d/new", bytes_of("new"));
        EXPECT_TRUE(disk.rename("d/new", "d/a"));
        disk.restore_power();
        const auto after = read_whole(disk, "d/a");
        EXPECT_TRUE(after == bytes_of("old") || after == bytes_of("new")) << "seed " << seed;
        return after == bytes_of("new");
    });
    EXPECT_GT(renamed, kSeeds / 4);
    EXPECT_LT(renamed, kSeeds * 3 / 4);
}

TEST(SimulatedDisk, A_synced_removal_and_rename_survive) {
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
        SimulatedDisk disk(seed);
        write_whole(disk, "d/a", bytes_of("a"));
        write_whole(disk, "d/b", bytes_of("b"));
        ASSERT_TRUE(disk.sync_directory("d"));
        ASSERT_TRUE(disk.remove("d/a"));
        ASSERT_TRUE(disk.rename("d/b", "d/c"));
        ASSERT_TRUE(disk.sync_directory("d"));
        disk.restore_power();
        ASSERT_EQ(disk.list("d").value(), std::vector<std::string>{"c"}) << "seed " << seed;
        ASSERT_EQ(read_whole(disk, "d/c"), bytes_of("b")) << "seed " << seed;
    }
}

TEST(SimulatedDisk, Power_fails_during_the_counted_call_and_every_call_after_it) {
    SimulatedDisk disk(1);
    const auto file = open_file(disk, "d/a", Disk::Access::create);
    disk.fail_power_after(3);
    ASSERT_TRUE(file->write_at(0, bytes_of("one")));
    std::array<std::byte, 3> bytes{};
    ASSERT_TRUE(file->read_at(0, bytes));  // changes nothing, so it does not count
    ASSERT_TRUE(disk.list("d"));
    ASSERT_TRUE(file->sync());
    EXPECT_TRUE(disk.has_power());
    const auto failed = file->write_at(0, bytes_of("two"));
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().what, "the power is off");
    EXPECT_FALSE(disk.has_power());
    EXPECT_FALSE(file->read_at(0, bytes));
    EXPECT_FALSE(file->sync());
    EXPECT_FALSE(file->size());
    EXPECT_FALSE(disk.open("d/a", Disk::Access::read));
    EXPECT_FALSE(disk.list("d"));
    EXPECT_FALSE(disk.rename("d/a", "d/b"));
    EXPECT_FALSE(disk.remove("d/a"));
    EXPECT_FALSE(disk.sync_directory("d"));
    EXPECT_FALSE(disk.make_directory("d"));
    EXPECT_FALSE(disk.lock("d/lock"));
    disk.restore_power();
    EXPECT_TRUE(disk.has_power());
    EXPECT_TRUE(disk.list("d"));
}

TEST(SimulatedDisk, A_process_that_dies_loses_nothing_but_its_open_files_and_locks) {
    SimulatedDisk disk(1);
    const auto file = open_file(disk, "d/a", Disk::Access::create);
    ASSERT_TRUE(file->write_at(0, bytes_of("unsynced")));
    const auto lock = disk.lock("d/lock");
    disk.restart_process();
    EXPECT_FALSE(file->write_at(0, bytes_of("from beyond")));
    EXPECT_FALSE(file->sync());
    EXPECT_EQ(read_whole(disk, "d/a"), bytes_of("unsynced"));
    EXPECT_TRUE(disk.lock("d/lock"));
}

TEST(SimulatedDisk, A_full_disk_refuses_to_grow_and_harms_nothing) {
    SimulatedDisk disk(1);
    write_whole(disk, "d/a", bytes_of("abc"));
    const auto file = open_file(disk, "d/a", Disk::Access::write);
    disk.set_full(true);
    const auto written = file->write_at(0, bytes_of("x"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().why, "No space left on device");
    EXPECT_FALSE(file->resize(10));
    EXPECT_FALSE(disk.open("d/b", Disk::Access::create));
    EXPECT_TRUE(file->sync());
    EXPECT_EQ(read_whole(disk, "d/a"), bytes_of("abc"));
    disk.set_full(false);
    EXPECT_TRUE(file->write_at(0, bytes_of("x")));
    EXPECT_EQ(disk.list("d").value(), std::vector<std::string>{"a"});
}

TEST(SimulatedDisk, Damage_changes_one_byte_on_the_medium) {
    SimulatedDisk disk(1);
    write_whole(disk, "d/a", bytes_of("abc"));
    ASSERT_TRUE(disk.sync_directory("d"));
    disk.damage("d/a", 1);
    disk.restore_power();
    const auto after = read_whole(disk, "d/a");
    EXPECT_EQ(after, bytes_of("arc"));  // 'b' with the bit 0x10 turned is 'r'
    EXPECT_THROW(disk.damage("d/a", 3), AssertionFailed);
    EXPECT_EQ(disk.size_of("d/a"), 3U);
    EXPECT_EQ(disk.size_of("d/missing"), 0U);
}

TEST(SimulatedDisk, The_same_seed_loses_the_same) {
    const auto outcome = [](std::uint64_t seed) {
        SimulatedDisk disk(seed);
        write_whole(disk, "d/a", filled(20 * kSector, 'a'));
        EXPECT_TRUE(disk.sync_directory("d"));
        const auto file = open_file(disk, "d/a", Disk::Access::write);
        disk.fail_power_after(1);
        EXPECT_FALSE(file->write_at(0, filled(20 * kSector, 'b')));
        disk.restore_power();
        return read_whole(disk, "d/a");
    };
    for (std::uint64_t seed = 0; seed < 20; ++seed)
        EXPECT_EQ(outcome(seed), outcome(seed));
}

}  // namespace
}  // namespace millrace::store
