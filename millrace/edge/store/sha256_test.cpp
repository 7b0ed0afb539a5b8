#include "millrace/edge/store/sha256.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"

namespace millrace::store {
namespace {

// The vectors of FIPS 180-4.
constexpr std::string_view kAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, Gives_the_digests_of_the_standard) {
    EXPECT_EQ(sha256_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_of("abc"), kAbc);
}

TEST(Sha256, Takes_its_bytes_in_pieces) {
    Sha256 hash;
    hash.add("a");
    hash.add("");
    hash.add("bc");
    EXPECT_EQ(hash.text(), kAbc);
}

TEST(Sha256, Of_a_file_tells_its_size_too) {
    const TemporaryDirectory folder;
    std::ofstream(folder / "abc") << "abc";
    const auto digest = sha256_of_file(folder / "abc");
    ASSERT_TRUE(digest) << describe(digest.error());
    EXPECT_EQ(digest->bytes, 3u);
    EXPECT_EQ(digest->sha256, kAbc);
}

TEST(Sha256, Of_what_is_no_file_is_an_error) {
    const TemporaryDirectory folder;
    const auto missing = sha256_of_file(folder / "nothing");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().why, "No such file or directory");
    EXPECT_FALSE(sha256_of_file(folder.path()));
}

}  // namespace
}  // namespace millrace::store
