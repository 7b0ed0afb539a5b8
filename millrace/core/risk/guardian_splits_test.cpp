// Limits hold across a split: what is held and what works is counted in the new units, and worth
// what it was.
#include <gtest/gtest.h>

#include "millrace/core/risk/test_guard.hpp"

namespace millrace::risk {
namespace {

void split(GuardRun& run, std::uint32_t new_units, std::uint32_t old_units) {
    model::CorporateAction action;
    action.currency = "USD";
    action.new_units = new_units;
    action.old_units = old_units;
    run.tell(action);
}

TEST(GuardianSplits, What_is_held_counts_in_new_units) {
    GuardRun run({"max-position=250"});
    run.open().hold(100);
    split(run, 2, 1);
    EXPECT_EQ(run.buy(51), "MAX_POSITION");  // 200 and 51
    EXPECT_EQ(run.buy(50), "");
}

TEST(GuardianSplits, A_short_counts_in_new_units) {
    GuardRun run({"max-position=250"});
    run.open().hold(-100);
    split(run, 2, 1);
    EXPECT_EQ(run.sell(51), "MAX_POSITION");
    EXPECT_EQ(run.sell(50), "");
}

// 100 at 100 are 10,000; 200 at 50 are too, though no price was told yet.
TEST(GuardianSplits, What_is_held_is_worth_the_same) {
    GuardRun run({"gross-exposure-amount=10050"});
    run.open().hold(100);
    split(run, 2, 1);
    EXPECT_EQ(run.buy(2), "GROSS_EXPOSURE");
    EXPECT_EQ(run.buy(1), "");
}

// 50 that work become 100; 100 and 150 are all that may be bought. When they have dealt nothing is
// reserved any more, and 100 are held.
TEST(GuardianSplits, What_works_is_reserved_in_new_units) {
    GuardRun run({"max-position=250"});
    run.open();
    model::Order order = run.limit_order(Side::buy, 50, "90");
    ASSERT_EQ(run.ask(order), "");
    run.report(order, OrderStatus::accepted);
    split(run, 2, 1);
    order.quantity = Quantity::whole(100);
    order.limit_price = price("45");
    order.reason = model::OrderReason::corporate_action;
    run.report(order, OrderStatus::accepted);
    EXPECT_EQ(run.buy(151), "MAX_POSITION");
    order.reason = model::OrderReason::none;
    run.deal(order, 100, "45");
    run.report(order, OrderStatus::filled, 100);
    EXPECT_EQ(run.buy(151), "MAX_POSITION");
    EXPECT_EQ(run.buy(150), "");
    EXPECT_TRUE(run.is_sound());
}

// 20 of 50 have dealt before it: 40 of 100 after it, and 60 are still to come.
TEST(GuardianSplits, A_part_that_has_dealt_is_counted_once) {
    GuardRun run({"max-position=250"});
    run.open();
    model::Order order = run.limit_order(Side::buy, 50, "90");
    ASSERT_EQ(run.ask(order), "");
    run.report(order, OrderStatus::accepted);
    run.deal(order, 20, "90");
    run.report(order, OrderStatus::partially_filled, 20);
    split(run, 2, 1);
    order.quantity = Quantity::whole(100);
    order.limit_price = price("45");
    order.reason = model::OrderReason::corporate_action;
    run.report(order, OrderStatus::partially_filled, 40);
    EXPECT_EQ(run.buy(151), "MAX_POSITION");
    order.reason = model::OrderReason::none;
    run.report(order, OrderStatus::cancelled, 40);
    EXPECT_EQ(run.buy(211), "MAX_POSITION");  // 40 are held
    EXPECT_EQ(run.buy(210), "");
}

TEST(GuardianSplits, A_dividend_moves_nothing) {
    GuardRun run({"max-position=100"});
    run.open().hold(60);
    model::CorporateAction action;
    action.kind = model::ActionKind::dividend;
    action.currency = "USD";
    action.amount = price("1");
    run.tell(action);
    EXPECT_EQ(run.buy(41), "MAX_POSITION");
    EXPECT_EQ(run.buy(40), "");
}

}  // namespace
}  // namespace millrace::risk
