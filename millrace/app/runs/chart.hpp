// Chart: lines, areas and columns as SVG whose colours come from the page's own style. Numbers go
// in, text comes out; the same numbers give the same text.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/time.hpp"

namespace millrace::runs {

struct ChartPoint {
    Time time;
    double value = 0;
};

struct LineChart {
    std::string_view title;  // for who cannot see it
    std::string_view style;  // "equity", "drawdown", "rolling": a class of the page's style
    int height = 240;
    bool is_percent = false;
    double base = 0;          // the area is filled from here
    bool shows_base = false;  // as a dashed line
};

// At most so many points are drawn; of more, the extremes of equal parts.
inline constexpr std::size_t kChartPointsMax = 1'000;

[[nodiscard]] std::vector<ChartPoint> thinned(std::span<const ChartPoint> points,
                                              std::size_t points_max);

[[nodiscard]] std::string line_chart(const LineChart& chart, std::span<const ChartPoint> points);

// How often each of equal steps was hit; negative steps and positive ones look different.
[[nodiscard]] std::string histogram(std::string_view title, std::span<const double> values,
                                    bool is_percent);

// At most `ticks_max` round values that span from..to.
[[nodiscard]] std::vector<double> round_ticks(double from, double to, int ticks_max);

struct TimeTick {
    Time time;
    std::string label;
};
[[nodiscard]] std::vector<TimeTick> time_ticks(Time from, Time to, int ticks_max);

}  // namespace millrace::runs
