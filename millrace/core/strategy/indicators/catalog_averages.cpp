// The catalog's averages: parameters and definitions.
#include "millrace/core/strategy/indicators/averages.hpp"
#include "millrace/core/strategy/indicators/value_indicator.hpp"

namespace millrace::indicators {
namespace {

class Kama final : public ValueIndicator<AdaptiveAverage> {
    [[nodiscard]] AdaptiveAverage make_value() const override {
        return {length_.value(), fast_.value(), slow_.value()};
    }

    strategy::Integer length_{*this, "length", 10, {1, kLengthMax}, "Moves it judges."};
    strategy::Integer fast_{*this, "fast", 2, {1, kLengthMax}, "Length of the fastest EMA."};
    strategy::Integer slow_{*this, "slow", 30, {1, kLengthMax}, "Length of the slowest EMA."};
};

constexpr IndicatorType kTypes[] = {
    {"sma", "simple moving average", "The mean of the last `length` values.", "length",
     make<OfLength<SimpleAverage, 20>>},
    {"ema", "exponential moving average",
     "Moves by 2 / (`length` + 1) of the way from the average before to the value. Seed: the "
     "simple "
     "mean of the first `length` values.",
     "length", make<OfLength<ExponentialAverage, 20>>},
    {"wma", "weighted moving average",
     "The mean of the last `length` values with weights `length` for the newest, one less for each "
     "before it, 1 for the oldest.",
     "length", make<OfLength<WeightedAverage, 20>>},
    {"hma", "Hull moving average",
     "The wma over ⌊√`length`⌋ of 2 · wma(⌊`length` / 2⌋, at least 1) − wma(`length`).",
     "length + ⌊√length⌋ − 1", make<OfLength<HullAverage, 20>>},
    {"dema", "double exponential moving average",
     "2 · ema − ema of ema, all of `length`. The second ema is seeded with the mean of the first "
     "`length` values of the first.",
     "2 · length − 1", make<OfLength<DoubleExponentialAverage, 20>>},
    {"tema", "triple exponential moving average",
     "3 · ema − 3 · ema of ema + ema of ema of ema, all of `length`, each seeded with the mean of "
     "the first `length` values of the one before.",
     "3 · length − 2", make<OfLength<TripleExponentialAverage, 20>>},
    {"kama", "Kaufman's adaptive moving average",
     "Moves by c² of the way from the average before to the value, c = e · (2 / (`fast` + 1) − 2 / "
     "(`slow` + 1)) + 2 / "
     "(`slow` + 1). The efficiency e is the distance of the last `length` moves over the sum of "
     "their sizes, 0 when nothing moved. Seed: the value before the first average.",
     "length + 1", make<Kama>},
    {"rma", "Wilder's moving average",
     "Moves by 1 / `length` of the way from the average before to the value. Seed: the simple mean "
     "of the first `length` values.",
     "length", make<OfLength<WilderAverage, 14>>},
};

}  // namespace

std::span<const IndicatorType> average_types() {
    return kTypes;
}

}  // namespace millrace::indicators
