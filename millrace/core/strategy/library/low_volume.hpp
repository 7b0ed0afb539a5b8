// low-volume: a score of three parts that needs few ticks, for instruments that trade rarely.
//
//   score  0.4 · trend + 0.3 · RSI + 0.3 · swing
//   trend  1 when the short mean is above the long one, else 0
//   RSI    Cutler's: below 25 → 1, below 40 → 0.8, above 75 → 0, above 60 → 0.2, else 0.5
//   swing  of the last 5 prices: the change from first to last is above 2 % and the population
//          deviation of the four returns above 1 % → 0.8; else above 1 % → 0.6; below −2 % → 0.7;
//          else 0.3
//   buy    score >= 0.6, strength: the score      close  score < 0.3, strength: 1 − score
// Nothing is said within `cooldown` of the last signal, by the time of the ticks.
#pragma once

#include "millrace/core/strategy/library/tick_strategy.hpp"

namespace millrace::strategy {

class LowVolume : public TickStrategy {
  public:
    [[nodiscard]] std::uint64_t warm_up_bars() const override;

  protected:
    [[nodiscard]] Result<void> check() const override;
    [[nodiscard]] std::unique_ptr<TickRules> make_rules() const override;
    [[nodiscard]] Duration cooldown() const override { return cooldown_.value(); }

  private:
    Integer short_window_{*this, "short_window", 3, {1, 100'000}, "Ticks of the short mean."};
    Integer long_window_{*this, "long_window", 8, {2, 100'000}, "Ticks of the long mean."};
    Integer rsi_period_{*this, "rsi_period", 7, {1, 100'000}, "Changes of the RSI."};
    Span cooldown_{*this,
                   "cooldown",
                   Duration::seconds(180),
                   {Duration(), Duration::days(365)},
                   "No signal so soon after the last one."};
};

}  // namespace millrace::strategy
