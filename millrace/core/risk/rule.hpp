// The rules of the guardian in the order in which they are asked, and what they answer. The order
// is a promise to users (docs/concept/guardian.md, which a test keeps equal to it).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "millrace/core/model/order.hpp"

namespace millrace::risk {

enum class Rule : std::uint8_t {
    kill_switch,
    account_disabled,
    strategy_disabled,
    symbol_disabled,
    invalid_order,
    market_closed,
    no_price,
    stale_price,
    price_collar,
    max_order_qty,
    max_order_notional,
    order_rate,
    duplicate,
    max_position,
    concentration,
    gross_exposure,
    net_exposure,
    leverage,
    insufficient_cash,
    short_not_allowed,
    daily_loss,
    max_drawdown,
    var_limit,
    consecutive_losses,
    reduce_only_flip,
    no_equity,
    no_rate,
    out_of_range,
};
inline constexpr std::size_t kRuleCount = 28;

struct RuleDescription {
    Rule rule{};
    std::string_view code;  // "KILL_SWITCH"
    model::OrderReason reason{};
    std::string_view refuses;  // what is refused, as a sentence of the reference
};
[[nodiscard]] std::span<const RuleDescription, kRuleCount> rules();
[[nodiscard]] inline const RuleDescription& description_of(Rule rule) {
    return rules()[static_cast<std::size_t>(rule)];
}

// What the number of a limit counts.
enum class Unit : std::uint8_t { none, quantity, money, ratio, duration, count, yes_or_no };

enum class ScopeKind : std::uint8_t { global, account, strategy, symbol };
inline constexpr std::array<std::string_view, 4> kScopeNames = {"global", "account", "strategy",
                                                                "symbol"};

// A part of all trading: everything, or one account, strategy or instrument by its number.
struct Scope {
    ScopeKind kind = ScopeKind::global;
    std::uint32_t number = 0;

    [[nodiscard]] constexpr bool holds(const model::Order& order) const {
        switch (kind) {
            case ScopeKind::global: return true;
            case ScopeKind::account: return order.account.value() == number;
            case ScopeKind::strategy: return order.strategy.value() == number;
            case ScopeKind::symbol: return order.instrument.value() == number;
        }
        return true;
    }
    constexpr auto operator<=>(const Scope&) const = default;
};

// Why an order does not pass. `limit` and `value` are raw numbers of `unit`; INT64_MIN says that
// there is none, or that it is beyond all numbers.
struct Reason {
    static constexpr std::int64_t kNone = INT64_MIN;

    Rule rule{};
    Unit unit = Unit::none;
    Scope scope;
    std::int64_t limit = kNone;
    std::int64_t value = kNone;
    bool operator==(const Reason&) const = default;
};

enum class Decision : std::uint8_t {
    accept,
    reject,
    reduce_only,  // refused, because only orders that shrink a position pass now
};
inline constexpr std::array<std::string_view, 3> kDecisionNames = {"ACCEPT", "REJECT",
                                                                   "REDUCE_ONLY"};

// What became of a submission. The first reason decides; the others are there only when all were
// asked for.
struct Verdict {
    std::uint64_t order_id = 0;
    std::uint64_t reservation_id = 0;  // of what was accepted; 0: nothing is reserved
    model::OrderReason told = model::OrderReason::none;  // what the order's sender hears
    Decision decision = Decision::reject;
    std::uint8_t count = 0;
    std::array<Reason, kRuleCount> list{};

    [[nodiscard]] std::span<const Reason> reasons() const { return std::span(list).first(count); }
    [[nodiscard]] bool passes() const { return decision == Decision::accept; }
};

}  // namespace millrace::risk
