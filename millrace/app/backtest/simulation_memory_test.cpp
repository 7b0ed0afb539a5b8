// What runs leave behind in the process: nothing.
#include <fstream>
#include <malloc.h>
#include <unistd.h>

#include "millrace/app/backtest/backtest.hpp"
#include "millrace/app/backtest/run_recorder.hpp"
#include "millrace/core/execution/order_desk.hpp"
#include "millrace/core/portfolio/portfolio_component.hpp"
#include "millrace/core/strategy/library/ema_cross.hpp"
#include "millrace/core/strategy/strategy_host.hpp"

#include "tests/support/counting_allocator.hpp"
#include "tests/support/market_files.hpp"

namespace millrace::backtest {
namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MILLRACE_MEMORY_IS_THE_SANITIZERS
#endif
#endif

class RepeatedRuns : public test::FilesTest {};

std::int64_t resident_bytes() {
    ::malloc_trim(0);
    std::ifstream statm("/proc/self/statm");
    std::int64_t whole = 0, resident = 0;
    statm >> whole >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

// Bars that go up for ten minutes and down for ten, so that the averages cross again and again.
std::string waves(int bars) {
    std::string text = "time,open,high,low,close,volume\n";
    int price = 100;
    for (int bar = 0; bar < bars; ++bar) {
        const int close = price + (bar / 10 % 2 == 0 ? 1 : -1);
        text += format_time(test::at(bar)) + "," + std::to_string(price) + "," +
                std::to_string(std::max(price, close)) + "," +
                std::to_string(std::min(price, close)) + "," + std::to_string(close) + ",10\n";
        price = close;
    }
    return text;
}

TEST_F(RepeatedRuns, A_hundred_in_one_process_leave_less_than_a_megabyte) {
#ifdef MILLRACE_MEMORY_IS_THE_SANITIZERS
    GTEST_SKIP() << "a sanitizer keeps what is freed";
#endif
    BacktestSettings settings;
    settings.data.push_back({{write("waves.csv", waves(2'000))}, "A", {}});
    settings.strategies["cross"].type = "ema-cross";
    settings.strategies["cross"].parameters = {{"fast", "2"}, {"slow", "5"}};
    settings.full = true;
    const auto run = [&] {
        const auto result = run_backtest(settings);
        ASSERT_TRUE(result) << describe(result.error());
        // A crossing for each turn after the first averages are ready: 199 of 200, or all.
        ASSERT_GE(result->counts.signals, 199U);
        ASSERT_GE(result->trades.size(), 198U);
    };
    for (int i = 0; i < 3; ++i)
        run();
    const std::int64_t before = resident_bytes();
    for (int i = 0; i < 100; ++i)
        run();
    EXPECT_LT(resident_bytes() - before, 1 << 20);
}

constexpr std::uint32_t kInstruments = 64;

std::unique_ptr<Simulation> crossing_simulation(RunRecorder& recorder) {
    portfolio::PortfolioComponentSettings books;
    books.books.keeps_curve = false;
    books.books.keeps_trades = false;  // a list that grows with every trade
    books.sample.when = portfolio::SampleRule::When::never;
    books.opening.push_back({AccountId(0), portfolio::kUnassigned, Code("USD"),
                             Money::whole(100'000), portfolio::CashReason::deposit});
    auto cross = std::make_unique<strategy::EmaCross>();
    EXPECT_TRUE(cross->set({{"fast", "2"}, {"slow", "5"}}));
    strategy::HostOptions options;
    options.name = "cross";
    std::vector<std::unique_ptr<engine::Component>> components;
    components.push_back(std::make_unique<portfolio::PortfolioComponent>(std::move(books)));
    components.push_back(std::make_unique<execution::OrderDesk>());
    components.push_back(std::make_unique<strategy::StrategyHost>(std::move(cross), options));
    venue::Settings venue;
    venue.fees.taker = Ratio::from_raw(Ratio::kOne / 10'000);
    auto made = Simulation::make(std::move(components), 1, venue, nullptr, recorder);
    EXPECT_TRUE(made) << describe(made.error());
    Simulation& simulation = **made;
    model::Account account;
    account.known_at = test::at(0);
    account.currency = "USD";
    simulation.tell(account);
    for (std::uint32_t id = 0; id < kInstruments; ++id) {
        model::Instrument instrument;
        instrument.known_at = test::at(0);
        instrument.id = InstrumentId(id);
        instrument.symbol = Text<32>::from("S" + std::to_string(id)).value();
        instrument.currency = "USD";
        instrument.price_increment = Price::from_raw(Price::kOne / 100);
        instrument.quantity_increment = Quantity::whole(1);
        instrument.multiplier = Ratio::whole(1);
        simulation.define(instrument, {});
    }
    return std::move(*made);
}

// Each instrument's price goes up for ten of its quotes and down for ten.
void stream(Simulation& simulation, std::int64_t first, std::int64_t count) {
    std::array<model::Quote, kInstruments> quotes;
    for (std::int64_t round = first; round < first + count; ++round) {
        const std::int64_t phase = round % 20;
        const std::int64_t cents = 10'000 + (phase < 10 ? phase : 20 - phase);
        for (std::uint32_t id = 0; id < kInstruments; ++id) {
            model::Quote& quote = quotes[id];
            quote.known_at = test::at(round) + Duration::nanoseconds(id);
            quote.instrument = InstrumentId(id);
            quote.bid = Price::from_raw(cents * (Price::kOne / 100));
            quote.ask = Price::from_raw((cents + 1) * (Price::kOne / 100));
            quote.bid_size = quote.ask_size = Quantity::whole(100);
        }
        simulation.on_quotes(quotes);
    }
}

TEST(Simulation, A_warm_one_takes_quotes_and_deals_on_them_without_allocating) {
    RunRecorder recorder(false);
    const auto simulation = crossing_simulation(recorder);
    stream(*simulation, 1, 200);
    const std::uint64_t deals = recorder.counts().fills;
    const std::uint64_t before = allocation_count();
    stream(*simulation, 201, 500);
    EXPECT_EQ(allocation_count() - before, 0U);
    // Two turns in twenty rounds, each a deal that closes and one that opens: 64 * 50 * 2.
    EXPECT_EQ(recorder.counts().fills - deals, 64U * 50 * 2);
    EXPECT_TRUE(simulation->engine().stopped().empty());
}

}  // namespace
}  // namespace millrace::backtest
