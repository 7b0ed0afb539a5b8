// risk-managed: a mean reversion with a stop, that ends when it has lost too much.
//
//   base      the rules of mean-reversion or volatility-mean-reversion, by base_strategy_type
//   buy       the base buys, and the drawdown is below max_drawdown
//   close     price <= entry · (1 − stop_loss), else the base closes
//   drawdown  of each instrument: what its trades and the open one made since their highest point,
//             compounded at the prices of the signals; marked at every tick
// The base looks at the same stance as this strategy, so after a stop it knows that it is out.
#pragma once

#include "millrace/core/strategy/library/stop_rule.hpp"

namespace millrace::strategy {

class RiskManaged : public TickStrategy {
  public:
    [[nodiscard]] std::uint64_t warm_up_bars() const override {
        const std::int64_t changes = is_volatility() ? rsi_period_.value() + 1 : 0;
        return static_cast<std::uint64_t>(std::max(lookback_.value(), changes));
    }

  protected:
    [[nodiscard]] std::unique_ptr<TickRules> make_rules() const override;
    [[nodiscard]] Protection protection(Price entry) const override;

  private:
    [[nodiscard]] bool is_volatility() const { return base_.index() == 1; }

    static constexpr std::string_view kBases[] = {"mean_reversion", "volatility_mean_reversion"};
    Choice base_{*this, "base_strategy_type", kBases, "Whose rules it follows."};
    Decimal stop_loss_{*this, "stop_loss", "0.02", kStopBounds, kStopLossDoc};
    Decimal max_drawdown_{*this,
                          "max_drawdown",
                          "0.1",
                          {"0.000001", "1"},
                          "Share of the highest point, after whose loss it buys no more."};
    Boolean stop_orders_{*this, "stop_orders", false, kStopOrdersDoc};
    Integer lookback_{*this, "lookback", 20, {2, 100'000}, "Ticks of the base's mean."};
    Decimal z_threshold_{*this,
                         "z_threshold",
                         "-2",
                         {"-100", "-0.000001"},
                         "Of mean_reversion: deviations from the mean below which it buys."};
    Decimal std_multiplier_{*this,
                            "std_multiplier",
                            "2.5",
                            {"0.000001", "100"},
                            "Of volatility_mean_reversion: deviations between mean and band."};
    Integer rsi_period_{
        *this, "rsi_period", 14, {1, 100'000}, "Of volatility_mean_reversion: changes of the RSI."};
};

}  // namespace millrace::strategy
