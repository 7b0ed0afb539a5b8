// What holds for all bars of random trades. The seed stands in the trace of a failure.
#include <cstdlib>
#include <gtest/gtest.h>

#include "millrace/core/market/test_bars.hpp"

namespace millrace::market {
namespace {

using model::Bar;

std::vector<model::Trade> random_trades(std::uint64_t seed, int count) {
    Random random(seed);
    std::vector<model::Trade> trades;
    std::int64_t ns = 1'700'000'000 * kSecond;
    std::int64_t cents = 10'000;
    for (int i = 0; i < count; ++i) {
        ns += random.between(0, 5'000'000'000);
        if (random.one_in(200)) ns += random.between(0, 3'600) * kSecond;
        cents += random.between(-5, 5);
        model::Trade trade;
        trade.known_at = Time::from_ns(ns);
        trade.price = Price::from_raw(cents * 10'000'000);
        trade.size = Quantity::from_raw(random.between(1, 5'000'000'000));
        trade.aggressor = static_cast<model::Aggressor>(random.below(3));
        trades.push_back(trade);
    }
    return trades;
}

std::vector<Bar> bars_of(std::string_view rule, const std::vector<model::Trade>& trades) {
    FedBuilder bars(rule);
    for (const model::Trade& trade : trades)
        bars.feed(trade);
    const Time end = trades.back().known_at + Duration::days(2);
    bars.until(end);
    bars.flush(end);
    std::vector<Bar> made;
    for (const ClosedBar& closed : bars.bars())
        made.push_back(closed.bar);
    return made;
}

TEST(BarProperties, Volumes_and_trades_are_those_of_the_trades) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const auto trades = random_trades(seed, 5'000);
        std::int64_t volume = 0;
        for (const model::Trade& trade : trades)
            volume += trade.size.raw();
        for (const char* rule : {"1s", "1m", "7m", "1h,flat", "1d", "10t", "100v", "100v,split",
                                 "20000$", "20000$,split", "imbalance:5", "run:9", "range:0.1"}) {
            SCOPED_TRACE(std::string(rule) + ", seed " + std::to_string(seed));
            std::int64_t sum = 0;
            std::size_t count = 0;
            for (const Bar& bar : bars_of(rule, trades)) {
                sum += bar.volume.raw();
                count += bar.trade_count;
            }
            EXPECT_EQ(sum, volume);
            EXPECT_EQ(count, trades.size());
        }
    }
}

TEST(BarProperties, Prices_are_in_their_order_and_times_rise) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const auto trades = random_trades(seed, 5'000);
        for (const char* rule : {"1s", "1m,flat", "7m", "10t", "100v,split", "20000$",
                                 "imbalance:5", "run:9", "range:0.1", "renko:0.03"}) {
            SCOPED_TRACE(std::string(rule) + ", seed " + std::to_string(seed));
            Time last_open = Time::earliest();
            Time last_known = Time::earliest();
            for (const Bar& bar : bars_of(rule, trades)) {
                ASSERT_LE(bar.low, std::min(bar.open, bar.close));
                ASSERT_GE(bar.high, std::max(bar.open, bar.close));
                if (bar.vwap.has_value()) {
                    ASSERT_GE(bar.vwap.value(), bar.low);
                    ASSERT_LE(bar.vwap.value(), bar.high);
                }
                ASSERT_GE(bar.open_time, last_open);
                ASSERT_GE(bar.known_at, last_known);
                ASSERT_LE(bar.open_time, bar.known_at);
                last_open = bar.open_time;
                last_known = bar.known_at;
            }
        }
    }
}

// Each bar against the trades of its period, found by looking at all of them.
TEST(BarProperties, A_time_bar_is_what_its_period_held) {
    const auto trades = random_trades(11, 3'000);
    std::size_t next = 0;
    for (const Bar& bar : bars_of("5m", trades)) {
        const Time end = bar.open_time + Duration::minutes(5);
        ASSERT_EQ(bar.open_time.ns() % (300 * kSecond), 0);
        ASSERT_GE(bar.known_at, end);
        ASSERT_LT(next, trades.size());
        ASSERT_LE(bar.open_time, trades[next].known_at);
        Price high = trades[next].price;
        Price low = high;
        EXPECT_EQ(bar.open, high);
        std::int64_t volume = 0;
        int128 value = 0;
        std::uint32_t count = 0;
        for (; next < trades.size() && trades[next].known_at < end; ++next, ++count) {
            high = std::max(high, trades[next].price);
            low = std::min(low, trades[next].price);
            volume += trades[next].size.raw();
            value += int128{trades[next].size.raw()} * trades[next].price.raw();
        }
        EXPECT_EQ(bar.high, high);
        EXPECT_EQ(bar.low, low);
        EXPECT_EQ(bar.close, trades[next - 1].price);
        EXPECT_EQ(bar.volume.raw(), volume);
        EXPECT_EQ(bar.trade_count, count);
        const int128 away = int128{bar.vwap.value().raw()} * volume - value;
        EXPECT_LE((away < 0 ? -away : away) * 2, volume);  // the nearest there is
    }
    EXPECT_EQ(next, trades.size());
}

TEST(BarProperties, Five_minutes_of_minutes_are_five_minutes) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const auto trades = random_trades(seed, 5'000);
        const std::vector<Bar> direct = bars_of("5m", trades);
        FedBuilder larger("5m@1m");
        for (const Bar& minute : bars_of("1m", trades))
            larger.feed(minute);
        larger.until(trades.back().known_at + Duration::days(3));
        ASSERT_EQ(larger.bars().size(), direct.size());
        for (std::size_t i = 0; i < direct.size(); ++i) {
            Bar bar = larger.bars()[i].bar;
            // The average of averages that were rounded may be off by one at the last place.
            EXPECT_LE(std::abs(bar.vwap.value().raw() - direct[i].vwap.value().raw()), 1);
            bar.vwap = direct[i].vwap;
            // A last minute without a trade never comes: such a bar is known a moment later.
            const std::int64_t later = (bar.known_at - direct[i].known_at).ns();
            EXPECT_TRUE(later == 0 || later == 1) << later;
            bar.known_at = direct[i].known_at;
            EXPECT_EQ(bar, direct[i]) << i;
        }
    }
}

TEST(BarProperties, Bars_that_split_trades_are_all_of_one_size) {
    const auto trades = random_trades(3, 2'000);
    std::vector<Bar> by_volume = bars_of("100v,split", trades);
    by_volume.pop_back();  // what was left at the end
    for (const Bar& bar : by_volume)
        ASSERT_EQ(bar.volume, Quantity::whole(100));
    std::vector<Bar> bricks = bars_of("renko:0.03", trades);
    ASSERT_GT(bricks.size(), 50U);
    for (std::size_t i = 0; i < bricks.size(); ++i) {
        ASSERT_EQ(bricks[i].high.raw() - bricks[i].low.raw(), 30'000'000);
        ASSERT_EQ(bricks[i].low.raw() % 30'000'000, 0);
        if (i == 0) continue;
        const bool turned =
            (bricks[i].close > bricks[i].open) != (bricks[i - 1].close > bricks[i - 1].open);
        ASSERT_EQ(bricks[i].open, turned ? bricks[i - 1].open : bricks[i - 1].close);
    }
}

}  // namespace
}  // namespace millrace::market
