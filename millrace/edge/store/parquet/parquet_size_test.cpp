// What a file's form and size may not change: the rows, and the memory they are read with.
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/parquet_files.hpp"

namespace millrace::parquet {
namespace {

using ParquetForms = ParquetFiles;

// Row i of 10,000: second i, a bid of 1 + i / 10^4, half a point below its ask; all but the time
// come again often enough for dictionaries.
std::string quotes(const std::string& price_type) {
    return "SELECT make_timestamp((1704187800 + i) * 1000000) AS ts, CAST(1 + i % 100 * 0.01 AS " +
           price_type + ") AS bid, CAST(1.5 + i % 100 * 0.01 AS " + price_type +
           ") AS ask, CAST(i % 10 AS " + price_type + ") AS bid_size FROM range(10000) t(i)";
}

void expect_quotes(const Result<std::vector<model::Datum>>& rows, const std::string& form) {
    ASSERT_TRUE(rows) << form << ": " << describe(rows.error());
    ASSERT_EQ(rows->size(), 10'000U) << form;
    for (std::size_t i = 0; i < rows->size(); ++i) {
        const auto number = static_cast<std::int64_t>(i);
        const auto& quote = std::get<model::Quote>((*rows)[i]);
        ASSERT_EQ(quote.known_at.ns(), (1'704'187'800 + number) * 1'000'000'000) << form;
        ASSERT_EQ(quote.bid.raw(), 1'000'000'000 + number % 100 * 10'000'000) << form;
        ASSERT_EQ(quote.ask.raw(), 1'500'000'000 + number % 100 * 10'000'000) << form;
        ASSERT_EQ(quote.bid_size.raw(), number % 10 * 100'000'000) << form;
    }
}

TEST_F(ParquetForms, Every_compression_gives_the_same_rows) {
    for (const char* compression : {"uncompressed", "snappy", "zstd", "gzip", "lz4", "brotli"}) {
        const std::string form = std::string("COMPRESSION ") + compression;
        expect_quotes(read(written(quotes("DOUBLE"), form)), form);
    }
}

TEST_F(ParquetForms, Row_groups_and_versions_give_the_same_rows) {
    for (const char* form : {"ROW_GROUP_SIZE 2048", "ROW_GROUP_SIZE 100000", "PARQUET_VERSION v1",
                             "PARQUET_VERSION v2"})
        expect_quotes(read(written(quotes("DOUBLE"), form)), form);
}

TEST_F(ParquetForms, Numbers_as_text_with_dictionaries_give_the_same_rows) {
    for (const char* form : {"DICTIONARY_SIZE_LIMIT 1000", "DICTIONARY_SIZE_LIMIT 1"})
        expect_quotes(read(written(quotes("VARCHAR"), form)), form);
    expect_quotes(read(written(quotes("DECIMAL(9,2)"))), "decimals");
}

// Long and short texts lie differently in memory.
TEST_F(ParquetForms, Texts_of_any_length_are_read_whole) {
    const auto rows = read(written(
        "SELECT '2024-01-02T09:30:00.123456789+01:00' AS ts, '00000000000000000012.5' AS bid, "
        "'12.75' AS ask"));
    ASSERT_TRUE(rows) << describe(rows.error());
    const auto& quote = std::get<model::Quote>(rows->front());
    EXPECT_EQ(format_time(quote.known_at), "2024-01-02T08:30:00.123456789Z");
    EXPECT_EQ(quote.bid.to_string(), "12.5");
    EXPECT_EQ(quote.ask.to_string(), "12.75");
}

TEST_F(ParquetForms, Several_files_are_read_at_once_each_at_its_own_pace) {
    std::vector<ParquetReader> readers;
    for (int i = 1; i <= 20; ++i) {
        auto reader =
            ParquetReader::open(written("SELECT 1704187800 + i AS ts, " + std::to_string(i) +
                                            "::DOUBLE AS price FROM range(5000) t(i)",
                                        {}, std::to_string(i) + ".parquet"),
                                {});
        ASSERT_TRUE(reader) << describe(reader.error());
        readers.push_back(std::move(*reader));
    }
    model::Datum datum;
    for (int row = 0; row < 5'000; ++row)
        for (std::size_t i = 0; i < readers.size(); ++i) {
            ASSERT_TRUE(readers[i].next(datum).value());
            ASSERT_EQ(std::get<model::Trade>(datum).price,
                      Price::whole(static_cast<std::int64_t>(i + 1)));
        }
    for (ParquetReader& reader : readers)
        EXPECT_FALSE(reader.next(datum).value());
}

std::int64_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::int64_t whole = 0;
    std::int64_t resident = 0;
    file >> whole >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

// The rows themselves take 96 MB as nouns and 80 MB in the file's own types, uncompressed.
TEST_F(ParquetForms, Two_million_quotes_pass_through_little_memory) {
    constexpr std::uint64_t kRows = 2'000'000;
    constexpr std::int64_t kGrowthMax = 64 << 20;
    const auto path = written(
        "SELECT make_timestamp(1704187800000000 + i * 250000) AS ts, "
        "(10 + hash(i) % 1000000 / 1000000)::DOUBLE AS bid, "
        "(11 + hash(i) % 1000000 / 1000000)::DOUBLE AS ask, 5::DOUBLE AS bid_size, "
        "(hash(i) % 1000)::DOUBLE AS ask_size FROM range(2000000) t(i)",
        "COMPRESSION zstd");
    auto reader = ParquetReader::open(path, {});
    ASSERT_TRUE(reader) << describe(reader.error());
    const std::int64_t before = resident_bytes();
    std::int64_t most = before;
    model::Datum datum;
    for (auto more = reader->next(datum); more && *more; more = reader->next(datum))
        if (reader->rows() % 50'000 == 0) most = std::max(most, resident_bytes());
    EXPECT_EQ(reader->rows(), kRows);
    EXPECT_LT(most - before, kGrowthMax);
}

}  // namespace
}  // namespace millrace::parquet
