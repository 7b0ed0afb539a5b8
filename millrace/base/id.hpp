// Id<Tag, Rep>: a small dense number that names one thing of one kind (an instrument, a source),
// and cannot be mixed up with another kind's. Tables are indexed by it; outside the process the
// name is used, never the number.
#pragma once

#include <compare>
#include <cstdint>

namespace millrace {

template <class Tag, class Rep>
class Id {
  public:
    using Value = Rep;

    constexpr Id() = default;
    constexpr explicit Id(Rep value) : value_(value) {}
    [[nodiscard]] constexpr Rep value() const { return value_; }
    constexpr auto operator<=>(const Id&) const = default;

  private:
    Rep value_ = 0;
};

using InstrumentId = Id<struct InstrumentTag, std::uint32_t>;
using SourceId = Id<struct SourceTag, std::uint16_t>;
using StrategyId = Id<struct StrategyTag, std::uint16_t>;
using AccountId = Id<struct AccountTag, std::uint16_t>;

}  // namespace millrace
