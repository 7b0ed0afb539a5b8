#include "millrace/base/small_file.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace millrace {
namespace {

std::filesystem::path file_with(const std::string& name, const std::string& text) {
    const auto folder = std::filesystem::path(testing::TempDir()) / "millrace_small_file";
    std::filesystem::create_directories(folder);
    const auto path = folder / name;
    std::filesystem::remove_all(path);
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

TEST(SmallFile, Reads_every_byte_up_to_the_limit) {
    const std::string text("a\0b\r\n\xff", 6);
    const auto path = file_with("bytes", text);
    const auto file = read_small_file(path, 6);
    ASSERT_TRUE(file && *file);
    EXPECT_EQ((*file)->text, text);
    EXPECT_TRUE((*file)->ours);
    EXPECT_EQ(read_small_file(path, 5).error().why, "at most 5 bytes are read");
    EXPECT_EQ(read_small_file(file_with("empty", ""), 0).value().value().text, "");
}

TEST(SmallFile, Tells_a_missing_file_from_an_unreadable_one) {
    const auto path = file_with("here", "x");
    const auto missing = read_small_file(path.parent_path() / "not here", 10);
    ASSERT_TRUE(missing);
    EXPECT_FALSE(missing->has_value());
    EXPECT_FALSE(read_small_file(path / "below a file", 10).value().has_value());
}

TEST(SmallFile, Opens_no_folder_pipe_or_device) {
    const auto pipe = file_with("pipe", "");
    std::filesystem::remove(pipe);
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(read_small_file(pipe, 10).error().what, "this is not a regular file");
    EXPECT_EQ(read_small_file(pipe.parent_path(), 10).error().what, "this is not a regular file");
    EXPECT_EQ(read_small_file("/dev/null", 10).error().what, "this is not a regular file");
}

TEST(SmallFile, Calls_private_what_only_its_owner_may_read) {
    const auto path = file_with("secret", "x");
    for (const unsigned mode : {0600U, 0400U, 0700U}) {
        chmod(path.c_str(), mode);
        const auto file = read_small_file(path, 10);
        ASSERT_TRUE(file && *file);
        EXPECT_TRUE(check_private(**file, path));
    }
    for (const unsigned mode : {0640U, 0604U, 0620U, 0601U, 0644U}) {
        chmod(path.c_str(), mode);
        const auto refused = check_private(*read_small_file(path, 10).value(), path);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().mend, "chmod 600 " + path.string());
    }
    const auto foreign = check_private({.text = "x", .mode = 0600, .ours = false}, "theirs");
    EXPECT_EQ(foreign.error().where, "theirs");
}

}  // namespace
}  // namespace millrace
