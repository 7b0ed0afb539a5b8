#include "millrace/cli/output_file.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

#include "tests/support/temporary_directory.hpp"

namespace millrace::cli {
namespace {

std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t files_in(const TemporaryDirectory& folder) {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder.path()), {}));
}

TEST(OutputFile, Takes_its_place_when_it_is_finished_and_not_before) {
    const TemporaryDirectory folder;
    const std::string path = folder / "bars.csv";
    std::ofstream(path) << "old";
    auto file = OutputFile::create(path);
    ASSERT_TRUE(file) << describe(file.error());
    ASSERT_TRUE(file->write("new "));
    ASSERT_TRUE(file->write("text"));
    EXPECT_EQ(text_of(path), "old");
    EXPECT_EQ(text_of(file->unfinished_path()), "new text");
    ASSERT_TRUE(file->finish());
    EXPECT_EQ(text_of(path), "new text");
    EXPECT_EQ(files_in(folder), 1U);
}

TEST(OutputFile, Leaves_nothing_when_it_is_given_up) {
    const TemporaryDirectory folder;
    {
        auto file = OutputFile::create(folder / "bars.csv");
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->write("half"));
        EXPECT_EQ(files_in(folder), 1U);
    }
    EXPECT_EQ(files_in(folder), 0U);
}

TEST(OutputFile, Refuses_places_where_no_file_can_be) {
    const TemporaryDirectory folder;
    const auto nowhere = OutputFile::create(folder / "no/such/bars.csv");
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, ErrorCode::data);
    EXPECT_EQ(nowhere.error().where, folder / "no/such/bars.csv");
    EXPECT_EQ(nowhere.error().why, "No such file or directory");
    EXPECT_EQ(OutputFile::create(folder.path()).error().what, "this is no ordinary file");
    EXPECT_EQ(OutputFile::create("/dev/null").error().what, "this is no ordinary file");
}

}  // namespace
}  // namespace millrace::cli
