// LedgerWriter: the thread that stores what the engine did and then answers. It writes the rows of
// a group of inputs while the journal makes the group durable, commits them when it is, and answers
// after that: one batch and one commit for all that is due. What the disk refuses is tried again;
// it gives nothing up.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "millrace/app/orders/ledger_rows.hpp"

namespace millrace::orders {

// A request that is durable and the number that its sender knows it by.
struct Acknowledged {
    std::uint64_t sequence = 0;
    std::uint64_t number = 0;
};

class LedgerWriter {
  public:
    static constexpr Duration kRetryAfter = Duration::milliseconds(100);

    // Told of requests that are durable in the journal and stored in the ledger, in their order, on
    // the writer's thread. An outcome is null where the engine said nothing of it.
    struct Answered {
        std::uint64_t number = 0;
        const Outcome* outcome = nullptr;
    };
    using OnStored = std::function<void(std::span<const Answered>)>;

    // Takes a ledger that nobody else writes, and that has the inputs up to this one.
    LedgerWriter(ledger::Ledger ledger, LedgerRows rows, std::uint64_t sequence,
                 OnStored on_stored);
    LedgerWriter(const LedgerWriter&) = delete;
    LedgerWriter& operator=(const LedgerWriter&) = delete;
    ~LedgerWriter();

    // Of the engine's thread: what the inputs of a group did, and which of them were requests.
    void give(Entries entries, std::span<const Acknowledged> requests);
    // Any thread, after that: they are durable up to there.
    void set_durable(std::uint64_t sequence);
    // Waits until what was given up to there is stored and on the medium.
    [[nodiscard]] Result<void> sync_to(std::uint64_t sequence);

    // Writes what it can and ends; an error when something is left, which the journal has.
    Result<void> stop();

    // Why it cannot write, while it cannot; from any thread.
    [[nodiscard]] std::optional<Error> trouble() const;
    [[nodiscard]] std::uint64_t stored() const { return stored_.load(std::memory_order_acquire); }

  private:
    void run();
    bool collect();
    [[nodiscard]] ledger::Kept<bool> write();
    bool wait_for_durability();
    void answer();
    void note_failure(const Error& error);

    ledger::Ledger ledger_;
    LedgerRows rows_;
    OnStored on_stored_;
    Entries work_;        // of the writer's thread: being written
    bool syncs_ = false;  // and made durable
    std::vector<Answered> answered_;

    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable wakes_;
    std::condition_variable synced_;
    std::deque<Entries> given_;
    std::deque<Acknowledged> acknowledged_;
    std::optional<Error> trouble_;
    std::uint64_t given_to_ = 0;
    std::uint64_t sync_wanted_ = 0;
    std::uint64_t synced_to_ = 0;
    bool stops_ = false;

    std::atomic<std::uint64_t> durable_{0};
    std::atomic<std::uint64_t> stored_{0};
    std::thread thread_;
};

}  // namespace millrace::orders
