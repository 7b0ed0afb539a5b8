// Floor: the least that any engine must do with an event, so that times become ratios which hold on
// other machines. A tight loop over an in-memory array, larger than the caches, of 32-byte quotes:
// two moving averages, a position that follows their crossing, a profit and its lowest point; one
// item is one quote. Machine: how much time something else took from this thread. Both are part of
// every program, so that they share the weather with what is measured.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdint>
#include <vector>

#include "millrace/base/random.hpp"

namespace millrace::bench {
namespace {

struct FloorQuote {
    std::int64_t time = 0;
    std::int32_t bid = 0;
    std::int32_t ask = 0;
    std::uint32_t bid_size = 0;
    std::uint32_t ask_size = 0;
    std::uint32_t instrument = 0;
    std::uint32_t sequence = 0;
};
static_assert(sizeof(FloorQuote) == 32);

constexpr std::size_t kQuotes = 1 << 20;  // 32 MiB
constexpr std::size_t kAhead = 64;        // quotes between the prefetch and the use: 2 KiB

std::vector<FloorQuote> make_quotes() {
    std::vector<FloorQuote> quotes(kQuotes + kAhead);
    Random random(1);
    std::int32_t middle = 1'000'000;
    for (std::size_t i = 0; i < quotes.size(); ++i) {
        middle += static_cast<std::int32_t>(random.between(-3, 3));
        const auto half_spread = static_cast<std::int32_t>(random.between(1, 4));
        quotes[i].time = static_cast<std::int64_t>(i) * 1'000;
        quotes[i].bid = middle - half_spread;
        quotes[i].ask = middle + half_spread;
        quotes[i].sequence = static_cast<std::uint32_t>(i);
    }
    return quotes;
}

struct Outcome {
    double profit = 0;
    double lowest = 0;
};

Outcome follow_crossings(const std::vector<FloorQuote>& quotes) {
    constexpr double kFast = 2.0 / 21;
    constexpr double kSlow = 2.0 / 101;
    double fast = quotes.front().bid;
    double slow = fast;
    double position = 0;
    double cash = 0;
    Outcome outcome;
    for (std::size_t i = 0; i < kQuotes; ++i) {
        __builtin_prefetch(&quotes[i + kAhead]);
        const FloorQuote& quote = quotes[i];
        const double middle = 0.5 * (quote.bid + quote.ask);
        fast += kFast * (middle - fast);
        slow += kSlow * (middle - slow);
        const double wanted = fast > slow ? 1 : -1;
        if (wanted != position) {
            cash -= (wanted - position) * (wanted > position ? quote.ask : quote.bid);
            position = wanted;
        }
        outcome.profit = cash + position * middle;
        outcome.lowest = std::min(outcome.lowest, outcome.profit);
    }
    return outcome;
}

void floor(benchmark::State& state) {
    static const std::vector<FloorQuote> kMade = make_quotes();
    for (auto _ : state) {
        Outcome outcome = follow_crossings(kMade);
        benchmark::DoNotOptimize(outcome);
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kQuotes));
}
BENCHMARK(floor)->Name("Floor");

// Reads the clock without pause for 20 ms; a gap of more than a microsecond is time that the
// machine gave to somebody else.
void machine(benchmark::State& state) {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::nanoseconds kGap{1'000};
    std::chrono::nanoseconds watched{0};
    std::chrono::nanoseconds stolen{0};
    std::chrono::nanoseconds longest{0};
    std::int64_t readings = 0;
    for (auto _ : state) {
        const Clock::time_point began = Clock::now();
        Clock::time_point last = began;
        while (last - began < std::chrono::milliseconds(20)) {
            const Clock::time_point now = Clock::now();
            const std::chrono::nanoseconds gap = now - last;
            if (gap > kGap) stolen += gap;
            longest = std::max(longest, gap);
            last = now;
            ++readings;
        }
        watched += last - began;
    }
    state.SetItemsProcessed(readings);
    state.counters["stolen_percent"] =
        100.0 * static_cast<double>(stolen.count()) / static_cast<double>(watched.count());
    state.counters["longest_us"] = static_cast<double>(longest.count()) / 1e3;
}
BENCHMARK(machine)->Name("Machine")->UseRealTime();

[[maybe_unused]] const bool kDescribed = [] {
#if defined(__clang__)
    benchmark::AddCustomContext("compiler", "clang " __clang_version__);
#else
    benchmark::AddCustomContext("compiler", "g++ " __VERSION__);
#endif
    return true;
}();

}  // namespace
}  // namespace millrace::bench
