// Maybe<T>: an optional Price, Quantity, Money, Ratio or Time in the same eight bytes. The lowest
// 64-bit integer, which no such number may take, stands for "absent"; so plain structs stay plain
// and compare and hash by their bytes.
#pragma once

#include <bit>
#include <cstdint>

#include "millrace/base/assert.hpp"

namespace millrace {

template <class T>
class Maybe {
    static_assert(sizeof(T) == sizeof(std::int64_t), "Maybe holds numbers of one 64-bit integer");

  public:
    static constexpr std::int64_t kAbsent = INT64_MIN;

    constexpr Maybe() = default;
    constexpr Maybe(T value) : raw_(std::bit_cast<std::int64_t>(value)) {
        MILLRACE_ASSERT(raw_ != kAbsent, "the lowest value means absent and cannot be stored");
    }

    [[nodiscard]] constexpr bool has_value() const { return raw_ != kAbsent; }
    [[nodiscard]] constexpr T value() const {
        MILLRACE_ASSERT(has_value(), "value() of an absent Maybe");
        return std::bit_cast<T>(raw_);
    }
    [[nodiscard]] constexpr T value_or(T other) const { return has_value() ? value() : other; }
    constexpr bool operator==(const Maybe&) const = default;

  private:
    std::int64_t raw_ = kAbsent;
};

}  // namespace millrace
