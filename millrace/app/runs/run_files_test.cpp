#include "millrace/app/runs/run_files.hpp"

#include <array>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

#include "tests/support/temporary_directory.hpp"

namespace millrace::runs {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Result<Rows> rows_of(const std::string& path, std::span<const std::string_view> columns) {
    Rows rows;
    auto read = read_csv(path, columns, [&](std::span<const std::string> cells) -> Result<bool> {
        rows.emplace_back(cells.begin(), cells.end());
        return true;
    });
    if (!read) return failure(std::move(read.error()));
    return rows;
}

constexpr std::array<std::string_view, 2> kColumns = {"b", "a"};

TEST(RunFiles, Put_a_cell_in_quotes_only_where_it_must_be) {
    std::string line;
    for (const char* cell : {"plain", "a,b", "say \"hi\"", "two\nlines", ""}) {
        append_csv_cell(line, cell);
        line += '|';
    }
    EXPECT_EQ(line, "plain|\"a,b\"|\"say \"\"hi\"\"\"|\"two\nlines\"||");
}

TEST(RunFiles, Read_back_what_was_written_in_the_order_asked_for) {
    const TemporaryDirectory folder;
    ASSERT_TRUE(write_file(folder / "t.csv", "a,x,b\n1,2,\"3,\n\"\"4\"\"\"\n,,\n"));
    const auto rows = rows_of(folder / "t.csv", kColumns);
    ASSERT_TRUE(rows) << describe(rows.error());
    EXPECT_EQ(*rows, (Rows{{"3,\n\"4\"", "1"}, {"", ""}}));
}

TEST(RunFiles, Tell_where_a_table_is_damaged) {
    const TemporaryDirectory folder;
    ASSERT_TRUE(write_file(folder / "short.csv", "a,b\n1,2\n3\n"));
    const auto cut = rows_of(folder / "short.csv", kColumns);
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().where, folder / "short.csv, line 3");
    EXPECT_EQ(cut.error().why, "it has 1 cells, not 2");
    ASSERT_TRUE(write_file(folder / "other.csv", "a,c\n"));
    const auto other = rows_of(folder / "other.csv", kColumns);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().why, "there is no column \"b\"");
    ASSERT_TRUE(write_file(folder / "open.csv", "a,b\n1,\"2\n"));
    EXPECT_FALSE(rows_of(folder / "open.csv", kColumns));
    EXPECT_FALSE(rows_of(folder / "missing.csv", kColumns));
}

TEST(RunFiles, Never_write_over_a_file) {
    const TemporaryDirectory folder;
    ASSERT_TRUE(write_file(folder / "once", "first"));
    const auto again = write_file(folder / "once", "second");
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().why, "File exists");
    std::stringstream text;
    text << std::ifstream(folder / "once").rdbuf();
    EXPECT_EQ(text.str(), "first");
}

}  // namespace
}  // namespace millrace::runs
