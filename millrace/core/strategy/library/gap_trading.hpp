// gap-trading: buys a fall from one tick to the next on growing volume, and leaves as soon as a
// tick does not fall.
//
//   buy    price < price before · (1 − gap_threshold), volume > volume_threshold · volume before,
//          and price >= min_price
//   close  price >= price before (a gap upwards is one case of it)
#pragma once

#include "millrace/core/strategy/library/tick_strategy.hpp"

namespace millrace::strategy {

class GapTrading : public TickStrategy {
  public:
    [[nodiscard]] std::uint64_t warm_up_bars() const override { return 2; }

  protected:
    [[nodiscard]] std::unique_ptr<TickRules> make_rules() const override;

  private:
    Decimal gap_threshold_{*this,
                           "gap_threshold",
                           "0.05",
                           {"0", "0.999999"},
                           "How far a tick must fall, as a share of the price before."};
    Decimal volume_threshold_{*this,
                              "volume_threshold",
                              "1.2",
                              {"0", "1000"},
                              "How many times the volume before a purchase needs."};
    Decimal min_price_{
        *this, "min_price", "0.5", {"0", "1000000000"}, "Nothing cheaper is bought."};
};

}  // namespace millrace::strategy
