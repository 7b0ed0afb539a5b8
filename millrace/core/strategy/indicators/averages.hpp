// Moving averages of one price besides the smoothed ones (exponential_average.hpp). `update` takes
// the next value; `value` means something once is_ready(), after warm_up() updates.
#pragma once

#include <variant>

#include "millrace/core/strategy/indicators/exponential_average.hpp"
#include "millrace/core/strategy/indicators/ratio_or.hpp"

namespace millrace::indicators {

// SMA: the mean of the last n values.
class SimpleAverage {
  public:
    explicit SimpleAverage(std::int64_t length) : sum_(length) {}

    void update(double input) { sum_.update(input); }
    [[nodiscard]] bool is_ready() const { return sum_.is_full(); }
    [[nodiscard]] std::int64_t warm_up() const { return sum_.length(); }
    [[nodiscard]] double value() const { return sum_.mean(); }

    void save(engine::StateWriter& writer) const { sum_.save(writer); }
    void load(engine::StateReader& reader) { sum_.load(reader); }

  private:
    WindowSum sum_;
};

// WMA: weights n for the newest value, n − 1 for the one before, … 1 for the oldest.
class WeightedAverage {
  public:
    explicit WeightedAverage(std::int64_t length) : sum_(length) {}

    void update(double input) {
        const auto weight = static_cast<double>(std::min(sum_.size() + 1, sum_.length()));
        // All others lose one weight, the one that leaves its last.
        if (sum_.is_full()) weighted_ = weighted_ - sum_.exact();
        weighted_ = weighted_ + two_product(weight, input);
        sum_.update(input);
    }
    [[nodiscard]] bool is_ready() const { return sum_.is_full(); }
    [[nodiscard]] std::int64_t warm_up() const { return sum_.length(); }
    [[nodiscard]] double value() const {
        const auto n = static_cast<double>(sum_.length());
        return (weighted_ / DoubleDouble{n * (n + 1) / 2, 0}).value();
    }

    void save(engine::StateWriter& writer) const { save_parts(writer, sum_, weighted_); }
    void load(engine::StateReader& reader) { load_parts(reader, sum_, weighted_); }

  private:
    WindowSum sum_;
    DoubleDouble weighted_;
};

// HMA (Hull): WMA over ⌊√n⌋ of 2 WMA(⌊n/2⌋) − WMA(n).
class HullAverage {
  public:
    explicit HullAverage(std::int64_t length)
        : half_(std::max<std::int64_t>(1, length / 2)), whole_(length), smooth_(root_of(length)) {}

    void update(double input) {
        half_.update(input);
        whole_.update(input);
        if (whole_.is_ready()) smooth_.update(2 * half_.value() - whole_.value());
    }
    [[nodiscard]] bool is_ready() const { return smooth_.is_ready(); }
    [[nodiscard]] std::int64_t warm_up() const { return whole_.warm_up() + smooth_.warm_up() - 1; }
    [[nodiscard]] double value() const { return smooth_.value(); }

    void save(engine::StateWriter& writer) const { save_parts(writer, half_, whole_, smooth_); }
    void load(engine::StateReader& reader) { load_parts(reader, half_, whole_, smooth_); }

  private:
    [[nodiscard]] static std::int64_t root_of(std::int64_t length) {
        return static_cast<std::int64_t>(std::sqrt(static_cast<double>(length)));
    }

    WeightedAverage half_;
    WeightedAverage whole_;
    WeightedAverage smooth_;
};

// DEMA: 2 EMA − EMA of EMA, each seeded when the one before is ready.
class DoubleExponentialAverage {
  public:
    explicit DoubleExponentialAverage(std::int64_t length) : first_(length), second_(length) {}

    void update(double input) {
        first_.update(input);
        if (first_.is_ready()) second_.update(first_.value());
    }
    [[nodiscard]] bool is_ready() const { return second_.is_ready(); }
    [[nodiscard]] std::int64_t warm_up() const { return 2 * first_.warm_up() - 1; }
    [[nodiscard]] double value() const { return 2 * first_.value() - second_.value(); }

    void save(engine::StateWriter& writer) const { save_parts(writer, first_, second_); }
    void load(engine::StateReader& reader) { load_parts(reader, first_, second_); }

  private:
    ExponentialAverage first_;
    ExponentialAverage second_;
};

// TEMA: 3 EMA − 3 EMA of EMA + EMA of EMA of EMA, seeded likewise.
class TripleExponentialAverage {
  public:
    explicit TripleExponentialAverage(std::int64_t length)
        : first_(length), second_(length), third_(length) {}

