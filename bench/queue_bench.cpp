// Queue: the bounded queues between threads. One item is one message of 64 bytes. Alone: push and
// pop by the same thread, the cost without any sharing. Round trip: a message to another thread and
// back through two queues, both threads spinning; the machine needs two free cores for that.
// Throughput: one producer and one consumer, a message counted when the consumer has it.
#include <array>
#include <benchmark/benchmark.h>
#include <thread>

#include "millrace/base/queue.hpp"

#include "bench/report.hpp"

namespace millrace::bench {
namespace {

struct Message {
    std::array<std::uint64_t, 8> words{};
};
static_assert(sizeof(Message) == 64);

using Spsc = SpscQueue<Message>;
using Mpsc = MpscQueue<Message>;

constexpr std::size_t kCapacity = 4'096;
constexpr std::size_t kBatch = 64;
constexpr std::uint64_t kStop = UINT64_MAX;  // in the first word: the last message

// Waits as a live engine's thread would: spinning, but giving way when the other side has no core.
class Spin {
  public:
    void once() {
        if (++spins_ % 4'096 == 0) std::this_thread::yield();
#if defined(__x86_64__)
        __builtin_ia32_pause();
#endif
    }

  private:
    std::uint32_t spins_ = 0;
};

template <class Queue>
void push(Queue& queue, const Message& message) {
    Spin spin;
    while (!queue.try_push(message))
        spin.once();
}

template <class Queue>
void pop(Queue& queue, Message& message) {
    Spin spin;
    while (!queue.try_pop(message))
        spin.once();
}

template <class Queue>
void one_by_one(benchmark::State& state) {
    Queue queue(kCapacity);
    Message message;
    for (auto _ : state) {
        ++message.words[0];
        push(queue, message);
        pop(queue, message);
        benchmark::DoNotOptimize(message);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(one_by_one<Spsc>)->Name("Queue/spsc_alone");
BENCHMARK(one_by_one<Mpsc>)->Name("Queue/mpsc_alone");

template <class Queue>
void in_batches(benchmark::State& state) {
    Queue queue(kCapacity);
    Message message;
    std::array<Message, kBatch> taken;
    for (auto _ : state) {
        for (std::size_t i = 0; i < kBatch; ++i) {
            ++message.words[0];
            push(queue, message);
        }
        if (queue.pop_batch(taken) != kBatch) return state.SkipWithError("a message is missing");
        benchmark::DoNotOptimize(taken);
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBatch));
}
BENCHMARK(in_batches<Spsc>)->Name("Queue/spsc_alone_batch_of_64");
BENCHMARK(in_batches<Mpsc>)->Name("Queue/mpsc_alone_batch_of_64");

template <class Queue>
void round_trip(benchmark::State& state) {
    Queue there(kCapacity);
    Queue back(kCapacity);
    std::thread other([&] {
        Message message;
        do {
            pop(there, message);
            push(back, message);
        } while (message.words[0] != kStop);
    });
    Turns turns;
    Message message;
    for (auto _ : state) {
        ++message.words[0];
        turns.time([&] {
            push(there, message);
            pop(back, message);
        });
    }
    message.words[0] = kStop;
    push(there, message);
    other.join();
    state.SetItemsProcessed(state.iterations());
    turns.report(state);
}
BENCHMARK(round_trip<Spsc>)->Name("Queue/spsc_round_trip")->UseRealTime();
BENCHMARK(round_trip<Mpsc>)->Name("Queue/mpsc_round_trip")->UseRealTime();

template <class Queue>
void throughput(benchmark::State& state) {
    constexpr std::uint64_t kMessages = 1 << 16;
    Queue queue(kCapacity);
    alignas(64) std::atomic<std::uint64_t> seen = 0;
    std::thread consumer([&] {
        std::array<Message, kBatch> taken;
        Spin spin;
        for (std::uint64_t total = 0;;) {
            const std::size_t count = queue.pop_batch(taken);
            if (count == 0) {
                spin.once();
                continue;
            }
            if (taken[count - 1].words[0] == kStop) return;
            total += count;
            seen.store(total, std::memory_order_release);
        }
    });
    Message message;
    for (auto _ : state) {
        for (std::uint64_t i = 0; i < kMessages; ++i) {
            ++message.words[0];
            push(queue, message);
        }
        Spin spin;
        while (seen.load(std::memory_order_acquire) != message.words[0])
            spin.once();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(message.words[0]));
    message.words[0] = kStop;
    push(queue, message);
    consumer.join();
}
BENCHMARK(throughput<Spsc>)->Name("Queue/spsc_throughput")->UseRealTime();
BENCHMARK(throughput<Mpsc>)->Name("Queue/mpsc_throughput_one_producer")->UseRealTime();

}  // namespace
}  // namespace millrace::bench
