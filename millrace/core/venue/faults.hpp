// Faults: what a bad day at a venue looks like, by seed, for the fault driver: orders refused for
// no reason that the trader could know, reports late, reports twice.
#pragma once

#include <cstdint>

#include "millrace/base/time.hpp"

namespace millrace::venue {

// "One in 0" is never.
struct Faults {
    std::uint32_t reject_one_in = 0;     // of submitted orders, for the reason `risk`
    std::uint32_t delay_one_in = 0;      // of reports; those behind it wait, for none overtakes
    std::uint32_t duplicate_one_in = 0;  // of reports, told again at once
    Duration delay_max;

    [[nodiscard]] bool any() const {
        return reject_one_in != 0 || delay_one_in != 0 || duplicate_one_in != 0;
    }
};

}  // namespace millrace::venue
