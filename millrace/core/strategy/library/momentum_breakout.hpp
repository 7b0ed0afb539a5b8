// momentum-breakout: buys a new high on large volume, leaves on a new low.
//
//   buy    price > the highest of the lookback − 1 prices before it, and
//          volume > volume_multiplier · mean of the last `lookback` volumes, this one included
//   close  price < the lowest of the `support_window` prices before it
// Neither window of prices contains the present one, or it could never be beyond it.
#pragma once

#include "millrace/core/strategy/library/tick_strategy.hpp"

namespace millrace::strategy {

class MomentumBreakout : public TickStrategy {
  public:
    [[nodiscard]] std::uint64_t warm_up_bars() const override {
        return static_cast<std::uint64_t>(std::max(lookback_.value(), support_window_.value() + 1));
    }

  protected:
    [[nodiscard]] std::unique_ptr<TickRules> make_rules() const override;

  private:
    Integer lookback_{
        *this, "lookback", 20, {2, 100'000}, "Ticks of the high and of the mean volume."};
    Decimal volume_multiplier_{*this,
                               "volume_multiplier",
                               "1.5",
                               {"0", "1000"},
                               "How many times the mean volume a purchase needs."};
    Integer support_window_{
        *this, "support_window", 10, {1, 100'000}, "Ticks of the low that ends it."};
};

}  // namespace millrace::strategy
