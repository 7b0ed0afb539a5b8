// What a ledger is after signal 9 and after a full disk: all that was acknowledged, and sound.
#include <csignal>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "millrace/base/random.hpp"

#include "tests/support/test_ledger.hpp"

namespace millrace::ledger {
namespace {

constexpr std::int64_t kRowsAtOnce = 16;

// One batch: intents, an order of each, its deal, the books after them, a word in the trail. Each
// buys 1 at 10 from a cash of nothing, and the price stays.
Kept<void> trade_batch(Ledger& ledger, std::int64_t number) {
    auto batch = ledger.begin();
    if (!batch) return lost(std::move(batch.error()));
    const auto each = [&](std::int64_t id) -> Kept<void> {
        auto added = batch->add_intent(intent(fmt::format("k{}", id)));
        if (!added) return lost(std::move(added.error()));
        OrderRow bought = order(id, "1");
        bought.intent_id = added->row.id;
        bought.filled_quantity = quantity("1");
        if (auto done = batch->put(bought); !done) return done;
        auto dealt = batch->add(deal(fmt::format("e{}", id), id, model::Side::buy, "1", "10"));
        if (!dealt) return lost(std::move(dealt.error()));
        return {};
    };
    for (std::int64_t i = 1; i <= kRowsAtOnce; ++i)
        if (auto done = each(number * kRowsAtOnce + i); !done) return done;
    const std::int64_t held = (number + 1) * kRowsAtOnce;
    PositionRow position;
    position.account = "main";
    position.symbol = "ACME";
    position.strategy = "sma";
    position.quantity = Quantity::whole(held);
    position.average_price = price("10");
    position.currency = "USD";
    if (auto done = batch->put(position); !done) return done;
    AccountRow account = main_account();
    account.cash = Money::whole(-10 * held);
    if (auto done = batch->put(account); !done) return done;
    auto audited = batch->audit(said(fmt::format("batch {}", number)));
    if (!audited) return lost(std::move(audited.error()));
    return batch->commit();
}

void begin_books(const std::string& path) {
    Ledger ledger = must(Ledger::open(path));
    Batch batch = must(ledger.begin());
    must(batch.put(acme()));
    must(batch.put(main_account()));
    must(batch.commit());
}

std::int64_t batches_in(const std::string& path) {
    const CheckReport report = must(must(Reader::open(path)).check());
    for (const Finding& finding : report.findings)
        ADD_FAILURE() << finding.code << " " << finding.where << ": " << finding.what;
    EXPECT_EQ(report.intents, report.executions);
    EXPECT_EQ(report.intents, report.orders);
    EXPECT_EQ(report.intents % kRowsAtOnce, 0);
    EXPECT_EQ(report.audit.rows, report.intents / kRowsAtOnce);
    return report.intents / kRowsAtOnce;
}

// Writes batches for ever, and a byte into the pipe for each that is durable.
[[noreturn]] void write_until_killed(const std::string& path, std::int64_t from, int pipe) {
    LedgerSettings as_a_server;
    as_a_server.lays_out_log = true;
    auto ledger = Ledger::open(path, as_a_server);
    if (!ledger) ::_exit(1);
    for (std::int64_t number = from;; ++number) {
        if (!trade_batch(*ledger, number)) ::_exit(2);
        if (::write(pipe, "x", 1) != 1) ::_exit(3);
    }
}

TEST(LedgerCrash, Kill_9_loses_nothing_that_was_acknowledged) {
    constexpr int kRounds = 12;
    const TemporaryDirectory folder;
    const std::string path = folder / "ledger.db";
    begin_books(path);
    Random random(20260105);
    std::int64_t there = 0;
    for (int round = 0; round < kRounds; ++round) {
        std::array<int, 2> pipe{};
        ASSERT_EQ(::pipe(pipe.data()), 0);
        const pid_t child = ::fork();
        if (child == 0) write_until_killed(path, there, pipe[1]);
        ::close(pipe[1]);
        // So many acknowledgements, then a random part of the next batch or two.
        const std::int64_t wanted = random.between(1, 12);
        std::int64_t acknowledged = 0;
        char byte = 0;
        while (acknowledged < wanted && ::read(pipe[0], &byte, 1) == 1)
            ++acknowledged;
        for (std::int64_t spin = random.between(0, 2'000'000); spin > 0; --spin)
            asm volatile("");
        ::kill(child, SIGKILL);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
        while (::read(pipe[0], &byte, 1) == 1)
            ++acknowledged;
        ::close(pipe[0]);
        const std::int64_t now = batches_in(path);
        EXPECT_GE(now, there + acknowledged);
        EXPECT_LE(now, there + acknowledged + 1);  // committed, and killed before it could tell
        there = now;
    }
    RecordProperty("batches", static_cast<int>(there));
    EXPECT_GE(there, kRounds);
}

// A limit on the size of files is met as a full disk is; in a child, since it holds for a process.
TEST(LedgerCrash, A_full_disk_is_told_and_hurts_nothing) {
    const TemporaryDirectory folder;
    const std::string path = folder / "ledger.db";
    begin_books(path);
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{1 << 20, 1 << 20};
        auto ledger = Ledger::open(path);
        if (!ledger || ::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(1);
        for (std::int64_t number = 0; number < 10'000; ++number) {
            const auto done = trade_batch(*ledger, number);
            if (done) continue;
            // The next batch is refused in the same way, and the process lives.
            const auto again = trade_batch(*ledger, number);
            const bool is_told = done.error().fault == Fault::disk_full && !again &&
                                 again.error().fault == Fault::disk_full;

            ::_exit(is_told ? 42 : 2);
        }
        ::_exit(3);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 42);
    const std::int64_t there = batches_in(path);
    EXPECT_GT(there, 0);
    // There is room again: it goes on.
    Ledger ledger = must(Ledger::open(path));
    must(trade_batch(ledger, there));
    EXPECT_EQ(batches_in(path), there + 1);
}

TEST(LedgerCrash, A_hundred_thousand_rows_are_written_and_checked) {
    const TemporaryDirectory folder;
    const std::string path = folder / "ledger.db";
    begin_books(path);
    {
        Ledger ledger = must(Ledger::open(path));
        for (std::int64_t number = 0; number < 2'050; ++number)  // 3 x 16 + 3 rows each
            must(trade_batch(ledger, number));
    }
    EXPECT_EQ(batches_in(path), 2'050);
    // A page from the middle costs no more than one from the end.
    Reader reader = must(Reader::open(path));
    PageRequest request;
    request.after = 16'000;
    request.rows = 3;
    const auto page = must(reader.list<IntentRow>({}, request));
    EXPECT_EQ(page.rows.at(0).id, 15'999);
    EXPECT_EQ(page.next, 15'997);
}

}  // namespace
}  // namespace millrace::ledger
