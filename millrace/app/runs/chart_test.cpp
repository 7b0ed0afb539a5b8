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

}  // namespace
}  // namespace millrace::runs
