// mean-reversion: buys what fell far below its mean and sells it as far above.
//
//   z      (price − mean) / population deviation of the last `lookback` prices, this one included;
//          0 when they are all the same
//   buy    z < z_threshold        close  z > −z_threshold
#pragma once

#include "millrace/core/strategy/library/tick_strategy.hpp"

namespace millrace::strategy {

// Closes at the same distance above the mean at which it buys below.
[[nodiscard]] std::unique_ptr<TickRules> mean_reversion_rules(std::int64_t lookback,
                                                              double z_threshold);

class MeanReversion : public TickStrategy {
  public:
    [[nodiscard]] std::uint64_t warm_up_bars() const override {
        return static_cast<std::uint64_t>(lookback_.value());
    }

  protected:
    [[nodiscard]] std::unique_ptr<TickRules> make_rules() const override {
        return mean_reversion_rules(lookback_.value(), z_threshold_.value());
    }

  private:
    Integer lookback_{*this, "lookback", 20, {2, 100'000}, "Ticks of the mean and the deviation."};
    Decimal z_threshold_{*this,
                         "z_threshold",
                         "-2",
                         {"-100", "-0.000001"},
                         "Deviations from the mean below which it buys; as far above it sells."};
};

}  // namespace millrace::strategy
