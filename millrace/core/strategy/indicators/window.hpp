// Window: the last `length` numbers, in a ring that is allocated once. What is known of them is
// kept up beside it: WindowSum their sum and mean, WindowMoments their spread too.
//
// The sums are double-doubles: a number is added when it enters and taken away when it leaves, and
// what 10 million updates round off stays far below the last bit of a double.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "millrace/base/assert.hpp"
#include "millrace/core/strategy/indicators/state_parts.hpp"

namespace millrace::indicators {

inline constexpr std::int64_t kLengthMax = 100'000;

class Window {
  public:
    explicit Window(std::int64_t length) {
        // One more than a user may ask for: some indicators look one value further back.
        MILLRACE_ASSERT(length >= 1 && length <= kLengthMax + 1, "a window of a wrong length");
        values_.resize(static_cast<std::size_t>(length));
    }

    // Takes a number in; returns the one that left for it, 0 while there is room.
    double push(double value) {
        MILLRACE_ASSERT(std::isfinite(value), "an indicator was given what is not a number");
        const double left = is_full() ? values_[next_] : 0;
        values_[next_] = value;
        if (++next_ == values_.size()) next_ = 0;
        if (!is_full()) ++size_;
        return left;
    }

    [[nodiscard]] bool is_full() const { return size_ == values_.size(); }
    [[nodiscard]] std::int64_t length() const { return static_cast<std::int64_t>(values_.size()); }
    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(size_); }
    // Of a window that is not empty:
    [[nodiscard]] double newest() const { return values_[(next_ == 0 ? size_ : next_) - 1]; }

    // Places in the ring; a number stays at its own until it leaves.
    [[nodiscard]] std::size_t next_place() const { return next_; }
    [[nodiscard]] double at_place(std::size_t place) const { return values_[place]; }

    void save(engine::StateWriter& writer) const {
        save_parts(writer, std::uint64_t{values_.size()}, std::uint64_t{size_},
                   std::uint64_t{next_});
        for (std::size_t place = 0; place < size_; ++place)
            writer.put_double(values_[place]);
    }
    void load(engine::StateReader& reader) {
        const auto length = reader.get<std::uint64_t>();
        const auto size = reader.get<std::uint64_t>();
        const auto next = reader.get<std::uint64_t>();
        size_ = next_ = 0;
        const bool sound = size == length ? next < length : size < length && next == size;
        if (!fits(reader, length == values_.size() && sound)) return;
        for (std::size_t place = 0; place < size; ++place) {
            values_[place] = reader.get_double();
            if (!fits(reader, std::isfinite(values_[place]))) return;
        }
        size_ = size;
        next_ = next;
    }

  private:
    std::vector<double> values_;
    std::size_t size_ = 0;
    std::size_t next_ = 0;
};

class WindowSum {
  public:
    explicit WindowSum(std::int64_t length) : window_(length) {}

    // Returns the number that left, 0 while there is room.
    double update(double value) {
        const double left = window_.push(value);
        sum_ = sum_ + two_sum(value, -left);
        not_zero_ += (value != 0 ? 1 : 0) - (left != 0 ? 1 : 0);
        // Zeros alone sum to exactly zero, so that "nothing happened" can be asked for by == 0.
        if (not_zero_ == 0) sum_ = {};
        return left;
    }

    [[nodiscard]] bool is_full() const { return window_.is_full(); }
    [[nodiscard]] std::int64_t length() const { return window_.length(); }
    [[nodiscard]] std::int64_t size() const { return window_.size(); }
    [[nodiscard]] DoubleDouble exact() const { return sum_; }
    [[nodiscard]] double sum() const { return sum_.value(); }
    // Divided before it is rounded: the mean of equal numbers is that number.
    [[nodiscard]] double mean() const {
        return (sum_ / DoubleDouble{static_cast<double>(window_.size()), 0}).value();
    }

    void save(engine::StateWriter& writer) const { save_parts(writer, window_, sum_, not_zero_); }
    void load(engine::StateReader& reader) { load_parts(reader, window_, sum_, not_zero_); }

  private:
    Window window_;
    DoubleDouble sum_;
    std::int64_t not_zero_ = 0;
};

// What the sum of squares is divided by: the count, or one less.
enum class Spread : std::uint8_t { population, sample };

class WindowMoments {
  public:
    explicit WindowMoments(std::int64_t length) : window_(length) {}

    // Returns the number that left, 0 while there is room.
    double update(double value) {
        const bool repeats = window_.size() > 0 && value == window_.newest();
        equal_ = repeats ? std::min(equal_ + 1, window_.length()) : 1;
        const double left = window_.push(value);
        sum_ = sum_ + two_sum(value, -left);
        squares_ = squares_ + (two_product(value, value) - two_product(left, left));
        return left;
    }

    [[nodiscard]] bool is_full() const { return window_.is_full(); }
    [[nodiscard]] std::int64_t length() const { return window_.length(); }
    [[nodiscard]] std::int64_t size() const { return window_.size(); }
    // Whether all numbers of the window are the same; their spread is then exactly zero.
    [[nodiscard]] bool is_constant() const { return equal_ >= window_.size(); }
    [[nodiscard]] DoubleDouble exact_sum() const { return sum_; }
    [[nodiscard]] double mean() const { return (sum_ / count()).value(); }
    // The sum of squared distances to the mean.
    [[nodiscard]] double squared_distances() const {
        if (is_constant()) return 0;
        return std::max(0.0, (squares_ - sum_ * sum_ / count()).value());
    }
    // Sample needs two numbers.
    [[nodiscard]] double deviation(Spread spread) const {
        const std::int64_t divisor = window_.size() - (spread == Spread::sample ? 1 : 0);
        MILLRACE_ASSERT(divisor > 0, "too few numbers for a deviation");
        return std::sqrt(squared_distances() / static_cast<double>(divisor));
    }

    void save(engine::StateWriter& writer) const {
        save_parts(writer, window_, sum_, squares_, equal_);
    }
    void load(engine::StateReader& reader) { load_parts(reader, window_, sum_, squares_, equal_); }

  private:
    [[nodiscard]] DoubleDouble count() const { return {static_cast<double>(window_.size()), 0}; }

    Window window_;
    DoubleDouble sum_;
    DoubleDouble squares_;
    std::int64_t equal_ = 0;  // how many of the newest numbers are the same
};

}  // namespace millrace::indicators
