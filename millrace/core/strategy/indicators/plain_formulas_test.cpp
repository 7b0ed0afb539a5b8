// The streaming indicators against plain loops over the whole series, on random bars of the seeds
// at the end.
#include "millrace/core/strategy/indicators/plain_formulas.hpp"

#include <gtest/gtest.h>

#include "millrace/base/deterministic_math.hpp"
#include "millrace/core/strategy/indicators/test_candles.hpp"

namespace millrace::indicators {
namespace {

using plain::Columns;
using plain::each;
using plain::kNone;
using plain::Series;

class PlainFormulas : public testing::TestWithParam<std::uint64_t> {
  protected:
    // All outputs of the indicator are those series, wherever it is ready.
    void expect_same(const std::string& text, const std::vector<Series>& expected) const {
        auto asked = parse_indicator(text);
        ASSERT_TRUE(asked) << text;
        Indicator& indicator = *asked->indicator;
        ASSERT_EQ(indicator.output_names().size(), expected.size()) << text;
        for (std::size_t i = 0; i < bars_.size(); ++i) {
            indicator.update(bars_[i]);
            bool all_there = true;
            for (const Series& series : expected)
                all_there = all_there && !plain::is_none(series[i]);
            ASSERT_EQ(indicator.is_ready(), all_there) << text << " bar " << i;
            if (!all_there) continue;
            for (std::size_t k = 0; k < expected.size(); ++k) {
                const double value = expected[k][i];
                ASSERT_NEAR(indicator.output(k), value, 1e-9 * std::max(1.0, std::fabs(value)))
                    << text << " " << indicator.output_names()[k] << " bar " << i;
            }
        }
    }

