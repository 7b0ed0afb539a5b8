// Worker: one io thread of a server and its connections. Connections are found by a number that is
// never used twice, so that an answer that comes after its connection finds nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "millrace/edge/net/driver/loop.hpp"
#include "millrace/edge/net/driver/stream.hpp"
#include "millrace/edge/net/server/server.hpp"

namespace millrace::net {

class Connection;

// Counts of all workers together.
struct SharedCounts {
    std::atomic<std::uint64_t> connections = 0;
    std::atomic<std::uint64_t> accepted = 0;
    std::atomic<std::uint64_t> refused = 0;
    std::atomic<std::uint64_t> requests = 0;
    std::atomic<std::uint64_t> websockets = 0;
    std::atomic<std::uint64_t> messages = 0;
    std::atomic<std::uint64_t> too_slow = 0;
    std::atomic<std::uint64_t> faults = 0;
};

// What the connections of a server share.
struct ServerSetting {
    const ServerOptions& options;
    const Api& api;
    SharedCounts& counts;
    std::weak_ptr<AnswerSink> answers;
    std::weak_ptr<WebSocketSink> messages;
};

class Worker {
  public:
    Worker(const ServerSetting& setting, std::uint64_t number, std::uint64_t ids_start);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    [[nodiscard]] Loop& loop() { return loop_; }
    [[nodiscard]] SessionSurroundings& surroundings() { return surroundings_; }
    void start();
    void stop();  // joins the thread, and ends what is left

    // All of these on the worker's thread.
    void take(std::unique_ptr<Stream> stream);
    void remove(std::uint64_t id);
    [[nodiscard]] Connection* find(std::uint64_t id) const;
    void drain();

    [[nodiscard]] static std::uint64_t worker_of(std::uint64_t id) { return id >> kWorkerShift; }

  private:
    static constexpr int kWorkerShift = 56;
    static constexpr int kSlotBits = 24;
    struct Slot {
        std::unique_ptr<Connection> connection;
        std::uint64_t generation = 0;
    };
    void sweep();

    ServerSetting setting_;
    std::uint64_t number_;
    Loop loop_;
    SessionSurroundings surroundings_;
    std::vector<Slot> slots_;
    std::vector<std::size_t> free_;
    std::unique_ptr<Timer> timer_;
    Time next_second_;
    bool draining_ = false;
};

}  // namespace millrace::net
