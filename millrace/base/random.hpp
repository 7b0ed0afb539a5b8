// Random: the one generator of chance (xoshiro256**), seeded and a plain value, so that it can be
// part of an engine's state, saved in a snapshot, and give the same numbers on every machine. Not
// for secrets.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "millrace/base/assert.hpp"

namespace millrace {

class Random {
  public:
    constexpr explicit Random(std::uint64_t seed = 0) {
        for (auto& word : state_)
            word = next_seed(seed);
    }

    constexpr std::uint64_t next() {
        const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
        const std::uint64_t shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

    // Uniform in [0, bound), without bias: values from the uneven end are drawn again.
    constexpr std::uint64_t below(std::uint64_t bound) {
        MILLRACE_ASSERT(bound > 0, "below() needs a positive bound");
        const std::uint64_t uneven = (0 - bound) % bound;
        std::uint64_t draw = next();
        while (draw < uneven)
            draw = next();
        return draw % bound;
    }

    // Uniform in [low, high], both included.
    constexpr std::int64_t between(std::int64_t low, std::int64_t high) {
        MILLRACE_ASSERT(low <= high, "between() needs low <= high");
        const auto width = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
        const std::uint64_t offset = width == UINT64_MAX ? next() : below(width + 1);
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + offset);
    }

    constexpr bool one_in(std::uint64_t n) { return below(n) == 0; }

    // Uniform in [0, 1) with 53 bits.
    constexpr double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

    constexpr bool operator==(const Random&) const = default;

  private:
    static constexpr std::uint64_t next_seed(std::uint64_t& seed) {
        seed += 0x9e3779b97f4a7c15;
        std::uint64_t word = seed;
        word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
        word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
        return word ^ (word >> 31);
    }

    std::array<std::uint64_t, 4> state_{};
};

}  // namespace millrace
