// TickScale: prices of one instrument as whole numbers of its price increment. Whether a price is
// on the tick, and which one, takes two multiplications and no division: the odd part of the
// increment has an inverse modulo 2^64, which gives the quotient if there is no rest, and a number
// whose product is another one if there is.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>

#include "millrace/base/assert.hpp"
#include "millrace/base/fixed_point.hpp"

namespace millrace::market {

class TickScale {
  public:
    // Beyond ±4.6 billion a price is no price; within, sums and differences of ticks cannot wrap.
    static constexpr std::int64_t kPriceRawMax = (std::int64_t{1} << 62) - 1;

    constexpr explicit TickScale(Price increment) : increment_(increment.raw()) {
        MILLRACE_ASSERT(increment_ > 0, "an instrument's price increment is positive");
        const auto divisor = static_cast<std::uint64_t>(increment_);
        twos_ = std::countr_zero(divisor);
        const std::uint64_t odd = divisor >> twos_;
        inverse_ = odd;  // right in 3 bits; each turn doubles them
        for (int i = 0; i < 5; ++i)
            inverse_ *= 2 - odd * inverse_;
    }

    [[nodiscard]] static constexpr bool is_in_range(Price price) {
        return price.raw() <= kPriceRawMax && price.raw() >= -kPriceRawMax;
    }
    [[nodiscard]] constexpr bool is_tick_in_range(std::int64_t ticks) const {
        const std::int64_t most = kPriceRawMax / increment_;
        return ticks <= most && ticks >= -most;
    }
    // Nothing when the price lies between two ticks. The price must be in range.
    [[nodiscard]] constexpr std::optional<std::int64_t> ticks_of(Price price) const {
        const bool negative = price.is_negative();
        const auto magnitude = static_cast<std::uint64_t>(negative ? -price.raw() : price.raw());
        const std::uint64_t quotient = std::rotr(magnitude * inverse_, twos_);
        if (int128{quotient} * increment_ != int128{magnitude}) return std::nullopt;
        const auto ticks = static_cast<std::int64_t>(quotient);
        return negative ? -ticks : ticks;
    }
    [[nodiscard]] constexpr Price price_of(std::int64_t ticks) const {
        return Price::from_raw(ticks * increment_);
    }
    [[nodiscard]] constexpr Price increment() const { return Price::from_raw(increment_); }

  private:
    std::int64_t increment_;
    std::uint64_t inverse_ = 0;
    int twos_ = 0;
};

}  // namespace millrace::market
