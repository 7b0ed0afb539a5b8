// The live driver: one thread owns the engine; everybody else hands it inputs through a bounded
// queue. A second thread, the flusher, makes what was journaled durable, group by group, while the
// first goes on. Timers fire by the clock that the driver is given; the engine itself never sees
// one.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "millrace/app/drivers/journaled_engine.hpp"
#include "millrace/base/queue.hpp"

namespace millrace::drivers {

struct LiveOptions {
    std::size_t queue_length = 4096;           // a power of two; a full queue pushes back
    std::uint64_t checkpoint_every = 65'536;   // inputs
    std::uint64_t snapshot_every = 1'000'000;  // inputs
    bool snapshots_at_stop = false;            // so that the next start replays next to nothing
    Duration retry_after = Duration::milliseconds(100);  // when the disk refuses a group
};

class LiveDriver {
  public:
    using Clock = std::function<Time()>;

    // Takes a recovered engine. The handler is called on the engine's thread only, and when that
    // has ended, by stop().
    LiveDriver(std::unique_ptr<JournaledEngine> system, Clock clock, const LiveOptions& options);
    ~LiveDriver();

    // From any thread: queues a copy. False when the queue is full or the driver is stopping;
    // nothing was taken then.
    [[nodiscard]] bool try_submit(const engine::Record& record, engine::Origin origin = 0,
                                  std::uint64_t origin_sequence = 0);

    // How many inputs wait in the queue, about; for senders who leave room to others.
    [[nodiscard]] std::size_t queued() const { return queue_.size_approximate(); }

    // Stops taking inputs, applies and commits what is queued, seals the journal. Returns the first
    // error of the disk that could not be overcome. Called once; the destructor calls it when
    // nobody has.
    Result<void> stop();

    // The last error of the disk, while groups are being retried; empty when all is well. From any
    // thread.
    [[nodiscard]] std::optional<Error> trouble() const;

    // The engine's state; only after stop().
    [[nodiscard]] const engine::Engine& engine() const { return system_->engine(); }

  private:
    // A queued input with its bytes; copies only what the noun needs.
    struct Queued {
        engine::Origin origin = 0;
        std::uint64_t origin_sequence = 0;
        model::Noun noun = model::Noun::clock;
        model::NounBuffer bytes;

        Queued() = default;
        Queued(const engine::Record& record, engine::Origin from, std::uint64_t number);
        Queued(Queued&& other) noexcept;
        Queued& operator=(Queued&& other) noexcept;
    };
    enum class Group { none, handed_over, done };

    void run_engine();
    void run_flusher();
    bool take_some();
    void fire_timers();
    void mark_progress();
    void collect_group();
    void hand_over_group();
    void sleep_until_needed();

    std::unique_ptr<JournaledEngine> system_;
    Clock clock_;
    LiveOptions options_;
    MpscQueue<Queued> queue_;
    std::optional<Queued> held_;  // taken from the queue when the journal had no room
    std::uint64_t last_checkpoint_ = 0;
    std::uint64_t last_snapshot_ = 0;

    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable engine_wakes_;
    std::condition_variable flusher_wakes_;
    Group group_ = Group::none;
    bool flusher_ends_ = false;
    std::optional<Error> trouble_;

    std::atomic<bool> engine_sleeps_{false};
    std::atomic<bool> stopping_{false};
    bool stopped_ = false;
    std::thread engine_thread_;
    std::thread flusher_thread_;
};

}  // namespace millrace::drivers
