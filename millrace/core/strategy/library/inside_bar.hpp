// inside-bar: waits for a bar inside the one before it, in one of the day's windows, and enters
// where the price leaves the mother: a buy stop at its high and a sell stop at its low, of which
// the first to deal cancels the other. The stop is the mother's other end, the target a multiple of
// that risk. The published versions are presets of `version`; what is named itself stands above
// them.
#pragma once

#include "millrace/core/strategy/library/inside_bar_strategy.hpp"

namespace millrace::strategy {

class InsideBar : public InsideBarStrategy {
  protected:
    [[nodiscard]] bool accepts(const model::Bar& mother, const model::Bar& bar) const override {
        return has_body(mother, mother_body_.ratio()) && has_body(bar, inside_body_.ratio());
    }

  private:
    static const std::span<const std::string_view> kVersions;
    static const std::span<const PresetValue> kVersionRows;

    Decimal mother_body_{*this,
                         "min_mother_body_fraction",
                         "0.55",
                         {"0", "1"},
                         "Least body of a mother, as a share of its range."};
    Decimal inside_body_{*this,
                         "min_inside_body_fraction",
                         "0.4",
                         {"0", "1"},
                         "Least body of an inside bar, as a share of its range."};
    Preset version_{*this, "version", kVersions, kVersionRows,
                    "Published version whose values the others take unless they are given; "
                    "original is the first era's rule."};
};

}  // namespace millrace::strategy
