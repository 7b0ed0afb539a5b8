// Indicators of a bar's range: ATR, stochastic, Williams %R, CCI and the ultimate oscillator.
// `update` takes the next bar; outputs mean something once is_ready(), after warm_up() bars.
#pragma once

#include "millrace/core/strategy/indicators/averages.hpp"
#include "millrace/core/strategy/indicators/candle.hpp"
#include "millrace/core/strategy/indicators/rolling_extreme.hpp"
#include "millrace/core/strategy/indicators/sorted_window.hpp"

namespace millrace::indicators {

// The bar before, for what spans the gap between two bars.
class BarBefore {
  public:
    [[nodiscard]] bool has_value() const { return has_value_; }
    [[nodiscard]] const Candle& operator*() const { return candle_; }
    [[nodiscard]] const Candle* operator->() const { return &candle_; }
    void set(const Candle& candle) {
        candle_ = candle;
        has_value_ = true;
    }

    // The higher of the bar's high and the close before, the lower of its low and that close; the
    // bar's own where none is before.
    [[nodiscard]] double true_high(const Candle& candle) const {
        return has_value_ ? std::max(candle.high, candle_.close) : candle.high;
    }
    [[nodiscard]] double true_low(const Candle& candle) const {
        return has_value_ ? std::min(candle.low, candle_.close) : candle.low;
    }
    [[nodiscard]] double true_range(const Candle& candle) const {
        return true_high(candle) - true_low(candle);
    }

    void save(engine::StateWriter& writer) const { save_parts(writer, candle_, has_value_); }
    void load(engine::StateReader& reader) { load_parts(reader, candle_, has_value_); }

  private:
    Candle candle_;
    bool has_value_ = false;
};

// ATR: the average of the true range; that of the first bar is high − low.
class AverageTrueRange {
  public:
    explicit AverageTrueRange(std::int64_t length, Smoothing smoothing = Smoothing::wilder)
        : average_(smoothing, length) {}

    void update(const Candle& candle) {
        average_.update(before_.true_range(candle));
        before_.set(candle);
    }
    [[nodiscard]] bool is_ready() const { return average_.is_ready(); }
    [[nodiscard]] std::int64_t warm_up() const { return average_.warm_up(); }
    [[nodiscard]] double value() const { return average_.value(); }

    void save(engine::StateWriter& writer) const { save_parts(writer, before_, average_); }
    void load(engine::StateReader& reader) { load_parts(reader, before_, average_); }

  private:
    BarBefore before_;
    ChosenAverage average_;
};

// The highest high and the lowest low of the last n bars, this one included.
class BarRange {
  public:
    explicit BarRange(std::int64_t length) : high_(length), low_(length) {}

    void update(const Candle& candle) {
        high_.update(candle.high);
        low_.update(candle.low);
    }
    [[nodiscard]] bool is_ready() const { return high_.is_ready(); }
    [[nodiscard]] std::int64_t warm_up() const { return high_.warm_up(); }
    [[nodiscard]] double high() const { return high_.value(); }
    [[nodiscard]] double low() const { return low_.value(); }
    [[nodiscard]] double middle() const { return (high() + low()) / 2; }
    // Where a price stands between low (0) and high (1).
    [[nodiscard]] double place_of(double price) const {
        return ratio_or(0.5, price - low(), high() - low());
    }

    void save(engine::StateWriter& writer) const { save_parts(writer, high_, low_); }
    void load(engine::StateReader& reader) { load_parts(reader, high_, low_); }

  private:
    RollingMaximum high_;
    RollingMinimum low_;
};

// Stochastic: where the close stands in the range of n bars, 0 to 100 (50 in a range of zero); %K
// is the simple mean of that, %D the simple mean of %K.
class Stochastic {
  public:
    Stochastic(std::int64_t length, std::int64_t smooth, std::int64_t signal)
        : range_(length), k_(smooth), d_(signal) {}

    void update(const Candle& candle) {
        range_.update(candle);
        if (!range_.is_ready()) return;
        k_.update(100 * range_.place_of(candle.close));
        if (k_.is_ready()) d_.update(k_.value());
    }
    [[nodiscard]] bool is_ready() const { return d_.is_ready(); }
    [[nodiscard]] std::int64_t warm_up() const {
        return range_.warm_up() + k_.warm_up() + d_.warm_up() - 2;
    }
    [[nodiscard]] double k() const { return k_.value(); }
    [[nodiscard]] double d() const { return d_.value(); }

