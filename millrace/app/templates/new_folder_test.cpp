#include "millrace/app/templates/new_folder.hpp"

#include <array>
#include <fstream>
#include <gtest/gtest.h>
#include <set>

#include "tests/support/temporary_directory.hpp"

namespace millrace::templates {
namespace {

namespace fs = std::filesystem;

const std::array<NewFile, 2> kFiles = {NewFile{"one.txt", "first\n"}, NewFile{".two", "second"}};

std::set<std::string> names_in(const std::string& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        names.insert(entry.path().filename());
    return names;
}

TEST(NewFolder, Is_written_whole) {
    const TemporaryDirectory place;
    ASSERT_TRUE(write_new_folder(place / "new/", kFiles));
    EXPECT_EQ(names_in(place.path()), std::set<std::string>{"new"});
    EXPECT_EQ(names_in(place / "new"), (std::set<std::string>{"one.txt", ".two"}));
    std::ifstream file(place / "new/one.txt");
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "first\n");
}

TEST(NewFolder, May_be_an_empty_one) {
    const TemporaryDirectory place;
    fs::create_directory(place / "empty");
    ASSERT_TRUE(write_new_folder(place / "empty", kFiles));
    EXPECT_EQ(names_in(place / "empty").size(), 2U);
}

TEST(NewFolder, Touches_nothing_that_is_there) {
    const TemporaryDirectory place;
    fs::create_directory(place / "full");
    std::ofstream(place / "full/mine") << "mine";
    std::ofstream(place / "file") << "mine";
    fs::create_directory(place / "empty");
    fs::create_directory_symlink("empty", place / "link");
    for (const char* taken : {"full", "file", "link"}) {
        const auto written = write_new_folder(place / taken, kFiles);
        ASSERT_FALSE(written) << taken;
        EXPECT_EQ(written.error().code, ErrorCode::config);
        EXPECT_EQ(written.error().what, "there is something already");
    }
    EXPECT_EQ(names_in(place / "full"), std::set<std::string>{"mine"});
    EXPECT_EQ(names_in(place.path()), (std::set<std::string>{"full", "file", "empty", "link"}));
}

TEST(NewFolder, Leaves_nothing_half_written) {
    const TemporaryDirectory place;
    const std::array<NewFile, 2> files = {kFiles[0], NewFile{"no/such/folder", "text"}};
    const auto written = write_new_folder(place / "new", files);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().why, "no/such/folder could not be written");
    EXPECT_TRUE(fs::is_empty(place.path()));
}

TEST(NewFolder, Needs_a_folder_around_it) {
    const TemporaryDirectory place;
    const auto written = write_new_folder(place / "a/b", kFiles);
    EXPECT_EQ(written.error().mend, "mkdir -p " + (place / "a"));
}

TEST(NewFolder, Does_not_replace_the_current_folder) {
    const TemporaryDirectory place;
    const auto before = fs::current_path();
    fs::current_path(place.path());
    const auto written = write_new_folder(".", kFiles);
    fs::current_path(before);
    EXPECT_EQ(written.error().what, "the folder cannot be the current one");
    EXPECT_TRUE(fs::is_empty(place.path()));
}

}  // namespace
}  // namespace millrace::templates
