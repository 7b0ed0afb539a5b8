#include "millrace/app/runs/chart.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace millrace::runs {
namespace {

Time at(std::string_view text) {
    return parse_time(text).value();
}

std::vector<std::string> labels(std::string_view from, std::string_view to, int most) {
    std::vector<std::string> all;
    for (const TimeTick& tick : time_ticks(at(from), at(to), most))
        all.push_back(tick.label);
    return all;
}

TEST(Chart, Has_round_ticks_inside_of_its_range) {
    EXPECT_EQ(round_ticks(0, 10, 5), (std::vector<double>{0, 2, 4, 6, 8, 10}));
    EXPECT_EQ(round_ticks(97'000, 104'000, 4),
              (std::vector<double>{98'000, 100'000, 102'000, 104'000}));
    EXPECT_EQ(round_ticks(3, 3, 5), std::vector<double>{3});
}

TEST(Chart, Labels_years_months_days_and_hours_by_what_is_shown) {
    EXPECT_EQ(labels("2021-12-01T00:00:00Z", "2024-02-01T00:00:00Z", 5),
              (std::vector<std::string>{"2022", "Jul", "2023", "Jul", "2024"}));
    EXPECT_EQ(labels("2024-01-30T00:00:00Z", "2024-02-02T00:00:00Z", 5),
              (std::vector<std::string>{"01-30", "01-31", "02-01", "02-02"}));
    EXPECT_EQ(labels("2024-01-30T09:30:00Z", "2024-01-30T12:10:00Z", 4),
              (std::vector<std::string>{"10:00", "11:00", "12:00"}));
}

TEST(Chart, Keeps_the_extremes_when_it_draws_fewer_points) {
    std::vector<ChartPoint> points;
    for (int i = 0; i < 10'000; ++i)
        points.push_back({Time::from_ns(i), i == 7'777 ? -50.0 : i == 1'234 ? 90.0 : 1.0});
    const auto few = thinned(points, 400);
    EXPECT_LE(few.size(), 400u);
    const auto [low, high] = std::minmax_element(
        few.begin(), few.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
    EXPECT_EQ(low->value, -50.0);
    EXPECT_EQ(high->value, 90.0);
    EXPECT_TRUE(std::is_sorted(few.begin(), few.end(),
                               [](const auto& a, const auto& b) { return a.time < b.time; }));
}

TEST(Chart, Is_nothing_where_there_is_nothing_to_draw) {
    EXPECT_EQ(line_chart({"t", "equity", 100, false, 0, true}, {}), "");
    EXPECT_EQ(histogram("t", {}, true), "");
}

TEST(Chart, Of_a_flat_line_has_numbers_only) {
    const std::vector<ChartPoint> flat = {{Time::from_ns(0), 5}, {Time::from_ns(10), 5}};
    const std::string svg = line_chart({"t", "equity", 100, false, 5, true}, flat);
    EXPECT_NE(svg.find("<path"), std::string::npos);
    EXPECT_EQ(svg.find("nan"), std::string::npos);
    EXPECT_EQ(svg.find("inf"), std::string::npos);
}

// -1 -1 0.5 1: two bins each side of nothing hold two falls and two rises.
TEST(Chart, Tells_falls_from_rises) {
    const std::vector<double> values = {-0.01, -0.01, 0.005, 0.01};
    const std::string svg = histogram("t", values, true);
    EXPECT_NE(svg.find("class=\"down\""), std::string::npos);
    EXPECT_NE(svg.find("class=\"up\""), std::string::npos);
    EXPECT_NE(svg.find(": 2</title>"), std::string::npos);
}

std::vector<ChartCandle> rising_days(int count) {
    std::vector<ChartCandle> candles;
    for (int day = 0; day < count; ++day)
        candles.push_back({Time::from_ns(day * kNanosecondsPerDay), 100.0 + day, 102.0 + day,
                           99.0 + day, 101.0 + day});
    return candles;
}
std::size_t count_of(const std::string& text, std::string_view what) {
    std::size_t count = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
        ++count;
    return count;
}

// Of 1,000 every four are joined: 250 wicks and 250 bodies, all of them rising.
TEST(CandleChart, Joins_equal_numbers_where_there_are_too_many) {
    const std::string svg = candle_chart("t", rising_days(1'000), {});
    const std::size_t wicks = svg.find("<path class=\"wick up\"");
    const std::size_t bodies = svg.find("<path class=\"body up\"");
    ASSERT_LT(wicks, bodies);
    EXPECT_EQ(count_of(svg.substr(wicks, bodies - wicks), "M"), 250u);
    EXPECT_NE(svg.find("<path class=\"wick down\" d=\"\"/>"), std::string::npos);
}

// Four candles on 880 points, from 4: their middles are at 114, 334, 554 and 774. The price goes
// from 99 to 105 with 4 % air on both sides, that is 98.76 to 105.24 on 276 down to 10 points:
// 101 is at 184.05, 103 at 101.95.
TEST(CandleChart, Puts_trades_where_they_were_made) {
    const std::vector<ChartTrade> trades = {{Time::from_ns(kNanosecondsPerDay), 101,
                                             Time::from_ns(3 * kNanosecondsPerDay + 5), 103, true,
                                             2, "long 1: 2.00"}};
    const std::string svg = candle_chart("t", rising_days(4), trades);
    EXPECT_NE(svg.find("<g class=\"trade up\"><title>long 1: 2.00</title><path d=\"M334.0 184.0L"
                       "774.0 102.0\"/>"),
              std::string::npos)
        << svg;
}

TEST(CandleChart, Leaves_out_what_ended_before_it_begins) {
    const std::vector<ChartTrade> trades = {
        {Time::from_ns(-10), 101, Time::from_ns(-5), 103, true, 2, "before"}};
    EXPECT_EQ(candle_chart("t", rising_days(4), trades).find("before"), std::string::npos);
    EXPECT_EQ(candle_chart("t", rising_days(1), {}), "");
}

TEST(OverlayChart, Draws_a_line_for_each_over_the_whole_of_time) {
    const std::vector<std::vector<ChartPoint>> lines = {
        {{Time::from_ns(0), 0.0}, {Time::from_ns(50), 0.1}},
        {{Time::from_ns(50), 0.0}, {Time::from_ns(100), -0.1}},
        {}};
    const std::string svg = overlay_chart({"t", "", 200, true, 0, true}, lines);
    EXPECT_NE(svg.find("<path class=\"line l0\" d=\"M4.0 "), std::string::npos);
    EXPECT_NE(svg.find("<path class=\"line l1\" d=\"M444.0 "), std::string::npos);  // half way
    EXPECT_EQ(svg.find("line l2"), std::string::npos);
    EXPECT_EQ(overlay_chart({"t", "", 200, true, 0, true}, {}), "");
}

}  // namespace
}  // namespace millrace::runs
