#include "millrace/edge/store/parquet/parquet_stream.hpp"

#include "tests/support/parquet_files.hpp"

namespace millrace::parquet {
namespace {

using ParquetStream = ParquetFiles;

constexpr OutputColumn kColumns[] = {{"time", CellKind::time},
                                     {"price", CellKind::decimal, Price::kScale},
                                     {"size", CellKind::decimal, Quantity::kScale}};

Time at(std::int64_t second) {
    return Time::from_ns(1'704'187'800'000'000'000 + second * 1'000'000'000);
}

TEST_F(ParquetStream, Reads_back_what_it_was_given_in_its_order) {
    constexpr std::int64_t kRows = 300'000;  // several row groups
    std::int64_t made = 0;
    const std::string path = folder_ / "it's.parquet";
    const auto rows = stream_to_parquet(path, kColumns, [&](std::span<Cell> row) -> Result<bool> {
        if (made == kRows) return false;
        row[0] = at(made);
        row[1] = 1'000'000'007 + made;
        row[2] = INT64_MAX - made;
        ++made;
        return true;
    });
    ASSERT_TRUE(rows) << describe(rows.error());
    EXPECT_EQ(*rows, 300'000U);
    const auto back = read(path);
    ASSERT_TRUE(back) << describe(back.error());
    ASSERT_EQ(back->size(), 300'000U);
    for (std::int64_t i = 0; i < kRows; ++i) {
        const auto& trade = std::get<model::Trade>((*back)[static_cast<std::size_t>(i)]);
        ASSERT_EQ(trade.known_at, at(i));
        ASSERT_EQ(trade.price.raw(), 1'000'000'007 + i);
        ASSERT_EQ(trade.size.raw(), INT64_MAX - i);
    }
}

TEST_F(ParquetStream, Gives_back_the_error_of_its_source) {
    int calls = 0;
    const auto rows = stream_to_parquet(
        folder_ / "x.parquet", kColumns, [&](std::span<Cell> row) -> Result<bool> {
            if (++calls == 3)
                return failure(ErrorCode::data, "row three is bad", "x.csv:3", "it is", "mend it");
            row[0] = at(calls);
            row[1] = std::int64_t{1};
            row[2] = std::monostate();
            return true;
        });
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().what, "row three is bad");
    EXPECT_EQ(rows.error().where, "x.csv:3");
    EXPECT_EQ(calls, 3);
}

TEST_F(ParquetStream, Says_where_it_could_not_write) {
    const auto rows = stream_to_parquet(folder_ / "none/x.parquet", kColumns,
                                        [](std::span<Cell>) -> Result<bool> { return false; });
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().what, "the Parquet file cannot be written");
    EXPECT_NE(rows.error().why.find("No such file"), std::string::npos) << rows.error().why;
}

}  // namespace
}  // namespace millrace::parquet
