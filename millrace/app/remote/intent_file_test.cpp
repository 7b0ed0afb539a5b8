#include "millrace/app/remote/intent_file.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"

namespace millrace::remote {
namespace {

using Verdict = IntentRow::Verdict;

class IntentFileTest : public testing::Test {
  protected:
    Result<IntentFile> read(const std::string& text, const IntentFileOptions& options = {}) {
        std::ofstream(path()) << text;
        return read_intent_file(path(), options);
    }
    std::vector<IntentRow> rows(const std::string& text, const IntentFileOptions& options = {}) {
        auto file = read(text, options);
        EXPECT_TRUE(file) << describe(file.error());
        return file ? file->rows : std::vector<IntentRow>();
    }
    [[nodiscard]] std::string path() const { return folder_ / "orders.csv"; }

    TemporaryDirectory folder_;
};

TEST_F(IntentFileTest, Says_which_file_and_which_columns_are_missing) {
    const auto absent = read_intent_file(path(), {});
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code, ErrorCode::data);
    EXPECT_TRUE(absent.error().what.starts_with("file_not_found")) << absent.error().what;
    const auto columns = read("symbol,Side,price\nAAPL,BUY,180\n");
    ASSERT_FALSE(columns);
    EXPECT_EQ(columns.error().code, ErrorCode::data);
    EXPECT_EQ(columns.error().what, "missing_columns: side, qty");
    EXPECT_EQ(read("").error().what, "missing_columns: symbol, side, qty");
}

TEST_F(IntentFileTest, Makes_the_body_of_the_senders_columns) {
    const auto made = rows(
        "symbol,side,qty,order_type,price,timestamp,source\n"
        "aapl,buy,10,LMT,180.50,2025-01-02T14:35:00Z,scan\n"
        "MSFT,SHORT,5.0,mkt,,,\n");
    ASSERT_EQ(made.size(), 2U);
    EXPECT_EQ(made[0].line, 2U);
    EXPECT_EQ(made[0].body, R"({"symbol":"AAPL","side":"BUY","quantity":"10","order_type":"LMT",)"
                            R"("price":"180.5","client_tag":"scan"})");
    EXPECT_EQ(made[1].body, R"({"symbol":"MSFT","side":"SELL","quantity":"5","order_type":"MKT",)"
                            R"("client_tag":"traderunner"})");
}

TEST_F(IntentFileTest, Skips_limit_orders_without_a_price_however_nothing_is_written) {
    const auto made = rows(
        "symbol,side,qty,price\n"
        "AAPL,BUY,1,\nAAPL,BUY,1,nan\nAAPL,BUY,1,NaN\nAAPL,BUY,1,None\n"
        "AAPL,BUY,1,1.5\n");
    ASSERT_EQ(made.size(), 5U);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(made[i].verdict, Verdict::skip) << i;
        EXPECT_EQ(made[i].reason, "LMT without a price") << i;
    }
    EXPECT_EQ(made[4].verdict, Verdict::send);
}

TEST_F(IntentFileTest, Tells_each_row_that_cannot_be_understood) {
    const auto made = rows(
        "symbol,side,qty,price\n"
        ",BUY,1,2\nAAPL,HOLD,1,2\nAAPL,BUY,,2\nAAPL,BUY,ten,2\n"
        "AAPL,BUY,1,inf\nAAPL,BUY,1\n");
    ASSERT_EQ(made.size(), 6U);
    const char* const reasons[] = {
        "the symbol is blank", "side \"HOLD\" is none of BUY, SELL, LONG, SHORT",
        "qty is blank",        "qty \"ten\": ",
        "price \"inf\": ",     "the row has 3 cells, the first line 4"};
    for (std::size_t i = 0; i < made.size(); ++i) {
        EXPECT_EQ(made[i].verdict, Verdict::error) << i;
        EXPECT_TRUE(made[i].reason.starts_with(reasons[i])) << made[i].reason;
    }
}

TEST_F(IntentFileTest, Gives_equal_rows_equal_keys_and_all_others_their_own) {
    const std::string header = "symbol,side,qty,price,timestamp\n";
    const auto made = rows(header +
                           "AAPL,BUY,10,180,2025-01-02T14:35:00Z\n"
                           "AAPL,BUY,10,180.0,2025-01-02 09:35:00-05:00\n"  // the same
                           "AAPL,BUY,10,181,2025-01-02T14:35:00Z\n"
                           "AAPL,BUY,11,180,2025-01-02T14:35:00Z\n"
                           "AAPL,BUY,10,180,2025-01-03T14:35:00Z\n");
    ASSERT_EQ(made.size(), 5U);
    EXPECT_EQ(made[1].key, made[0].key);
    for (std::size_t i = 2; i < made.size(); ++i)
        EXPECT_NE(made[i].key, made[0].key) << i;
    EXPECT_NE(made[3].key, made[2].key);
}

