// multi-timeframe-momentum: buys what rises on three lengths at once.
//
//   buy    price > short mean > medium mean > long mean, and price / short mean − 1 > 2 %
//   close  price <= entry · (1 − stop_loss), else price < short mean, or price < medium mean
// The means are of the last ticks, the present one included.
#pragma once

#include "millrace/core/strategy/library/stop_rule.hpp"

namespace millrace::strategy {

class MultiTimeframeMomentum : public TickStrategy {
  public:
    [[nodiscard]] std::uint64_t warm_up_bars() const override {
        return static_cast<std::uint64_t>(long_lookback_.value());
    }

  protected:
    [[nodiscard]] Result<void> check() const override;
    [[nodiscard]] std::unique_ptr<TickRules> make_rules() const override;
    [[nodiscard]] Protection protection(Price entry) const override;

  private:
    Integer short_lookback_{*this, "short_lookback", 5, {1, 100'000}, "Ticks of the short mean."};
    Integer medium_lookback_{
        *this, "medium_lookback", 15, {2, 100'000}, "Ticks of the medium mean."};
    Integer long_lookback_{*this, "long_lookback", 30, {3, 100'000}, "Ticks of the long mean."};
    Decimal stop_loss_{*this, "stop_loss", "0.02", kStopBounds, kStopLossDoc};
    Boolean stop_orders_{*this, "stop_orders", false, kStopOrdersDoc};
};

}  // namespace millrace::strategy
