// ExponentialAverage (EMA) with weight 2 / (n + 1), and WilderAverage (RMA) with weight 1 / n: both
// are seeded with the simple mean of the first n values and ready with the n-th. RecursiveAverage
// has another seed.
#pragma once

#include "millrace/core/strategy/indicators/window.hpp"

namespace millrace::indicators {

class SmoothedAverage {
  public:
    // O(1); returns the value, which means something once is_ready().
    double update(double input) {
        if (seen_ < length_) {
            ++seen_;
            value_ += input;  // the sum, until it is complete
            if (seen_ == length_) value_ /= static_cast<double>(length_);
        } else {
            value_ += weight_ * (input - value_);
        }
        return value_;
    }

    [[nodiscard]] bool is_ready() const { return seen_ == length_; }
    [[nodiscard]] std::int64_t warm_up() const { return length_; }
    [[nodiscard]] double value() const { return value_; }

    void save(engine::StateWriter& writer) const { save_parts(writer, length_, seen_, value_); }
    void load(engine::StateReader& reader) {
        const auto length = reader.get<std::int64_t>();
        load_parts(reader, seen_, value_);
        if (!fits(reader, length == length_ && seen_ >= 0 && seen_ <= length_)) seen_ = 0;
    }

  protected:
    SmoothedAverage(std::int64_t length, double weight) : length_(length), weight_(weight) {
        MILLRACE_ASSERT(length >= 1 && length <= kLengthMax, "an average of a wrong length");
    }

  private:
    std::int64_t length_;
    std::int64_t seen_ = 0;
    double weight_;
    double value_ = 0;
};

class ExponentialAverage : public SmoothedAverage {
  public:
    explicit ExponentialAverage(std::int64_t length)
        : SmoothedAverage(length, 2.0 / (static_cast<double>(length) + 1.0)) {}
};

class WilderAverage : public SmoothedAverage {
  public:
    explicit WilderAverage(std::int64_t length)
        : SmoothedAverage(length, 1.0 / static_cast<double>(length)) {}
};

// Weight 1 / n as WilderAverage, but seeded with the first value alone, as pandas'
// ewm(adjust=False) does; ready with the n-th. The two draw together by a factor of 1 - 1 / n each
// update.
class RecursiveAverage {
  public:
    explicit RecursiveAverage(std::int64_t length) : length_(length) {
        MILLRACE_ASSERT(length >= 1 && length <= kLengthMax, "an average of a wrong length");
    }

    double update(double input) {
        value_ = seen_ == 0 ? input : value_ + (input - value_) / static_cast<double>(length_);
        if (seen_ < length_) ++seen_;
        return value_;
    }
    [[nodiscard]] bool is_ready() const { return seen_ == length_; }
    [[nodiscard]] std::int64_t warm_up() const { return length_; }
    [[nodiscard]] double value() const { return value_; }

    void save(engine::StateWriter& writer) const { save_parts(writer, length_, seen_, value_); }
    void load(engine::StateReader& reader) {
        const auto length = reader.get<std::int64_t>();
        load_parts(reader, seen_, value_);
        if (!fits(reader, length == length_ && seen_ >= 0 && seen_ <= length_)) seen_ = 0;
    }

  private:
    std::int64_t length_;
    std::int64_t seen_ = 0;
    double value_ = 0;
};

}  // namespace millrace::indicators
