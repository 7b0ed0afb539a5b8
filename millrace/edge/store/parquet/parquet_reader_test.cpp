#include "millrace/edge/store/parquet/parquet_reader.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <limits>

#include "tests/support/parquet_files.hpp"

namespace millrace::parquet {
namespace {

using ParquetRows = ParquetFiles;

const model::Bar& bar_of(const model::Datum& datum) {
    return std::get<model::Bar>(datum);
}

constexpr const char* kTwoBars =
    "SELECT * FROM (VALUES (TIMESTAMP '2024-01-02 09:30:00', 1.1, 1.3, 1.0, 1.2, 100),"
    " (TIMESTAMP '2024-01-02 09:31:00', 1.2, 1.4, 1.1, 1.3, 250)) t(ts, Open, HIGH, low, Close, "
    "Volume)";

TEST_F(ParquetRows, Bars_are_known_when_they_close) {
    const auto rows = read(written(kTwoBars));
    ASSERT_TRUE(rows) << describe(rows.error());
    ASSERT_EQ(rows->size(), 2U);
    const model::Bar& bar = bar_of(rows->back());
    EXPECT_EQ(format_time(bar.open_time), "2024-01-02T09:31:00Z");
    EXPECT_EQ(format_time(bar.known_at), "2024-01-02T09:32:00Z");
    EXPECT_EQ(bar.step, 60'000'000'000U);
    EXPECT_EQ(bar.open.to_string(), "1.2");
    EXPECT_EQ(bar.high.to_string(), "1.4");
    EXPECT_EQ(bar.low.to_string(), "1.1");
    EXPECT_EQ(bar.close.to_string(), "1.3");
    EXPECT_EQ(bar.volume.to_string(), "250");
}

TEST_F(ParquetRows, A_reader_says_what_it_reads) {
    ParquetOptions options;
    options.instrument = InstrumentId(7);
    const auto path = written(kTwoBars);
    auto reader = ParquetReader::open(path, options);
    ASSERT_TRUE(reader) << describe(reader.error());
    EXPECT_EQ(reader->describe(),
              "bars: time,open,high,low,close,volume of ts,Open,HIGH,low,Close,Volume, "
              "2 rows of Parquet");
    EXPECT_EQ(reader->kind(), model::TableKind::bars);
    EXPECT_EQ(reader->bar_length(), Duration::minutes(1));
    EXPECT_EQ(reader->rows_in_file(), 2U);
    EXPECT_EQ(reader->rows(), 0U);
    model::Datum datum;
    ASSERT_TRUE(reader->next(datum));
    EXPECT_EQ(reader->rows(), 1U);
    EXPECT_EQ(bar_of(datum).instrument, InstrumentId(7));
}

TEST_F(ParquetRows, Bars_may_be_labelled_by_their_close_and_have_a_length_that_is_said) {
    ParquetOptions options;
    options.label = model::BarLabel::close;
    options.bar_length = Duration::minutes(5);
    const auto rows =
        read(written("SELECT TIMESTAMP '2024-01-02 09:35:00' AS time, 1.0 AS o, 2.0 AS h, "
                     "1.0 AS l, 2.0 AS c"),
             options);
    ASSERT_TRUE(rows) << describe(rows.error());
    EXPECT_EQ(format_time(bar_of(rows->front()).open_time), "2024-01-02T09:30:00Z");
    EXPECT_EQ(bar_of(rows->front()).volume, Quantity());
}

TEST_F(ParquetRows, Quotes_and_trades_are_found_by_their_columns) {
    const auto quotes = read(written(
        "SELECT TIMESTAMP '2024-01-02 09:30:00.25' AS ts, 10.5 AS \"Bid Price\", 10.75 AS ask, "
        "3 AS bid_size, 4.5 AS askQty, 'x' AS venue"));
    ASSERT_TRUE(quotes) << describe(quotes.error());
    const auto& quote = std::get<model::Quote>(quotes->front());
    EXPECT_EQ(format_time(quote.known_at), "2024-01-02T09:30:00.250Z");
    EXPECT_EQ(quote.bid.to_string(), "10.5");
    EXPECT_EQ(quote.ask.to_string(), "10.75");
    EXPECT_EQ(quote.bid_size.to_string(), "3");
    EXPECT_EQ(quote.ask_size.to_string(), "4.5");

    const auto trades = read(written(
        "SELECT TIMESTAMP '2024-01-02 09:30:00' AS ts, 10.5 AS price, 7 AS volume FROM range(2)"));
    ASSERT_TRUE(trades) << describe(trades.error());
    ASSERT_EQ(trades->size(), 2U) << "trades of one moment are no fault";
    EXPECT_EQ(std::get<model::Trade>(trades->back()).price.to_string(), "10.5");
    EXPECT_EQ(std::get<model::Trade>(trades->back()).size.to_string(), "7");
}

TEST_F(ParquetRows, Numbers_of_every_type_are_the_decimals_that_people_see) {
    for (const char* type : {"DOUBLE", "FLOAT", "DECIMAL(5,2)", "DECIMAL(9,4)", "DECIMAL(18,9)",
                             "DECIMAL(38,12)", "VARCHAR"}) {
        const std::string number = "CAST(101.25 AS " + std::string(type) + ")";
        const auto rows = read(written("SELECT TIMESTAMP '2024-01-02' AS ts, " + number +
                                       " AS price, " + number + " AS size"));
        ASSERT_TRUE(rows) << type << ": " << describe(rows.error());
        EXPECT_EQ(std::get<model::Trade>(rows->front()).price.to_string(), "101.25") << type;
        EXPECT_EQ(std::get<model::Trade>(rows->front()).size.to_string(), "101.25") << type;
    }
    for (const char* type : {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT",
                             "UINTEGER", "UBIGINT", "HUGEINT"}) {
        const std::string number = "CAST(101 AS " + std::string(type) + ")";
        const auto rows = read(written("SELECT TIMESTAMP '2024-01-02' AS ts, " + number +
                                       " AS price, " + number + " AS size"));
        ASSERT_TRUE(rows) << type << ": " << describe(rows.error());
        EXPECT_EQ(std::get<model::Trade>(rows->front()).price.to_string(), "101") << type;
    }
}

TEST_F(ParquetRows, A_float_is_its_shortest_decimal) {
    const auto rows =
        read(written("SELECT TIMESTAMP '2024-01-02' AS ts, CAST(1.1 AS FLOAT) AS price, "
                     "CAST(0.1 AS DOUBLE) + CAST(0.2 AS DOUBLE) AS size"));
    ASSERT_TRUE(rows) << describe(rows.error());
    EXPECT_EQ(std::get<model::Trade>(rows->front()).price.to_string(), "1.1");
    EXPECT_EQ(std::get<model::Trade>(rows->front()).size.to_string(), "0.3");
}

TEST_F(ParquetRows, Times_of_every_type_are_the_same_instant) {
    for (const char* time :
         {"TIMESTAMP '2024-01-02 09:30:00'", "TIMESTAMP_S '2024-01-02 09:30:00'",
          "TIMESTAMP_MS '2024-01-02 09:30:00'", "TIMESTAMP_NS '2024-01-02 09:30:00'",
          "TIMESTAMPTZ '2024-01-02 09:30:00+00'", "1704187800", "1704187800000", "1704187800000000",
          "1704187800000000000", "'2024-01-02 09:30:00'", "'2024-01-02T09:30:00Z'",
          "'1704187800'"}) {
        const auto rows =
            read(written("SELECT " + std::string(time) + " AS ts, 1.0 AS bid, 2.0 AS ask"));
        ASSERT_TRUE(rows) << time << ": " << describe(rows.error());
        EXPECT_EQ(format_time(std::get<model::Quote>(rows->front()).known_at),
                  "2024-01-02T09:30:00Z")
            << time;
    }
    for (const char* date : {"DATE '2024-01-02'", "20240102", "'2024-01-02'", "'2024.01.02'"}) {
        const auto rows =
            read(written("SELECT " + std::string(date) + " AS ts, 1.0 AS bid, 2.0 AS ask"));
        ASSERT_TRUE(rows) << date << ": " << describe(rows.error());
        EXPECT_EQ(format_time(std::get<model::Quote>(rows->front()).known_at),
                  "2024-01-02T00:00:00Z")
            << date;
    }
}

TEST_F(ParquetRows, Wall_clock_times_stand_in_the_zone_that_is_said) {
    ParquetOptions options;
    options.zone = Zone::find("America/New_York").value();
    const auto first_time = [&](const std::string& time) {
        const auto rows =
            read(written("SELECT " + time + " AS ts, 1.0 AS bid, 2.0 AS ask"), options);
        return rows ? format_time(std::get<model::Quote>(rows->front()).known_at)
                    : rows.error().what;
    };
    EXPECT_EQ(first_time("TIMESTAMP '2024-07-02 09:30:00.5'"), "2024-07-02T13:30:00.500Z");
    EXPECT_EQ(first_time("'2024-07-02 09:30:00'"), "2024-07-02T13:30:00Z");
    EXPECT_EQ(first_time("DATE '2024-07-02'"), "2024-07-02T04:00:00Z");
    EXPECT_EQ(first_time("TIMESTAMPTZ '2024-07-02 09:30:00+00'"), "2024-07-02T09:30:00Z");
    EXPECT_EQ(first_time("1704187800"), "2024-01-02T09:30:00Z");
    EXPECT_EQ(first_time("TIMESTAMP '2024-03-10 02:30:00'"), "the time of this row cannot be read");
}

TEST_F(ParquetRows, A_date_and_a_time_of_day_are_one_time) {
    for (const char* columns : {"DATE '2024-01-02' AS date, TIME '09:30:00' AS time",
                                "'2024-01-02' AS date, '09:30:00' AS time",
                                "20240102 AS date, '093000' AS time_of_day"}) {
        const auto rows =
            read(written("SELECT " + std::string(columns) + ", 1.0 AS bid, 2.0 AS ask"));
        ASSERT_TRUE(rows) << columns << ": " << describe(rows.error());
        EXPECT_EQ(format_time(std::get<model::Quote>(rows->front()).known_at),
                  "2024-01-02T09:30:00Z")
            << columns;
    }
}

TEST_F(ParquetRows, A_timestamp_goes_before_a_date_and_an_unnamed_index_is_the_time) {
    const auto both = read(
        written("SELECT DATE '2024-01-02' AS date, TIMESTAMP '2024-01-02 09:30:00' AS timestamp, "
                "1.0 AS bid, 2.0 AS ask"));
    ASSERT_TRUE(both) << describe(both.error());
    EXPECT_EQ(format_time(std::get<model::Quote>(both->front()).known_at), "2024-01-02T09:30:00Z");
    const auto index = read(written(
        "SELECT 1.0 AS bid, 2.0 AS ask, TIMESTAMP '2024-01-02 09:30:00' AS __index_level_0__"));
    ASSERT_TRUE(index) << describe(index.error());
    EXPECT_EQ(format_time(std::get<model::Quote>(index->front()).known_at), "2024-01-02T09:30:00Z");
}

TEST_F(ParquetRows, Columns_may_be_named_by_the_user) {
    using enum model::ColumnRole;
    ParquetOptions options;
    options.columns = {ignored, price, time, size};
    const auto rows = read(
        written("SELECT 5 AS \"time\", 7.5 AS \"a \"\"b\"\"\", 1704187800 AS x, 3 AS y, 4 AS z"),
        options);
    ASSERT_TRUE(rows) << describe(rows.error());
    const auto& trade = std::get<model::Trade>(rows->front());
    EXPECT_EQ(format_time(trade.known_at), "2024-01-02T09:30:00Z");
    EXPECT_EQ(trade.price.to_string(), "7.5");
    EXPECT_EQ(trade.size.to_string(), "3");
}

TEST_F(ParquetRows, The_letters_of_a_name_mean_nothing) {
    const std::string one = "SELECT TIMESTAMP '2024-01-02' AS ts, 1.0 AS price";
    written(one, {}, "starX.parquet");
    for (const char* name :
         {"star*.parquet", "it's.parquet", "a \"b\" [c]?.parquet", "~x", "$1;--", "\\n.parquet"}) {
        const auto rows = read(written(one, {}, name));
        ASSERT_TRUE(rows) << name << ": " << describe(rows.error());
        EXPECT_EQ(rows->size(), 1U) << name;
    }
    std::filesystem::create_directory(folder_ / "price=9");
    const auto rows = read(written(one, {}, "price=9/part.parquet"));
    ASSERT_TRUE(rows) << describe(rows.error());
    EXPECT_EQ(std::get<model::Trade>(rows->front()).price.to_string(), "1");
}

// Both are read through the same number of an open file, and look alike from outside.
TEST_F(ParquetRows, Another_file_of_the_same_size_and_time_is_another_file) {
    const auto when = std::filesystem::file_time_type::clock::now();
    for (const char* price : {"11.5", "12.5"}) {
        const auto path =
            written("SELECT TIMESTAMP '2024-01-02' AS ts, " + std::string(price) + " AS price", {},
                    std::string(price) + ".parquet");
        std::filesystem::last_write_time(path, when);
        const auto rows = read(path);
        ASSERT_TRUE(rows) << describe(rows.error());
        EXPECT_EQ(std::get<model::Trade>(rows->front()).price.to_string(), price);
    }
}

TEST_F(ParquetRows, Rows_that_cannot_be_believed_are_refused_with_their_number) {
    const auto bars = [this](const std::string& second) {
        return error_of(
            "SELECT TIMESTAMP '2024-01-02 09:30:00' AS ts, 1.0::DOUBLE AS open, "
            "2.0::DOUBLE AS high, 0.5::DOUBLE AS low, 1.5::DOUBLE AS close, "
            "7::DOUBLE AS volume UNION ALL SELECT TIMESTAMP '2024-01-02 09:31:00', " +
            second);
    };
    EXPECT_EQ(bars("1, 2, 0.5, 'nan', 7"),
              "table.parquet: row 2: the close of this row is no price: \"nan\": "
              "there are no digits");
    EXPECT_EQ(bars("1, 2, 0.5, NULL, 7"),
              "table.parquet: row 2: the close of this row is no price: it is null");
    EXPECT_EQ(bars("1, 2, -0.5, 1, 7"),
              "table.parquet: row 2: the low of this row is not above zero: it is -0.5");
    EXPECT_EQ(bars("0, 2, 0.5, 1, 7"),
              "table.parquet: row 2: the open of this row is not above zero: it is 0");
    EXPECT_EQ(bars("1, 1.25, 0.5, 1.5, 7"),
              "table.parquet: row 2: the prices of this bar contradict each other: "
              "open 1, high 1.25, low 0.5, close 1.5");
    EXPECT_EQ(bars("1, 2, 0.5, 1, -7"),
              "table.parquet: row 2: the volume of this row is no quantity: "
              "\"-7\": it is negative");
    EXPECT_EQ(bars("1, 2, 0.5, 1, NULL"),
              "table.parquet: row 2: the volume of this row is no quantity: it is null");
    EXPECT_NE(bars("1e300, 2, 0.5, 1, 7").find("row 2: the open of this row is no price"),
              std::string::npos);
    EXPECT_NE(bars("'inf', 2, 0.5, 1, 7").find("row 2: the open of this row is no price"),
              std::string::npos);
}

TEST_F(ParquetRows, Times_that_cannot_be_believed_are_refused_with_their_number) {
    const auto times = [this](const std::string& list, const std::string& prices) {
        return error_of("SELECT unnest([" + list + "]) AS ts, " + prices);
    };
    const std::string bar = "1.0 AS open, 1.0 AS high, 1.0 AS low, 1.0 AS close";
    const std::string quote = "1.0 AS bid, 2.0 AS ask";
    EXPECT_EQ(times("TIMESTAMP '2024-01-02', TIMESTAMP '2024-01-03', TIMESTAMP '2024-01-03'", bar),
              "table.parquet: row 3: the time of this row stands twice: "
              "2024-01-03T00:00:00Z comes after 2024-01-03T00:00:00Z");
    EXPECT_EQ(times("TIMESTAMP '2024-01-03', TIMESTAMP '2024-01-02'", quote),
              "table.parquet: row 2: the rows are not in order of time: "
              "2024-01-02T00:00:00Z comes after 2024-01-03T00:00:00Z");
    EXPECT_EQ(times("TIMESTAMP '2024-01-03', NULL", quote),
              "table.parquet: row 2: the time of this row cannot be read: it is null");
    EXPECT_NE(times("TIMESTAMP 'infinity'", quote).find("row 1: the time of this row cannot"),
              std::string::npos);
    EXPECT_NE(times("TIMESTAMP '9999-01-01'", quote).find("row 1: the time of this row cannot"),
              std::string::npos);
    EXPECT_NE(times("DATE '-infinity'", quote).find("row 1: the time of this row cannot"),
              std::string::npos);
    EXPECT_NE(times("'yesterday'", quote)
                  .find("row 1: the time of this row cannot be read: "
                        "\"yesterday\""),
              std::string::npos);
    EXPECT_NE(times("TIMESTAMP '2024-01-03'", bar).find("the length of the bars is not clear"),
              std::string::npos);
}

TEST_F(ParquetRows, Columns_that_are_not_clear_are_listed) {
    EXPECT_EQ(error_of("SELECT 1.5::DOUBLE AS alpha, 'x' AS beta"),
              "table.parquet: the columns of the file are not clear: "
              "no column is a time; seen: alpha DOUBLE, beta VARCHAR");
    EXPECT_EQ(error_of("SELECT TIMESTAMP '2024-01-02' AS ts, 'x' AS beta"),
              "table.parquet: the columns of the file are not clear: there are neither bars nor "
              "quotes nor trades; seen: ts TIMESTAMP, beta VARCHAR");
    EXPECT_EQ(error_of("SELECT TIMESTAMP '2024-01-02' AS ts, now() AS time, 1.0::DOUBLE AS price"),
              "table.parquet: the columns of the file are not clear: more than one column may be "
              "the time; seen: ts TIMESTAMP, time TIMESTAMP WITH TIME ZONE, price DOUBLE");
    EXPECT_EQ(error_of("SELECT TIMESTAMP '2024-01-02' AS ts, [1.5] AS price"),
              "table.parquet: the column \"price\" holds no numbers: its type is DECIMAL(2,1)[]");
    EXPECT_EQ(error_of("SELECT true AS ts, 1.5 AS price"),
              "table.parquet: the column \"ts\" holds no times: its type is BOOLEAN");
    ParquetOptions options;
    options.columns.emplace(3, model::ColumnRole::ignored);
    EXPECT_EQ(error_of("SELECT 1 AS a, 2 AS b", options),
              "table.parquet: the columns of the file are not clear: the file has fewer columns "
              "than were named; seen: a INTEGER, b INTEGER");
}

TEST_F(ParquetRows, What_is_no_Parquet_file_is_refused_at_once) {
    const auto what = [](const std::string& path) {
        const auto reader = ParquetReader::open(path, {});
        return reader ? "nothing" : reader.error().what;
    };
    const auto file_of = [this](std::string_view bytes) {
        const std::string path = folder_ / "file";
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    };
    EXPECT_EQ(what(folder_ / "missing.parquet"), "cannot open the file");
    EXPECT_EQ(what(folder_.path()), "this is no ordinary file");
    EXPECT_EQ(what(file_of("")), "the file is empty");
    EXPECT_EQ(what(file_of("ts,price\n")), "this is no Parquet file");
    EXPECT_EQ(what(file_of("PAR1 and nothing more")), "the file cannot be read");
    EXPECT_EQ(what(file_of("PARE and nothing more")), "the file is encrypted");
    EXPECT_EQ(what(written("SELECT now() AS ts, 1.0 AS price LIMIT 0")), "the file has no rows");
    EXPECT_FALSE(is_parquet(folder_ / "missing.parquet"));
    EXPECT_FALSE(is_parquet(file_of("ts,price\n")));
    EXPECT_TRUE(is_parquet(folder_ / "table.parquet"));
}

// Whether it is cut in its middle or has bytes of its pages changed: an error, never fewer rows.
TEST_F(ParquetRows, A_damaged_file_is_an_error_that_names_it) {
    const auto path =
        written("SELECT 1704187800 + i AS ts, 1.0 + (i % 7) AS price FROM range(50000) t(i)",
                "COMPRESSION zstd");
    const auto size = std::filesystem::file_size(path);
    {
        std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(4);
        file << std::string(200, '\xff');
    }
    auto rows = read(path);
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().code, ErrorCode::data);
    EXPECT_EQ(rows.error().where.find("/proc/"), std::string::npos);
    EXPECT_EQ(rows.error().why.find("/proc/"), std::string::npos) << rows.error().why;
    std::filesystem::resize_file(path, size / 2);
    rows = read(path);
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().what, "the file cannot be read");
    EXPECT_EQ(rows.error().where, path);
    EXPECT_EQ(rows.error().why.find("/proc/"), std::string::npos) << rows.error().why;
}

}  // namespace
}  // namespace millrace::parquet
