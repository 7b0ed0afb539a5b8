// simple-ma: long while the short simple average of prices is above the long one.
//
//   buy    short average > long average; strength: their distance as a share of the long one
//   close  short average < long average
// Both averages end with the present tick; nothing is said before the long one is full.
#pragma once

#include "millrace/core/strategy/library/tick_strategy.hpp"

namespace millrace::strategy {

class SimpleMa : public TickStrategy {
  public:
    [[nodiscard]] std::uint64_t warm_up_bars() const override {
        return static_cast<std::uint64_t>(long_window_.value());
    }

  protected:
    [[nodiscard]] Result<void> check() const override;
    [[nodiscard]] std::unique_ptr<TickRules> make_rules() const override;
    [[nodiscard]] bool closes_unbought() const override { return sell_when_flat_.value(); }

  private:
    Integer short_window_{*this, "short_window", 10, {1, 100'000}, "Ticks of the short average."};
    Integer long_window_{*this,
                         "long_window",
                         30,
                         {2, 100'000},
                         "Ticks of the long average, more than of the short."};
    Boolean sell_when_flat_{*this, "sell_when_flat", false,
                            "Also say close when the first cross goes down while nothing is held."};
};

}  // namespace millrace::strategy
