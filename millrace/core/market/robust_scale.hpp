// RobustScale: how large moves usually are: 1.4826 times the median size of the last 256 moves that
// were not zero, which of a normal distribution is its standard deviation and which no single
// outlier shifts.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace millrace::market {

class RobustScale {
  public:
    static constexpr std::size_t kWindow = 256;
    static constexpr std::size_t kLeast = 64;  // before that nothing can be said

    void add(double size) {
        if (size == 0) return;
        if (count_ == kWindow) {
            double* const gone = std::lower_bound(sorted_.begin(), sorted_.end(), ring_[at_]);
            std::copy(gone + 1, sorted_.end(), gone);
            --count_;
        }
        double* const end = sorted_.data() + count_;
        double* const place = std::lower_bound(sorted_.data(), end, size);
        std::copy_backward(place, end, end + 1);
        *place = size;
        ring_[at_] = size;
        at_ = (at_ + 1) % kWindow;
        ++count_;
    }
    [[nodiscard]] bool is_ready() const { return count_ >= kLeast; }
    [[nodiscard]] double deviation() const {
        const double high = sorted_[count_ / 2];
        const double low = sorted_[(count_ - 1) / 2];
        return 1.4826 * (low + (high - low) / 2);
    }

  private:
    std::array<double, kWindow> sorted_{};  // the first count_
    std::array<double, kWindow> ring_{};    // in order of arrival
    std::size_t at_ = 0;
    std::size_t count_ = 0;
};

}  // namespace millrace::market
