// Bars for tests: by hand, and by chance from a seed.
#pragma once

#include <string>
#include <vector>

#include "millrace/base/random.hpp"
#include "millrace/core/strategy/indicators/candle.hpp"
#include "millrace/core/strategy/indicators/catalog.hpp"

namespace millrace::indicators {

inline constexpr std::int64_t kMinuteNs = 60'000'000'000;

struct BarText {
    const char* open;
    const char* high;
    const char* low;
    const char* close;
    const char* volume;
};

inline model::Bar bar_of(const BarText& text, std::int64_t index) {
    model::Bar bar;
    bar.open = Price::parse(text.open).value();
    bar.high = Price::parse(text.high).value();
    bar.low = Price::parse(text.low).value();
    bar.close = Price::parse(text.close).value();
    bar.volume = Quantity::parse(text.volume).value();
    bar.open_time = Time::from_ns(index * kMinuteNs);
    bar.known_at = Time::from_ns((index + 1) * kMinuteNs);
    bar.step = static_cast<std::uint64_t>(kMinuteNs);
    return bar;
}

// A walk in cents; one bar in ten has no volume, one in ten no range, one in five repeats its
// close.
inline std::vector<model::Bar> random_bars(std::uint64_t seed, std::size_t count) {
    Random random(seed);
    std::vector<model::Bar> bars;
    std::int64_t close = 10'000;
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t open = random.one_in(5) ? close : close + random.between(-20, 20);
        if (!random.one_in(5)) close = std::max<std::int64_t>(100, close + random.between(-60, 60));
        const std::int64_t room = random.one_in(10) ? 0 : 30;
        const std::int64_t high = std::max(open, close) + random.between(0, room);
        const std::int64_t low = std::min(open, close) - random.between(0, room);
        constexpr std::int64_t kCent = Price::kOne / 100;
        model::Bar bar;
        bar.open = Price::from_raw((room == 0 ? close : open) * kCent);
        bar.high = Price::from_raw((room == 0 ? close : high) * kCent);
        bar.low = Price::from_raw((room == 0 ? close : low) * kCent);
        bar.close = Price::from_raw(close * kCent);
        bar.volume = Quantity::whole(random.one_in(10) ? 0 : random.between(1, 5'000));
        bar.open_time = Time::from_ns(static_cast<std::int64_t>(i) * kMinuteNs);
        bar.known_at = Time::from_ns(static_cast<std::int64_t>(i + 1) * kMinuteNs);
        bar.step = static_cast<std::uint64_t>(kMinuteNs);
        bars.push_back(bar);
    }
    return bars;
}

// Every indicator with its defaults, and again in its other variants and with short windows.
inline std::vector<std::string> sample_texts() {
    std::vector<std::string> texts = {"sma:3",
                                      "ema:20@hl2",
                                      "hma:2",
                                      "kama:5:3:20",
                                      "rsi:9:cutler",
                                      "macd:3:10:4",
                                      "roc:1@volume",
                                      "connors_rsi:2:2:10",
                                      "atr:7:simple",
                                      "atr:7:exponential",
                                      "stochastic:5:1:1",
                                      "ultimate:5:3:2",
                                      "cci:7@close",
                                      "keltner:5:9:0.5",
                                      "psar:0.1:0.1",
                                      "ichimoku:5:3:2:1",
                                      "vwap:start",
                                      "vwap:window:15",
                                      "zscore:9:sample",
                                      "stdev:2:sample",
                                      "max:6@high",
                                      "quantile:30:0.9",
                                      "return:5:log",
                                      "linreg:2"};
    for (const IndicatorFamily& family : all_indicators()) {
        for (const IndicatorType& type : family.types) {
            texts.emplace_back(type.name);
            const auto indicator = type.make();
            const auto parameters = indicator->parameters();
            const bool takes_length =
                !parameters.empty() && parameters[0]->name() == "length" && type.name != "linreg";
            if (takes_length) texts.push_back(std::string(type.name) + ":1");
        }
    }
    return texts;
}

inline std::vector<double> outputs_of(const Indicator& indicator) {
    std::vector<double> outputs;
    for (std::size_t i = 0; i < indicator.output_names().size(); ++i)
        outputs.push_back(indicator.output(i));
    return outputs;
}

}  // namespace millrace::indicators
