#include <fstream>
#include <gtest/gtest.h>

#include "millrace/cli/commands.hpp"
#include "millrace/cli/test_run.hpp"

#include "tests/support/fake_orders.hpp"

namespace millrace::cli {
namespace {

class Intents : public testing::Test {
  protected:
    Ran run(std::vector<std::string> words) {
        words.insert(words.begin(), "intents");
        return ran(all_commands(), words, {{"MILLRACE_DATA_DIR", fake_.data_dir()}});
    }
    std::string file(const std::string& text) {
        const std::string path = fake_.data_dir() + "/orders.csv";
        std::ofstream(path) << text;
        return path;
    }

    FakeOrders fake_;
};

TEST_F(Intents, Are_submitted_with_all_that_was_said) {
    const Ran done = run({"submit", "buy", "aapl", "10", "--limit", "180.5", "--stop-loss", "175",
                          "--take-profit", "190", "--tif", "GTC", "--strategy", "trend", "--tag",
                          "desk", "--key", "monday-1"});
    EXPECT_EQ(done.code, 0) << done.err;
    ASSERT_EQ(fake_.seen().size(), 2U);
    EXPECT_EQ(fake_.seen()[0].key, "monday-1");
    EXPECT_EQ(fake_.seen()[0].body,
              R"({"symbol":"AAPL","side":"BUY","quantity":"10","order_type":"LMT",)"
              R"("price":"180.5","stop_loss":"175","take_profit":"190","time_in_force":"GTC",)"
              R"("strategy":"trend","client_tag":"desk"})");
    EXPECT_EQ(fake_.seen()[1].target, "/api/v1/orderintents/1");
    EXPECT_EQ(done.out, "id                1\nstatus            planned\nsymbol            AAPL\n");
    EXPECT_EQ(done.err, "planned, not sent; to send it: millrace intents promote 1\n");
}

TEST_F(Intents, Become_market_orders_only_when_it_is_said) {
    const Ran forgotten = run({"submit", "buy", "AAPL", "10"});
    EXPECT_EQ(forgotten.code, 2);
    EXPECT_NE(forgotten.err.find("$.price"), std::string::npos) << forgotten.err;
    EXPECT_EQ(run({"submit", "buy", "AAPL", "10", "--type", "MKT"}).code, 0);
    EXPECT_EQ(run({"submit", "buy", "AAPL", "10", "--stop", "190"}).code, 0);
    EXPECT_NE(fake_.seen().at(3).body.find(R"("order_type":"STP","stop_price":"190")"),
              std::string::npos);
}

TEST_F(Intents, Are_taken_once_under_their_key) {
    const std::vector<std::string> words = {"submit", "buy",   "AAPL", "10",    "--limit",
                                            "180",    "--key", "k",    "--json"};
    EXPECT_NE(run(words).out.find(R"("known": false)"), std::string::npos);
    const Ran again = run(words);
    EXPECT_EQ(again.code, 0);
    EXPECT_NE(again.out.find(R"("known": true)"), std::string::npos) << again.out;
    const Ran other = run({"submit", "buy", "AAPL", "11", "--limit", "180", "--key", "k"});
    EXPECT_EQ(other.code, 2);
    EXPECT_NE(other.err.find("key-reused"), std::string::npos) << other.err;
}

TEST_F(Intents, End_with_6_when_the_guardian_refuses) {
    const Ran refused = run({"submit", "buy", "AAPL", "20000", "--limit", "180"});
    EXPECT_EQ(refused.code, 6);
    EXPECT_EQ(refused.err, "the guardian refused it: MAX_ORDER_QTY (limit 10000, value 20000)\n");
    EXPECT_NE(refused.out.find("status            rejected"), std::string::npos) << refused.out;
    const Ran asked = run({"submit", "buy", "AAPL", "20000", "--limit", "180", "--dry-run"});
    EXPECT_EQ(asked.code, 6);
    EXPECT_EQ(asked.out,
              "REJECT\n"
              "code           scope   limit  value\n"
              "MAX_ORDER_QTY  global  10000  20000\n");
}

TEST_F(Intents, Take_nothing_in_a_dry_run_and_give_back_what_was_reserved) {
    const Ran asked = run({"submit", "sell", "AAPL", "10", "--type", "MKT", "--dry-run"});
    EXPECT_EQ(asked.code, 0) << asked.err;
    EXPECT_EQ(asked.out, "ACCEPT\n");
    ASSERT_EQ(fake_.seen().size(), 2U);
    EXPECT_EQ(fake_.seen()[0].target, "/api/v1/check");
    EXPECT_EQ(fake_.seen()[1].target, "/api/v1/reservations/2251799813685249/release");
}

TEST_F(Intents, Are_listed_shown_and_promoted) {
    EXPECT_EQ(run({"ls"}).err,
              "no intents; send one: millrace intents submit buy AAPL 10 --limit 180\n");
    run({"submit", "buy", "AAPL", "10", "--limit", "180"});
    EXPECT_EQ(run({"ls"}).out,
              "id  created  symbol  side  quantity  type  price  status   reason  tag\n"
              " 1           AAPL                                 planned\n");
    EXPECT_EQ(run({"ls", "--jsonl"}).out, R"({"id":1,"symbol":"AAPL","status":"planned"})"
                                          "\n");
    EXPECT_NE(run({"show", "1", "--json"}).out.find(R"("schema_version": 1)"), std::string::npos);
    EXPECT_EQ(run({"show", "7"}).code, 2);
    EXPECT_EQ(run({"show", "../7"}).code, 2);  // no way out of the path
    EXPECT_EQ(run({"promote", "1"}).out,
              "id                1\nstatus            filled\nsymbol            AAPL\n");
    EXPECT_EQ(run({"promote", "1"}).code, 4);
    EXPECT_EQ(run({"cancel", "1"}).code, 0);
}

TEST_F(Intents, Of_a_file_are_counted_as_the_predecessor_counts) {
    const std::string path = file(
        "symbol,side,qty,order_type,price,timestamp\n"
        "AAPL,BUY,10,LMT,180,2025-01-02T14:30:00Z\n"
        "AAPL,BUY,10,LMT,180,2025-01-02T14:30:00Z\n"
        "MSFT,SELL,5,LMT,,2025-01-02T14:30:00Z\n"
        "NOPE,SELL,5,MKT,,2025-01-02T14:30:00Z\n"
        "MSFT,SELL,5,MKT,,2025-01-02T14:30:00Z\n");
    const Ran sent = run({"send", path});
    EXPECT_EQ(sent.out,
              "total       5\ncreated     2\nduplicates  1\nskipped     1\nerrors      1\n");
    EXPECT_EQ(sent.err,
              "line 4: skipped: LMT without a price\n"
              "line 5: error: the symbol is not configured at $.symbol\n");
    EXPECT_EQ(sent.code, 4);
    const Ran again = run({"send", path, "--json"});
    EXPECT_NE(again.out.find(R"("duplicates": 3)"), std::string::npos) << again.out;
    EXPECT_NE(again.out.find(R"("status":"duplicate","id":1,"intent_status":"planned")"),
              std::string::npos)
        << again.out;
}

TEST_F(Intents, Of_a_file_are_not_sent_in_a_dry_run) {
    const Ran dry = run({"send", file("symbol,side,qty,price\nAAPL,BUY,10,180\n"), "--dry-run",
                         "--day", "2025-01-02"});
    EXPECT_EQ(dry.code, 0);
    EXPECT_TRUE(dry.out.starts_with("csv1-")) << dry.out;
    EXPECT_TRUE(fake_.seen().empty());
    EXPECT_EQ(run({"send", fake_.data_dir() + "/none.csv"}).code, 4);
    EXPECT_EQ(run({"send", file("symbol\n")}).code, 4);
    EXPECT_EQ(run({"send", file("symbol\n"), "--day", "soon"}).code, 2);
    EXPECT_EQ(run({"send", file("symbol\n"), "--quantity", "-1"}).code, 2);
}

TEST_F(Intents, Of_a_file_end_when_the_server_is_lost) {
    const std::string path = file("symbol,side,qty,order_type\nAAPL,BUY,1,MKT\nAAPL,BUY,2,MKT\n");
    fake_.stop();
    const Ran lost = run({"send", path});
    EXPECT_EQ(lost.code, 8);
    EXPECT_NE(lost.out.find("errors      2"), std::string::npos) << lost.out;
    EXPECT_NE(lost.err.find("line 3: error: not sent, as the one before"), std::string::npos)
        << lost.err;
}

}  // namespace
}  // namespace millrace::cli
