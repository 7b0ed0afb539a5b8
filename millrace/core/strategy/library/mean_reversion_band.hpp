// mean-reversion-band (Algo-Trading's "mean_reversion"): buys when the close is below the simple
// mean of the last `lookback` closes by more than `band` of it, sells when it is above by more;
// this close is part of the mean. Enters only when it holds nothing; the opposite signal only
// closes.
#pragma once

#include "millrace/core/strategy/library/holding_strategy.hpp"

namespace millrace::strategy {

class MeanReversionBand : public HoldingStrategy {
  public:
    [[nodiscard]] std::uint64_t warm_up_bars() const override {
        return static_cast<std::uint64_t>(lookback_.value());
    }

  protected:
    [[nodiscard]] std::unique_ptr<HoldingRules> make_rules() const override;
    [[nodiscard]] Quantity quantity() const override { return quantity_.quantity(); }
    [[nodiscard]] bool reverses() const override { return false; }

  private:
    Integer lookback_{
        *this, "lookback", 20, {2, 100'000}, "Closes in the mean, this one included."};
    Decimal band_{*this,
                  "band",
                  "0.001",
                  {"0", "0.999"},
                  "How far from the mean the close must be, as a share of the mean."};
    Decimal quantity_{
        *this, "quantity", "1", {"0.000001", "1000000000"}, "Quantity held, long or short."};
};

}  // namespace millrace::strategy
