// Factors are exact fractions while they fit 64 bits, which splits always do in practice; else
// their value is rounded to 15 decimals.
#include "millrace/app/backtest/price_adjuster.hpp"

#include <algorithm>
#include <numeric>

namespace millrace::backtest {
namespace {

constexpr std::int64_t kFine = power_of_ten(15);

int128 common_divisor(int128 a, int128 b) {
    while (b != 0)
        a = std::exchange(b, a % b);
    return a;
}

tl::unexpected<Error> out_of_range() {
    return failure(ErrorCode::data, "an adjusted price or volume is out of range", {},
                   "the splits and dividends together move it too far",
                   "look at the ratios, or use raw prices");
}

}  // namespace

Checked<PriceAdjuster::Factor> PriceAdjuster::product(const Factor& factor, std::int64_t numerator,
                                                      std::int64_t denominator) {
    int128 above = int128{factor.numerator} * numerator;
    int128 below = int128{factor.denominator} * denominator;
    const int128 common = common_divisor(above, below);
    above /= common;
    below /= common;
    if (above <= INT64_MAX && below <= INT64_MAX)
        return Factor{static_cast<std::int64_t>(above), static_cast<std::int64_t>(below)};
    // Both are shortened alike until the rounding to 15 decimals can be worked out.
    while (above > INT64_MAX || below > INT64_MAX) {
        above /= 2;
        below /= 2;
    }
    if (below == 0) return tl::unexpected(ArithmeticError::overflow);
    const auto rounded = narrow(divide_rounded(above * kFine, below, Rounding::half_even));
    if (!rounded || *rounded == 0) return tl::unexpected(ArithmeticError::overflow);
    return Factor{*rounded, kFine};
}

Result<PriceAdjuster> PriceAdjuster::make(std::span<const Step> steps, Price increment) {
    PriceAdjuster made;
    made.increment_ = increment;
    Factor price;
    Factor quantity;
    for (std::size_t at = steps.size(); at-- > 0;) {
        const model::CorporateAction& action = steps[at].action;
        if (model::is_split(action)) {
            const auto cheaper = product(price, action.old_units, action.new_units);
            const auto more = product(quantity, action.new_units, action.old_units);
            if (!cheaper || !more) return out_of_range();
            price = *cheaper;
            quantity = *more;
        } else if (!steps[at].before.is_zero()) {
            const std::int64_t before = steps[at].before.raw();
            const std::int64_t left = before - action.amount.value().raw();
            if (left <= 0 || before < 0)
                return failure(ErrorCode::data, "a dividend takes away the whole price", {},
                               "it pays " + action.amount.value().to_string() + " at " +
                                   format_time(action.known_at) + ", the price before was " +
                                   steps[at].before.to_string(),
                               "amounts are those that were paid a unit on that day");
            const auto less = product(price, left, before);
            if (!less) return out_of_range();
            price = *less;
        }
        if (!made.spans_.empty() && made.spans_.back().until == action.known_at)
            made.spans_.back() = {action.known_at, price, quantity};
        else
            made.spans_.push_back({action.known_at, price, quantity});
    }
    std::reverse(made.spans_.begin(), made.spans_.end());
    return made;
}

Result<PriceAdjuster> PriceAdjuster::make_forward(std::span<const Step> steps, Price increment) {
    PriceAdjuster made;
    made.increment_ = increment;
    Factor price;
    Factor quantity;
    for (const Step& step : steps) {
        MILLRACE_ASSERT(model::is_split(step.action), "forward prices take no dividend out");
        made.spans_.push_back({step.action.known_at, price, quantity});
        const auto dearer = product(price, step.action.new_units, step.action.old_units);
        const auto fewer = product(quantity, step.action.old_units, step.action.new_units);
        if (!dearer || !fewer) return out_of_range();
        price = *dearer;
        quantity = *fewer;
    }
    made.spans_.push_back({Time::latest(), price, quantity});
    return made;
}

Checked<void> PriceAdjuster::adjust(const Span& span, Price& price) const {
    const std::int64_t step = increment_.raw();
    const int128 steps = divide_rounded(int128{price.raw()} * span.price.numerator,
                                        int128{span.price.denominator} * step, Rounding::half_even);
    const auto whole = narrow(steps * step);
    if (!whole) return tl::unexpected(whole.error());
    if (*whole == 0 && !price.is_zero()) return tl::unexpected(ArithmeticError::overflow);
    price = Price::from_raw(*whole);
    return {};
}

Result<void> PriceAdjuster::adjust(model::Datum& datum) const {
    const auto* as_bar = std::get_if<model::Bar>(&datum);
    const Time known = std::visit([](const auto& noun) { return noun.known_at; }, datum);
    const Time begin = as_bar != nullptr ? as_bar->open_time : known;
    const auto span = std::upper_bound(spans_.begin(), spans_.end(), begin,
                                       [](Time time, const Span& one) { return time < one.until; });
    if (span == spans_.end()) return {};
    if (as_bar != nullptr && known > span->until)
        return failure(
            ErrorCode::data, "a bar lies across a corporate action", {},
            "it begins at " + format_time(begin) + ", the action is at " + format_time(span->until),
            "name the instrument's calendar, or give the action's time with its date");
    bool fits = true;
    const auto move = [&](Price& price) {
        const auto moved = adjust(*span, price);
        fits = fits && moved.has_value();
    };
    const auto grow = [&](Quantity& quantity, std::int64_t least) {
        const auto grown = multiply_divide(quantity.raw(), span->quantity.numerator,
                                           span->quantity.denominator, Rounding::toward_zero);
        fits = fits && grown.has_value();
        if (grown) quantity = Quantity::from_raw(std::max(*grown, least));
    };
    if (auto* bar = std::get_if<model::Bar>(&datum)) {
        for (Price* price : {&bar->open, &bar->high, &bar->low, &bar->close})
            move(*price);
        if (bar->vwap.has_value()) {
            Price vwap = bar->vwap.value();
            move(vwap);
            bar->vwap = vwap;
        }
        grow(bar->volume, 0);
    } else if (auto* quote = std::get_if<model::Quote>(&datum)) {
        move(quote->bid);
        move(quote->ask);
        grow(quote->bid_size, 0);
        grow(quote->ask_size, 0);
    } else if (auto* trade = std::get_if<model::Trade>(&datum)) {
        move(trade->price);
        grow(trade->size, 1);
    }
    if (!fits) return out_of_range();
    return {};
}

}  // namespace millrace::backtest
