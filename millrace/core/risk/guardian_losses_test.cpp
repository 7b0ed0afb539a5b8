// Losses, days, restrictions, warnings.
#include <gtest/gtest.h>

#include "millrace/core/risk/test_guard.hpp"

namespace millrace::risk {
namespace {

TEST(GuardianLosses, Restrict_to_shrinking_only_beyond_the_daily_limit) {
    GuardRun run({"daily-loss=0.02", "max-order-qty=100"});
    run.open();
    run.hold(50);
    run.books.has = money("98000");  // two of a hundred: the limit itself
    EXPECT_EQ(run.buy(1), "");
    EXPECT_EQ(run.told("DAILY_LOSS", Severity::critical), 0U);
    run.books.has = money("97999.99");
    EXPECT_EQ(run.buy(1), "DAILY_LOSS");
    EXPECT_EQ(run.guardian->verdict().decision, Decision::reduce_only);
    EXPECT_EQ(run.told("DAILY_LOSS", Severity::critical), 1U);
    EXPECT_TRUE(run.guardian->is_reduce_only(AccountId(0)));
    EXPECT_EQ(run.sell(51), "REDUCE_ONLY_FLIP");
    EXPECT_EQ(run.sell(101), "MAX_ORDER_QTY");  // size, collar and rate hold on the way out, too
    EXPECT_EQ(run.sell(20), "");
    EXPECT_EQ(run.sell(31), "REDUCE_ONLY_FLIP");  // 20 of the 50 are being sold already
    EXPECT_EQ(run.sell(30), "");
    EXPECT_EQ(run.sell(1), "REDUCE_ONLY_FLIP");
    run.books.has = money("100000");  // a recovery does not lift it
    EXPECT_EQ(run.buy(1), "DAILY_LOSS");
    EXPECT_EQ(run.told("DAILY_LOSS", Severity::critical), 1U);
}

TEST(GuardianLosses, Let_a_short_position_be_bought_back_while_restricted) {
    GuardRun run({"drawdown=0.1"});
    run.open();
    run.hold(-50);
    run.books.has = money("89999");
    EXPECT_EQ(run.sell(1), "MAX_DRAWDOWN");
    EXPECT_EQ(run.buy(51), "REDUCE_ONLY_FLIP");
    EXPECT_EQ(run.buy(50), "");
}

TEST(GuardianLosses, Are_measured_from_the_peak_and_leave_cash_flows_out) {
    GuardRun run({"drawdown-amount=5000"});
    run.open();
    run.books.has = money("120000");
    run.now = second(1);
    run.quote("100", "100");  // a look at the new peak
    run.books.has = money("65000");
    run.books.paid = money("50000");  // 50,000 were paid out: the loss is 5,000
    run.command("book-cash", "main", "withdrawal -50000 USD");
    EXPECT_EQ(run.buy(1), "");
    run.books.has = money("64999.99");
    EXPECT_EQ(run.buy(1), "MAX_DRAWDOWN");
}

TEST(GuardianLosses, Begin_anew_at_midnight_of_the_zone) {
    GuardianSettings settings;
    settings.zone = Zone::find("Asia/Tokyo").value();  // 15:00 UTC
    GuardRun run({"daily-loss-amount=1000"}, settings);
    run.open();
    run.books.has = money("98000");
    EXPECT_EQ(run.buy(1), "DAILY_LOSS");
    run.now = second(15 * 3'600) - Duration::nanoseconds(1);
    EXPECT_EQ(run.buy(1), "DAILY_LOSS");
    run.now = second(15 * 3'600);
    run.quote("100", "100");
    EXPECT_EQ(run.buy(1), "");
    run.books.has = money("97000");
    EXPECT_EQ(run.buy(1), "");
    run.books.has = money("96999");
    EXPECT_EQ(run.buy(1), "DAILY_LOSS");
}

TEST(GuardianLosses, Are_seen_without_any_order_at_the_next_look) {
    GuardRun run({"daily-loss=0.02"});
    run.open();
    run.now = second(10);
    run.quote("100", "100");
    run.books.has = money("90000");
    run.quote("99", "99");
    EXPECT_EQ(run.told("DAILY_LOSS", Severity::critical), 0U);
    run.now = second(11);
    run.quote("98", "98");
    EXPECT_EQ(run.told("DAILY_LOSS", Severity::critical), 1U);
}

TEST(GuardianLosses, Of_a_strategy_restrict_that_strategy_only) {
    GuardRun run({"strategy:one/daily-loss-amount=100"});
    run.open();
    EXPECT_EQ(run.buy(1), "");
    run.books.made = money("-100.01");
    EXPECT_EQ(run.buy(1), "DAILY_LOSS");
    EXPECT_TRUE(run.guardian->is_reduce_only(AccountId(0), 1));
    EXPECT_FALSE(run.guardian->is_reduce_only(AccountId(0)));
    model::Order order = run.order(Side::buy, 1);
    order.strategy = StrategyId(2);
    EXPECT_EQ(run.ask(order), "");
}

TEST(GuardianLosses, Warn_once_at_eighty_of_a_hundred_and_again_after_it_was_less) {
    GuardRun run({"daily-loss-amount=1000"});
    run.open();
    const auto lose = [&](const char* equity) {
        run.books.has = money(equity);
        run.now = run.now + Duration::seconds(1);
        run.quote("100", "100");
        return run.told("DAILY_LOSS", Severity::warning);
    };
    EXPECT_EQ(lose("99200.01"), 0U);
    EXPECT_EQ(lose("99200"), 1U);
    EXPECT_EQ(lose("99100"), 1U);
    EXPECT_EQ(lose("99500"), 1U);
    EXPECT_EQ(lose("99000"), 2U);
    EXPECT_EQ(run.told("DAILY_LOSS", Severity::critical), 0U);
}

TEST(GuardianLosses, Warnings_come_for_positions_and_exposure_too) {
    GuardRun run({"max-position=100", "gross-exposure-amount=20000"});
    run.open();
    EXPECT_EQ(run.buy(79), "");
    EXPECT_EQ(run.told("MAX_POSITION", Severity::warning), 0U);
    EXPECT_EQ(run.buy(1), "");
    EXPECT_EQ(run.buy(1), "");
    EXPECT_EQ(run.told("MAX_POSITION", Severity::warning), 1U);
    EXPECT_EQ(run.told("GROSS_EXPOSURE", Severity::warning), 0U);
    model::Order order = run.order(Side::sell, 79);  // 81 + 79 at 100: 16,000
    order.instrument = InstrumentId(1);
    EXPECT_EQ(run.ask(order), "");
    EXPECT_EQ(run.told("GROSS_EXPOSURE", Severity::warning), 1U);
}

TEST(GuardianLosses, Are_lifted_by_an_administrator_only) {
    GuardRun run({"drawdown=0.1"});
    run.open();
    run.books.has = money("80000");
    EXPECT_EQ(run.buy(1), "MAX_DRAWDOWN");
    run.command("lift-reduce-only", "account:main", "we talked about it");
    EXPECT_EQ(run.told("RISK_COMMAND_REFUSED", Severity::warning), 1U);
    EXPECT_EQ(run.buy(1), "MAX_DRAWDOWN");
    run.command("lift-reduce-only", "account:main", "admin we talked about it");
    EXPECT_EQ(run.buy(1), "");
    run.books.has = money("71999");  // a tenth of the new peak
    EXPECT_EQ(run.buy(1), "MAX_DRAWDOWN");
}

TEST(GuardianLosses, That_cannot_be_told_refuse_what_does_not_shrink) {
    GuardRun run({"daily-loss=0.02"});
    run.open();
    run.hold(10);
    run.books.has = {};
    EXPECT_EQ(run.buy(1), "NO_EQUITY");
    EXPECT_EQ(run.sell(10), "");
}

TEST(GuardianLosses, In_a_row_bring_a_pause) {
    GuardRun run({"consecutive-losses=2", "cool-down=10m"});
    run.open();
    const auto trade = [&](const char* in, const char* out) {
        const model::Order entry = run.order(Side::buy, 1);
        run.deal(entry, 1, in);
        const model::Order exit = run.order(Side::sell, 1);
        run.deal(exit, 1, out);
    };
    trade("100", "99");
    trade("100", "99");
    EXPECT_EQ(run.buy(1), "");
    trade("100", "101");
    trade("100", "99");
    trade("100", "99");
    EXPECT_EQ(run.buy(1), "");
    run.now = second(60);
    trade("100", "99.99");  // the third in a row
    EXPECT_EQ(run.told("CONSECUTIVE_LOSSES", Severity::warning), 1U);
    run.quote("100", "100");
    EXPECT_EQ(run.buy(1), "CONSECUTIVE_LOSSES");
    run.now = second(660) - Duration::nanoseconds(1);
    EXPECT_EQ(run.buy(1), "CONSECUTIVE_LOSSES");
    run.now = second(660);
    EXPECT_EQ(run.buy(1), "");
}

TEST(GuardianLosses, Of_a_trade_count_fees_and_turns) {
    GuardRun run({"consecutive-losses=1", "cool-down=10m"});
    run.open();
    const auto deal = [&](Side side, std::int64_t quantity, const char* at, const char* fee) {
        model::Fill fill;
        fill.fill_id = ++run.numbers;
        fill.order_id = ++run.numbers;
        fill.quantity = Quantity::whole(quantity);
        fill.price = price(at);
        fill.fee = money(fee);
        fill.fee_currency = "USD";
        fill.strategy = StrategyId(1);
        fill.side = side;
        run.tell(fill);
    };
    deal(Side::buy, 10, "100", "0.60");
    deal(Side::sell, 30, "100.10", "0.60");  // +1.00 less 1.20; 20 short at 100.10 begin
    deal(Side::buy, 20, "100.09", "0.00");   // +0.20: a gain
    EXPECT_EQ(run.buy(1), "");
    deal(Side::sell, 10, "100", "0.01");
    deal(Side::buy, 10, "100", "0.01");
    EXPECT_EQ(run.buy(1), "");
    deal(Side::sell, 10, "100", "0.01");
    deal(Side::buy, 10, "100", "0.01");
    EXPECT_EQ(run.buy(1), "CONSECUTIVE_LOSSES");
}

TEST(GuardianLosses, Of_twenty_days_say_what_is_at_risk) {
    GuardRun run({"var95=0.02"});
    run.open();
    // Nineteen days of nothing, and one of -2.5 %.
    for (int day = 1; day <= 19; ++day) {
        run.now = second(86'400 * day);
        run.quote("100", "100");
    }
    run.books.has = money("97500");
    EXPECT_EQ(run.buy(1), "");
    run.now = second(86'400 * 20);
    run.quote("100", "100");
    EXPECT_EQ(run.buy(1), "VAR_LIMIT");
    EXPECT_EQ(run.guardian->verdict().list[0].value, Ratio::parse("0.025").value().raw());
    run.command("set-limit", "global", "var95 0.025");
    EXPECT_EQ(run.buy(1), "");
}

TEST(Losses, Value_at_risk_is_the_worst_of_twenty_and_the_fifth_worst_of_a_hundred) {
    Losses losses;
    losses.look(Money());
    std::int64_t made = 0;
    for (int day = 1; day <= 100; ++day) {  // losses of 1 to 100 of a million
        if (day == 20) {
            EXPECT_FALSE(losses.value_at_risk().has_value());
        }
        made -= Money::whole(day).raw();
        losses.look(Money::from_raw(made));
        losses.end_day(Money::whole(1'000'000).raw());
        if (day == 20) {
            EXPECT_EQ(losses.value_at_risk().value(), Ratio::parse("0.00002").value());
        }
    }
    EXPECT_EQ(losses.value_at_risk().value(), Ratio::parse("0.000096").value());
}

}  // namespace
}  // namespace millrace::risk
