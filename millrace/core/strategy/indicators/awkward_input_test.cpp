// Prices that never move, bars without range, no volume, zero and negative prices.
#include <cmath>
#include <gtest/gtest.h>

#include "millrace/core/strategy/indicators/test_candles.hpp"

namespace millrace::indicators {
namespace {

std::vector<double> after(const std::string& text, const std::vector<BarText>& bars,
                          int repeats = 1) {
    auto asked = parse_indicator(text);
    EXPECT_TRUE(asked) << text;
    std::int64_t index = 0;
    for (int round = 0; round < repeats; ++round)
        for (const BarText& bar : bars)
            asked->indicator->update(bar_of(bar, index++));
    EXPECT_TRUE(asked->indicator->is_ready()) << text;
    return outputs_of(*asked->indicator);
}

struct Still {
    const char* text;
    std::vector<double> outputs;
};

// Before the price stops at 12.34 it was elsewhere, so that sums have something to forget.
TEST(AwkwardInput, A_price_that_stands_still_gives_exactly_what_the_definition_says) {
    const std::vector<BarText> before = {{"7.77", "1000.1", "0.03", "999.99", "123.456"},
                                         {"999.99", "1000", "0.1", "0.3", "7"}};
    const BarText still = {"12.34", "12.34", "12.34", "12.34", "0"};
    const Still expected[] = {
        {"sma:5", {12.34}},
        {"wma:5", {12.34}},
        {"hma:5", {12.34}},
        {"rsi:5:cutler", {50}},
        {"roc:5", {0}},
        {"percent_rank:5", {0}},
        {"atr:5:simple", {0}},
        {"stochastic:5:2:2", {50, 50}},
        {"williams_r:5", {-50}},
        {"cci:5", {0}},
        {"ultimate:3:5:7", {50}},
        {"bollinger:5:2", {12.34, 12.34, 12.34, 0.5, 0}},
        {"donchian:5", {12.34, 12.34, 12.34}},
        {"aroon:5", {100, 100, 0}},
        {"vwap:window:5@close", {12.34}},
        {"mfi:5", {50}},
        {"cmf:5", {0}},
        {"linreg:5", {12.34, 0, 0}},
        {"zscore:5", {0}},
        {"zscore:5:sample", {0}},
        {"stdev:5", {0}},
        {"min:5", {12.34}},
        {"max:5", {12.34}},
        {"median:5", {12.34}},
        {"quantile:5:0.9", {12.34}},
        {"return:5", {0}},
        {"return:5:log", {0}},
    };
    for (const Still& row : expected) {
        std::vector<BarText> bars = before;
        bars.insert(bars.end(), 40, still);
        EXPECT_EQ(after(row.text, bars), row.outputs) << row.text;
    }
}

TEST(AwkwardInput, Everything_is_finite_when_nothing_ever_moved_or_traded) {
    for (const std::string& text : sample_texts())
        for (const double value : after(text, {{"0.1", "0.1", "0.1", "0.1", "0"}}, 300))
            EXPECT_TRUE(std::isfinite(value)) << text;
    EXPECT_EQ(after("rsi:14", {{"5", "5", "5", "5", "1"}}, 20), std::vector{50.0});
    EXPECT_EQ(after("adx:3", {{"5", "5", "5", "5", "1"}}, 20), (std::vector{0.0, 0.0, 0.0}));
    EXPECT_EQ(after("tsi:3:2:2", {{"5", "5", "5", "5", "1"}}, 20), (std::vector{0.0, 0.0}));
    EXPECT_EQ(after("kama:3", {{"5", "5", "5", "5", "1"}}, 20), std::vector{5.0});
    EXPECT_EQ(after("connors_rsi:3:2:5", {{"5", "5", "5", "5", "1"}}, 20),
              std::vector{100.0 / 3});  // (50 + 50 + 0) / 3
}

TEST(AwkwardInput, Zero_and_negative_prices_give_finite_numbers) {
    const std::vector<BarText> bars = {{"0", "0", "0", "0", "5"},
                                       {"-1", "2", "-3", "-2", "5"},
                                       {"-2", "0", "-2", "0", "0"},
                                       {"1", "3", "0", "3", "9"}};
    for (const std::string& text : sample_texts())
        for (const double value : after(text, bars, 60))
            EXPECT_TRUE(std::isfinite(value)) << text;
    EXPECT_EQ(after("roc:1", {bars[0], bars[1]}), std::vector{0.0});
    EXPECT_EQ(after("return:1:log", {bars[1], bars[3]}), std::vector{0.0});
    EXPECT_EQ(after("drawdown", {bars[1], bars[0]}), (std::vector{0.0, 0.0}));
}

TEST(AwkwardInput, The_largest_prices_and_volumes_give_finite_numbers) {
    const std::vector<BarText> bars = {
        {"9000000000", "9200000000", "0.000000001", "9000000000", "90000000000"},
        {"0.000000001", "9200000000", "0.000000001", "0.000000001", "0.00000001"},
        {"1", "9200000000", "0.000000001", "4", "90000000000"}};
    for (const std::string& text : sample_texts())
        for (const double value : after(text, bars, 80))
            EXPECT_TRUE(std::isfinite(value)) << text;
}

TEST(AwkwardInput, A_window_of_one_is_the_newest_value) {
    const std::vector<BarText> bars = {{"1", "9", "0", "2", "10"}, {"3", "8", "2", "5", "30"}};
    for (const char* text : {"sma:1", "ema:1", "wma:1", "hma:1", "dema:1", "tema:1", "rma:1",
                             "min:1", "max:1", "median:1", "quantile:1:0.3"})
        EXPECT_EQ(after(text, bars), std::vector{5.0}) << text;
    EXPECT_EQ(after("stdev:1", bars), std::vector{0.0});
    EXPECT_EQ(after("zscore:1", bars), std::vector{0.0});
    EXPECT_EQ(after("cci:1", bars), std::vector{0.0});
    EXPECT_EQ(after("rsi:1", bars), std::vector{100.0});
    EXPECT_EQ(after("atr:1", bars), std::vector{6.0});  // 8 − 2, the close before is between
    EXPECT_EQ(after("williams_r:1", bars), std::vector{-50.0});       // 5 in 2 … 8
    EXPECT_EQ(after("aroon:1", bars), (std::vector{0.0, 0.0, 0.0}));  // both extremes a bar ago
    EXPECT_EQ(after("mfi:1", bars), std::vector{100.0});
}

}  // namespace
}  // namespace millrace::indicators
