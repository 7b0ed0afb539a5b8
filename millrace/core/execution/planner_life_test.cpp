#include <gtest/gtest.h>

#include "millrace/core/execution/test_plans.hpp"

namespace millrace::execution {
namespace {

using model::Contingency;
using model::TimeInForce;

constexpr std::uint64_t kFirstNumber = (std::uint64_t{1} << 52) + (std::uint64_t{3} << 36) + 1;

TEST(PlanLife, Reverses_by_a_close_and_an_entry) {
    PlanRun run(plan());
    run.go_long();
    EXPECT_EQ(run.give(SignalAction::sell), PlanOutcome::entered);
    ASSERT_EQ(run.sent.size(), 3U);
    EXPECT_EQ(run.sent[1].side, Side::sell);
    EXPECT_TRUE(run.sent[1].reduce_only);
    EXPECT_EQ(run.sent[1].quantity, Quantity::whole(10));
    EXPECT_EQ(run.sent[2].side, Side::sell);
    EXPECT_FALSE(run.sent[2].reduce_only);
    run.deal_all(run.sent[1]);
    run.deal_all(run.sent[2]);
    EXPECT_EQ(run.position(), Quantity::whole(-10));
}

TEST(PlanLife, Only_closes_at_an_opposite_signal_when_it_does_not_reverse) {
    PlanSettings settings = plan();
    settings.reverses = false;
    PlanRun run(settings);
    run.go_long();
    EXPECT_EQ(run.give(SignalAction::sell), PlanOutcome::closed);
    ASSERT_EQ(run.sent.size(), 2U);
    EXPECT_TRUE(run.sent[1].reduce_only);
    EXPECT_EQ(run.give(SignalAction::sell), PlanOutcome::still_closing);
    run.deal_all(run.sent[1]);
    EXPECT_EQ(run.give(SignalAction::sell), PlanOutcome::entered);
}

TEST(PlanLife, Takes_a_resting_entry_back_before_it_turns) {
    PlanSettings settings = plan();
    settings.entry = EntryKind::limit;
    PlanRun run(settings);
    model::Signal wish = signal(SignalAction::buy);
    wish.price = price("99");
    EXPECT_EQ(run.give(wish), PlanOutcome::entered);
    wish = signal(SignalAction::sell);
    wish.price = price("101");
    EXPECT_EQ(run.give(wish), PlanOutcome::entered);
    EXPECT_EQ(run.cancels, (std::vector<std::uint64_t>{kFirstNumber}));
    ASSERT_EQ(run.sent.size(), 2U);
    EXPECT_EQ(run.sent[1].limit_price, Maybe<Price>(price("101")));
}

// The cancel was too late by a deal of four: they are against the plan and are sold again.
TEST(PlanLife, Closes_what_an_entry_deals_after_it_was_given_up) {
    PlanSettings settings = plan();
    settings.entry = EntryKind::limit;
    PlanRun run(settings);
    model::Signal wish = signal(SignalAction::buy);
    wish.price = price("99");
    (void)run.give(wish);
    EXPECT_EQ(run.give(SignalAction::close), PlanOutcome::closed);
    run.fill(run.sent[0], Quantity::whole(4));
    ASSERT_EQ(run.sent.size(), 2U);
    EXPECT_EQ(run.sent[1].side, Side::sell);
    EXPECT_EQ(run.sent[1].quantity, Quantity::whole(4));
    EXPECT_TRUE(run.sent[1].reduce_only);
    run.report(run.sent[0], OrderStatus::cancelled, Quantity::whole(4));
    run.deal_all(run.sent[1]);
    EXPECT_EQ(run.position(), Quantity());
    EXPECT_TRUE(run.alerts.empty());
}

TEST(PlanLife, Flattens_at_a_close_and_takes_entries_and_protection_away_first) {
    PlanSettings settings = plan();
    settings.entry = EntryKind::limit;
    PlanRun run(settings);
    model::Signal wish = signal(SignalAction::buy);
    wish.price = price("100");
    wish.stop_loss = price("95");
    wish.take_profit = price("110");
    (void)run.give(wish);
    ASSERT_EQ(run.sent.size(), 3U);
    run.fill(run.sent[0], Quantity::whole(6));
    run.report(run.sent[0], OrderStatus::partially_filled, Quantity::whole(6));
    EXPECT_EQ(run.give(SignalAction::close), PlanOutcome::closed);
    EXPECT_EQ(run.cancels,
              (std::vector<std::uint64_t>{kFirstNumber, kFirstNumber + 1, kFirstNumber + 2}));
    ASSERT_EQ(run.sent.size(), 4U);
    EXPECT_EQ(run.sent[3].quantity, Quantity::whole(6));
    EXPECT_EQ(run.sent[3].type, OrderType::market);
    EXPECT_TRUE(run.sent[3].reduce_only);
    EXPECT_EQ(run.give(SignalAction::close), PlanOutcome::still_closing);
    EXPECT_EQ(run.planner->counts(kStrategy).cancels, 3U);
}

TEST(PlanLife, Guards_an_entry_by_a_stop_and_a_target_that_end_each_other) {
    PlanRun run(plan());
    run.quote("99.99", "100.01");
    model::Signal wish = signal(SignalAction::buy);
    wish.stop_loss = price("95");
    wish.take_profit = price("110");
    EXPECT_EQ(run.give(wish), PlanOutcome::entered);
    ASSERT_EQ(run.sent.size(), 3U);
    const model::Order& stop = run.sent[1];
    const model::Order& target = run.sent[2];
    EXPECT_EQ(stop.type, OrderType::stop);
    EXPECT_EQ(stop.stop_price, Maybe<Price>(price("95")));
    EXPECT_EQ(target.type, OrderType::limit);
    EXPECT_EQ(target.limit_price, Maybe<Price>(price("110")));
    for (const model::Order& child : {stop, target}) {
        EXPECT_EQ(child.side, Side::sell);
        EXPECT_EQ(child.quantity, Quantity::whole(10));
        EXPECT_EQ(child.parent_id, kFirstNumber);
        EXPECT_EQ(child.group_id, kFirstNumber);
        EXPECT_EQ(child.contingency, Contingency::oco_reduce);
        EXPECT_EQ(child.time_in_force, TimeInForce::gtc);
        EXPECT_TRUE(child.reduce_only);
    }
}

TEST(PlanLife, Guards_by_a_stop_alone_without_a_group) {
    PlanRun run(plan());
    run.quote("99.99", "100.01");
    model::Signal wish = signal(SignalAction::sell);
    wish.stop_loss = price("105");
    EXPECT_EQ(run.give(wish), PlanOutcome::entered);
    ASSERT_EQ(run.sent.size(), 2U);
    EXPECT_EQ(run.sent[1].side, Side::buy);
    EXPECT_EQ(run.sent[1].group_id, 0U);
    EXPECT_EQ(run.sent[1].contingency, Contingency::none);
}

// The stop took the position; the plan is out, so the same signal enters again.
TEST(PlanLife, Enters_anew_after_its_stop_dealt) {
    PlanRun run(plan());
    run.quote("99.99", "100.01");
    model::Signal wish = signal(SignalAction::buy);
    wish.stop_loss = price("95");
    (void)run.give(wish);
    run.deal_all(run.sent[0]);
    EXPECT_EQ(run.give(wish), PlanOutcome::already_in);
    run.deal_all(run.sent[1]);
    EXPECT_EQ(run.position(), Quantity());
    EXPECT_EQ(run.give(wish), PlanOutcome::entered);
    EXPECT_EQ(run.sent.size(), 4U);
}

TEST(PlanLife, Cries_out_when_a_close_ends_and_the_position_is_still_there) {
    PlanRun run(plan());
    run.go_long();
    (void)run.give(SignalAction::close);
    run.report(run.sent[1], OrderStatus::rejected, {}, OrderReason::market_closed);
    ASSERT_EQ(run.alerts.size(), 1U);
    EXPECT_EQ(run.alerts[0].code, Text<32>("position_left_open"));
    EXPECT_EQ(run.alerts[0].severity, model::Severity::critical);
    EXPECT_EQ(run.alerts[0].scope, Text<64>("TEST"));
    EXPECT_EQ(run.alerts[0].message.view(),
              "strategy 3: the close ended rejected (market_closed), 10 are still held without "
              "protection");
    EXPECT_EQ(run.planner->counts().closes_failed, 1U);
    EXPECT_EQ(run.give(SignalAction::close), PlanOutcome::closed);
    EXPECT_EQ(run.sent.size(), 3U);
}

// The report of the whole deal comes first: until the deal itself is here, the close counts as
// under way.
TEST(PlanLife, Waits_for_deals_that_reports_have_told_of) {
    PlanRun run(plan());
    run.go_long();
    (void)run.give(SignalAction::close);
    run.report(run.sent[1], OrderStatus::filled, Quantity::whole(10));
    EXPECT_EQ(run.give(SignalAction::close), PlanOutcome::still_closing);
    run.fill(run.sent[1], Quantity::whole(10));
    EXPECT_EQ(run.give(SignalAction::close), PlanOutcome::nothing_to_close);
    EXPECT_TRUE(run.alerts.empty());
}

// A stop order of the entry could deal before the close does.
TEST(PlanLife, Lets_an_entry_at_a_price_wait_until_the_other_side_is_closed) {
    PlanSettings settings = plan();
    settings.entry = EntryKind::stop;
    PlanRun run(settings);
    model::Signal wish = signal(SignalAction::buy);
    wish.price = price("101");
    (void)run.give(wish);
    run.deal_all(run.sent[0]);
    wish = signal(SignalAction::sell);
    wish.price = price("99");
    wish.stop_loss = price("102");
    EXPECT_EQ(run.give(wish), PlanOutcome::entered);
    ASSERT_EQ(run.sent.size(), 2U);  // the close alone
    EXPECT_EQ(run.give(wish), PlanOutcome::already_entering);
    run.fill(run.sent[1], Quantity::whole(4));
    EXPECT_EQ(run.sent.size(), 2U);
    run.fill(run.sent[1], Quantity::whole(6));
    ASSERT_EQ(run.sent.size(), 4U);
    EXPECT_EQ(run.sent[2].stop_price, Maybe<Price>(price("99")));
    EXPECT_EQ(run.sent[2].quantity, Quantity::whole(10));
    EXPECT_EQ(run.sent[3].parent_id, run.sent[2].order_id);
    EXPECT_EQ(run.planner->counts().entries, 2U);
}

// Long, with an entry to sell that waits for the close.
PlanRun waiting_run() {
    PlanSettings settings = plan();
    settings.entry = EntryKind::limit;
    settings.valid_for = Duration::seconds(30);
    PlanRun run(settings);
    model::Signal wish = signal(SignalAction::buy);
    wish.price = price("100");
    (void)run.give(wish);
    run.deal_all(run.sent[0]);
    wish.action = SignalAction::sell;
    EXPECT_EQ(run.give(wish), PlanOutcome::entered);
    EXPECT_EQ(run.sent.size(), 2U);
    return run;
}

TEST(PlanLife, Drops_an_entry_that_waits_when_the_signals_say_otherwise) {
    PlanRun closed = waiting_run();
    EXPECT_EQ(closed.give(SignalAction::close), PlanOutcome::closed);
    closed.deal_all(closed.sent[1]);
    EXPECT_EQ(closed.sent.size(), 2U);

    PlanRun turned = waiting_run();
    EXPECT_EQ(turned.give(SignalAction::buy), PlanOutcome::still_closing);
    turned.deal_all(turned.sent[1]);
    EXPECT_EQ(turned.sent.size(), 2U);

    PlanRun failed = waiting_run();
    failed.report(failed.sent[1], OrderStatus::rejected);
    EXPECT_EQ(failed.planner->counts().closes_failed, 1U);
    EXPECT_EQ(failed.give(SignalAction::close), PlanOutcome::closed);
    failed.deal_all(failed.sent[2]);
    EXPECT_EQ(failed.sent.size(), 3U);
}

TEST(PlanLife, Counts_an_entry_whose_time_was_over_before_the_close_dealt) {
    PlanRun run = waiting_run();
    run.tell_time(second(30));
    run.deal_all(run.sent[1]);
    EXPECT_EQ(run.sent.size(), 2U);
    EXPECT_EQ(run.planner->counts().lapsed, 1U);
}

// Six of ten are bought and stopped out again: the other four would have no stop.
TEST(PlanLife, Takes_the_rest_of_an_entry_back_when_its_protection_deals) {
    PlanSettings settings = plan();
    settings.entry = EntryKind::limit;
    PlanRun run(settings);
    model::Signal wish = signal(SignalAction::buy);
    wish.price = price("100");
    wish.stop_loss = price("95");
    (void)run.give(wish);
    run.fill(run.sent[0], Quantity::whole(6));
    run.fill(run.sent[1], Quantity::whole(6));
    EXPECT_EQ(run.cancels, (std::vector<std::uint64_t>{kFirstNumber}));
    // The venue ends what may only reduce when nothing is left; that is no loss of protection.
    run.report(run.sent[1], OrderStatus::cancelled, Quantity::whole(6),
               OrderReason::would_not_reduce);
    EXPECT_TRUE(run.alerts.empty());
    // One more is bought before the cancel arrives: it is sold, though the plan is for buying.
    run.fill(run.sent[0], Quantity::whole(1));
    ASSERT_EQ(run.sent.size(), 3U);
    EXPECT_EQ(run.sent[2].side, Side::sell);
    EXPECT_EQ(run.sent[2].quantity, Quantity::whole(1));
    EXPECT_TRUE(run.sent[2].reduce_only);
}

TEST(PlanLife, Cries_out_when_a_position_loses_its_protection) {
    PlanSettings settings = plan();
    settings.entry = EntryKind::limit;
    PlanRun run(settings);
    model::Signal wish = signal(SignalAction::buy);
    wish.price = price("100");
    wish.stop_loss = price("95");
    (void)run.give(wish);
    run.fill(run.sent[0], Quantity::whole(6));
    run.report(run.sent[1], OrderStatus::rejected, {}, OrderReason::risk);
    ASSERT_EQ(run.alerts.size(), 1U);
    EXPECT_EQ(run.alerts[0].code, Text<32>("protection_lost"));
    EXPECT_EQ(run.alerts[0].message.view(),
              "strategy 3: a stop or target ended rejected (risk), 6 are held");
    EXPECT_EQ(run.cancels, (std::vector<std::uint64_t>{kFirstNumber}));
    EXPECT_EQ(run.planner->counts().protections_lost, 1U);
}

// The sibling's deal, the end of the parent and our own cancel are no loss.
TEST(PlanLife, Is_silent_when_protection_ends_as_it_should) {
    for (const auto reason : {OrderReason::oco_sibling, OrderReason::parent_ended}) {
        PlanRun run(plan());
        run.quote("100", "100");
        model::Signal wish = signal(SignalAction::buy);
        wish.stop_loss = price("95");
        (void)run.give(wish);
        run.fill(run.sent[0], Quantity::whole(6));
        run.report(run.sent[1], OrderStatus::cancelled, {}, reason);
        EXPECT_TRUE(run.alerts.empty());
    }
    PlanRun run(plan());
    run.quote("100", "100");
    model::Signal wish = signal(SignalAction::buy);
    wish.stop_loss = price("95");
    (void)run.give(wish);
    run.fill(run.sent[0], Quantity::whole(6));
    (void)run.give(SignalAction::close);
    run.report(run.sent[1], OrderStatus::cancelled, {}, OrderReason::user);
    EXPECT_TRUE(run.alerts.empty());
}

TEST(PlanLife, Keeps_a_waiting_entry_in_a_snapshot) {
    PlanRun first = waiting_run();
    engine::StateWriter saved;
    first.engine->save(saved);
    PlanRun second = waiting_run();
    second.deal_all(second.sent[1]);
    engine::StateReader reader(saved.bytes());
    ASSERT_TRUE(second.engine->load(reader));
    EXPECT_EQ(second.engine->state_hash(), first.engine->state_hash());
    second.deal_all(first.sent[1]);
    first.deal_all(first.sent[1]);
    EXPECT_EQ(second.engine->running_hash(), first.engine->running_hash());
    EXPECT_EQ(first.sent.size(), 3U);
}

}  // namespace
}  // namespace millrace::execution
