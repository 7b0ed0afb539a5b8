// Whole runs on a pair that is turned round, beside the same runs on the pair as it is.
#include "millrace/app/backtest/inversion.hpp"

#include "millrace/app/backtest/backtest.hpp"

#include "tests/support/market_files.hpp"

namespace millrace::backtest {
namespace {

Price price(std::string_view text) {
    return Price::parse(text).value();
}
Quantity size(std::string_view text) {
    return Quantity::parse(text).value();
}

TEST(Inversion, Of_a_bar_exchanges_high_and_low_and_keeps_the_volume) {
    model::Bar bar;
    bar.open = price("100");
    bar.high = price("125");
    bar.low = price("80");
    bar.close = price("110");
    bar.volume = size("7");
    model::Datum datum = bar;
    ASSERT_TRUE(invert(datum));
    const auto& turned = std::get<model::Bar>(datum);
    EXPECT_EQ(turned.open, price("0.01"));
    EXPECT_EQ(turned.high, price("0.0125"));
    EXPECT_EQ(turned.low, price("0.008"));
    EXPECT_EQ(turned.close, price("0.009090909"));
    EXPECT_EQ(turned.volume, size("7"));
}

// 1,000 dollars bid at 100 yen are 100,000 yen asked for at 0.01.
TEST(Inversion, Of_a_quote_exchanges_its_sides_and_tells_sizes_in_the_other_currency) {
    model::Quote quote;
    quote.bid = price("100");
    quote.ask = price("125");
    quote.bid_size = size("1000");
    quote.ask_size = size("2000");
    model::Datum datum = quote;
    ASSERT_TRUE(invert(datum));
    const auto& turned = std::get<model::Quote>(datum);
    EXPECT_EQ(turned.ask, price("0.01"));
    EXPECT_EQ(turned.ask_size, size("100000"));
    EXPECT_EQ(turned.bid, price("0.008"));
    EXPECT_EQ(turned.bid_size, size("250000"));
}

TEST(Inversion, Of_a_trade_turns_who_took) {
    model::Trade trade;
    trade.price = price("200");
    trade.size = size("3");
    trade.aggressor = model::Aggressor::buyer;
    model::Datum datum = trade;
    ASSERT_TRUE(invert(datum));
    const auto& turned = std::get<model::Trade>(datum);
    EXPECT_EQ(turned.price, price("0.005"));
    EXPECT_EQ(turned.size, size("600"));
    EXPECT_EQ(turned.aggressor, model::Aggressor::seller);
}

TEST(Inversion, Refuses_a_price_of_which_too_little_would_be_left) {
    model::Trade trade;
    trade.price = price("10001");
    model::Datum datum = trade;
    const auto done = invert(datum);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().what, "a price cannot be turned round");
}

TEST(Inversion, To_the_base_is_of_pairs_whose_base_is_the_currency_of_the_run) {
    BacktestSettings settings;
    settings.invert_fx_to_base = true;
    EXPECT_TRUE(is_inverted(settings, "USDJPY"));
    EXPECT_TRUE(is_inverted(settings, "usd/chf"));
    EXPECT_FALSE(is_inverted(settings, "EURUSD"));
    EXPECT_FALSE(is_inverted(settings, "EURGBP")) << "turned round it is no nearer to dollars";
    EXPECT_FALSE(is_inverted(settings, "USDJPY1"));
    settings.invert_fx_to_base = false;
    EXPECT_FALSE(is_inverted(settings, "USDJPY"));
    settings.instruments["USDJPY"].invert = true;
    EXPECT_TRUE(is_inverted(settings, "USDJPY"));
}

class InvertedRun : public test::FilesTest {
  protected:
    // Dollars at 100 yen, and at the end at 125.
    BacktestSettings hold(const std::string& symbol) {
        BacktestSettings settings;
        settings.data.push_back({{write(symbol + ".csv",
                                        "time,open,high,low,close,volume\n"
                                        "2024-01-02T00:00:00Z,100,100,100,100,1\n"
                                        "2024-01-02T00:01:00Z,100,100,100,100,1\n"
                                        "2024-01-02T00:02:00Z,125,125,125,125,1\n")},
                                 symbol,
                                 {}});
        settings.strategies["hold"].type = "buy-and-hold";
        settings.strategies["hold"].parameters["quantity"] = "2";
        settings.strategies["hold"].lots = true;
        settings.contracts = write("contracts.json", R"({"USDJPY": 1000})");
        settings.invert_fx_to_base = true;
        return settings;
    }
};

// Two lots of 1,000 dollars were 200,000 yen; bought at 0.01 and worth 0.008 they lose 400 dollars:
// what selling 2,000 dollars at 100 and buying 200,000 yen's worth at 125 comes to.
TEST_F(InvertedRun, Deals_in_units_of_the_other_currency_and_earns_in_that_of_the_run) {
    const auto result = run_backtest(hold("USDJPY"));
    ASSERT_TRUE(result) << describe(result.error());
    ASSERT_EQ(result->open_positions.size(), 1u);
    EXPECT_EQ(result->open_positions[0].quantity, size("200000"));
    EXPECT_EQ(result->equity.net_profit, Money::whole(-400));
    EXPECT_EQ(result->instruments[0].currency.view(), "USD");
    EXPECT_EQ(result->instruments[0].base_currency.view(), "JPY");
}

TEST_F(InvertedRun, Leaves_a_strategy_of_two_kinds_of_pairs_alone_with_an_error) {
    BacktestSettings settings = hold("USDJPY");
    settings.data.push_back(hold("EURUSD").data[0]);
    const auto result = run_backtest(settings);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().what, "the strategy trades pairs that are turned round and others");
}

TEST_F(InvertedRun, Needs_to_know_the_currencies) {
    BacktestSettings settings = hold("DOLLARS");
    settings.instruments["DOLLARS"].invert = true;
    const auto result = run_backtest(settings);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().what, "nobody says which currencies the pair has");
}

class Signed : public strategy::Parameters {
  public:
    strategy::Decimal trade_size{*this, "trade_size", "1", {"-10", "10"}, "A side."};
};
class Unsigned : public strategy::Parameters {
  public:
    strategy::Decimal trade_size{*this, "trade_size", "1", {"0.1", "10"}, "A size."};
};

TEST(Inversion, Turns_a_size_whose_sign_is_a_side_and_no_other) {
    Signed one;
    ASSERT_TRUE(turn_side(one.parameters()));
    EXPECT_EQ(one.trade_size.text(), "-1");
    ASSERT_TRUE(turn_side(one.parameters()));
    EXPECT_EQ(one.trade_size.text(), "1");
    Unsigned other;
    ASSERT_TRUE(turn_side(other.parameters()));
    EXPECT_EQ(other.trade_size.text(), "1");
}

}  // namespace
}  // namespace millrace::backtest