    void update(double input) {
        first_.update(input);
        if (first_.is_ready()) second_.update(first_.value());
        if (second_.is_ready()) third_.update(second_.value());
    }
    [[nodiscard]] bool is_ready() const { return third_.is_ready(); }
    [[nodiscard]] std::int64_t warm_up() const { return 3 * first_.warm_up() - 2; }
    [[nodiscard]] double value() const {
        return 3 * first_.value() - 3 * second_.value() + third_.value();
    }
    // The third average alone, which TRIX follows.
    [[nodiscard]] double third() const { return third_.value(); }

    void save(engine::StateWriter& writer) const { save_parts(writer, first_, second_, third_); }
    void load(engine::StateReader& reader) { load_parts(reader, first_, second_, third_); }

  private:
    ExponentialAverage first_;
    ExponentialAverage second_;
    ExponentialAverage third_;
};

// KAMA (Kaufman): an average whose weight grows with the efficiency of the last n moves, which is
// the distance covered over the way walked; 0 when nothing moved.
class AdaptiveAverage {
  public:
    AdaptiveAverage(std::int64_t length, std::int64_t fast, std::int64_t slow)
        : values_(length), way_(length), fast_(weight_of(fast)), slow_(weight_of(slow)) {}

    void update(double input) {
        const double before = values_.size() > 0 ? values_.newest() : input;
        const bool has_past = values_.is_full();
        const bool is_first = !is_ready_;
        if (values_.size() > 0) way_.update(std::fabs(input - before));
        const double past = values_.push(input);
        if (!has_past) return;
        if (is_first) value_ = before;  // the seed: the value before the first average
        is_ready_ = true;
        const double efficiency = std::min(1.0, ratio_or(0, std::fabs(input - past), way_.sum()));
        const double root = efficiency * (fast_ - slow_) + slow_;
        value_ += root * root * (input - value_);
    }
    [[nodiscard]] bool is_ready() const { return is_ready_; }
    [[nodiscard]] std::int64_t warm_up() const { return values_.length() + 1; }
    [[nodiscard]] double value() const { return value_; }

    void save(engine::StateWriter& writer) const {
        save_parts(writer, values_, way_, value_, is_ready_);
    }
    void load(engine::StateReader& reader) { load_parts(reader, values_, way_, value_, is_ready_); }

  private:
    [[nodiscard]] static double weight_of(std::int64_t length) {
        return 2.0 / (static_cast<double>(length) + 1.0);
    }

    Window values_;
    WindowSum way_;
    double fast_;
    double slow_;
    double value_ = 0;
    bool is_ready_ = false;
};

// How an indicator averages that lets its user choose.
enum class Smoothing : std::uint8_t { wilder, simple, exponential, recursive };

class ChosenAverage {
  public:
    ChosenAverage(Smoothing smoothing, std::int64_t length) : average_(made(smoothing, length)) {}

    void update(double input) {
        std::visit([&](auto& average) { average.update(input); }, average_);
    }
    [[nodiscard]] bool is_ready() const {
        return std::visit([](const auto& average) { return average.is_ready(); }, average_);
    }
    [[nodiscard]] std::int64_t warm_up() const {
        return std::visit([](const auto& average) { return average.warm_up(); }, average_);
    }
    [[nodiscard]] double value() const {
        return std::visit([](const auto& average) { return average.value(); }, average_);
    }

    void save(engine::StateWriter& writer) const {
        writer.put(std::uint64_t{average_.index()});
        std::visit([&](const auto& average) { average.save(writer); }, average_);
    }
    void load(engine::StateReader& reader) {
        if (!fits(reader, reader.get<std::uint64_t>() == average_.index())) return;
        std::visit([&](auto& average) { average.load(reader); }, average_);
    }

  private:
    using Average =
        std::variant<WilderAverage, SimpleAverage, ExponentialAverage, RecursiveAverage>;

    [[nodiscard]] static Average made(Smoothing smoothing, std::int64_t length) {
        switch (smoothing) {
            case Smoothing::wilder: return WilderAverage(length);
            case Smoothing::simple: return SimpleAverage(length);
            case Smoothing::exponential: return ExponentialAverage(length);
            case Smoothing::recursive: return RecursiveAverage(length);
        }
        return WilderAverage(length);
    }

    Average average_;
};

}  // namespace millrace::indicators
