#include "millrace/app/backtest/price_adjuster.hpp"

#include <gtest/gtest.h>

namespace millrace::backtest {
namespace {

constexpr Time day(std::int64_t number) {
    return Time::from_ns(number * kNanosecondsPerDay);
}
Price price(std::string_view text) {
    return Price::parse(text).value();
}

PriceAdjuster::Step split(std::int64_t on, std::uint32_t new_units, std::uint32_t old_units) {
    PriceAdjuster::Step step;
    step.action.known_at = day(on);
    step.action.new_units = new_units;
    step.action.old_units = old_units;
    return step;
}
PriceAdjuster::Step dividend(std::int64_t on, std::string_view amount, std::string_view before) {
    PriceAdjuster::Step step;
    step.action.known_at = day(on);
    step.action.kind = model::ActionKind::dividend;
    step.action.amount = price(amount);
    step.before = price(before);
    return step;
}
// The whole of a day, at one price and so many units.
model::Datum bar(std::int64_t on, std::string_view at, std::int64_t units) {
    model::Bar bar;
    bar.open_time = day(on);
    bar.known_at = day(on + 1);
    bar.open = bar.high = bar.low = bar.close = price(at);
    bar.vwap = price(at);
    bar.volume = Quantity::whole(units);
    return bar;
}
// "close volume" as it is adjusted, or what is wrong.
std::string adjusted(const Result<PriceAdjuster>& adjuster, model::Datum datum) {
    if (!adjuster) return adjuster.error().what;
    const auto done = adjuster->adjust(datum);
    if (!done) return done.error().what;
    const auto& bar = std::get<model::Bar>(datum);
    for (const Price other : {bar.open, bar.high, bar.low, bar.vwap.value()})
        EXPECT_EQ(other, bar.close);
    return bar.close.to_string() + " " + bar.volume.to_string();
}

constexpr Price kFine = Price::from_raw(1'000);  // 0.000001

// 7:1 on day 10, then 1:2 on day 20: 700 -> 100 -> 200; 100 -> 200.
TEST(PriceAdjuster, Tells_past_prices_in_the_units_of_the_last) {
    const std::vector steps = {split(10, 7, 1), split(20, 1, 2)};
    const auto adjuster = PriceAdjuster::make(steps, kFine);
    EXPECT_EQ(adjusted(adjuster, bar(1, "700", 10)), "200 35");  // 10 * 7 / 2
    EXPECT_EQ(adjusted(adjuster, bar(9, "700", 10)), "200 35");  // ends as the split comes
    EXPECT_EQ(adjusted(adjuster, bar(10, "100", 70)), "200 35");
    EXPECT_EQ(adjusted(adjuster, bar(20, "200", 35)), "200 35");
}

TEST(PriceAdjuster, Forward_tells_later_prices_in_the_units_of_the_first) {
    const std::vector steps = {split(10, 7, 1), split(20, 1, 2)};
    const auto adjuster = PriceAdjuster::make_forward(steps, kFine);
    EXPECT_EQ(adjusted(adjuster, bar(1, "700", 10)), "700 10");
    EXPECT_EQ(adjusted(adjuster, bar(10, "100", 70)), "700 10");
    EXPECT_EQ(adjusted(adjuster, bar(20, "200", 35)), "700 10");
}

// A dividend of 2 before which the price was 100: prices before are 98 %; a split 2:1 after it.
TEST(PriceAdjuster, Takes_dividends_out_in_proportion) {
    const std::vector steps = {dividend(10, "2", "100"), split(20, 2, 1)};
    const auto adjuster = PriceAdjuster::make(steps, kFine);
    EXPECT_EQ(adjusted(adjuster, bar(9, "100", 10)), "49 20");
    EXPECT_EQ(adjusted(adjuster, bar(10, "98", 10)), "49 20");
    EXPECT_EQ(adjusted(adjuster, bar(20, "49", 20)), "49 20");
}

// Of one day the dividend is paid on what was there before the split: (100 - 2) / 100 / 2.
TEST(PriceAdjuster, A_dividend_and_a_split_of_one_day_both_hold) {
    const std::vector steps = {dividend(10, "2", "100"), split(10, 2, 1)};
    const auto adjuster = PriceAdjuster::make(steps, kFine);
    EXPECT_EQ(adjusted(adjuster, bar(9, "100", 10)), "49 20");
    EXPECT_EQ(adjusted(adjuster, bar(10, "49", 20)), "49 20");
}

// 100 / 3 = 33.333…, 0.5 / 3 = 0.1666…; 0.000003 / 2 is half way, to the even neighbour.
TEST(PriceAdjuster, Rounds_half_to_even_on_the_increment) {
    const std::vector three = {split(10, 3, 1)};
    const std::vector two = {split(10, 2, 1)};
    EXPECT_EQ(adjusted(PriceAdjuster::make(three, kFine), bar(1, "100", 1)), "33.333333 3");
    EXPECT_EQ(adjusted(PriceAdjuster::make(three, price("0.01")), bar(1, "0.5", 1)), "0.17 3");
    EXPECT_EQ(adjusted(PriceAdjuster::make(two, kFine), bar(1, "0.000003", 1)), "0.000002 2");
}

TEST(PriceAdjuster, A_bar_across_a_split_has_prices_of_both_kinds_and_is_refused) {
    model::Bar week = std::get<model::Bar>(bar(7, "700", 1));
    week.known_at = day(14);
    const std::vector steps = {split(10, 7, 1)};
    EXPECT_EQ(adjusted(PriceAdjuster::make(steps, kFine), week),
              "a bar lies across a corporate action");
    EXPECT_EQ(adjusted(PriceAdjuster::make_forward(steps, kFine), week),
              "a bar lies across a corporate action");
}

TEST(PriceAdjuster, What_leaves_no_price_is_refused) {
    const std::vector whole = {dividend(10, "100", "100")};
    EXPECT_EQ(adjusted(PriceAdjuster::make(whole, kFine), bar(1, "100", 1)),
              "a dividend takes away the whole price");
    const std::vector steep = {split(10, 1'000'000, 1)};
    EXPECT_EQ(adjusted(PriceAdjuster::make(steep, kFine), bar(1, "0.1", 1)),
              "an adjusted price or volume is out of range");
}

// Sixty dividends of 1 % each: 100 * 0.99^60 = 54.71566423…,
// though 99^60 / 100^60 has no room in 64 bits.
TEST(PriceAdjuster, A_long_history_keeps_fifteen_decimals) {
    std::vector<PriceAdjuster::Step> steps;
    for (std::int64_t on = 1; on <= 60; ++on)
        steps.push_back(dividend(on, "1", "100"));
    EXPECT_EQ(adjusted(PriceAdjuster::make(steps, kFine), bar(0, "100", 1)), "54.715664 1");
}

TEST(PriceAdjuster, Ticks_are_adjusted_by_their_moment) {
    const std::vector steps = {split(10, 2, 1)};
    const auto adjuster = PriceAdjuster::make(steps, kFine);
    ASSERT_TRUE(adjuster);
    model::Trade trade;
    trade.price = price("50");
    trade.size = Quantity::whole(3);
    trade.known_at = day(10) - Duration::nanoseconds(1);
    model::Datum before = trade;
    ASSERT_TRUE(adjuster->adjust(before));
    EXPECT_EQ(std::get<model::Trade>(before).price, price("25"));
    EXPECT_EQ(std::get<model::Trade>(before).size, Quantity::whole(6));
    trade.known_at = day(10);
    model::Datum at = trade;
    ASSERT_TRUE(adjuster->adjust(at));
    EXPECT_EQ(std::get<model::Trade>(at), trade);
}

}  // namespace
}  // namespace millrace::backtest
