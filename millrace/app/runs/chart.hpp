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

// Several lines over one time, told apart by the classes l0, l1, … of the page's style.
inline constexpr std::size_t kOverlaidMax = 8;
[[nodiscard]] std::string overlay_chart(const LineChart& chart,
                                        std::span<const std::vector<ChartPoint>> lines);

struct ChartCandle {
    Time begin;
    double open = 0;
    double high = 0;
    double low = 0;
    double close = 0;
};
struct ChartTrade {
    Time entry_time;
    double entry = 0;
    Time exit_time;
    double exit = 0;
    bool is_long = false;
    double profit = 0;
    std::string words;  // escaped already
};

// At most so many are drawn; of more, equal numbers are joined.
inline constexpr std::size_t kCandlesShown = 260;

// A candle beside the other: nights and weekends take no room. Trades that end before the first
// candle are left out.
[[nodiscard]] std::string candle_chart(std::string_view title, std::span<const ChartCandle> candles,
                                       std::span<const ChartTrade> trades);

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
