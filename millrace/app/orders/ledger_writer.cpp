// Rows first, then the wait for the journal, then the commit, then the answers.
#include "millrace/app/orders/ledger_writer.hpp"

#include <chrono>

#include "millrace/base/log.hpp"

namespace millrace::orders {
namespace {

constexpr std::chrono::nanoseconds kPause(LedgerWriter::kRetryAfter.ns());
constexpr std::chrono::seconds kSyncWait(10);
constexpr std::chrono::microseconds kWatch(150);

}  // namespace

LedgerWriter::LedgerWriter(ledger::Ledger ledger, LedgerRows rows, std::uint64_t sequence,
                           OnStored on_stored)
    : ledger_(std::move(ledger)),
      rows_(std::move(rows)),
      on_stored_(std::move(on_stored)),
      given_to_(sequence),
      durable_(sequence),
      stored_(sequence) {
    thread_ = std::thread([this] { run(); });
}

LedgerWriter::~LedgerWriter() {
    if (!thread_.joinable()) return;
    if (const auto stopped = stop(); !stopped)
        log::error("the ledger lacks what the journal has; the next start writes it",
                   {{"error", describe(stopped.error())}});
}

void LedgerWriter::give(Entries entries, std::span<const Acknowledged> requests) {
    {
        const std::lock_guard guard(mutex_);
        given_to_ = entries.sequence;
        acknowledged_.insert(acknowledged_.end(), requests.begin(), requests.end());
        if (entries.empty()) return;
        given_.push_back(std::move(entries));
    }
    wakes_.notify_one();
}

void LedgerWriter::set_durable(std::uint64_t sequence) {
    {
        const std::lock_guard guard(mutex_);
        durable_.store(sequence, std::memory_order_release);
    }
    wakes_.notify_one();
}

Result<void> LedgerWriter::sync_to(std::uint64_t sequence) {
    std::unique_lock lock(mutex_);
    sync_wanted_ = std::max(sync_wanted_, sequence);
    wakes_.notify_one();
    if (synced_.wait_for(lock, kSyncWait, [&] { return synced_to_ >= sequence || stops_; }) &&
        synced_to_ >= sequence)
        return {};
    if (Error error; trouble_) return failure(std::move(error = *trouble_));
    return failure(ErrorCode::timeout, "the ledger is behind the journal", ledger_.path(), {},
                   "it is tried again later");
}

Result<void> LedgerWriter::stop() {
    {
        const std::lock_guard guard(mutex_);
        stops_ = true;
        wakes_.notify_one();
        synced_.notify_all();
    }
    thread_.join();
    if (Error error; trouble_) return failure(std::move(error = *trouble_));
    return {};
}

std::optional<Error> LedgerWriter::trouble() const {
    const std::lock_guard guard(mutex_);
    return trouble_;
}

void LedgerWriter::run() {
    while (collect()) {
        auto written = write();
        if (written && !*written) break;  // it stops before the journal was durable
        if (!written) {
            note_failure(written.error().error);
            std::unique_lock lock(mutex_);
            if (stops_) break;
            wakes_.wait_for(lock, kPause, [this] { return stops_; });
            continue;
        }
        answer();
    }
    synced_.notify_all();
}

// Adds what was given to what is to be written, and waits until there is something. False when
// there is nothing left and it shall end.
bool LedgerWriter::collect() {
    std::unique_lock lock(mutex_);
    wakes_.wait(lock, [this] {
        return stops_ || !given_.empty() || !work_.empty() || sync_wanted_ > synced_to_;
    });
    while (!given_.empty()) {
        work_.take(std::move(given_.front()));
        given_.pop_front();
    }
    syncs_ = sync_wanted_ > synced_to_;
    // Inputs that did nothing are told of, too: a start from a snapshot asks for them.
    if (syncs_) work_.sequence = given_to_;
    return !work_.empty() || syncs_;
}

// False when it stops without having written.
ledger::Kept<bool> LedgerWriter::write() {
    auto batch = ledger_.begin();
    if (!batch) return ledger::lost(std::move(batch.error()));
    if (auto done = rows_.write(work_, *batch); !done) return ledger::lost(std::move(done.error()));
    if (!wait_for_durability()) return false;
    if (auto done = batch->commit(); !done) return ledger::lost(std::move(done.error()));
    if (syncs_)
        if (auto done = ledger_.sync(); !done) return ledger::lost(std::move(done.error()));
    stored_.store(work_.sequence, std::memory_order_release);
    const std::lock_guard guard(mutex_);
    trouble_.reset();
    if (syncs_) {
        synced_to_ = work_.sequence;
        synced_.notify_all();
    }
    return true;
}

bool LedgerWriter::wait_for_durability() {
    const auto is_durable = [this] {
        return durable_.load(std::memory_order_acquire) >= work_.sequence;
    };
    // A disk that is quick answers sooner than a thread that sleeps is woken.
    const auto until = std::chrono::steady_clock::now() + kWatch;
    while (!is_durable() && std::chrono::steady_clock::now() < until)
        std::this_thread::yield();
    if (is_durable()) return true;
    std::unique_lock lock(mutex_);
    wakes_.wait(lock, [&] { return is_durable() || stops_; });
    return is_durable();
}

// The outcomes and the requests are both in the order of their inputs. An intent is told of as it
// stands in the ledger now: what a venue answers to a command comes an input later.
void LedgerWriter::answer() {
    answered_.clear();
    for (Outcome& outcome : work_.outcomes) {
        const IntentCopy* intent =
            outcome.intent == 0 ? nullptr : work_.intents.find(outcome.intent);
        if (intent == nullptr) continue;
        outcome.state = intent->state;
        outcome.reason = intent->reason;
    }
    {
        const std::lock_guard guard(mutex_);
        std::size_t at = 0;
        while (!acknowledged_.empty() && acknowledged_.front().sequence <= stored_) {
            const Acknowledged request = acknowledged_.front();
            acknowledged_.pop_front();
            while (at < work_.outcomes.size() && work_.outcomes[at].sequence < request.sequence)
                ++at;
            const bool is_found =
                at < work_.outcomes.size() && work_.outcomes[at].sequence == request.sequence;
            answered_.push_back({request.number, is_found ? &work_.outcomes[at] : nullptr});
        }
    }
    if (!answered_.empty()) on_stored_(answered_);
    work_ = {};
}

void LedgerWriter::note_failure(const Error& error) {
    const std::lock_guard guard(mutex_);
    if (!trouble_)
        log::error("the ledger cannot be written; trying again", {{"error", describe(error)}});
    trouble_ = error;
}

}  // namespace millrace::orders
