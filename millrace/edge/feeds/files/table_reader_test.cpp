#include "millrace/edge/feeds/files/table_reader.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"

namespace millrace::files {
namespace {

class TableFile : public testing::Test {
  protected:
    std::string written(std::string_view text) {
        const std::string path = (folder_ / "table.csv");
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
    // All rows, or the first error.
    Result<std::vector<Datum>> read(std::string_view text, const TableOptions& options = {}) {
        auto reader = TableReader::open(written(text), options);
        if (!reader) return failure(std::move(reader.error()));
        std::vector<Datum> rows;
        Datum datum;
        for (;;) {
            auto more = reader->next(datum);
            if (!more) return failure(std::move(more.error()));
            if (!*more) return rows;
            rows.push_back(datum);
        }
    }
    TemporaryDirectory folder_;
};

using Tables = TableFile;

TEST_F(Tables, Bars_with_a_header_are_known_when_they_close) {
    const auto rows = read(
        "timestamp,open,high,low,close,volume\n"
        "2021-12-31 23:01:00.000000,46319.0,46385.0,46319.0,46377.0,2300413.7295\n"
        "2021-12-31 23:02:00.000000,46377.0,46411.0,46377.0,46411.0,1829623.1938\n");
    ASSERT_TRUE(rows) << describe(rows.error());
    ASSERT_EQ(rows->size(), 2U);
    const auto& bar = std::get<model::Bar>(rows->front());
    EXPECT_EQ(format_time(bar.open_time), "2021-12-31T23:01:00Z");
    EXPECT_EQ(format_time(bar.known_at), "2021-12-31T23:02:00Z");
    EXPECT_EQ(bar.step, 60'000'000'000U);
    EXPECT_EQ(bar.high.to_string(), "46385");
    EXPECT_EQ(bar.volume.to_string(), "2300413.7295");
}

TEST_F(Tables, Bars_may_be_labelled_by_their_close) {
    TableOptions options;
    options.label = BarLabel::close;
    options.bar_length = Duration::minutes(5);
    const auto rows = read("time,open,high,low,close\n2024-01-02T09:35:00Z,1,2,1,2\n", options);
    ASSERT_TRUE(rows) << describe(rows.error());
    EXPECT_EQ(format_time(std::get<model::Bar>(rows->front()).open_time), "2024-01-02T09:30:00Z");
}

TEST_F(Tables, A_time_in_two_columns_is_one_time_even_when_the_header_forgot_the_second) {
    const auto rows = read(
        "Date,Open,High,Low,Close,Volume,OpenInterest\r\n"
        "2006-01-02,09:01:00,3602.00,3603.00,3597.00,3599.00,5699,0\r\n"
        "2006-01-02,09:02:00,3600.00,3601.00,3598.00,3599.00,894,0\r\n");
    ASSERT_TRUE(rows) << describe(rows.error());
    const auto& bar = std::get<model::Bar>(rows->at(1));
    EXPECT_EQ(format_time(bar.open_time), "2006-01-02T09:02:00Z");
    EXPECT_EQ(bar.open.to_string(), "3600");
    EXPECT_EQ(bar.volume.to_string(), "894");
}

TEST_F(Tables, Daily_bars_of_dates_alone) {
    const auto rows = read(
        "Date,Open,High,Low,Close,Adj Close,Volume\n1999-01-22,1.75,1.95,1.55,1.64,1.51,67867200\n"
        "1999-01-25,1.77,1.83,1.64,1.81,1.67,12762000\n1999-01-26,1.8,1.9,1.7,1.8,1.6,5\n");
    ASSERT_TRUE(rows) << describe(rows.error());
    EXPECT_EQ(std::get<model::Bar>(rows->front()).step, 86'400'000'000'000U);
    EXPECT_EQ(format_time(std::get<model::Bar>(rows->front()).known_at), "1999-01-23T00:00:00Z");
}

TEST_F(Tables, Quotes_without_a_header) {
    const auto rows =
        read("20200101 170000065,1.121200,1.121720,0\n20200101 170010447,1.121200,1.121920,0\n");
    ASSERT_TRUE(rows) << describe(rows.error());
    const auto& quote = std::get<model::Quote>(rows->front());
    // HistData's form, which is five hours behind UTC.
    EXPECT_EQ(format_time(quote.known_at), "2020-01-01T22:00:00.065Z");
    EXPECT_EQ(quote.bid.to_string(), "1.1212");
    EXPECT_EQ(quote.ask.to_string(), "1.12172");
}

TEST_F(Tables, Trades_with_their_volume_as_size_and_epochs_as_time) {
    const auto rows = read("ts;price;volume\n1577898000065;10.5;3\n1577898000065;10.6;1\n");
    ASSERT_TRUE(rows) << describe(rows.error());
    const auto& trade = std::get<model::Trade>(rows->at(1));
    EXPECT_EQ(format_time(trade.known_at), "2020-01-01T17:00:00.065Z");
    EXPECT_EQ(trade.size, Quantity::whole(1));
}

TEST_F(Tables, Times_without_a_zone_are_of_the_zone_that_is_said) {
    TableOptions options;
    options.zone = Zone::find("America/New_York").value();
    const auto rows = read("time,bid,ask\n2024-07-01 09:30:00,1,2\n", options);
    ASSERT_TRUE(rows) << describe(rows.error());
    EXPECT_EQ(format_time(std::get<model::Quote>(rows->front()).known_at), "2024-07-01T13:30:00Z");
}

TEST_F(Tables, Columns_can_be_named) {
    TableOptions options;
    options.columns = parse_columns("-,time,price,size").value();
    const auto rows = read("x,2024-07-01T09:30:00Z,5,7\n", options);
    ASSERT_TRUE(rows) << describe(rows.error());
    EXPECT_EQ(std::get<model::Trade>(rows->front()).price, Price::whole(5));
    EXPECT_EQ(parse_columns("time,opn").error().mend, "did you mean open?");
}

TEST_F(Tables, Empty_lines_are_none_even_before_the_header) {
    const auto rows = read("\n\ntime,bid,ask\n\n2024-07-01 09:30:00,1,2\n\n");
    ASSERT_TRUE(rows) << describe(rows.error());
    EXPECT_EQ(rows->size(), 1U);
}

TEST_F(Tables, Numbers_may_have_signs_exponents_and_more_digits_than_are_kept) {
    const auto rows = read(
        "time,bid,ask,bid_size\n2024-07-01 09:30:00,+1.5,1.6e0,1e2\n"
        "2024-07-01 09:30:00,1.00000000049,9223372036.854775807,0.123456785\n");
    ASSERT_TRUE(rows) << describe(rows.error());
    const auto& first = std::get<model::Quote>(rows->front());
    EXPECT_EQ(first.bid.raw(), 1'500'000'000);
    EXPECT_EQ(first.ask.raw(), 1'600'000'000);
    EXPECT_EQ(first.bid_size, Quantity::whole(100));
    const auto& second = std::get<model::Quote>(rows->back());
    EXPECT_EQ(second.bid.raw(), 1'000'000'000);  // half a billionth less a bit is nothing
    EXPECT_EQ(second.ask.raw(), INT64_MAX);
    EXPECT_EQ(second.bid_size.raw(), 12'345'678);  // a tie goes to the even neighbour
}

struct BadTable {
    const char* text;
    const char* line;  // of the file
    const char* what;
};
void PrintTo(const BadTable& bad, std::ostream* out) {
    *out << bad.what;
}

class TablesRefuse : public TableFile, public testing::WithParamInterface<BadTable> {};

TEST_P(TablesRefuse, With_file_and_line) {
    const auto rows = read(GetParam().text);
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().what, GetParam().what);
    EXPECT_EQ(rows.error().where, (folder_ / "table.csv") + GetParam().line);
    EXPECT_FALSE(rows.error().mend.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Rows, TablesRefuse,
    testing::Values(BadTable{"", "", "the file is empty"},
                    BadTable{"\n\n", "", "the file is empty"},
                    BadTable{"time,open,high,low,close\n", "", "the file has a header and no row"},
                    BadTable{"a,b,c\nx,y,z\n", "", "the columns of the file are not clear"},
                    BadTable{"time,bid,ask\n2024-01-01T00:00:01Z,1,2\n2024-01-01T00:00:00Z,1,2\n",
                             ":3", "the rows are not in order of time"},
                    BadTable{"time,open,high,low,close\n2024-01-01,1,1,1,1\n2024-01-02,1,1,1,"
                             "1\n2024-01-02,1,1,1,1\n",
                             ":4", "the time of this row stands twice"},
                    BadTable{"time,bid,ask\n2024-01-01T00:00:01Z,NaN,2\n", ":2",
                             "the bid of this row is no price"},
                    BadTable{"time,bid,ask\n2024-01-01T00:00:01Z,1,-2\n", ":2",
                             "the ask of this row is not above zero"},
                    BadTable{"time,bid,ask\n2024-01-01T00:00:01Z,1\n", ":2",
                             "the ask of this row is no price"},
                    BadTable{"time,bid,ask\n2024-13-01T00:00:01Z,1,2\n", ":2",
                             "the time of this row cannot be read"},
                    BadTable{"time,price,size\n2024-01-01T00:00:01Z,1,-2\n", ":2",
                             "the size of this row is no quantity"},
                    BadTable{"time,open,high,low,close\n2024-01-01,1,1,1,1\n2024-01-02,5,4,3,4\n",
                             ":3", "the prices of this bar contradict each other"},
                    BadTable{"time,open,high,low,close\n2024-01-01,1,1,1,1\n", "",
                             "the length of the bars is not clear"}));

// Line 3 has no number, line 5 a high below its close, line 6 the time of line 5, line 8 stands
// behind line 7 though it is earlier.
constexpr std::string_view kDirty =
    "time,open,high,low,close,volume\n"
    "2024-01-01 00:00,10,12,8,11,1\n"
    "2024-01-01 00:01,10,twelve,8,11,1\n"
    "2024-01-01 00:02,10,12,8,11,1\n"
    "2024-01-01 00:03,10,10,8,11,1\n"
    "2024-01-01 00:03,20,22,18,21,2\n"
    "2024-01-01 00:05,10,12,8,11,1\n"
    "2024-01-01 00:04,10,12,8,11,1\n"
    "2024-01-01 00:06,10,12,8,11,-1\n";

class BadRowsOfTables : public TableFile {
  protected:
    // "minute:open/high" of each row.
    std::string read_with(const model::RowPolicy& policy, std::string_view text = kDirty) {
        TableOptions options;
        options.policy = policy;
        auto reader = TableReader::open(written(text), options);
        if (!reader) return reader.error().what;
        std::string rows;
        Datum datum;
        for (;;) {
            auto more = reader->next(datum);
            if (!more) return more.error().where.substr(folder_.path().size());
            if (!*more) break;
            const auto& bar = std::get<model::Bar>(datum);
            rows += format_time(bar.open_time).substr(15, 1) + ":" + bar.open.to_string() + "/" +
                    bar.high.to_string() + " ";
        }
        findings_ = reader->findings();
        return rows;
    }
    model::RowFindings findings_;
};

TEST_F(BadRowsOfTables, End_the_reading_with_their_line_unless_something_else_is_asked) {
    EXPECT_EQ(read_with({}), "/table.csv:3");
}

TEST_F(BadRowsOfTables, Are_left_out_and_counted) {
    EXPECT_EQ(read_with({model::BadRows::skip}), "0:10/12 2:10/12 3:20/22 5:10/12 ");
    EXPECT_EQ(findings_.describe(),
              "4 rows left out (1 unreadable, 1 size, 1 contradiction, 1 order)");
    EXPECT_EQ(findings_.first()[1].line, 5U);
    EXPECT_EQ(findings_.first()[1].why,
              folder_ /
                  "table.csv:5: the prices of this bar contradict each other: open 10, high "
                  "10, low 8, close 11");
}

TEST_F(BadRowsOfTables, Are_mended_where_a_rule_mends_them) {
    EXPECT_EQ(read_with({model::BadRows::repair}), "0:10/12 2:10/12 3:10/11 4:10/12 5:10/12 ");
    EXPECT_EQ(findings_.describe(),
              "2 rows mended (1 contradiction, 1 order), "
              "3 rows left out (1 unreadable, 1 size, 1 duplicate)");
    EXPECT_EQ(read_with({model::BadRows::repair, model::KeepRow::last}),
              "0:10/12 2:10/12 3:20/22 4:10/12 5:10/12 ");
}

TEST_F(BadRowsOfTables, Are_sorted_within_the_window_only) {
    const std::string_view text =
        "time,open,high,low,close\n2024-01-01 00:03,3,3,3,3\n2024-01-01 00:04,4,4,4,4\n"
        "2024-01-01 00:05,5,5,5,5\n2024-01-01 00:01,1,1,1,1\n2024-01-01 00:06,6,6,6,6\n";
    EXPECT_EQ(read_with({model::BadRows::repair, model::KeepRow::first, 3}, text),
              "1:1/1 3:3/3 4:4/4 5:5/5 6:6/6 ");
    EXPECT_EQ(read_with({model::BadRows::repair, model::KeepRow::first, 2}, text),
              "3:3/3 4:4/4 5:5/5 6:6/6 ");
    EXPECT_EQ(findings_.describe(), "1 row left out (1 order)");
}

// A row that is not believed does not make those behind it late.
TEST_F(BadRowsOfTables, Leave_no_trace_in_the_order_of_time) {
    EXPECT_EQ(read_with({model::BadRows::skip},
                        "time,open,high,low,close\n2024-01-01 00:01,1,1,1,1\n"
                        "2024-01-01 00:09,0,1,1,1\n2024-01-01 00:02,2,2,2,2\n"),
              "1:1/1 2:2/2 ");
}

TEST_F(Tables, Missing_files_and_directories_are_refused) {
    EXPECT_EQ(TableReader::open(folder_ / "nothing.csv", {}).error().what, "cannot open the file");
    EXPECT_EQ(TableReader::open(folder_.path(), {}).error().what, "this is no ordinary file");
}

TEST_F(Tables, Lines_across_the_ends_of_the_buffer_are_whole) {
    std::string text = "time,bid,ask\n";
    constexpr int kRows = 100'000;  // about three buffers
    for (int i = 0; i < kRows; ++i)
        text += std::to_string(1'577'898'000'000 + i) + ",1.0000" + std::to_string(i % 10) + ",2\n";
    const auto rows = read(text);
    ASSERT_TRUE(rows) << describe(rows.error());
    ASSERT_EQ(rows->size(), static_cast<std::size_t>(kRows));
    for (int i = 0; i < kRows; ++i) {
        const auto& quote = std::get<model::Quote>((*rows)[static_cast<std::size_t>(i)]);
        ASSERT_EQ(quote.known_at.ns(), (1'577'898'000'000 + i) * 1'000'000);
        ASSERT_EQ(quote.bid.raw(), 1'000'000'000 + i % 10 * 10'000);
    }
}

TEST_F(Tables, A_line_without_end_is_refused) {
    EXPECT_EQ(read(std::string(200'000, 'x')).error().what, "the line is too long");
}

}  // namespace
}  // namespace millrace::files