    void save(engine::StateWriter& writer) const { save_parts(writer, range_, k_, d_); }
    void load(engine::StateReader& reader) { load_parts(reader, range_, k_, d_); }

  private:
    BarRange range_;
    SimpleAverage k_;
    SimpleAverage d_;
};

// Williams %R: how far the close stands below the range's top, 0 to −100; −50 in a range of zero.
class WilliamsRange {
  public:
    explicit WilliamsRange(std::int64_t length) : range_(length) {}

    void update(const Candle& candle) {
        range_.update(candle);
        value_ = 100 * (range_.place_of(candle.close) - 1);
    }
    [[nodiscard]] bool is_ready() const { return range_.is_ready(); }
    [[nodiscard]] std::int64_t warm_up() const { return range_.warm_up(); }
    [[nodiscard]] double value() const { return value_; }

    void save(engine::StateWriter& writer) const { save_parts(writer, range_, value_); }
    void load(engine::StateReader& reader) { load_parts(reader, range_, value_); }

  private:
    BarRange range_;
    double value_ = 0;
};

// CCI: (price − mean) / (0.015 · mean distance to the mean); 0 when all values are the same. The
// price is the typical one by custom. O(log n).
class Cci {
  public:
    explicit Cci(std::int64_t length) : window_(length) {}

    void update(double input) {
        window_.update(input);
        newest_ = input;
    }
    [[nodiscard]] bool is_ready() const { return window_.is_full(); }
    [[nodiscard]] std::int64_t warm_up() const { return window_.length(); }
    [[nodiscard]] double value() const {
        if (window_.at_rank(0) == window_.at_rank(window_.size() - 1)) return 0;
        const double mean = window_.mean();
        return (newest_ - mean) / (0.015 * window_.mean_distance(mean));
    }

    void save(engine::StateWriter& writer) const { save_parts(writer, window_, newest_); }
    void load(engine::StateReader& reader) { load_parts(reader, window_, newest_); }

  private:
    SortedWindow window_;
    double newest_ = 0;
};

// Ultimate oscillator: 100 · (4 a + 2 b + c) / 7, where a, b and c are the buying pressure (close −
// true low) over the true range, summed over a short, a middle and a long window; each is one half
// when its ranges are zero.
class Ultimate {
  public:
    Ultimate(std::int64_t short_length, std::int64_t middle_length, std::int64_t long_length)
        : short_(short_length), middle_(middle_length), long_(long_length) {}

    void update(const Candle& candle) {
        if (before_.has_value()) {
            const double pressure = candle.close - before_.true_low(candle);
            const double range = before_.true_range(candle);
            for (Share* share : {&short_, &middle_, &long_}) {
                share->pressure.update(pressure);
                share->range.update(range);
            }
        }
        before_.set(candle);
    }
    [[nodiscard]] bool is_ready() const {
        return short_.range.is_full() && middle_.range.is_full() && long_.range.is_full();
    }
    [[nodiscard]] std::int64_t warm_up() const {
        return std::max({short_.range.length(), middle_.range.length(), long_.range.length()}) + 1;
    }
    [[nodiscard]] double value() const {
        return 100 * (4 * short_.value() + 2 * middle_.value() + long_.value()) / 7;
    }

    void save(engine::StateWriter& writer) const {
        save_parts(writer, before_, short_, middle_, long_);
    }
    void load(engine::StateReader& reader) { load_parts(reader, before_, short_, middle_, long_); }

  private:
    struct Share {
        explicit Share(std::int64_t length) : pressure(length), range(length) {}
        [[nodiscard]] double value() const { return ratio_or(0.5, pressure.sum(), range.sum()); }
        void save(engine::StateWriter& writer) const { save_parts(writer, pressure, range); }
        void load(engine::StateReader& reader) { load_parts(reader, pressure, range); }

        WindowSum pressure;
        WindowSum range;
    };

    BarBefore before_;
    Share short_;
    Share middle_;
    Share long_;
};

}  // namespace millrace::indicators
