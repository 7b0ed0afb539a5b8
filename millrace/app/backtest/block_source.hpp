// BlockSource: the blocks of a feed, read when they are asked for, or ahead of that on a thread of
// its own. Either way they are the same blocks in the same order.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "millrace/app/backtest/market_feed.hpp"

namespace millrace::backtest {

class BlockSource {
  public:
    BlockSource(MarketFeed& feed, bool reads_ahead);
    ~BlockSource();
    BlockSource(const BlockSource&) = delete;
    BlockSource& operator=(const BlockSource&) = delete;

    // Replaces the block by the next one; empty at the end.
    Result<void> next(std::vector<MarketEvent>& block);
    // What reading took so far, on whichever thread.
    [[nodiscard]] double seconds_reading() const;

  private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t kAheadMax = 4;  // blocks

    void read_ahead();
    Result<void> read(std::vector<MarketEvent>& block);

    MarketFeed& feed_;
    mutable std::mutex mutex_;  // guards all below
    std::condition_variable changed_;
    std::deque<Result<std::vector<MarketEvent>>> ready_;
    std::vector<std::vector<MarketEvent>> spare_;  // to be filled again
    Clock::duration reading_{};
    bool is_stopped_ = false;
    std::thread reader_;
};

}  // namespace millrace::backtest
