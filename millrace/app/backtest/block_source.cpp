// A bounded hand-over of blocks between two threads.
#include "millrace/app/backtest/block_source.hpp"

namespace millrace::backtest {

BlockSource::BlockSource(MarketFeed& feed, bool reads_ahead) : feed_(feed) {
    if (reads_ahead) reader_ = std::thread([this] { read_ahead(); });
}

BlockSource::~BlockSource() {
    if (!reader_.joinable()) return;
    {
        const std::lock_guard guard(mutex_);
        is_stopped_ = true;
    }
    changed_.notify_all();
    reader_.join();
}

Result<void> BlockSource::read(std::vector<MarketEvent>& block) {
    const auto begin = Clock::now();
    auto done = feed_.next_block(block);
    const auto took = Clock::now() - begin;
    const std::lock_guard guard(mutex_);
    reading_ += took;
    return done;
}

double BlockSource::seconds_reading() const {
    const std::lock_guard guard(mutex_);
    return std::chrono::duration<double>(reading_).count();
}

void BlockSource::read_ahead() {
    for (bool more = true; more;) {
        std::vector<MarketEvent> block;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return is_stopped_ || ready_.size() < kAheadMax; });
            if (is_stopped_) return;
            if (!spare_.empty()) {
                block = std::move(spare_.back());
                spare_.pop_back();
            }
        }
        const auto done = read(block);
        more = done && !block.empty();
        const std::lock_guard guard(mutex_);
        if (done)
            ready_.emplace_back(std::move(block));
        else
            ready_.emplace_back(failure(Error(done.error())));
        changed_.notify_all();
    }
}

Result<void> BlockSource::next(std::vector<MarketEvent>& block) {
    if (!reader_.joinable()) return read(block);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !ready_.empty(); });
    Result<std::vector<MarketEvent>>& first = ready_.front();
    if (!first) return failure(first.error());
    spare_.push_back(std::move(block));
    block = std::move(*first);
    // The empty block is the last: it stays, so that whoever asks again is told the same.
    if (!block.empty()) ready_.pop_front();
    changed_.notify_all();
    return {};
}

}  // namespace millrace::backtest
