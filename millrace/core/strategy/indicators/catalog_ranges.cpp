// The catalog's indicators of a bar's range, and bands: parameters and definitions.
#include "millrace/core/strategy/indicators/bands.hpp"
#include "millrace/core/strategy/indicators/value_indicator.hpp"

namespace millrace::indicators {

template <>
constexpr std::array kOutputs<Stochastic> = {Output<Stochastic>{"k", &Stochastic::k},
                                             Output<Stochastic>{"d", &Stochastic::d}};
template <>
constexpr std::array kOutputs<Bollinger> = {
    Output<Bollinger>{"middle", &Bollinger::middle}, Output<Bollinger>{"upper", &Bollinger::upper},
    Output<Bollinger>{"lower", &Bollinger::lower}, Output<Bollinger>{"place", &Bollinger::place},
    Output<Bollinger>{"width", &Bollinger::width}};
template <>
constexpr std::array kOutputs<Keltner> = {Output<Keltner>{"middle", &Keltner::middle},
                                          Output<Keltner>{"upper", &Keltner::upper},
                                          Output<Keltner>{"lower", &Keltner::lower}};
template <>
constexpr std::array kOutputs<Donchian> = {Output<Donchian>{"middle", &Donchian::middle},
                                           Output<Donchian>{"upper", &Donchian::upper},
                                           Output<Donchian>{"lower", &Donchian::lower}};

namespace {

constexpr std::array<std::string_view, 3> kSmoothings = {"wilder", "simple", "exponential"};

class Atr final : public ValueIndicator<AverageTrueRange> {
    [[nodiscard]] AverageTrueRange make_value() const override {
        return AverageTrueRange(length_.value(), static_cast<Smoothing>(smoothing_.index()));
    }

    strategy::Integer length_{*this, "length", 14, {1, kLengthMax}, kLengthDoc};
    strategy::Choice smoothing_{*this, "smoothing", kSmoothings, "How ranges are averaged."};
};

class StochasticIndicator final : public ValueIndicator<Stochastic> {
    [[nodiscard]] Stochastic make_value() const override {
        return {length_.value(), smooth_.value(), signal_.value()};
    }

    strategy::Integer length_{*this, "length", 14, {1, kLengthMax}, "Bars of the range."};
    strategy::Integer smooth_{*this, "smooth", 3, {1, kLengthMax}, "Length of %K; 1 is fast."};
    strategy::Integer signal_{*this, "signal", 3, {1, kLengthMax}, "Length of %D."};
};

class UltimateIndicator final : public ValueIndicator<Ultimate> {
    [[nodiscard]] Ultimate make_value() const override {
        return {short_.value(), middle_.value(), long_.value()};
    }

    strategy::Integer short_{*this, "short", 7, {1, kLengthMax}, "Bars of the short window."};
    strategy::Integer middle_{*this, "middle", 14, {1, kLengthMax}, "Bars of the middle window."};
    strategy::Integer long_{*this, "long", 28, {1, kLengthMax}, "Bars of the long window."};
};

class BollingerIndicator final : public ValueIndicator<Bollinger> {
    [[nodiscard]] Bollinger make_value() const override {
        return {length_.value(), factor_.value()};
    }

    strategy::Integer length_{*this, "length", 20, {1, kLengthMax}, kLengthDoc};
    strategy::Decimal factor_{*this, "factor", "2", {"0", "100"}, "Deviations to each side."};
};

class KeltnerIndicator final : public ValueIndicator<Keltner> {
    [[nodiscard]] Keltner make_value() const override {
        return {length_.value(), range_.value(), factor_.value()};
    }

    strategy::Integer length_{*this, "length", 20, {1, kLengthMax}, "Length of the average."};
    strategy::Integer range_{*this, "range", 10, {1, kLengthMax}, "Length of the atr."};
    strategy::Decimal factor_{*this, "factor", "2", {"0", "100"}, "Ranges to each side."};
};

constexpr IndicatorType kTypes[] = {
    {"atr", "average true range",
     "The average of the true range: the higher of high and close before, less the lower of low "
     "and "
     "close before; high − low at the first bar. `wilder` is the rma (seeded with the mean of the "
     "first `length` ranges), `simple` the sma, `exponential` the ema.",
     "length", make<Atr>},
    {"stochastic", "stochastic oscillator",
     "Where the close stands between the lowest low (0) and the highest high (100) of the last "
     "`length` bars; 50 in a range of zero. k: its simple mean over `smooth` bars. d: the simple "
     "mean of k over `signal` bars.",
     "length + smooth + signal − 2", make<StochasticIndicator>},
    {"williams_r", "Williams %R",
     "How far the close stands below the highest high of the last `length` bars, in percent of "
     "their range, 0 to −100; −50 in a range of zero.",
     "length", make<OfLength<WilliamsRange, 14>>},
    {"cci", "commodity channel index",
     "(price − mean) / (0.015 · mean distance of the last `length` prices to their mean); 0 when "
     "all are the same. O(log `length`).",
     "length", make<OfLength<Cci, 20, 1, BarPrice::hlc3>>},
    {"ultimate", "ultimate oscillator",
     "100 · (4 a + 2 b + c) / 7. Each is the sum of close − true low over the sum of true ranges "
     "in "
     "the short, middle and long window, one half when the ranges are zero; the first bar, which "
     "has no close before, is not counted.",
     "max(short, middle, long) + 1", make<UltimateIndicator>},
    {"bollinger", "Bollinger bands",
     "middle: the simple mean. upper, lower: `factor` standard deviations (population) from it. "
     "place: where the value stands between lower (0) and upper (1), 0.5 where they meet. width: "
     "upper − lower as a share of middle.",
     "length", make<BollingerIndicator>},
    {"keltner", "Keltner channel",
     "middle: the ema of `length`, seeded with the simple mean. upper, lower: `factor` atr of "
     "`range` (wilder) from it.",
     "max(length, range)", make<KeltnerIndicator>},
    {"donchian", "Donchian channel",
     "upper, lower: the highest high and the lowest low of the last `length` bars, this one "
     "included. middle: halfway between them.",
     "length", make<OfLength<Donchian, 20>>},
};

}  // namespace

std::span<const IndicatorType> range_types() {
    return kTypes;
}

}  // namespace millrace::indicators
