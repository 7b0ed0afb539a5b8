// The definitions of docs/reference/indicators.md once more, as plain loops over whole series: for
// tests, which compare the streaming ones with them. What is not yet there is NaN.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "millrace/core/strategy/indicators/candle.hpp"

namespace millrace::indicators::plain {

using Series = std::vector<double>;

inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

inline bool is_none(double value) {
    return std::isnan(value);
}

// f of the last n values, where all of them are there.
inline Series rolling(const Series& xs, std::size_t n,
                      const std::function<double(const Series&)>& f) {
    Series out(xs.size(), kNone);
    for (std::size_t i = n - 1; i < xs.size(); ++i) {
        const Series window(xs.begin() + static_cast<std::ptrdiff_t>(i + 1 - n),
                            xs.begin() + static_cast<std::ptrdiff_t>(i + 1));
        if (std::none_of(window.begin(), window.end(), is_none)) out[i] = f(window);
    }
    return out;
}

template <class F>
Series each(const Series& a, const Series& b, F f) {
    Series out(a.size(), kNone);
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!is_none(a[i]) && !is_none(b[i])) out[i] = f(a[i], b[i]);
    return out;
}

inline double quotient(double instead, double a, double b) {
    return b == 0 ? instead : a / b;
}

inline Series plus(const Series& a, double factor, const Series& b) {
    return each(a, b, [&](double x, double y) { return x + factor * y; });
}

inline Series lagged(const Series& xs, std::size_t n) {
    Series out(xs.size(), kNone);
    for (std::size_t i = n; i < xs.size(); ++i)
        out[i] = xs[i - n];
    return out;
}

inline Series moves(const Series& xs) {
    return plus(xs, -1, lagged(xs, 1));
}

inline Series positive(Series xs) {
    for (double& x : xs)
        if (!is_none(x)) x = std::max(x, 0.0);
    return xs;
}

inline Series scaled(Series xs, double factor) {
    for (double& x : xs)
        x *= factor;
    return xs;
}

inline double sum_of(const Series& window) {
    double sum = 0;
    for (const double x : window)
        sum += x;
    return sum;
}

inline double mean_of(const Series& window) {
    return sum_of(window) / static_cast<double>(window.size());
}

inline double squares_of(const Series& window) {
    const double mean = mean_of(window);
    double squares = 0;
    for (const double x : window)
        squares += (x - mean) * (x - mean);
    return squares;
}

inline double deviation_of(const Series& window, std::size_t less = 0) {
    return std::sqrt(squares_of(window) / static_cast<double>(window.size() - less));
}

inline Series sum(const Series& xs, std::size_t n) {
    return rolling(xs, n, sum_of);
}
inline Series sma(const Series& xs, std::size_t n) {
    return rolling(xs, n, mean_of);
}
inline Series highest(const Series& xs, std::size_t n) {
    return rolling(xs, n, [](const Series& w) { return *std::max_element(w.begin(), w.end()); });
}
inline Series lowest(const Series& xs, std::size_t n) {
    return rolling(xs, n, [](const Series& w) { return *std::min_element(w.begin(), w.end()); });
}

inline Series wma(const Series& xs, std::size_t n) {
    return rolling(xs, n, [](const Series& window) {
        double weighted = 0;
        double weights = 0;
        for (std::size_t i = 0; i < window.size(); ++i) {
            weighted += static_cast<double>(i + 1) * window[i];
            weights += static_cast<double>(i + 1);
        }
        return weighted / weights;
    });
}

inline Series smoothed(const Series& xs, std::size_t n, double weight) {
    Series out(xs.size(), kNone);
    Series seed;
    double value = 0;
    for (std::size_t i = 0; i < xs.size(); ++i) {
        if (is_none(xs[i])) continue;
        if (seed.size() < n) {
            seed.push_back(xs[i]);
            value = mean_of(seed);
        } else {
            value = (1 - weight) * value + weight * xs[i];
        }
        if (seed.size() == n) out[i] = value;
    }
    return out;
}
inline Series ema(const Series& xs, std::size_t n) {
    return smoothed(xs, n, 2 / (static_cast<double>(n) + 1));
}
inline Series rma(const Series& xs, std::size_t n) {
    return smoothed(xs, n, 1 / static_cast<double>(n));
}

inline Series rsi(const Series& xs, std::size_t n, Series (*average)(const Series&, std::size_t)) {
    return each(average(positive(moves(xs)), n), average(positive(scaled(moves(xs), -1)), n),
                [](double rise, double fall) {
                    // Sums of equal numbers may leave a trace; it is no movement.
                    return rise + fall < 1e-12 ? 50.0 : 100 * rise / (rise + fall);
                });
}

inline Series roc(const Series& xs, std::size_t n) {
    return each(xs, lagged(xs, n),
                [](double x, double past) { return 100 * quotient(0, x - past, past); });
}

inline Series percent_rank(const Series& xs, std::size_t n) {
    return rolling(xs, n + 1, [n](const Series& w) {
        const auto lower =
            std::count_if(w.begin(), w.end() - 1, [&](double x) { return x < w.back(); });
        return 100 * static_cast<double>(lower) / static_cast<double>(n);
    });
}

inline Series quantile(const Series& xs, std::size_t n, double share) {
    return rolling(xs, n, [share](Series w) {
        std::sort(w.begin(), w.end());
        const double rank = share * static_cast<double>(w.size() - 1);
        const auto k = static_cast<std::size_t>(rank);
        const double rest = rank - static_cast<double>(k);
        return rest == 0 ? w[k] : (1 - rest) * w[k] + rest * w[k + 1];
    });
}

// The bars, column by column.
struct Columns {
    Series open, high, low, close, volume, typical, middle, range;

    explicit Columns(const std::vector<model::Bar>& bars) {
        for (const model::Bar& bar : bars) {
            const Candle candle = candle_of(bar);
            const double before = close.empty() ? candle.close : close.back();
            range.push_back(
                close.empty() ? candle.high - candle.low
                              : std::max({candle.high - candle.low, std::fabs(candle.high - before),
                                          std::fabs(candle.low - before)}));
            open.push_back(candle.open);
            high.push_back(candle.high);
            low.push_back(candle.low);
            close.push_back(candle.close);
            volume.push_back(candle.volume);
            typical.push_back((candle.high + candle.low + candle.close) / 3);
            middle.push_back((candle.high + candle.low) / 2);
        }
    }

    [[nodiscard]] std::size_t size() const { return close.size(); }

    // Halfway between the highest high and the lowest low.
    [[nodiscard]] Series halfway(std::size_t n) const {
        return scaled(plus(highest(high, n), 1, lowest(low, n)), 0.5);
    }
    // Where the close stands in the range, 0 to 1.
    [[nodiscard]] Series place(std::size_t n) const {
        const Series low_n = lowest(low, n);
        return each(plus(close, -1, low_n), plus(highest(high, n), -1, low_n),
                    [](double above, double room) { return quotient(0.5, above, room); });
    }
};

}  // namespace millrace::indicators::plain
