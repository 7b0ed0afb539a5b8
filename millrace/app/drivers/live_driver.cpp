// Two threads with names: the engine applies, the flusher syncs. They meet at `group_`: the engine
// hands a group over, the flusher gives it back when it is durable, and only then is what waited
// for it released.
#include "millrace/app/drivers/live_driver.hpp"

#include <chrono>
#include <cstring>

#include "millrace/base/log.hpp"

namespace millrace::drivers {
namespace {

constexpr int kInputsPerRound = 256;  // then the flusher gets its turn
constexpr Duration kSleepMax =
    Duration::milliseconds(100);  // a clock that was set is noticed after this long

std::chrono::nanoseconds chrono_of(Duration duration) {
    return std::chrono::nanoseconds(duration.ns());
}

}  // namespace

LiveDriver::Queued::Queued(const engine::Record& record, engine::Origin from, std::uint64_t number)
    : origin(from), origin_sequence(number), noun(record.noun) {
    std::memcpy(bytes.data(), record.payload, model::description_of(noun).size);
}

LiveDriver::Queued::Queued(Queued&& other) noexcept {
    *this = std::move(other);
}

LiveDriver::Queued& LiveDriver::Queued::operator=(Queued&& other) noexcept {
    origin = other.origin;
    origin_sequence = other.origin_sequence;
    noun = other.noun;
    std::memcpy(bytes.data(), other.bytes.data(), model::description_of(noun).size);
    return *this;
}

LiveDriver::LiveDriver(std::unique_ptr<JournaledEngine> system, Clock clock,
                       const LiveOptions& options)
    : system_(std::move(system)),
      clock_(std::move(clock)),
      options_(options),
      queue_(options.queue_length) {
    last_checkpoint_ = system_->engine().sequence();
    last_snapshot_ = last_checkpoint_;
    flusher_thread_ = std::thread([this] { run_flusher(); });
    engine_thread_ = std::thread([this] { run_engine(); });
}

LiveDriver::~LiveDriver() {
    if (stopped_) return;
    if (const auto stopped = stop(); !stopped)
        log::error("the journal could not be closed", {{"error", describe(stopped.error())}});
}

bool LiveDriver::try_submit(const engine::Record& record, engine::Origin origin,
                            std::uint64_t origin_sequence) {
    if (stopping_.load(std::memory_order_acquire)) return false;
    if (!queue_.try_push(Queued(record, origin, origin_sequence))) return false;
    // Only a sleeping engine costs its waker a lock.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (engine_sleeps_.load(std::memory_order_relaxed)) {
        {
            const std::lock_guard guard(mutex_);
        }  // or it has looked and does not sleep yet
        engine_wakes_.notify_one();
    }
    return true;
}

Result<void> LiveDriver::stop() {
    MILLRACE_ASSERT(!stopped_, "a driver stops once");
    stopped_ = true;
    {
        const std::lock_guard guard(mutex_);
        stopping_.store(true, std::memory_order_release);
        engine_wakes_.notify_one();
    }
    engine_thread_.join();
    {
        const std::lock_guard guard(mutex_);
        flusher_ends_ = true;
        flusher_wakes_.notify_one();
    }
    flusher_thread_.join();
    if (options_.snapshots_at_stop)
        if (const auto saved = system_->snapshot(); !saved)
            log::warn("no snapshot was saved; the next start replays more",
                      {{"error", describe(saved.error())}});
    return system_->close();
}

std::optional<Error> LiveDriver::trouble() const {
    const std::lock_guard guard(mutex_);
    return trouble_;
}

void LiveDriver::run_engine() {
    for (;;) {
        // Read before the queue is emptied: what was queued before the stop is still taken.
        const bool stopping = stopping_.load(std::memory_order_acquire);
        const bool took_some = take_some();
        fire_timers();
        mark_progress();
        collect_group();
        hand_over_group();
        if (took_some) continue;
        if (stopping && !held_) break;
        if (stopping && trouble()) break;  // the disk does not take what is held: stop() reports it
        system_->tell_idle();
        sleep_until_needed();
    }
    // What is under way at the flusher comes back before the journal is closed.
    std::unique_lock lock(mutex_);
    engine_wakes_.wait(lock, [this] { return group_ != Group::handed_over || trouble_; });
}

// Applies what is queued, some at a time; true when it did anything.
bool LiveDriver::take_some() {
    int taken = 0;
    for (; taken < kInputsPerRound; ++taken) {
        if (!held_) {
            Queued next;
            if (!queue_.try_pop(next)) break;
            held_.emplace(std::move(next));
        }
        if (!system_->submit({held_->noun, held_->bytes.data()}, held_->origin,
                             held_->origin_sequence))
            break;
        held_.reset();
    }
    return taken > 0;
}

void LiveDriver::fire_timers() {
    const Time now = clock_();
    if (system_->engine().next_timer() > now) return;
    model::Clock tick;
    tick.known_at = now;
    (void)system_->submit(
        engine::record_of(tick));  // without room it is tried again in the next round
}

void LiveDriver::mark_progress() {
    const std::uint64_t sequence = system_->engine().sequence();
    if (sequence - last_checkpoint_ >= options_.checkpoint_every && system_->checkpoint())
        last_checkpoint_ = sequence;
}

// A group has come back durable: what waited for it goes out.
void LiveDriver::collect_group() {
    {
        const std::lock_guard guard(mutex_);
        if (group_ != Group::done) return;
        group_ = Group::none;
    }
    system_->release();
    if (system_->engine().sequence() - last_snapshot_ < options_.snapshot_every) return;
    last_snapshot_ = system_->engine().sequence();
    if (const auto saved = system_->snapshot(); !saved)
        log::warn("no snapshot was saved; the next start replays more",
                  {{"error", describe(saved.error())}});
}

void LiveDriver::hand_over_group() {
    {
        const std::lock_guard guard(mutex_);
        if (group_ != Group::none || !system_->has_pending()) return;
        system_->begin_commit();
        group_ = Group::handed_over;
    }
    flusher_wakes_.notify_one();
}

void LiveDriver::sleep_until_needed() {
    std::unique_lock lock(mutex_);
    engine_sleeps_.store(true, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    const bool is_needed =
        group_ == Group::done || (!held_ && queue_.size_approximate() > 0) || stopping_;
    if (!is_needed) {
        const Time now = clock_();
        const Time due = system_->engine().next_timer();
        const Duration wait =
            due <= now ? Duration() : (due < now + kSleepMax ? due - now : kSleepMax);
        engine_wakes_.wait_for(lock, chrono_of(wait));
    }
    engine_sleeps_.store(false, std::memory_order_relaxed);
}

void LiveDriver::run_flusher() {
    std::unique_lock lock(mutex_);
    for (;;) {
        flusher_wakes_.wait(lock, [this] { return group_ == Group::handed_over || flusher_ends_; });
        if (group_ != Group::handed_over) return;
        lock.unlock();
        auto done = system_->finish_commit();
        lock.lock();
        if (done) {
            trouble_.reset();
            group_ = Group::done;
            engine_wakes_.notify_one();
            continue;
        }
        if (!trouble_)
            log::error("the journal cannot be written; trying again",
                       {{"error", describe(done.error())}});
        trouble_ = std::move(done.error());
        engine_wakes_.notify_one();
        flusher_wakes_.wait_for(lock, chrono_of(options_.retry_after),
                                [this] { return flusher_ends_; });
        if (flusher_ends_) return;
    }
}

}  // namespace millrace::drivers
