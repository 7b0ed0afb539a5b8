// The catalog's indicators of trend: parameters and definitions.
#include "millrace/core/strategy/indicators/bands.hpp"
#include "millrace/core/strategy/indicators/trend.hpp"
#include "millrace/core/strategy/indicators/value_indicator.hpp"

namespace millrace::indicators {

template <>
constexpr std::array kOutputs<Adx> = {Output<Adx>{"adx", &Adx::adx},
                                      Output<Adx>{"plus_di", &Adx::plus_di},
                                      Output<Adx>{"minus_di", &Adx::minus_di}};
template <>
constexpr std::array kOutputs<Aroon> = {Output<Aroon>{"up", &Aroon::up},
                                        Output<Aroon>{"down", &Aroon::down},
                                        Output<Aroon>{"oscillator", &Aroon::oscillator}};
template <>
constexpr std::array kOutputs<ParabolicStop> = {
    Output<ParabolicStop>{"value", &ParabolicStop::value},
    Output<ParabolicStop>{"direction", &ParabolicStop::direction}};
template <>
constexpr std::array kOutputs<Supertrend> = {
    Output<Supertrend>{"value", &Supertrend::value},
    Output<Supertrend>{"direction", &Supertrend::direction},
    Output<Supertrend>{"upper", &Supertrend::upper},
    Output<Supertrend>{"lower", &Supertrend::lower}};
template <>
constexpr std::array kOutputs<Ichimoku> = {Output<Ichimoku>{"conversion", &Ichimoku::conversion},
                                           Output<Ichimoku>{"base", &Ichimoku::base},
                                           Output<Ichimoku>{"span_a", &Ichimoku::span_a},
                                           Output<Ichimoku>{"span_b", &Ichimoku::span_b},
                                           Output<Ichimoku>{"lead_a", &Ichimoku::lead_a},
                                           Output<Ichimoku>{"lead_b", &Ichimoku::lead_b}};

namespace {

class Psar final : public ValueIndicator<ParabolicStop> {
    [[nodiscard]] ParabolicStop make_value() const override {
        return {step_.value(), maximum_.value()};
    }

    strategy::Decimal step_{*this, "step", "0.02", {"0", "1"}, "First factor, and its growth."};
    strategy::Decimal maximum_{*this, "maximum", "0.2", {"0", "1"}, "Where the factor stops."};
};

class SupertrendIndicator final : public ValueIndicator<Supertrend> {
    [[nodiscard]] Supertrend make_value() const override {
        return {length_.value(), factor_.value()};
    }

    strategy::Integer length_{*this, "length", 10, {1, kLengthMax}, "Length of the atr."};
    strategy::Decimal factor_{*this, "factor", "3", {"0", "100"}, "Ranges to each side."};
};

class IchimokuIndicator final : public ValueIndicator<Ichimoku> {
    [[nodiscard]] Ichimoku make_value() const override {
        return {conversion_.value(), base_.value(), span_.value(), shift_.value()};
    }

    strategy::Integer conversion_{*this, "conversion", 9, {1, kLengthMax}, "Shortest window."};
    strategy::Integer base_{*this, "base", 26, {1, kLengthMax}, "Middle window."};
    strategy::Integer span_{*this, "span", 52, {1, kLengthMax}, "Longest window."};
    strategy::Integer shift_{*this, "shift", 26, {1, kLengthMax}, "Bars the cloud is ahead."};
};

constexpr IndicatorType kTypes[] = {
    {"adx", "average directional index with DI (Wilder)",
     "plus_di: 100 · smoothed rise of the high / smoothed true range; minus_di: the same of the "
     "fall of the low. Of rise and fall only the larger counts, and only above 0. adx: the rma of "
     "100 · |plus_di − minus_di| / (plus_di + minus_di). All are an rma of `length`, seeded with "
     "the "
     "mean of its first values; the first bar gives none. Quotients of zero by zero are 0.",
     "2 · length", make<OfLength<Adx, 14>>},
    {"aroon", "Aroon",
     "up: 100 · (`length` − bars since the highest high of the last `length` + 1 bars) / `length`. "
     "down: the same of the lowest low. Of equal ones the newest. oscillator: up − down.",
     "length + 1", make<OfLength<Aroon, 25>>},
    {"psar", "parabolic stop and reverse (Wilder)",
     "Starts at the second bar: rising when its close is not below the first, at the lowest low of "
     "the two, else falling at their highest high. Each bar it moves by a factor of the way to the "
     "furthest price of the trend, never into the last two bars; the factor is `step` at first, "
     "grows by `step` with each new furthest price, up to `maximum`. A bar that crosses it turns "
     "it: it jumps to the furthest price of the old trend, or beyond this bar and the one before. "
     "value is the stop of this bar, direction 1 or −1.",
     "2", make<Psar>},
    {"supertrend", "Supertrend",
     "upper, lower: `factor` atr of `length` (wilder) from (high + low) / 2; lower only rises "
     "while "
     "the close before was not below it, upper only falls while that was not above it. Starts "
     "falling; turns up when the close is above upper, down when it is below lower. value is lower "
     "while rising (direction 1), else upper (direction −1).",
     "length", make<SupertrendIndicator>},
    {"ichimoku", "Ichimoku cloud",
     "conversion, base: halfway between the highest high and the lowest low of their windows. "
     "lead_a: halfway between the two. lead_b: halfway in the window `span`. span_a, span_b: the "
     "cloud over this bar, which are lead_a and lead_b of `shift` bars ago.",
     "max(conversion, base, span) + shift", make<IchimokuIndicator>},
};

}  // namespace

std::span<const IndicatorType> trend_types() {
    return kTypes;
}

}  // namespace millrace::indicators
