// Each rule at, just under and just over its limit, with what is held and reserved.
#include "millrace/core/risk/guardian.hpp"

#include <gtest/gtest.h>

#include "millrace/core/risk/test_guard.hpp"

namespace millrace::risk {
namespace {

// An order against a position of the account and working orders of both sides; equity 100,000,
// price 100.
struct Case {
    const char* limit;
    std::int64_t held;
    std::int64_t working_buy;
    std::int64_t working_sell;
    std::int64_t order;  // negative: a sale
    const char* code;
};

class Table : public testing::TestWithParam<Case> {};

TEST_P(Table, Refuses_only_what_lies_beyond_the_limit) {
    const Case& of = GetParam();
    GuardRun run;
    run.open();
    run.hold(of.held);
    if (of.working_buy > 0) {
        EXPECT_EQ(run.buy(of.working_buy), "");
    }
    if (of.working_sell > 0) {
        EXPECT_EQ(run.sell(of.working_sell), "");
    }
    const std::string limit(of.limit);
    const std::size_t sign = limit.find('=');
    run.command("set-limit", "global",
                (limit.substr(0, sign) + " " + limit.substr(sign + 1)).c_str());
    const std::string code = of.order > 0 ? run.buy(of.order) : run.sell(-of.order);
    EXPECT_EQ(code, of.code) << of.limit << ", held " << of.held << ", order " << of.order;
    EXPECT_TRUE(run.is_sound());
}

INSTANTIATE_TEST_SUITE_P(OrderQuantity, Table,
                         testing::Values(Case{"max-order-qty=50", 0, 0, 0, 49, ""},
                                         Case{"max-order-qty=50", 0, 0, 0, 50, ""},
                                         Case{"max-order-qty=50", 0, 0, 0, 51, "MAX_ORDER_QTY"},
                                         Case{"max-order-qty=50", 0, 0, 0, -50, ""},
                                         Case{"max-order-qty=50", 0, 0, 0, -51, "MAX_ORDER_QTY"},
                                         Case{"max-order-qty=50", 80, 0, 0, -51, "MAX_ORDER_QTY"},
                                         Case{"max-order-qty=50", 0, 50, 0, 50, ""}));

// 50 units at 100.
INSTANTIATE_TEST_SUITE_P(
    OrderNotional, Table,
    testing::Values(Case{"max-order-notional=5000", 0, 0, 0, 49, ""},
                    Case{"max-order-notional=5000", 0, 0, 0, 50, ""},
                    Case{"max-order-notional=5000", 0, 0, 0, 51, "MAX_ORDER_NOTIONAL"},
                    Case{"max-order-notional=5000", 0, 0, 0, -50, ""},
                    Case{"max-order-notional=5000", 0, 0, 0, -51, "MAX_ORDER_NOTIONAL"},
                    Case{"max-order-notional=4999.99", 0, 0, 0, 50, "MAX_ORDER_NOTIONAL"},
                    Case{"max-order-notional=5000", -80, 0, 0, 51, "MAX_ORDER_NOTIONAL"}));

INSTANTIATE_TEST_SUITE_P(Position, Table,
                         testing::Values(Case{"max-position=100", 60, 0, 0, 39, ""},
                                         Case{"max-position=100", 60, 0, 0, 40, ""},
                                         Case{"max-position=100", 60, 0, 0, 41, "MAX_POSITION"},
                                         Case{"max-position=100", -60, 0, 0, -40, ""},
                                         Case{"max-position=100", -60, 0, 0, -41, "MAX_POSITION"},
                                         // From 60 long to 100 short.
                                         Case{"max-position=100", 60, 0, 0, -160, ""},
                                         Case{"max-position=100", 60, 0, 0, -161, "MAX_POSITION"},
                                         Case{"max-position=100", -60, 0, 0, 160, ""},
                                         Case{"max-position=100", -60, 0, 0, 161, "MAX_POSITION"},
                                         // What works counts as if it dealt.
                                         Case{"max-position=100", 60, 30, 0, 10, ""},
                                         Case{"max-position=100", 60, 30, 0, 11, "MAX_POSITION"},
                                         Case{"max-position=100", 60, 0, 30, 41, "MAX_POSITION"},
                                         Case{"max-position=100", -60, 30, 30, -10, ""},
                                         Case{"max-position=100", -60, 30, 30, -11, "MAX_POSITION"},
                                         // Beyond the limit already: out is open, further is not.
                                         Case{"max-position=100", 150, 0, 0, -150, ""},
                                         Case{"max-position=100", 150, 0, 0, 1, "MAX_POSITION"}));

// A tenth of 100,000 at 100: 100 units.
INSTANTIATE_TEST_SUITE_P(Concentration, Table,
                         testing::Values(Case{"concentration=0.1", 0, 0, 0, 99, ""},
                                         Case{"concentration=0.1", 0, 0, 0, 100, ""},
                                         Case{"concentration=0.1", 0, 0, 0, 101, "CONCENTRATION"},
                                         Case{"concentration=0.1", 0, 0, 0, -100, ""},
                                         Case{"concentration=0.1", 0, 0, 0, -101, "CONCENTRATION"},
                                         Case{"concentration=0.1", 50, 30, 0, 20, ""},
                                         Case{"concentration=0.1", 50, 30, 0, 21, "CONCENTRATION"},
                                         Case{"concentration=0.1", 50, 0, 0, -150, ""},
                                         Case{"concentration=0.1", 50, 0, 0, -151,
                                              "CONCENTRATION"}));

INSTANTIATE_TEST_SUITE_P(
    Gross, Table,
    testing::Values(Case{"gross-exposure=0.5", 0, 0, 0, 500, ""},
                    Case{"gross-exposure=0.5", 0, 0, 0, 501, "GROSS_EXPOSURE"},
                    Case{"gross-exposure=0.5", -300, 0, 200, -1, "GROSS_EXPOSURE"},
                    Case{"gross-exposure=0.5", -300, 0, 199, -1, ""},
                    Case{"gross-exposure=0.5", 300, 0, 0, -800, ""},
                    Case{"gross-exposure=0.5", 300, 0, 0, -801, "GROSS_EXPOSURE"},
                    Case{"gross-exposure-amount=50000", 0, 100, 0, 400, ""},
                    Case{"gross-exposure-amount=50000", 0, 100, 0, 401, "GROSS_EXPOSURE"},
                    Case{"leverage=0.5", 0, 100, 0, 400, ""},
                    Case{"leverage=0.5", 0, 100, 0, 401, "LEVERAGE"},
                    Case{"net-exposure=0.5", 0, 100, 0, 400, ""},
                    Case{"net-exposure=0.5", 0, 100, 0, 401, "NET_EXPOSURE"},
                    Case{"net-exposure=0.5", 0, 0, 100, -401, "NET_EXPOSURE"},
                    Case{"net-exposure=0.5", 200, 0, 0, -700, ""},
                    Case{"net-exposure=0.5", 200, 0, 0, -701, "NET_EXPOSURE"}));

INSTANTIATE_TEST_SUITE_P(
    CashAndShort, Table,
    testing::Values(Case{"min-cash=0", 0, 0, 0, 1000, ""},
                    Case{"min-cash=0", 0, 0, 0, 1001, "INSUFFICIENT_CASH"},
                    Case{"min-cash=10000", 0, 0, 0, 900, ""},
                    Case{"min-cash=10000", 0, 0, 0, 901, "INSUFFICIENT_CASH"},
                    Case{"min-cash=-10000", 0, 0, 0, 1100, ""},
                    Case{"min-cash=0", 0, 0, 0, -2000, ""},
                    Case{"min-cash=0", -2000, 0, 0, 2000, ""},
                    Case{"allow-short=false", 100, 0, 0, -99, ""},
                    Case{"allow-short=false", 100, 0, 0, -100, ""},
                    Case{"allow-short=false", 100, 0, 0, -101, "SHORT_NOT_ALLOWED"},
                    Case{"allow-short=false", 100, 0, 40, -60, ""},
                    Case{"allow-short=false", 100, 0, 40, -61, "SHORT_NOT_ALLOWED"},
                    // What is only on order cannot be sold yet.
                    Case{"allow-short=false", 0, 50, 0, -1, "SHORT_NOT_ALLOWED"},
                    Case{"allow-short=true", 0, 0, 0, -100, ""}));

TEST(Guardian, Reserves_cash_for_purchases_until_they_end) {
    GuardRun run({"min-cash=0"});
    run.open();
    const model::Order first = run.limit_order(Side::buy, 600, "100");
    EXPECT_EQ(run.ask(first), "");
    EXPECT_EQ(run.buy(401), "INSUFFICIENT_CASH");
    EXPECT_EQ(run.buy(400), "");
    EXPECT_EQ(run.buy(1), "INSUFFICIENT_CASH");
    run.report(first, OrderStatus::cancelled);
    EXPECT_EQ(run.buy(600), "");
    EXPECT_EQ(run.buy(1), "INSUFFICIENT_CASH");
}

TEST(Guardian, Collars_limit_prices_on_both_sides_of_the_middle) {
    GuardRun run({"price-collar=0.05"});
    run.open();
    run.quote("99", "101");
    EXPECT_EQ(run.ask(run.limit_order(Side::buy, 1, "104.99")), "");
    EXPECT_EQ(run.ask(run.limit_order(Side::buy, 1, "105")), "");
    EXPECT_EQ(run.ask(run.limit_order(Side::buy, 1, "105.01")), "PRICE_COLLAR");
    EXPECT_EQ(run.ask(run.limit_order(Side::sell, 1, "95")), "");
    EXPECT_EQ(run.ask(run.limit_order(Side::sell, 1, "94.99")), "PRICE_COLLAR");
    model::Order child = run.limit_order(Side::sell, 1, "150");
    child.parent_id = 1;
    EXPECT_EQ(run.ask(child), "");
}

TEST(Guardian, Refuses_by_prices_that_are_too_old_or_missing) {
    GuardRun run({"stale-price=5s"});
    run.open();
    run.now = second(5);
    EXPECT_EQ(run.buy(1), "");
    run.now = second(5) + Duration::nanoseconds(1);
    EXPECT_EQ(run.buy(1), "STALE_PRICE");
    run.tell(share(2));
    model::Order order = run.order(Side::buy, 1);
    order.instrument = InstrumentId(2);
    EXPECT_EQ(run.ask(order), "NO_PRICE");
}

TEST(Guardian, Refuses_outside_of_hours_except_for_the_opening) {
    GuardRun run({"market-hours=true"});
    run.open();
    EXPECT_EQ(run.buy(1), "");
    run.hours.open = false;
    EXPECT_EQ(run.buy(1), "MARKET_CLOSED");
    model::Order order = run.order(Side::buy, 1);
    order.type = OrderType::market_on_open;
    EXPECT_EQ(run.ask(order), "");
}

TEST(Guardian, Refuses_what_is_no_order_and_says_what_is_wrong) {
    GuardRun run;
    run.open();
    EXPECT_EQ(run.ask(run.order(Side::buy, 0)), "INVALID_ORDER");
    EXPECT_EQ(run.guardian->verdict().told, model::OrderReason::bad_order);
    EXPECT_EQ(run.ask(run.limit_order(Side::buy, 1, "100.005")), "INVALID_ORDER");
    EXPECT_EQ(run.guardian->verdict().told, model::OrderReason::price_off_tick);
    model::Order order = run.order(Side::buy, 1);
    order.quantity = Quantity::parse("1.5").value();
    EXPECT_EQ(run.ask(order), "INVALID_ORDER");
    EXPECT_EQ(run.guardian->verdict().told, model::OrderReason::quantity_off_lot);
    order = run.order(Side::buy, 1);
    order.instrument = InstrumentId(77);
    EXPECT_EQ(run.ask(order), "INVALID_ORDER");
    EXPECT_EQ(run.guardian->verdict().told, model::OrderReason::unknown_instrument);
    order = run.order(Side::buy, 1);
    order.account = AccountId(9);
    EXPECT_EQ(run.ask(order), "INVALID_ORDER");
}

TEST(Guardian, Counts_every_submission_of_the_last_second) {
    GuardRun run({"strategy-order-rate=3", "account-order-rate=5", "max-order-qty=10"});
    run.open();
    EXPECT_EQ(run.buy(1), "");
    EXPECT_EQ(run.buy(11), "MAX_ORDER_QTY");
    EXPECT_EQ(run.buy(1), "");
    EXPECT_EQ(run.buy(1), "ORDER_RATE");
    model::Order other = run.order(Side::buy, 1);
    other.strategy = StrategyId(2);
    EXPECT_EQ(run.ask(other), "");  // its own third; the account's fifth
    other.order_id = 1'000;
    EXPECT_EQ(run.ask(other), "ORDER_RATE");
    EXPECT_EQ(run.guardian->verdict().list[0].scope, Scope{});
    run.now = second(1) - Duration::nanoseconds(1);
    EXPECT_EQ(run.buy(1), "ORDER_RATE");
    run.now = second(1);  // those of second 0 are a whole second old; the one before counts
    EXPECT_EQ(run.buy(1), "");
    EXPECT_EQ(run.buy(1), "");
    EXPECT_EQ(run.buy(1), "ORDER_RATE");
}

TEST(Guardian, Knows_a_number_that_comes_again) {
    GuardRun run;
    run.open();
    const model::Order order = run.order(Side::buy, 10);
    EXPECT_EQ(run.ask(order), "");
    EXPECT_EQ(run.ask(order), "DUPLICATE");
    run.report(order, OrderStatus::rejected);  // the desk's answer to the second
    EXPECT_EQ(run.guardian->working_count(), 1U);
    run.report(order, OrderStatus::cancelled);
    EXPECT_EQ(run.guardian->working_count(), 0U);
    EXPECT_EQ(run.ask(order), "DUPLICATE");
}

TEST(Guardian, Lets_the_tightest_scope_win_and_names_it) {
    GuardRun run({"max-order-qty=100", "account:main/max-order-qty=90",
                  "strategy:one/max-order-qty=80", "symbol:S0/max-order-qty=70"});
    run.open();
    EXPECT_EQ(run.buy(70), "");
    EXPECT_EQ(run.buy(71), "MAX_ORDER_QTY");
    EXPECT_EQ(run.guardian->verdict().list[0].scope, (Scope{ScopeKind::symbol, 0}));
    EXPECT_EQ(run.guardian->verdict().list[0].limit, Quantity::whole(70).raw());
    EXPECT_EQ(run.guardian->verdict().list[0].value, Quantity::whole(71).raw());
    model::Order order = run.order(Side::buy, 81);
    order.instrument = InstrumentId(1);
    EXPECT_EQ(run.ask(order), "MAX_ORDER_QTY");
    EXPECT_EQ(run.guardian->verdict().list[0].scope, (Scope{ScopeKind::strategy, 1}));
    order.strategy = StrategyId(2);
    order.quantity = Quantity::whole(91);
    EXPECT_EQ(run.ask(order), "MAX_ORDER_QTY");
    EXPECT_EQ(run.guardian->verdict().list[0].scope, (Scope{ScopeKind::account, 0}));
}

TEST(Guardian, Measures_a_strategy_by_what_it_holds_itself) {
    GuardRun run({"strategy:one/max-position=50", "strategy:one/gross-exposure-amount=8000"});
    run.open();
    run.hold(500, 0, 2);  // of the other strategy
    EXPECT_EQ(run.buy(50), "");
    EXPECT_EQ(run.buy(1), "MAX_POSITION");
    model::Order order = run.order(Side::buy, 30);
    order.instrument = InstrumentId(1);
    EXPECT_EQ(run.ask(order), "");
    order.order_id = 500;
    order.quantity = Quantity::whole(1);
    EXPECT_EQ(run.ask(order), "GROSS_EXPOSURE");
}

TEST(Guardian, Adds_up_exposure_over_instruments_at_their_last_prices) {
    GuardRun run({"gross-exposure=2", "net-exposure=1"});
    run.open();
    run.hold(500);
    run.hold(-500, 1);
    run.quote("150", "150");                    // long worth 75,000
    run.quote("120", "120", 1);                 // short worth 60,000
    EXPECT_EQ(run.buy(434), "GROSS_EXPOSURE");  // 135,000 + 65,100 > 200,000
    EXPECT_EQ(run.buy(433), "");                // + 64,950: gross 199,950, net 79,950
    run.books.has = Money::whole(90'000);
    EXPECT_EQ(run.buy(1), "GROSS_EXPOSURE");
}

TEST(Guardian, Values_other_currencies_multipliers_and_inverse_contracts) {
    GuardRun run({"max-order-notional=1500"});
    run.open();
    model::Instrument euro = share(2);
    euro.currency = "EUR";
    euro.multiplier = Ratio::parse("2.5").value();
    run.tell(euro);
    run.quote("4", "4", 2);
    model::Order order = run.order(Side::buy, 99);  // 99 * 4 * 2.5 * 1.5 = 1,485 dollars
    order.instrument = InstrumentId(2);
    EXPECT_EQ(run.ask(order), "");
    order.order_id = 100;
    order.quantity = Quantity::whole(101);
    EXPECT_EQ(run.ask(order), "MAX_ORDER_NOTIONAL");
    model::Instrument inverse = share(3);
    inverse.inverse = true;
    inverse.base_currency = "USD";
    inverse.currency = "XYZ";
    run.tell(inverse);
    run.quote("0.5", "0.5", 3);
    order.instrument = InstrumentId(3);
    order.order_id = 101;
    order.quantity = Quantity::whole(750);  // 750 / 0.5
    EXPECT_EQ(run.ask(order), "");
    order.order_id = 102;
    order.quantity = Quantity::whole(751);
    EXPECT_EQ(run.ask(order), "MAX_ORDER_NOTIONAL");
    model::Instrument yen = share(4);
    yen.currency = "JPY";
    run.tell(yen);
    run.quote("4", "4", 4);
    order.instrument = InstrumentId(4);
    order.order_id = 103;
    EXPECT_EQ(run.ask(order), "NO_RATE");
}

TEST(Guardian, Refuses_where_the_equity_is_not_known_and_where_numbers_end) {
    GuardRun run({"concentration=0.5"});
    run.open();
    run.books.has = {};
    EXPECT_EQ(run.buy(1), "NO_EQUITY");
    GuardRun wide({"max-position=10"});
    wide.open();
    wide.hold(90'000'000'000);
    wide.hold(90'000'000'000);
    EXPECT_EQ(wide.buy(1), "OUT_OF_RANGE");
    EXPECT_TRUE(wide.is_sound());
    GuardRun dear({"max-order-notional=1"});
    dear.open();
    dear.quote("9000000000", "9000000000");
    model::Order order = dear.order(Side::buy, 90'000'000'000);
    EXPECT_NE(dear.ask(order), "");
    EXPECT_TRUE(dear.is_sound());
}

TEST(Guardian, Gives_all_reasons_when_asked_and_changes_nothing_by_it) {
    GuardRun run({"max-order-qty=10", "max-position=10", "allow-short=false"});
    run.open();
    engine::StateWriter before;
    run.engine->save(before);
    const Verdict verdict = run.guardian->foresee(run.order(Side::sell, 11), run.now);
    std::vector<Rule> found;
    for (const Reason& reason : verdict.reasons())
        found.push_back(reason.rule);
    EXPECT_EQ(found,
              (std::vector{Rule::max_order_qty, Rule::max_position, Rule::short_not_allowed}));
    EXPECT_EQ(verdict.decision, Decision::reject);
    EXPECT_EQ(run.guardian->counts().submitted, 0U);
    EXPECT_EQ(run.guardian->working_count(), 0U);
}

TEST(Guardian, Judges_a_change_as_if_the_order_were_new) {
    GuardRun run({"max-position=100"});
    run.open();
    model::Order order = run.limit_order(Side::buy, 60, "100");
    EXPECT_EQ(run.ask(order), "");
    order.status = OrderStatus::replace_requested;
    order.quantity = Quantity::whole(101);
    EXPECT_EQ(run.ask(order), "MAX_POSITION");
    EXPECT_EQ(run.buy(41), "MAX_POSITION");  // the 60 are still reserved
    order.quantity = Quantity::whole(80);
    EXPECT_EQ(run.ask(order), "");
    EXPECT_EQ(run.buy(21), "MAX_POSITION");
    order.quantity = Quantity::whole(30);
    EXPECT_EQ(run.ask(order), "");
    EXPECT_EQ(run.buy(21), "MAX_POSITION");  // until the venue has answered
    run.report(order, OrderStatus::accepted);
    EXPECT_EQ(run.buy(70), "");
    EXPECT_EQ(run.buy(1), "MAX_POSITION");
}

TEST(Guardian, Releases_what_an_order_reserved_in_whatever_order_its_end_is_told) {
    GuardRun run({"max-position=100"});
    run.open();
    const model::Order order = run.order(Side::buy, 100);
    EXPECT_EQ(run.ask(order), "");
    run.deal(order, 40);
    EXPECT_EQ(run.buy(1), "MAX_POSITION");
    run.report(order, OrderStatus::cancelled, 70);  // thirty more were dealt and will be told
    EXPECT_EQ(run.buy(31), "MAX_POSITION");
    EXPECT_EQ(run.guardian->working_count(), 1U);
    run.deal(order, 30);
    EXPECT_EQ(run.guardian->working_count(), 0U);
    EXPECT_EQ(run.buy(30), "");
    EXPECT_EQ(run.buy(1), "MAX_POSITION");
}

// 28 dealt become 42, and the half that is left is less than a lot. The end tells of 42, but no
// deal will come any more.
TEST(Guardian, Waits_for_no_deals_of_an_order_that_a_split_ends) {
    GuardRun run;
    run.open();
    const model::Order order = run.limit_order(Side::buy, 29, "100");
    EXPECT_EQ(run.ask(order), "");
    run.deal(order, 28);
    run.report(order, OrderStatus::partially_filled, 28);
    model::CorporateAction split;
    split.currency = "USD";
    split.new_units = 3;
    split.old_units = 2;
    run.tell(split);
    model::Order ended = order;
    ended.reason = model::OrderReason::corporate_action;
    run.report(ended, OrderStatus::cancelled, 42);
    EXPECT_EQ(run.guardian->working_count(), 0U);
    EXPECT_TRUE(run.is_sound());
}

TEST(Guardian, Counts_orders_that_may_only_reduce_no_further_than_to_zero) {
    GuardRun run({"allow-short=false", "max-position=100"});
    run.open();
    run.hold(100);
    for (const char* at : {"90", "110"}) {  // a stop and a target
        model::Order protection = run.limit_order(Side::sell, 100, at);
        protection.reduce_only = true;
        EXPECT_EQ(run.ask(protection), "");
    }
    EXPECT_EQ(run.sell(1), "SHORT_NOT_ALLOWED");  // after the stop it would be short
    model::Order close = run.order(Side::sell, 100);
    close.reduce_only = true;
    EXPECT_EQ(run.ask(close), "");
    EXPECT_EQ(run.buy(1), "MAX_POSITION");
}

TEST(Guardian, Answers_the_desk_only_for_the_order_it_has_just_judged) {
    GuardRun run({"max-order-qty=10"});
    run.open();
    const model::Order order = run.order(Side::buy, 11);
    run.tell(order);
    EXPECT_EQ(run.guardian->reason_against(order.order_id), model::OrderReason::max_order_qty);
    EXPECT_EQ(run.guardian->reason_against(order.order_id), model::OrderReason::risk);
    const model::Order fine = run.order(Side::buy, 10);
    run.tell(fine);
    EXPECT_EQ(run.guardian->reason_against(12345), model::OrderReason::risk);
    run.tell(run.order(Side::buy, 10));
    EXPECT_EQ(run.guardian->reason_against(run.numbers), model::OrderReason::none);
}

}  // namespace
}  // namespace millrace::risk
