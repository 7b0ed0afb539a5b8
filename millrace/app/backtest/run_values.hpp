// How the values of run keys are read from text: each reader sets its target or says what is
// allowed. Errors have no place yet.
#pragma once

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

#include "millrace/base/fixed_point.hpp"
#include "millrace/base/nearest.hpp"
#include "millrace/base/time.hpp"

namespace millrace::backtest {

inline tl::unexpected<Error> not_allowed(std::string_view text, std::string why, std::string mend) {
    return failure(ErrorCode::config,
                   "\"" + std::string(text.substr(0, 60)) + "\" is not allowed here", {},
                   std::move(why), std::move(mend));
}

template <class Target, class T>
Result<void> assign(Target& target, const Result<T>& value) {
    if (!value)
        return failure(ErrorCode::config, value.error().what, {}, value.error().why,
                       value.error().mend);
    target = *value;
    return {};
}

// Zero or more; above zero unless it `may_be_zero`.
template <class T>
Result<void> read_decimal(auto& target, std::string_view text, bool may_be_zero) {
    const auto value = T::parse(text);
    if (value && (value->is_negative() || (value->is_zero() && !may_be_zero)))
        return not_allowed(text, may_be_zero ? "it is negative" : "it is not above zero",
                           "write a decimal such as 0.01");
    return assign(target, value);
}

// "2.5" basis points are 0.00025.
inline Result<void> read_basis_points(Ratio& target, std::string_view text, bool may_be_negative) {
    constexpr int kDecimals = 5;  // of a basis point, the finest that a Ratio holds
    static_assert(power_of_ten(kDecimals) * 10'000 == Ratio::kOne);
    const auto raw = parse_decimal(text, kDecimals);
    if (raw && *raw < 0 && !may_be_negative)
        return not_allowed(text, "it is negative", "costs are zero or more");
    if (raw && std::abs(*raw) > Ratio::kOne)
        return not_allowed(text, "it is more than 10000 basis points",
                           "10 basis points are a tenth of a percent");
    return assign(target, raw.map(&Ratio::from_raw));
}

inline Result<void> read_boolean(bool& target, std::string_view text) {
    if (text != "true" && text != "false")
        return not_allowed(text, "it is no boolean", "write true or false");
    target = text == "true";
    return {};
}

template <class T>
Result<void> read_whole(T& target, std::string_view text, std::int64_t least, std::int64_t most) {
    const auto value = parse_decimal(text, 0);
    if (value && (*value < least || *value > most))
        return not_allowed(text, "it is out of range",
                           "write " + std::to_string(least) + " to " + std::to_string(most));
    return assign(target, value.map([](std::int64_t n) { return static_cast<T>(n); }));
}

inline Result<void> read_duration(auto& target, std::string_view text) {
    const auto value = parse_duration(text);
    if (value && value->ns() < 0)
        return not_allowed(text, "it is negative", "write 250ms, 5s, 1h30m");
    return assign(target, value);
}

// Names with '-' where users may write '_' too.
[[nodiscard]] inline std::string dashed(std::string_view text) {
    std::string plain(text);
    std::replace(plain.begin(), plain.end(), '_', '-');
    return plain;
}

// By its place among the names.
template <class T, std::size_t N>
Result<void> read_choice(auto& target, std::string_view text,
                         const std::array<std::string_view, N>& names) {
    std::string list;
    for (std::size_t i = 0; i < N; ++i) {
        if (dashed(names[i]) == dashed(text)) {
            target = static_cast<T>(i);
            return {};
        }
        list += (i == 0 ? "" : ", ") + dashed(names[i]);
    }
    const std::string_view near = nearest(dashed(text), names);
    return not_allowed(
        text, "there are: " + list,
        near.empty() ? "use one of those" : "did you mean \"" + dashed(near) + "\"?");
}

}  // namespace millrace::backtest
