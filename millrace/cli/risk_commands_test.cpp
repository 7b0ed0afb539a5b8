#include <gtest/gtest.h>

#include "millrace/cli/commands.hpp"
#include "millrace/cli/completion.hpp"
#include "millrace/cli/remote_names.hpp"
#include "millrace/cli/test_run.hpp"
#include "millrace/cli/text_table.hpp"

#include "tests/support/fake_orders.hpp"

namespace millrace::cli {
namespace {

class RemoteCommands : public testing::Test {
  protected:
    Ran run(const std::vector<std::string>& words) {
        return ran(all_commands(), words, {{"MILLRACE_DATA_DIR", fake_.data_dir()}});
    }
    FakeOrders fake_;
};

TEST_F(RemoteCommands, List_orders_and_open_positions) {
    EXPECT_EQ(run({"orders", "ls"}).out,
              "              id  intent  created  symbol  side  quantity  type  price  status    "
              "reason  filled  average\n"
              "1125899906842692       1           AAPL    BUY         10  LMT   180.5  accepted  "
              "             0\n");
    EXPECT_EQ(run({"orders", "cancel-all", "--symbol", "AAPL"}).out,
              "asked the venue to cancel 3 orders\n");
    EXPECT_EQ(fake_.seen().back().target, "/api/v1/orders/cancel-all?symbol=AAPL");
    EXPECT_EQ(run({"positions"}).out,
              "account  symbol  strategy  quantity  average  currency  realized  unrealized  fees\n"
              "main     AAPL                   -10      180\n");
    EXPECT_NE(run({"positions", "--all"}).out.find("MSFT"), std::string::npos);
    EXPECT_EQ(run({"positions", "--json"}).out.find("MSFT"), std::string::npos);
}

TEST_F(RemoteCommands, Set_limits_in_the_scope_that_is_named) {
    EXPECT_EQ(run({"risk", "limits"}).err,
              "no limits are set here; set one: millrace risk set global max-order-qty 500\n");
    const Ran set = run({"risk", "set", "symbol:AAPL", "max-order-qty", "500"});
    EXPECT_EQ(set.code, 0) << set.err;
    EXPECT_EQ(fake_.seen().back().target, "/api/v1/limits/symbol/AAPL");
    EXPECT_EQ(fake_.seen().back().body, R"({"limit":"max-order-qty","value":"500"})");
    run({"risk", "set", "global", "max-order-qty", "none"});
    EXPECT_EQ(fake_.seen().back().target, "/api/v1/limits/global/-");
}

TEST_F(RemoteCommands, Ask_the_guardian_and_end_with_6_when_it_refuses) {
    EXPECT_EQ(run({"risk", "check", "buy", "AAPL", "10", "--limit", "180"}).code, 0);
    EXPECT_EQ(run({"risk", "check", "buy", "AAPL", "20000", "--limit", "180"}).code, 6);
}

TEST_F(RemoteCommands, Engage_the_kill_switch_until_nothing_works_any_more) {
    const Ran engaged = run({"kill-switch", "engage", "--reason", "why", "--flatten"});
    EXPECT_EQ(engaged.code, 0) << engaged.err;
    EXPECT_EQ(engaged.out,
              "global is engaged by this machine since 2026-01-05T14:30:00Z: why; nothing works "
              "any more\n");
    ASSERT_EQ(fake_.seen().size(), 4U);  // one to engage, three looks
    EXPECT_EQ(fake_.seen()[0].body,
              R"({"action":"engage","scope":"global","reason":"why","flatten":true})");
    EXPECT_EQ(run({"kill-switch", "release"}).code, 2);  // it wants a reason
    EXPECT_EQ(run({"kill-switch", "status", "--json"}).code, 0);
    fake_.stop();
    const Ran alone = run({"kill-switch", "engage"});
    EXPECT_EQ(alone.code, 8);
    EXPECT_NE(alone.err.find("KILL_SWITCH engages it, too"), std::string::npos) << alone.err;
}

TEST_F(RemoteCommands, Complete_the_names_that_the_instance_knows) {
    ::setenv("MILLRACE_DATA_DIR", fake_.data_dir().c_str(), 1);
    EXPECT_EQ(remote_symbols(), (std::vector<std::string>{"AAPL", "MSFT"}));
    const std::vector<std::string> words = {"intents", "submit", "buy", "M"};
    EXPECT_EQ(complete(all_commands(), words).suggestions, (std::vector<Suggestion>{{"MSFT", ""}}));
    fake_.stop();
    EXPECT_TRUE(remote_symbols().empty());
    ::unsetenv("MILLRACE_DATA_DIR");
}

TEST(TextTable, Aligns_by_characters_and_lets_nothing_move_the_cursor) {
    TextTable table({{"name", false, 6}, {"figure", true}});
    table.add({"Zürich", "1"});
    table.add({"a\x1b[2Jb", "22"});
    table.add({"much too long", "3"});
    std::ostringstream out;
    table.print(out);
    EXPECT_EQ(out.str(), "name    figure\nZürich       1\na?[2Jb      22\nmuch …       3\n");
}

}  // namespace
}  // namespace millrace::cli
