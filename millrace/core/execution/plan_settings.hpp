// PlanSettings: how the signals of one strategy become orders, and PlanOutcome: what became of a
// signal, so that "why no trade?" has an answer. The rules: docs/concept/planning.md.
#pragma once

#include <array>
#include <string_view>

#include "millrace/base/fixed_point.hpp"
#include "millrace/base/id.hpp"
#include "millrace/base/maybe.hpp"
#include "millrace/base/time.hpp"
#include "millrace/core/model/order.hpp"

namespace millrace::execution {

// What decides the size of an entry, unless the signal itself says a quantity.
enum class Sizing : std::uint8_t {
    fixed,         // `quantity`
    equity_share,  // worth `share` of the account's equity
    cash_share,    // worth `share` of the account's cash
    risk_share,    // loses `share` of the account's equity between its price and the signal's stop
};

// Limit and stop entries work at the signal's price.
enum class EntryKind : std::uint8_t { market, limit, stop };

struct PlanSettings {
    StrategyId strategy;
    AccountId account;
    Sizing sizing = Sizing::fixed;
    Quantity quantity = Quantity::whole(1);
    Ratio share;  // 0.01 is one percent
    // Of the position, with all that working entries may still add to it.
    Maybe<Quantity> quantity_max;
    Maybe<Money> notional_max;      // at the entry's price, in the account's currency
    Maybe<Ratio> equity_share_max;  // the same, as a share of equity
    EntryKind entry = EntryKind::market;
    model::TimeInForce time_in_force = model::TimeInForce::gtc;  // of entries; not gtd
    Duration valid_for;  // entries lapse so long after the signal; zero: only by time in force
    Ratio strength_min;  // weaker signals to enter are not followed
    Time live_from = Time::earliest();  // signals before this are of a warm-up
    bool reverses = true;               // an opposite signal closes and enters; else it closes only
    bool pyramids = false;              // a further signal of the same side adds to the position
};

// Settings that contradict themselves are errors of configuration.
[[nodiscard]] Result<void> check(const PlanSettings& settings);

// Exactly one for each signal.
enum class PlanOutcome : std::uint8_t {
    entered,             // an entry was ordered, after closing the other side where needed
    closed,              // a close was ordered or entries were taken back, nothing was entered
    hold,                // the signal asks for nothing
    warming_up,          // the strategy is not live yet
    unknown_instrument,  // nobody said what it is
    expired,             // it had lapsed when it came
    too_weak,            // its strength is below the least that is followed
    nothing_to_close,    // a close, but the plan holds nothing
    still_closing,       // the close of the position is under way already
    already_in,          // the position is there, and the plan adds nothing to it
    already_entering,    // an earlier entry of that side has not ended
    no_price,            // the size or the levels need a price, and none is known
    no_entry_price,      // a limit or stop entry, but the signal has no price
    no_stop,             // sized by risk, but the signal has no stop
    stop_on_wrong_side,
    target_on_wrong_side,
    price_out_of_range,
    no_balance,      // the size needs the account's money, and nobody told of it
    no_money,        // the account has none
    no_rate,         // no pair with a price leads from the account's currency
    rounds_to_zero,  // the size is less than the smallest step
    below_minimum,   // the size is less than the smallest order
    at_maximum,      // the position may not become larger
    size_out_of_range,
    too_many_orders,
};
inline constexpr std::array<std::string_view, 25> kPlanOutcomeNames = {"entered",
                                                                       "closed",
                                                                       "hold",
                                                                       "warming_up",
                                                                       "unknown_instrument",
                                                                       "expired",
                                                                       "too_weak",
                                                                       "nothing_to_close",
                                                                       "still_closing",
                                                                       "already_in",
                                                                       "already_entering",
                                                                       "no_price",
                                                                       "no_entry_price",
                                                                       "no_stop",
                                                                       "stop_on_wrong_side",
                                                                       "target_on_wrong_side",
                                                                       "price_out_of_range",
                                                                       "no_balance",
                                                                       "no_money",
                                                                       "no_rate",
                                                                       "rounds_to_zero",
                                                                       "below_minimum",
                                                                       "at_maximum",
                                                                       "size_out_of_range",
                                                                       "too_many_orders"};
[[nodiscard]] constexpr std::string_view name_of(PlanOutcome outcome) {
    return kPlanOutcomeNames[static_cast<std::size_t>(outcome)];
}
// As a person reads it after "no trade: ".
[[nodiscard]] std::string_view text_of(PlanOutcome outcome);

// What became of one strategy's signals, and what was ordered for them.
struct PlanCounts {
    std::array<std::uint64_t, kPlanOutcomeNames.size()> outcomes{};
    std::uint64_t entries = 0;
    std::uint64_t protections = 0;  // stops and targets
    std::uint64_t closes = 0;
    std::uint64_t cancels = 0;
    std::uint64_t cut = 0;     // entries made smaller by a maximum
    std::uint64_t lapsed = 0;  // entries whose time was over before the other side was closed
    std::uint64_t closes_failed = 0;     // ended while their position was still open
    std::uint64_t protections_lost = 0;  // ended while what they protect went on

    [[nodiscard]] std::uint64_t of(PlanOutcome outcome) const {
        return outcomes[static_cast<std::size_t>(outcome)];
    }
    bool operator==(const PlanCounts&) const = default;
};

}  // namespace millrace::execution
