// SyntheticFeed: a thread that hands the quotes of an invented market to a sink, at the pace of a
// clock. A sink that is full is never waited for: the newest quote of each symbol waits for room,
// and what it took the place of is counted.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "millrace/edge/feeds/synthetic/newest_quotes.hpp"
#include "millrace/edge/feeds/synthetic/quote_stream.hpp"

namespace millrace::feeds {

class QuoteSink {
  public:
    virtual ~QuoteSink() = default;
    // Takes quotes from the front, as many as there is room for, and says how many. Called on the
    // feed's thread; must not block.
    [[nodiscard]] virtual std::size_t take(std::span<const model::Quote> quotes) = 0;
};

// made = taken + conflated + waiting
struct SyntheticFeedCounts {
    std::uint64_t made = 0;
    std::uint64_t taken = 0;
    std::uint64_t conflated = 0;  // a newer one of the same symbol took its place
    std::uint64_t waiting = 0;
    Duration stood_still;  // the market, because the clock jumped or the machine was too slow
};

class SyntheticFeed {
  public:
    using Clock = std::function<Time()>;

    // Begins at once. The clock is asked on the feed's thread and may go back; times of quotes do
    // not.
    [[nodiscard]] static Result<std::unique_ptr<SyntheticFeed>> start(const SyntheticFeedRule& rule,
                                                                      Clock clock, QuoteSink& sink);
    // Stops.
    ~SyntheticFeed();

    // When it returns the thread has ended, and the sink is called no more. What waited was offered
    // once more. May be called again.
    void stop();

    // From any thread; those of one round of the thread, which fit each other.
    [[nodiscard]] SyntheticFeedCounts counts() const;

  private:
    SyntheticFeed(QuoteStream stream, Clock clock, QuoteSink& sink);

    void run();
    bool play_round();
    void deliver(std::span<const model::Quote> quotes);
    void give_waiting();

    QuoteStream stream_;
    Clock clock_;
    QuoteSink& sink_;
    std::vector<model::Quote> block_;
    NewestQuotes waiting_;
    Time now_ = Time::earliest();
    std::uint64_t made_ = 0;
    std::uint64_t taken_ = 0;

    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable wakes_;
    SyntheticFeedCounts counts_;
    bool stopping_ = false;

    std::thread thread_;
};

}  // namespace millrace::feeds
