// What a benchmark tells tools/bench_table.py beside its time: what it is compared with, what it is
// held to, and percentiles. Every benchmark of ours also sets its items processed: the table shows
// nanoseconds an item.
#pragma once

#include <algorithm>
#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace millrace::bench {

// The benchmark of the same program that the ratio is taken against; the floor when not called.
inline void compare_with(benchmark::State& state, const std::string& name) {
    state.SetLabel(name);
}

// The most that an item may take, in nanoseconds or as that ratio.
inline void hold_to_ns(benchmark::State& state, double ns) {
    state.counters["budget_ns"] = ns;
}
inline void hold_to_ratio(benchmark::State& state, double ratio) {
    state.counters["budget_ratio"] = ratio;
}
// The ratio that a release shows.
inline void aim_at_ratio(benchmark::State& state, double ratio) {
    state.counters["aim_ratio"] = ratio;
}

// A figure that is no time, in words of its own such as "orders an event"; and one that has a most.
inline void show(benchmark::State& state, const std::string& words, double amount) {
    state.counters["show: " + words] = amount;
}
inline void hold_to_amount(benchmark::State& state, const std::string& words, double amount,
                           double most) {
    show(state, words, amount);
    state.counters["most: " + words] = most;
}

// Times each turn alone; the table then shows the median turn in place of the mean.
class Turns {
  public:
    template <class Work>
    void time(Work work) {
        const auto began = std::chrono::steady_clock::now();
        work();
        const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - began;
        ns_.push_back(static_cast<double>(took.count()));
    }

    // `items` = how many items a turn handles.
    void report(benchmark::State& state, double items = 1) {
        if (ns_.empty()) return;
        std::sort(ns_.begin(), ns_.end());
        state.counters["p50_ns"] = percentile(50) / items;
        state.counters["p99_ns"] = percentile(99) / items;
    }

  private:
    [[nodiscard]] double percentile(std::size_t percent) const {
        return ns_[(ns_.size() - 1) * percent / 100];
    }

    std::vector<double> ns_;
};

}  // namespace millrace::bench
