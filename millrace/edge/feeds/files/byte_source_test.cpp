#include "millrace/edge/feeds/files/byte_source.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "millrace/edge/feeds/files/zip_directory.hpp"

#include "tests/support/packed_files.hpp"
#include "tests/support/temporary_directory.hpp"

namespace millrace::files {
namespace {

const std::string kRow = "2026-01-05T14:30:00Z,1,2\n";

class Bytes : public testing::Test {
  protected:
    std::string written(std::string_view bytes, const char* name = "file") {
        const std::string path = folder_ / name;
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }
    // All of it, read in pieces of seven bytes; or the first error as "what: why".
    std::string read(std::string_view bytes, const std::string& member = {}) {
        auto opened = open_bytes(written(bytes), member);
        if (!opened) return opened.error().what + ": " + opened.error().why;
        std::string all;
        std::array<char, 7> piece{};
        for (;;) {
            const auto got = opened->bytes->read(piece);
            if (!got) return got.error().what + ": " + got.error().why;
            if (*got == 0) return all;
            all.append(piece.data(), *got);
        }
    }
    TemporaryDirectory folder_;
};

TEST_F(Bytes, Are_the_same_plain_and_packed) {
    std::string text;
    for (int i = 0; i < 20'000; ++i)
        text += std::to_string(i) + kRow;
    EXPECT_EQ(read(text), text);
    EXPECT_EQ(read(gzipped(text)), text);
    EXPECT_EQ(read(ZipBytes().add({"a.csv", text}).finished()), text);
    EXPECT_EQ(read(ZipBytes().add({"a.csv", text, true}).finished()), text);
    EXPECT_EQ(read(""), "");
    EXPECT_EQ(read(gzipped("")), "");
    EXPECT_EQ(read(ZipBytes().add({"a.csv", ""}).finished()), "");
}

TEST_F(Bytes, Of_several_gzips_in_one_are_joined) {
    EXPECT_EQ(read(gzipped("a\n") + gzipped("b\n")), "a\nb\n");
}

TEST_F(Bytes, Of_a_zip64_are_found_by_its_longer_numbers) {
    const ZippedFile file{"a.csv", kRow, false, true};
    EXPECT_EQ(read(ZipBytes().add(file).finished()), kRow);
    EXPECT_EQ(read(ZipBytes().add(file).finished(true)), kRow);
    EXPECT_EQ(read(ZipBytes().add(file).finished(true, "a comment")), kRow);
}

TEST_F(Bytes, Of_a_zip_are_those_of_its_only_table) {
    const std::string zip = ZipBytes()
                                .add({"folder/", ""})
                                .add({"__MACOSX/a.csv", "x"})
                                .add({"readme.txt", "what it is"})
                                .add({"folder/a.CSV", kRow})
                                .finished();
    EXPECT_EQ(read(zip), kRow);
    EXPECT_EQ(read(zip, "readme.txt"), "what it is");
    const std::string two = ZipBytes().add({"a.csv", "1"}).add({"b.csv", "2"}).finished();
    EXPECT_EQ(read(two), "the zip holds several tables: it holds a.csv, b.csv");
    EXPECT_EQ(read(two, "b.csv"), "2");
    EXPECT_EQ(read(two, "c.csv"), "the zip has no \"c.csv\": it holds a.csv, b.csv");
    EXPECT_EQ(read(ZipBytes().finished()), "the zip holds no table: it is empty");
}

TEST_F(Bytes, That_are_cut_off_or_spoilt_are_an_error) {
    std::string text;
    for (int i = 0; i < 1'000; ++i)
        text += std::to_string(i * i) + kRow;
    const std::string gzip = gzipped(text);
    EXPECT_EQ(read(gzip.substr(0, gzip.size() / 2)), "the packed file is broken: it ends early");
    std::string spoilt = gzip;
    spoilt[spoilt.size() - 6] ^= 1;  // of its checksum
    EXPECT_EQ(read(spoilt), "the packed file is broken: incorrect data check");
    EXPECT_EQ(read(gzip + "rest").substr(0, 26), "the packed file is broken:");

    const std::string zip = ZipBytes().add({"a.csv", text}).finished();
    EXPECT_EQ(read(zip.substr(0, zip.size() - 30)),
              "the zip is broken: it has no directory at its end; it may be cut off");
    EXPECT_EQ(read(zip.substr(0, 40) + zip.substr(300)).substr(0, 18), "the zip is broken:");
    for (const bool is_stored : {false, true})
        EXPECT_EQ(read(ZipBytes().add({"a.csv", text, is_stored, false, false, 1}).finished()),
                  "the packed file is broken: its checksum is not the one that the zip has");
}

TEST_F(Bytes, Of_other_forms_are_named) {
    EXPECT_EQ(read(ZipBytes().add({"a.csv", "1", false, false, true}).finished()),
              "the file in the zip is not read: it is encrypted");
    EXPECT_EQ(read(ZipBytes().add({"[Content_Types].xml", "1"}).finished()),
              "the file is not read: it is a spreadsheet");
    EXPECT_EQ(read("\x28\xb5\x2f\xfd..."), "the file is not read: it is packed with zstd");
    EXPECT_EQ(read(std::string("\xff\xfe"
                               "a\0b",
                               5)),
              "the file is not read: it is text in UTF-16");
    EXPECT_EQ(read("a,b\n", "a.csv"), "the file has no members: it is no zip");
}

// 300 MB of one byte pack to 300 kB, a thousand times less; no table does.
TEST_F(Bytes, That_unpack_to_far_too_much_are_refused) {
    std::string bomb;
    const std::string megabyte(1 << 20, 'x');
    const std::string packed = gzipped(megabyte);
    for (int i = 0; i < 300; ++i)
        bomb += packed;
    auto opened = open_bytes(written(bomb), {});
    ASSERT_TRUE(opened);
    std::vector<char> piece(1 << 20);
    std::uint64_t total = 0;
    for (;;) {
        const auto got = opened->bytes->read(piece);
        if (!got) {
            EXPECT_EQ(got.error().what, "the file unpacks to far too much");
            break;
        }
        ASSERT_NE(*got, 0U);
        total += *got;
    }
    EXPECT_LT(total, std::uint64_t{270} << 20);
}

TEST_F(Bytes, Of_a_zip_with_too_many_members_are_refused) {
    std::string end("PK\x03\x04", 4);
    end += std::string("PK\x06\x06", 4) + std::string(28, '\0');
    const std::uint64_t members = 200'000;
    std::string all(end);
    for (int i = 0; i < 8; ++i)
        all += static_cast<char>((members >> (8 * i)) & 0xff);
    all += std::string(16, '\0');
    all += std::string("PK\x06\x07\0\0\0\0\x04\0\0\0\0\0\0\0\x01\0\0\0", 20);
    all +=
        std::string("PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0", 22);
    EXPECT_EQ(read(all), "the zip has too many files: at most 100000 are looked at");
}

}  // namespace
}  // namespace millrace::files
