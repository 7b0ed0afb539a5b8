// Every output of every indicator against numbers that were computed elsewhere: from the sentences
// of docs/reference/indicators.md, in exact fractions (roots and logarithms to 60 digits).
#include <cmath>
#include <gtest/gtest.h>

#include "millrace/core/strategy/indicators/test_candles.hpp"

namespace millrace::indicators {
namespace {

// Rises and falls, a gap, equal closes, a bar without range and one without volume.
constexpr BarText kBars[] = {
    {"10", "11", "9", "10", "100"},
    {"10", "12", "10", "11.5", "150"},
    {"11.5", "12.5", "11", "12", "0"},
    {"12", "12", "10.5", "11", "300"},
    {"11", "11.25", "9.5", "10", "250"},
    {"10", "10.5", "8", "8.5", "400"},
    {"8.5", "9.75", "8.25", "9.5", "120"},
    {"9.5", "11", "9.5", "10.75", "180"},
    {"10.75", "13", "10.5", "12.5", "500"},
    {"12.5", "14", "12.25", "13.75", "350"},
    {"13.75", "14", "13", "13", "80"},
    {"13", "13", "13", "13", "60"},
    {"13.25", "15", "13", "14.5", "220"},
    {"14.5", "16", "14", "15.75", "310"},
    {"15.5", "15.5", "12", "12.25", "640"},
    {"12.25", "12.75", "10", "10.5", "410"},
    {"10.5", "11.5", "10.25", "11.25", "140"},
    {"11.25", "11.75", "11", "11.5", "90"},
};

struct Golden {
    const char* text;
    std::size_t output;
    std::size_t first_bar;  // counted from 1: the one with which it is ready
    double first;
    double last;  // with bar 18
};

constexpr Golden kGolden[] = {
    {"sma:5", 0, 5, 10.9, 12.25},
    {"ema:5", 0, 5, 10.9, 11.87015416574935},
    {"ema:3@hl2", 0, 3, 10.91666666666667, 11.57604726155599},
    {"sma:4@volume", 0, 4, 137.5, 320},
    {"wma:4", 0, 4, 11.3, 11.3},
    {"hma:9", 0, 11, 13.43425925925926, 10.68703703703704},
    {"dema:4", 0, 7, 9.044, 11.25104446880973},
    {"tema:4", 0, 10, 13.4088096, 11.09448957423616},
    {"kama:4:2:30", 0, 5, 10.99583766909469, 12.51981912309575},
    {"rma:5", 0, 5, 10.9, 12.07278387699712},
    {"rsi:5", 0, 6, 36.36363636363637, 44.51735094339442},
    {"rsi:5:cutler", 0, 6, 36.36363636363637, 30},
    {"macd:3:6:4", 0, 9, 0.3384277818270165, -0.4118924868063413},
    {"macd:3:6:4", 1, 9, -0.3954366344752187, -0.2691384700532189},
    {"macd:3:6:4", 2, 9, 0.7338644163022352, -0.1427540167531224},
    {"roc:3", 0, 4, 10, -6.122448979591836},
    {"tsi:5:3:4", 0, 11, 50.79008721181245, -22.93944480689239},
    {"tsi:5:3:4", 1, 11, 41.21097210210532, -11.68596443433072},
    {"trix:3:4", 0, 11, 5.344688179959638, -3.15174575746946},
    {"trix:3:4", 1, 11, 2.938538852815878, -1.729176150865835},
    {"percent_rank:5", 0, 6, 0, 40},
    {"connors_rsi:3:2:5", 0, 7, 68.78306878306879, 53.72720685076409},
    {"atr:5", 0, 5, 1.75, 1.7372332242944},
    {"atr:5:simple", 0, 5, 1.75, 2.1},
    {"atr:5:exponential", 0, 5, 1.75, 1.618847153305823},
    {"stochastic:5:3:2", 0, 8, 37.73148148148148, 18.05555555555556},
    {"stochastic:5:3:2", 1, 8, 31.03505291005291, 14.93055555555556},
    {"williams_r:5", 0, 5, -71.42857142857143, -75},
    {"cci:5", 0, 5, -69.59706959706959, -44.2942942942943},
    {"ultimate:2:4:8", 0, 9, 72.5181598062954, 56.24027388733271},
    {"bollinger:5:2.5", 0, 5, 10.9, 12.25},
    {"bollinger:5:2.5", 1, 5, 12.9, 16.84279326771846},
    {"bollinger:5:2.5", 2, 5, 8.9, 7.657206732281541},
    {"bollinger:5:2.5", 3, 5, 0.275, 0.4183503419072274},
    {"bollinger:5:2.5", 4, 5, 0.3669724770642202, 0.749843798811177},
    {"keltner:5:4:1.5", 0, 5, 10.9, 11.87015416574935},
    {"keltner:5:4:1.5", 1, 5, 13.525, 14.42523017813722},
    {"keltner:5:4:1.5", 2, 5, 8.275, 9.315078153361478},
    {"donchian:4", 0, 4, 10.75, 12.75},
    {"donchian:4", 1, 4, 12.5, 15.5},
    {"donchian:4", 2, 4, 9, 10},
    {"adx:4", 0, 8, 23.02325581395349, 35.48659156281208},
    {"adx:4", 1, 8, 27.37081203861442, 20.52597649499493},
    {"adx:4", 2, 8, 21.46507666098807, 30.14133341550909},
    {"aroon:5", 0, 6, 40, 20},
    {"aroon:5", 1, 6, 100, 60},
    {"aroon:5", 2, 6, -60, -40},
    {"psar:0.02:0.2", 0, 2, 9, 15.7624},
    {"psar:0.02:0.2", 1, 2, 1, -1},
    {"supertrend:4:1.5", 0, 4, 13.875, 13.90676801651716},
    {"supertrend:4:1.5", 1, 4, -1, -1},
    {"supertrend:4:1.5", 2, 4, 13.875, 13.90676801651716},
    {"supertrend:4:1.5", 3, 4, 8.625, 8.819923987612128},
    {"ichimoku:3:5:7:4", 0, 11, 12.25, 11.375},
    {"ichimoku:3:5:7:4", 1, 11, 11.125, 13},
    {"ichimoku:3:5:7:4", 2, 11, 9.9375, 14.3125},
    {"ichimoku:3:5:7:4", 3, 11, 10.25, 12.75},
    {"ichimoku:3:5:7:4", 4, 11, 11.6875, 12.1875},
    {"ichimoku:3:5:7:4", 5, 11, 11, 13},
    {"vwap:start", 0, 1, 10, 11.88643410852713},
    {"vwap:window:4", 0, 4, 10.95454545454546, 12.18098958333333},
    {"obv", 0, 1, 0, -20},
    {"mfi:4", 0, 5, 22.07578253706755, 6.590058792089792},
    {"cmf:4", 0, 4, -0.04545454545454546, -0.5433441558441559},
    {"linreg:5", 0, 5, 10.8, 10.35},
    {"linreg:5", 1, 5, -0.05, -0.95},
    {"linreg:5", 2, 5, 0.0078125, 0.5348148148148149},
    {"zscore:5", 0, 5, -1.125, -0.408248290463863},
    {"zscore:5:sample", 0, 5, -1.006230589874905, -0.3651483716701107},
    {"stdev:5", 0, 5, 0.8, 1.837117307087384},
    {"stdev:5:sample", 0, 5, 0.8944271909999159, 2.053959590644373},
    {"min:4", 0, 4, 10, 10.5},
    {"max:4@high", 0, 4, 12.5, 15.5},
    {"median:5", 0, 5, 11, 11.5},
    {"median:4", 0, 4, 11.25, 11.375},
    {"quantile:5:0.9", 0, 5, 11.8, 14.35},
    {"return:2", 0, 3, 0.2, 0.09523809523809523},
    {"return:2:log", 0, 3, 0.1823215567939546, 0.09097177820572669},
    {"drawdown", 0, 1, 0, 0.2698412698412698},
    {"drawdown", 1, 1, 0, 0.3333333333333333},
};

void expect_near(double expected, double seen, const std::string& what) {
    EXPECT_NEAR(expected, seen, 1e-12 * std::max(1.0, std::fabs(expected))) << what;
}

TEST(Golden, Every_output_is_what_its_definition_gives) {
    for (const Golden& golden : kGolden) {
        auto asked = parse_indicator(golden.text);
        ASSERT_TRUE(asked) << golden.text;
        Indicator& indicator = *asked->indicator;
        const std::string what =
            std::string(golden.text) + " " + std::string(indicator.output_names()[golden.output]);
        EXPECT_EQ(indicator.warm_up(), static_cast<std::int64_t>(golden.first_bar)) << what;
        for (std::size_t bar = 1; bar <= std::size(kBars); ++bar) {
            indicator.update(bar_of(kBars[bar - 1], static_cast<std::int64_t>(bar)));
            ASSERT_EQ(indicator.is_ready(), bar >= golden.first_bar) << what << ", bar " << bar;
            if (bar == golden.first_bar)
                expect_near(golden.first, indicator.output(golden.output), what + ", first");
        }
        expect_near(golden.last, indicator.output(golden.output), what + ", last");
    }
}

TEST(Golden, Every_indicator_of_the_catalog_stands_here) {
    for (const IndicatorFamily& family : all_indicators()) {
        for (const IndicatorType& type : family.types) {
            const std::size_t outputs = type.make()->output_names().size();
            std::vector<bool> seen(outputs, false);
            for (const Golden& golden : kGolden) {
                const std::string_view text = golden.text;
                if (text.substr(0, text.find_first_of(":@")) == type.name)
                    seen.at(golden.output) = true;
            }
            EXPECT_EQ(std::count(seen.begin(), seen.end(), true),
                      static_cast<std::ptrdiff_t>(outputs))
                << type.name;
        }
    }
}

// The day of the VWAP is that of the bar's opening in UTC. Typical prices 10 and 11 of volume 1 and
// 3 on one day: (10 + 33) / 4; 20 of volume 2 on the next: 20.
TEST(Golden, The_daily_vwap_begins_anew_at_midnight_utc) {
    auto asked = parse_indicator("vwap:day");
    ASSERT_TRUE(asked);
    constexpr std::int64_t kMinutesADay = 1'440;
    asked->indicator->update(bar_of({"10", "10", "10", "10", "1"}, kMinutesADay - 2));
    asked->indicator->update(bar_of({"11", "11", "11", "11", "3"}, kMinutesADay - 1));
    EXPECT_EQ(asked->indicator->output(0), 10.75);
    asked->indicator->update(bar_of({"20", "20", "20", "20", "2"}, kMinutesADay));
    EXPECT_EQ(asked->indicator->output(0), 20);
}

TEST(Golden, The_daily_vwap_knows_midnight_before_1970_too) {
    auto asked = parse_indicator("vwap");
    ASSERT_TRUE(asked);
    asked->indicator->update(bar_of({"10", "10", "10", "10", "1"}, -1));
    asked->indicator->update(bar_of({"20", "20", "20", "20", "1"}, 0));
    EXPECT_EQ(asked->indicator->output(0), 20);
}

}  // namespace
}  // namespace millrace::indicators
