#include "millrace/core/portfolio/currencies.hpp"

#include <gtest/gtest.h>

#include "millrace/core/portfolio/test_books.hpp"

namespace millrace::portfolio {
namespace {

TEST(CurrencyRates, A_pair_converts_both_ways) {
    CurrencyRates rates;
    ASSERT_TRUE(rates.set("EUR", "USD", price("1.25")));
    EXPECT_EQ(rates.convert(money("100"), "EUR", "USD"), money("125"));
    EXPECT_EQ(rates.convert(money("100"), "USD", "EUR"), money("80"));
    EXPECT_EQ(rates.convert(money("-100"), "USD", "EUR"), money("-80"));
}

TEST(CurrencyRates, Dividing_by_a_rate_is_exact_where_multiplying_by_its_inverse_is_not) {
    CurrencyRates rates;
    ASSERT_TRUE(rates.set("USD", "JPY", price("151.234")));
    // 1/151.234 has no nine decimals that would give this back.
    EXPECT_EQ(rates.convert(money("15123400"), "JPY", "USD"), money("100000"));
    EXPECT_EQ(rates.convert(money("90700"), "JPY", "USD"), money("599.7328643"));
}

TEST(CurrencyRates, Uses_the_middle_of_a_quote) {
    CurrencyRates rates;
    ASSERT_TRUE(rates.set("EUR", "USD", price("1.1"), price("1.100000001")));
    EXPECT_EQ(rates.convert(money("1000"), "EUR", "USD"), money("1100.0000005"));
}

TEST(CurrencyRates, A_missing_rate_is_an_error_and_never_one) {
    CurrencyRates rates;
    ASSERT_TRUE(rates.set("EUR", "USD", price("1.25")));
    EXPECT_EQ(rates.convert(money("1"), "GBP", "USD").error(), BookError::missing_rate);
    ASSERT_TRUE(rates.set("GBP", "USD", price("1.5")));
    // There are two pairs that would do, but nobody said to go through USD.
    EXPECT_EQ(rates.convert(money("1"), "GBP", "EUR").error(), BookError::missing_rate);
    EXPECT_EQ(rates.convert(money("1"), "GBP", "GBP"), money("1"));
    EXPECT_EQ(rates.convert(money("0"), "CHF", "SEK"), money("0"));
}

TEST(CurrencyRates, Goes_through_the_pivot_when_one_is_named) {
    CurrencyRates rates("USD");
    ASSERT_TRUE(rates.set("GBP", "USD", price("1.5")));
    ASSERT_TRUE(rates.set("USD", "JPY", price("150")));
    EXPECT_EQ(rates.convert(money("100"), "GBP", "JPY"), money("22500"));
    EXPECT_EQ(rates.convert(money("22500"), "JPY", "GBP"), money("100"));
    EXPECT_EQ(rates.convert(money("1"), "GBP", "CHF").error(), BookError::missing_rate);
    ASSERT_TRUE(rates.set("GBP", "JPY", price("200")));
    EXPECT_EQ(rates.convert(money("1"), "GBP", "JPY"), money("200"));  // its own pair goes first
}

TEST(CurrencyRates, Rounds_as_it_is_told) {
    CurrencyRates rates;
    ASSERT_TRUE(rates.set("USD", "JPY", price("3")));
    EXPECT_EQ(rates.convert(money("1"), "JPY", "USD"), money("0.33333333"));
    EXPECT_EQ(rates.convert(money("1"), "JPY", "USD", Rounding::ceiling), money("0.33333334"));
}

TEST(CurrencyRates, Refuses_what_cannot_be_a_rate) {
    CurrencyRates rates;
    EXPECT_EQ(rates.set("EUR", "USD", price("0")).error(), BookError::bad_price);
    EXPECT_EQ(rates.set("EUR", "USD", price("-1")).error(), BookError::bad_price);
    EXPECT_EQ(rates.set("EUR", "EUR", price("1")).error(), BookError::bad_currency);
    EXPECT_EQ(rates.set(Code(), "USD", price("1")).error(), BookError::bad_currency);
    ASSERT_TRUE(rates.set("BTC", "IDR", price("1000000000")));
    EXPECT_EQ(rates.convert(money("1000"), "BTC", "IDR").error(), BookError::overflow);
}

TEST(Inversion, A_quote_swaps_its_sides_and_its_sizes_become_notionals) {
    model::Quote quote;
    quote.bid = price("150");
    quote.ask = price("160");
    quote.bid_size = quantity("1000");
    quote.ask_size = quantity("2000");
    const model::Quote other = invert(quote).value();
    EXPECT_EQ(other.bid, price("0.00625"));      // 1/160
    EXPECT_EQ(other.ask, price("0.006666667"));  // 1/150, rounded up
    EXPECT_EQ(other.bid_size, quantity("320000"));
    EXPECT_EQ(other.ask_size, quantity("150000"));
}

TEST(Inversion, A_bar_swaps_high_and_low) {
    model::Bar bar;
    bar.open = price("125");
    bar.high = price("200");
    bar.low = price("100");
    bar.close = price("160");
    bar.volume = quantity("10");
    const model::Bar other = invert(bar).value();
    EXPECT_EQ(other.open, price("0.008"));
    EXPECT_EQ(other.high, price("0.01"));
    EXPECT_EQ(other.low, price("0.005"));
    EXPECT_EQ(other.close, price("0.00625"));
    EXPECT_EQ(other.volume, quantity("1600"));  // at the close
    EXPECT_FALSE(other.vwap.has_value());
    bar.vwap = price("128");
    EXPECT_EQ(invert(bar).value().volume, quantity("1280"));
    EXPECT_EQ(invert(bar).value().vwap, Maybe<Price>(price("0.0078125")));
}

TEST(Inversion, A_deal_flips_its_side_and_its_quantity_becomes_the_notional) {
    model::Fill fill = bought("100000", "160");
    fill.fee = money("3");
    fill.fee_currency = "USD";
    const model::Fill other = invert(fill).value();
    EXPECT_EQ(other.side, model::Side::sell);
    EXPECT_EQ(other.price, price("0.00625"));
    EXPECT_EQ(other.quantity, quantity("16000000"));
    EXPECT_EQ(other.fee, money("3"));
}

TEST(Inversion, A_trade_has_the_other_aggressor) {
    model::Trade trade;
    trade.price = price("200");
    trade.size = quantity("3");
    trade.aggressor = model::Aggressor::buyer;
    const model::Trade other = invert(trade).value();
    EXPECT_EQ(other.price, price("0.005"));
    EXPECT_EQ(other.size, quantity("600"));
    EXPECT_EQ(other.aggressor, model::Aggressor::seller);
}

// 100,000 USDJPY bought at 150 and seen at 160 have made 1,000,000 JPY, which are 6,250 USD; the
// inverted position says so in USD, to the decimals that an inverted price has.
TEST(Inversion, An_inverted_position_earns_the_same_money) {
    PositionBook book;
    const model::Fill fill = invert(bought("100000", "150")).value();
    ASSERT_TRUE(book.apply({}, fill.side, fill.quantity, fill.price));
    const Mark mark = Mark::at(inverse(price("160")).value()).value();
    EXPECT_EQ(book.unrealised({}, mark), money("6250.005"));
}

TEST(Inversion, Nothing_is_inverted_at_a_price_of_nothing) {
    EXPECT_EQ(invert(bought("1", "0")).error(), BookError::bad_price);
    EXPECT_EQ(invert(bought("1", "-3")).error(), BookError::bad_price);
    EXPECT_EQ(invert(bought("1", "3000000000")).error(), BookError::bad_price);  // 1/p is 0
    EXPECT_EQ(invert(bought("90000000000", "2")).error(), BookError::overflow);
}

}  // namespace
}  // namespace millrace::portfolio
