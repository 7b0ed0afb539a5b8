#include "millrace/edge/store/ledger/ledger.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "millrace/edge/store/ledger/tables.hpp"

#include "tests/support/test_ledger.hpp"

namespace millrace::ledger {
namespace {

class LedgerFile : public testing::Test {
  protected:
    TemporaryDirectory folder_;
    std::string path_ = folder_ / "ledger.db";
};

TEST_F(LedgerFile, Keeps_what_was_committed_and_nothing_else) {
    {
        Ledger ledger = must(Ledger::open(path_));
        trade_a_little(ledger);
        Batch batch = must(ledger.begin());
        EXPECT_EQ(must(batch.add_intent(intent("lost"))).key_is, KeyIs::fresh);
    }
    Reader reader = must(Reader::open(path_));
    EXPECT_EQ(must(reader.find<IntentRow>("lost")), std::nullopt);
    const ExecutionRow stored = must(reader.find<ExecutionRow>("e2")).value();
    ExecutionRow expected = deal("e2", 2, model::Side::sell, "4", "25");
    expected.id = 2;
    EXPECT_EQ(stored, expected);
}

TEST_F(LedgerFile, Is_for_its_owner_only) {
    const Ledger ledger = must(Ledger::open(path_));
    struct ::stat file{};
    ASSERT_EQ(::stat(path_.c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777u, 0600u);
}

TEST_F(LedgerFile, Is_as_durable_as_it_says) {
    Ledger ledger = must(Ledger::open(path_));
    EXPECT_EQ(must(ledger.database().number("PRAGMA synchronous")), 2);
    EXPECT_EQ(must(ledger.database().number("PRAGMA foreign_keys")), 1);
    EXPECT_EQ(answer(path_, "PRAGMA journal_mode"), "wal");
}

TEST_F(LedgerFile, An_intents_key_counts_once) {
    Ledger ledger = must(Ledger::open(path_));
    trade_a_little(ledger);
    Batch batch = must(ledger.begin());
    const IntentOutcome first = must(batch.add_intent(intent("k1", "a")));
    EXPECT_EQ(first.key_is, KeyIs::fresh);
    must(batch.set_answer(first.row.id, 202, R"({"id":1})"));
    const IntentOutcome again = must(batch.add_intent(intent("k1", "a")));
    EXPECT_EQ(again.key_is, KeyIs::repeated);
    EXPECT_EQ(again.row.id, first.row.id);
    EXPECT_EQ(again.row.answer_body, R"({"id":1})");
    IntentRow other = intent("k1", "b");
    other.quantity = quantity("99");
    const IntentOutcome reused = must(batch.add_intent(other));
    EXPECT_EQ(reused.key_is, KeyIs::reused);
    EXPECT_EQ(reused.row.quantity, quantity("10"));
    must(batch.commit());
}

TEST_F(LedgerFile, An_intent_is_claimed_by_one) {
    Ledger ledger = must(Ledger::open(path_));
    trade_a_little(ledger);
    Batch batch = must(ledger.begin());
    const std::int64_t id = must(batch.add_intent(intent("k1"))).row.id;
    EXPECT_TRUE(must(batch.move_intent(id, "pending", "planning", "", second(5))));
    EXPECT_FALSE(must(batch.move_intent(id, "pending", "planning", "", second(6))));
    must(batch.commit());
    const IntentRow row = must(must(Reader::open(path_)).find<IntentRow>("k1")).value();
    EXPECT_EQ(row.status, "planning");
    EXPECT_EQ(row.updated_at, second(5));
}

TEST_F(LedgerFile, A_deal_that_comes_twice_counts_once) {
    Ledger ledger = must(Ledger::open(path_));
    trade_a_little(ledger);
    Batch batch = must(ledger.begin());
    const Added again = must(batch.add(deal("e2", 2, model::Side::sell, "4", "25")));
    EXPECT_EQ(again.id, 2);
    EXPECT_FALSE(again.is_new);
    const auto other = batch.add(deal("e2", 2, model::Side::sell, "4", "26"));
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().fault, Fault::refused);
    EXPECT_EQ(other.error().error.where, "trading_executions 2");
}

TEST_F(LedgerFile, History_is_neither_changed_nor_removed) {
    Ledger ledger = must(Ledger::open(path_));
    trade_a_little(ledger);
    for (const char* sql :
         {"UPDATE trading_executions SET price = 1", "DELETE FROM trading_cash",
          "UPDATE audit_system_events SET actor = 'bob'", "DELETE FROM audit_system_events"}) {
        const auto done = ledger.database().execute(sql);
        ASSERT_FALSE(done) << sql;
        EXPECT_EQ(done.error().fault, Fault::refused) << sql;
    }
}

TEST_F(LedgerFile, Text_is_data_whatever_it_says) {
    Ledger ledger = must(Ledger::open(path_));
    trade_a_little(ledger);
    const std::string evil = "x'); DROP TABLE trading_orders; -- \"\x01 \xc3\xa9";
    Batch batch = must(ledger.begin());
    IntentRow row = intent(evil);
    row.tag = evil;
    must(batch.add_intent(row));
    must(batch.commit());
    Reader reader = must(Reader::open(path_));
    EXPECT_EQ(must(reader.find<IntentRow>(std::string_view(evil))).value().tag, evil);
    Filter filter;
    filter.symbol = "ACME' OR 1 = 1 --";
    EXPECT_TRUE(must(reader.list<IntentRow>(filter, {})).rows.empty());
    EXPECT_EQ(must(reader.check()).orders, 2);
}

TEST_F(LedgerFile, Limits_have_versions_and_are_audited) {
    Ledger ledger = must(Ledger::open(path_));
    Batch batch = must(ledger.begin());
    LimitRow limit;
    limit.rule = "max-order-qty";
    limit.changed_by = "ann";
    limit.ts = second(1);
    limit.value = "100";
    EXPECT_EQ(must(batch.set_limit(limit)), 1);
    limit.value = "50";
    EXPECT_EQ(must(batch.set_limit(limit)), 2);
    KillSwitchRow kill;
    kill.engaged = true;
    kill.actor = "ann";
    must(batch.set_kill_switch(kill));
    kill.engaged = false;
    must(batch.set_kill_switch(kill));
    must(batch.commit());
    Reader reader = must(Reader::open(path_));
    const auto in_force = must(reader.limits_in_force());
    ASSERT_EQ(in_force.size(), 1u);
    EXPECT_EQ(in_force[0].value, "50");
    EXPECT_EQ(must(reader.list<LimitRow>({}, {})).rows.size(), 2u);
    EXPECT_FALSE(must(reader.list<KillSwitchRow>({}, {})).rows.at(0).engaged);
    const auto trail = must(reader.list<AuditRow>({}, {})).rows;
    ASSERT_EQ(trail.size(), 4u);
    EXPECT_EQ(trail[0].action, "kill_switch.release");
    EXPECT_EQ(trail[2].before, "100");
    EXPECT_EQ(trail[2].after, "50");
}

TEST_F(LedgerFile, Pages_neither_miss_nor_repeat_while_rows_come) {
    Ledger ledger = must(Ledger::open(path_));
    trade_a_little(ledger);
    const auto add = [&](int from, int to) {
        Batch batch = must(ledger.begin());
        for (int i = from; i < to; ++i)
            must(batch.add_intent(intent(fmt::format("k{}", i))));
        must(batch.commit());
    };
    add(0, 5);
    Reader reader = must(Reader::open(path_));
    PageRequest request;
    request.rows = 2;
    std::vector<std::string> seen;
    for (;;) {
        const auto page = must(reader.list<IntentRow>({}, request));
        for (const IntentRow& row : page.rows)
            seen.push_back(row.key);
        if (!page.next) break;
        request.after = page.next;
        if (seen.size() == 2) add(5, 6);
    }
    EXPECT_EQ(seen, (std::vector<std::string>{"k4", "k3", "k2", "k1", "k0"}));
    Filter filter;
    filter.status = "planned";
    EXPECT_TRUE(must(reader.list<IntentRow>(filter, {})).rows.empty());
    filter.status = "pending";
    filter.from = second(1);
    EXPECT_TRUE(must(reader.list<IntentRow>(filter, {})).rows.empty());
    filter.from = second(0);
    EXPECT_EQ(must(reader.list<IntentRow>(filter, {})).rows.size(), 6u);
}

TEST_F(LedgerFile, Views_show_exact_text) {
    Ledger ledger = must(Ledger::open(path_));
    trade_a_little(ledger);
    Batch batch = must(ledger.begin());
    IntentRow row = intent("k1");
    row.quantity = quantity("90071992547.40993001");  // no double holds it
    row.limit_price = price("-0.000000001");
    must(batch.add_intent(row));
    must(batch.commit());
    const auto see = [&](const std::string& column) {
        return answer(path_, "SELECT " + column + " FROM order_intents");
    };
    EXPECT_EQ(see("quantity"), "90071992547.40993001");
    EXPECT_EQ(see("price"), "-0.000000001");
    EXPECT_EQ(see("stop_price"), "NULL");
    EXPECT_EQ(see("updated_at"), "2026-01-05T09:30:00.000000000Z");
    EXPECT_EQ(see("side || ' ' || order_type || ' ' || client_tag"), "BUY LMT traderunner");
    EXPECT_EQ(
        answer(path_, "SELECT qty || ' ' || avg_cost || ' ' || unrealized_pnl FROM positions"),
        "6 20 60");
    EXPECT_EQ(answer(path_, "SELECT side || qty || '@' || price || ' ' || fee FROM fills"),
              "BUY10@20 1");
}

TEST_F(LedgerFile, A_second_writer_is_told_that_it_is_locked) {
    Ledger one = must(Ledger::open(path_));
    LedgerSettings hasty;
    hasty.busy_wait_ms = 0;
    Ledger two = must(Ledger::open(path_, hasty));
    const Batch batch = must(one.begin());
    const auto refused = two.begin();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::locked);
    EXPECT_EQ(refused.error().error.code, ErrorCode::timeout);
}

TEST_F(LedgerFile, What_is_no_ledger_stays_as_it_is) {
    std::ofstream(path_) << "a letter to a friend, longer than the header of a database is; "
                            "a letter to a friend, longer than the header of a database is";
    const auto text = Ledger::open(path_);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().fault, Fault::damaged);
    const std::string other = folder_ / "other.db";
    must(must(Database::open(other, Database::Access::create, 0))->execute("CREATE TABLE t (x)"));
    const auto foreign = Ledger::open(other);
    ASSERT_FALSE(foreign);
    EXPECT_EQ(foreign.error().error.what, "this is no ledger of Millrace");
    EXPECT_EQ(answer(other, "PRAGMA journal_mode"), "delete");
    const auto missing = Reader::open(folder_ / "none.db");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().fault, Fault::unreadable);
}

