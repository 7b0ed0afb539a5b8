// Replay, snapshots, and the heap.
#include <gtest/gtest.h>

#include "millrace/base/random.hpp"
#include "millrace/core/risk/test_guard.hpp"

#include "tests/support/counting_allocator.hpp"

namespace millrace::risk {
namespace {

const std::vector<std::string> kLimits = {"max-position=200",
                                          "gross-exposure=2",
                                          "net-exposure=1",
                                          "daily-loss=0.02",
                                          "concentration=0.5",
                                          "min-cash=0",
                                          "price-collar=0.05",
                                          "stale-price=5s",
                                          "strategy-order-rate=9",
                                          "consecutive-losses=3",
                                          "cool-down=5s",
                                          "max-order-notional=9000",
                                          "strategy:two/max-position=80",
                                          "symbol:S1/max-order-qty=60"};

// One random step of a life: prices, orders of all kinds, their deals and ends, money, commands.
class Life {
  public:
    Life(GuardRun& run, std::uint64_t seed) : run_(run), random_(seed) {}

    void step() {
        run_.now = run_.now + Duration::milliseconds(static_cast<std::int64_t>(below(300)));
        const std::uint64_t what = below(100);
        if (what < 40) return quote();
        if (what < 70) return order();
        if (what < 98) return follow();
        run_.books.has = Money::whole(97'980 + static_cast<std::int64_t>(below(5'000)));
        if (what == 99) command();
    }

    // The same life at the same point, in another run.
    [[nodiscard]] Life on(GuardRun& run) const {
        Life other(run, 0);
        other.random_ = random_;
        other.working_ = working_;
        return other;
    }

  private:
    std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
    void quote() {
        const std::string at = std::to_string(95 + below(11));
        run_.quote(at.c_str(), at.c_str(), static_cast<std::uint32_t>(below(2)));
    }
    void order() {
        const Side side = below(2) == 0 ? Side::buy : Side::sell;
        model::Order order = run_.order(side, 1 + static_cast<std::int64_t>(below(120)));
        if (below(2) == 0) {
            order.type = OrderType::limit;
            order.limit_price = Price::whole(93 + static_cast<std::int64_t>(below(15)));
        }
        order.instrument = InstrumentId(static_cast<std::uint32_t>(below(2)));
        order.strategy = StrategyId(static_cast<std::uint16_t>(1 + below(2)));
        order.reduce_only = below(6) == 0;
        run_.tell(order);
        if (run_.guardian->verdict().passes()) working_.push_back(order);
    }
    void follow() {
        if (working_.empty()) return;
        const std::size_t at = below(working_.size());
        model::Order& order = working_[at];
        const std::int64_t whole = order.quantity.raw() / Quantity::kOne;
        const std::int64_t dealt = order.filled_quantity.raw() / Quantity::kOne;
        if (below(4) == 0) {
            run_.report(order, OrderStatus::cancelled, dealt);
        } else {
            const auto some =
                1 + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(whole - dealt)));
            run_.deal(order, some, below(2) == 0 ? "99" : "101");
            order.filled_quantity = Quantity::whole(dealt + some);
            if (dealt + some < whole) return;
            run_.report(order, OrderStatus::filled, whole);
        }
        working_.erase(working_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    void command() {
        const std::uint64_t what = below(5);
        if (what == 0) run_.command("set-limit", "symbol:S0", "max-order-qty 110");
        if (what == 1) run_.command("engage-kill-switch", "strategy:two", "drill");
        if (what == 2) run_.command("release-kill-switch", "strategy:two", "admin over");
        if (what == 3) run_.command("lift-reduce-only", "global", "admin over");
        if (what == 4)
            run_.command("check-order", std::to_string(below(50)).c_str(), "main one S0 buy 5");
    }

    GuardRun& run_;
    Random random_;
    std::vector<model::Order> working_;
};

