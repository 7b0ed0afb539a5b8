// Statistics of the last values of one price: deviation, z-score, quantile, regression, returns and
// drawdown. `update` takes the next value; outputs mean something once is_ready(), after warm_up()
// updates.
#pragma once

#include "millrace/base/deterministic_math.hpp"
#include "millrace/core/strategy/indicators/ratio_or.hpp"
#include "millrace/core/strategy/indicators/sorted_window.hpp"

namespace millrace::indicators {

// The standard deviation of the last n values; a sample needs n >= 2.
class StandardDeviation {
  public:
    explicit StandardDeviation(std::int64_t length, Spread spread = Spread::population)
        : moments_(length), spread_(spread) {
        MILLRACE_ASSERT(spread == Spread::population || length >= 2, "a sample needs two values");
    }

    void update(double input) { moments_.update(input); }
    [[nodiscard]] bool is_ready() const { return moments_.is_full(); }
    [[nodiscard]] std::int64_t warm_up() const { return moments_.length(); }
    [[nodiscard]] double value() const { return moments_.deviation(spread_); }
    [[nodiscard]] double mean() const { return moments_.mean(); }

    void save(engine::StateWriter& writer) const { moments_.save(writer); }
    void load(engine::StateReader& reader) { moments_.load(reader); }

  private:
    WindowMoments moments_;
    Spread spread_;
};

// The distance of the newest value to the mean in standard deviations; 0 when there is none.
class ZScore {
  public:
    explicit ZScore(std::int64_t length, Spread spread = Spread::population)
        : deviation_(length, spread) {}

    void update(double input) {
        deviation_.update(input);
        newest_ = input;
    }
    [[nodiscard]] bool is_ready() const { return deviation_.is_ready(); }
    [[nodiscard]] std::int64_t warm_up() const { return deviation_.warm_up(); }
    [[nodiscard]] double value() const {
        return ratio_or(0, newest_ - deviation_.mean(), deviation_.value());
    }

    void save(engine::StateWriter& writer) const { save_parts(writer, deviation_, newest_); }
    void load(engine::StateReader& reader) { load_parts(reader, deviation_, newest_); }

  private:
    StandardDeviation deviation_;
    double newest_ = 0;
};

// The value below which a share of the last n values lies, between the two around rank
// share · (n − 1) in proportion; 0.5 is the median. O(log n).
class Quantile {
  public:
    Quantile(std::int64_t length, double share) : window_(length), share_(share) {
        MILLRACE_ASSERT(share >= 0 && share <= 1, "a share is from 0 to 1");
    }

    void update(double input) { window_.update(input); }
    [[nodiscard]] bool is_ready() const { return window_.is_full(); }
    [[nodiscard]] std::int64_t warm_up() const { return window_.length(); }
    [[nodiscard]] double value() const { return window_.quantile(share_); }

    void save(engine::StateWriter& writer) const { window_.save(writer); }
    void load(engine::StateReader& reader) { window_.load(reader); }

  private:
    SortedWindow window_;
    double share_;
};

// The straight line of least squares through the last n values against 0, 1, … n − 1; n >= 2.
class LinearRegression {
  public:
    explicit LinearRegression(std::int64_t length) : moments_(length) {
        MILLRACE_ASSERT(length >= 2, "a line needs two values");
    }

    void update(double input) {
        // Each value is weighted with its place from the oldest, 0; all lose one when one leaves.
        const auto place = static_cast<double>(std::min(moments_.size(), moments_.length() - 1));
        const bool was_full = moments_.is_full();
        const DoubleDouble sum_before = moments_.exact_sum();
        const double left = moments_.update(input);
        if (was_full) weighted_ = weighted_ - (sum_before - DoubleDouble{left, 0});
        weighted_ = weighted_ + two_product(place, input);
    }
    [[nodiscard]] bool is_ready() const { return moments_.is_full(); }
    [[nodiscard]] std::int64_t warm_up() const { return moments_.length(); }
    // The line at the newest value.
    [[nodiscard]] double value() const { return moments_.mean() + slope() * (count() - 1) / 2; }
    // Its rise from one value to the next.
    [[nodiscard]] double slope() const {
        return moments_.is_constant() ? 0 : products() / place_squares();
    }
    // The share of the values' spread that the line explains; 0 when they are all the same.
    [[nodiscard]] double r2() const {
        const double spread = place_squares() * moments_.squared_distances();
        return std::min(1.0, ratio_or(0, products() * products(), spread));
    }

    void save(engine::StateWriter& writer) const { save_parts(writer, moments_, weighted_); }
    void load(engine::StateReader& reader) { load_parts(reader, moments_, weighted_); }

  private:
    [[nodiscard]] double count() const { return static_cast<double>(moments_.length()); }
    // The sum of squared distances of the places to their mean.
    [[nodiscard]] double place_squares() const { return count() * (count() * count() - 1) / 12; }
    // The sum of the products of both distances.
    [[nodiscard]] double products() const {
        return (weighted_ - moments_.exact_sum() * DoubleDouble{(count() - 1) / 2, 0}).value();
    }

    WindowMoments moments_;
    DoubleDouble weighted_;
};

enum class ReturnKind : std::uint8_t { simple, log };

// The return against the value n updates ago, as a share: x / past − 1, or the logarithm of
// x / past. 0 when past is 0, and for the logarithm when either is not above 0.
class Return {
  public:
    explicit Return(std::int64_t length, ReturnKind kind = ReturnKind::simple)
        : values_(length), kind_(kind) {}

    void update(double input) {
        is_ready_ = values_.is_full();
        const double past = values_.push(input);
        value_ = is_ready_ ? of(input, past) : 0;
    }
    [[nodiscard]] bool is_ready() const { return is_ready_; }
    [[nodiscard]] std::int64_t warm_up() const { return values_.length() + 1; }
    [[nodiscard]] double value() const { return value_; }

    void save(engine::StateWriter& writer) const { save_parts(writer, values_, value_, is_ready_); }
    void load(engine::StateReader& reader) { load_parts(reader, values_, value_, is_ready_); }

  private:
    [[nodiscard]] double of(double value, double past) const {
        if (kind_ == ReturnKind::simple) return ratio_or(0, value - past, past);
        return value > 0 && past > 0 ? deterministic_log(value / past) : 0;
    }

    Window values_;
    ReturnKind kind_;
    double value_ = 0;
    bool is_ready_ = false;
};

// How far the value stands below the highest one since the start, as a share of that: 0.25 is a
// fall by a quarter. 0 until a value is above 0.
class Drawdown {
  public:
    void update(double input) {
        MILLRACE_ASSERT(std::isfinite(input), "an indicator was given what is not a number");
        peak_ = is_ready_ ? std::max(peak_, input) : input;
        is_ready_ = true;
        value_ = peak_ > 0 ? (peak_ - input) / peak_ : 0;
        deepest_ = std::max(deepest_, value_);
    }
    [[nodiscard]] bool is_ready() const { return is_ready_; }
    [[nodiscard]] std::int64_t warm_up() const { return 1; }
    [[nodiscard]] double value() const { return value_; }
    [[nodiscard]] double deepest() const { return deepest_; }

    void save(engine::StateWriter& writer) const {
        save_parts(writer, peak_, value_, deepest_, is_ready_);
    }
    void load(engine::StateReader& reader) {
        load_parts(reader, peak_, value_, deepest_, is_ready_);
    }

  private:
    double peak_ = 0;
    double value_ = 0;
    double deepest_ = 0;
    bool is_ready_ = false;
};

}  // namespace millrace::indicators
