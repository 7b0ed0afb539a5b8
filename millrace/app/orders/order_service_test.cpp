// What the server answers, stores and shows, one request after the other.
#include "tests/support/test_orders.hpp"

namespace millrace::orders {
namespace {

using execution::IntentState;
using Kind = Outcome::Kind;
using test::buy;
using test::must;

class OrderServiceTest : public test::OrdersTest {};

TEST_F(OrderServiceTest, Takes_a_key_once_and_stores_what_it_dealt) {
    start();
    quote("99.98", "99.99");
    const Outcome first = ask(buy("k1"));
    EXPECT_EQ(first.kind, Kind::taken);
    EXPECT_EQ(first.intent, 1U);
    EXPECT_EQ(first.state, IntentState::filled);
    // What was answered is in the ledger: 10 at the offer of 99.99, marked at 99.985.
    const ledger::IntentRow row = intent_row(1);
    EXPECT_EQ(row.key, "k1");
    EXPECT_EQ(row.status, "filled");
    EXPECT_EQ(row.strategy, "manual");
    auto reader = must(service_->reader());
    const auto orders = must(reader->orders_of_intent(1));
    ASSERT_EQ(orders.size(), 1U);
    EXPECT_EQ(orders[0].client_order_id, "i1-entry");
    EXPECT_EQ(orders[0].status, model::OrderStatus::filled);
    const auto deals = must(reader->executions_of_order(orders[0].id));
    ASSERT_EQ(deals.size(), 1U);
    EXPECT_EQ(deals[0].price, test::price("99.99"));
    const auto account = must(reader->find<ledger::AccountRow>("main"));
    ASSERT_TRUE(account);
    EXPECT_EQ(account->cash, test::money("99000.1"));
    EXPECT_EQ(account->equity, test::money("99999.95"));
    // The same again, and another body under that key.
    const Outcome again = ask(buy("k1"));
    EXPECT_EQ(again.kind, Kind::repeated);
    EXPECT_EQ(again.intent, 1U);
    const Outcome other = ask(buy("k1", "11"));
    EXPECT_EQ(other.kind, Kind::different);
    EXPECT_EQ(other.intent, 1U);
    EXPECT_EQ(intent_row(1), row);
    const auto report = check();
    EXPECT_EQ(report.intents, 1);
    EXPECT_EQ(report.executions, 1);
    stop();
}

TEST_F(OrderServiceTest, Plans_only_until_it_is_told_otherwise) {
    Settings settings = test::settings_in(folder_.path());
    settings.mode = Mode::plan_only;
    settings.auto_promotes = false;
    start(settings);
    quote("99.98", "99.99");
    EXPECT_EQ(ask(buy("k1")).state, IntentState::planned);
    const Outcome promoted = say("promote-intent", "1");
    EXPECT_EQ(promoted.kind, Kind::done);
    EXPECT_EQ(promoted.state, IntentState::ready);
    EXPECT_EQ(say("promote-intent", "1").kind, Kind::too_late);
    EXPECT_EQ(say("promote-intent", "2").kind, Kind::unknown);
    EXPECT_EQ(intent_row(1).status, "ready");
    EXPECT_EQ(say("set-orders", "", "sends=yes").kind, Kind::done);
    EXPECT_EQ(intent_row(1).status, "filled");
    EXPECT_EQ(check().executions, 1);
}

TEST_F(OrderServiceTest, Follows_a_bracket_to_its_target) {
    start();
    quote("99.98", "99.99");
    IntentRequest bracket = buy("k1");
    bracket.stop_loss = test::price("95");
    bracket.take_profit = test::price("105");
    EXPECT_EQ(ask(bracket).state, IntentState::filled);
    EXPECT_EQ(say("promote-intent", "1").kind, Kind::too_late);  // so that the view is new
    EXPECT_EQ(service_->view()->working_orders, 2U);
    quote("105.01", "105.02");
    // Whatever was asked later comes after that price.
    EXPECT_EQ(say("promote-intent", "9").kind, Kind::unknown);
    auto reader = must(service_->reader());
    const auto orders = must(reader->orders_of_intent(1));
    ASSERT_EQ(orders.size(), 3U);
    EXPECT_EQ(orders[1].client_order_id, "i1-stop_loss");
    EXPECT_EQ(orders[1].status, model::OrderStatus::cancelled);
    EXPECT_EQ(orders[2].status, model::OrderStatus::filled);
    // Bought at 99.99, sold at the limit.
    const auto account = must(reader->find<ledger::AccountRow>("main"));
    ASSERT_TRUE(account);
    EXPECT_EQ(account->equity, test::money("100050.1"));
    EXPECT_EQ(account->unrealised, Money());
    EXPECT_TRUE(service_->view()->positions.empty());
    check();
}

TEST_F(OrderServiceTest, Cancels_what_works) {
    start();
    quote("99.98", "99.99");
    EXPECT_EQ(ask(buy("low", "10", "98")).state, IntentState::sent);
    EXPECT_EQ(ask(buy("lower", "10", "97")).state, IntentState::sent);
    EXPECT_EQ(ask(buy("lowest", "10", "96")).state, IntentState::sent);
    const Outcome cancelled = say("cancel-intent", "1");
    EXPECT_EQ(cancelled.kind, Kind::done);
    EXPECT_EQ(cancelled.state, IntentState::cancelled);
    EXPECT_EQ(say("cancel-intent", "1").kind, Kind::too_late);
    const std::uint64_t second = execution::order_number(2, execution::IntentLeg::entry);
    const Outcome by_order = say("cancel-order", std::to_string(second));
    EXPECT_EQ(by_order.kind, Kind::done);
    EXPECT_EQ(by_order.intent, 2U);
    EXPECT_EQ(by_order.state, IntentState::cancelled);
    EXPECT_EQ(say("cancel-order", "17").kind, Kind::unknown);
    EXPECT_EQ(say("cancel-orders", "BOLT").kind, Kind::done);
    EXPECT_EQ(intent_row(3).status, "sent");
    EXPECT_EQ(say("cancel-orders", "all").kind, Kind::done);
    EXPECT_EQ(intent_row(3).status, "cancelled");
    EXPECT_EQ(service_->view()->working_orders, 0U);
    check();
}

TEST_F(OrderServiceTest, Says_why_the_guardian_refuses) {
    start();
    quote("99.98", "99.99");
    EXPECT_EQ(say("set-limit", "symbol:ACME", "max-order-qty 20").kind, Kind::done);
    const Outcome refused = ask(buy("k1", "21"));
    EXPECT_EQ(refused.kind, Kind::taken);
    EXPECT_EQ(refused.state, IntentState::rejected);
    EXPECT_EQ(refused.reason, model::OrderReason::max_order_qty);
    ASSERT_TRUE(refused.judgement);
    EXPECT_EQ(refused.judgement->objections,
              (std::vector<Objection>{{"MAX_ORDER_QTY", "symbol:ACME", "20", "21"}}));
    auto reader = must(service_->reader());
    ledger::PageRequest page;
    const auto events = must(reader->list<ledger::RiskEventRow>({}, page));
    ASSERT_FALSE(events.rows.empty());
    EXPECT_EQ(events.rows[0].rule, "MAX_ORDER_QTY");
    EXPECT_EQ(events.rows[0].key, "ACME");
    EXPECT_EQ(events.rows[0].limit_value, "20");
    // A check of an outside system hears the same and changes nothing of ours.
    const Outcome judged = say("check-order", "theirs", "main manual ACME buy 21 limit 100");
    EXPECT_EQ(judged.kind, Kind::judged);
    ASSERT_TRUE(judged.judgement);
    EXPECT_EQ(judged.judgement->decision, risk::Decision::reject);
    EXPECT_EQ(check().orders, 1);
}

TEST_F(OrderServiceTest, Shows_a_limit_with_its_version_and_audits_who_set_it) {
    start();
    EXPECT_EQ(say("set-limit", "global", "max-order-qty 5", "bob").kind, Kind::done);
    const Outcome wrong = say("set-limit", "global", "max-order-size 5", "bob");
    EXPECT_EQ(wrong.kind, Kind::refused);
    EXPECT_NE(wrong.message.find("there is no limit \"max-order-size\""), std::string::npos)
        << wrong.message;
    bool is_shown = false;
    for (const LimitView& limit : service_->view()->limits)
        if (limit.scope == "global" && limit.limit == "max-order-qty")
            is_shown = limit.value == "5" && limit.actor == "bob";
    EXPECT_TRUE(is_shown);
    auto reader = must(service_->reader());
    bool is_stored = false;
    for (const ledger::LimitRow& limit : must(reader->limits_in_force()))
        if (limit.rule == "max-order-qty")
            is_stored = limit.value == "5" && limit.version == 2 && limit.changed_by == "bob";
    EXPECT_TRUE(is_stored);
    const auto trail = must(reader->list<ledger::AuditRow>({}, ledger::PageRequest{}));
    ASSERT_GE(trail.rows.size(), 2U);
    EXPECT_EQ(trail.rows[0].action, "set-limit.refused");
    EXPECT_EQ(trail.rows[1].action, "limit.set");
    EXPECT_EQ(trail.rows[1].actor, "bob");
    EXPECT_EQ(trail.rows[1].before, "10000");
    // A restart says the defaults again, but what an operator has set stands.
    stop();
    start();
    EXPECT_EQ(ask(buy("k1", "6")).reason, model::OrderReason::no_price);
    quote("99.98", "99.99");
    EXPECT_EQ(ask(buy("k2", "6")).reason, model::OrderReason::max_order_qty);
}

TEST_F(OrderServiceTest, A_kill_switch_cancels_and_survives_a_restart) {
    start();
    quote("99.98", "99.99");
    EXPECT_EQ(ask(buy("low", "10", "98")).state, IntentState::sent);
    EXPECT_EQ(say("engage-kill-switch", "global", "fire in the house").kind, Kind::done);
    EXPECT_EQ(intent_row(1).status, "cancelled");
    EXPECT_EQ(ask(buy("k2")).reason, model::OrderReason::kill_switch);
    ASSERT_EQ(service_->view()->stops.size(), 1U);
    EXPECT_TRUE(service_->view()->stops[0].is_proven);
    stop();
    start();
    quote("99.98", "99.99");
    ASSERT_EQ(service_->view()->stops.size(), 1U);
    EXPECT_EQ(service_->view()->stops[0].reason, "fire in the house");
    EXPECT_EQ(ask(buy("k3")).reason, model::OrderReason::kill_switch);
    EXPECT_EQ(say("release-kill-switch", "global", "it is out").kind, Kind::refused);
    EXPECT_EQ(say("release-kill-switch", "global", "admin it is out").kind, Kind::done);
    EXPECT_TRUE(service_->view()->stops.empty());
    EXPECT_EQ(ask(buy("k4")).state, IntentState::filled);
    auto reader = must(service_->reader());
    const auto trail = must(reader->list<ledger::AuditRow>({}, ledger::PageRequest{}));
    EXPECT_EQ(trail.rows[0].action, "kill_switch.release");
    EXPECT_EQ(trail.rows[0].after, "it is out");
    check();
}

TEST_F(OrderServiceTest, Refuses_what_no_order_can_be_made_of_and_takes_no_key) {
    start();
    const auto field_of = [&](const IntentRequest& request) {
        const Submitted taken = service_->submit(request, {});
        EXPECT_FALSE(taken);
        if (taken) return std::string("taken");
        EXPECT_EQ(taken.error().why, Refusal::Why::invalid);
        return taken.error().field;
    };
    IntentRequest request = buy("k1");
    request.symbol = "NONE";
    EXPECT_EQ(field_of(request), "symbol");
    EXPECT_EQ(field_of(buy("k1", "1.5")), "quantity");
    EXPECT_EQ(field_of(buy("k1", "1", "100.001")), "limit_price");
    request = buy("k1");
    request.account = "other";
    EXPECT_EQ(field_of(request), "account");
    request = buy("");
    EXPECT_EQ(field_of(request), "key");
    request = buy("k1");
    request.strategy = "two words";
    EXPECT_EQ(field_of(request), "strategy");
    EXPECT_EQ(ask(buy("k1")).kind, Kind::taken);
}

TEST_F(OrderServiceTest, A_new_strategy_has_books_of_its_own) {
    start();
    quote("99.98", "99.99");
    IntentRequest request = buy("k1");
    request.strategy = "inside_bar";
    EXPECT_EQ(ask(request).state, IntentState::filled);
    EXPECT_EQ(ask(buy("k2")).state, IntentState::filled);
    stop();
    start();
    request.key = "k3";
    quote("99.98", "99.99");
    EXPECT_EQ(ask(request).state, IntentState::filled);
    const auto view = service_->view();
    EXPECT_EQ(view->strategies, (std::vector<std::string>{"manual", "inside_bar"}));
    auto reader = must(service_->reader());
    const auto page = must(reader->list<ledger::PositionRow>({}, ledger::PageRequest{}));
    ASSERT_EQ(page.rows.size(), 2U);
    for (const ledger::PositionRow& row : page.rows)
        EXPECT_EQ(row.quantity, Quantity::whole(row.strategy == "manual" ? 10 : 20));
    check();
}

TEST_F(OrderServiceTest, Prices_alone_reach_the_ledger_with_all_that_stands_at_them) {
    start();
    quote("99.98", "100.00");
    EXPECT_EQ(ask(buy("k1")).state, IntentState::filled);
    quote("109.98", "110.00");
    quote("49.98", "50.00", 1);
    // A deal in the other instrument tells of every price that has moved.
    IntentRequest other = buy("k2", "1", "50");
    other.symbol = "BOLT";
    EXPECT_EQ(ask(other).state, IntentState::filled);
    auto reader = must(service_->reader());
    const auto account = must(reader->find<ledger::AccountRow>("main"));
    ASSERT_TRUE(account);
    // 10 of 100 at 109.99, and 1 of 50 at 49.99.
    EXPECT_EQ(account->equity, test::money("100099.89"));
    check();
}

TEST_F(OrderServiceTest, Sends_nothing_to_a_broker) {
    Settings settings = test::settings_in(folder_.path());
    settings.mode = Mode::live_send;
    const auto refused = OrderService::start(settings);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().why, "there is no adapter of a broker in this version");
}

TEST_F(OrderServiceTest, Sending_needs_every_switch) {
    Settings settings = test::settings_in(folder_.path());
    settings.allows_sending = false;
    start(settings);
    quote("99.98", "99.99");
    EXPECT_EQ(ask(buy("k1")).state, IntentState::ready);
    stop();
    settings.allows_sending = true;
    settings.forbids_sending = true;
    start(settings);
    EXPECT_EQ(ask(buy("k2")).state, IntentState::ready);
    stop();
    settings.forbids_sending = false;
    start(settings);
    EXPECT_EQ(intent_row(1).status, "filled");  // what was ready goes out
    EXPECT_EQ(intent_row(2).status, "filled");
    check();
}

}  // namespace
}  // namespace millrace::orders
