// Indicators of a trend and its direction: ADX with DI, Aroon, parabolic SAR and Supertrend.
// `update` takes the next bar; outputs mean something once is_ready(), after warm_up() bars.
#pragma once

#include "millrace/core/strategy/indicators/ranges.hpp"

namespace millrace::indicators {

// ADX and DI (Wilder). From the second bar on: the rise of the high counts when it is the larger of
// it and the fall of the low, and positive; likewise the fall. Both and the true range are smoothed
// with 1 / n, seeded with their simple mean. DI is 100 · move / range; ADX smooths
// 100 · |+DI − −DI| / (+DI + −DI) likewise. Quotients of zero by zero are 0. Another smoothing,
// such as the recursive one, takes Wilder's place on all four.
class Adx {
  public:
    explicit Adx(std::int64_t length, Smoothing smoothing = Smoothing::wilder)
        : rise_(smoothing, length),
          fall_(smoothing, length),
          range_(smoothing, length),
          average_(smoothing, length) {}

    void update(const Candle& candle) {
        if (before_.has_value()) {
            const double up = candle.high - before_->high;
            const double down = before_->low - candle.low;
            rise_.update(up > down && up > 0 ? up : 0);
            fall_.update(down > up && down > 0 ? down : 0);
            range_.update(before_.true_range(candle));
            if (range_.is_ready()) {
                const double plus = plus_di();
                const double minus = minus_di();
                average_.update(100 * ratio_or(0, std::fabs(plus - minus), plus + minus));
            }
        }
        before_.set(candle);
    }
    [[nodiscard]] bool is_ready() const { return average_.is_ready(); }
    [[nodiscard]] std::int64_t warm_up() const { return 2 * range_.warm_up(); }
    [[nodiscard]] double adx() const { return average_.value(); }
    [[nodiscard]] double plus_di() const {
        return 100 * ratio_or(0, rise_.value(), range_.value());
    }
    [[nodiscard]] double minus_di() const {
        return 100 * ratio_or(0, fall_.value(), range_.value());
    }

    void save(engine::StateWriter& writer) const {
        save_parts(writer, before_, rise_, fall_, range_, average_);
    }
    void load(engine::StateReader& reader) {
        load_parts(reader, before_, rise_, fall_, range_, average_);
    }

  private:
    BarBefore before_;
    ChosenAverage rise_;
    ChosenAverage fall_;
    ChosenAverage range_;
    ChosenAverage average_;
};

// Aroon: how recent the highest high and the lowest low of the last n + 1 bars are: 100 for this
// bar, 0 for n bars ago; of equal ones the newest. The oscillator is up − down.
class Aroon {
  public:
    explicit Aroon(std::int64_t length)
        : length_(static_cast<double>(length)), high_(length + 1), low_(length + 1) {}

    void update(const Candle& candle) {
        high_.update(candle.high);
        low_.update(candle.low);
    }
    [[nodiscard]] bool is_ready() const { return high_.is_ready(); }
    [[nodiscard]] std::int64_t warm_up() const { return high_.warm_up(); }
    [[nodiscard]] double up() const { return recency(high_.age()); }
    [[nodiscard]] double down() const { return recency(low_.age()); }
    [[nodiscard]] double oscillator() const { return up() - down(); }

    void save(engine::StateWriter& writer) const { save_parts(writer, high_, low_); }
    void load(engine::StateReader& reader) { load_parts(reader, high_, low_); }

  private:
    [[nodiscard]] double recency(std::int64_t age) const {
        return 100 * (length_ - static_cast<double>(age)) / length_;
    }

    double length_;
    RollingMaximum high_;
    RollingMinimum low_;
};

// Parabolic SAR (Wilder): a stop that closes in on the price. It starts at the second bar, rising
// when that close is not below the first, at the lowest low (highest high) of the two bars. Each
// bar it moves by `factor` of the way to the furthest price of the trend, never into the last two
// bars; the factor grows by `step` with each new furthest price. A bar that crosses the stop turns
// it: it jumps to the furthest price of the old trend, or beyond this bar and the one before.
class ParabolicStop {
  public:
    ParabolicStop(double step, double maximum) : step_(step), maximum_(maximum) {}

