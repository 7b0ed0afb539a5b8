// What the tests of bars share: trades and bars written on one line, and a builder that is fed and
// remembers what it closed. Only tests include this.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "millrace/base/random.hpp"
#include "millrace/base/time.hpp"
#include "millrace/core/market/bar_builder.hpp"

namespace millrace::market {

inline constexpr std::int64_t kSecond = 1'000'000'000;

[[nodiscard]] inline Time second(std::int64_t seconds) {
    return Time::from_ns(seconds * kSecond);
}

[[nodiscard]] inline model::Trade trade_at(Time time, const char* price, const char* size = "1",
                                           model::Aggressor aggressor = {}) {
    model::Trade trade;
    trade.known_at = time;
    trade.price = Price::parse(price).value();
    trade.size = Quantity::parse(size).value();
    trade.aggressor = aggressor;
    return trade;
}

// "0-60 O 1 H 3 L 1 C 2 V 5 n 3 ~ 1.8": open time and known at in seconds, average price last.
[[nodiscard]] inline std::string words_of(const model::Bar& bar) {
    const auto seconds = [](Time time) { return format_decimal(time.ns(), 9); };
    std::string text = seconds(bar.open_time) + "-" + seconds(bar.known_at) + " O " +
                       bar.open.to_string() + " H " + bar.high.to_string() + " L " +
                       bar.low.to_string() + " C " + bar.close.to_string() + " V " +
                       bar.volume.to_string() + " n " + std::to_string(bar.trade_count);
    if (bar.vwap.has_value()) text += " ~ " + bar.vwap.value().to_string();
    return text;
}

class FedBuilder {
  public:
    explicit FedBuilder(std::string_view rule, const PeriodEnds* periods = nullptr)
        : builder_(InstrumentId(0), parse_bar_rule(rule).value(), periods) {}

    BarHeard feed(const BarObservation& observation, Time now) {
        until(now);
        while (builder_.close_before(observation, now, closed_))
            remember();
        const BarHeard heard = builder_.observe(observation);
        until(now);
        return heard;
    }
    BarHeard feed(const model::Trade& trade) { return feed(observation_of(trade), trade.known_at); }
    BarHeard feed(const model::Bar& bar) { return feed(observation_of(bar), bar.known_at); }
    // Trades of size 1, a second apart from 1 on.
    void feed_prices(std::initializer_list<const char*> prices) {
        for (const char* price : prices)
            feed(trade_at(second(++seconds_), price));
    }
    // As the engine's timers do: at each moment that something is due.
    void until(Time now) {
        while (builder_.due() <= now) {
            clock_ = std::max(clock_, builder_.due());
            while (builder_.close_due(clock_, closed_))
                remember();
        }
        clock_ = std::max(clock_, now);
    }
    void flush(Time now) {
        if (builder_.flush(now, closed_)) remember();
    }

    [[nodiscard]] BarBuilder& builder() { return builder_; }
    [[nodiscard]] std::vector<std::string> take_words() { return std::exchange(words_, {}); }
    [[nodiscard]] const std::vector<ClosedBar>& bars() const { return bars_; }

  private:
    void remember() {
        bars_.push_back(closed_);
        words_.push_back(words_of(closed_.bar) + (closed_.partial ? " partial" : ""));
    }

    BarBuilder builder_;
    ClosedBar closed_;
    Time clock_ = Time::earliest();
    std::vector<ClosedBar> bars_;
    std::vector<std::string> words_;
    std::int64_t seconds_ = 0;
};

}  // namespace millrace::market
