// Drawdown: falls of the equity below the highest value before them, in constant memory. Which fall
// is the worst is decided on integers, so that no rounding can choose another.
#pragma once

#include <optional>

#include "millrace/base/fixed_point.hpp"
#include "millrace/base/time.hpp"

namespace millrace::report {

// later − earlier; through 128 bits because the range of Time is twice that of Duration.
[[nodiscard]] constexpr int128 ns_between(Time earlier, Time later) {
    return int128{later.ns()} - earlier.ns();
}

struct Fall {
    Time peak_time;  // the last instant at the peak
    Money peak;
    Time trough_time;
    Money trough;
    std::optional<Time> recovery_time;  // the first instant at the peak again

    // As a share of the peak before it.
    [[nodiscard]] double share() const {
        return static_cast<double>(int128{peak.raw()} - trough.raw()) /
               static_cast<double>(peak.raw());
    }
};

class Drawdown {
  public:
    // In order of time; falls are counted from the first positive peak.
    void add(Time time, Money equity);

    [[nodiscard]] const std::optional<Fall>& worst() const { return worst_; }
    [[nodiscard]] int128 amount_max() const { return amount_max_; }
    // From a peak to its recovery, or to the last sample where there is none.
    [[nodiscard]] int128 longest_ns() const { return longest_ns_; }
    [[nodiscard]] int128 under_water_ns() const { return under_water_ns_; }

  private:
    void fall_to(Time time, Money equity);

    bool started_ = false;
    Time last_time_;
    Money last_;
    Time peak_time_;
    Money peak_;
    std::optional<Fall> worst_;
    bool worst_is_open_ = false;
    int128 amount_max_ = 0;
    int128 longest_ns_ = 0;
    int128 under_water_ns_ = 0;
};

}  // namespace millrace::report