TEST_F(LedgerFile, A_backup_is_whole_while_a_batch_is_open_and_overwrites_nothing) {
    Ledger ledger = must(Ledger::open(path_));
    trade_a_little(ledger);
    const std::string copy = folder_ / "copy.db";
    must(ledger.backup_to(copy));
    EXPECT_TRUE(must(must(Reader::open(copy)).check()).is_sound());
    EXPECT_FALSE(std::filesystem::exists(copy + "-wal"));
    EXPECT_FALSE(std::filesystem::exists(copy + ".partial"));
    const auto again = ledger.backup_to(copy);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().error.what, "the backup would overwrite a file");
}

TEST_F(LedgerFile, Every_column_of_a_row_is_one_of_its_table) {
    Ledger ledger = must(Ledger::open(path_));
    const auto columns = [&](std::string_view table) {
        std::string list;
        Statement* statement =
            must(ledger.database().prepare("SELECT name FROM pragma_table_info(?) ORDER BY name"));
        statement->bind(table);
        while (must(statement->step()))
            list += std::string(statement->text(0)) + ' ';
        return list;
    };
    const auto same = [&]<class Row>(const Row&) {
        std::vector<std::string_view> names;
        std::apply([&](const auto&... column) { (names.push_back(column.name), ...); },
                   TableOf<Row>::kColumns);
        std::sort(names.begin(), names.end());
        std::string list;
        for (const std::string_view name : names)
            list += std::string(name) + ' ';
        EXPECT_EQ(list, columns(TableOf<Row>::kName)) << TableOf<Row>::kName;
    };
    std::apply([&](const auto&... row) { (same(row), ...); },
               std::tuple<InstrumentRow, AccountRow, IntentRow, OrderRow, ExecutionRow, PositionRow,
                          MarkRow, CashRow, EquityRow, PositionSnapshotRow, StrategyRow, SignalRow,
                          PerformanceRow, LimitRow, RiskEventRow, KillSwitchRow, MonitoringRow,
                          HealthRow, ConfigurationRow, AuditRow>());
}

