#include <fstream>
#include <gtest/gtest.h>

#include "millrace/cli/commands.hpp"
#include "millrace/cli/test_run.hpp"

#include "tests/support/temporary_directory.hpp"

namespace millrace::cli {
namespace {

class DataBars : public testing::Test {
  protected:
    DataBars() {
        std::ofstream(path_, std::ios::binary) << "time,price,size\n"
                                                  "2026-01-05T14:30:00Z,100,2\n"
                                                  "2026-01-05T14:31:10Z,101,1\n"
                                                  "2026-01-05T14:35:00Z,98,4\n";
    }
    Ran bars(std::vector<std::string> words) {
        words.insert(words.begin(), {"data", "bars", path_});
        return ran(table_, words);
    }

    TemporaryDirectory folder_;
    std::string path_ = folder_ / "ACME.csv";
    Table table_ = [] {
        Table table;
        add_data_commands(table);
        return table;
    }();
};

TEST_F(DataBars, Prints_csv_and_tells_what_it_did) {
    const Ran ran = bars({"--every", "5m"});
    EXPECT_EQ(ran.code, 0);
    EXPECT_EQ(ran.out,
              "time,open,high,low,close,volume,vwap,trades\n"
              "2026-01-05T14:30:00Z,100,101,100,101,3,100.333333333,2\n"
              "2026-01-05T14:35:00Z,98,98,98,98,4,98,1\n");
    EXPECT_EQ(ran.err,
              "5m: 3 rows in, 2 bars out, 0 gaps\n"
              "  the last bar is cut off by the end of the data (--partial drop)\n");
    EXPECT_EQ(bars({"--every", "5m", "--csv", "--quiet"}).err, "");
}

TEST_F(DataBars, Labels_by_the_end_on_request_and_says_so) {
    EXPECT_EQ(bars({"--every", "5m", "--label-out", "right", "--partial", "drop"}).out,
              "close_time,open,high,low,close,volume,vwap,trades\n"
              "2026-01-05T14:35:00Z,100,101,100,101,3,100.333333333,2\n");
}

TEST_F(DataBars, Prints_one_document_with_decimals_as_text) {
    EXPECT_EQ(bars({"--every", "5m", "--partial", "drop", "--json"}).out, R"({
  "schema_version": 1,
  "symbol": "ACME",
  "every": "5m",
  "label": "left",
  "bars": [
    {"time":"2026-01-05T14:30:00Z","open":"100","high":"101","low":"100","close":"101","volume":"3","vwap":"100.333333333","trades":2}
  ],
  "counts": {
    "rows": 3,
    "bars": 1,
    "gaps": 0,
    "outside_session": 0,
    "without_price": 0,
    "late": 0,
    "refused": 0
  },
  "first_is_partial": false,
  "last_is_partial": false
}
)");
    const Ran none = bars({"--every", "9t", "--partial", "drop", "--json", "--symbol", "X"});
    EXPECT_NE(none.out.find("\"symbol\": \"X\""), std::string::npos);
    EXPECT_NE(none.out.find("\"bars\": [],\n  \"counts\""), std::string::npos) << none.out;
}

TEST_F(DataBars, Prints_rows_of_json) {
    EXPECT_EQ(bars({"--every", "3t", "--jsonl"}).out,
              R"({"time":"2026-01-05T14:30:00Z","open":"100","high":"101","low":"98","close":"98",)"
              R"("volume":"7","vwap":"99","trades":3})"
              "\n");
}

TEST_F(DataBars, Does_not_claim_to_know_the_trades_in_bars_of_bars) {
    std::ofstream(path_, std::ios::binary) << "time,open,high,low,close,volume\n"
                                              "2026-01-05 10:00,10,12,9,11,100\n"
                                              "2026-01-05 10:01,11,11,10,10,50\n";
    EXPECT_EQ(bars({"--every", "2m"}).out,
              "time,open,high,low,close,volume,vwap,trades\n"
              "2026-01-05T10:00:00Z,10,12,9,10,150,,\n");
    const Ran json = bars({"--every", "2m", "--jsonl"});
    EXPECT_NE(json.out.find("\"vwap\":null,\"trades\":null"), std::string::npos) << json.out;
}

TEST_F(DataBars, Writes_a_file_and_nothing_to_stdout) {
    const std::string out = folder_ / "bars.csv";
    const Ran written = bars({"--every", "3t", "--out", out});
    EXPECT_EQ(written.code, 0) << written.err;
    EXPECT_EQ(written.out, "");
    std::ifstream file(out);
    std::string header;
    std::getline(file, header);
    EXPECT_EQ(header, "time,open,high,low,close,volume,vwap,trades");
}

TEST_F(DataBars, Refuses_wrong_options_as_usage) {
    const std::vector<std::vector<std::string>> kWrong = {
        {},
        {"--every", "5x"},
        {"--every", "5m", "--csv", "--json"},
        {"--every", "5m", "--columns", "time,prcie"},
        {"--every", "5m", "--delimiter", ",,"},
        {"--every", "5m", "--zone", "Mars/Olympus"},
        {"--every", "5m", "--bar-length", "long"},
        {"--every", "5m", "--bar-length", "0s"},
        {"--every", "5m", "--label", "middle"},
        {"--every", "5m", "--session", "nowhere"},
        {"--every", "5m", "--from", "yesterday"},
        {"--every", "5m", "--from", "2026-01-06", "--to", "2026-01-05"},
        {"--every", "5m", "--partial", "perhaps"},
        {"--every", "5m", "--out", path_},
    };
    for (const auto& words : kWrong) {
        const Ran refused = bars(words);
        EXPECT_EQ(refused.code, 2) << (words.empty() ? "no rule" : words.back());
        EXPECT_NE((refused.out + refused.err).find("error"), std::string::npos);
        EXPECT_EQ(refused.out.find("time,open"), std::string::npos);
    }
}

TEST_F(DataBars, Tells_bad_rows_as_one_document_even_behind_good_ones) {
    std::ofstream(path_, std::ios::app) << "2026-01-05T14:40:00Z,NaN,1\n";
    const Ran json = bars({"--every", "1t", "--json"});
    EXPECT_EQ(json.code, 4);
    EXPECT_TRUE(json.out.starts_with("{\n  \"schema_version\": 1,\n  \"error\": {\n")) << json.out;
    const std::string out = folder_ / "bars.csv";
    EXPECT_EQ(bars({"--every", "1t", "--out", out}).code, 4);
    EXPECT_FALSE(std::ifstream(out).is_open());
}

}  // namespace
}  // namespace millrace::cli
