// Candles beside each other, and the trades that were made on them.
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

#include "millrace/app/runs/chart.hpp"
#include "millrace/app/runs/chart_scale.hpp"

namespace millrace::runs {
namespace {

constexpr int kHeight = 300;

std::vector<ChartCandle> joined(std::span<const ChartCandle> candles) {
    const std::size_t each = (candles.size() + kCandlesShown - 1) / kCandlesShown;
    std::vector<ChartCandle> few;
    for (std::size_t begin = 0; begin < candles.size(); begin += each) {
        ChartCandle one = candles[begin];
        for (const ChartCandle& next :
             candles.subspan(begin, std::min(each, candles.size() - begin))) {
            one.high = std::max(one.high, next.high);
            one.low = std::min(one.low, next.low);
            one.close = next.close;
        }
        few.push_back(one);
    }
    return few;
}

// The wicks and bodies of candles that rose, or of those that fell.
std::string candle_paths(std::span<const ChartCandle> candles, const Scale& x, const Scale& y,
                         bool rising) {
    std::string wicks;
    std::string bodies;
    for (std::size_t i = 0; i < candles.size(); ++i) {
        const ChartCandle& one = candles[i];
        if ((one.close >= one.open) != rising) continue;
        const std::string place = at(x(static_cast<double>(i)));
        wicks += "M" + place + " " + at(y(one.high)) + "V" + at(y(one.low));
        const double top = y(std::max(one.open, one.close));
        const double bottom = std::max(y(std::min(one.open, one.close)), top + 0.8);
        bodies += "M" + place + " " + at(top) + "V" + at(bottom);
    }
    const std::string_view tone = rising ? "up" : "down";
    const double width = std::max(1.0, (x(1) - x(0)) * 0.64);
    return fmt::format(
        "<path class=\"wick {}\" d=\"{}\"/><path class=\"body {}\" "
        "stroke-width=\"{:.1f}\" d=\"{}\"/>",
        tone, wicks, tone, std::min(width, 12.0), bodies);
}

// From where it was entered, an arrow in its direction, to where it ended, a ring.
std::string trade_mark(const ChartTrade& trade, double begin, double end, const Scale& y) {
    const double from = y(trade.entry);
    const double to = y(trade.exit);
    const double tip = trade.is_long ? -4 : 4;
    return fmt::format(
        "<g class=\"trade {}\"><title>{}</title><path d=\"M{} {}L{} {}\"/><path class=\"entry\" "
        "d=\"M{} {}l4 {}h-8Z\"/><circle cx=\"{}\" cy=\"{}\" r=\"3\"/></g>",
        trade.profit >= 0 ? "up" : "down", trade.words, at(begin), at(from), at(end), at(to),
        at(begin), at(from + tip), at(-2 * tip), at(end), at(to));
}

}  // namespace

std::string candle_chart(std::string_view title, std::span<const ChartCandle> all,
                         std::span<const ChartTrade> trades) {
    if (all.size() < 2) return {};
    const std::vector<ChartCandle> candles = joined(all);
    double low = candles.front().low;
    double high = candles.front().high;
    for (const ChartCandle& one : candles) {
        low = std::min(low, one.low);
        high = std::max(high, one.high);
    }
    if (high <= low) high = low + 1;
    const double air = (high - low) * 0.04;
    const Scale y{low - air, high + air, kHeight - kBottom, kTop};
    const Scale x{-0.5, static_cast<double>(candles.size()) - 0.5, kLeft, kWidth - kRight};
    // The candle that a moment falls into.
    const auto place_of = [&](Time time) {
        const auto after = std::upper_bound(
            candles.begin(), candles.end(), time,
            [](Time one, const ChartCandle& candle) { return one < candle.begin; });
        return x(static_cast<double>(std::max<std::ptrdiff_t>(after - candles.begin() - 1, 0)));
    };
    std::string svg = open_svg(title, kHeight);
    svg += value_axis(low, high, y, kHeight, false);
    double last_label = kLeft - 30;
    for (const TimeTick& tick : time_ticks(candles.front().begin, candles.back().begin, 13)) {
        const double place = place_of(tick.time);
        if (place > kWidth - kRight - 12 || place < last_label + 44) continue;
        svg += time_label(tick, place, kHeight);
        last_label = place;
    }
    svg += candle_paths(candles, x, y, true) + candle_paths(candles, x, y, false);
    for (const ChartTrade& trade : trades)
        if (trade.exit_time >= candles.front().begin)
            svg += trade_mark(trade, place_of(trade.entry_time), place_of(trade.exit_time), y);
    return svg + "</svg>";
}

}  // namespace millrace::runs
