// Whole runs through splits and dividends, worked out by hand.
#include "millrace/app/backtest/backtest.hpp"

#include "tests/support/market_files.hpp"

namespace millrace::backtest {
namespace {

Money money(std::string_view text) {
    return Money::parse(text).value();
}

class ActionsBacktest : public test::FilesTest {
  protected:
    struct Day {
        const char* open;
        const char* close;
    };
    // Days from Tuesday 2024-01-02; the higher of both prices is the high, the lower the low.
    std::string days(std::initializer_list<Day> all, const std::string& name = "a.csv") {
        std::string text = "date,open,high,low,close,volume\n";
        Time day = test::at(0);
        for (const auto& [open, close] : all) {
            const bool rises = Price::parse(open).value() < Price::parse(close).value();
            text += format_time(day).substr(0, 10) + "," + open + "," + (rises ? close : open) +
                    "," + (rises ? open : close) + "," + close + ",1000\n";
            day = day + Duration::days(1);
        }
        return write(name, text);
    }
    // A run of the sample on "A", its prices as they were.
    BacktestSettings run_on(const std::string& path, const std::string& actions,
                            std::map<std::string, std::string> parameters) {
        BacktestSettings settings;
        settings.data.push_back({{path}, "A", {}});
        if (!actions.empty()) settings.data[0].actions = {write("actions.csv", actions)};
        settings.strategies["s"].type = MILLRACE_SAMPLES "/libordering.so";
        settings.strategies["s"].parameters = std::move(parameters);
        settings.instruments["A"].price_increment = Price::parse("0.01").value();
        settings.instruments["A"].quantity_increment = Quantity::whole(1);
        settings.full = true;
        return settings;
    }
    static BacktestResult run(const BacktestSettings& settings) {
        auto result = run_backtest(settings);
        EXPECT_TRUE(result) << describe(result.error());
        return result ? std::move(*result) : BacktestResult{};
    }
    static std::string refusal(const BacktestSettings& settings) {
        const auto result = run_backtest(settings);
        return result ? "it ran" : result.error().what;
    }
    // "side quantity entry exit net reason" of each trade.
    static std::vector<std::string> trades(const BacktestResult& result) {
        std::vector<std::string> told;
        for (const portfolio::RoundTrip& trade : result.trades)
            told.push_back(
                std::string(trade.side == model::Side::buy ? "long " : "short ") +
                trade.quantity.to_string() + " " + trade.entry_price.to_string() + " " +
                trade.exit_price.to_string() + " " + trade.net().value().to_string() + " " +
                std::string(portfolio::kExitReasonNames[static_cast<std::size_t>(trade.reason)]));
        return told;
    }
    // "side quantity price" of each deal.
    static std::vector<std::string> deals(const BacktestResult& result) {
        std::vector<std::string> told;
        for (const model::Fill& fill : result.fills)
            told.push_back(std::string(fill.side == model::Side::buy ? "buy " : "sell ") +
                           fill.quantity.to_string() + " " + fill.price.to_string());
        return told;
    }
    using Lines = std::vector<std::string>;
};

// Decided at the close of the first day, bought at the open of the second: 100 at 700.
constexpr const char* kSeven = "date,ratio\n2024-01-04,7:1\n";

// 70,000 paid; 700 * 110 = 77,000 got.
TEST_F(ActionsBacktest, A_hundred_shares_through_seven_for_one) {
    const std::string path =
        days({{"690", "700"}, {"700", "710"}, {"101", "102"}, {"110", "112"}, {"112", "112"}});
    const BacktestResult result = run(run_on(path, kSeven, {{"quantity", "100"}, {"close", "3"}}));
    EXPECT_EQ(deals(result), (Lines{"buy 100 700", "sell 700 110"}));
    EXPECT_EQ(trades(result), (Lines{"long 700 100 110 7000 market"}));
    EXPECT_EQ(result.equity.final, money("107000"));
    EXPECT_EQ(result.equity.realized, money("7000"));
    EXPECT_EQ(result.equity.unrealized, money("0"));
    EXPECT_EQ(result.equity.dividends, money("0"));
    ASSERT_TRUE(result.actions);
    ASSERT_EQ(result.actions->applied.size(), 1u);
    EXPECT_EQ(result.actions->applied[0].known_at, test::at(2 * 24 * 60));
    EXPECT_EQ(result.actions->outside, 0u);
    EXPECT_EQ(result.counts.fractions, 0u);
}

// Held to the end: 700 at 112 cost 70,000.
TEST_F(ActionsBacktest, What_is_still_held_is_told_in_new_units) {
    const std::string path = days({{"690", "700"}, {"700", "710"}, {"101", "112"}});
    const BacktestResult result = run(run_on(path, kSeven, {{"quantity", "100"}}));
    ASSERT_EQ(result.open_positions.size(), 1u);
    EXPECT_EQ(result.open_positions[0].quantity, Quantity::whole(700));
    EXPECT_EQ(result.open_positions[0].average_price.value(), Price::whole(100));
    EXPECT_EQ(result.open_positions[0].unrealised, money("8400"));
    EXPECT_EQ(result.equity.final, money("108400"));
}

// 5,000 got; 200 * 0.25 = 50 paid; 200 * 20 = 4,000 paid.
TEST_F(ActionsBacktest, A_short_through_two_for_one_pays_the_dividend) {
    const std::string path =
        days({{"50", "50"}, {"50", "52"}, {"26", "25"}, {"25", "24"}, {"20", "21"}, {"21", "21"}});
    const BacktestResult result =
        run(run_on(path,
                   "symbol,date,kind,ratio,amount\nA,2024-01-04,split,2:1,\n"
                   "A,2024-01-05,dividend,,0.25\n",
                   {{"quantity", "-100"}, {"close", "4"}}));
    EXPECT_EQ(deals(result), (Lines{"sell 100 50", "buy 200 20"}));
    EXPECT_EQ(trades(result), (Lines{"short 200 25 20 1000 market"}));
    EXPECT_EQ(result.equity.dividends, money("-50"));
    EXPECT_EQ(result.equity.realized, money("950"));
    EXPECT_EQ(result.equity.final, money("100950"));
    EXPECT_EQ(result.actions->applied.size(), 2u);
}

// 80 * 2 / 3 = 53.333…, a stop to sell: down, away from the market, on the tick of 0.01. 9,000
// paid, 150 * 53.33 = 7,999.50 got.
TEST_F(ActionsBacktest, A_working_stop_through_three_for_two) {
    const std::string path = days(
        {{"89", "90"}, {"90", "91"}, {"60", "59"}, {"58", "53.34"}, {"55", "53.33"}, {"54", "54"}});
    const BacktestResult result =
        run(run_on(path, "date,ratio\n2024-01-04,3:2\n", {{"quantity", "100"}, {"stop", "80"}}));
    EXPECT_EQ(deals(result), (Lines{"buy 100 90", "sell 150 53.33"}));
    EXPECT_EQ(result.fills[1].known_at, test::at(5 * 24 * 60));  // of the fifth day
    EXPECT_EQ(trades(result), (Lines{"long 150 60 53.33 -1000.5 stop"}));
    EXPECT_EQ(result.equity.final, money("98999.5"));
    const auto told = std::find_if(
        result.orders.begin(), result.orders.end(),
        [](const model::Order& order) { return order.type == model::OrderType::stop; });
    ASSERT_NE(told, result.orders.end());
    EXPECT_EQ(told->status, model::OrderStatus::filled);
    EXPECT_EQ(told->quantity, Quantity::whole(150));
    EXPECT_EQ(told->average_price.value(), Price::parse("53.33").value());
    EXPECT_EQ(told->stop_price.value(), Price::parse("53.33").value());
}

// 25 through 1:10 are 2 and a half; the half is paid for at the last price in new units: 400.
TEST_F(ActionsBacktest, A_fraction_is_sold_by_the_venue) {
    const std::string path = days({{"40", "40"}, {"40", "40"}, {"401", "402"}});
    const BacktestResult result =
        run(run_on(path, "date,ratio\n2024-01-04,1:10\n", {{"quantity", "25"}}));
    EXPECT_EQ(deals(result), (Lines{"buy 25 40", "sell 0.5 400"}));
    EXPECT_EQ(trades(result), (Lines{"long 0.5 400 400 0 corporate_action"}));
    EXPECT_EQ(result.counts.fractions, 1u);
    EXPECT_EQ(result.open_positions[0].quantity, Quantity::whole(2));
    EXPECT_EQ(result.equity.final, money("100004"));  // 100,000 - 1,000 + 200 + 2 * 402
}

// Long 3 and short 1 of a hedging account through 3:2 are long 4.5 and short 1.5; their sum is
// whole, so nothing is paid for. Bought for 90 and sold at 31: 90 - 1.5 * 20 worth at the end.
TEST_F(ActionsBacktest, Both_legs_of_a_hedged_position_are_split) {
    const std::string path =
        days({{"30", "30"}, {"30", "31"}, {"31", "31"}, {"20", "20"}, {"20", "20"}});
    BacktestSettings settings =
        run_on(path, "date,ratio\n2024-01-05,3:2\n", {{"quantity", "3"}, {"both_ways", "2"}});
    settings.accounts["main"].mode = model::PositionMode::hedging;
    const BacktestResult result = run(settings);
    ASSERT_EQ(result.open_positions.size(), 2u);
    EXPECT_EQ(result.open_positions[0].quantity, Quantity::parse("4.5").value());
    EXPECT_EQ(result.open_positions[0].average_price.value(), Price::whole(20));
    EXPECT_EQ(result.open_positions[1].quantity, Quantity::parse("-1.5").value());
    EXPECT_EQ(result.counts.fractions, 0u);
    EXPECT_EQ(result.equity.final, money("100001"));  // the short leg earned 31 - 30
}

// The run of seven for one, in the units of after it and of before it.
TEST_F(ActionsBacktest, Adjusted_prices_have_the_split_in_them_and_nothing_happens) {
    const std::string path =
        days({{"690", "700"}, {"700", "710"}, {"101", "102"}, {"110", "112"}, {"112", "112"}});
    BacktestSettings settings = run_on(path, kSeven, {{"quantity", "700"}, {"close", "3"}});
    settings.data[0].prices = PriceView::adjusted;
    BacktestResult result = run(settings);
    EXPECT_EQ(deals(result), (Lines{"buy 700 100", "sell 700 110"}));
    EXPECT_EQ(result.equity.final, money("107000"));
    EXPECT_EQ(result.actions->applied.size(), 0u);
    EXPECT_EQ(result.actions->adjusted, 1u);

    settings.strategies["s"].parameters["quantity"] = "100";
    settings.data[0].prices = PriceView::forward;
    result = run(settings);
    EXPECT_EQ(deals(result), (Lines{"buy 100 700", "sell 100 770"}));
    EXPECT_EQ(result.equity.final, money("107000"));
}

// A share of 100 pays 2 and is worth 98: nothing is lost, whichever way it is told.
TEST_F(ActionsBacktest, A_total_return_has_the_dividend_in_its_prices) {
    const std::string path = days({{"100", "100"}, {"100", "100"}, {"98", "98"}, {"98", "98"}});
    BacktestSettings settings = run_on(path, "date,amount\n2024-01-04,2\n", {{"quantity", "100"}});
    BacktestResult result = run(settings);
    EXPECT_EQ(deals(result), (Lines{"buy 100 100"}));
    EXPECT_EQ(result.equity.dividends, money("200"));
    EXPECT_EQ(result.equity.unrealized, money("-200"));
    EXPECT_EQ(result.equity.final, money("100000"));

    settings.data[0].prices = PriceView::total_return;
    result = run(settings);
    EXPECT_EQ(deals(result), (Lines{"buy 100 98"}));
    EXPECT_EQ(result.equity.dividends, money("0"));
    EXPECT_EQ(result.equity.final, money("100000"));
}

TEST_F(ActionsBacktest, Actions_before_and_after_the_data_are_counted) {
    const std::string path = days({{"10", "10"}, {"10", "10"}});
    const BacktestResult result =
        run(run_on(path, "date,ratio\n2023-06-01,2:1\n2025-06-01,2:1\n", {}));
    EXPECT_EQ(result.actions->applied.size(), 0u);
    EXPECT_EQ(result.actions->outside, 2u);
}

TEST_F(ActionsBacktest, A_file_with_nothing_for_the_data_is_told_of) {
    const std::string path = days({{"10", "10"}, {"10", "10"}});
    const BacktestResult result = run(run_on(path, "symbol,date,ratio\nBETA,2024-01-03,2:1\n", {}));
    ASSERT_TRUE(result.actions);
    EXPECT_NE(std::find(result.warnings.begin(), result.warnings.end(),
                        "the files of splits and dividends have none for these data and this view "
                        "of them"),
              result.warnings.end());
}

TEST_F(ActionsBacktest, What_cannot_be_right_is_refused) {
    const std::string path = days({{"10", "10"}, {"10", "10"}, {"10", "10"}});
    BacktestSettings settings = run_on(path, "date,ratio\n2024-01-03T12:00:00Z,2:1\n", {});
    EXPECT_EQ(refusal(settings), "a bar lies across a split");
    settings.data[0].prices = PriceView::adjusted;
    EXPECT_EQ(refusal(settings), "a bar lies across a corporate action");

    settings = run_on(path, {}, {});
    settings.data[0].prices = PriceView::total_return;
    EXPECT_EQ(refusal(settings), "a total return needs the dividends");
    settings.data[0].prices = PriceView::forward;
    EXPECT_EQ(refusal(settings), "forward prices need the splits");

    settings = run_on(path, "date,ratio\n2024-01-03,2:1\n", {});
    settings.data.push_back({{days({{"10", "10"}, {"10", "10"}}, "b.csv")}, "B", {}});
    settings.data[1].actions = settings.data[0].actions;
    EXPECT_EQ(refusal(settings), "it is not known whose actions these are");

    settings = run_on(path, "date,ratio\n2024-01-03,2:1\n", {});
    settings.instruments["A"].asset_class = model::AssetClass::fx;
    settings.instruments["A"].base_currency = "EUR";
    EXPECT_EQ(refusal(settings), "a currency has no splits");
}

}  // namespace
}  // namespace millrace::backtest
