#include <fstream>
#include <gtest/gtest.h>

#include "millrace/cli/commands.hpp"
#include "millrace/cli/test_run.hpp"

#include "tests/support/temporary_directory.hpp"

namespace millrace::cli {
namespace {

class Indicators : public testing::Test {
  protected:
    Indicators() {
        std::ofstream(path_, std::ios::binary) << "time,open,high,low,close,volume\n"
                                                  "2026-01-05T14:30:00Z,1,2,1,1,10\n"
                                                  "2026-01-05T14:31:00Z,1,3,1,2,10\n"
                                                  "2026-01-05T14:32:00Z,2,3,2,3,10\n"
                                                  "2026-01-05T14:33:00Z,3,7,3,6,10\n";
    }
    Ran indicators(std::vector<std::string> words) {
        words.insert(words.begin(), "indicators");
        return ran(table_, words);
    }

    TemporaryDirectory folder_;
    std::string path_ = folder_ / "ACME.csv";
    Table table_ = [] {
        Table table;
        add_indicators_commands(table);
        return table;
    }();
};

// sma: (1+2)/2, (2+3)/2, (3+6)/2; the RSI of two changes, all of them rises, is 100.
TEST_F(Indicators, Prints_a_row_for_each_bar_with_columns_named_as_typed) {
    const Ran ran = indicators({path_, "--with", "sma:2,rsi:2:cutler"});
    EXPECT_EQ(ran.code, 0);
    EXPECT_EQ(ran.out,
              "time,sma:2,rsi:2:cutler\n"
              "2026-01-05T14:30:00Z,,\n"
              "2026-01-05T14:31:00Z,1.5,\n"
              "2026-01-05T14:32:00Z,2.5,100\n"
              "2026-01-05T14:33:00Z,4.5,100\n");
    EXPECT_EQ(ran.err, "");
    EXPECT_EQ(indicators({path_, "--csv", "--with", "sma:2", "--with", "rsi:2:cutler"}).out,
              ran.out);
}

// Highest 3, 3, 7, lowest 1, 1, 2 of two bars; halfway 2, 2, 4.5.
TEST_F(Indicators, Gives_each_output_a_column) {
    EXPECT_EQ(indicators({path_, "--with", "donchian:2"}).out,
              "time,donchian:2,donchian:2.upper,donchian:2.lower\n"
              "2026-01-05T14:30:00Z,,,\n"
              "2026-01-05T14:31:00Z,2,3,1\n"
              "2026-01-05T14:32:00Z,2,3,1\n"
              "2026-01-05T14:33:00Z,4.5,7,2\n");
}

TEST_F(Indicators, Prints_one_document_or_rows_of_json) {
    EXPECT_EQ(indicators({path_, "--with", "max:3", "--json"}).out, R"({
  "schema_version": 1,
  "symbol": "ACME",
  "columns": [
    "max:3"
  ],
  "rows": [
    {"time":"2026-01-05T14:30:00Z","max:3":null},
    {"time":"2026-01-05T14:31:00Z","max:3":null},
    {"time":"2026-01-05T14:32:00Z","max:3":3},
    {"time":"2026-01-05T14:33:00Z","max:3":6}
  ]
}
)");
    EXPECT_TRUE(indicators({path_, "--with", "max:3", "--jsonl"})
                    .out.starts_with(R"({"time":"2026-01-05T14:30:00Z","max:3":null})"
                                     "\n"));
}

TEST_F(Indicators, Says_which_never_became_ready) {
    const Ran ran = indicators({path_, "--with", "rsi:14,sma:4"});
    EXPECT_EQ(ran.code, 0);
    EXPECT_EQ(ran.err, "rsi:14 is ready with bar 15; there are 4\n");
}

TEST_F(Indicators, Lists_them_for_people_and_programs) {
    const Ran list = indicators({"--list"});
    EXPECT_EQ(list.code, 0);
    EXPECT_TRUE(
        list.out.starts_with("Averages\n"
                             "  sma:20                      simple moving average\n"))
        << list.out;
    EXPECT_NE(list.out.find("\n  rsi:14:wilder               relative strength index\n"),
              std::string::npos);
    const Ran document = indicators({"--list", "--json"});
    EXPECT_NE(document.out.find("\"name\": \"macd\""), std::string::npos);
    EXPECT_NE(document.out.find("\"histogram\""), std::string::npos);
}

TEST_F(Indicators, Refuses_a_wrong_use_with_the_way_out) {
    EXPECT_EQ(indicators({}).code, 2);
    EXPECT_EQ(indicators({path_}).code, 2);
    EXPECT_EQ(indicators({"--with", "rsi"}).code, 2);
    EXPECT_EQ(indicators({path_, "--list"}).code, 2);
    EXPECT_EQ(indicators({path_, "--with", "rsi", "--csv", "--json"}).code, 2);
    const Ran unknown = indicators({path_, "--with", "rsii:14"});
    EXPECT_EQ(unknown.code, 2);
    EXPECT_EQ(unknown.out, "");
    EXPECT_NE(unknown.err.find("did you mean \"rsi\"?"), std::string::npos) << unknown.err;
}

TEST_F(Indicators, Refuses_files_without_bars_and_rows_that_cannot_be_believed) {
    const std::string ticks = folder_ / "ticks.csv";
    std::ofstream(ticks, std::ios::binary) << "time,price,size\n2026-01-05T14:30:00Z,100,2\n";
    const Ran of_ticks = indicators({ticks, "--with", "rsi"});
    EXPECT_EQ(of_ticks.code, 4);
    EXPECT_NE(of_ticks.err.find("the file has trades"), std::string::npos) << of_ticks.err;
    EXPECT_NE(of_ticks.err.find("millrace data bars"), std::string::npos) << of_ticks.err;
    EXPECT_EQ(indicators({folder_ / "none.csv", "--with", "rsi"}).code, 4);
    std::ofstream(path_, std::ios::binary | std::ios::app) << "2026-01-05T14:34:00Z,1,0,1,1,1\n";
    const Ran broken = indicators({path_, "--with", "sma:2", "--json"});
    EXPECT_EQ(broken.code, 4);
    EXPECT_NE(broken.out.find("ACME.csv:6"), std::string::npos) << broken.out;
    EXPECT_EQ(broken.out.find("rows"), std::string::npos) << broken.out;
}

}  // namespace
}  // namespace millrace::cli
