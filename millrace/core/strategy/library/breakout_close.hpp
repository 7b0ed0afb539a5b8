// breakout-close (Algo-Trading's "breakout"): buys when the close is the highest high of the last
// `lookback` bars, sells when it is their lowest low; the bar itself is one of them. Enters only
// when it holds nothing; the opposite breakout only closes.
//
// Since a close lies within its bar, it is the highest high only where the bar closes at its high.
#pragma once

#include "millrace/core/strategy/library/holding_strategy.hpp"

namespace millrace::strategy {

class BreakoutClose : public HoldingStrategy {
  public:
    [[nodiscard]] std::uint64_t warm_up_bars() const override {
        return static_cast<std::uint64_t>(lookback_.value());
    }

  protected:
    [[nodiscard]] std::unique_ptr<HoldingRules> make_rules() const override;
    [[nodiscard]] Quantity quantity() const override { return quantity_.quantity(); }
    [[nodiscard]] bool reverses() const override { return false; }

  private:
    Integer lookback_{*this, "lookback", 50, {2, 100'000}, "Bars looked at, this one included."};
    Decimal quantity_{
        *this, "quantity", "1", {"0.000001", "1000000000"}, "Quantity held, long or short."};
};

}  // namespace millrace::strategy