TEST(GuardianState, Is_the_same_after_the_same_inputs) {
    GuardRun first(kLimits);
    GuardRun second(kLimits);
    for (GuardRun* run : {&first, &second}) {
        Life life(run->open(), 7);
        for (int i = 0; i < 20'000; ++i)
            life.step();
        EXPECT_TRUE(run->is_sound());
    }
    EXPECT_EQ(first.engine->state_hash(), second.engine->state_hash());
    EXPECT_EQ(first.engine->running_hash(), second.engine->running_hash());
    EXPECT_GT(first.guardian->counts().accepted, 1'000U);
    EXPECT_GT(first.guardian->counts().refused, 1'000U);
}

// A loaded guardian goes on as the saved one does, step by step.
TEST(GuardianState, Goes_on_from_a_snapshot_as_if_nothing_had_been) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        GuardRun whole(kLimits);
        Life life(whole.open(), seed);
        for (int i = 0; i < 3'000; ++i)
            life.step();
        engine::StateWriter saved;
        whole.engine->save(saved);
        GuardRun loaded(kLimits);
        engine::StateReader reader(saved.bytes());
        ASSERT_TRUE(loaded.engine->load(reader));
        loaded.now = whole.now;
        loaded.numbers = whole.numbers;
        loaded.books = whole.books;
        ASSERT_EQ(loaded.engine->state_hash(), whole.engine->state_hash()) << seed;
        // The life plays on both: what it does hangs on verdicts, which must be equal.
        Life other = life.on(loaded);
        for (int i = 0; i < 2'000; ++i) {
            life.step();
            other.step();
        }
        EXPECT_EQ(loaded.engine->state_hash(), whole.engine->state_hash()) << seed;
        EXPECT_EQ(loaded.engine->running_hash(), whole.engine->running_hash()) << seed;
    }
}

TEST(GuardianState, Keeps_a_kill_switch_over_a_restart) {
    GuardRun before;
    before.open();
    before.command("engage-kill-switch", "account:main", "fire");
    engine::StateWriter saved;
    before.engine->save(saved);
    GuardRun after;
    engine::StateReader reader(saved.bytes());
    ASSERT_TRUE(after.engine->load(reader));
    after.numbers = before.numbers;
    EXPECT_EQ(after.buy(1), "KILL_SWITCH");
    ASSERT_EQ(after.guardian->stops().size(), 1U);
    EXPECT_EQ(after.guardian->stops()[0].reason.view(), "fire");
    EXPECT_EQ(after.guardian->stops()[0].actor.view(), "tester");
}

TEST(GuardianState, Refuses_damaged_bytes) {
    GuardRun run(kLimits);
    Life life(run.open(), 3);
    for (int i = 0; i < 300; ++i)
        life.step();
    engine::StateWriter saved;
    run.guardian->save(saved);
    for (std::size_t size = 0; size < saved.bytes().size(); size += 37) {
        GuardRun loaded(kLimits);
        engine::StateReader reader(saved.bytes().first(size));
        loaded.guardian->load(reader);
        EXPECT_FALSE(reader.finish("guardian")) << size;
    }
}

TEST(GuardianState, Takes_nothing_from_the_heap_once_it_is_warm) {
    GuardRun run({"max-position=1000000", "gross-exposure=100000", "net-exposure=100000",
                  "daily-loss=0.5", "concentration=100000", "price-collar=0.5",
                  "strategy-order-rate=10000", "max-order-notional=100000", "stale-price=5s"});
    run.open();
    run.orders.reserve(200'000);
    const auto turn = [&](int count) {
        for (int i = 0; i < count; ++i) {
            run.orders.clear();
            run.now = run.now + Duration::milliseconds(1);
            model::Quote quote;
            quote.instrument = InstrumentId(static_cast<std::uint32_t>(i % 2));
            quote.bid = Price::whole(100 + i % 3);
            quote.ask = Price::whole(101 + i % 3);
            run.tell(quote);
            model::Order order = run.order(i % 2 == 0 ? Side::buy : Side::sell, i % 7 + 1);
            order.instrument = quote.instrument;
            run.tell(order);
            if (i % 3 != 0) run.deal(order, 1);
            run.report(order, OrderStatus::cancelled, i % 3 != 0 ? 1 : 0);
        }
    };
    turn(30'000);  // more than the numbers it remembers
    const std::uint64_t before = allocation_count();
    turn(10'000);
    EXPECT_EQ(allocation_count() - before, 0U);
    EXPECT_TRUE(run.is_sound());
}

}  // namespace
}  // namespace millrace::risk
