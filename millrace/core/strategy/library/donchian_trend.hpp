// donchian-trend: buys when the close is above the highest high of the `entry_length` bars before
// this one, and leaves when a close is below the lowest low of the `exit_length` bars before it;
// sells short and covers likewise, mirrored. A breakout to the other side closes and enters.
#pragma once

#include "millrace/core/strategy/library/holding_strategy.hpp"

namespace millrace::strategy {

class DonchianTrend : public HoldingStrategy {
  public:
    [[nodiscard]] std::uint64_t warm_up_bars() const override {
        return static_cast<std::uint64_t>(std::max(entry_.value(), exit_.value()) + 1);
    }

  protected:
    [[nodiscard]] std::unique_ptr<HoldingRules> make_rules() const override;
    [[nodiscard]] Quantity quantity() const override { return quantity_.quantity(); }
    [[nodiscard]] bool reverses() const override { return true; }
    [[nodiscard]] Ratio stop_loss() const override { return stop_loss_.ratio(); }

  private:
    Integer entry_{
        *this, "entry_length", 20, {1, 100'000}, "Bars before this one whose range is broken."};
    Integer exit_{*this,
                  "exit_length",
                  10,
                  {1, 100'000},
                  "Bars before this one whose other end is the way out."};
    Boolean shorts_{*this, "shorts", true, "Whether it sells short, or only stays out."};
    Decimal stop_loss_{
        *this,
        "stop_loss_pct",
        "0",
        {"0", "0.5"},
        "Stop behind an entry, as a share of its price: 0.02 is 2 percent; 0 is none."};
    Decimal quantity_{
        *this, "quantity", "1", {"0.000001", "1000000000"}, "Quantity held, long or short."};
};

}  // namespace millrace::strategy
