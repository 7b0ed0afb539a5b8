// Kill switches, limits and outside systems, by commands.
#include <gtest/gtest.h>

#include "millrace/core/risk/test_guard.hpp"

namespace millrace::risk {
namespace {

TEST(KillSwitch, Refuses_everything_of_its_scope_and_cancels_what_works) {
    GuardRun run;
    run.open();
    std::vector<model::Order> working;
    for (int i = 0; i < 3; ++i) {
        working.push_back(run.limit_order(Side::buy, 10, "99"));
        EXPECT_EQ(run.ask(working.back()), "");
    }
    model::Order other = run.order(Side::buy, 10);
    other.strategy = StrategyId(2);
    EXPECT_EQ(run.ask(other), "");
    run.orders.clear();
    run.command("engage-kill-switch", "strategy:one", "it went mad");
    ASSERT_EQ(run.orders.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(run.orders[i].status, OrderStatus::cancel_requested);
        EXPECT_EQ(run.orders[i].order_id, working[i].order_id);
    }
    EXPECT_EQ(run.told("KILL_SWITCH_ENGAGED", Severity::critical), 1U);
    EXPECT_EQ(run.buy(1), "KILL_SWITCH");
    other.order_id = 900;
    EXPECT_EQ(run.ask(other), "");
    // Proven when the last of them has ended.
    const Scope scope{ScopeKind::strategy, 1};
    EXPECT_EQ(run.guardian->working_count(scope), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(run.told("KILL_SWITCH_PROVEN", Severity::info), 0U);
        run.report(working[i], OrderStatus::cancelled);
    }
    EXPECT_EQ(run.guardian->working_count(scope), 0U);
    EXPECT_EQ(run.told("KILL_SWITCH_PROVEN", Severity::info), 1U);
}

TEST(KillSwitch, Is_released_by_an_administrator_with_a_reason) {
    GuardRun run;
    run.open();
    run.command("engage-kill-switch", "global", "");
    EXPECT_EQ(run.told("RISK_COMMAND_REFUSED", Severity::warning), 1U);
    EXPECT_EQ(run.buy(1), "");
    run.command("engage-kill-switch", "global", "drill");
    EXPECT_EQ(run.buy(1), "KILL_SWITCH");
    for (const char* words : {"", "please", "admin", "admin "}) {
        run.command("release-kill-switch", "global", words);
        EXPECT_EQ(run.buy(1), "KILL_SWITCH") << words;
    }
    run.command("release-kill-switch", "account:main", "admin wrong scope");
    EXPECT_EQ(run.buy(1), "KILL_SWITCH");
    run.command("release-kill-switch", "global", "admin drill is over");
    EXPECT_EQ(run.buy(1), "");
}

TEST(KillSwitch, Cancels_more_orders_than_fit_into_one_step) {
    GuardRun run;
    run.open();
    for (int i = 0; i < 5'000; ++i)
        run.tell(run.limit_order(Side::buy, 1, "99"));
    run.orders.clear();
    run.command("engage-kill-switch", "global", "test");
    EXPECT_EQ(run.orders.size(), 256U);
    run.tell(model::Clock());  // the same moment, a little later
    EXPECT_EQ(run.orders.size(), 5'000U);
    EXPECT_TRUE(run.is_sound());
}

TEST(KillSwitch, Flattens_when_asked_by_orders_that_pass_it) {
    GuardRun run;
    run.open();
    run.hold(70);
    run.hold(-30, 1, 2);
    run.command("engage-kill-switch", "global", "flatten sell all of it");
    ASSERT_EQ(run.orders.size(), 2U);
    EXPECT_EQ(run.orders[0].quantity, Quantity::whole(70));
    EXPECT_EQ(run.orders[0].side, Side::sell);
    EXPECT_EQ(run.orders[1].quantity, Quantity::whole(30));
    EXPECT_EQ(run.orders[1].side, Side::buy);
    for (const model::Order& order : run.orders) {
        EXPECT_EQ(order.status, OrderStatus::pending);
        EXPECT_TRUE(order.reduce_only);
    }
    EXPECT_EQ(run.guardian->reason_against(run.orders[1].order_id), model::OrderReason::none);
    EXPECT_EQ(run.guardian->working_count(), 2U);
    model::Order forged = run.order(Side::sell, 70);
    forged.order_id = Guardian::kOwnNumbersFrom + 77;
    EXPECT_EQ(run.ask(forged), "KILL_SWITCH");
}

TEST(Guardian, Disables_accounts_strategies_and_symbols_each_with_its_code) {
    for (const auto& [target, code] : {std::pair{"account:main", "ACCOUNT_DISABLED"},
                                       {"strategy:one", "STRATEGY_DISABLED"},
                                       {"symbol:S0", "SYMBOL_DISABLED"}}) {
        GuardRun run;
        run.open();
        run.command("disable-trading", target, "maintenance");
        EXPECT_EQ(run.buy(1), code);
        run.command("enable-trading", target, "admin done");
        EXPECT_EQ(run.buy(1), "");
    }
}

TEST(Guardian, Changes_limits_by_command_and_keeps_who_and_when) {
    GuardRun run({"max-order-qty=10"});
    run.open();
    EXPECT_EQ(run.buy(11), "MAX_ORDER_QTY");
    run.now = second(5);
    run.command("set-limit", "strategy:one", "max-order-qty 20");
    EXPECT_EQ(run.buy(11), "MAX_ORDER_QTY");  // the global one is tighter
    run.command("set-limit", "global", "max_order_qty 15.5");
    EXPECT_EQ(run.buy(11), "");
    const LimitRecord* record = run.guardian->limit_book().find({}, Limit::max_order_qty);
    ASSERT_NE(record, nullptr);
    EXPECT_EQ(record->version, 3U);
    EXPECT_EQ(record->actor.view(), "tester");
    EXPECT_EQ(record->since, second(5));
    run.command("set-limit", "global", "max-order-qty none");
    EXPECT_EQ(run.buy(20), "");
    EXPECT_EQ(run.buy(21), "MAX_ORDER_QTY");
    EXPECT_EQ(run.told("LIMIT_CHANGED", Severity::info), 3U);
}

TEST(Guardian, Refuses_commands_that_mean_nothing) {
    GuardRun run;
    run.open();
    std::size_t refused = 0;
    for (const auto& [target, words] : {std::pair{"global", "max-order-qty"},
                                        {"global", "max-order-qty -1"},
                                        {"global", "max-order-qty NaN"},
                                        {"global", "no-such-limit 1"},
                                        {"global", "strategy-order-rate 10001"},
                                        {"symbol:S0", "gross-exposure 1"},
                                        {"strategy:three", "max-order-qty 1"},
                                        {"planet:earth", "max-order-qty 1"},
                                        {"strategy", "max-order-qty 1"},
                                        {"global", "allow-short maybe"}}) {
        run.command("set-limit", target, words);
        EXPECT_EQ(run.told("RISK_COMMAND_REFUSED", Severity::warning), ++refused) << words;
    }
    EXPECT_EQ(run.guardian->limit_book().version(), 0U);
}

TEST(OutsideSystems, Reserve_until_they_release_or_the_time_is_over) {
    GuardRun run({"max-position=100"});
    run.open();
    run.command("check-order", "their-1", "main one S0 buy 60 limit 99.50");
    EXPECT_EQ(run.said(), "");
    const std::uint64_t reservation = run.guardian->verdict().reservation_id;
    EXPECT_NE(reservation, 0U);
    EXPECT_EQ(run.buy(41), "MAX_POSITION");
    run.command("check-order", "their-1", "main one S0 buy 1");
    EXPECT_EQ(run.said(), "DUPLICATE");
    run.command("check-order", "their-2", "main one S0 buy 40");
    EXPECT_EQ(run.said(), "");
    run.command("release-reservation", std::to_string(reservation).c_str(), "");
    EXPECT_EQ(run.buy(60), "");
    EXPECT_EQ(run.buy(1), "MAX_POSITION");
    run.now = second(300);  // five minutes
    run.quote("100", "100");
    EXPECT_EQ(run.buy(40), "");
    EXPECT_EQ(run.buy(1), "MAX_POSITION");
}

TEST(OutsideSystems, Hear_all_reasons_and_that_of_words_that_are_no_order) {
    GuardRun run({"max-position=100", "max-order-qty=50"});
    run.open();
    run.command("check-order", "a", "main one S0 sell 101");
    ASSERT_EQ(run.guardian->verdict().reasons().size(), 2U);
    EXPECT_EQ(run.guardian->verdict().list[0].rule, Rule::max_order_qty);
    EXPECT_EQ(run.guardian->verdict().list[1].rule, Rule::max_position);
    for (const char* words :
         {"", "main", "main one", "nobody one S0 buy 1", "main one S9 buy 1", "main one S0 hold 1",
          "main one S0 buy much", "main one S0 buy 1 limit", "main one S0 buy 1 please"}) {
        run.command("check-order", "b", words);
        EXPECT_EQ(run.said(), "INVALID_ORDER") << words;
    }
    run.command("release-reservation", "1", "");
    run.command("release-reservation", "none", "");
    EXPECT_EQ(run.told("RISK_COMMAND_REFUSED", Severity::warning), 11U);
    EXPECT_TRUE(run.is_sound());
}

TEST(OutsideSystems, Cannot_release_what_an_order_of_ours_holds) {
    GuardRun run({"max-position=100"});
    run.open();
    EXPECT_EQ(run.buy(100), "");
    run.command("release-reservation", std::to_string(run.numbers).c_str(), "");
    EXPECT_EQ(run.buy(1), "MAX_POSITION");
}

}  // namespace
}  // namespace millrace::risk
