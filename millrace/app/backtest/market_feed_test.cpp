// The order of a merged stream, its range and its warm-up.
#include "millrace/app/backtest/market_feed.hpp"

#include "tests/support/market_files.hpp"

namespace millrace::backtest {
namespace {

using test::at;

class MarketFeedTest : public test::FilesTest {
  protected:
    DataSeries open(const std::string& name, std::string_view text, std::uint32_t instrument,
                    std::optional<Duration> length = {}) {
        files::TableOptions options;
        options.instrument = InstrumentId(instrument);
        options.bar_length = length;
        auto series = DataSeries::open(write(name, text), options);
        EXPECT_TRUE(series) << (series ? "" : series.error().what);
        return std::move(*series);
    }

    // "0:open@0 0:bar@1 1:quote@3": instrument, what, minute.
    static std::string story(MarketFeed& feed) {
        std::string words;
        std::vector<MarketEvent> block;
        while (feed.next_block(block) && !block.empty())
            for (const MarketEvent& event : block) {
                const auto* bar = std::get_if<model::Bar>(&event.datum);
                const char* what = bar == nullptr ? "tick" : event.is_open ? "open" : "bar";
                const Time time = event.is_open ? begin_of(event.datum) : known_at(event.datum);
                const auto instrument =
                    std::visit([](const auto& noun) { return noun.instrument; }, event.datum);
                words += (words.empty() ? "" : " ") + std::to_string(instrument.value()) + ":" +
                         what + "@" +
                         std::to_string((time - at(0)).ns() / (60 * kNanosecondsPerSecond)) +
                         (event.is_matched ? "" : "*");
            }
        return words;
    }
    static std::string story(std::vector<DataSeries> all, const FeedRange& range = {}) {
        auto feed = MarketFeed::open(std::move(all), range);
        return feed ? story(*feed) : "error: " + feed.error().what;
    }
    static std::vector<DataSeries> both(DataSeries first, DataSeries second) {
        std::vector<DataSeries> all;
        all.push_back(std::move(first));
        all.push_back(std::move(second));
        return all;
    }
};

constexpr std::string_view kMinutes =
    "time,open,high,low,close\n2024-01-02 00:00:00,1,1,1,1\n2024-01-02 00:01:00,1,1,1,1\n"
    "2024-01-02 00:02:00,1,1,1,1\n";
constexpr std::string_view kTwoMinutes =
    "time,open,high,low,close\n2024-01-02 00:00:00,1,1,1,1\n2024-01-02 00:02:00,1,1,1,1\n";
constexpr std::string_view kTicks =
    "time,bid,ask\n2024-01-02 00:00:00,1,2\n2024-01-02 00:01:00,1,2\n2024-01-02 00:01:00,1,3\n";

TEST_F(MarketFeedTest, Tells_every_close_of_a_moment_before_its_opens) {
    EXPECT_EQ(
        story(both(open("a", kMinutes, 0), open("b", kMinutes, 1))),
        "0:open@0 1:open@0 0:bar@1 1:bar@1 0:open@1 1:open@1 0:bar@2 1:bar@2 0:open@2 1:open@2 "
        "0:bar@3 1:bar@3");
}

TEST_F(MarketFeedTest, Does_not_depend_on_the_order_of_the_files) {
    EXPECT_EQ(story(both(open("a", kMinutes, 0), open("b", kTicks, 1))),
              story(both(open("c", kTicks, 1), open("d", kMinutes, 0))));
}

TEST_F(MarketFeedTest, Deals_on_the_shortest_bars_only) {
    EXPECT_EQ(story(both(open("a", kTwoMinutes, 0), open("b", kMinutes, 0))),
              "0:open@0 0:bar@1 0:open@1 0:bar@2 0:bar@2* 0:open@2 0:bar@3 0:bar@4*");
}

TEST_F(MarketFeedTest, Deals_on_ticks_and_not_on_bars_where_there_are_both) {
    EXPECT_EQ(story(both(open("a", kMinutes, 0), open("b", kTicks, 0))),
              "0:tick@0 0:bar@1* 0:tick@1 0:tick@1 0:bar@2* 0:bar@3*");
}

TEST_F(MarketFeedTest, Keeps_to_its_range) {
    FeedRange range;
    range.from = at(1);
    range.to = at(2);
    std::vector<DataSeries> all;
    all.push_back(open("a", kMinutes, 0));
    EXPECT_EQ(story(std::move(all), range), "0:open@1 0:bar@2");
    all.clear();
    all.push_back(open("a", kMinutes, 0));
    range.from = at(10);
    range.to = std::nullopt;
    EXPECT_EQ(story(std::move(all), range), "error: there is nothing to run on");
}

TEST_F(MarketFeedTest, Warms_up_with_what_came_before_the_range) {
    FeedRange range;
    range.from = at(2);
    range.warm_up_bars = 1;
    std::vector<DataSeries> all;
    all.push_back(open("a", kMinutes, 0));
    auto feed = MarketFeed::open(std::move(all), range);
    ASSERT_TRUE(feed);
    EXPECT_EQ(feed->live_from(), at(2) + Duration::nanoseconds(1));
    EXPECT_EQ(story(*feed), "0:open@1 0:bar@2 0:open@2 0:bar@3");
}

TEST_F(MarketFeedTest, Without_a_range_the_first_of_the_data_warms_up) {
    FeedRange range;
    range.warm_up_bars = 2;
    std::vector<DataSeries> all;
    all.push_back(open("a", kMinutes, 0));
    auto feed = MarketFeed::open(std::move(all), range);
    ASSERT_TRUE(feed);
    EXPECT_EQ(feed->live_from(), at(2) + Duration::nanoseconds(1));
    range.warm_up_bars = 0;
    range.warm_up_span = Duration::minutes(1);
    all.clear();
    all.push_back(open("a", kMinutes, 0));
    feed = MarketFeed::open(std::move(all), range);
    ASSERT_TRUE(feed);
    EXPECT_EQ(feed->live_from(), at(1) + Duration::nanoseconds(1));
}

TEST_F(MarketFeedTest, Parts_of_one_series_follow_each_other_in_any_order) {
    DataSeries late = open("late",
                           "time,open,high,low,close\n2024-01-02 00:03:00,1,1,1,1\n"
                           "2024-01-02 00:04:00,1,1,1,1\n",
                           0);
    late.join(open("early", kMinutes, 0));
    std::vector<DataSeries> all;
    all.push_back(std::move(late));
    EXPECT_EQ(
        story(std::move(all)),
        "0:open@0 0:bar@1 0:open@1 0:bar@2 0:open@2 0:bar@3 0:open@3 0:bar@4 0:open@4 0:bar@5");
}

TEST_F(MarketFeedTest, Bars_that_overlap_are_refused) {
    std::vector<DataSeries> all;
    all.push_back(open("a", kMinutes, 0, Duration::minutes(5)));
    auto feed = MarketFeed::open(std::move(all), {});
    ASSERT_TRUE(feed);
    std::vector<MarketEvent> block;
    const auto read = feed->next_block(block);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().what, "a bar begins before the one before it has ended");
}

}  // namespace
}  // namespace millrace::backtest
