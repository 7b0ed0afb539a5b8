// Rounds of a thousandth of a second, and in each as many blocks as are due.
#include "millrace/edge/feeds/synthetic/synthetic_feed.hpp"

#include <algorithm>
#include <chrono>

namespace millrace::feeds {
namespace {

constexpr std::size_t kBlock = 1'024;  // quotes
constexpr int kBlocksARound = 16;      // then counts are told and the end is looked for
constexpr std::chrono::milliseconds kPause(1);

}  // namespace

Result<std::unique_ptr<SyntheticFeed>> SyntheticFeed::start(const SyntheticFeedRule& rule,
                                                            Clock clock, QuoteSink& sink) {
    auto stream = QuoteStream::make(rule, clock());
    if (!stream) return failure(std::move(stream.error()));
    return std::unique_ptr<SyntheticFeed>(
        new SyntheticFeed(std::move(*stream), std::move(clock), sink));
}

SyntheticFeed::SyntheticFeed(QuoteStream stream, Clock clock, QuoteSink& sink)
    : stream_(std::move(stream)), clock_(std::move(clock)), sink_(sink), block_(kBlock) {
    thread_ = std::thread([this] { run(); });
}

SyntheticFeed::~SyntheticFeed() {
    stop();
}

void SyntheticFeed::stop() {
    {
        const std::lock_guard guard(mutex_);
        stopping_ = true;
        wakes_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

SyntheticFeedCounts SyntheticFeed::counts() const {
    const std::lock_guard guard(mutex_);
    return counts_;
}

void SyntheticFeed::run() {
    for (;;) {
        const bool is_behind = play_round();
        std::unique_lock lock(mutex_);
        counts_ = {made_, taken_, waiting_.replaced(), waiting_.size(), stream_.stood_still()};
        if (!is_behind && !stopping_) wakes_.wait_for(lock, kPause, [this] { return stopping_; });
        if (!stopping_) continue;
        lock.unlock();
        give_waiting();
        lock.lock();
        counts_ = {made_, taken_, waiting_.replaced(), waiting_.size(), stream_.stood_still()};
        return;
    }
}

// True when there was more to do than one round does.
bool SyntheticFeed::play_round() {
    const Time clock = clock_();
    now_ = std::max(now_, clock);
    give_waiting();
    for (int block = 0; block < kBlocksARound; ++block) {
        const std::size_t count = stream_.take_due(clock, block_);
        deliver(std::span(block_).first(count));
        if (count < block_.size()) return false;
    }
    return true;
}

void SyntheticFeed::deliver(std::span<const model::Quote> quotes) {
    made_ += quotes.size();
    // What waits goes first, and a newer quote must not overtake it.
    std::size_t taken = 0;
    if (waiting_.empty() && !quotes.empty()) taken = sink_.take(quotes);
    MILLRACE_ASSERT(taken <= quotes.size(), "a sink took more quotes than there were");
    taken_ += taken;
    for (const model::Quote& quote : quotes.subspan(taken))
        waiting_.put(quote);
}

void SyntheticFeed::give_waiting() {
    waiting_.give(now_, [this](const model::Quote& quote) {
        const std::size_t taken = sink_.take(std::span(&quote, 1));
        taken_ += taken;
        return taken != 0;
    });
}

}  // namespace millrace::feeds
