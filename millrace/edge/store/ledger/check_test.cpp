// What check() and verify_audit() find, one tampering at a time.
#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>

#include "tests/support/test_ledger.hpp"

namespace millrace::ledger {
namespace {

class LedgerCheck : public testing::Test {
  protected:
    LedgerCheck() {
        Ledger ledger = must(Ledger::open(path_));
        trade_a_little(ledger);
    }
    // "code where: what" of all findings.
    std::string found() {
        std::string all;
        for (const Finding& finding : must(must(Reader::open(path_)).check()).findings)
            all += fmt::format("{} {}: {}\n", finding.code, finding.where, finding.what);
        return all;
    }

    TemporaryDirectory folder_;
    std::string path_ = folder_ / "ledger.db";
};

TEST_F(LedgerCheck, Finds_nothing_where_nothing_is_wrong) {
    EXPECT_EQ(found(), "");
    const CheckReport report = must(must(Reader::open(path_)).check());
    EXPECT_EQ(report.executions, 2);
    EXPECT_EQ(report.positions, 1);
    EXPECT_EQ(report.audit.rows, 1);
}

TEST_F(LedgerCheck, Rebuilds_positions_and_equity_from_the_deals) {
    const Books books = must(must(Reader::open(path_)).rebuild());
    ASSERT_EQ(books.positions.size(), 1u);
    EXPECT_EQ(books.positions[0].quantity, quantity("6"));
    EXPECT_EQ(books.positions[0].realised, money("20"));
    ASSERT_EQ(books.accounts.size(), 1u);
    EXPECT_EQ(books.accounts[0].cash, money("899"));
    EXPECT_EQ(books.accounts[0].equity, money("1079"));
}

// In a hedging account a sale opens a leg of its own, and one that closes shrinks the other.
TEST_F(LedgerCheck, Rebuilds_both_legs_of_a_hedged_position) {
    Ledger ledger = must(Ledger::open(folder_ / "hedging.db"));
    Batch batch = must(ledger.begin());
    must(batch.put(acme()));
    AccountRow account = main_account();
    account.mode = model::PositionMode::hedging;
    must(batch.put(account));
    for (std::int64_t id = 1; id <= 3; ++id)
        must(batch.put(order(id)));
    must(batch.add(deal("e1", 1, model::Side::buy, "5", "10")));
    must(batch.add(deal("e2", 2, model::Side::sell, "3", "12")));
    ExecutionRow closing = deal("e3", 3, model::Side::sell, "2", "11");
    closing.closes = true;
    must(batch.add(closing));
    must(batch.commit());
    const Books books = must(must(Reader::open(ledger.path())).rebuild());
    ASSERT_EQ(books.positions.size(), 2u);
    EXPECT_EQ(books.positions[0].leg, "long");
    EXPECT_EQ(books.positions[0].quantity, quantity("3"));
    EXPECT_EQ(books.positions[0].realised, money("2"));
    EXPECT_EQ(books.positions[1].leg, "short");
    EXPECT_EQ(books.positions[1].quantity, quantity("-3"));
    EXPECT_EQ(books.positions[1].average_price, price("12"));
}

TEST_F(LedgerCheck, Finds_a_position_that_the_deals_do_not_make) {
    force(path_, "UPDATE trading_positions SET quantity = quantity + 1");
    EXPECT_EQ(found(),
              "position trading_positions main/ACME/sma/net: quantity is 6.00000001, from the "
              "deals 6\n");
}

TEST_F(LedgerCheck, Finds_a_position_that_is_missing) {
    force(path_, "DELETE FROM trading_positions");
    EXPECT_EQ(
        found(),
        "position trading_positions main/ACME/sma/net: it is not stored: quantity is 0, from "
        "the deals 6; average price is none, from the deals 20; realised is 0, from the deals "
        "20; unrealised is 0, from the deals 60; fees is 0, from the deals 1\n");
}

TEST_F(LedgerCheck, Finds_money_that_nobody_earned) {
    force(path_,
          "UPDATE trading_accounts SET cash = cash + 100000000, equity = equity + 100000000");
    EXPECT_EQ(
        found(),
        "balance trading_accounts main: cash is 900, from the deals 899; equity is 1080, from "
        "the deals 1079\n");
}

TEST_F(LedgerCheck, Finds_an_order_whose_deals_are_not_what_it_says) {
    force(path_, "UPDATE trading_orders SET filled_quantity = 0 WHERE id = 2");
    EXPECT_EQ(found(), "order trading_orders 2: 0 of 4 are stored as filled, the deals are 4\n");
}

TEST_F(LedgerCheck, Finds_a_row_that_names_one_which_is_gone) {
    force(path_,
          "PRAGMA foreign_keys = OFF; DELETE FROM trading_orders WHERE id = 2;"
          "UPDATE trading_positions SET quantity = quantity");
    EXPECT_EQ(
        found(),
        "reference trading_executions 2: it names a row of trading_orders that is not there\n");
}

TEST_F(LedgerCheck, Finds_a_choice_that_nobody_wrote) {
    force(path_, "UPDATE trading_accounts SET currency = 'dollars and cents'");
    EXPECT_EQ(found(), "position trading_accounts main: \"dollars and cents\" is no code\n");
}

class LedgerAudit : public LedgerCheck {
  protected:
    LedgerAudit() {
        Ledger ledger = must(Ledger::open(path_));
        Batch batch = must(ledger.begin());
        for (int i = 2; i <= 10; ++i)
            must(batch.audit(said(fmt::format("act {}", i))));
        must(batch.commit());
    }
    AuditReport verified() { return must(must(Reader::open(path_)).verify_audit()); }
    static constexpr const char* kDisarm =
        "DROP TRIGGER audit_system_events_stay; DROP TRIGGER audit_system_events_last;"
        "DROP TRIGGER audit_system_events_chain;";
};

TEST_F(LedgerAudit, Proves_the_whole_trail) {
    const AuditReport report = verified();
    EXPECT_TRUE(report.is_whole());
    EXPECT_EQ(report.rows, 10);
    EXPECT_EQ(report.head, answer(path_, "SELECT hash FROM system_events WHERE id = 10"));
    EXPECT_TRUE(must(must(Reader::open(path_)).audit_holds(report.head)));
    EXPECT_FALSE(must(must(Reader::open(path_)).audit_holds(std::string(64, 'a'))));
}

// The digest of 64 zeros and [1,1767605401000000000,"ann","test","begin","x","",""], by sha256sum.
TEST_F(LedgerAudit, Hashes_as_the_reference_says) {
    EXPECT_EQ(answer(path_, "SELECT hash FROM system_events WHERE id = 1"),
              "11b7eab7fee75fff021e3afdc2ab702877e7ef1871453dbfb47fa8ea28bafbce");
}

TEST_F(LedgerAudit, Names_the_row_whose_words_were_changed) {
    force(path_,
          std::string(kDisarm) + "UPDATE audit_system_events SET actor = 'bob' WHERE id = 7");
    const AuditReport report = verified();
    EXPECT_EQ(report.broken_row, 7);
    EXPECT_EQ(report.rows, 6);
    EXPECT_EQ(report.why, "its words are not those that were written");
    EXPECT_EQ(found(), "audit audit_system_events 7: its words are not those that were written\n");
}

TEST_F(LedgerAudit, Names_the_row_after_one_that_was_taken_out) {
    force(path_, std::string(kDisarm) + "DELETE FROM audit_system_events WHERE id = 4");
    EXPECT_EQ(verified().broken_row, 5);
    EXPECT_EQ(verified().why, "a row before it is missing");
}

TEST_F(LedgerAudit, Names_the_row_after_one_that_was_written_anew) {
    Reader reader = must(Reader::open(path_));
    AuditRow forged = must(reader.find<AuditRow>(5)).value();
    forged.actor = "bob";
    force(path_, std::string(kDisarm) +
                     fmt::format("UPDATE audit_system_events SET actor = 'bob', hash = '{}' WHERE "
                                 "id = 5",
                                 hash_of(forged)));
    EXPECT_EQ(verified().broken_row, 6);
    EXPECT_EQ(verified().why, "it does not follow the row before it");
}

TEST_F(LedgerAudit, Misses_rows_that_were_cut_off_and_writes_no_more) {
    force(path_, std::string(kDisarm) + "DELETE FROM audit_system_events WHERE id > 8");
    EXPECT_EQ(verified().broken_row, 9);
    EXPECT_EQ(verified().why, "rows were cut off at the end");
}

TEST_F(LedgerAudit, Goes_on_nowhere_but_at_its_end) {
    force(path_,
          "DROP TRIGGER audit_system_events_last; DELETE FROM audit_system_events WHERE id > 8");
    Ledger ledger = must(Ledger::open(path_));
    Batch batch = must(ledger.begin());
    const auto refused = batch.audit(said("go on"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::refused);
    EXPECT_EQ(refused.error().error.why, "the audit trail grows only at its end");
}

TEST_F(LedgerCheck, Tells_a_damaged_file) {
    must(must(Database::open(path_, Database::Access::write, 0))
             ->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
    {
        std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
        for (int page = 5; page < 40; ++page) {
            file.seekp(page * 4096);
            file << std::string(200, '\xff');
        }
    }
    auto reader = Reader::open(path_);
    const auto report = reader ? reader->check() : Kept<CheckReport>(lost(reader.error()));
    if (report)
        EXPECT_EQ(report->findings.at(0).code, "integrity");
    else
        EXPECT_EQ(report.error().fault, Fault::damaged);
}

}  // namespace
}  // namespace millrace::ledger
