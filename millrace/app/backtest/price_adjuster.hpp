// PriceAdjuster: prices of one instrument in one unit throughout: past ones as if later splits, and
// where wanted later dividends, had been there from the beginning; or, forward, later ones as if
// no split had ever been.
#pragma once

#include <span>
#include <vector>

#include "millrace/core/model/corporate_action.hpp"
#include "millrace/core/model/datum.hpp"

namespace millrace::backtest {

class PriceAdjuster {
  public:
    // An action, and of a dividend the last price before its ex moment; zero when there was none,
    // and nothing to adjust.
    struct Step {
        model::CorporateAction action;
        Price before;
    };

    // Steps by their ex moments. Prices are rounded half to even to whole multiples of `increment`,
    // volumes cut off at their last decimal.
    [[nodiscard]] static Result<PriceAdjuster> make(std::span<const Step> steps, Price increment);
    // Of splits alone; the first prices stay as they were, and no price knows of a later split.
    [[nodiscard]] static Result<PriceAdjuster> make_forward(std::span<const Step> steps,
                                                            Price increment);

    // Fails on a bar that lies across an ex moment: it has prices of both kinds.
    [[nodiscard]] Result<void> adjust(model::Datum& datum) const;

  private:
    struct Factor {
        std::int64_t numerator = 1;
        std::int64_t denominator = 1;
    };
    // What holds for all that begins before `until`, and after the factor before it.
    struct Span {
        Time until;
        Factor price;
        Factor quantity;
    };

    [[nodiscard]] static Checked<Factor> product(const Factor& factor, std::int64_t numerator,
                                                 std::int64_t denominator);
    [[nodiscard]] Checked<void> adjust(const Span& span, Price& price) const;

    std::vector<Span> spans_;  // by time
    Price increment_;
};

}  // namespace millrace::backtest
