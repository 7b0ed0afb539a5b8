// multi-timeframe: buys weakness against a long mean while the short one already turns up.
//
//   buy    price < long mean − 1 population deviation (both of `daily_lookback` prices), and
//          price > mean of the last `weekly_lookback` prices
//   close  price > long mean + 1 deviation, or price <= short mean
// The windows count ticks, whatever their length, and end with the present one.
#pragma once

#include "millrace/core/strategy/library/tick_strategy.hpp"

namespace millrace::strategy {

class MultiTimeframe : public TickStrategy {
  public:
    [[nodiscard]] std::uint64_t warm_up_bars() const override {
        return static_cast<std::uint64_t>(
            std::max(daily_lookback_.value(), weekly_lookback_.value()));
    }

  protected:
    [[nodiscard]] std::unique_ptr<TickRules> make_rules() const override;

  private:
    Integer daily_lookback_{
        *this, "daily_lookback", 20, {2, 100'000}, "Ticks of the long mean and its deviation."};
    Integer weekly_lookback_{
        *this, "weekly_lookback", 5, {1, 100'000}, "Ticks of the short mean, the trend."};
};

}  // namespace millrace::strategy
