// The thread, with a clock that the test turns and a sink that the test opens and closes.
#include "millrace/edge/feeds/synthetic/synthetic_feed.hpp"

#include <gtest/gtest.h>
#include <map>

namespace millrace::feeds {
namespace {

const Time kBegin = Time() + Duration::days(20'000);

SyntheticFeedRule rule_of(double rate, std::uint32_t symbols) {
    SyntheticFeedRule rule;
    rule.rate = rate;
    for (std::uint32_t id = 0; id < symbols; ++id) {
        market::SyntheticSymbol symbol;
        symbol.name = "S" + std::to_string(id);
        symbol.id = InstrumentId(id);
        rule.symbols.push_back(symbol);
    }
    return rule;
}

class TurnedClock {
  public:
    void turn_to(Duration since_begin) { ns_ = (kBegin + since_begin).ns(); }
    [[nodiscard]] SyntheticFeed::Clock clock() const {
        return [this] { return Time::from_ns(ns_); };
    }

  private:
    std::atomic<std::int64_t> ns_{kBegin.ns()};
};

class RoomySink : public QuoteSink {
  public:
    explicit RoomySink(std::size_t room) : room_(room) {}

    std::size_t take(std::span<const model::Quote> quotes) override {
        const std::lock_guard guard(mutex_);
        const std::size_t count = std::min(quotes.size(), room_);
        room_ -= count;
        taken_.insert(taken_.end(), quotes.begin(),
                      quotes.begin() + static_cast<std::ptrdiff_t>(count));
        changed_.notify_all();
        return count;
    }
    void make_room(std::size_t room) {
        const std::lock_guard guard(mutex_);
        room_ = room;
    }
    bool wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(30),
                                 [&] { return taken_.size() >= count; });
    }
    std::vector<model::Quote> taken() {
        const std::lock_guard guard(mutex_);
        return taken_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t room_;
    std::vector<model::Quote> taken_;
};

// What a stream of the same rule gives for one turn of the clock.
std::vector<model::Quote> expected(const SyntheticFeedRule& rule, Duration turn) {
    QuoteStream stream = QuoteStream::make(rule, kBegin).value();
    std::vector<model::Quote> all;
    std::vector<model::Quote> block(1'000);
    for (;;) {
        const std::size_t count = stream.take_due(kBegin + turn, block);
        all.insert(all.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(count));
        if (count < block.size()) return all;
    }
}

SyntheticFeedCounts counts_once_made(const SyntheticFeed& feed, std::size_t made) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (feed.counts().made < made && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    return feed.counts();
}

TEST(SyntheticFeed, Hands_over_what_is_due_and_ends_when_told) {
    const SyntheticFeedRule rule = rule_of(1'000, 3);
    const auto quotes = expected(rule, Duration::milliseconds(800));
    ASSERT_GT(quotes.size(), 2'000U);
    TurnedClock clock;
    RoomySink sink(1'000'000);
    auto feed = SyntheticFeed::start(rule, clock.clock(), sink).value();
    clock.turn_to(Duration::milliseconds(800));
    ASSERT_TRUE(sink.wait_for(quotes.size()));
    feed->stop();
    EXPECT_EQ(sink.taken(), quotes);
    const SyntheticFeedCounts counts = feed->counts();
    EXPECT_EQ(counts.made, quotes.size());
    EXPECT_EQ(counts.taken, quotes.size());
    EXPECT_EQ(counts.conflated, 0U);
    EXPECT_EQ(counts.waiting, 0U);
    feed->stop();
}

TEST(SyntheticFeed, Gives_a_full_sink_the_newest_of_each_symbol_and_counts_the_others) {
    const SyntheticFeedRule rule = rule_of(1'000, 3);
    const auto quotes = expected(rule, Duration::milliseconds(800));
    std::map<InstrumentId, model::Quote> newest;
    for (const model::Quote& quote : quotes)
        newest[quote.instrument] = quote;
    TurnedClock clock;
    RoomySink sink(10);  // takes ten of the first block, and then no more
    auto feed = SyntheticFeed::start(rule, clock.clock(), sink).value();
    clock.turn_to(Duration::milliseconds(800));
    SyntheticFeedCounts counts = counts_once_made(*feed, quotes.size());
    EXPECT_EQ(counts.made, quotes.size());
    EXPECT_EQ(counts.taken, 10U);
    EXPECT_EQ(counts.waiting, 3U);
    EXPECT_EQ(counts.conflated, quotes.size() - 13);

    sink.make_room(100);
    ASSERT_TRUE(sink.wait_for(13));
    feed->stop();
    const auto taken = sink.taken();
    ASSERT_EQ(taken.size(), 13U);
    for (std::size_t i = 0; i < 10; ++i)
        EXPECT_EQ(taken[i], quotes[i]);
    for (std::uint32_t id = 0; id < 3; ++id)
        EXPECT_EQ(taken[10 + id], newest[InstrumentId(id)]);
    counts = feed->counts();
    EXPECT_EQ(counts.made, counts.taken + counts.conflated + counts.waiting);
    EXPECT_EQ(counts.waiting, 0U);
}

TEST(SyntheticFeed, Ends_before_a_sink_that_stays_full_and_offers_what_waits_once_more) {
    const SyntheticFeedRule rule = rule_of(1'000, 3);
    const auto quotes = expected(rule, Duration::milliseconds(800));
    TurnedClock clock;
    RoomySink sink(0);
    auto feed = SyntheticFeed::start(rule, clock.clock(), sink).value();
    clock.turn_to(Duration::milliseconds(800));
    EXPECT_EQ(counts_once_made(*feed, quotes.size()).waiting, 3U);
    feed->stop();
    EXPECT_EQ(feed->counts().taken, 0U);
    EXPECT_EQ(feed->counts().waiting, 3U);
    feed.reset();
    EXPECT_TRUE(sink.taken().empty());
}

// A tenth of a second of ten symbols at the fastest there is; waits are whole microseconds, hence
// some four parts of a hundred more.
TEST(SyntheticFeed, Makes_a_million_quotes_a_second) {
    const SyntheticFeedRule rule = rule_of(100'000, 10);
    const std::size_t due = expected(rule, Duration::milliseconds(100)).size();
    EXPECT_NEAR(static_cast<double>(due), 104'100, 2'000);
    TurnedClock clock;
    RoomySink sink(SIZE_MAX);
    auto feed = SyntheticFeed::start(rule, clock.clock(), sink).value();
    clock.turn_to(Duration::milliseconds(100));
    ASSERT_TRUE(sink.wait_for(due));
    feed->stop();
    EXPECT_EQ(feed->counts().taken, due);
    EXPECT_EQ(feed->counts().stood_still, Duration());
}

TEST(SyntheticFeed, Does_not_start_with_a_rule_that_makes_no_sense) {
    TurnedClock clock;
    RoomySink sink(0);
    EXPECT_FALSE(SyntheticFeed::start(rule_of(1, 0), clock.clock(), sink));
}

}  // namespace
}  // namespace millrace::feeds
