// Tape: market data written to and read from the native store. One item is one quote of 1,024
// instruments with sizes: prices walk at random and independently, most instruments in cents, some
// in hundred-thousandths, times are 0 to 2 microseconds apart. `replay` does the floor's work on
// every quote it decodes. `cold_*` drop the file from the page cache first and are compared with
// reading the same file as `dd` does.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <cmath>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

#include "millrace/base/random.hpp"
#include "millrace/edge/store/tape/tape_reader.hpp"
#include "millrace/edge/store/tape/tape_writer.hpp"

#include "bench/report.hpp"
#include "tests/support/temporary_directory.hpp"

namespace millrace::bench {
namespace {

constexpr std::uint32_t kInstruments = 1'024;
constexpr std::uint64_t kQuotes = 4 << 20;

template <class T>
T must(Result<T> result) {
    if (!result) MILLRACE_ASSERT(false, describe(result.error()).c_str());
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// Every eighth is quoted like a currency pair.
Price increment_of(std::uint32_t instrument) {
    return Price::from_raw(Price::kOne / (instrument % 8 == 0 ? 100'000 : 100));
}

std::vector<model::Instrument> make_instruments() {
    std::vector<model::Instrument> instruments(kInstruments);
    for (std::uint32_t i = 0; i < kInstruments; ++i) {
        instruments[i].id = InstrumentId(i);
        instruments[i].symbol = Text<32>::from("SYN" + std::to_string(i)).value();
        instruments[i].currency = "USD";
        instruments[i].price_increment = increment_of(i);
        instruments[i].quantity_increment = Quantity::whole(1);
        instruments[i].multiplier = Ratio::whole(1);
    }
    return instruments;
}

std::vector<model::Source> make_sources() {
    std::vector<model::Source> sources(1);
    sources[0].name = "synthetic";
    return sources;
}

// An endless market, an event at a time.
class Market {
  public:
    Market() {
        for (std::int64_t& bid : bids_)
            bid = random_.between(2'000, 100'000);
    }

    const model::Quote& next() {
        const auto instrument = static_cast<std::uint32_t>(random_.below(kInstruments));
        const std::int64_t increment = increment_of(instrument).raw();
        std::int64_t& bid = bids_[instrument];
        bid = std::max<std::int64_t>(100, bid + random_.between(-3, 3));
        quote_.known_at = quote_.known_at + Duration::nanoseconds(random_.between(0, 2'000));
        quote_.bid = Price::from_raw(bid * increment);
        quote_.ask = Price::from_raw((bid + random_.between(1, 4)) * increment);
        quote_.bid_size = Quantity::whole(random_.between(1, 500));
        quote_.ask_size = Quantity::whole(random_.between(1, 500));
        quote_.instrument = InstrumentId(instrument);
        return quote_;
    }

  private:
    Random random_{1};
    std::array<std::int64_t, kInstruments> bids_{};
    model::Quote quote_ = [] {
        model::Quote quote;
        quote.known_at = Time::from_ns(1'767'225'600'000'000'000);  // 2026-01-01T00:00:00Z
        return quote;
    }();
};

// Quotes in the total order: at equal times the lower instrument first.
std::vector<model::Quote> make_market(std::size_t count) {
    Market market;
    std::vector<model::Quote> quotes(count);
    for (model::Quote& quote : quotes)
        quote = market.next();
    std::ranges::sort(quotes, {}, [](const model::Quote& quote) {
        return std::pair(quote.known_at, quote.instrument);
    });
    return quotes;
}

class MadeTape {
  public:
    MadeTape() {
        auto writer = must(tape::TapeWriter::create(store::posix_disk(), path(), make_instruments(),
                                                    make_sources()));
        for (const model::Quote& quote : make_market(kQuotes))
            must(writer->append(quote));
        must(writer->finish());
        bytes_ = std::filesystem::file_size(path());
    }
    [[nodiscard]] std::string path() const { return directory_ / "quotes.tape"; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  private:
    TemporaryDirectory directory_;
    std::uint64_t bytes_ = 0;
};

const MadeTape& made_tape() {
    static const MadeTape kMade;
    return kMade;
}

void count_items(benchmark::State& state) {
    const auto bytes = static_cast<std::int64_t>(made_tape().bytes());
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kQuotes));
    state.SetBytesProcessed(state.iterations() * bytes);
}

// `work` on each block of quotes of the whole tape.
template <class Work>
void each_run(Work work) {
    auto reader = must(tape::TapeReader::open(store::posix_disk(), made_tape().path()));
    tape::TapeRun run;
    std::uint64_t quotes = 0;
    while (must(reader.next_run(run))) {
        work(run.as<model::Quote>());
        quotes += run.size;
    }
    MILLRACE_ASSERT(quotes == kQuotes, "the tape lost quotes");
}

// The work of the floor: two averages, a position that follows their crossing, its profit. Without
// the floor's branch on a new position: in a thousand interleaved markets a crossing comes at
// random, where the floor's one market has it rarely and foreseen.
class CrossingFollower {
  public:
    void take(std::span<const model::Quote> quotes) {
        State state = state_;
        for (const model::Quote& quote : quotes) {
            const auto bid = static_cast<double>(quote.bid.raw());
            const auto ask = static_cast<double>(quote.ask.raw());
            const double middle = 0.5 * (bid + ask);
            state.fast += kFast * (middle - state.fast);
            state.slow += kSlow * (middle - state.slow);
            const double wanted = std::copysign(1.0, state.fast - state.slow);
            state.cash -= (wanted - state.position) * (wanted > state.position ? ask : bid);
            state.position = wanted;
            state.profit = state.cash + state.position * middle;
            state.lowest = std::min(state.lowest, state.profit);
        }
        state_ = state;
    }
    [[nodiscard]] double profit() const { return state_.profit + state_.lowest; }

  private:
    static constexpr double kFast = 2.0 / 21;
    static constexpr double kSlow = 2.0 / 101;
    struct State {
        double fast = 0;
        double slow = 0;
        double position = 0;
        double cash = 0;
        double profit = 0;
        double lowest = 0;
    };
    State state_;
};

void replay_once() {
    CrossingFollower follower;
    each_run([&](std::span<const model::Quote> quotes) { follower.take(quotes); });
    benchmark::DoNotOptimize(follower.profit());
}

void replay(benchmark::State& state) {
    replay_once();  // now it is in the page cache
    for (auto _ : state)
        replay_once();
    count_items(state);
    hold_to_ratio(state, 4);
    const double per_quote = static_cast<double>(made_tape().bytes()) / kQuotes;
    state.counters["bytes_per_quote"] = per_quote;
    if (per_quote > 16) state.SkipWithError("a quote takes more than 16 bytes");
}
BENCHMARK(replay)->Name("Tape/replay")->Unit(benchmark::kMillisecond);

void read_once() {
    each_run([](std::span<const model::Quote> quotes) {
        benchmark::DoNotOptimize(quotes.data());
        benchmark::ClobberMemory();
    });
}

double resident_bytes() {
    std::ifstream pages("/proc/self/statm");
    double all = 0;
    double resident = 0;
    pages >> all >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

void read(benchmark::State& state) {
    constexpr double kMebibyte = 1 << 20;
    read_once();
    const double before = resident_bytes();
    for (auto _ : state)
        read_once();
    const double millions =
        static_cast<double>(state.iterations()) * static_cast<double>(kQuotes) / 1e6;
    const double growth = (resident_bytes() - before) / kMebibyte / millions;
    state.counters["resident_mib_per_million"] = growth;
    if (growth > 1) state.SkipWithError("more than 1 MiB stays resident for a million quotes");
    count_items(state);
}
BENCHMARK(read)->Name("Tape/read")->Unit(benchmark::kMillisecond);

void forget_cached() {
    const int file = ::open(made_tape().path().c_str(), O_RDONLY | O_CLOEXEC);
    const bool dropped = file >= 0 && ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0;
    ::close(file);
    MILLRACE_ASSERT(dropped, "the page cache cannot be emptied");
}

// `work` on a file that is not in the page cache.
template <class Work>
void cold(benchmark::State& state, Work work) {
    made_tape();
    for (auto _ : state) {
        state.PauseTiming();
        forget_cached();
        state.ResumeTiming();
        work();
    }
    count_items(state);
}

// As `dd bs=1M of=/dev/null`.
void cold_dd(benchmark::State& state) {
    std::vector<std::byte> bytes(1 << 20);
    cold(state, [&] {
        const int file = ::open(made_tape().path().c_str(), O_RDONLY | O_CLOEXEC);
        std::uint64_t total = 0;
        for (ssize_t got = 1; got > 0;) {
            got = ::read(file, bytes.data(), bytes.size());
            if (got > 0) total += static_cast<std::uint64_t>(got);
        }
        ::close(file);
        MILLRACE_ASSERT(total == made_tape().bytes(), "the file was not read");
    });
}
BENCHMARK(cold_dd)->Name("Tape/cold_dd")->Unit(benchmark::kMillisecond)->UseRealTime();

void cold_read(benchmark::State& state) {
    cold(state, read_once);
    compare_with(state, "Tape/cold_dd");
    hold_to_ratio(state, 1 / 0.6);
}
BENCHMARK(cold_read)->Name("Tape/cold_read")->Unit(benchmark::kMillisecond)->UseRealTime();

void cold_replay(benchmark::State& state) {
    cold(state, replay_once);
    compare_with(state, "Tape/cold_dd");
}
BENCHMARK(cold_replay)->Name("Tape/cold_replay")->Unit(benchmark::kMillisecond)->UseRealTime();

void ingest(benchmark::State& state) {
    const TemporaryDirectory directory;
    const std::vector<model::Quote> quotes = make_market(kQuotes / 4);
    for (auto _ : state) {
        auto writer = must(tape::TapeWriter::create(store::posix_disk(), directory / "quotes.tape",
                                                    make_instruments(), make_sources()));
        for (const model::Quote& quote : quotes)
            must(writer->append(quote));
        must(writer->finish());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(quotes.size()));
}
BENCHMARK(ingest)->Name("Tape/ingest")->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace millrace::bench
