#include "millrace/edge/store/ledger/migrations.hpp"

#include <filesystem>
#include <gtest/gtest.h>

#include "tests/support/test_ledger.hpp"

namespace millrace::ledger {
namespace {

class Migrations : public testing::Test {
  protected:
    // A ledger as the program of that version left it, with an instrument in it.
    void make(std::int64_t version) {
        auto database = must(Database::open(path_, Database::Access::create, 0));
        EXPECT_EQ(must(migrate(*database, version)).to, version);
        must(database->execute(
            "INSERT INTO trading_instruments VALUES (1, 'ACME', '', 'equity', 'USD', '', 10000000, "
            "100000000, NULL, 1000000000, 0, '')"));
    }

    TemporaryDirectory folder_;
    std::string path_ = folder_ / "ledger.db";
};

TEST_F(Migrations, Are_these) {
    std::string list;
    for (const Migration& migration : migrations())
        list += fmt::format("{} {}\n", migration.version, migration.name);
    EXPECT_EQ(list, "1 trading\n2 strategy_and_risk\n3 audit\n4 views\n5 progress\n");
}

TEST_F(Migrations, Bring_every_version_to_the_newest_and_keep_its_rows) {
    for (std::int64_t version = 1; version < newest_version(); ++version) {
        const TemporaryDirectory folder;
        path_ = folder / "ledger.db";
        make(version);
        Ledger ledger = must(Ledger::open(path_));
        EXPECT_EQ(ledger.migration().from, version);
        EXPECT_EQ(ledger.migration().to, newest_version());
        EXPECT_EQ(ledger.migration().backup, fmt::format("{}.v{}.backup", path_, version));
        EXPECT_EQ(answer(path_, "SELECT price_increment FROM instruments"), "0.01");
        EXPECT_EQ(answer(ledger.migration().backup, "PRAGMA user_version"),
                  fmt::to_string(version));
        EXPECT_EQ(answer(ledger.migration().backup, "SELECT symbol FROM trading_instruments"),
                  "ACME");
        trade_a_little(ledger);
        EXPECT_TRUE(must(must(Reader::open(path_)).check()).is_sound()) << version;
    }
}

TEST_F(Migrations, Make_no_backup_where_nothing_changes) {
    make(newest_version());
    EXPECT_EQ(must(Ledger::open(path_)).migration().backup, "");
    EXPECT_FALSE(std::filesystem::exists(path_ + ".v4.backup"));
}

TEST_F(Migrations, That_fail_leave_the_version_before) {
    make(1);
    force(path_, "CREATE TABLE risk_limits (x)");
    const auto ledger = Ledger::open(path_);
    ASSERT_FALSE(ledger);
    EXPECT_EQ(ledger.error().error.what, "the ledger could not become version 2");
    EXPECT_EQ(answer(path_, "PRAGMA user_version"), "1");
    EXPECT_EQ(answer(path_, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'strategy%'"), "0");
}

TEST_F(Migrations, Do_not_touch_what_a_newer_program_wrote) {
    make(newest_version());
    force(path_, "PRAGMA user_version = 99");
    const auto ledger = Ledger::open(path_);
    ASSERT_FALSE(ledger);
    EXPECT_EQ(ledger.error().fault, Fault::newer_schema);
    EXPECT_EQ(ledger.error().error.what, "the ledger is of version 99, this program knows 5");
    const auto reader = Reader::open(path_);
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().fault, Fault::newer_schema);
}

TEST_F(Migrations, Are_asked_for_by_a_reader) {
    make(2);
    const auto reader = Reader::open(path_);
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().fault, Fault::older_schema);
    EXPECT_EQ(reader.error().error.mend, "run millrace db migrate");
}

}  // namespace
}  // namespace millrace::ledger