TEST_F(IntentFileTest, Counts_rows_without_a_time_for_a_day) {
    const std::string text = "symbol,side,qty,price\nAAPL,BUY,10,180\n";
    const auto monday = read(text, {.day = "2025-01-06"});
    const auto tuesday = read(text, {.day = "2025-01-07"});
    ASSERT_TRUE(monday && tuesday);
    EXPECT_EQ(monday->undated, 1U);
    EXPECT_EQ(monday->day, "2025-01-06");
    EXPECT_NE(monday->rows[0].key, tuesday->rows[0].key);
    EXPECT_EQ(read(text)->day.size(), 10U);  // that of the file's last change
}

// Python: uuid.uuid5(uuid.NAMESPACE_DNS, "AAPL|BUY||traderunner|LMT"), and with "nan".
TEST_F(IntentFileTest, Keys_as_the_predecessor_did_when_it_is_asked_to) {
    const IntentFileOptions options{.recipe = KeyRecipe::uuid5};
    const auto without = rows("symbol,side,qty,price\nAAPL,BUY,10,180\nAAPL,BUY,20,190\n", options);
    ASSERT_EQ(without.size(), 2U);
    EXPECT_EQ(without[0].key, "e9bb6482-e309-5a94-9f08-50853909c60d");
    EXPECT_EQ(without[1].key, without[0].key);  // what ours is there to mend
    const auto blank = rows("symbol,side,qty,price,timestamp\naapl,buy,10,180,\n", options);
    ASSERT_EQ(blank.size(), 1U);
    EXPECT_EQ(blank[0].key, "2c2bc77d-49f1-5857-9ce5-f2485340c15a");
}

TEST_F(IntentFileTest, Makes_each_entry_of_an_inside_bar_a_stop_order) {
    const auto file = read(
        "ts,session_id,ib,ib_qual,long_entry,short_entry,sl_long,sl_short,"
        "tp_long,tp_short,Symbol,strategy,strategy_version\n"
        "2025-01-02 09:35:00-05:00,1,True,1,180.5,178,178,180.5,183,175.5,AAPL,"
        "inside_bar,1.0.0\n"
        "2025-01-02 09:40:00-05:00,1,False,0,,,,,,,AAPL,inside_bar,1.0.0\n",
        {.quantity = "10"});
    ASSERT_TRUE(file) << describe(file.error());
    EXPECT_TRUE(file->has_signals);
    ASSERT_EQ(file->rows.size(), 3U);
    EXPECT_EQ(file->rows[0].side, "BUY");
    EXPECT_EQ(file->rows[0].body,
              R"({"symbol":"AAPL","timestamp":"2025-01-02T14:35:00Z","strategy":"inside_bar",)"
              R"("strategy_version":"1.0.0","long_entry":"180.5","sl_long":"178",)"
              R"("tp_long":"183","quantity":"10","order_type":"STP"})");
    EXPECT_EQ(file->rows[1].side, "SELL");
    EXPECT_NE(file->rows[1].body.find(R"("short_entry":"178","sl_short":"180.5")"),
              std::string::npos);
    EXPECT_NE(file->rows[0].key, file->rows[1].key);
    EXPECT_EQ(file->rows[2].verdict, Verdict::skip);
}

TEST_F(IntentFileTest, Makes_other_signals_limit_orders_and_wants_their_zone) {
    const auto made = rows(
        "ts,Symbol,long_entry,short_entry,sl_long,sl_short,tp_long,tp_short,"
        "setup,score,strategy,strategy_version\n"
        "2025-01-02T21:00:00Z,AAPL,,187.95,,,,,short,7.1,rudometkin,1.0.0\n"
        "2025-01-02 21:00:00,AAPL,180,,,,,,long,0.1,rudometkin,1.0.0\n");
    ASSERT_EQ(made.size(), 2U);
    EXPECT_EQ(made[0].body,
              R"({"symbol":"AAPL","timestamp":"2025-01-02T21:00:00Z","strategy":"rudometkin",)"
              R"("strategy_version":"1.0.0","short_entry":"187.95","order_type":"LMT"})");
    EXPECT_EQ(made[1].verdict, Verdict::error);
    EXPECT_TRUE(made[1].reason.starts_with("timestamp \"2025-01-02 21:00:00\": "))
        << made[1].reason;
}

}  // namespace
}  // namespace millrace::remote
