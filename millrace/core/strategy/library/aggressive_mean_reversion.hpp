// aggressive-mean-reversion: buys below a mean, sells near it, with a close stop and a target.
//
//   z      as in mean-reversion, over the last `lookback` prices
//   buy    z < z_threshold
//   close  price <= entry · (1 − stop_loss), else price >= entry · (1 + take_profit), else
//          z > exit_z
// A tick that closes does not buy again; the next one may.
#pragma once

#include "millrace/core/strategy/library/stop_rule.hpp"

namespace millrace::strategy {

class AggressiveMeanReversion : public TickStrategy {
  public:
    [[nodiscard]] std::uint64_t warm_up_bars() const override {
        return static_cast<std::uint64_t>(lookback_.value());
    }

  protected:
    [[nodiscard]] Result<void> check() const override;
    [[nodiscard]] std::unique_ptr<TickRules> make_rules() const override;
    [[nodiscard]] Protection protection(Price entry) const override;

  private:
    [[nodiscard]] StopRule stops() const {
        return StopRule(stop_loss_.ratio(), take_profit_.ratio());
    }

    Integer lookback_{*this, "lookback", 15, {2, 100'000}, "Ticks of the mean and the deviation."};
    Decimal z_threshold_{*this,
                         "z_threshold",
                         "-1.5",
                         {"-100", "100"},
                         "Deviations from the mean below which it buys."};
    Decimal exit_z_{
        *this, "exit_z", "-0.5", {"-100", "100"}, "Deviations from the mean above which it sells."};
    Decimal stop_loss_{*this, "stop_loss", "0.015", kStopBounds, kStopLossDoc};
    Decimal take_profit_{*this,
                         "take_profit",
                         "0.05",
                         {"0.000001", "1000"},
                         "How far above its entry it leaves, as a share of the entry."};
    Boolean stop_orders_{*this, "stop_orders", false, kStopOrdersDoc};
};

}  // namespace millrace::strategy
