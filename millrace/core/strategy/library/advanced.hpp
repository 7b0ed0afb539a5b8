// advanced: a score of six parts, each from 0 to 1.
//
//   trend    .25  1 when the short mean is above the long one, else 0
//   RSI      .20  Cutler's: below rsi_oversold → 1, below 50 → 0.7, below rsi_overbought → 0.3,
//                 else 0
//   bands    .20  Bollinger: price <= lower → 1, <= middle → 0.7, else 0.3
//   support  .15  1 when the price is within support_threshold of a support, else 0. A support is a
//                 price that was the lowest of the support_window ticks before and after it, among
//                 the last 100 ticks; so it is known support_window ticks after its time
//   volume   .10  volume / mean of the last volume_period / volume_threshold, at most 1; 0.5 when
//                 nothing was dealt at all
//   pattern  .10  0.5, and 0.3 more for a bullish engulfing bar, and 0.2 more for a hammer
//   buy   score >= min_score, strength: the score     close  score < 0.3, strength: 1 − score
// Engulfing: a falling bar, then a rising one that opens below its close and closes above its open.
// Hammer: the lower shadow is over twice the body, the upper one less than it. Trades and quotes
// have no bars, so no patterns. Nothing is said within `cooldown` of the last signal.
#pragma once

#include "millrace/core/strategy/library/tick_strategy.hpp"

namespace millrace::strategy {

class Advanced : public TickStrategy {
  public:
    [[nodiscard]] std::uint64_t warm_up_bars() const override;

  protected:
    [[nodiscard]] Result<void> check() const override;
    [[nodiscard]] std::unique_ptr<TickRules> make_rules() const override;
    [[nodiscard]] Duration cooldown() const override { return cooldown_.value(); }

  private:
    Integer short_window_{*this, "short_window", 5, {1, 100'000}, "Ticks of the short mean."};
    Integer long_window_{*this, "long_window", 20, {2, 100'000}, "Ticks of the long mean."};
    Integer rsi_period_{*this, "rsi_period", 14, {1, 100'000}, "Changes of the RSI."};
    Decimal rsi_oversold_{*this, "rsi_oversold", "30", {"0", "50"}, "An RSI below it is low."};
    Decimal rsi_overbought_{
        *this, "rsi_overbought", "70", {"50", "100"}, "An RSI from it on is high."};
    Integer bb_period_{*this, "bb_period", 20, {2, 100'000}, "Ticks of the Bollinger bands."};
    Decimal bb_std_dev_{*this,
                        "bb_std_dev",
                        "2",
                        {"0.000001", "100"},
                        "Deviations between the mean and each band."};
    Integer volume_period_{*this, "volume_period", 20, {1, 100'000}, "Ticks of the mean volume."};
    Decimal volume_threshold_{*this,
                              "volume_threshold",
                              "1.5",
                              {"0.000001", "1000"},
                              "How many times the mean volume counts in full."};
    Integer support_window_{*this,
                            "support_window",
                            20,
                            {1, 49},
                            "Ticks on both sides among which a support is the lowest."};
    Decimal support_threshold_{*this,
                               "support_threshold",
                               "0.02",
                               {"0", "1"},
                               "How near a support the price must be, as a share of it."};
    Decimal min_score_{*this, "min_score", "0.7", {"0.3", "1"}, "The score from which it buys."};
    Span cooldown_{*this,
                   "cooldown",
                   Duration::seconds(300),
                   {Duration(), Duration::days(365)},
                   "No signal so soon after the last one."};
};

}  // namespace millrace::strategy
