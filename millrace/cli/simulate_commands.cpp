// `millrace simulate`: the fault driver from the command line.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <fmt/format.h>
#include <mutex>
#include <ostream>
#include <thread>

#include "millrace/app/drivers/fault_driver.hpp"
#include "millrace/base/hash.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/progress.hpp"

namespace millrace::cli {
namespace {

using drivers::SimulationResult;

struct Totals {
    std::uint64_t seeds = 0;
    std::uint64_t crashes = 0;  // power cuts and kills
    std::uint64_t without_crash = 0;
    SimulationResult sum;
    std::uint64_t hash = 0;  // of all state hashes, whatever the order in which the seeds were run
    std::vector<SimulationResult> failures;

    void add(const SimulationResult& result) {
        ++seeds;
        crashes += result.power_cuts + result.kills;
        without_crash += result.power_cuts + result.kills == 0 ? 1U : 0U;
        sum.inputs += result.inputs;
        sum.acknowledged += result.acknowledged;
        sum.repeated += result.repeated;
        sum.torn_tails += result.torn_tails;
        sum.disk_full += result.disk_full;
        RunningHash one(result.seed);
        one.add(result.state_hash);
        hash ^= one.value();
        if (result.failure) failures.push_back(result);
    }
};

// Runs seeds first … first + count - 1 on several threads until all are done or Ctrl-C is pressed.
Totals run_seeds(Invocation& invocation, std::uint64_t first, std::uint64_t count,
                 std::uint64_t jobs) {
    Totals totals;
    std::mutex mutex;  // guards totals and progress
    Progress progress(invocation, "seeds", count);
    std::atomic<std::uint64_t> next{0};
    const auto work = [&] {
        for (;;) {
            const std::uint64_t index = next.fetch_add(1);
            if (index >= count || Invocation::interrupted()) return;
            const SimulationResult result = drivers::simulate(first + index);
            const std::lock_guard guard(mutex);
            totals.add(result);
            progress.update(totals.seeds);
        }
    };
    std::vector<std::thread> threads;
    for (std::uint64_t i = 1; i < jobs; ++i)
        threads.emplace_back(work);
    work();
    for (std::thread& thread : threads)
        thread.join();
    std::sort(totals.failures.begin(), totals.failures.end(),
              [](const auto& a, const auto& b) { return a.seed < b.seed; });
    return totals;
}

void print_json(Invocation& invocation, const Totals& totals, double seconds) {
    JsonWriter document = Invocation::document();
    document.member("seeds", totals.seeds).member("failed", std::uint64_t{totals.failures.size()});
    document.member("crashes", totals.crashes).member("seeds_without_crash", totals.without_crash);
    document.member("torn_tails", totals.sum.torn_tails).member("disk_full", totals.sum.disk_full);
    document.member("inputs", totals.sum.inputs).member("acknowledged", totals.sum.acknowledged);
    document.member("repeated", totals.sum.repeated).member("hash", hash_text(totals.hash));
    document.member("elapsed_s", seconds).key("failures").begin_array();
    for (const SimulationResult& result : totals.failures)
        document.begin_object()
            .member("seed", result.seed)
            .member("failure", *result.failure)
            .end_object();
    document.end_array().end_object();
    invocation.print(document);
}

void print_text(Invocation& invocation, const Totals& totals, double seconds) {
    auto& out = invocation.out();
    for (const SimulationResult& result : totals.failures)
        out << fmt::format("seed {} failed: {}\n  again: millrace simulate --seed {}\n",
                           result.seed, *result.failure, result.seed);
    out << fmt::format("{:<14}{} run, {} failed, in {:.1f} s\n", "seeds", totals.seeds,
                       totals.failures.size(), seconds);
    out << fmt::format("{:<14}{} power cuts and kills, {} torn tails, {} refusals by a full disk\n",
                       "crashes", totals.crashes, totals.sum.torn_tails, totals.sum.disk_full);
    out << fmt::format("{:<14}{} journaled, {} acknowledged, {} sent again by clients\n", "inputs",
                       totals.sum.inputs, totals.sum.acknowledged, totals.sum.repeated);
    out << fmt::format("{:<14}{}\n", "hash", hash_text(totals.hash));
}

int simulate(Invocation& invocation) {
    const bool one = invocation.given("--seed");
    const auto first = static_cast<std::uint64_t>(invocation.integer("--seed"));
    const std::uint64_t count = one && !invocation.given("--seeds")
                                    ? 1
                                    : static_cast<std::uint64_t>(invocation.integer("--seeds"));
    const std::uint64_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::uint64_t jobs = invocation.given("--jobs")
                                   ? static_cast<std::uint64_t>(invocation.integer("--jobs"))
                                   : cores;
    const auto start = std::chrono::steady_clock::now();
    const Totals totals = run_seeds(invocation, first, count, std::min(jobs, count));
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (invocation.json())
        print_json(invocation, totals, seconds);
    else
        print_text(invocation, totals, seconds);
    if (!totals.failures.empty()) return exit_code_of(ErrorCode::internal);
    return Invocation::interrupted() ? exit_code_of(ErrorCode::interrupted) : 0;
}

}  // namespace

void add_simulate_commands(Table& table) {
    table.add(Command{
        .path = "simulate",
        .section = "Engine",
        .summary = "Crash an engine thousands of times and prove that nothing is lost",
        .description =
            "Runs an engine with its journal on a simulated disk, from a seed, in virtual time: "
            "clients send and "
            "repeat, the power fails and the process dies at every kind of moment, unsynced "
            "sectors are lost in any "
            "order, the disk fills up. After each crash the engine starts from its files and is "
            "compared with one that "
            "was never interrupted: nothing acknowledged may be lost, nothing applied twice, "
            "nothing sent to the venue "
            "that did not survive. A seed that fails is printed and fails again in the same way.",
        .options = {{.name = "--seeds",
                     .value_name = "N",
                     .doc = "How many seeds to run",
                     .kind = Kind::integer,
                     .default_text = "100",
                     .minimum = 1,
                     .maximum = 100'000'000},
                    {.name = "--seed",
                     .value_name = "S",
                     .doc = "First seed; alone, the only one",
                     .kind = Kind::integer,
                     .default_text = "1",
                     .minimum = 0},
                    {.name = "--jobs",
                     .value_name = "N",
                     .doc = "Threads; one for each core unless given",
                     .kind = Kind::integer,
                     .default_text = "1",
                     .minimum = 1,
                     .maximum = 256}},
        .examples = {{"millrace simulate --seeds 2000", "What the tests run"},
                     {"millrace simulate --seed 42", "One seed again"}},
        .run = simulate,
        .interrupt = Interrupt::is_asked_for});
}

}  // namespace millrace::cli
