// Backtest: a whole simulation per quote (P1, P2, P9, P15 of the budgets). One item is one quote of
// 48 bytes out of a million of 1,024 instruments in memory, in order, each through all of it: the
// venue's prices and resting orders, running hash, books marked to market with equity and its fall,
// strategy, order checks, fees, reports. Every turn is a new simulation over all quotes and must
// end in the same hash. The ladder (ladder.cpp) is the same market through layers written by hand.
#include <benchmark/benchmark.h>
#include <cstdio>
#include <fstream>
#include <malloc.h>
#include <optional>
#include <unistd.h>

#include "millrace/app/backtest/backtest.hpp"
#include "millrace/app/backtest/run_recorder.hpp"
#include "millrace/core/execution/order_desk.hpp"
#include "millrace/core/portfolio/portfolio_component.hpp"
#include "millrace/core/strategy/library/ema_cross.hpp"
#include "millrace/core/strategy/strategy_host.hpp"
#include "millrace/edge/store/journal_writer.hpp"

#include "bench/forgetful_disk.hpp"
#include "bench/quotes.hpp"
#include "bench/report.hpp"
#include "tests/support/temporary_directory.hpp"

namespace millrace::bench {
namespace {

using backtest::Simulation;

constexpr std::uint64_t kSeed = 1;
constexpr std::uint32_t kMany = 1'024;
constexpr std::uint32_t kFew = 64;
constexpr std::size_t kQuotes = 1 << 20;
constexpr double kMiB = 1 << 20;

const std::vector<model::Quote>& quotes_of(std::uint32_t instruments) {
    static const std::vector<model::Quote> kOfMany = make_quotes(kQuotes, kMany);
    static const std::vector<model::Quote> kOfFew = make_quotes(kQuotes, kFew);
    return instruments == kMany ? kOfMany : kOfFew;
}

template <class T>
T must(Result<T> result) {
    if (!result) MILLRACE_ASSERT(false, describe(result.error()).c_str());
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// At every eighth quote of an instrument what stands there goes, and a bid and an offer join the
// best prices: a quarter of an order a quote, as Ladder/maker.
class EighthQuoteMaker : public strategy::Strategy {
  public:
    void on_start() override { standings_.resize(trading().instruments().size()); }
    void on_quote(const model::Quote& quote) override {
        Standing& standing = standings_[quote.instrument.value()];
        if ((++standing.seen & 7U) != 0) return;
        if (standing.bid != 0) trading().cancel(standing.bid);
        if (standing.ask != 0) trading().cancel(standing.ask);
        strategy::OrderTerms terms;
        terms.type = model::OrderType::limit;
        terms.limit_price = quote.bid;
        const Quantity held = trading().position(quote.instrument);
        if (held < kHeldMax)
            standing.bid = trading().buy(quote.instrument, Quantity::whole(1), terms);
        terms.limit_price = quote.ask;
        if (-held < kHeldMax)
            standing.ask = trading().sell(quote.instrument, Quantity::whole(1), terms);
    }
    void on_order(const model::Order& order) override {
        if (!is_over(order.status)) return;
        Standing& standing = standings_[order.instrument.value()];
        if (standing.bid == order.order_id) standing.bid = 0;
        if (standing.ask == order.order_id) standing.ask = 0;
    }
    void save(engine::StateWriter& /*writer*/) const override {}
    void load(engine::StateReader& /*reader*/) override {}

  private:
    static constexpr Quantity kHeldMax = Quantity::whole(5);
    struct Standing {
        strategy::OrderId bid = 0;
        strategy::OrderId ask = 0;
        std::uint32_t seen = 0;
    };
    std::vector<Standing> standings_;
};

std::unique_ptr<strategy::Strategy> taker() {
    auto made = std::make_unique<strategy::EmaCross>();
    must(made->set({{"fast", "20"}, {"slow", "100"}}));
    return made;
}

// What is left out to see what it costs.
struct Trimming {
    bool hash = true;
    bool trades = true;
    bool journal = false;
};

// A simulation as `millrace backtest` makes it, for one strategy on one account.
class Stage {
  public:
    Stage(std::unique_ptr<strategy::Strategy> strategy, std::uint32_t instruments,
          const Trimming& trimming, backtest::InputKeeper* keeper = nullptr)
        : recorder_(false) {
        portfolio::PortfolioComponentSettings books;
        books.books.keeps_curve = false;
        books.books.keeps_trades = trimming.trades;
        books.sample.when = portfolio::SampleRule::When::never;
        books.tells_balance_after_deals = false;
        books.tells_positions = false;
        books.opening.push_back({AccountId(0), portfolio::kUnassigned, Code("USD"),
                                 Money::whole(1'000'000), portfolio::CashReason::deposit});
        strategy::HostOptions options;
        options.name = "bench";
        std::vector<std::unique_ptr<engine::Component>> components;
        components.push_back(std::make_unique<portfolio::PortfolioComponent>(std::move(books)));
        components.push_back(std::make_unique<execution::OrderDesk>());
        components.push_back(
            std::make_unique<strategy::StrategyHost>(std::move(strategy), options));
        venue::Settings venue;
        venue.fees.taker = Ratio::from_raw(Ratio::kOne / 10'000);
        engine::EngineChecks checks;
        checks.running_hash = trimming.hash;
        simulation_ =
            must(Simulation::make(std::move(components), kSeed, venue, nullptr, recorder_, checks));
        simulation_->keep_inputs(keeper);
        define(instruments);
    }

    [[nodiscard]] Simulation& simulation() { return *simulation_; }
    [[nodiscard]] const backtest::RunCounts& counts() const { return recorder_.counts(); }

  private:
    void define(std::uint32_t instruments) {
        const Time begin = quotes_of(instruments).front().known_at;
        model::Account account;
        account.known_at = begin;
        account.name = "main";
        account.currency = "USD";
        simulation_->tell(account);
        for (std::uint32_t i = 0; i < instruments; ++i) {
            model::Instrument instrument;
            instrument.known_at = begin;
            instrument.id = InstrumentId(i);
            instrument.symbol = Text<32>::from("SYN" + std::to_string(i)).value();
            instrument.currency = "USD";
            instrument.price_increment = Price::from_raw(Price::kOne / 100);
            instrument.quantity_increment = Quantity::whole(1);
            instrument.multiplier = Ratio::whole(1);
            simulation_->define(instrument, {});
        }
        model::Strategy defined;
        defined.known_at = begin;
        defined.name = "bench";
        simulation_->tell(defined);
    }

    backtest::RunRecorder recorder_;
    std::unique_ptr<Simulation> simulation_;
};

// Packs and checksums every input and writes it nowhere, in groups of 64 KiB.
class Journal : public backtest::InputKeeper {
  public:
    Journal() {
        store::JournalOptions options;
        options.sync = false;
        options.buffer_bytes = std::size_t{64} << 10;
        options.packs = true;
        writer_ = must(store::JournalWriter::open(disk_, "journal", {}, {}, options));
    }
    void keep(const engine::Input& input) override {
        if (writer_->append(input)) return;
        must(writer_->commit());
        MILLRACE_ASSERT(writer_->append(input), "an empty buffer takes a record");
    }

  private:
    ForgetfulDisk disk_;
    std::unique_ptr<store::JournalWriter> writer_;
};

template <class Make>
void run_all(benchmark::State& state, std::uint32_t instruments, Make make,
             Trimming trimming = {}) {
    const std::vector<model::Quote>& market = quotes_of(instruments);
    std::optional<std::uint64_t> hash;
    double orders = 0, deals = 0;
    for (auto _ : state) {
        state.PauseTiming();
        std::optional<Journal> journal;
        if (trimming.journal) journal.emplace();
        std::optional<Stage> stage(std::in_place, make(), instruments, trimming,
                                   journal ? &*journal : nullptr);
        state.ResumeTiming();
        stage->simulation().on_quotes(market);
        state.PauseTiming();
        const engine::Engine& engine = stage->simulation().engine();
        if (!hash) hash = engine.running_hash();
        orders = static_cast<double>(stage->counts().orders);
        deals = static_cast<double>(stage->counts().fills);
        if (*hash != engine.running_hash() || !engine.stopped().empty())
            return state.SkipWithError("two turns over the same quotes came to different ends");
        stage.reset();
        journal.reset();
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(market.size()));
    show(state, "orders an event", orders / static_cast<double>(market.size()));
    show(state, "deals an event", deals / static_cast<double>(market.size()));
}

void taker_on_quotes(benchmark::State& state) {
    run_all(state, kMany, taker);
    hold_to_ratio(state, 15);
    aim_at_ratio(state, 8);
}
BENCHMARK(taker_on_quotes)->Name("Backtest/taker");

void taker_without_hash(benchmark::State& state) {
    run_all(state, kMany, taker, {.hash = false, .trades = true, .journal = false});
}
BENCHMARK(taker_without_hash)->Name("Backtest/taker_without_hash");

void taker_with_journal(benchmark::State& state) {
    run_all(state, kMany, taker, {.hash = true, .trades = true, .journal = true});
    compare_with(state, "Backtest/taker_without_hash");
    hold_to_ratio(state, 1.2);
    aim_at_ratio(state, 1.1);
}
BENCHMARK(taker_with_journal)->Name("Backtest/taker_with_hash_and_journal");

void maker_on_quotes(benchmark::State& state) {
    const auto instruments = static_cast<std::uint32_t>(state.range(0));
    run_all(state, instruments, [] { return std::make_unique<EighthQuoteMaker>(); });
    compare_with(state, "Ladder/maker/" + std::to_string(instruments));
    hold_to_ratio(state, 5);
    aim_at_ratio(state, 3);
}
BENCHMARK(maker_on_quotes)->Name("Backtest/maker")->Arg(kFew)->Arg(kMany);

std::uint64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t whole = 0, resident = 0;
    statm >> whole >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

// Streams the same million quotes again and again, each time later, through one simulation that
// keeps no list of its trades (104 bytes each); the first million fills its pools and tables.
void memory_of_events(benchmark::State& state) {
    constexpr int kMillions = 8;
    std::vector<model::Quote> market = quotes_of(kMany);
    const Duration span = market.back().known_at - market.front().known_at;
    Stage stage(taker(), kMany, {.hash = true, .trades = false, .journal = false});
    const auto stream = [&] {
        stage.simulation().on_quotes(market);
        for (model::Quote& quote : market)
            quote.known_at = quote.known_at + span;
    };
    stream();
    double grown = 0;
    for (auto _ : state) {
        const std::uint64_t before = resident_bytes();
        for (int million = 0; million < kMillions; ++million)
            stream();
        const std::uint64_t after = resident_bytes();
        grown = after > before ? static_cast<double>(after - before) / kMiB / kMillions : 0;
    }
    state.SetItemsProcessed(state.iterations() * kMillions * static_cast<std::int64_t>(kQuotes));
    hold_to_amount(state, "MiB a million events", grown, 1);
}
BENCHMARK(memory_of_events)->Name("Backtest/memory_of_events")->Iterations(1);

// A million bars of a minute, a random walk in cents, as a file.
class BarFile {
  public:
    static constexpr std::int64_t kBars = 1'000'000;
    BarFile() {
        std::FILE* file = std::fopen(path().c_str(), "w");
        MILLRACE_ASSERT(file != nullptr, "no file can be made");
        std::fputs("timestamp,open,high,low,close,volume\n", file);
        Random random(7);
        std::int64_t cents = 10'000;
        Time time = Time::from_ns(1'577'836'800'000'000'000);  // 2020-01-01T00:00:00Z
        const auto price = [](std::int64_t value) { return static_cast<double>(value) / 100; };
        for (std::int64_t bar = 0; bar < kBars; ++bar) {
            const std::int64_t open = cents;
            cents = std::max<std::int64_t>(1'000, cents + random.between(-15, 15));
            const std::int64_t high = std::max(open, cents) + random.between(0, 10);
            const std::int64_t low = std::min(open, cents) - random.between(0, 10);
            std::fprintf(file, "%s,%.2f,%.2f,%.2f,%.2f,%d\n", format_time(time).c_str(),
                         price(open), price(high), price(low), price(cents),
                         static_cast<int>(random.between(1, 500)));
            time = time + Duration::seconds(60);
        }
        MILLRACE_ASSERT(std::fclose(file) == 0, "the file cannot be written");
    }
    [[nodiscard]] std::string path() const { return directory_ / "bars.csv"; }

  private:
    TemporaryDirectory directory_;
};

// What `millrace backtest ema-cross` does with that file, reading included; the settings say
// whether it keeps every signal, order, deal and trade.
void bars_from_csv(benchmark::State& state, bool keeps_all) {
    static const BarFile kFile;
    backtest::BacktestSettings settings;
    settings.data.push_back({{kFile.path()}, "SYN", {}});
    settings.strategies["ema-cross"].type = "ema-cross";
    settings.full = keeps_all;
    std::optional<std::uint64_t> hash;
    double grown = 0;
    for (auto _ : state) {
        ::malloc_trim(0);
        const std::uint64_t before = resident_bytes();
        const backtest::BacktestResult result = must(backtest::run_backtest(settings));
        const std::uint64_t after = resident_bytes();
        grown = after > before ? static_cast<double>(after - before) / kMiB : 0;
        if (!hash) hash = result.result_hash;
        if (*hash != result.result_hash || result.input.bars != BarFile::kBars)
            return state.SkipWithError("two runs over the same bars came to different ends");
    }
    state.SetItemsProcessed(state.iterations() * BarFile::kBars);
    if (keeps_all)
        hold_to_amount(state, "MiB a million bars kept", grown, 64);
    else
        hold_to_ns(state, 1'000);
}
BENCHMARK_CAPTURE(bars_from_csv, plain, false)->Name("Backtest/bars_from_csv");
BENCHMARK_CAPTURE(bars_from_csv, full, true)->Name("Backtest/bars_from_csv_all_kept");

}  // namespace
}  // namespace millrace::bench
