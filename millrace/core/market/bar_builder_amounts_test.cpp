#include <gtest/gtest.h>

#include "millrace/core/market/test_bars.hpp"

namespace millrace::market {
namespace {

using Words = std::vector<std::string>;
using model::Aggressor;

TEST(TickBars, Close_with_their_last_trade) {
    FedBuilder bars("3t");
    bars.feed_prices({"5", "7", "4", "6", "6", "6", "1"});
    // 16 / 3 = 5.333…
    EXPECT_EQ(bars.take_words(), (Words{"1-3 O 5 H 7 L 4 C 4 V 3 n 3 ~ 5.333333333",
                                        "4-6 O 6 H 6 L 6 C 6 V 3 n 3 ~ 6"}));
    bars.flush(second(8));
    EXPECT_EQ(bars.take_words(), Words{"7-8 O 1 H 1 L 1 C 1 V 1 n 1 ~ 1 partial"});
}

TEST(VolumeBars, Take_the_trade_that_fills_them_as_a_whole) {
    FedBuilder bars("10v");
    bars.feed(trade_at(second(1), "5", "4"));
    bars.feed(trade_at(second(2), "6", "25"));  // 29, and the next begins at nothing
    bars.feed(trade_at(second(3), "7", "9.99999999"));
    EXPECT_EQ(bars.take_words(), Words{"1-2 O 5 H 6 L 5 C 6 V 29 n 2 ~ 5.862068966"});
    bars.feed(trade_at(second(4), "7", "0.00000001"));
    EXPECT_EQ(bars.take_words(), Words{"3-4 O 7 H 7 L 7 C 7 V 10 n 2 ~ 7"});
}

TEST(VolumeBars, Split_the_trade_that_fills_them_when_asked_to) {
    FedBuilder bars("10v,split");
    bars.feed(trade_at(second(1), "5", "4"));
    bars.feed(trade_at(second(2), "6", "25"));  // 6, 10, and 9 into the next
    EXPECT_EQ(bars.take_words(),
              (Words{"1-2 O 5 H 6 L 5 C 6 V 10 n 2 ~ 5.6", "2-2 O 6 H 6 L 6 C 6 V 10 n 0 ~ 6"}));
    bars.feed(trade_at(second(3), "7", "1"));
    EXPECT_EQ(bars.take_words(), Words{"2-3 O 6 H 7 L 6 C 7 V 10 n 1 ~ 6.1"});
}

TEST(VolumeBars, Refuse_a_trade_of_a_hundred_thousand_bars) {
    FedBuilder bars("1v,split");
    EXPECT_EQ(bars.feed(trade_at(second(1), "5", "100001")), BarHeard::refused);
    EXPECT_EQ(bars.feed(trade_at(second(1), "5", "100000")), BarHeard::accepted);
    EXPECT_EQ(bars.bars().size(), 100'000U);
}

TEST(ValueBars, Close_at_their_notional) {
    FedBuilder bars("1000$");
    bars.feed(trade_at(second(1), "100", "4"));
    bars.feed(trade_at(second(2), "120", "4.9"));  // 400 + 588
    EXPECT_EQ(bars.take_words(), Words{});
    bars.feed(trade_at(second(3), "120", "1"));
    EXPECT_EQ(bars.take_words(), Words{"1-3 O 100 H 120 L 100 C 120 V 9.9 n 3 ~ 111.919191919"});
}

TEST(ValueBars, Split_at_the_finest_quantity_that_fills_them) {
    FedBuilder bars("100$,split");
    bars.feed(trade_at(second(1), "30", "7"));  // 3.33333334 a bar: 100.0000002
    EXPECT_EQ(bars.take_words(), (Words{"1-1 O 30 H 30 L 30 C 30 V 3.33333334 n 1 ~ 30",
                                        "1-1 O 30 H 30 L 30 C 30 V 3.33333334 n 0 ~ 30"}));
    bars.flush(second(2));
    EXPECT_EQ(bars.take_words(), Words{"1-2 O 30 H 30 L 30 C 30 V 0.33333332 n 0 ~ 30 partial"});
}

TEST(ImbalanceBars, Close_when_buys_or_sales_are_so_many_ahead) {
    FedBuilder bars("imbalance:2");
    std::int64_t at = 0;
    for (const Aggressor side : {Aggressor::buyer, Aggressor::seller, Aggressor::buyer,
                                 Aggressor::buyer, Aggressor::seller, Aggressor::seller})
        bars.feed(trade_at(second(++at), "5", "1", side));
    EXPECT_EQ(bars.take_words(),
              (Words{"1-4 O 5 H 5 L 5 C 5 V 4 n 4 ~ 5", "5-6 O 5 H 5 L 5 C 5 V 2 n 2 ~ 5"}));
}

TEST(ImbalanceBars, Judge_by_the_price_where_the_feed_does_not_tell) {
    FedBuilder bars("imbalance:3");
    // none, up, same as before, down, up, up, up: 0 1 2 1 2 3
    bars.feed_prices({"5", "6", "6", "5", "6", "7"});
    EXPECT_EQ(bars.take_words(), (Words{"1-6 O 5 H 7 L 5 C 7 V 6 n 6 ~ 5.833333333"}));
    bars.feed_prices({"7", "7"});  // still buys: the last sign outlives the bar
    bars.feed_prices({"8"});
    EXPECT_EQ(bars.take_words(), (Words{"7-9 O 7 H 8 L 7 C 8 V 3 n 3 ~ 7.333333333"}));
}

TEST(RunBars, Close_when_one_side_has_traded_so_often_with_or_without_breaks) {
    FedBuilder bars("run:3");
    std::int64_t at = 0;
    for (const Aggressor side :
         {Aggressor::buyer, Aggressor::seller, Aggressor::buyer, Aggressor::seller,
          Aggressor::buyer, Aggressor::seller, Aggressor::seller, Aggressor::seller})
        bars.feed(trade_at(second(++at), "5", "1", side));
    EXPECT_EQ(bars.take_words(),
              (Words{"1-5 O 5 H 5 L 5 C 5 V 5 n 5 ~ 5", "6-8 O 5 H 5 L 5 C 5 V 3 n 3 ~ 5"}));
}

TEST(RangeBars, Close_with_the_trade_that_stretches_them_to_their_range) {
    FedBuilder bars("range:2");
    bars.feed_prices({"10", "11", "9.5", "11.5", "20", "15"});
    EXPECT_EQ(bars.take_words(), (Words{"1-4 O 10 H 11.5 L 9.5 C 11.5 V 4 n 4 ~ 10.5",
                                        "5-6 O 20 H 20 L 15 C 15 V 2 n 2 ~ 17.5"}));
}

TEST(RenkoBars, Stand_on_a_grid_and_turn_after_two_sizes) {
    FedBuilder bars("renko:1");
    bars.feed_prices({"10.4", "10.9", "11", "11.9", "10.1"});
    EXPECT_EQ(bars.take_words(), Words{"1-3 O 10 H 11 L 10 C 11 V 3 n 3"});
    bars.feed_prices({"12.2"});
    EXPECT_EQ(bars.take_words(), Words{"3-6 O 11 H 12 L 11 C 12 V 3 n 3"});
    bars.feed_prices({"10.01"});  // not two sizes below 12
    EXPECT_EQ(bars.take_words(), Words{});
    bars.feed_prices({"10"});
    EXPECT_EQ(bars.take_words(), Words{"6-8 O 11 H 11 L 10 C 10 V 2 n 2"});
    bars.feed_prices({"12"});  // up again
    EXPECT_EQ(bars.take_words(), Words{"8-9 O 11 H 12 L 11 C 12 V 1 n 1"});
}

TEST(RenkoBars, One_trade_may_complete_several) {
    FedBuilder bars("renko:0.5");
    bars.feed(trade_at(second(1), "10.2", "3"));
    bars.feed(trade_at(second(2), "11.6", "5"));
    EXPECT_EQ(bars.take_words(),
              (Words{"1-2 O 10 H 10.5 L 10 C 10.5 V 8 n 2", "2-2 O 10.5 H 11 L 10.5 C 11 V 0 n 0",
                     "2-2 O 11 H 11.5 L 11 C 11.5 V 0 n 0"}));
    bars.feed(trade_at(second(3), "9.6", "1"));
    EXPECT_EQ(bars.take_words(), (Words{"2-3 O 11 H 11 L 10.5 C 10.5 V 1 n 1",
                                        "3-3 O 10.5 H 10.5 L 10 C 10 V 0 n 0"}));
}

TEST(RenkoBars, Below_zero_are_on_the_same_grid) {
    FedBuilder bars("renko:1");
    bars.feed_prices({"-0.5", "-2"});  // the grid's level below -0.5 is -1
    EXPECT_EQ(bars.take_words(), Words{"1-2 O -1 H -1 L -2 C -2 V 2 n 2"});
}

TEST(RenkoBars, Refuse_a_price_a_hundred_thousand_bricks_away) {
    FedBuilder bars("renko:0.01");
    bars.feed_prices({"100"});
    EXPECT_EQ(bars.feed(trade_at(second(9), "1100.01")), BarHeard::refused);
    EXPECT_EQ(bars.feed(trade_at(second(9), "1100")), BarHeard::accepted);
    EXPECT_EQ(bars.bars().size(), 100'000U);
}

TEST(AmountBars, A_late_trade_is_counted_and_changes_nothing) {
    FedBuilder bars("2t");
    bars.feed_prices({"5", "6"});
    EXPECT_EQ(bars.feed(observation_of(trade_at(Time::from_ns(kSecond * 3 / 2), "9")), second(3)),
              BarHeard::late);
    EXPECT_EQ(bars.feed(observation_of(trade_at(second(2), "7")), second(3)), BarHeard::accepted);
    EXPECT_EQ(bars.builder().counters().late, 1U);
}

TEST(AmountBars, May_be_made_of_smaller_bars) {
    FedBuilder bars("100v@1m");
    model::Bar minute;
    minute.step = 60 * kSecond;
    minute.open = minute.low = Price::whole(5);
    minute.high = minute.close = Price::whole(8);
    minute.volume = Quantity::whole(60);
    minute.known_at = second(60);
    bars.feed(minute);
    minute.open_time = second(60);
    minute.known_at = second(120);
    bars.feed(minute);
    EXPECT_EQ(bars.take_words(), Words{"0-120 O 5 H 8 L 5 C 8 V 120 n 0"});
}

}  // namespace
}  // namespace millrace::market
