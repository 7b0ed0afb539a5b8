#include "millrace/app/machine.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>

namespace millrace::app {
namespace {

class MachineDirectory : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "millrace-machine-XXXXXX";
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] bool is_empty() const { return std::filesystem::is_empty(folder_); }

    std::filesystem::path folder_;
};

TEST_F(MachineDirectory, Is_measured_without_leaving_anything_behind) {
    const auto directory = measure_directory(folder_.string());
    ASSERT_TRUE(directory) << directory.error().what;
    EXPECT_TRUE(directory->exists);
    EXPECT_EQ(directory->measured, folder_.string());
    EXPECT_GT(directory->free_bytes, 0u);
    EXPECT_GT(directory->sync_median, Duration());
    EXPECT_TRUE(is_empty());
}

TEST_F(MachineDirectory, That_does_not_exist_is_measured_where_it_would_be_made) {
    const auto directory = measure_directory((folder_ / "a" / "b").string());
    ASSERT_TRUE(directory) << directory.error().what;
    EXPECT_FALSE(directory->exists);
    EXPECT_EQ(directory->measured, folder_.string());
    EXPECT_TRUE(is_empty());
}

TEST_F(MachineDirectory, That_is_a_file_or_lies_in_one_is_refused) {
    const std::string file = (folder_ / "file").string();
    std::ofstream(file) << "x";
    const auto in_place = measure_directory(file);
    ASSERT_FALSE(in_place);
    EXPECT_EQ(in_place.error().what, file + " is not a directory");
    EXPECT_FALSE(measure_directory(file + "/data"));
}

TEST(Machine, Facts_are_plausible_on_the_machine_that_runs_this) {
    EXPECT_GE(processor().cores, 1u);
    EXPECT_GT(memory_bytes().value_or(0), 16u * 1024 * 1024);
    EXPECT_GE(descriptor_limit().soft, 16u);
    EXPECT_GE(descriptor_limit().hard, descriptor_limit().soft);
    EXPECT_GT(monotonic_step(), Duration());
    EXPECT_LT(monotonic_step(), Duration::milliseconds(50));
    EXPECT_TRUE(zones_version());
}

}  // namespace
}  // namespace millrace::app
