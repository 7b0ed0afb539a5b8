#include "millrace/edge/store/parquet/parquet_writer.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <limits>
#include <sstream>

#include "millrace/edge/store/parquet/duck_stream.hpp"

#include "tests/support/temporary_directory.hpp"

namespace millrace::parquet {
namespace {

constexpr std::array kColumns = {
    OutputColumn{"name", CellKind::text}, OutputColumn{"count", CellKind::integer},
    OutputColumn{"money", CellKind::decimal, 8}, OutputColumn{"ts", CellKind::time}};

Result<void> write(const std::string& path, const std::vector<std::array<Cell, 4>>& rows) {
    auto writer = ParquetWriter::create(path, kColumns);
    if (!writer) return failure(std::move(writer.error()));
    for (const auto& row : rows)
        if (auto added = writer->add(row); !added) return added;
    return writer->finish();
}

// Every row as one text, as DuckDB reads it.
std::vector<std::string> read(const std::string& path) {
    const std::array values = {path};
    auto stream = DuckStream::open(
        "SELECT coalesce(name,'-') || '|' || coalesce(count::VARCHAR,'-') || '|' || "
        "coalesce(money::VARCHAR,'-') || '|' || coalesce(ts::VARCHAR,'-') FROM read_parquet(?)",
        values);
    EXPECT_TRUE(stream) << describe(stream.error());
    std::vector<std::string> rows;
    while (stream && stream->next_block().value_or(false))
        for (std::size_t row = 0; row < stream->rows(); ++row)
            rows.emplace_back(stream->column(0).text(row));
    return rows;
}

std::string bytes_of(const std::string& path) {
    std::stringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

TEST(ParquetWriter, Keeps_every_digit_and_nanosecond_and_what_is_absent) {
    const TemporaryDirectory folder;
    const Time time = parse_time("2024-01-02T09:30:00.123456789Z").value();
    const auto done = write(
        folder / "it's.parquet",
        {{"a \"b\" ü, longer than twelve bytes", std::int64_t{-7}, std::int64_t{-123'456'789},
          time},
         {Cell(), Cell(), Cell(), Cell()},
         {"", std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max(),
          Time::from_ns(0)},
         {"x", std::int64_t{0}, std::numeric_limits<std::int64_t>::min() + 1, Time::from_ns(-1)}});
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(read(folder / "it's.parquet"),
              (std::vector<std::string>{
                  "a \"b\" ü, longer than twelve bytes|-7|-1.23456789|"
                  "2024-01-02 09:30:00.123456789",
                  "-|-|-|-", "|9223372036854775807|92233720368.54775807|1970-01-01 00:00:00",
                  "x|0|-92233720368.54775807|1969-12-31 23:59:59.999999999"}));
}

TEST(ParquetWriter, Takes_more_rows_than_one_vector_has) {
    const TemporaryDirectory folder;
    std::vector<std::array<Cell, 4>> rows;
    for (std::int64_t i = 0; i < 5'000; ++i)
        rows.push_back({"n", i, i % 2 == 0 ? Cell() : Cell(i), Time::from_ns(i)});
    ASSERT_TRUE(write(folder / "many.parquet", rows));
    const auto back = read(folder / "many.parquet");
    ASSERT_EQ(back.size(), 5'000u);
    EXPECT_EQ(back[4'998], "n|4998|-|1970-01-01 00:00:00.000004998");
    EXPECT_EQ(back[4'999], "n|4999|0.00004999|1970-01-01 00:00:00.000004999");
}

TEST(ParquetWriter, Writes_a_table_without_rows_and_the_same_bytes_twice) {
    const TemporaryDirectory folder;
    ASSERT_TRUE(write(folder / "none.parquet", {}));
    EXPECT_TRUE(read(folder / "none.parquet").empty());
    const std::vector<std::array<Cell, 4>> rows = {{"a", std::int64_t{1}, Cell(), Time()}};
    ASSERT_TRUE(write(folder / "one.parquet", rows));
    ASSERT_TRUE(write(folder / "two.parquet", rows));
    EXPECT_EQ(bytes_of(folder / "one.parquet"), bytes_of(folder / "two.parquet"));
}

TEST(ParquetWriter, Tells_where_it_cannot_write) {
    const TemporaryDirectory folder;
    const auto done = write(folder / "no such folder/x.parquet", {});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::data);
    EXPECT_EQ(done.error().where, folder / "no such folder/x.parquet");
}

}  // namespace
}  // namespace millrace::parquet
