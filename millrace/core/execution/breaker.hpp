// Breaker: after some refusals in a row nothing is sent for a while; then one order tries. So a
// venue that refuses everything, or a client that has lost its mind, does not cost an order each.
#pragma once

#include <cstdint>

#include "millrace/base/time.hpp"

namespace millrace::execution {

class Breaker {
  public:
    static constexpr std::uint32_t kFailuresMax = 5;
    static constexpr Duration kPause = Duration::minutes(1);

    Breaker() = default;
    Breaker(std::uint32_t failures, Time open_until)
        : failures_(failures), open_until_(open_until) {}

    [[nodiscard]] bool is_open(Time now) const { return now < open_until_; }
    [[nodiscard]] Time open_until() const { return open_until_; }
    [[nodiscard]] std::uint32_t failures() const { return failures_; }

    void succeed() { failures_ = 0; }
    // True when it opens. After the pause a single failure opens it again.
    bool fail(Time now) {
        if (failures_ < kFailuresMax) ++failures_;
        if (failures_ < kFailuresMax || is_open(now)) return false;
        open_until_ = now + kPause;
        return true;
    }

  private:
    std::uint32_t failures_ = 0;  // in a row
    Time open_until_ = Time::earliest();
};

}  // namespace millrace::execution
