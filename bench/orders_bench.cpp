// Orders: a durable intent through the whole server (queue, journal, engine, ledger, answer)
// against what the same disk can do at best in the same run (P13). `disk_1` writes 256 bytes into a
// file that is laid out and waits until they are on the medium; `intent_1` is one caller who asks,
// waits for the answer and asks again. `disk_64` is 64 callers whose bytes one thread writes and
// syncs together, each waiting for its own; `intent_64` is 64 callers of the server. Intents are
// planned and not sent, as by default; `order_64` sends each to the simulated venue, which deals.
#include <benchmark/benchmark.h>
#include <condition_variable>
#include <fcntl.h>
#include <fmt/format.h>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <unistd.h>

#include "millrace/app/orders/order_service.hpp"

#include "bench/report.hpp"
#include "tests/support/temporary_directory.hpp"

namespace millrace::bench {
namespace {

constexpr int kCallers = 64;
constexpr int kAsksATurn = 4;  // of each caller
constexpr std::size_t kRecord = 256;
constexpr std::size_t kFile = 16 << 20;

// A file that is laid out; written round and round.
class LaidOutFile {
  public:
    LaidOutFile() {
        file_ = ::open((folder_ / "raw").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        const std::vector<char> ones(kFile, 1);
        MILLRACE_ASSERT(
            ::pwrite(file_, ones.data(), kFile, 0) == ssize_t{kFile} && ::fsync(file_) == 0,
            "the file could not be laid out");
    }
    LaidOutFile(const LaidOutFile&) = delete;
    LaidOutFile& operator=(const LaidOutFile&) = delete;
    ~LaidOutFile() { ::close(file_); }

    void write(const std::vector<char>& bytes) {
        if (at_ + bytes.size() > kFile) at_ = 0;
        MILLRACE_ASSERT(::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(at_)) ==
                                static_cast<ssize_t>(bytes.size()) &&
                            ::fdatasync(file_) == 0,
                        "the disk failed");
        at_ += bytes.size();
    }

  private:
    TemporaryDirectory folder_;
    int file_ = -1;
    std::size_t at_ = 0;
};

// Bytes of many callers, one write and one sync for all that wait.
class GroupCommit {
  public:
    GroupCommit() : thread_([this] { run(); }) {}
    ~GroupCommit() {
        {
            const std::lock_guard guard(mutex_);
            stops_ = true;
        }
        wakes_.notify_one();
        thread_.join();
    }
    void ask() {
        std::unique_lock lock(mutex_);
        filling_.resize(filling_.size() + kRecord, 3);
        const std::uint64_t mine = ++asked_;
        wakes_.notify_one();
        done_.wait(lock, [&] { return durable_ >= mine; });
    }

  private:
    void run() {
        std::unique_lock lock(mutex_);
        std::vector<char> writing;
        for (;;) {
            wakes_.wait(lock, [this] { return stops_ || !filling_.empty(); });
            if (filling_.empty()) return;
            writing.swap(filling_);
            filling_.clear();
            const std::uint64_t up_to = asked_;
            lock.unlock();
            file_.write(writing);
            lock.lock();
            durable_ = up_to;
            done_.notify_all();
        }
    }

    LaidOutFile file_;
    std::mutex mutex_;
    std::condition_variable wakes_;
    std::condition_variable done_;
    std::vector<char> filling_;
    std::uint64_t asked_ = 0;
    std::uint64_t durable_ = 0;
    bool stops_ = false;
    std::thread thread_;
};

class Server {
  public:
    explicit Server(bool sends) {
        orders::Settings settings;
        settings.data_directory = folder_.path();
        settings.symbols = {"ACME"};
        settings.has_default_limits = false;
        if (sends) settings.mode = orders::Mode::paper_send;
        settings.allows_sending = settings.auto_promotes = sends;
        auto started = orders::OrderService::start(settings);
        MILLRACE_ASSERT(started.has_value(), "the server did not start");
        service_ = std::move(*started);
        model::Quote quote;
        quote.bid = Price::whole(99);
        quote.ask = Price::whole(100);
        quote.bid_size = quote.ask_size = Quantity::whole(100);
        MILLRACE_ASSERT(service_->offer(quote), "a price was not taken");
    }
    // Asks for one share and waits for the answer.
    void ask(const std::string& key) {
        orders::IntentRequest request;
        request.key = key;
        request.symbol = "ACME";
        request.quantity = Quantity::whole(1);
        request.limit_price = Price::whole(100);
        // Not a semaphore: it spins for a while, on a processor that the server needs.
        const auto answered = std::make_shared<std::promise<void>>();
        const auto taken = service_->submit(request, [answered](const orders::Outcome& outcome) {
            MILLRACE_ASSERT(outcome.kind == orders::Outcome::Kind::taken, "an intent was lost");
            answered->set_value();
        });
        MILLRACE_ASSERT(taken.has_value(), "an intent was turned away");
        answered->get_future().wait();
    }

