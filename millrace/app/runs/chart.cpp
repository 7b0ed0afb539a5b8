// Scales, ticks and paths.
#include "millrace/app/runs/chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

#include "millrace/app/runs/chart_scale.hpp"
#include "millrace/base/date.hpp"

namespace millrace::runs {
namespace {

constexpr int kBinsMax = 41;

// With thousands apart, and as many decimals as the step of the ticks needs.
std::string value_text(double value, double step, bool is_percent) {
    const double shown = is_percent ? value * 100 : value;
    const double shown_step = is_percent ? step * 100 : step;
    int decimals = 0;
    for (double step_left = shown_step; decimals < 6; step_left *= 10, ++decimals)
        if (std::abs(step_left - std::round(step_left)) < 1e-6 * std::max(step_left, 1.0)) break;
    std::string text = fmt::format("{:.{}f}", std::abs(shown), decimals);
    const std::size_t point = std::min(text.find('.'), text.size());
    for (std::size_t at = point; at > 3; at -= 3)
        text.insert(at - 3, ",");
    const bool is_zero = text.find_first_not_of("0.,") == std::string::npos;
    return (shown < 0 && !is_zero ? "−" : "") + text + (is_percent ? " %" : "");
}

Date date_of(Time time) {
    constexpr std::int64_t kDay = kNanosecondsPerDay;
    const std::int64_t ns = time.ns();
    return civil_from_days(ns >= 0 ? ns / kDay : -((-ns + kDay - 1) / kDay));
}

Time time_of(int year, int month) {
    return Time::from_ns(days_from_civil({year, month, 1}) * kNanosecondsPerDay);
}

std::vector<TimeTick> month_ticks(Time from, Time to, int step) {
    static constexpr std::array<std::string_view, 12> kMonths = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::vector<TimeTick> ticks;
    const Date first = date_of(from);
    int month = (first.year * 12 + first.month - 1) / step * step;
    for (; ticks.size() < 100; month += step) {
        const int year = month / 12;
        const int of_year = month % 12;
        const Time time = time_of(year, of_year + 1);
        if (time > to) break;
        if (time >= from)
            ticks.push_back({time, of_year == 0
                                       ? std::to_string(year)
                                       : std::string(kMonths[static_cast<std::size_t>(of_year)])});
    }
    return ticks;
}

std::vector<TimeTick> span_ticks(Time from, Time to, Duration step) {
    std::vector<TimeTick> ticks;
    std::int64_t ns = from.ns() / step.ns() * step.ns();
    for (; ticks.size() < 100 && ns <= to.ns(); ns += step.ns()) {
        if (ns < from.ns()) continue;
        const std::string text = format_time(Time::from_ns(ns));
        const bool is_day = ns % kNanosecondsPerDay == 0;
        ticks.push_back({Time::from_ns(ns), is_day ? text.substr(5, 5) : text.substr(11, 5)});
    }
    return ticks;
}

std::string path_of(std::span<const ChartPoint> points, const Scale& x, const Scale& y) {
    std::string path;
    for (const ChartPoint& point : points)
        path += (path.empty() ? "M" : "L") + at(x(static_cast<double>(point.time.ns()))) + " " +
                at(y(point.value));
    return path;
}

}  // namespace

// A half of a tenth of a point is finer than a screen.
std::string at(double place) {
    return fmt::format("{:.1f}", place);
}

std::string value_axis(double low, double high, const Scale& y, int height, bool is_percent) {
    std::string svg;
    const std::vector<double> values = round_ticks(low, high, height > 180 ? 6 : 4);
    const double step = values.size() > 1 ? values[1] - values[0] : 1;
    for (const double value : values) {
        svg += fmt::format("<line class=\"grid\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>",
                           at(kLeft), at(kWidth - kRight), at(y(value)), at(y(value)));
        svg +=
            fmt::format("<text class=\"tick\" x=\"{}\" y=\"{}\">{}</text>", at(kWidth - kRight + 8),
                        at(y(value) + 4), value_text(value, step, is_percent));
    }
    return svg;
}

std::string time_label(const TimeTick& tick, double place, double height) {
    return fmt::format(
        "<text class=\"tick mid{}\" x=\"{}\" y=\"{}\">{}</text>",
        tick.label.size() == 4 && tick.label.find('-') == std::string::npos ? " year" : "",
        at(place), at(height - 6), tick.label);
}

std::string time_axis(Time from, Time to, const Scale& x, double height) {
    std::string svg;
    for (const TimeTick& tick : time_ticks(from, to, 13)) {
        const double place = x(static_cast<double>(tick.time.ns()));
        if (place > kWidth - kRight - 12 || place < kLeft + 12) continue;
        svg += time_label(tick, place, height);
    }
    return svg;
}

std::string open_svg(std::string_view title, int height) {
    return fmt::format(
        "<svg viewBox=\"0 0 {:.0f} {}\" role=\"img\" aria-label=\"{}\" "
        "preserveAspectRatio=\"xMidYMid meet\">",
        kWidth, height, title);
}

std::vector<double> round_ticks(double from, double to, int ticks_max) {
    std::vector<double> ticks;
    if (!(to > from)) return {from};
    const double rough = (to - from) / ticks_max;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    double step = power * 10;
    for (const double factor : {1.0, 2.0, 2.5, 5.0})
        if (power * factor >= rough) {
            step = power * factor;
            break;
        }
    for (double index = std::ceil(from / step); index * step <= to + step * 1e-9; ++index)
        ticks.push_back(index * step);
    return ticks;
}

std::vector<TimeTick> time_ticks(Time from, Time to, int ticks_max) {
    const auto fits = [&](const std::vector<TimeTick>& ticks) {
        return static_cast<int>(ticks.size()) <= ticks_max;
    };
    const std::int64_t span = to.ns() - from.ns();
    for (const Duration step :
         {Duration::minutes(1), Duration::minutes(5), Duration::minutes(15), Duration::minutes(30),
          Duration::hours(1), Duration::hours(3), Duration::hours(6), Duration::hours(12),
          Duration::days(1), Duration::days(2), Duration::days(7)})
        if (span / step.ns() <= ticks_max)
            if (auto ticks = span_ticks(from, to, step); fits(ticks)) return ticks;
    for (const int step : {1, 2, 3, 6, 12, 24, 60, 120})
        if (auto ticks = month_ticks(from, to, step); fits(ticks)) return ticks;
    return {};
}

std::vector<ChartPoint> thinned(std::span<const ChartPoint> points, std::size_t points_max) {
    if (points.size() <= points_max) return {points.begin(), points.end()};
    const std::size_t parts = points_max / 4;  // first, lowest, highest and last of each
    std::vector<ChartPoint> few;
    for (std::size_t part = 0; part < parts; ++part) {
        const std::size_t begin = points.size() * part / parts;
        const std::size_t end = points.size() * (part + 1) / parts;
        const auto one = points.subspan(begin, end - begin);
        const auto [low, high] = std::minmax_element(
            one.begin(), one.end(),
            [](const ChartPoint& a, const ChartPoint& b) { return a.value < b.value; });
        std::array<std::size_t, 4> places = {0, static_cast<std::size_t>(low - one.begin()),
                                             static_cast<std::size_t>(high - one.begin()),
                                             one.size() - 1};
        std::sort(places.begin(), places.end());
        for (std::size_t i = 0; i < places.size(); ++i)
            if (i == 0 || places[i] != places[i - 1]) few.push_back(one[places[i]]);
    }
    return few;
}

std::string line_chart(const LineChart& chart, std::span<const ChartPoint> all) {
    if (all.size() < 2) return {};
    const std::vector<ChartPoint> points = thinned(all, kChartPointsMax);
    double low = chart.base;
    double high = chart.base;
    for (const ChartPoint& point : points) {
        low = std::min(low, point.value);
        high = std::max(high, point.value);
    }
    if (high <= low) high = low + 1;
    const double air = (high - low) * 0.04;
    const double height = chart.height;
    const Scale y{low < chart.base ? low - air : low, high > chart.base ? high + air : high,
                  height - kBottom, kTop};
    const Time from = points.front().time;
    const Time to = points.back().time;
    const Scale x{static_cast<double>(from.ns()), static_cast<double>(to.ns()), kLeft,
                  kWidth - kRight};
    std::string svg = open_svg(chart.title, chart.height);
    svg += value_axis(low, high, y, chart.height, chart.is_percent);
    svg += time_axis(from, to, x, height);
    const std::string path = path_of(points, x, y);
    const std::string floor = at(y(chart.base));
    svg += fmt::format("<path class=\"area {}\" d=\"{}L{} {}L{} {}Z\"/>", chart.style, path,
                       at(x(x.to)), floor, at(x(x.from)), floor);
    if (chart.shows_base)
        svg += fmt::format("<line class=\"base\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>",
                           at(kLeft), at(kWidth - kRight), floor, floor);
    svg += fmt::format("<path class=\"line {}\" d=\"{}\"/></svg>", chart.style, path);
    return svg;
}

std::string overlay_chart(const LineChart& chart, std::span<const std::vector<ChartPoint>> lines) {
    Time from = Time::latest();
    Time to = Time::earliest();
    double low = chart.base;
    double high = chart.base;
    std::vector<std::vector<ChartPoint>> few;
    for (const std::vector<ChartPoint>& line : lines.first(std::min(lines.size(), kOverlaidMax))) {
        few.push_back(thinned(line, kChartPointsMax));
        if (line.empty()) continue;
        from = std::min(from, line.front().time);
        to = std::max(to, line.back().time);
        for (const ChartPoint& point : few.back()) {
            low = std::min(low, point.value);
            high = std::max(high, point.value);
        }
    }
    if (!(from < to)) return {};
    if (high <= low) high = low + 1;
    const double air = (high - low) * 0.04;
    const double height = chart.height;
    const Scale y{low - air, high + air, height - kBottom, kTop};
    const Scale x{static_cast<double>(from.ns()), static_cast<double>(to.ns()), kLeft,
                  kWidth - kRight};
    std::string svg = open_svg(chart.title, chart.height);
    svg += value_axis(low, high, y, chart.height, chart.is_percent);
    svg += time_axis(from, to, x, height);
    if (chart.shows_base)
        svg += fmt::format("<line class=\"base\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>",
                           at(kLeft), at(kWidth - kRight), at(y(chart.base)), at(y(chart.base)));
    for (std::size_t i = 0; i < few.size(); ++i)
        if (few[i].size() > 1)
            svg += fmt::format("<path class=\"line l{}\" d=\"{}\"/>", i, path_of(few[i], x, y));
    return svg + "</svg>";
}

std::string histogram(std::string_view title, std::span<const double> values, bool is_percent) {
    if (values.size() < 2) return {};
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    // The far tails fall into the outer bins, so that one wild day does not flatten the rest.
    const auto rank = [&](double share) {
        return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
    };
    const double edge = std::max({std::abs(rank(0.005)), std::abs(rank(0.995)), 1e-9});
    // An odd number of bins would hide the sign of the middle one.
    const int wanted = static_cast<int>(2 * std::sqrt(static_cast<double>(values.size())));
    const int bins = std::clamp(wanted, 10, kBinsMax) / 2 * 2;
    std::vector<std::uint64_t> counts(static_cast<std::size_t>(bins));
    for (const double value : values) {
        const double place = std::floor((value + edge) / (2 * edge) * bins);
        counts[static_cast<std::size_t>(std::clamp(place, 0.0, double(bins - 1)))] += 1;
    }
    const auto most = static_cast<double>(*std::max_element(counts.begin(), counts.end()));
    constexpr int kHeight = 200;
    const Scale x{-edge, edge, kLeft, kWidth - kLeft};
    const Scale y{0, most, kHeight - kBottom, kTop};
    std::string svg = open_svg(title, kHeight);
    const double width = 2 * edge / bins;
    const std::vector<double> ticks = round_ticks(-edge, edge, 8);
    const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : edge;
    for (int bin = 0; bin < bins; ++bin) {
        const double begin = -edge + width * bin;
        const auto count = counts[static_cast<std::size_t>(bin)];
        if (count == 0) continue;
        svg += fmt::format(
            "<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"1.5\">"
            "<title>{} to {}: {}</title></rect>",
            bin < bins / 2 ? "down" : "up", at(x(begin) + 1), at(y(double(count))),
            at(x(begin + width) - x(begin) - 2), at(y(0) - y(double(count))),
            value_text(begin, step / 10, is_percent),
            value_text(begin + width, step / 10, is_percent), count);
    }
    for (const double value : ticks)
        svg += fmt::format("<text class=\"tick mid\" x=\"{}\" y=\"{}\">{}</text>", at(x(value)),
                           at(kHeight - 6), value_text(value, step, is_percent));
    svg += fmt::format("<line class=\"base\" x1=\"{0}\" x2=\"{0}\" y1=\"{1}\" y2=\"{2}\"/></svg>",
                       at(x(0)), at(kTop), at(kHeight - kBottom));
    return svg;
}

}  // namespace millrace::runs
