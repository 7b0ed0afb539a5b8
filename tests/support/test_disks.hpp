// The disks that a test of the store runs on, real and simulated: the same promises of both.
#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "millrace/edge/store/disk.hpp"
#include "millrace/edge/store/simulated_disk.hpp"

#include "tests/support/temporary_directory.hpp"

namespace millrace::store {

[[nodiscard]] inline std::vector<std::byte> bytes_of(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

// Unsynced is enough for tests in which no power fails, and spares the real disk.
inline void write_whole(Disk& disk, const std::string& path, std::span<const std::byte> bytes,
                        bool sync = true) {
    auto file = disk.open(path, Disk::Access::create);
    ASSERT_TRUE(file) << describe(file.error());
    ASSERT_TRUE((*file)->write_at(0, bytes));
    if (sync) {
        ASSERT_TRUE((*file)->sync());
    }
}

[[nodiscard]] inline std::vector<std::byte> read_whole(Disk& disk, const std::string& path) {
    std::vector<std::byte> bytes;
    auto file = disk.open(path, Disk::Access::read);
    EXPECT_TRUE(file) << describe(file.error());
    if (!file) return {};
    EXPECT_TRUE(read_file(**file, bytes));
    return bytes;
}

enum class DiskKind { simulated, posix };

// A test with an empty directory on the disk of its parameter.
class OnEachDisk : public testing::TestWithParam<DiskKind> {
  protected:
    [[nodiscard]] Disk& disk() { return GetParam() == DiskKind::posix ? posix_disk() : simulated_; }
    [[nodiscard]] std::string directory() const {
        return GetParam() == DiskKind::posix ? temporary_ / "store" : "store";
    }
    [[nodiscard]] std::string path(const std::string& name) const {
        return directory() + "/" + name;
    }
    void SetUp() override { ASSERT_TRUE(disk().make_directory(directory())); }

  private:
    TemporaryDirectory temporary_;
    SimulatedDisk simulated_{1};
};

[[nodiscard]] inline std::string disk_name(const testing::TestParamInfo<DiskKind>& test) {
    return test.param == DiskKind::posix ? "posix" : "simulated";
}

}  // namespace millrace::store

#define MILLRACE_ON_EACH_DISK(Suite)                                                             \
    INSTANTIATE_TEST_SUITE_P(                                                                    \
        Disks, Suite,                                                                            \
        testing::Values(millrace::store::DiskKind::simulated, millrace::store::DiskKind::posix), \
        millrace::store::disk_name)