  private:
    TemporaryDirectory folder_;
    std::unique_ptr<orders::OrderService> service_;
};

// Every caller asks so many times; timed from the first to the last answer.
void call(benchmark::State& state, const std::function<void(int caller, int number)>& ask) {
    std::mutex mutex;
    std::condition_variable changed;
    std::int64_t round = 0;
    int busy = 0;
    bool ends = false;
    std::vector<std::thread> callers;
    for (int caller = 0; caller < kCallers; ++caller)
        callers.emplace_back([&, caller] {
            int number = 0;
            for (std::int64_t mine = 1;; ++mine) {
                {
                    std::unique_lock lock(mutex);
                    changed.wait(lock, [&] { return ends || round == mine; });
                    if (ends) return;
                }
                for (int i = 0; i < kAsksATurn; ++i)
                    ask(caller, number++);
                const std::lock_guard guard(mutex);
                if (--busy == 0) changed.notify_all();
            }
        });
    Turns turns;
    for (auto turn : state)
        turns.time([&] {
            std::unique_lock lock(mutex);
            busy = kCallers;
            ++round;
            changed.notify_all();
            changed.wait(lock, [&] { return busy == 0; });
        });
    {
        const std::lock_guard guard(mutex);
        ends = true;
    }
    changed.notify_all();
    for (std::thread& caller : callers)
        caller.join();
    state.SetItemsProcessed(state.iterations() * kCallers * kAsksATurn);
    turns.report(state, double{kCallers} * kAsksATurn);
}

void disk_1(benchmark::State& state) {
    LaidOutFile file;
    const std::vector<char> record(kRecord, 3);
    Turns turns;
    for (auto turn : state)
        turns.time([&] { file.write(record); });
    state.SetItemsProcessed(state.iterations());
    turns.report(state);
}
BENCHMARK(disk_1)->Name("Orders/disk_1")->UseRealTime();

void intent_1(benchmark::State& state) {
    Server server(false);
    std::int64_t number = 0;
    Turns turns;
    for (auto turn : state) {
        const std::string key = fmt::format("5d1f8a52-0000-4000-8000-{:012}", ++number);
        turns.time([&] { server.ask(key); });
    }
    state.SetItemsProcessed(state.iterations());
    turns.report(state);
    compare_with(state, "Orders/disk_1");
    hold_to_ratio(state, 2);
    aim_at_ratio(state, 1.3);
}
BENCHMARK(intent_1)->Name("Orders/intent_1")->UseRealTime();

void disk_64(benchmark::State& state) {
    GroupCommit group;
    call(state, [&](int, int) { group.ask(); });
}
BENCHMARK(disk_64)->Name("Orders/disk_64")->UseRealTime();

void ask_of_64(benchmark::State& state, bool sends) {
    Server server(sends);
    call(state, [&](int caller, int number) {
        server.ask(fmt::format("5d1f8a52-0000-4000-{:04}-{:012}", caller, number));
    });
    compare_with(state, "Orders/disk_64");
}

void intent_64(benchmark::State& state) {
    ask_of_64(state, false);
    hold_to_ratio(state, 2.5);  // 0.4 of the throughput
    aim_at_ratio(state, 1.43);
}
BENCHMARK(intent_64)->Name("Orders/intent_64")->UseRealTime();

void order_64(benchmark::State& state) {
    ask_of_64(state, true);
}
BENCHMARK(order_64)->Name("Orders/order_64")->UseRealTime();

}  // namespace
}  // namespace millrace::bench
