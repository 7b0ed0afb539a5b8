#include <gtest/gtest.h>

#include "millrace/core/portfolio/contract_sizes.hpp"
#include "millrace/core/portfolio/test_books.hpp"

namespace millrace::portfolio {
namespace {

Contract linear(const char* multiplier = "1") {
    Contract contract;
    contract.multiplier = Ratio::parse(multiplier).value();
    return contract;
}

Contract inverse_contract(const char* multiplier = "1") {
    Contract contract = linear(multiplier);
    contract.inverse = true;
    return contract;
}

TEST(Contract, Worth_keeps_every_decimal_of_price_quantity_and_multiplier) {
    // 0.00000001 * 0.000000001 * 0.000000001 is the unit of Exact.
    EXPECT_TRUE(worth(linear("0.000000001"), quantity("0.00000001"), price("0.000000001")) ==
                Exact{1});
    EXPECT_TRUE(worth(linear("50"), quantity("-2"), price("4000.25")) ==
                Exact{-400'025} * kExactPerMoney * 100'000'000);
}

TEST(Contract, Worth_beyond_money_is_an_overflow_and_does_not_wrap) {
    const auto much = Quantity::from_raw(INT64_MAX);
    EXPECT_EQ(worth(linear("1000000000"), much, Price::from_raw(INT64_MAX)).error(),
              BookError::overflow);
    const auto mark = Mark::at(price("9")).value();
    EXPECT_EQ(value(linear("1000000000"), much, mark).error(), BookError::overflow);
    EXPECT_EQ(worth(inverse_contract("1000000000"), much, Price::from_raw(1)).error(),
              BookError::overflow);
}

TEST(Contract, An_inverse_worth_is_minus_units_over_price) {
    // 1,000 contracts at 8,000: -0.125 of the base currency.
    EXPECT_TRUE(worth(inverse_contract(), quantity("1000"), price("8000")) ==
                Exact{-12'500'000} * kExactPerMoney);
    const auto mark = Mark::at(price("8000")).value();
    EXPECT_EQ(value(inverse_contract(), quantity("1000"), mark), money("-0.125"));
    EXPECT_EQ(value(inverse_contract(), quantity("-1000"), mark), money("0.125"));
    EXPECT_EQ(value(inverse_contract("100"), quantity("10"), mark), money("-0.125"));
}

TEST(Contract, An_inverse_contract_has_no_worth_at_a_price_of_nothing) {
    EXPECT_EQ(worth(inverse_contract(), quantity("1"), Price()).error(), BookError::bad_price);
    EXPECT_EQ(value(inverse_contract(), quantity("1"), Mark()).error(), BookError::bad_price);
}

TEST(Contract, The_middle_of_an_odd_spread_is_exact) {
    const auto mark = Mark::middle(price("1.000000001"), price("1.000000002")).value();
    // 1.0000000015 * 200 = 200.0000003
    EXPECT_EQ(value(linear(), quantity("200"), mark), money("200.0000003"));
    EXPECT_EQ(mark.price(), price("1.000000002"));  // half to even
}

TEST(Contract, Half_a_unit_of_money_rounds_to_even) {
    const auto mark = Mark::at(price("0.5")).value();
    EXPECT_EQ(value(linear(), quantity("0.00000001"), mark), money("0"));
    EXPECT_EQ(value(linear(), quantity("0.00000003"), mark), money("0.00000002"));
    EXPECT_EQ(value(linear(), quantity("-0.00000003"), mark), money("-0.00000002"));
}

TEST(Contract, An_average_price_of_an_inverse_contract_is_harmonic) {
    // 100 at 8,000 and 100 at 12,000: 200 / (0.0125 + 0.00833..) = 9,600
    const auto first = worth(inverse_contract(), quantity("100"), price("8000")).value();
    const auto second = worth(inverse_contract(), quantity("100"), price("12000")).value();
    EXPECT_EQ(price_of(inverse_contract(), quantity("200"), first + second), price("9600"));
}

TEST(Contract, Settles_in_cash_or_margin_by_its_kind) {
    EXPECT_EQ(contract_of(share()).value().settlement, Settlement::cash);
    EXPECT_EQ(contract_of(future(0, "50")).value().settlement, Settlement::margin);
    EXPECT_EQ(contract_of(pair_of(0, "EUR", "USD")).value().settlement, Settlement::margin);
    const auto inverse = contract_of(inverse_future(0)).value();
    EXPECT_EQ(inverse.settlement, Settlement::margin);
    EXPECT_EQ(inverse.currency, Code("BTC"));
}

TEST(Contract, Without_multiplier_or_currency_nothing_can_be_settled) {
    model::Instrument instrument = share();
    instrument.multiplier = Ratio();
    EXPECT_EQ(contract_of(instrument).error(), BookError::bad_contract);
    instrument = inverse_future(0);
    instrument.base_currency = "";
    EXPECT_EQ(contract_of(instrument).error(), BookError::bad_contract);
}

TEST(Contract, A_share_of_a_whole_never_overflows_and_the_last_part_is_the_rest) {
    const Exact whole = Exact{INT64_MAX} * kExactPerMoney;
    EXPECT_TRUE(share_of(whole, INT64_MAX - 1, INT64_MAX) == Exact{INT64_MAX - 1} * kExactPerMoney);
    EXPECT_TRUE(share_of(whole, 7, 7) == whole);
    EXPECT_TRUE(share_of(Exact{10}, 1, 3) == Exact{3});
    EXPECT_TRUE(share_of(Exact{-5}, 1, 2) == Exact{-2});  // half to even
}

TEST(ContractSizes, Resolves_its_own_size_then_the_default_of_pairs_then_one) {
    ContractSizes sizes;
    ASSERT_TRUE(sizes.set("USD.JPY", quantity("100000")));
    ASSERT_TRUE(sizes.set("XAUUSD", quantity("100")));
    EXPECT_EQ(sizes.lot_of("usdjpy"), quantity("100000"));
    EXPECT_EQ(sizes.lot_of("C:USDJPY"), quantity("1"));  // CUSDJPY is no pair, and not in the table
    EXPECT_EQ(sizes.lot_of("EUR/USD"), quantity("1"));
    ASSERT_TRUE(sizes.set_fx_default(quantity("10000")));
    EXPECT_EQ(sizes.lot_of("EUR/USD"), quantity("10000"));
    EXPECT_EQ(sizes.lot_of("XAUUSD"), quantity("100"));
    EXPECT_EQ(sizes.lot_of("AAPL"), quantity("1"));
}

TEST(ContractSizes, Turns_lots_into_units_and_back) {
    ContractSizes sizes;
    ASSERT_TRUE(sizes.set("USDJPY", quantity("100000")));
    EXPECT_EQ(sizes.units("USDJPY", quantity("0.07")), quantity("7000"));
    EXPECT_EQ(sizes.units("USDJPY", quantity("-1.5")), quantity("-150000"));
    EXPECT_EQ(sizes.lots("USDJPY", quantity("7000")), quantity("0.07"));
    // A third of a unit is not made up.
    EXPECT_EQ(sizes.lots("USDJPY", quantity("0.0003")), quantity("0"));
    EXPECT_EQ(sizes.units("USDJPY", quantity("10000000")).error(), BookError::overflow);
    EXPECT_EQ(sizes.set("EURUSD", quantity("0")).error(), BookError::bad_quantity);
}

}  // namespace
}  // namespace millrace::portfolio
