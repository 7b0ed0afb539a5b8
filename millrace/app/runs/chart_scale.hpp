// What the charts of this room are drawn with: the places on a page, and the axes.
#pragma once

#include <string>
#include <string_view>

#include "millrace/app/runs/chart.hpp"

namespace millrace::runs {

inline constexpr double kWidth = 960;
inline constexpr double kLeft = 4;
inline constexpr double kRight = 76;  // where the values stand
inline constexpr double kTop = 10;
inline constexpr double kBottom = 24;

[[nodiscard]] std::string at(double place);

struct Scale {
    double from = 0;
    double to = 1;
    double begin = 0;
    double end = 1;

    [[nodiscard]] double operator()(double value) const {
        return to > from ? begin + (value - from) / (to - from) * (end - begin) : (begin + end) / 2;
    }
};

[[nodiscard]] std::string open_svg(std::string_view title, int height);
[[nodiscard]] std::string value_axis(double low, double high, const Scale& y, int height,
                                     bool is_percent);
[[nodiscard]] std::string time_axis(Time from, Time to, const Scale& x, double height);
[[nodiscard]] std::string time_label(const TimeTick& tick, double place, double height);

}  // namespace millrace::runs
