// StopRule: the exits by price that several strategies share, as shares of the entry, judged tick
// by tick; and, where asked for, the same levels as orders at the venue.
//
//   stop    price <= entry · (1 − stop_loss)      target  price >= entry · (1 + take_profit)
// The entry is the price of the tick at which the strategy said buy.
#pragma once

#include "millrace/core/strategy/library/tick_strategy.hpp"

namespace millrace::strategy {

class StopRule {
  public:
    // A take profit of zero: there is none.
    explicit StopRule(Ratio stop_loss, Ratio take_profit = {})
        : stop_factor_(Ratio::from_raw(Ratio::kOne - stop_loss.raw())),
          target_factor_(Ratio::from_raw(Ratio::kOne + take_profit.raw())),
          has_target_(take_profit.raw() > 0) {}

    [[nodiscard]] bool is_stopped(const Tick& tick, const Stance& stance) const {
        return stance.is_long && against(tick.price, stance.entry, stop_factor_) <= 0;
    }
    [[nodiscard]] bool is_at_target(const Tick& tick, const Stance& stance) const {
        return has_target_ && stance.is_long &&
               against(tick.price, stance.entry, target_factor_) >= 0;
    }
    [[nodiscard]] Maybe<Price> stop_of(Price entry) const { return level_of(entry, stop_factor_); }
    [[nodiscard]] Maybe<Price> target_of(Price entry) const {
        return has_target_ ? level_of(entry, target_factor_) : Maybe<Price>();
    }

  private:
    Ratio stop_factor_;
    Ratio target_factor_;
    bool has_target_;
};

inline constexpr std::string_view kStopLossDoc =
    "How far below its entry it leaves, as a share of the entry.";
inline constexpr std::string_view kStopOrdersDoc =
    "Also leave these exits at the venue as orders from the entry on.";
inline constexpr Bounds<std::string_view> kStopBounds{"0.000001", "0.999999"};

}  // namespace millrace::strategy
