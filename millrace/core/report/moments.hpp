// Moments: count, mean, spread and shape of a stream of numbers in constant memory. The power sums
// are double-doubles added in the order of arrival, so the same numbers in the same order give the
// same bits, kept or streamed.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "millrace/base/double_double.hpp"

namespace millrace::report {

class Moments {
  public:
    void add(double value) {
        const DoubleDouble square = two_product(value, value);
        sum_ = sum_ + DoubleDouble{value, 0};
        squares_ = squares_ + square;
        cubes_ = cubes_ + square * DoubleDouble{value, 0};
        fourths_ = fourths_ + square * square;
        if (value < 0) downside_ = downside_ + square;
        least_ = count_ == 0 ? value : std::min(least_, value);
        greatest_ = count_ == 0 ? value : std::max(greatest_, value);
        ++count_;
    }

    [[nodiscard]] std::int64_t count() const { return count_; }
    [[nodiscard]] double least() const { return least_; }
    [[nodiscard]] double greatest() const { return greatest_; }
    // Of at least one number:
    [[nodiscard]] double mean() const { return of(sum_).value(); }
    // The root of the mean square of the negative numbers, over all of them (population).
    [[nodiscard]] double downside_deviation() const { return std::sqrt(of(downside_).value()); }
    // Divided by n − 1 (sample); of at least two numbers.
    [[nodiscard]] double standard_deviation() const {
        const auto n = static_cast<double>(count_);
        return std::sqrt(second() * (n / (n - 1)));
    }
    // Whether the numbers differ by more than the rounding of money leaves: the standard deviation
    // of equal growth is not exactly zero.
    [[nodiscard]] bool varies() const {
        constexpr double kNoise = 1e-7;
        return count_ >= 2 && standard_deviation() > kNoise * std::fabs(mean());
    }
    // Third and fourth standardised moments, divided by n (population); only when varies().
    [[nodiscard]] double skewness() const {
        const DoubleDouble m = of(sum_);
        const DoubleDouble third =
            of(cubes_) - m * of(squares_) * DoubleDouble{3, 0} + m * m * m * DoubleDouble{2, 0};
        return third.value() / (second() * std::sqrt(second()));
    }
    [[nodiscard]] double kurtosis() const {
        const DoubleDouble m = of(sum_);
        const DoubleDouble fourth = of(fourths_) - m * of(cubes_) * DoubleDouble{4, 0} +
                                    m * m * of(squares_) * DoubleDouble{6, 0} -
                                    m * m * m * m * DoubleDouble{3, 0};
        return fourth.value() / (second() * second());
    }

  private:
    [[nodiscard]] DoubleDouble of(DoubleDouble sum) const {
        return sum / DoubleDouble{static_cast<double>(count_), 0};
    }
    // The second central moment, divided by n.
    [[nodiscard]] double second() const {
        const DoubleDouble m = of(sum_);
        return std::max(0.0, (of(squares_) - m * m).value());
    }

    std::int64_t count_ = 0;
    DoubleDouble sum_, squares_, cubes_, fourths_, downside_;
    double least_ = 0;
    double greatest_ = 0;
};

}  // namespace millrace::report
