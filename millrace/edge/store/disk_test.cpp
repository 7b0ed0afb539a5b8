// What both disks promise; what only one of them does stands in its own test.
#include "millrace/edge/store/disk.hpp"

#include <gtest/gtest.h>

#include "tests/support/test_disks.hpp"

namespace millrace::store {
namespace {

class AnyDisk : public OnEachDisk {};
MILLRACE_ON_EACH_DISK(AnyDisk);

TEST_P(AnyDisk, Reads_back_what_was_written_and_zeros_in_between) {
    auto file = disk().open(path("a"), Disk::Access::create);
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->write_at(3, bytes_of("abc")));
    ASSERT_TRUE((*file)->write_at(4, bytes_of("X")));
    EXPECT_EQ((*file)->size().value(), 6U);
    EXPECT_EQ(read_whole(disk(), path("a")), bytes_of(std::string_view("\0\0\0aXc", 6)));
}

TEST_P(AnyDisk, Reads_fewer_bytes_only_at_the_end) {
    write_whole(disk(), path("a"), bytes_of("abcdef"));
    auto file = disk().open(path("a"), Disk::Access::read);
    std::array<std::byte, 4> bytes{};
    EXPECT_EQ((*file)->read_at(1, bytes).value(), 4U);
    EXPECT_EQ((*file)->read_at(4, bytes).value(), 2U);
    EXPECT_EQ(bytes[0], std::byte{'e'});
    EXPECT_EQ((*file)->read_at(6, bytes).value(), 0U);
    EXPECT_EQ((*file)->read_at(1'000, bytes).value(), 0U);
}

TEST_P(AnyDisk, Grows_with_zeros_and_cuts) {
    write_whole(disk(), path("a"), bytes_of("abcdef"));
    auto file = disk().open(path("a"), Disk::Access::write);
    ASSERT_TRUE((*file)->resize(2));
    ASSERT_TRUE((*file)->resize(4));
    ASSERT_TRUE((*file)->sync());
    EXPECT_EQ(read_whole(disk(), path("a")), bytes_of(std::string_view("ab\0\0", 4)));
    ASSERT_TRUE((*file)->resize(4));
    EXPECT_EQ((*file)->size().value(), 4U);
}

TEST_P(AnyDisk, Creating_empties_what_was_there) {
    write_whole(disk(), path("a"), bytes_of("abcdef"));
    write_whole(disk(), path("a"), bytes_of("x"));
    EXPECT_EQ(read_whole(disk(), path("a")), bytes_of("x"));
}

TEST_P(AnyDisk, A_missing_file_is_told_with_its_path) {
    for (const auto access : {Disk::Access::read, Disk::Access::write}) {
        const auto file = disk().open(path("missing"), access);
        ASSERT_FALSE(file);
        EXPECT_EQ(file.error().code, ErrorCode::data);
        EXPECT_EQ(file.error().what, "cannot open");
        EXPECT_EQ(file.error().where, path("missing"));
        EXPECT_EQ(file.error().why, "No such file or directory");
        EXPECT_EQ(file.error().mend, "check the path");
    }
}

TEST_P(AnyDisk, Lists_names_in_order_and_nothing_of_a_missing_directory) {
    write_whole(disk(), path("b"), {});
    write_whole(disk(), path("a10"), {});
    write_whole(disk(), path("a9"), {});
    EXPECT_EQ(disk().list(directory()).value(), (std::vector<std::string>{"a10", "a9", "b"}));
    EXPECT_TRUE(disk().list(directory() + "/missing").value().empty());
}

TEST_P(AnyDisk, Renames_over_what_was_there) {
    write_whole(disk(), path("a"), bytes_of("new"));
    write_whole(disk(), path("b"), bytes_of("old"));
    ASSERT_TRUE(disk().rename(path("a"), path("b")));
    ASSERT_TRUE(disk().sync_directory(directory()));
    EXPECT_EQ(disk().list(directory()).value(), std::vector<std::string>{"b"});
    EXPECT_EQ(read_whole(disk(), path("b")), bytes_of("new"));
    EXPECT_EQ(disk().rename(path("a"), path("c")).error().why, "No such file or directory");
}

TEST_P(AnyDisk, Removes_and_says_when_there_is_nothing_to_remove) {
    write_whole(disk(), path("a"), {});
    ASSERT_TRUE(disk().remove(path("a")));
    EXPECT_TRUE(disk().list(directory()).value().empty());
    const auto again = disk().remove(path("a"));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().what, "cannot remove");
    EXPECT_EQ(again.error().why, "No such file or directory");
}

TEST_P(AnyDisk, A_removed_file_stays_readable_for_who_has_it_open) {
    write_whole(disk(), path("a"), bytes_of("abc"));
    auto file = disk().open(path("a"), Disk::Access::read);
    ASSERT_TRUE(disk().remove(path("a")));
    std::vector<std::byte> bytes;
    ASSERT_TRUE(read_file(**file, bytes));
    EXPECT_EQ(bytes, bytes_of("abc"));
}

TEST_P(AnyDisk, A_lock_is_refused_while_another_holds_it) {
    auto held = disk().lock(path("lock"));
    ASSERT_TRUE(held);
    const auto refused = disk().lock(path("lock"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().what, "another process is writing here");
    EXPECT_EQ(refused.error().where, path("lock"));
    EXPECT_TRUE(disk().lock(path("other")));
    held->reset();
    EXPECT_TRUE(disk().lock(path("lock")));
}

TEST_P(AnyDisk, Reading_a_whole_file_reuses_the_memory) {
    write_whole(disk(), path("long"), bytes_of("abcdef"));
    write_whole(disk(), path("short"), bytes_of("x"));
    std::vector<std::byte> bytes = read_whole(disk(), path("long"));
    const std::byte* memory = bytes.data();
    auto file = disk().open(path("short"), Disk::Access::read);
    ASSERT_TRUE(read_file(**file, bytes));
    EXPECT_EQ(bytes, bytes_of("x"));
    EXPECT_EQ(bytes.data(), memory);
}

}  // namespace
}  // namespace millrace::store
