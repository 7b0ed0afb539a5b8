// ratio_or: a quotient whose divisor may be zero; then what the indicator's definition says stands
// in its place.
#pragma once

namespace millrace::indicators {

[[nodiscard]] constexpr double ratio_or(double instead, double numerator, double divisor) {
    return divisor == 0 ? instead : numerator / divisor;
}

}  // namespace millrace::indicators
