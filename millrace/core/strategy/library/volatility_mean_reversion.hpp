// volatility-mean-reversion: buys at the lower Bollinger band when the RSI is low too.
//
//   bands  mean ± std_multiplier · population deviation of the last `lookback` prices
//   RSI    Cutler's, over the last `rsi_period` changes; 50 when nothing moved
//   buy    price <= lower band and RSI < 30     close  price >= upper band or RSI > 70
// All windows end with the present tick. Bands that meet (all prices the same) decide nothing.
#pragma once

#include "millrace/core/strategy/library/tick_strategy.hpp"

namespace millrace::strategy {

[[nodiscard]] std::unique_ptr<TickRules> volatility_mean_reversion_rules(std::int64_t lookback,
                                                                         double std_multiplier,
                                                                         std::int64_t rsi_period);

class VolatilityMeanReversion : public TickStrategy {
  public:
    [[nodiscard]] std::uint64_t warm_up_bars() const override {
        return static_cast<std::uint64_t>(std::max(lookback_.value(), rsi_period_.value() + 1));
    }

  protected:
    [[nodiscard]] std::unique_ptr<TickRules> make_rules() const override {
        return volatility_mean_reversion_rules(lookback_.value(), std_multiplier_.value(),
                                               rsi_period_.value());
    }

  private:
    Integer lookback_{*this, "lookback", 20, {2, 100'000}, "Ticks of the bands."};
    Decimal std_multiplier_{*this,
                            "std_multiplier",
                            "2.5",
                            {"0.000001", "100"},
                            "Deviations between the mean and each band."};
    Integer rsi_period_{*this, "rsi_period", 14, {1, 100'000}, "Changes of the RSI."};
};

}  // namespace millrace::strategy
