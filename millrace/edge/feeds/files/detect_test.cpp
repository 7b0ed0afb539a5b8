// Small files that look as vendors write them, and what they are taken for.
#include "millrace/edge/feeds/files/detect.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "millrace/edge/feeds/files/table_reader.hpp"

#include "tests/support/packed_files.hpp"
#include "tests/support/temporary_directory.hpp"

namespace millrace::files {
namespace {

// A row in one line: "2026-01-05T14:30:00Z 1 2 0 0".
std::string told(const Datum& datum) {
    if (const auto* bar = std::get_if<model::Bar>(&datum))
        return format_time(bar->open_time) + " " + bar->open.to_string() + " " +
               bar->high.to_string() + " " + bar->low.to_string() + " " + bar->close.to_string() +
               " " + bar->volume.to_string();
    if (const auto* quote = std::get_if<model::Quote>(&datum))
        return format_time(quote->known_at) + " " + quote->bid.to_string() + " " +
               quote->ask.to_string() + " " + quote->bid_size.to_string() + " " +
               quote->ask_size.to_string();
    const auto& trade = std::get<model::Trade>(datum);
    return format_time(trade.known_at) + " " + trade.price.to_string() + " " +
           trade.size.to_string();
}

struct Looked {
    std::string format;
    std::string zone;
    std::string symbol;
    Duration bar_length;
    std::vector<std::string> rows;
    std::string error;  // what: why
};

class TableFiles : public testing::Test {
  protected:
    Looked look(std::string_view bytes, const std::string& name = "table.csv",
                const TableOptions& options = {}) {
        const std::string path = folder_ / name;
        std::ofstream(path, std::ios::binary) << bytes;
        auto reader = TableReader::open(path, options);
        if (!reader) return wrong(reader.error());
        Looked looked{reader->dialect().format,
                      std::string(reader->dialect().zone.name()),
                      reader->dialect().symbol,
                      reader->bar_length(),
                      {},
                      {}};
        Datum datum;
        for (;;) {
            const auto more = reader->next(datum);
            if (!more) {
                looked.error = wrong(more.error()).error;
                return looked;
            }
            if (!*more) return looked;
            looked.rows.push_back(told(datum));
        }
    }
    // With one thing said.
    Looked look_with(std::string_view bytes, std::string_view key, std::string_view value,
                     const std::string& name = "table.csv") {
        TableOptions options;
        const auto done = set_table_option(options, key, value);
        EXPECT_TRUE(done) << key;
        return look(bytes, name, options);
    }
    static Looked wrong(const Error& error) {
        return {{}, {}, {}, {}, {}, error.what + ": " + error.why};
    }
    TemporaryDirectory folder_;
};

using Detect = TableFiles;
using Rows = std::vector<std::string>;

// New York is four hours behind UTC in June.
TEST_F(Detect, Lean_minutes_of_a_stock) {
    const std::string zip = ZipBytes()
                                .add({"20140605_acme_minute_trade.csv",
                                      "34200000,6448000,6450100,6448000,6449000,90\n"
                                      "34260000,6455000,6455000,6454000,6455000,10\n"})
                                .finished();
    const Looked looked = look(zip, "20140605_trade.zip");
    EXPECT_EQ(looked.error, "");
    EXPECT_EQ(looked.format, "LEAN");
    EXPECT_EQ(looked.zone, "America/New_York");
    EXPECT_EQ(looked.symbol, "ACME");
    EXPECT_EQ(looked.bar_length, Duration::minutes(1));
    EXPECT_EQ(looked.rows, (Rows{"2014-06-05T13:30:00Z 644.8 645.01 644.8 644.9 90",
                                 "2014-06-05T13:31:00Z 645.5 645.5 645.4 645.5 10"}));
}

TEST_F(Detect, Lean_ticks_of_a_currency_pair_are_five_hours_behind) {
    const std::string name = "20140507_eurusd_tick_quote.csv";
    const Looked looked = look("1014,1.39248,1.39250\n86399234,1.39147,1.39149\n", name);
    EXPECT_EQ(looked.zone, "Etc/GMT+5");
    EXPECT_EQ(looked.symbol, "EURUSD");
    EXPECT_EQ(looked.rows, (Rows{"2014-05-07T05:00:01.014Z 1.39248 1.3925 0 0",
                                 "2014-05-08T04:59:59.234Z 1.39147 1.39149 0 0"}));
}

TEST_F(Detect, Lean_ticks_of_a_stock) {
    const Looked trades = look("34200123,6448000,100,P,0,0\n34200123,6448100,5,Q,0,0\n",
                               "20140605_acme_tick_trade.csv");
    EXPECT_EQ(trades.rows,
              (Rows{"2014-06-05T13:30:00.123Z 644.8 100", "2014-06-05T13:30:00.123Z 644.81 5"}));
    const Looked quotes =
        look("34200123,6448000,3,6448100,5,P,0,0\n", "20140605_acme_tick_quote.csv");
    EXPECT_EQ(quotes.rows, (Rows{"2014-06-05T13:30:00.123Z 644.8 644.81 3 5"}));
}

TEST_F(Detect, Lean_bars_of_both_sides_are_the_users_choice) {
    const std::string row =
        "34200000,11,12,10,11,3,12,13,11,12,4\n34260000,11,12,10,11,3,12,13,11,12,4\n";
    EXPECT_TRUE(look(row, "20140605_acme_minute_quote.csv")
                    .error.starts_with("the columns of the file are not clear: LEAN's bars"));
    EXPECT_EQ(look_with(row, "columns", "time,-,-,-,-,-,open,high,low,close",
                        "20140605_acme_minute_quote.csv")
                  .rows.front(),
              "2014-06-05T13:30:00Z 0.0012 0.0013 0.0011 0.0012 0");
}

TEST_F(Detect, Histdata_minutes_and_ticks_are_in_eastern_standard_time) {
    const Looked bars = look(
        "20120701 000000;1.306600;1.306600;1.306560;1.306560;0\n"
        "20120701 000100;1.306570;1.306570;1.306470;1.306560;0\n",
        "DAT_ASCII_EURUSD_M1_2012.csv");
    EXPECT_EQ(bars.format, "HistData");
    EXPECT_EQ(bars.symbol, "EURUSD");
    EXPECT_EQ(bars.bar_length, Duration::minutes(1));
    EXPECT_EQ(bars.rows.front(), "2012-07-01T05:00:00Z 1.3066 1.3066 1.30656 1.30656 0");
    const Looked ticks = look("20120701 000003660,1.306600,1.306770,0\n");
    EXPECT_EQ(ticks.format, "HistData");
    EXPECT_EQ(ticks.rows.front(), "2012-07-01T05:00:03.660Z 1.3066 1.30677 0 0");
}

TEST_F(Detect, Truefx_names_its_pair_in_every_row) {
    const Looked looked = look(
        "EUR/USD,20140101 21:55:34.404,1.37622,1.37693\n"
        "EUR/USD,20140101 21:55:34.444,1.37624,1.37698\n");
    EXPECT_EQ(looked.format, "TrueFX");
    EXPECT_EQ(looked.zone, "UTC");
    EXPECT_EQ(looked.symbol, "EUR/USD");
    EXPECT_EQ(looked.rows.back(), "2014-01-01T21:55:34.444Z 1.37624 1.37698 0 0");
}

TEST_F(Detect, Metatrader_4_writes_date_and_clock_without_a_header) {
    const Looked looked = look(
        "2012.02.01,00:00,1.3066,1.3067,1.3065,1.3066,12\n"
        "2012.02.01,00:05,1.3066,1.3068,1.3066,1.3067,9\n");
    EXPECT_EQ(looked.format, "MetaTrader 4");
    EXPECT_EQ(looked.bar_length, Duration::minutes(5));
    EXPECT_EQ(looked.rows.back(), "2012-02-01T00:05:00Z 1.3066 1.3068 1.3066 1.3067 9");
}

TEST_F(Detect, Metatrader_5_has_two_volumes_of_which_one_may_be_nothing) {
    const std::string header =
        "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\r\n";
    const Looked pair = look(header +
                             "2012.02.01\t00:00:00\t1.1\t1.3\t1.0\t1.2\t12\t0\t3\r\n"
                             "2012.02.01\t00:01:00\t1.1\t1.3\t1.0\t1.2\t13\t0\t3\r\n");
    EXPECT_EQ(pair.format, "MetaTrader 5");
    EXPECT_EQ(pair.rows.front(), "2012-02-01T00:00:00Z 1.1 1.3 1 1.2 12");
    const Looked stock = look(header +
                              "2012.02.01\t00:00:00\t11\t13\t10\t12\t12\t500\t3\r\n"
                              "2012.02.01\t00:01:00\t11\t13\t10\t12\t13\t0\t3\r\n");
    EXPECT_EQ(stock.rows.front(), "2012-02-01T00:00:00Z 11 13 10 12 500");
}

TEST_F(Detect, Metatrader_5_leaves_out_a_side_that_did_not_move) {
    const Looked looked = look(
        "<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>\n"
        "2012.02.01\t00:00:00.100\t1.1\t1.2\t\t\t6\n"
        "2012.02.01\t00:00:00.200\t\t1.3\t\t\t4\n"
        "2012.02.01\t00:00:00.300\t1.15\t\t\t\t2\n");
    EXPECT_EQ(looked.error, "");
    EXPECT_EQ(looked.rows,
              (Rows{"2012-02-01T00:00:00.100Z 1.1 1.2 0 0", "2012-02-01T00:00:00.200Z 1.1 1.3 0 0",
                    "2012-02-01T00:00:00.300Z 1.15 1.3 0 0"}));
}

TEST_F(Detect, Eodhd_minutes_have_the_time_three_times) {
    const Looked looked = look(
        "Timestamp,Gmtoffset,Datetime,Open,High,Low,Close,Volume\n"
        "1627997400,0,2021-08-03 13:30:00,145.8,146.2,145.5,146,1000\n"
        "1627997460,0,2021-08-03 13:31:00,146,146.1,145.9,146.1,900\n");
    EXPECT_EQ(looked.format, "EODHD");
    EXPECT_EQ(looked.rows.front(), "2021-08-03T13:30:00Z 145.8 146.2 145.5 146 1000");
}

// Half of 10, 12, 8 and 11, as the adjusted close is half of the close.
TEST_F(Detect, Adjusted_prices_are_the_users_choice) {
    for (const auto* header : {"Date,Open,High,Low,Close,Adj Close,Volume\n",
                               "Date,Open,High,Low,Close,Adjusted_close,Volume\n"}) {
        const std::string text =
            std::string(header) + "2014-01-02,10,12,8,11,5.5,100\n2014-01-03,11,11,11,11,11,7\n";
        EXPECT_EQ(look(text).rows.front(), "2014-01-02T00:00:00Z 10 12 8 11 100");
        const Looked adjusted = look_with(text, "prices", "adjusted");
        EXPECT_EQ(adjusted.rows, (Rows{"2014-01-02T00:00:00Z 5 6 4 5.5 100",
                                       "2014-01-03T00:00:00Z 11 11 11 11 7"}));
        EXPECT_EQ(adjusted.bar_length, Duration::days(1));
    }
    EXPECT_EQ(look("Date,Open,High,Low,Close,Adj Close,Volume\n2014-01-02,1,1,1,1,1,1\n"
                   "2014-01-03,1,1,1,1,1,1\n")
                  .format,
              "Yahoo");
    EXPECT_EQ(look_with("time,bid,ask\n2014-01-02,1,2\n", "prices", "adjusted").error,
              "the file has no adjusted prices: no column is an adjusted close");
}

TEST_F(Detect, Yfinance_has_a_header_of_three_lines) {
    const Looked looked = look(
        "Price,Close,High,Low,Open,Volume\nTicker,ACME,ACME,ACME,ACME,ACME\nDate,,,,,\n"
        "2024-01-02,11,12,8,10,100\n2024-01-03,11,11,11,11,7\n");
    EXPECT_EQ(looked.error, "");
    EXPECT_EQ(looked.symbol, "ACME");
    EXPECT_EQ(looked.rows.front(), "2024-01-02T00:00:00Z 10 12 8 11 100");
}

TEST_F(Detect, Backtrader_and_stooq) {
    const Looked generic = look(
        "Date,Time,Open,High,Low,Close,Volume,OpenInterest\n"
        "2006-01-02,09:01:00,3602,3603,3597,3599,5699,0\n"
        "2006-01-02,09:02:00,3600,3601,3598,3599,894,0\n");
    EXPECT_EQ(generic.format, "Backtrader");
    EXPECT_EQ(generic.rows.back(), "2006-01-02T09:02:00Z 3600 3601 3598 3599 894");
    const Looked stooq = look(
        "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n"
        "ACME.US,5,20240102,153000,10,12,8,11,100,0\nACME.US,5,20240102,153500,11,11,11,11,7,0\n");
    EXPECT_EQ(stooq.format, "Stooq");
    EXPECT_EQ(stooq.symbol, "ACME.US");
    EXPECT_EQ(stooq.rows.front(), "2024-01-02T15:30:00Z 10 12 8 11 100");
}

TEST_F(Detect, Dukascopy_says_its_zone_in_the_header_or_in_the_rows) {
    EXPECT_EQ(look("Gmt time,Open,High,Low,Close,Volume\n01.02.2012 00:00:00.000,1,1,1,1,5\n"
                   "01.02.2012 00:01:00.000,1,1,1,1,5\n")
                  .rows.back(),
              "2012-02-01T00:01:00Z 1 1 1 1 5");
    EXPECT_EQ(look("Local time,Open,High,Low,Close,Volume\n"
                   "01.02.2012 00:00:00.000 GMT+0100,1,1,1,1,5\n"
                   "01.02.2012 00:01:00.000 GMT+0100,1,1,1,1,5\n")
                  .rows.back(),
              "2012-01-31T23:01:00Z 1 1 1 1 5");
}

TEST_F(Detect, Japanese_names_of_columns) {
    EXPECT_EQ(look("日付,時刻,始値,高値,安値,終値,出来高\n2024/1/5,9:00,10,12,8,11,100\n"
                   "2024/1/5,9:01,11,11,11,11,7\n")
                  .rows.back(),
              "2024-01-05T09:01:00Z 11 11 11 11 7");
}

TEST_F(Detect, A_comma_for_the_decimals_and_a_byte_order_mark) {
    const Looked looked = look(
        "\xef\xbb\xbf"
        "Zeit;Time;Open;High;Low;Close\r\n"
        "x;31.01.2024 09:00;1,10;1,20;1,00;1,15\r\n"
        "x;31.01.2024 09:01;1,15;1,15;1,15;1,1525\r\n");
    EXPECT_EQ(looked.error,
              "the prices of this bar contradict each other: open 1.15, high 1.15, "
              "low 1.15, close 1.1525");
    EXPECT_EQ(looked.rows, Rows{"2024-01-31T09:00:00Z 1.1 1.2 1 1.15 0"});
    // Three digits behind the comma may be thousands, which are never guessed.
    EXPECT_EQ(look("time;bid;ask\n2024-01-31 09:00;1,234;1,235\n").error,
              "the decimal mark is not clear: \"1,235\" may have a decimal or a thousands mark");
    EXPECT_EQ(look_with("time;bid;ask\n2024-01-31 09:00;1,234;1,235\n", "decimal", "comma").rows,
              Rows{"2024-01-31T09:00:00Z 1.234 1.235 0 0"});
    EXPECT_EQ(look("time;bid;ask\n2024-01-31 09:00;1.234,5;1.235,5\n").error.substr(0, 30),
              "the bid of this row is no pric");
}

TEST_F(Detect, Quotes_hide_delimiters) {
    EXPECT_EQ(look("\"time\",\"name\",\"bid\",\"ask\"\n"
                   "\"2024-01-31 09:00\",\"Acme, Inc.\",\"1\",\"2\"\n")
                  .rows,
              Rows{"2024-01-31T09:00:00Z 1 2 0 0"});
}

TEST_F(Detect, Every_delimiter) {
    for (const char* delimiter : {",", ";", "\t", "|", " "}) {
        const std::string d = delimiter;
        EXPECT_EQ(look("2024-01-31" + d + "09:00" + d + "10" + d + "12" + d + "8" + d + "11\n" +
                       "2024-01-31" + d + "09:05" + d + "10" + d + "12" + d + "8" + d + "11\n")
                      .rows.back(),
                  "2024-01-31T09:05:00Z 10 12 8 11 0")
            << "'" << d << "'";
    }
}

TEST_F(Detect, Lines_above_the_header_are_passed_over) {
    EXPECT_EQ(look("https://www.example.com\nUnix,Date,Symbol,Open,High,Low,Close,Volume ACME,"
                   "Volume USD\n1627997400,2021-08-03 13:30:00,ACME/USD,10,12,8,11,3,33\n"
                   "1627997460,2021-08-03 13:31:00,ACME/USD,10,12,8,11,4,44\n")
                  .rows.back(),
              "2021-08-03T13:31:00Z 10 12 8 11 4");
}

TEST_F(Detect, Two_numbers_are_quotes_when_they_are_near_and_trades_when_not) {
    EXPECT_EQ(look("1577898000065,10.5,10.6\n").rows,
              Rows{"2020-01-01T17:00:00.065Z 10.5 10.6 0 0"});
    EXPECT_EQ(look("1577898000065,10.5,300\n1577898000065,10.5,10.6\n").rows.front(),
              "2020-01-01T17:00:00.065Z 10.5 300");
    EXPECT_EQ(look("1577898000065,10.5,10.6,300,400\n").rows,
              Rows{"2020-01-01T17:00:00.065Z 10.5 10.6 300 400"});
}

TEST_F(Detect, Numbers_that_are_no_bars_are_not_taken_for_such) {
    EXPECT_EQ(look("2024-01-31,10,8,12,11,5\n2024-02-01,10,8,12,11,5\n").error.substr(0, 60),
              "the columns of the file are not clear: there is no header, a");
    EXPECT_TRUE(look("2024-01-31,11,12,10,11,3,12,13,11,12,4\n2024-02-01,11,12,10,11,3,12,13,11,12,"
                     "4\n")
                    .error.find("both bid and ask") != std::string::npos);
}

}  // namespace
}  // namespace millrace::files
