// confirmed-breakout: inside-bar without its filters of bodies, and only where mother and inside
// bar have the same colour, no doji among them, and the inside bar's range is between two shares of
// the mother's. Two green bars are entered upward only, two red ones downward only.
#pragma once

#include "millrace/core/strategy/library/inside_bar_strategy.hpp"

namespace millrace::strategy {

class ConfirmedBreakout : public InsideBarStrategy {
  protected:
    [[nodiscard]] Result<void> check() const override;
    [[nodiscard]] bool accepts(const model::Bar& mother, const model::Bar& bar) const override {
        return colour_of(bar) != 0 && colour_of(bar) == colour_of(mother) &&
               has_range_ratio(mother, bar, least_.ratio(), most_.ratio());
    }
    [[nodiscard]] bool enters(model::Side side, const model::Bar& bar) const override {
        return (side == model::Side::buy ? 1 : -1) == colour_of(bar);
    }

  private:
    Decimal least_{*this,
                   "range_ratio_min",
                   "0.751",
                   {"0", "10"},
                   "Least range of the inside bar, as a share of the mother's."};
    Decimal most_{*this,
                  "range_ratio_max",
                  "0.912",
                  {"0", "10"},
                  "Largest range of the inside bar, as a share of the mother's."};
};

}  // namespace millrace::strategy
