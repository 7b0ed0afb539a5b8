// The real disk and its refusals.
#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/support/test_disks.hpp"

namespace millrace::store {
namespace {

// Files beyond this size fail as on a full disk, until the test is over.
class FileSizeLimit {
  public:
    explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

  private:
    void (*handler_)(int);
    rlimit before_{};
};

TEST(PosixDisk, A_path_through_a_file_is_refused_with_the_systems_reason) {
    const TemporaryDirectory directory;
    Disk& disk = posix_disk();
    write_whole(disk, directory / "file", bytes_of("x"));
    const std::string through = directory / "file/inner";
    EXPECT_EQ(disk.open(through, Disk::Access::create).error().why, "Not a directory");
    EXPECT_EQ(disk.list(through).error().why, "Not a directory");
    EXPECT_EQ(disk.list(directory / "file").error().why, "Not a directory");
    EXPECT_EQ(disk.make_directory(through).error().why, "Not a directory");
    EXPECT_FALSE(disk.make_directory(directory / "file"));
    EXPECT_EQ(disk.lock(through).error().what, "cannot open");
    EXPECT_EQ(disk.sync_directory(directory / "file").error().why, "Not a directory");
}

TEST(PosixDisk, A_file_in_a_missing_directory_cannot_be_made) {
    const TemporaryDirectory directory;
    Disk& disk = posix_disk();
    const auto file = disk.open(directory / "missing/file", Disk::Access::create);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().where, directory / "missing/file");
    EXPECT_EQ(file.error().mend, "check the path");
    EXPECT_FALSE(disk.sync_directory(directory / "missing"));
}

TEST(PosixDisk, Makes_directories_with_those_above_them) {
    const TemporaryDirectory directory;
    Disk& disk = posix_disk();
    ASSERT_TRUE(disk.make_directory(directory / "a/b/c"));
    ASSERT_TRUE(disk.make_directory(directory / "a/b/c"));
    ASSERT_TRUE(disk.make_directory(directory / "a/d/"));
    EXPECT_EQ(disk.list(directory / "a").value(), (std::vector<std::string>{"b", "d"}));
}

TEST(PosixDisk, Files_are_for_their_owner_alone) {
    const TemporaryDirectory directory;
    write_whole(posix_disk(), directory / "file", {});
    struct stat status{};
    ASSERT_EQ(::stat((directory / "file").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

// A pipe would keep the opening waiting for its other end, a device may do anything.
TEST(PosixDisk, Pipes_devices_and_directories_are_no_files) {
    const TemporaryDirectory directory;
    Disk& disk = posix_disk();
    ASSERT_EQ(::mkfifo((directory / "pipe").c_str(), 0600), 0);
    for (const std::string& path : {directory / "pipe", std::string("/dev/full"),
                                    std::string("/dev/zero"), directory.path()}) {
        const auto file = disk.open(path, Disk::Access::read);
        ASSERT_FALSE(file) << path;
        EXPECT_EQ(file.error().what, "this is no ordinary file");
        EXPECT_EQ(file.error().where, path);
    }
    EXPECT_FALSE(disk.open(directory / "pipe", Disk::Access::write));
    EXPECT_FALSE(disk.open(directory.path(), Disk::Access::create));
}

TEST(PosixDisk, A_file_that_may_not_grow_says_so_and_stays_usable) {
    const TemporaryDirectory directory;
    auto file = posix_disk().open(directory / "file", Disk::Access::create);
    ASSERT_TRUE(file);
    const std::vector<std::byte> page(4'096, std::byte{7});
    {
        const FileSizeLimit limit(8'192);
        ASSERT_TRUE((*file)->write_at(0, page));
        const auto grown = (*file)->resize(100'000);
        ASSERT_FALSE(grown);
        EXPECT_EQ(grown.error().what, "cannot grow");
        EXPECT_EQ(grown.error().where, directory / "file");
        EXPECT_EQ(grown.error().why, "File too large");
        EXPECT_EQ((*file)->write_at(8'192, page).error().what, "cannot write");
        // The first half fits, the second does not: an error, not a short success.
        EXPECT_EQ((*file)->write_at(6'144, page).error().why, "File too large");
    }
    ASSERT_TRUE((*file)->write_at(6'144, page));
    ASSERT_TRUE((*file)->resize(100'000));
    EXPECT_EQ((*file)->size().value(), 100'000U);
}

TEST(PosixDisk, A_file_opened_for_reading_cannot_be_changed) {
    const TemporaryDirectory directory;
    write_whole(posix_disk(), directory / "file", bytes_of("abc"));
    auto file = posix_disk().open(directory / "file", Disk::Access::read);
    EXPECT_FALSE((*file)->write_at(0, bytes_of("x")));
    EXPECT_FALSE((*file)->resize(1));
    EXPECT_EQ(read_whole(posix_disk(), directory / "file"), bytes_of("abc"));
}

}  // namespace
}  // namespace millrace::store
