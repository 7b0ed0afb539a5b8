// Runs with limits: what is refused, by which code, and that without limits nothing changes.
#include "millrace/app/backtest/guard.hpp"

#include "millrace/app/backtest/backtest.hpp"
#include "millrace/app/backtest/run_keys.hpp"

#include "tests/support/market_files.hpp"

namespace millrace::backtest {
namespace {

class GuardTest : public test::FilesTest {
  protected:
    // Buys 10 at the second bar's open, 100, of 1,000 in cash.
    BacktestSettings hold() {
        std::string text = "time,open,high,low,close,volume\n";
        for (int minute = 0; minute < 4; ++minute)
            text += format_time(test::at(minute)) + ",100,100,100,100,1\n";
        BacktestSettings settings;
        settings.data.push_back({{write("a.csv", text)}, "A", {}});
        settings.strategies["hold"].type = "buy-and-hold";
        settings.strategies["hold"].parameters["quantity"] = "10";
        settings.cash = Money::whole(1'000);
        return settings;
    }
    static void set(BacktestSettings& settings, std::string_view table, const std::string& member,
                    std::string_view key, const std::string& value) {
        const std::vector<std::string> values{value};
        const auto done = set_run_value(settings, table, member, key, values);
        EXPECT_TRUE(done) << describe(done.error());
    }
    static BacktestResult run(const BacktestSettings& settings) {
        auto result = run_backtest(settings);
        EXPECT_TRUE(result) << describe(result.error());
        return result ? std::move(*result) : BacktestResult{};
    }
    static std::uint64_t refused_by(const BacktestResult& result, risk::Rule rule) {
        return result.risk ? result.risk->refused_by[static_cast<std::size_t>(rule)] : 0;
    }
};

TEST_F(GuardTest, Without_a_limit_there_is_no_guardian) {
    const BacktestResult result = run(hold());
    EXPECT_FALSE(result.risk);
    EXPECT_EQ(result.counts.fills, 1U);
}

TEST_F(GuardTest, At_its_limit_an_order_passes_and_beyond_it_is_refused_with_the_code) {
    BacktestSettings settings = hold();
    set(settings, "risk", "", "max-position", "10");
    BacktestResult result = run(settings);
    EXPECT_EQ(result.counts.fills, 1U);
    ASSERT_TRUE(result.risk);
    EXPECT_EQ(result.risk->accepted, 1U);
    EXPECT_EQ(result.risk->refused, 0U);
    set(settings, "risk", "", "max-position", "9.99");
    result = run(settings);
    EXPECT_EQ(result.counts.fills, 0U);
    EXPECT_EQ(refused_by(result, risk::Rule::max_position), 1U);
    EXPECT_EQ(result.counts.rejected, 1U);
    ASSERT_FALSE(result.warnings.empty());
    EXPECT_NE(result.warnings[0].find("1 max_position"), std::string::npos) << result.warnings[0];
}

TEST_F(GuardTest, Default_limits_are_those_of_the_page) {
    BacktestSettings settings = hold();
    set(settings, "risk", "", "limits", "default");
    EXPECT_EQ(refused_by(run(settings), risk::Rule::concentration), 1U);  // all of the equity
    set(settings, "risk", "", "concentration", "1");
    EXPECT_EQ(run(settings).counts.fills, 1U);
    set(settings, "risk", "", "concentration", "0.999");
    EXPECT_EQ(refused_by(run(settings), risk::Rule::concentration), 1U);
}

TEST_F(GuardTest, Limits_of_a_strategy_an_account_and_a_symbol_bind) {
    for (const auto& [table, member] :
         {std::pair{"account-risk", "main"}, {"strategy-risk", "hold"}, {"symbol-risk", "A"}}) {
        BacktestSettings settings = hold();
        set(settings, table, member, "max_order_qty", "9");
        EXPECT_EQ(refused_by(run(settings), risk::Rule::max_order_qty), 1U) << table;
        BacktestSettings other = hold();
        set(other, table, "nobody", "max-order-qty", "9");
        const auto result = run_backtest(other);
        ASSERT_FALSE(result) << table;
        EXPECT_EQ(result.error().code, ErrorCode::config);
    }
}

TEST_F(GuardTest, Money_is_that_of_the_books) {
    BacktestSettings settings = hold();
    set(settings, "risk", "", "min-cash", "0.01");
    EXPECT_EQ(refused_by(run(settings), risk::Rule::insufficient_cash), 1U);
    set(settings, "risk", "", "min-cash", "0");
    EXPECT_EQ(run(settings).counts.fills, 1U);
}

TEST_F(GuardTest, A_run_with_limits_that_never_bind_deals_as_one_without) {
    BacktestSettings settings = hold();
    const BacktestResult plain = run(settings);
    set(settings, "risk", "", "gross-exposure", "100");
    set(settings, "risk", "", "daily-loss", "1");
    const BacktestResult guarded = run(settings);
    EXPECT_EQ(guarded.equity.final, plain.equity.final);
    EXPECT_EQ(guarded.counts.fills, plain.counts.fills);
    EXPECT_EQ(run(settings).result_hash, guarded.result_hash);
}

}  // namespace
}  // namespace millrace::backtest
