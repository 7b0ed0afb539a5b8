// What a server is after it ended in order, by signal 9 under load, with an older ledger, without
// one, and while the disk takes nothing.
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "millrace/base/random.hpp"

#include "tests/support/test_orders.hpp"

namespace millrace::orders {
namespace {

using execution::IntentState;
using Kind = Outcome::Kind;
using test::buy;
using test::must;

class OrdersRecoveryTest : public test::OrdersTest {
  protected:
    void trade(int from, int to) {
        for (int i = from; i < to; ++i)
            EXPECT_EQ(ask(buy(fmt::format("k{}", i), "1")).state, IntentState::filled) << i;
    }
    [[nodiscard]] std::string ledger() const { return folder_ / "millrace.db"; }
    void remove_ledger() const {
        for (const char* end : {"", "-wal", "-shm"})
            std::filesystem::remove(ledger() + end);
    }
};

TEST_F(OrdersRecoveryTest, Goes_on_from_a_snapshot_after_an_orderly_end) {
    start();
    quote("99.98", "99.99");
    trade(0, 5);
    stop();
    start();
    EXPECT_GT(service_->started().recovery.snapshot_sequence, 0U);
    EXPECT_LE(service_->started().recovery.replayed, 1U);  // the last checkpoint
    EXPECT_TRUE(service_->started().recovery.was_sealed);
    EXPECT_EQ(ask(buy("k2", "1")).kind, Kind::repeated);
    EXPECT_EQ(ask(buy("k2", "2")).kind, Kind::different);
    quote("99.98", "99.99");
    trade(5, 7);
    EXPECT_EQ(check().executions, 7);
}

TEST_F(OrdersRecoveryTest, Replays_all_of_it_without_a_snapshot) {
    start();
    quote("99.98", "99.99");
    trade(0, 5);
    stop();
    for (const auto& file : std::filesystem::directory_iterator(folder_ / "journal"))
        if (file.path().extension() == ".state") std::filesystem::remove(file.path());
    start();
    EXPECT_EQ(service_->started().recovery.snapshot_sequence, 0U);
    EXPECT_GT(service_->started().recovery.replayed, 10U);
    EXPECT_EQ(ask(buy("k2", "1")).kind, Kind::repeated);
    EXPECT_EQ(check().executions, 5);
}

TEST_F(OrdersRecoveryTest, Writes_what_an_older_copy_of_the_ledger_lacks) {
    start();
    quote("99.98", "99.99");
    trade(0, 3);
    stop();
    std::filesystem::copy_file(ledger(), folder_ / "older.db");
    start();
    quote("101.98", "101.99");
    EXPECT_EQ(say("set-limit", "global", "max-order-qty 77").kind, Kind::done);
    trade(3, 3);
    EXPECT_EQ(ask(buy("k3", "1", "102")).state, IntentState::filled);
    EXPECT_EQ(say("engage-kill-switch", "global", "enough").kind, Kind::done);
    const auto before = check();
    stop();
    remove_ledger();
    std::filesystem::copy_file(folder_ / "older.db", ledger());
    start();
    EXPECT_GT(service_->started().caught_up, 3U);
    const auto after = check();
    EXPECT_EQ(after.intents, 4);
    EXPECT_EQ(after.executions, 4);
    EXPECT_EQ(after.audit.head, before.audit.head);
}

TEST_F(OrdersRecoveryTest, Makes_a_lost_ledger_anew) {
    start();
    quote("99.98", "99.99");
    trade(0, 3);
    const auto before = check();
    stop();
    remove_ledger();
    start();
    const auto after = check();
    EXPECT_EQ(after.intents, 3);
    EXPECT_EQ(after.executions, 3);
    EXPECT_EQ(after.audit.rows, before.audit.rows);
    EXPECT_EQ(after.audit.head, before.audit.head);
}

TEST_F(OrdersRecoveryTest, Refuses_a_ledger_that_is_ahead_of_its_journal) {
    start();
    quote("99.98", "99.99");
    trade(0, 3);
    stop();
    std::filesystem::remove_all(folder_ / "journal");
    const auto refused = OrderService::start(test::settings_in(folder_.path()));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().what, "the ledger is ahead of the journal");
}

TEST_F(OrdersRecoveryTest, Refuses_a_second_server_in_the_same_folder) {
    start();
    const auto refused = OrderService::start(test::settings_in(folder_.path()));
    EXPECT_FALSE(refused);
}

// A child under load: four callers, each key twice, prices and limits moving. It writes the number
// of each intent that was answered into the pipe.
[[noreturn]] void serve_until_killed(const std::string& folder, int round, int pipe) {
    auto started = OrderService::start(test::settings_in(folder));
    if (!started) ::_exit(1);
    OrderService& service = **started;
    for (int i = 0;; ++i) {
        model::Quote quote;
        quote.bid = Price::from_raw((9'000 + i % 500) * Price::kOne / 100);
        quote.ask = Price::from_raw((9'001 + i % 500) * Price::kOne / 100);
        quote.bid_size = quote.ask_size = Quantity::whole(100);
        (void)service.offer(quote);
        if (i % 50 == 0)
            (void)service.command(
                {"set-limit", "global", fmt::format("max-order-qty {}", 500 + i % 7), "load"}, {});
        const std::string key = fmt::format("{}-{}", round, i / 2);
        IntentRequest request = buy(key, "1", nullptr);
        request.side = i / 2 % 3 == 0 ? model::Side::sell : model::Side::buy;
        const auto tell = [pipe](const Outcome& outcome) {
            if (outcome.kind != Kind::taken) return;
            if (::write(pipe, &outcome.intent, sizeof outcome.intent) != sizeof outcome.intent)
                ::_exit(3);
        };
        while (!service.submit(request, tell))
            std::this_thread::yield();
    }
}

TEST_F(OrdersRecoveryTest, Signal_9_under_load_loses_nothing_that_was_answered) {
    constexpr int kRounds = 6;
    Random random(20260105);
    std::uint64_t last = 0;
    for (int round = 0; round < kRounds; ++round) {
        std::array<int, 2> pipe{};
        ASSERT_EQ(::pipe(pipe.data()), 0);
        const pid_t child = ::fork();
        if (child == 0) serve_until_killed(folder_.path(), round, pipe[1]);
        ::close(pipe[1]);
        const std::int64_t wanted = random.between(50, 400);
        std::uint64_t number = 0;
        std::int64_t heard = 0;
        while (heard < wanted && ::read(pipe[0], &number, sizeof number) == sizeof number) {
            ++heard;
            EXPECT_EQ(number, ++last);  // each once, in order
        }
        ::kill(child, SIGKILL);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
        while (::read(pipe[0], &number, sizeof number) == sizeof number)
            EXPECT_EQ(number, ++last);
        ::close(pipe[0]);
        start();
        const auto report = check();
        EXPECT_GE(report.intents, static_cast<std::int64_t>(last));
        // Every one that deals has dealt once: check() has compared deals, orders and positions.
        EXPECT_EQ(report.orders, report.intents);
        last = static_cast<std::uint64_t>(report.intents);
        stop();
    }
    EXPECT_GE(last, 50U * kRounds);
}

// A limit on the size of files is met as a full disk is; in a child, since it holds for a process.
int live_through_a_full_disk(const std::string& folder) {
    ::signal(SIGXFSZ, SIG_IGN);
    Settings settings = test::settings_in(folder);
    settings.mode = Mode::plan_only;
    settings.open_requests_max = 512;
    auto started = OrderService::start(settings);
    if (!started) return 1;
    OrderService& service = **started;
    rlimit limit{};
    if (::getrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
    const rlim_t plenty = limit.rlim_cur;
    limit.rlim_cur = 2 << 20;
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 3;
    std::atomic<int> answered{0};
    int taken = 0;
    bool is_refused = false;
    for (int i = 0; i < 1'000'000 && !is_refused; ++i) {
        const auto asked =
            service.submit(buy(fmt::format("k{}", i), "1"), [&](const Outcome&) { ++answered; });
        if (asked) {
            ++taken;
            continue;
        }
        if (asked.error().why != Refusal::Why::busy) return 4;
        // Busy for a moment, or because nothing can be written.
        is_refused = service.health().journal.has_value() || service.health().ledger.has_value();
        std::this_thread::yield();
    }
    if (!is_refused || service.health().is_well()) return 5;
    limit.rlim_cur = plenty;
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 6;
    for (int tries = 0; answered != taken && tries < 3'000; ++tries)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (answered != taken) return 7;
    if (!service.submit(buy("after"), {})) return 8;
    if (!service.stop()) return 9;
    auto reader = ledger::Reader::open(settings.ledger_file());
    if (!reader) return 10;
    const auto report = reader->check();
    return report && report->is_sound() && report->intents == taken + 1 ? 42 : 11;
}

TEST_F(OrdersRecoveryTest, A_full_disk_turns_requests_away_and_loses_none_that_was_taken) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(live_through_a_full_disk(folder_.path()));
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 42);
}

}  // namespace
}  // namespace millrace::orders
