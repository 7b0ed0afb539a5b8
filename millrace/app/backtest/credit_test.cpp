// Credit as users ask for it: keys of a run file, runs that are called for margin, refusals.
#include "millrace/app/backtest/backtest.hpp"
#include "millrace/app/backtest/run_keys.hpp"

#include "tests/support/market_files.hpp"

namespace millrace::backtest {
namespace {

Money money(std::string_view text) {
    return Money::parse(text).value();
}

Ratio ratio(std::string_view text) {
    return Ratio::parse(text).value();
}

Result<void> set(BacktestSettings& settings, std::string_view table, const std::string& member,
                 std::string_view key, const std::string& value) {
    const std::string values[] = {value};
    return set_run_value(settings, table, member, key, values);
}

TEST(CreditKeys, Leverage_is_the_inverse_of_margin_and_never_more_than_asked) {
    BacktestSettings settings;
    ASSERT_TRUE(set(settings, "account", "a", "leverage", "3"));
    EXPECT_EQ(settings.accounts["a"].credit.initial, ratio("0.333333334"));
    ASSERT_TRUE(set(settings, "account", "a", "leverage", "4"));
    EXPECT_EQ(settings.accounts["a"].credit.initial, ratio("0.25"));
}

TEST(CreditKeys, What_is_not_said_follows_from_what_is) {
    CreditTerms terms;
    terms.initial = ratio("0.5");
    auto credit = account_credit_of(terms);
    ASSERT_TRUE(credit && credit->margin);
    EXPECT_EQ(credit->margin->initial_short, ratio("0.5"));
    EXPECT_EQ(credit->margin->maintenance_long, ratio("0.25"));
    EXPECT_EQ(credit->margin->maintenance_short, ratio("0.25"));
    EXPECT_EQ(credit->days_of_year, 365);
    terms.initial_short = ratio("1.5");
    terms.maintenance = ratio("0.3");
    credit = account_credit_of(terms);
    ASSERT_TRUE(credit && credit->margin);
    EXPECT_EQ(credit->margin->maintenance_long, ratio("0.3"));
    EXPECT_EQ(credit->margin->maintenance_short, ratio("0.75"));
}

TEST(CreditKeys, Refuse_what_contradicts_itself) {
    CreditTerms terms;
    terms.maintenance = ratio("0.3");
    EXPECT_FALSE(account_credit_of(terms));  // and how much to enter?
    terms.initial = ratio("0.2");
    EXPECT_FALSE(account_credit_of(terms));  // more to stay than to enter
    BacktestSettings settings;
    EXPECT_FALSE(set(settings, "account", "a", "initial-margin", "0"));
    EXPECT_FALSE(set(settings, "account", "a", "leverage", "-2"));
    EXPECT_FALSE(set(settings, "account", "a", "borrow-bps", "-1"));
    EXPECT_FALSE(set(settings, "account", "a", "days-of-year", "366"));
    EXPECT_FALSE(set(settings, "instrument", "A", "short-max", "-5"));
    ASSERT_TRUE(set(settings, "instrument", "A", "short-max", "0"));
    ASSERT_TRUE(set(settings, "instrument", "A", "borrow-bps", "25000"));
    EXPECT_EQ(settings.instruments["A"].credit.borrow_rate, ratio("2.5"));
}

TEST(CreditKeys, All_accounts_are_meant_by_a_star_and_none_is_made) {
    BacktestSettings settings;
    settings.accounts["a"] = {};
    ASSERT_TRUE(set(settings, "account", "*", "initial-margin", "0.1"));
    EXPECT_EQ(settings.accounts.size(), 1u);
    EXPECT_EQ(settings.accounts["a"].credit.initial, ratio("0.1"));
    EXPECT_EQ(settings.every_account.credit.initial, ratio("0.1"));
}

class CreditRunTest : public test::FilesTest {
  protected:
    // Bars of a minute that open and close at these prices.
    std::string bars(std::initializer_list<std::pair<int, int>> prices) {
        std::string text = "time,open,high,low,close,volume\n";
        int minute = 0;
        for (const auto& [open, close] : prices)
            text += format_time(test::at(minute++)) + "," + std::to_string(open) + "," +
                    std::to_string(std::max(open, close)) + "," +
                    std::to_string(std::min(open, close)) + "," + std::to_string(close) + ",1\n";
        return write("a.csv", text);
    }
    static BacktestSettings hold(const std::string& path, const std::string& quantity) {
        BacktestSettings settings;
        settings.data.push_back({{path}, "A", {}});
        settings.strategies["hold"].type = "buy-and-hold";
        settings.strategies["hold"].parameters["quantity"] = quantity;
        settings.cash = Money::whole(1'000);
        settings.full = true;
        return settings;
    }
    static BacktestResult run(const BacktestSettings& settings) {
        auto result = run_backtest(settings);
        EXPECT_TRUE(result) << describe(result.error());
        return result ? std::move(*result) : BacktestResult{};
    }
};

// 15 bought at 100 with 1,000: equity is 15p - 500, maintenance 3.75p. On the way from 60 to 40, in
// steps of 1, the first price below is 44: 160 < 165.
TEST_F(CreditRunTest, A_margin_call_is_told_of_everywhere) {
    BacktestSettings settings = hold(bars({{90, 95}, {100, 105}, {60, 40}, {41, 42}}), "15");
    settings.every_account.credit.initial = ratio("0.5");
    const BacktestResult result = run(settings);
    EXPECT_EQ(result.counts.liquidations, 1u);
    EXPECT_EQ(result.counts.orders, 1u);  // that the strategy asked for
    EXPECT_EQ(result.equity.final, money("160"));
    EXPECT_EQ(result.equity.realized, money("-840"));
    ASSERT_EQ(result.orders.size(), 2u);
    EXPECT_EQ(result.orders[1].reason, model::OrderReason::margin_call);
    EXPECT_EQ(result.orders[1].status, model::OrderStatus::filled);
    ASSERT_EQ(result.fills.size(), 2u);
    EXPECT_EQ(result.fills[1].price, Price::whole(44));
    EXPECT_EQ(result.fills[1].strategy, StrategyId(0));
    ASSERT_EQ(result.trades.size(), 1u);
    EXPECT_EQ(result.trades[0].reason, portfolio::ExitReason::liquidation);
    ASSERT_FALSE(result.warnings.empty());
    EXPECT_NE(result.warnings[0].find("below its maintenance margin: 1 positions"),
              std::string::npos);
}

TEST_F(CreditRunTest, Without_margin_the_same_run_holds_on) {
    const BacktestResult result = run(hold(bars({{90, 95}, {100, 105}, {60, 40}, {41, 42}}), "15"));
    EXPECT_EQ(result.counts.liquidations, 0u);
    EXPECT_EQ(result.equity.final, money("130"));  // 1,000 + 15 * (42 - 100)
    EXPECT_EQ(result.fills.size(), 1u);
}

TEST_F(CreditRunTest, An_order_that_needs_too_much_says_why) {
    BacktestSettings settings = hold(bars({{90, 95}, {100, 105}}), "30");
    settings.every_account.credit.initial = ratio("0.5");
    const BacktestResult result = run(settings);
    ASSERT_EQ(result.orders.size(), 1u);
    EXPECT_EQ(result.orders[0].reason, model::OrderReason::no_margin);
    ASSERT_FALSE(result.warnings.empty());
    EXPECT_NE(result.warnings[0].find("1 no_margin"), std::string::npos);
}

// 20 bought at 100 owe 1,000 from the second minute on; midnight comes 1,440 minutes later.
TEST_F(CreditRunTest, Debts_cost_interest_that_is_realised) {
    BacktestSettings settings = hold({}, "20");
    settings.data[0].files = {write("a.csv",
                                    "time,open,high,low,close,volume\n"
                                    "2024-01-02T10:00:00Z,100,100,100,100,1\n"
                                    "2024-01-02T10:01:00Z,100,100,100,100,1\n"
                                    "2024-01-04T10:00:00Z,100,100,100,100,1\n")};
    settings.every_account.credit.initial = ratio("0.5");
    settings.every_account.credit.debit_rate = ratio("0.073");
    const BacktestResult result = run(settings);
    // 0.20, and on the next day that much more is owed: 1000.20 * 0.0002.
    EXPECT_EQ(result.equity.interest, money("0.40004"));
    EXPECT_EQ(result.equity.realized, money("-0.40004"));
    EXPECT_EQ(result.equity.final, money("999.59996"));
}

TEST_F(CreditRunTest, Terms_that_would_mean_nothing_are_refused) {
    BacktestSettings settings = hold(bars({{90, 95}, {100, 105}}), "1");
    settings.instruments["A"].credit.initial = ratio("0.5");
    auto result = run_backtest(settings);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::config);
    EXPECT_EQ(result.error().what, "no account is asked for margin");
    settings.instruments.clear();
    settings.every_account.credit.initial = ratio("0.5");
    settings.cash_only = true;
    result = run_backtest(settings);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().what, "an account trades on credit and for cash only");
}

}  // namespace
}  // namespace millrace::backtest
