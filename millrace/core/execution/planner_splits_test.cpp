// A plan across a split: what it holds, what it has ordered and what it sizes by.
#include <gtest/gtest.h>

#include "millrace/core/execution/test_plans.hpp"

namespace millrace::execution {
namespace {

void split(PlanRun& run, std::uint32_t new_units, std::uint32_t old_units) {
    model::CorporateAction action;
    action.currency = "USD";
    action.new_units = new_units;
    action.old_units = old_units;
    run.tell(action);
}

TEST(PlanSplits, Closes_what_is_held_after_it) {
    PlanRun run(plan());
    run.go_long();
    split(run, 7, 1);
    EXPECT_EQ(run.position(), Quantity::whole(70));
    EXPECT_EQ(run.give(SignalAction::close), PlanOutcome::closed);
    ASSERT_EQ(run.sent.size(), 2U);
    EXPECT_EQ(run.sent[1].side, Side::sell);
    EXPECT_EQ(run.sent[1].quantity, Quantity::whole(70));
    run.deal_all(run.sent[1]);
    EXPECT_EQ(run.position(), Quantity());
    EXPECT_TRUE(run.alerts.empty());
}

TEST(PlanSplits, A_short_is_bought_back_whole) {
    PlanRun run(plan());
    EXPECT_EQ(run.give(SignalAction::sell), PlanOutcome::entered);
    run.deal_all(run.sent[0]);
    split(run, 2, 1);
    EXPECT_EQ(run.give(SignalAction::close), PlanOutcome::closed);
    EXPECT_EQ(run.sent[1].side, Side::buy);
    EXPECT_EQ(run.sent[1].quantity, Quantity::whole(20));
}

// Ten at 99 become twenty at 49.50, as the venue tells.
TEST(PlanSplits, A_resting_entry_deals_in_new_units) {
    PlanSettings settings = plan();
    settings.entry = EntryKind::limit;
    PlanRun run(settings);
    model::Signal wish = signal(SignalAction::buy);
    wish.price = price("99");
    EXPECT_EQ(run.give(wish), PlanOutcome::entered);
    model::Order order = run.sent[0];
    run.report(order, OrderStatus::accepted);
    run.fill(order, Quantity::whole(4));
    run.report(order, OrderStatus::partially_filled, Quantity::whole(4));
    split(run, 2, 1);
    order.quantity = Quantity::whole(20);
    order.limit_price = price("49.50");
    run.report(order, OrderStatus::partially_filled, Quantity::whole(8),
               OrderReason::corporate_action);
    EXPECT_EQ(run.position(), Quantity::whole(8));
    run.fill(order, Quantity::whole(12));
    run.report(order, OrderStatus::filled, Quantity::whole(20));
    EXPECT_EQ(run.position(), Quantity::whole(20));
    EXPECT_EQ(run.give(SignalAction::close), PlanOutcome::closed);
    EXPECT_EQ(run.sent[1].quantity, Quantity::whole(20));
    EXPECT_TRUE(run.alerts.empty());
}

// A tenth of 100,000 at 100 are 100; at 50, though no price was told since, 200.
TEST(PlanSplits, Sizes_by_the_price_of_after_it) {
    PlanSettings settings = plan();
    settings.sizing = Sizing::equity_share;
    settings.share = Ratio::from_raw(Ratio::kOne / 10);
    settings.quantity = {};
    PlanRun run(settings);
    run.balance("100000", "100000");
    run.quote("100", "100");
    split(run, 2, 1);
    EXPECT_EQ(run.give(SignalAction::buy), PlanOutcome::entered);
    EXPECT_EQ(run.sent[0].quantity, Quantity::whole(200));
}

}  // namespace
}  // namespace millrace::execution
