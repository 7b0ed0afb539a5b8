// Strategies of the library in whole runs, where the orders they send meet the venue: brackets,
// siblings, validity, exits at the close. Small enough to follow by hand.
#include "millrace/app/backtest/backtest.hpp"

#include "tests/support/market_files.hpp"

namespace millrace::backtest {
namespace {

using Values = std::map<std::string, std::string>;

class LibraryOrders : public test::FilesTest {
  protected:
    // Rows of "2024-01-02T14:30,100,101,99,100" with a volume of 1 million behind each.
    std::string bars(const std::string& name, const std::vector<std::string>& rows) {
        std::string text = "time,open,high,low,close,volume\n";
        for (const std::string& row : rows)
            text += row.substr(0, 16) + ":00Z" + row.substr(16) + ",1000000\n";
        return write(name, text);
    }
    static BacktestSettings run_of(const std::string& type, const Values& values,
                                   const std::vector<std::string>& paths) {
        BacktestSettings settings;
        std::string symbol = "A";
        for (const std::string& path : paths) {
            settings.data.push_back({{path}, symbol, {}});
            ++symbol[0];
        }
        settings.strategies["s"].type = type;
        settings.strategies["s"].parameters = values;
        settings.full = true;
        return settings;
    }
    // "A buy 1 at 110 14:50": symbol, side, quantity, price, and when it was known.
    static std::vector<std::string> fills(const BacktestSettings& settings) {
        const auto result = run_backtest(settings);
        EXPECT_TRUE(result) << describe(result.error());
        std::vector<std::string> texts;
        if (!result) return texts;
        for (const model::Fill& fill : result->fills)
            texts.push_back(
                std::string(result->instruments[fill.instrument.value()].symbol.view()) +
                (fill.side == model::Side::buy ? " buy " : " sell ") + fill.quantity.to_string() +
                " at " + fill.price.to_string() + ' ' + format_time(fill.known_at).substr(11, 5));
        return texts;
    }
};

using Texts = std::vector<std::string>;

// Mother 99 to 110 at 14:35, inside at 14:40, both orders from 14:45 on.
const std::vector<std::string> kInside = {"2024-01-02T14:30,100,101,99,100",
                                          "2024-01-02T14:35,100,110,99,109",
                                          "2024-01-02T14:40,108,109,103,104"};

std::vector<std::string> inside(std::initializer_list<std::string> more) {
    std::vector<std::string> rows = kInside;
    rows.insert(rows.end(), more);
    return rows;
}

TEST_F(LibraryOrders, An_inside_bar_is_entered_at_its_level_and_left_at_the_target) {
    // Up to 110 at 14:45; 121 = 110 + 11 at 14:50. The fall after it meets no order any more.
    const auto path = bars(
        "a.csv", inside({"2024-01-02T14:45,105,112,104,111", "2024-01-02T14:50,111,122,110,120",
                         "2024-01-02T14:55,120,120,90,95"}));
    EXPECT_EQ(fills(run_of("inside-bar", {{"atr_period", "1"}}, {path})),
              (Texts{"A buy 1 at 110 14:50", "A sell 1 at 121 14:55"}));
}

TEST_F(LibraryOrders, An_inside_bar_gapped_over_is_entered_at_the_open_and_stopped_out) {
    // Opens at 113, beyond 110; falls to the stop at 99 in the next bar, which is no entry to sell:
    // that leg ended with the first.
    const auto path =
        bars("a.csv", inside({"2024-01-02T14:45,113,114,112,113", "2024-01-02T14:50,113,113,97,98",
                              "2024-01-02T14:55,98,99,80,85"}));
    EXPECT_EQ(fills(run_of("inside-bar", {{"atr_period", "1"}}, {path})),
              (Texts{"A buy 1 at 113 14:45", "A sell 1 at 99 14:55"}));
}

TEST_F(LibraryOrders, An_inside_bar_lapses_with_its_window) {
    // The window ends at 16:00: the touch of 110 at 16:05 comes too late.
    const auto path = bars(
        "a.csv", inside({"2024-01-02T14:45,105,106,104,105", "2024-01-02T16:00,105,106,104,105",
                         "2024-01-02T16:05,105,112,104,111"}));
    EXPECT_EQ(fills(run_of("inside-bar", {{"atr_period", "1"}}, {path})), Texts{});
}

TEST_F(LibraryOrders, An_inside_bar_that_is_held_is_closed_with_its_window) {
    const std::vector<std::string> rows =
        inside({"2024-01-02T14:45,105,112,104,111", "2024-01-02T15:50,111,112,110,111",
                "2024-01-02T15:55,112,113,111,112.5", "2024-01-02T16:00,114,115,113,114"});
    const auto path = bars("a.csv", rows);
    EXPECT_EQ(fills(run_of("inside-bar", {{"atr_period", "1"}}, {path})),
              (Texts{"A buy 1 at 110 14:50", "A sell 1 at 114 16:00"}))
        << "at the first price after";
    EXPECT_EQ(
        fills(run_of("inside-bar", {{"atr_period", "1"}, {"exit_order", "on_close"}}, {path})),
        (Texts{"A buy 1 at 110 14:50", "A sell 1 at 112.5 16:00"}))
        << "at the close of the last bar";
}

TEST_F(LibraryOrders, A_gotobi_trade_is_stopped_within_the_bar_that_opened_it) {
    // 09:00 in Tokyo is midnight: bought at the open of 150, stopped 1 percent below.
    const auto path =
        bars("a.csv", {"2024-01-04T23:55,150.5,150.6,150.4,150.5",
                       "2024-01-05T00:00,150,151,148,149", "2024-01-05T00:05,149,152,149,152",
                       "2024-01-05T00:50,152,152,152,152", "2024-01-05T00:55,152,153,151,152"});
    const Values fixing = {{"entry_time", "09:00"}, {"exit_time", "09:55"}};
    EXPECT_EQ(fills(run_of("gotobi", fixing, {path})),
              (Texts{"A buy 1 at 150 00:00", "A sell 1 at 152 00:55"}));
    Values stopped = fixing;
    stopped["stop_loss_pct"] = "0.01";
    EXPECT_EQ(fills(run_of("gotobi", stopped, {path})),
              (Texts{"A buy 1 at 150 00:00", "A sell 1 at 148.5 00:05"}));
}

TEST_F(LibraryOrders, A_rudometkin_entry_is_closed_at_the_close_of_its_day) {
    // Forty flat days, a fall to 105, then a day that reaches the limit at 101.32 and closes at
    // 104; and a day after it, which meets nothing.
    std::vector<std::string> rows;
    Date date{2024, 1, 1};
    const auto add = [&](const std::string& prices) {
        rows.push_back(format_date(date) + "T00:00," + prices);
        date = civil_from_days(days_from_civil(date) + 1);
    };
    for (int day = 0; day < 40; ++day)
        add("100,101,99.01,100");
    add("110,110,104,105");
    add("104,106,100,104");
    add("104,106,90,95");
    const Values values = {{"min_bars", "41"},
                           {"sma_length", "5"},
                           {"adx_length", "2"},
                           {"volume_length", "1"},
                           {"allocation", "439"}};
    // 105 · 0.965 = 101.325, down to a cent; 439 · 0.005 / 2.19 = 1.002, down to whole shares.
    BacktestSettings settings = run_of("rudometkin-moc", values, {bars("a.csv", rows)});
    settings.every_instrument.quantity_increment = Quantity::whole(1);
    EXPECT_EQ(fills(settings), (Texts{"A buy 1 at 101.32 00:00", "A sell 1 at 104 00:00"}));
}

TEST_F(LibraryOrders, Both_legs_of_a_pair_deal_at_the_next_open) {
    const auto first =
        bars("a.csv", {"2024-01-02T10:00,100,100,100,100", "2024-01-02T10:05,100,100,100,100",
                       "2024-01-02T10:10,103,103,103,103", "2024-01-02T10:15,102,102,101,101",
                       "2024-01-02T10:20,100,100,100,100"});
    const auto second =
        bars("b.csv", {"2024-01-02T10:00,50,50,50,50", "2024-01-02T10:05,50,50,50,50",
                       "2024-01-02T10:10,50,50,50,50", "2024-01-02T10:15,51,51,50,50",
                       "2024-01-02T10:20,49,49,49,49"});
    EXPECT_EQ(
        fills(run_of(
            "pairs",
            {{"lookback", "3"}, {"hedge", "fixed"}, {"hedge_ratio", "2"}, {"entry_z", "1.05"}},
            {first, second})),
        (Texts{"A sell 1 at 102 10:15", "B buy 2 at 51 10:15", "A buy 1 at 100 10:20",
               "B sell 2 at 49 10:20"}));
}

}  // namespace
}  // namespace millrace::backtest
