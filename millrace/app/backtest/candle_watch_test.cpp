#include "millrace/app/backtest/candle_watch.hpp"

#include <gtest/gtest.h>

namespace millrace::backtest {
namespace {

MarketEvent bar(std::int64_t minute, std::int64_t open, std::int64_t close,
                std::uint32_t instrument = 0) {
    model::Bar bar;
    bar.open_time = Time() + Duration::minutes(minute);
    bar.known_at = bar.open_time + Duration::minutes(1);
    bar.instrument = InstrumentId(instrument);
    bar.open = Price::whole(open);
    bar.close = Price::whole(close);
    bar.high = std::max(bar.open, bar.close);
    bar.low = std::min(bar.open, bar.close);
    return {bar};
}

TEST(CandleWatch, Keeps_bars_as_they_are_while_they_are_few) {
    CandleWatch watch(2);
    watch.hear(bar(0, 10, 12, 1));
    watch.hear(bar(0, 20, 19));
    watch.hear(bar(1, 12, 11, 1));
    const auto candles = watch.candles();
    ASSERT_EQ(candles.size(), 3u);
    EXPECT_EQ(candles[0].instrument, InstrumentId(0));
    EXPECT_EQ(candles[0].high, Price::whole(20));
    EXPECT_EQ(candles[0].low, Price::whole(19));
    EXPECT_EQ(candles[1].close, Price::whole(12));
    EXPECT_EQ(candles[2].begin, Time() + Duration::minutes(1));
}

// 1,001 minutes do not fit; candles of five minutes are 201, the last of one minute.
TEST(CandleWatch, Joins_them_when_they_are_too_many) {
    CandleWatch watch(1);
    for (std::int64_t minute = 0; minute <= 1'000; ++minute)
        watch.hear(bar(minute, minute + 1, minute + 2));
    const auto candles = watch.candles();
    ASSERT_EQ(candles.size(), 201u);
    EXPECT_EQ(candles[1].begin, Time() + Duration::minutes(5));
    EXPECT_EQ(candles[1].open, Price::whole(6));
    EXPECT_EQ(candles[1].high, Price::whole(11));
    EXPECT_EQ(candles[1].low, Price::whole(6));
    EXPECT_EQ(candles[1].close, Price::whole(11));
    EXPECT_EQ(candles[200].open, Price::whole(1'001));
}

TEST(CandleWatch, Takes_the_middle_of_quotes_and_no_bar_that_finer_data_make_up) {
    CandleWatch watch(1);
    MarketEvent day = bar(0, 50, 60);
    day.is_matched = false;
    watch.hear(day);
    for (const std::int64_t bid : {10, 14, 12}) {
        model::Quote quote;
        quote.known_at = Time() + Duration::milliseconds(bid);
        quote.bid = Price::whole(bid);
        quote.ask = Price::whole(bid + 2);
        watch.hear({quote});
    }
    watch.hear({model::Quote()});  // a side is empty
    const auto candles = watch.candles();
    ASSERT_EQ(candles.size(), 1u);
    EXPECT_EQ(candles[0].open, Price::whole(11));
    EXPECT_EQ(candles[0].high, Price::whole(15));
    EXPECT_EQ(candles[0].close, Price::whole(13));
}

}  // namespace
}  // namespace millrace::backtest
