#include "millrace/core/portfolio/portfolio.hpp"

#include <gtest/gtest.h>

#include "millrace/core/portfolio/test_books.hpp"

namespace millrace::portfolio {
namespace {

using model::PositionMode;

class PortfolioTest : public testing::Test {
  protected:
    void open(const model::Instrument& instrument, const model::Account& owner = account()) {
        ASSERT_TRUE(books_.define(instrument));
        ASSERT_TRUE(books_.define(owner));
    }
    void apply(const model::Fill& fill) {
        const auto done = books_.apply(fill);
        ASSERT_TRUE(done) << message_of(done.error());
        books_.audit();
    }
    void mark(const char* at, std::uint32_t instrument = 0) {
        ASSERT_TRUE(books_.mark(trade(at, instrument)));
        books_.audit();
    }
    [[nodiscard]] Ledger ledger(const char* currency = "USD") const {
        return books_.ledger(kAccount, currency).value();
    }
    [[nodiscard]] Money equity() const { return books_.drawdown(kAccount).value().equity; }

    Portfolio books_;
};

TEST_F(PortfolioTest, Shares_are_paid_in_cash_and_held_at_their_worth) {
    open(share());
    ASSERT_TRUE(books_.book(cash("10000")));
    apply(bought("100", "10"));
    EXPECT_EQ(ledger().cash, money("9000"));
    EXPECT_EQ(ledger().held, money("1000"));
    mark("12");
    EXPECT_EQ(ledger().held, money("1200"));
    EXPECT_EQ(ledger().unrealised, money("200"));
    apply(sold("50", "12"));
    EXPECT_EQ(ledger().cash, money("9600"));
    EXPECT_EQ(ledger().realised, money("100"));
    EXPECT_EQ(ledger().unrealised, money("100"));
    EXPECT_EQ(equity(), money("10200"));
}

TEST_F(PortfolioTest, A_short_sale_that_earns_leaves_more_cash) {
    open(share());
    ASSERT_TRUE(books_.book(cash("10000")));
    apply(sold("10", "100"));
    EXPECT_EQ(ledger().cash, money("11000"));
    EXPECT_EQ(ledger().held, money("-1000"));
    apply(bought("10", "90"));
    EXPECT_EQ(ledger().cash, money("10100"));
    EXPECT_EQ(ledger().realised, money("100"));
    EXPECT_EQ(equity(), money("10100"));
}

TEST_F(PortfolioTest, A_future_moves_cash_by_its_profit_only) {
    open(future(0, "50"));
    ASSERT_TRUE(books_.book(cash("10000")));
    apply(bought("2", "4000"));
    EXPECT_EQ(ledger().cash, money("10000"));
    EXPECT_EQ(ledger().held, money("0"));
    mark("4001.25");
    EXPECT_EQ(ledger().held, money("125"));
    apply(sold("1", "4001.25"));
    EXPECT_EQ(ledger().cash, money("10062.5"));
    EXPECT_EQ(equity(), money("10125"));
}

TEST_F(PortfolioTest, Drawdown_is_a_part_of_its_own_peak) {
    open(future(0, "1"));
    ASSERT_TRUE(books_.book(cash("10000")));
    apply(bought("1000", "100"));
    mark("99");
    EXPECT_EQ(books_.drawdown(kAccount).value().now, money("1000"));
    mark("110");
    const Drawdown drawdown = books_.drawdown(kAccount).value();
    EXPECT_EQ(drawdown.equity, money("20000"));
    EXPECT_EQ(drawdown.peak, money("20000"));
    EXPECT_EQ(drawdown.now, money("0"));
    EXPECT_EQ(drawdown.worst, money("1000"));
    EXPECT_EQ(drawdown.worst_of, Maybe<Ratio>(Ratio::parse("0.1").value()));
    mark("109");  // 1,000 again, but of 20,000
    EXPECT_EQ(books_.drawdown(kAccount).value().worst_of,
              Maybe<Ratio>(Ratio::parse("0.1").value()));
}

TEST_F(PortfolioTest, Paying_in_or_out_is_neither_a_gain_nor_a_fall) {
    open(future(0, "1"));
    EXPECT_FALSE(books_.drawdown(kAccount).value().worst_of.has_value());
    ASSERT_TRUE(books_.book(cash("10000")));
    ASSERT_TRUE(books_.book(cash("-4000", "USD", CashReason::withdrawal)));
    EXPECT_EQ(books_.drawdown(kAccount).value().peak, money("6000"));
    EXPECT_EQ(books_.drawdown(kAccount).value().now, money("0"));
    ASSERT_TRUE(books_.book(cash("-600", "USD", CashReason::financing)));
    EXPECT_EQ(books_.drawdown(kAccount).value().worst_of,
              Maybe<Ratio>(Ratio::parse("0.1").value()));
}

TEST_F(PortfolioTest, Cash_has_a_reason) {
    open(share());
    ASSERT_TRUE(books_.book(cash("1000")));
    ASSERT_TRUE(books_.book(cash("12.5", "USD", CashReason::dividend)));
    ASSERT_TRUE(books_.book(cash("-2.25", "USD", CashReason::borrow_fee)));
    ASSERT_TRUE(books_.book(cash("-1", "USD", CashReason::borrow_fee)));
    books_.audit();
    EXPECT_EQ(ledger().contributed, money("1000"));
    EXPECT_EQ(ledger().realised, money("9.25"));
    EXPECT_EQ(ledger().cash, money("1009.25"));
    EXPECT_EQ(books_.booked(kAccount, "USD", CashReason::borrow_fee), money("-3.25"));
    EXPECT_EQ(books_.booked(kAccount, "USD", CashReason::dividend), money("12.5"));
    EXPECT_EQ(books_.booked(kAccount, "EUR", CashReason::dividend), money("0"));
}

TEST_F(PortfolioTest, A_rebate_is_a_negative_fee) {
    open(share());
    model::Fill fill = bought("10", "100");
    fill.fee = money("-0.02");
    fill.fee_currency = "USD";
    apply(fill);
    EXPECT_EQ(ledger().fees, money("-0.02"));
    EXPECT_EQ(ledger().cash, money("-999.98"));
    EXPECT_EQ(equity(), money("0.02"));
    const auto positions = books_.positions(kAccount, kStrategy, kInstrument, second(5)).value();
    EXPECT_EQ(positions.legs[0].fees, money("-0.02"));
}

TEST_F(PortfolioTest, Yen_profit_of_a_dollar_account_is_converted_not_renamed) {
    open(pair_of(0, "USD", "JPY", "0.001"));
    ASSERT_TRUE(books_.book(cash("1000")));
    apply(bought("100000", "150"));
    ASSERT_TRUE(books_.mark(quote("150.906", "150.908")));  // 150.907: 90,700 yen
    books_.audit();
    EXPECT_EQ(ledger("JPY").unrealised, money("90700"));
    EXPECT_EQ(ledger("USD").unrealised, money("0"));
    EXPECT_EQ(equity(), money("1601.03242394"));  // 1,000 + 90,700 / 150.907
    const auto balance = books_.balance(kAccount, second(7)).value();
    EXPECT_EQ(balance.currency, Code("USD"));
    EXPECT_EQ(balance.equity, money("1601.03242394"));
    EXPECT_EQ(balance.unrealised, money("601.03242394"));
    EXPECT_EQ(balance.known_at, second(7));
}

TEST_F(PortfolioTest, Without_a_rate_the_equity_is_unknown_until_one_comes) {
    open(share(0, "EUR"));
    ASSERT_TRUE(books_.define(pair_of(1, "EUR", "USD")));
    ASSERT_TRUE(books_.book(cash("1000")));
    ASSERT_TRUE(books_.book(cash("500", "EUR")));
    EXPECT_EQ(books_.drawdown(kAccount).error(), BookError::missing_rate);
    EXPECT_EQ(books_.balance(kAccount, second(1)).error(), BookError::missing_rate);
    books_.sample(second(1));
    EXPECT_TRUE(books_.curve(kAccount).empty());
    EXPECT_EQ(ledger("EUR").equity(), money("500"));  // its own currency needs no rate
    ASSERT_TRUE(books_.mark(quote("1.1", "1.3", 1)));
    books_.audit();
    EXPECT_EQ(equity(), money("1600"));
    mark("2", 1);
    EXPECT_EQ(equity(), money("2000"));
    books_.sample(second(2));
    ASSERT_EQ(books_.curve(kAccount).size(), 1U);
    EXPECT_EQ(books_.curve(kAccount)[0], (EquitySample{second(2), money("2000")}));
}

TEST_F(PortfolioTest, A_fee_in_a_third_currency_is_owed_in_that_currency) {
    open(share());
    ASSERT_TRUE(books_.define(pair_of(1, "BNB", "USD", "0.01")));
    ASSERT_TRUE(books_.book(cash("10000")));
    mark("300", 1);
    model::Fill fill = bought("10", "100");
    fill.fee = money("0.01");
    fill.fee_currency = "BNB";
    apply(fill);
    EXPECT_EQ(ledger("BNB").fees, money("0.01"));
    EXPECT_EQ(ledger("BNB").cash, money("-0.01"));
    EXPECT_EQ(ledger("USD").fees, money("0"));
    EXPECT_EQ(equity(), money("9997"));
}

TEST_F(PortfolioTest, An_inverse_contract_settles_in_its_coin) {
    open(inverse_future(0), account("BTC"));
    ASSERT_TRUE(books_.book(cash("1", "BTC")));
    apply(bought("10000", "40000"));
    mark("50000");
    EXPECT_EQ(ledger("BTC").unrealised, money("0.05"));
    apply(sold("10000", "50000"));
    EXPECT_EQ(ledger("BTC").cash, money("1.05"));
    EXPECT_EQ(equity(), money("1.05"));
}

TEST_F(PortfolioTest, Exposure_counts_longs_and_shorts) {
    open(share());
    ASSERT_TRUE(books_.define(future(1, "50")));
    apply(bought("100", "10"));
    apply(sold("1", "4000", 1));
    mark("12");
    const Exposure exposure = books_.exposure(kAccount).value();
    EXPECT_EQ(exposure.gross, money("201200"));
    EXPECT_EQ(exposure.net, money("-198800"));
}

TEST_F(PortfolioTest, An_inverse_long_position_is_long) {
    open(inverse_future(0), account("BTC"));
    apply(bought("10000", "40000"));
    EXPECT_EQ(books_.exposure(kAccount).value().net, money("0.25"));
    EXPECT_EQ(books_.exposure(kAccount).value().gross, money("0.25"));
}

TEST_F(PortfolioTest, Strategies_keep_their_positions_and_their_money_apart) {
    open(share());
    ASSERT_TRUE(books_.book(cash("1000")));
    model::Fill fill = bought("10", "100");
    apply(fill);
    fill = sold("10", "110");
    fill.strategy = StrategyId(1);
    apply(fill);
    EXPECT_EQ(books_.position(kAccount, StrategyId(0), kInstrument)->quantity(), quantity("10"));
    EXPECT_EQ(books_.position(kAccount, StrategyId(1), kInstrument)->quantity(), quantity("-10"));
    mark("105");
    EXPECT_EQ(books_.balance(kAccount, StrategyId(0), second(1)).value().equity, money("50"));
    EXPECT_EQ(books_.balance(kAccount, StrategyId(1), second(1)).value().equity, money("50"));
    EXPECT_EQ(books_.balance(kAccount, kUnassigned, second(1)).value().equity, money("1000"));
    EXPECT_EQ(equity(), money("1100"));
    EXPECT_EQ(books_.ledger(kAccount, StrategyId(1), "USD").cash, money("1100"));
}

TEST_F(PortfolioTest, A_hedge_between_strategies_makes_no_peak_half_way_through_a_price) {
    open(future(0, "1"));
    ASSERT_TRUE(books_.book(cash("1000")));
    apply(bought("100", "10"));
    model::Fill fill = sold("100", "10");
    fill.strategy = StrategyId(1);
    apply(fill);
    mark("15");
    mark("5");
    EXPECT_EQ(books_.drawdown(kAccount).value().peak, money("1000"));
    EXPECT_FALSE(books_.drawdown(kAccount).value().worst_of.has_value());
}

TEST_F(PortfolioTest, A_hedging_account_has_two_positions) {
    open(share(), account("USD", PositionMode::hedging));
    apply(bought("10", "100"));
    apply(sold("4", "110"));
    const PositionList positions =
        books_.positions(kAccount, kStrategy, kInstrument, second(3)).value();
    ASSERT_EQ(positions.count, 2U);
    EXPECT_EQ(positions.legs[0].quantity, quantity("10"));
    EXPECT_EQ(positions.legs[1].quantity, quantity("-4"));
    EXPECT_EQ(positions.legs[1].average_price, Maybe<Price>(price("110")));
    EXPECT_EQ(ledger().cash, money("-560"));
}

TEST_F(PortfolioTest, The_mark_is_the_one_that_was_asked_for) {
    PortfolioSettings settings;
    settings.mark = MarkRule::bar;
    books_ = Portfolio(settings);
    open(share());
    apply(bought("10", "100"));
    mark("90");
    ASSERT_TRUE(books_.mark(quote("80", "82")));
    EXPECT_EQ(equity(), money("0"));
    model::Bar bar;
    bar.low = price("70");
    bar.high = price("130");
    bar.close = price("120");
    ASSERT_TRUE(books_.mark(bar));
    EXPECT_EQ(equity(), money("200"));
}

TEST_F(PortfolioTest, A_quote_with_one_side_is_no_mark) {
    open(share());
    apply(bought("10", "100"));
    ASSERT_TRUE(books_.mark(quote("0", "102")));
    EXPECT_EQ(equity(), money("0"));
    ASSERT_TRUE(books_.mark(quote("101", "102")));
    EXPECT_EQ(equity(), money("15"));
}

TEST_F(PortfolioTest, A_price_off_its_increment_is_valued_all_the_same) {
    open(share());
    apply(bought("0.00000003", "100"));
    mark("100.5000001");  // 0.000003015000003: off the increment, and rounds
    EXPECT_EQ(ledger().held, money("0.00000302"));
    mark("-0.01");
    EXPECT_EQ(ledger().held, money("0"));
    mark("-100");
    EXPECT_EQ(ledger().held, money("-0.000003"));
}

// 0.01 is 2^7 * 5^7 units of a price; each part of the increment can be missed alone.
TEST_F(PortfolioTest, A_price_that_misses_part_of_its_increment_is_not_rounded_to_it) {
    open(share());
    apply(bought("20", "100"));
    mark("100.00000001");
    EXPECT_EQ(ledger().held, money("2000.0000002"));
    mark("100.000000064");
    EXPECT_EQ(ledger().held, money("2000.00000128"));
    apply(sold("19.999998", "100"));
    mark("100.000000064");  // half an increment of 0.000002 is worth one unit of money
    EXPECT_EQ(ledger().held, money("0.0002"));
}

TEST_F(PortfolioTest, A_rate_and_the_position_it_values_move_together) {
    open(pair_of(0, "USD", "JPY", "0.001"));
    ASSERT_TRUE(books_.book(cash("1000")));
    mark("100");
    apply(bought("100000", "100"));
    mark("200");  // ten million yen: 50,000 at the new rate, never 100,000 at the old one
    EXPECT_EQ(equity(), money("51000"));
    EXPECT_EQ(books_.drawdown(kAccount).value().peak, money("51000"));
}

TEST_F(PortfolioTest, The_curve_has_one_point_a_moment) {
    open(share());
    ASSERT_TRUE(books_.book(cash("1000")));
    books_.sample(second(1));
    ASSERT_TRUE(books_.book(cash("5", "USD", CashReason::interest)));
    books_.sample(second(1));
    books_.sample(second(2));
    ASSERT_EQ(books_.curve(kAccount).size(), 2U);
    EXPECT_EQ(books_.curve(kAccount)[0].equity, money("1005"));
}

TEST_F(PortfolioTest, What_is_not_defined_cannot_be_booked) {
    EXPECT_EQ(books_.apply(bought("1", "1")).error(), BookError::unknown_account);
    EXPECT_EQ(books_.book(cash("1")).error(), BookError::unknown_account);
    ASSERT_TRUE(books_.define(account()));
    EXPECT_EQ(books_.apply(bought("1", "1")).error(), BookError::unknown_instrument);
    ASSERT_TRUE(books_.define(share()));
    EXPECT_EQ(books_.apply(bought("0", "1")).error(), BookError::bad_quantity);
    model::Fill fill = bought("1", "1");
    fill.fee = money("1");
    EXPECT_EQ(books_.apply(fill).error(), BookError::bad_currency);
    EXPECT_EQ(books_.book(cash("1", "")).error(), BookError::bad_currency);
    EXPECT_TRUE(books_.mark(trade("1", 77)));  // nobody holds it: nothing to value
}

TEST_F(PortfolioTest, Rules_do_not_change_under_open_books) {
    open(share());
    model::Instrument other = share();
    other.multiplier = Ratio::whole(10);
    EXPECT_TRUE(books_.define(other));
    EXPECT_TRUE(books_.define(share()));
    apply(bought("1", "100"));
    EXPECT_TRUE(books_.define(share()));
    EXPECT_EQ(books_.define(other).error(), BookError::changed_contract);
    EXPECT_EQ(books_.define(account("EUR")).error(), BookError::changed_contract);
}

TEST_F(PortfolioTest, Overflow_is_an_error_and_never_a_wrap) {
    open(share());
    apply(bought("1000000000", "90"));
    EXPECT_EQ(books_.mark(trade("93")).error(), BookError::overflow);
    EXPECT_EQ(books_.book(cash("92233720368")).has_value(), true);
    EXPECT_EQ(books_.book(cash("92233720368")).error(), BookError::overflow);
}

TEST_F(PortfolioTest, Saved_books_go_on_as_the_others_would_have) {
    open(share());
    ASSERT_TRUE(books_.define(pair_of(1, "EUR", "USD")));
    ASSERT_TRUE(books_.define(account("EUR", PositionMode::hedging, 1)));
    ASSERT_TRUE(books_.book(cash("1000")));
    mark("1.25", 1);
    apply(bought("100", "10"));
    model::Fill fill = sold("7", "1.25", 1);
    fill.account = AccountId(1);
    apply(fill);
    mark("12");
    books_.sample(second(1));
    engine::StateWriter writer;
    books_.save(writer);

    Portfolio other;
    engine::StateReader reader(writer.bytes());
    other.load(reader);
    ASSERT_TRUE(reader.finish("portfolio"));
    other.audit();
    for (Portfolio* books : {&books_, &other}) {
        ASSERT_TRUE(books->apply(sold("40", "13")));
        ASSERT_TRUE(books->mark(trade("14")));
        ASSERT_TRUE(books->mark(trade("1.5", 1)));
    }
    engine::StateWriter first;
    engine::StateWriter second;
    books_.save(first);
    other.save(second);
    ASSERT_EQ(first.bytes().size(), second.bytes().size());
    EXPECT_TRUE(std::equal(first.bytes().begin(), first.bytes().end(), second.bytes().begin()));
    EXPECT_EQ(other.trades().size(), 1U);
}

TEST_F(PortfolioTest, Damaged_bytes_never_load) {
    open(share());
    apply(bought("100", "10"));
    apply(sold("100", "11"));
    engine::StateWriter writer;
    books_.save(writer);
    for (std::size_t size = 0; size < writer.bytes().size(); ++size) {
        Portfolio other;
        engine::StateReader reader(writer.bytes().first(size));
        other.load(reader);
        EXPECT_FALSE(reader.finish("portfolio")) << size;
    }
}

}  // namespace
}  // namespace millrace::portfolio
