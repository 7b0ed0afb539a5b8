// ExponentialAverage: smoothing 2 / (n + 1), seeded with the simple mean of the first n values;
// ready with the n-th.
#pragma once

#include <cstdint>

#include "millrace/core/engine/state.hpp"

namespace millrace::strategy {

class ExponentialAverage {
  public:
    explicit ExponentialAverage(std::int64_t length = 1) { set_length(length); }

    // Starts anew with another length.
    void set_length(std::int64_t length) {
        MILLRACE_ASSERT(length > 0, "an average needs at least one value");
        length_ = length;
        weight_ = 2.0 / (static_cast<double>(length) + 1.0);
        seen_ = 0;
        value_ = 0;
    }

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
    [[nodiscard]] double value() const { return value_; }

    void save(engine::StateWriter& writer) const {
        writer.put(length_);
        writer.put(seen_);
        writer.put_double(value_);
    }
    void load(engine::StateReader& reader) {
        set_length(std::max<std::int64_t>(1, reader.get<std::int64_t>()));
        seen_ = reader.get<std::int64_t>();
        value_ = reader.get_double();
    }

  private:
    std::int64_t length_ = 1;
    std::int64_t seen_ = 0;
    double weight_ = 1;
    double value_ = 0;
};

}  // namespace millrace::strategy
