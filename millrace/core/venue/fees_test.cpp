#include "millrace/core/venue/fees.hpp"

#include <gtest/gtest.h>

namespace millrace::venue {
namespace {

using model::Liquidity;

FeeCase deal_of(std::int64_t quantity, std::int64_t price, Liquidity liquidity) {
    FeeCase deal;
    deal.currency = "USD";
    deal.liquidity = liquidity;
    deal.quantity = Quantity::whole(quantity).raw();
    deal.value = Money::whole(quantity * price);
    return deal;
}

TEST(Fees, A_rate_is_of_the_value_and_makers_have_their_own) {
    FeeModel model;
    model.maker = Ratio::from_raw(-100'000);  // a rebate of 1 bp
    model.taker = Ratio::from_raw(200'000);   // 2 bp
    const FeeLedger ledger;
    // 100 * 50 = 5,000; 2 bp are 1, 1 bp is 0.5.
    EXPECT_EQ(ledger.fee_of(model, deal_of(100, 50, Liquidity::taker)).fee, 100'000'000);
    EXPECT_EQ(ledger.fee_of(model, deal_of(100, 50, Liquidity::maker)).fee, -50'000'000);
}

TEST(Fees, The_minimum_is_of_the_order_and_charged_once) {
    FeeModel model;
    model.per_unit = Money::from_raw(500'000);  // 0.005
    model.minimum = Money::whole(1);
    const FeeLedger ledger;
    FeeCase deal = deal_of(100, 10, Liquidity::taker);
    const FeeAnswer first = ledger.fee_of(model, deal);  // due 0.50, charged 1
    EXPECT_EQ(first.fee, 100'000'000);
    deal.due_before = first.due;
    deal.charged_before = first.fee;
    const FeeAnswer second = ledger.fee_of(model, deal);  // due 1.00, nothing more
    EXPECT_EQ(second.fee, 0);
    deal.due_before = second.due;
    EXPECT_EQ(ledger.fee_of(model, deal).fee, 50'000'000);  // due 1.50
}

TEST(Fees, A_tier_counts_what_was_traded_before_in_the_month) {
    FeeModel model;
    model.taker = Ratio::from_raw(1'000'000);  // 10 bp
    model.tiers[0] = {Money::whole(10'000), Ratio(), Ratio::from_raw(500'000)};
    model.tier_count = 1;
    ASSERT_TRUE(model.check());
    FeeLedger ledger;
    FeeCase deal = deal_of(100, 100, Liquidity::taker);  // 10,000
    EXPECT_EQ(ledger.fee_of(model, deal).fee, Money::whole(10).raw());
    ledger.book(model, deal);
    EXPECT_EQ(ledger.fee_of(model, deal).fee, Money::whole(5).raw());
    deal.account = AccountId(1);  // another account has its own
    EXPECT_EQ(ledger.fee_of(model, deal).fee, Money::whole(10).raw());
    deal.account = AccountId(0);
    deal.time = Time::from_ns(32 * kNanosecondsPerDay);  // February
    EXPECT_EQ(ledger.fee_of(model, deal).fee, Money::whole(10).raw());
}

TEST(Fees, A_fee_in_the_base_currency_is_a_rate_of_the_quantity) {
    FeeModel model;
    model.taker = Ratio::from_raw(1'000'000);
    model.paid_in = FeePaidIn::base;
    // 10 bp of 2 units, whatever they cost.
    EXPECT_EQ(FeeLedger().fee_of(model, deal_of(2, 50'000, Liquidity::taker)).fee, 200'000);
}

TEST(Fees, Contradictions_are_refused) {
    FeeModel unsorted;
    unsorted.tiers[0].from = Money::whole(2);
    unsorted.tiers[1].from = Money::whole(1);
    unsorted.tier_count = 2;
    EXPECT_FALSE(unsorted.check());
    FeeModel negative;
    negative.minimum = Money::whole(-1);
    EXPECT_FALSE(negative.check());
    FeeModel rate_in_another_currency;
    rate_in_another_currency.taker = Ratio::from_raw(1);
    rate_in_another_currency.paid_in = FeePaidIn::named;
    rate_in_another_currency.currency = "USD";
    EXPECT_FALSE(rate_in_another_currency.check());
    FeeModel minimum_in_base;
    minimum_in_base.minimum = Money::whole(1);
    minimum_in_base.paid_in = FeePaidIn::base;
    EXPECT_FALSE(minimum_in_base.check());
}

TEST(Fees, A_saved_ledger_goes_on_where_it_was) {
    FeeModel model;
    model.taker = Ratio::from_raw(1'000'000);
    model.tiers[0] = {Money::whole(10'000), Ratio(), Ratio::from_raw(500'000)};
    model.tier_count = 1;
    FeeLedger ledger;
    ledger.book(model, deal_of(100, 100, Liquidity::taker));
    engine::StateWriter writer;
    ledger.save(writer);
    FeeLedger loaded;
    engine::StateReader reader(writer.bytes());
    loaded.load(reader);
    EXPECT_TRUE(reader.finish("fees"));
    EXPECT_EQ(loaded.fee_of(model, deal_of(100, 100, Liquidity::taker)).fee, 500'000'000);
}

}  // namespace
}  // namespace millrace::venue