TEST(Ledger, Knows_up_to_which_input_it_has_what_became_of_them) {
    const TemporaryDirectory folder;
    const std::string path = folder / "ledger.db";
    LedgerSettings settings;
    settings.trusts_journal = true;
    {
        Ledger ledger = must(Ledger::open(path, settings));
        EXPECT_EQ(must(ledger.progress()), 0U);
        must(ledger.sync());
        Batch batch = must(ledger.begin());
        must(batch.put(acme()));
        must(batch.set_progress(17));
        must(batch.commit());
        must(ledger.sync());
        // What is let go is as if it had not been said.
        Batch forgotten = must(ledger.begin());
        must(forgotten.set_progress(18));
    }
    EXPECT_EQ(must(must(Ledger::open(path)).progress()), 17U);
}

// Whoever numbers intents himself writes them again as they change; the key stays theirs.
TEST(Ledger, Puts_an_intent_in_the_place_of_what_it_was) {
    const TemporaryDirectory folder;
    Ledger ledger = must(Ledger::open(folder / "ledger.db"));
    Batch batch = must(ledger.begin());
    must(batch.put(acme()));
    must(batch.put(main_account()));
    IntentRow row = intent("k");
    row.id = 7;
    must(batch.put(row));
    row.status = "filled";
    row.updated_at = second(5);
    must(batch.put(row));
    must(batch.commit());
    EXPECT_EQ(must(must(Reader::open(ledger.path())).find<IntentRow>(7)), row);
}

}  // namespace
}  // namespace millrace::ledger
