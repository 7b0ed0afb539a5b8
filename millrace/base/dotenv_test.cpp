#include "millrace/base/dotenv.hpp"

#include <gtest/gtest.h>

namespace millrace::config {
namespace {

// "NAME=value@line" of each entry, or "file:line:column what" of the error.
std::vector<std::string> read(std::string_view text) {
    const auto entries = parse_dotenv(text, ".env");
    if (!entries) return {entries.error().where + " " + entries.error().what};
    std::vector<std::string> lines;
    for (const DotenvEntry& entry : *entries)
        lines.push_back(entry.name + "=" + entry.value + "@" + std::to_string(entry.line));
    return lines;
}

using Lines = std::vector<std::string>;

TEST(Dotenv, Reads_plain_lines_comments_and_export) {
    EXPECT_EQ(read("A=1\n# comment\n\n  export B = two words  # c\n\texport\tC=\nexport=x"),
              (Lines{"A=1@1", "B=two words@4", "C=@5", "export=x@6"}));
    EXPECT_EQ(read(""), Lines{});
    EXPECT_EQ(read("# only"), Lines{});
    EXPECT_EQ(read("A=1\r\nB=2\r\n"), (Lines{"A=1@1", "B=2@2"}));
    EXPECT_EQ(read("\xef\xbb\xbf"
                   "A=1"),
              Lines{"A=1@1"});
}

TEST(Dotenv, Begins_a_comment_only_behind_a_space) {
    EXPECT_EQ(read("A=x#y\nB=x #y\nC=#y\nD='x'#y"),
              (Lines{".env:4:6 only a comment may follow the closing quote"}));
    EXPECT_EQ(read("A=x#y\nB=x #y\nC=#y\nD='x' #y"), (Lines{"A=x#y@1", "B=x@2", "C=@3", "D=x@4"}));
}

TEST(Dotenv, Takes_single_quotes_literally_and_escapes_in_double_quotes) {
    EXPECT_EQ(read(R"(A='a\n"$B" #x')"), Lines{R"(A=a\n"$B" #x@1)"});
    EXPECT_EQ(read(R"(A="a\n\t\r\\\"\$B 'x' # y" # c)"), Lines{"A=a\n\t\r\\\"$B 'x' # y@1"});
    EXPECT_EQ(read("A=$HOME/${X}"), Lines{"A=$HOME/${X}@1"});
}

TEST(Dotenv, Lets_quoted_text_run_over_lines_and_keeps_counting_them) {
    EXPECT_EQ(read("A=\"one\ntwo\"\nB='x\n\ny'\nC=1"),
              (Lines{"A=one\ntwo@1", "B=x\n\ny@3", "C=1@6"}));
}

TEST(Dotenv, Returns_a_name_twice_when_it_is_set_twice) {
    EXPECT_EQ(read("A=1\nA=2"), (Lines{"A=1@1", "A=2@2"}));
}

TEST(Dotenv, Refuses_what_it_cannot_read_with_line_and_column) {
    const std::string no_name = "a line must begin with the name of a variable";
    const std::string no_equals = "a name must be followed by '='";
    EXPECT_EQ(read("A=1\n 1B=2"), Lines{".env:2:4 " + no_name});
    EXPECT_EQ(read("=x"), Lines{".env:1:1 " + no_name});
    EXPECT_EQ(read("export =x"), Lines{".env:1:8 " + no_name});
    EXPECT_EQ(read("A"), Lines{".env:1:2 " + no_equals});
    EXPECT_EQ(read("A\nB=1"), Lines{".env:1:2 " + no_equals});
    EXPECT_EQ(read("A-B=1"), Lines{".env:1:2 " + no_equals});
    EXPECT_EQ(read("A B=1"), Lines{".env:1:3 " + no_equals});
    EXPECT_EQ(read("A=1\nB=\"x\ny"), Lines{".env:2:3 a quote is not closed"});
    EXPECT_EQ(read("B='x"), Lines{".env:1:3 a quote is not closed"});
    EXPECT_EQ(read("B=\"x\\"), Lines{".env:1:3 a quote is not closed"});
    EXPECT_EQ(read("B=\"x\\q\""), Lines{".env:1:6 this character cannot follow a backslash"});
    EXPECT_EQ(read("B=\"x\"y"), Lines{".env:1:6 only a comment may follow the closing quote"});
    EXPECT_EQ(read("A=\xff"), Lines{".env the file is not UTF-8"});
    EXPECT_EQ(read(std::string_view("A=\0", 3)), Lines{".env the file has a zero byte in it"});
    EXPECT_EQ(read(std::string(kDotenvBytesMax + 1, '#')), Lines{".env the file is too large"});
    EXPECT_EQ(read(std::string(kDotenvBytesMax, '#')), Lines{});
}

}  // namespace
}  // namespace millrace::config