    void update(const Candle& candle) {
        if (bars_ >= 2)
            follow(candle);
        else if (bars_ == 1)
            begin(candle);
        before_last_ = last_;
        last_ = candle;
        if (bars_ < 2) ++bars_;
    }
    [[nodiscard]] bool is_ready() const { return bars_ == 2; }
    [[nodiscard]] std::int64_t warm_up() const { return 2; }
    // The stop that was in force in this bar, or the one that took its place.
    [[nodiscard]] double value() const { return stop_; }
    [[nodiscard]] double direction() const { return is_rising_ ? 1 : -1; }

    void save(engine::StateWriter& writer) const {
        save_parts(writer, last_, before_last_, bars_, stop_, furthest_, factor_, is_rising_);
    }
    void load(engine::StateReader& reader) {
        load_parts(reader, last_, before_last_, bars_, stop_, furthest_, factor_, is_rising_);
    }

  private:
    void begin(const Candle& candle) {
        is_rising_ = candle.close >= last_.close;
        factor_ = step_;
        const double high = std::max(candle.high, last_.high);
        const double low = std::min(candle.low, last_.low);
        stop_ = is_rising_ ? low : high;
        furthest_ = is_rising_ ? high : low;
    }

    void follow(const Candle& candle) {
        stop_ += factor_ * (furthest_ - stop_);
        if (is_rising_)
            stop_ = std::min({stop_, last_.low, before_last_.low});
        else
            stop_ = std::max({stop_, last_.high, before_last_.high});
        const bool crosses = is_rising_ ? candle.low < stop_ : candle.high > stop_;
        if (crosses) {
            turn(candle);
            return;
        }
        const double reach = is_rising_ ? candle.high : candle.low;
        if (is_rising_ ? reach <= furthest_ : reach >= furthest_) return;
        furthest_ = reach;
        factor_ = std::min(factor_ + step_, maximum_);
    }

    void turn(const Candle& candle) {
        is_rising_ = !is_rising_;
        factor_ = step_;
        stop_ = is_rising_ ? std::min({furthest_, candle.low, last_.low})
                           : std::max({furthest_, candle.high, last_.high});
        furthest_ = is_rising_ ? candle.high : candle.low;
    }

    double step_;
    double maximum_;
    Candle last_;
    Candle before_last_;
    std::int64_t bars_ = 0;
    double stop_ = 0;
    double furthest_ = 0;
    double factor_ = 0;
    bool is_rising_ = true;
};

// Supertrend: bands of `factor` ATR (Wilder) around (high + low) / 2. The lower band only rises
// while the close before stood above it, the upper only falls while that stood below it. Starts
// falling; turns when the close passes the band it follows.
class Supertrend {
  public:
    Supertrend(std::int64_t length, double factor) : range_(length), factor_(factor) {}

    void update(const Candle& candle) {
        const bool is_first = !range_.is_ready();
        range_.update(candle);
        if (range_.is_ready()) step(candle, is_first);
        close_before_ = candle.close;
    }
    [[nodiscard]] bool is_ready() const { return range_.is_ready(); }
    [[nodiscard]] std::int64_t warm_up() const { return range_.warm_up(); }
    [[nodiscard]] double value() const { return is_rising_ ? lower_ : upper_; }
    [[nodiscard]] double direction() const { return is_rising_ ? 1 : -1; }
    [[nodiscard]] double upper() const { return upper_; }
    [[nodiscard]] double lower() const { return lower_; }

    void save(engine::StateWriter& writer) const {
        save_parts(writer, range_, close_before_, upper_, lower_, is_rising_);
    }
    void load(engine::StateReader& reader) {
        load_parts(reader, range_, close_before_, upper_, lower_, is_rising_);
    }

  private:
    void step(const Candle& candle, bool is_first) {
        const double reach = factor_ * range_.value();
        const double upper = candle.middle() + reach;
        const double lower = candle.middle() - reach;
        if (is_first || upper < upper_ || close_before_ > upper_) upper_ = upper;
        if (is_first || lower > lower_ || close_before_ < lower_) lower_ = lower;
        if (is_first) return;
        is_rising_ = is_rising_ ? candle.close >= lower_ : candle.close > upper_;
    }

    AverageTrueRange range_;
    double factor_;
    double close_before_ = 0;
    double upper_ = 0;
    double lower_ = 0;
    bool is_rising_ = false;
};

}  // namespace millrace::indicators
