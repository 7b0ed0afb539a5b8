// enhanced-momentum (also high-return-momentum): buys a jump to a clear new high on large volume.
//
//   high   the highest of the lookback − 1 prices before the present one
//   buy    price > 1.01 · high, and volume > volume_multiplier · mean of the last `lookback`
//          volumes (this one included), and price / price before − 1 > momentum_threshold
//   close  price <= entry · (1 − stop_loss), else price < 0.98 · high
#pragma once

#include "millrace/core/strategy/library/stop_rule.hpp"

namespace millrace::strategy {

class EnhancedMomentum : public TickStrategy {
  public:
    [[nodiscard]] std::uint64_t warm_up_bars() const override {
        return static_cast<std::uint64_t>(lookback_.value());
    }

  protected:
    [[nodiscard]] std::unique_ptr<TickRules> make_rules() const override;
    [[nodiscard]] Protection protection(Price entry) const override;

  private:
    Integer lookback_{
        *this, "lookback", 15, {2, 100'000}, "Ticks of the high and of the mean volume."};
    Decimal volume_multiplier_{*this,
                               "volume_multiplier",
                               "2",
                               {"0", "1000"},
                               "How many times the mean volume a purchase needs."};
    Decimal momentum_threshold_{*this,
                                "momentum_threshold",
                                "0.03",
                                {"0", "1000"},
                                "How far one tick must rise, as a share of the price before."};
    Decimal stop_loss_{*this, "stop_loss", "0.02", kStopBounds, kStopLossDoc};
    Boolean stop_orders_{*this, "stop_orders", false, kStopOrdersDoc};
};

}  // namespace millrace::strategy