    std::vector<model::Bar> bars_ = random_bars(GetParam(), 700);
    Columns columns_{bars_};
    const Series& close_ = columns_.close;
};

TEST_P(PlainFormulas, Averages) {
    expect_same("sma:50", {plain::sma(close_, 50)});
    expect_same("sma:50@volume", {plain::sma(columns_.volume, 50)});
    expect_same("ema:50", {plain::ema(close_, 50)});
    expect_same("rma:50", {plain::rma(close_, 50)});
    expect_same("wma:50", {plain::wma(close_, 50)});
    const Series twice = plain::scaled(plain::wma(close_, 25), 2);
    expect_same("hma:50", {plain::wma(plain::plus(twice, -1, plain::wma(close_, 50)), 7)});
    const Series first = plain::ema(close_, 20);
    const Series second = plain::ema(first, 20);
    const Series third = plain::ema(second, 20);
    expect_same("dema:20", {plain::plus(plain::scaled(first, 2), -1, second)});
    expect_same("tema:20",
                {plain::plus(plain::scaled(plain::plus(first, -1, second), 3), 1, third)});
}

TEST_P(PlainFormulas, Kama) {
    constexpr std::size_t kLength = 10;
    Series expected(close_.size(), kNone);
    double value = close_[kLength - 1];
    for (std::size_t i = kLength; i < close_.size(); ++i) {
        double way = 0;
        for (std::size_t j = i - kLength + 1; j <= i; ++j)
            way += std::fabs(close_[j] - close_[j - 1]);
        const double covered = std::fabs(close_[i] - close_[i - kLength]);
        const double root = plain::quotient(0, covered, way) * (2.0 / 3 - 2.0 / 31) + 2.0 / 31;
        value += root * root * (close_[i] - value);
        expected[i] = value;
    }
    expect_same("kama:10", {expected});
}

TEST_P(PlainFormulas, Momentum) {
    expect_same("rsi:14", {plain::rsi(close_, 14, plain::rma)});
    expect_same("rsi:50:cutler", {plain::rsi(close_, 50, plain::sma)});
    const Series macd = plain::plus(plain::ema(close_, 12), -1, plain::ema(close_, 26));
    const Series signal = plain::ema(macd, 9);
    expect_same("macd", {macd, signal, plain::plus(macd, -1, signal)});
    expect_same("roc:10", {plain::roc(close_, 10)});
    expect_same("percent_rank:40", {plain::percent_rank(close_, 40)});
    const auto thrice = plain::ema(plain::ema(plain::ema(close_, 15), 15), 15);
    const Series trix = plain::roc(thrice, 1);
    expect_same("trix", {trix, plain::ema(trix, 9)});
    Series sizes = plain::moves(close_);
    for (double& size : sizes)
        size = std::fabs(size);
    const Series tsi = each(plain::ema(plain::ema(plain::moves(close_), 25), 13),
                            plain::ema(plain::ema(sizes, 25), 13),
                            [](double a, double b) { return 100 * plain::quotient(0, a, b); });
    expect_same("tsi", {tsi, plain::ema(tsi, 13)});
}

TEST_P(PlainFormulas, ConnorsRsi) {
    Series streaks(close_.size(), 0);
    for (std::size_t i = 1; i < close_.size(); ++i) {
        const double before = streaks[i - 1];
        if (close_[i] > close_[i - 1]) streaks[i] = before > 0 ? before + 1 : 1;
        if (close_[i] < close_[i - 1]) streaks[i] = before < 0 ? before - 1 : -1;
    }
    const Series sum = plain::plus(
        plain::plus(plain::rsi(close_, 3, plain::rma), 1, plain::rsi(streaks, 2, plain::rma)), 1,
        plain::percent_rank(plain::roc(close_, 1), 100));
    expect_same("connors_rsi", {plain::scaled(sum, 1.0 / 3)});
}

TEST_P(PlainFormulas, Ranges) {
    const Columns& c = columns_;
    expect_same("atr:14", {plain::rma(c.range, 14)});
    expect_same("atr:40:simple", {plain::sma(c.range, 40)});
    expect_same("atr:40:exponential", {plain::ema(c.range, 40)});
    const Series k = plain::sma(plain::scaled(c.place(14), 100), 3);
    expect_same("stochastic", {k, plain::sma(k, 3)});
    const Series ones(c.size(), 1);
    expect_same("williams_r:30", {plain::scaled(plain::plus(c.place(30), -1, ones), 100)});
    expect_same("cci:50", {plain::rolling(c.typical, 50, [](const Series& window) {
                    const double mean = plain::mean_of(window);
                    double distances = 0;
                    for (const double x : window)
                        distances += std::fabs(x - mean);
                    return (window.back() - mean) / (0.015 * distances / 50);
                })});
    Series pressure(c.size(), kNone);
    Series range = c.range;
    range[0] = kNone;
    for (std::size_t i = 1; i < c.size(); ++i)
        pressure[i] = c.close[i] - std::min(c.low[i], c.close[i - 1]);
    const auto share = [&](std::size_t n) {
        return each(plain::sum(pressure, n), plain::sum(range, n),
                    [](double a, double b) { return plain::quotient(0.5, a, b); });
    };
    const Series shares =
        plain::plus(plain::plus(plain::scaled(share(7), 4), 2, share(14)), 1, share(28));
    expect_same("ultimate", {plain::scaled(shares, 100.0 / 7)});
}

TEST_P(PlainFormulas, Bands) {
    const Columns& c = columns_;
    const Series mean = plain::sma(close_, 20);
    const Series spread =
        plain::rolling(close_, 20, [](const Series& w) { return plain::deviation_of(w); });
    const Series upper = plain::plus(mean, 2, spread);
    const Series lower = plain::plus(mean, -2, spread);
    const Series room = plain::plus(upper, -1, lower);
    const auto over = [](double a, double b) { return a / b; };
    expect_same("bollinger", {mean, upper, lower, each(plain::plus(close_, -1, lower), room, over),
                              each(room, mean, over)});
    const Series average = plain::ema(close_, 20);
    const Series atr = plain::rma(c.range, 10);
    expect_same("keltner", {average, plain::plus(average, 2, atr), plain::plus(average, -2, atr)});
    expect_same("donchian:55",
                {c.halfway(55), plain::highest(c.high, 55), plain::lowest(c.low, 55)});
    const Series lead_a = plain::scaled(plain::plus(c.halfway(9), 1, c.halfway(26)), 0.5);
    const Series lead_b = c.halfway(52);
    // Both leads together are there from bar 52 on.
    const Series lead = plain::plus(lead_a, 0, lead_b);
    expect_same("ichimoku", {c.halfway(9), c.halfway(26), plain::lagged(lead, 26),
                             plain::lagged(lead_b, 26), lead, lead_b});
}

TEST_P(PlainFormulas, Adx) {
    const Columns& c = columns_;
    Series rise(c.size(), kNone);
    Series fall(c.size(), kNone);
    Series range = c.range;
    range[0] = kNone;
    for (std::size_t i = 1; i < c.size(); ++i) {
        const double up = c.high[i] - c.high[i - 1];
        const double down = c.low[i - 1] - c.low[i];
        rise[i] = up > down && up > 0 ? up : 0;
        fall[i] = down > up && down > 0 ? down : 0;
    }
    const auto share = [](double a, double b) { return 100 * plain::quotient(0, a, b); };
    const Series plus = each(plain::rma(rise, 14), plain::rma(range, 14), share);
    const Series minus = each(plain::rma(fall, 14), plain::rma(range, 14), share);
    const Series index =
        each(plus, minus, [&](double a, double b) { return share(std::fabs(a - b), a + b); });
    expect_same("adx", {plain::rma(index, 14), plus, minus});
}

TEST_P(PlainFormulas, Aroon) {
    const auto recency = [](bool of_highest) {
        return [of_highest](const Series& window) {
            std::size_t best = 0;
            for (std::size_t i = 1; i < window.size(); ++i)
                if (of_highest ? window[i] >= window[best] : window[i] <= window[best]) best = i;
            return 100 * static_cast<double>(best) / 25;
        };
    };
    const Series up = plain::rolling(columns_.high, 26, recency(true));
    const Series down = plain::rolling(columns_.low, 26, recency(false));
    expect_same("aroon", {up, down, plain::plus(up, -1, down)});
}

// As it stands in the definition, with the stop of each trend computed from a list of its bars.
TEST_P(PlainFormulas, ParabolicStop) {
    const Columns& c = columns_;
    Series stops(c.size(), kNone);
    Series directions(c.size(), kNone);
    double sign = close_[1] >= close_[0] ? 1 : -1;
    // Mirrored prices while falling, so that every trend rises.
    const auto high = [&](std::size_t i) { return sign > 0 ? c.high[i] : -c.low[i]; };
    const auto low = [&](std::size_t i) { return sign > 0 ? c.low[i] : -c.high[i]; };
    double stop = std::min(low(0), low(1));
    double furthest = std::max(high(0), high(1));
    double steps = 1;
    stops[1] = sign * stop;
    directions[1] = sign;
    for (std::size_t i = 2; i < c.size(); ++i) {
        stop += std::min(0.02 * steps, 0.2) * (furthest - stop);
        stop = std::min({stop, low(i - 1), low(i - 2)});
        if (low(i) < stop) {
            sign = -sign;
            stop = std::min({-furthest, low(i), low(i - 1)});
            furthest = high(i);
            steps = 1;
        } else if (high(i) > furthest) {
            furthest = high(i);
            ++steps;
        }
        stops[i] = sign * stop;
        directions[i] = sign;
    }
    expect_same("psar", {stops, directions});
}

TEST_P(PlainFormulas, Supertrend) {
    const Columns& c = columns_;
    const Series reach = plain::scaled(plain::rma(c.range, 10), 1.5);
    Series upper = plain::plus(c.middle, 1, reach);
    Series lower = plain::plus(c.middle, -1, reach);
    Series value(c.size(), kNone);
    Series direction(c.size(), kNone);
    value[9] = upper[9];
    direction[9] = -1;
    for (std::size_t i = 10; i < c.size(); ++i) {
        if (close_[i - 1] <= upper[i - 1]) upper[i] = std::min(upper[i], upper[i - 1]);
        if (close_[i - 1] >= lower[i - 1]) lower[i] = std::max(lower[i], lower[i - 1]);
        direction[i] = direction[i - 1];
        if (direction[i] < 0 && close_[i] > upper[i])
            direction[i] = 1;
        else if (direction[i] > 0 && close_[i] < lower[i])
            direction[i] = -1;
        value[i] = direction[i] > 0 ? lower[i] : upper[i];
    }
    expect_same("supertrend:10:1.5", {value, direction, upper, lower});
}

TEST_P(PlainFormulas, Volume) {
    const Columns& c = columns_;
    const Series values = each(c.typical, c.volume, [](double a, double b) { return a * b; });
    const auto weighted = [&](const Series& value, const Series& volume) {
        Series out = each(value, volume, [](double a, double b) { return b > 0 ? a / b : -1; });
        for (std::size_t i = 0; i < out.size(); ++i)
            if (out[i] == -1) out[i] = c.typical[i];
        return out;
    };
    expect_same("vwap:window:30", {weighted(plain::sum(values, 30), plain::sum(c.volume, 30))});
    Series value_sums;
    Series volume_sums;
    Series balance;
    for (std::size_t i = 0; i < c.size(); ++i) {
        value_sums.push_back(values[i] + (i > 0 ? value_sums[i - 1] : 0));
        volume_sums.push_back(c.volume[i] + (i > 0 ? volume_sums[i - 1] : 0));
        const double move = i > 0 ? close_[i] - close_[i - 1] : 0;
        const double sign = move > 0 ? 1 : move < 0 ? -1 : 0;
        balance.push_back(sign * c.volume[i] + (i > 0 ? balance[i - 1] : 0));
    }
    expect_same("vwap:start", {weighted(value_sums, volume_sums)});
    expect_same("obv", {balance});
    Series in(c.size(), kNone);
    Series out(c.size(), kNone);
    for (std::size_t i = 1; i < c.size(); ++i) {
        in[i] = c.typical[i] > c.typical[i - 1] ? values[i] : 0;
        out[i] = c.typical[i] < c.typical[i - 1] ? values[i] : 0;
    }
    expect_same("mfi", {each(plain::sum(in, 14), plain::sum(out, 14), [](double a, double b) {
                    return 100 * plain::quotient(0.5, a, a + b);
                })});
    Series flows(c.size(), 0);
    for (std::size_t i = 0; i < c.size(); ++i)
        if (c.high[i] > c.low[i])
            flows[i] =
                c.volume[i] * (2 * close_[i] - c.low[i] - c.high[i]) / (c.high[i] - c.low[i]);
    expect_same("cmf", {each(plain::sum(flows, 20), plain::sum(c.volume, 20),
                             [](double a, double b) { return plain::quotient(0, a, b); })});
}

TEST_P(PlainFormulas, Statistics) {
    const auto deviation = [](std::size_t less) {
        return [less](const Series& window) { return plain::deviation_of(window, less); };
    };
    const auto score = [](std::size_t less) {
        return [less](const Series& window) {
            return plain::quotient(0, window.back() - plain::mean_of(window),
                                   plain::deviation_of(window, less));
        };
    };
    expect_same("stdev:40", {plain::rolling(close_, 40, deviation(0))});
    expect_same("stdev:40:sample", {plain::rolling(close_, 40, deviation(1))});
    expect_same("zscore:40", {plain::rolling(close_, 40, score(0))});
    expect_same("zscore:40:sample", {plain::rolling(close_, 40, score(1))});
    expect_same("min:33", {plain::lowest(close_, 33)});
    expect_same("max:33@high", {plain::highest(columns_.high, 33)});
    expect_same("median:40", {plain::quantile(close_, 40, 0.5)});
    expect_same("quantile:33:0.95", {plain::quantile(close_, 33, 0.95)});
    expect_same("return:3", {plain::scaled(plain::roc(close_, 3), 0.01)});
    expect_same("return:3:log", {each(close_, plain::lagged(close_, 3), [](double a, double b) {
                    return deterministic_log(a) - deterministic_log(b);
                })});
}

TEST_P(PlainFormulas, LinearRegression) {
    constexpr std::size_t kLength = 30;
    std::vector<Series> expected(3, Series(close_.size(), kNone));
    for (std::size_t i = kLength - 1; i < close_.size(); ++i) {
        const Series window(close_.begin() + static_cast<std::ptrdiff_t>(i + 1 - kLength),
                            close_.begin() + static_cast<std::ptrdiff_t>(i + 1));
        const double mean = plain::mean_of(window);
        double products = 0;
        double squares = 0;
        for (std::size_t k = 0; k < kLength; ++k) {
            const double place = static_cast<double>(k) - 14.5;
            products += place * (window[k] - mean);
            squares += place * place;
        }
        const double slope = products / squares;
        double errors = 0;
        for (std::size_t k = 0; k < kLength; ++k) {
            const double error = window[k] - mean - slope * (static_cast<double>(k) - 14.5);
            errors += error * error;
        }
        expected[0][i] = mean + slope * 14.5;
        expected[1][i] = slope;
        expected[2][i] = 1 - errors / plain::squares_of(window);
    }
    expect_same("linreg:30", expected);
}

TEST_P(PlainFormulas, Drawdown) {
    Series falls;
    Series deepest;
    for (std::size_t i = 0; i < close_.size(); ++i) {
        const double peak =
            *std::max_element(close_.begin(), close_.begin() + static_cast<std::ptrdiff_t>(i + 1));
        falls.push_back(1 - close_[i] / peak);
        deepest.push_back(*std::max_element(falls.begin(), falls.end()));
    }
    expect_same("drawdown", {falls, deepest});
}

INSTANTIATE_TEST_SUITE_P(Seeds, PlainFormulas, testing::Values(101, 102, 103));

}  // namespace
}  // namespace millrace::indicators
