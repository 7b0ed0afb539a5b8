// The limits: what each bounds, in which unit, in which scopes it may be set, and how text becomes
// its value. Inside, a limit is one integer of which the smaller is the tighter, so that the
// tightest of several scopes is a minimum.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "millrace/base/result.hpp"
#include "millrace/core/risk/rule.hpp"

namespace millrace::risk {

enum class Limit : std::uint8_t {
    market_hours,
    stale_price,
    price_collar,
    max_order_qty,
    max_order_notional,
    strategy_order_rate,
    account_order_rate,
    max_position,
    concentration,
    gross_exposure,
    gross_exposure_amount,
    net_exposure,
    leverage,
    min_cash,
    allow_short,
    daily_loss,
    daily_loss_amount,
    drawdown,
    drawdown_amount,
    var95,
    consecutive_losses,
    cool_down,
};
inline constexpr std::size_t kLimitCount = 22;

inline constexpr std::int64_t kUnset = INT64_MAX;

struct LimitDescription {
    Limit limit{};
    std::string_view name;  // "max-order-qty"
    Unit unit{};
    Rule rule{};
    std::string_view scopes;      // "gasy": of these kinds, by their first letters (y: symbol)
    std::string_view by_default;  // as text; empty: not set
    std::string_view doc;

    [[nodiscard]] bool may_be_set_for(ScopeKind kind) const {
        return scopes.find("gasy"[static_cast<std::size_t>(kind)]) != std::string_view::npos;
    }
};
[[nodiscard]] std::span<const LimitDescription, kLimitCount> limits();
[[nodiscard]] inline const LimitDescription& description_of(Limit limit) {
    return limits()[static_cast<std::size_t>(limit)];
}
[[nodiscard]] std::optional<Limit> limit_named(std::string_view name);  // with - or _

// The value as the guardian compares it, from text: "0.05", "5s", "true", "none".
[[nodiscard]] Result<std::int64_t> parse_limit(Limit limit, std::string_view text);
// What parse_limit() reads.
[[nodiscard]] std::string text_of(Limit limit, std::int64_t value);
[[nodiscard]] std::string text_of(Unit unit, std::int64_t raw);

struct LimitSet {
    std::array<std::int64_t, kLimitCount> values;

    LimitSet() { values.fill(kUnset); }
    [[nodiscard]] std::int64_t operator[](Limit limit) const {
        return values[static_cast<std::size_t>(limit)];
    }
    std::int64_t& operator[](Limit limit) { return values[static_cast<std::size_t>(limit)]; }
    [[nodiscard]] bool has(Limit limit) const { return (*this)[limit] != kUnset; }
    void tighten(const LimitSet& other);
    bool operator==(const LimitSet&) const = default;
};

// Those of limits().by_default.
[[nodiscard]] LimitSet default_limits();

}  // namespace millrace::risk
