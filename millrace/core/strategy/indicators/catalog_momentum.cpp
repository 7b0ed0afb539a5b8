// The catalog's oscillators and rates of one price: parameters and definitions.
#include "millrace/core/strategy/indicators/momentum.hpp"
#include "millrace/core/strategy/indicators/value_indicator.hpp"

namespace millrace::indicators {

template <>
constexpr std::array kOutputs<Macd> = {Output<Macd>{"macd", &Macd::macd},
                                       Output<Macd>{"signal", &Macd::signal},
                                       Output<Macd>{"histogram", &Macd::histogram}};
template <>
constexpr std::array kOutputs<TrueStrength> = {
    Output<TrueStrength>{"tsi", &TrueStrength::tsi},
    Output<TrueStrength>{"signal", &TrueStrength::signal}};
template <>
constexpr std::array kOutputs<Trix> = {Output<Trix>{"trix", &Trix::trix},
                                       Output<Trix>{"signal", &Trix::signal}};

namespace {

constexpr std::array<std::string_view, 2> kMethods = {"wilder", "cutler"};

class RsiIndicator final : public ValueIndicator<Rsi> {
    [[nodiscard]] Rsi make_value() const override {
        return Rsi(length_.value(), method_.index() == 0 ? Smoothing::wilder : Smoothing::simple);
    }

    strategy::Integer length_{*this, "length", 14, {1, kLengthMax}, "Changes it averages."};
    strategy::Choice method_{*this, "method", kMethods, "How rises and falls are averaged."};
};

class MacdIndicator final : public ValueIndicator<Macd> {
    [[nodiscard]] Macd make_value() const override {
        return {fast_.value(), slow_.value(), signal_.value()};
    }
    [[nodiscard]] Result<void> check() const override {
        if (fast_.value() < slow_.value()) return {};
        return failure(ErrorCode::config, "the fast average is not faster than the slow one",
                       "parameters fast, slow",
                       "fast is " + fast_.text() + ", slow is " + slow_.text(),
                       "make fast smaller than slow");
    }

    strategy::Integer fast_{*this, "fast", 12, {1, kLengthMax}, "Length of the fast average."};
    strategy::Integer slow_{*this, "slow", 26, {2, kLengthMax}, "Length of the slow average."};
    strategy::Integer signal_{*this, "signal", 9, {1, kLengthMax}, "Length of the signal."};
};

class Tsi final : public ValueIndicator<TrueStrength> {
    [[nodiscard]] TrueStrength make_value() const override {
        return {long_.value(), short_.value(), signal_.value()};
    }

    strategy::Integer long_{*this, "long", 25, {1, kLengthMax}, "Length of the first average."};
    strategy::Integer short_{*this, "short", 13, {1, kLengthMax}, "Length of the second average."};
    strategy::Integer signal_{*this, "signal", 13, {1, kLengthMax}, "Length of the signal."};
};

class TrixIndicator final : public ValueIndicator<Trix> {
    [[nodiscard]] Trix make_value() const override { return {length_.value(), signal_.value()}; }

    strategy::Integer length_{*this, "length", 15, {1, kLengthMax}, "Length of the averages."};
    strategy::Integer signal_{*this, "signal", 9, {1, kLengthMax}, "Length of the signal."};
};

class ConnorsRsiIndicator final : public ValueIndicator<ConnorsRsi> {
    [[nodiscard]] ConnorsRsi make_value() const override {
        return {price_.value(), streak_.value(), rank_.value()};
    }

    strategy::Integer price_{*this, "price", 3, {1, kLengthMax}, "Length of the price's rsi."};
    strategy::Integer streak_{*this, "streak", 2, {1, kLengthMax}, "Length of the streak's rsi."};
    strategy::Integer rank_{*this, "rank", 100, {1, kLengthMax}, "Changes it is ranked among."};
};

constexpr IndicatorType kTypes[] = {
    {"rsi", "relative strength index",
     "100 · average rise / (average rise + average fall) of the last changes; 50 when nothing "
     "moved. `wilder`: both are an rma of `length`, seeded with the mean of the first `length` "
     "changes. `cutler`: both are the simple mean of the last `length` changes.",
     "length + 1", make<RsiIndicator>},
    {"macd", "moving average convergence/divergence",
     "macd: ema of `fast` − ema of `slow`, each seeded with its own first mean. signal: the ema of "
     "macd, seeded with the mean of its first `signal` values. histogram: macd − signal.",
     "slow + signal − 1", make<MacdIndicator>},
    {"roc", "rate of change",
     "The change against the value `length` bars ago in percent of that value; 0 when it is 0.",
     "length + 1", make<OfLength<RateOfChange, 10>>},
    {"tsi", "true strength index",
     "tsi: 100 · change smoothed twice / size of the change smoothed twice, by an ema of `long` "
     "and "
     "then one of `short`; 0 when nothing moved. signal: the ema of tsi. Each ema is seeded with "
     "the mean of its first values.",
     "long + short + signal − 1", make<Tsi>},
    {"trix", "rate of change of a triple average",
     "trix: the change of the ema of ema of ema of `length` from one bar to the next, in percent. "
     "signal: the ema of trix. Each ema is seeded with the mean of its first values.",
     "3 · length + signal − 2", make<TrixIndicator>},
    {"percent_rank", "percent rank",
     "How many of the `length` values before this one are lower, in percent. O(log `length`).",
     "length + 1", make<OfLength<PercentRank, 100>>},
    {"connors_rsi", "ConnorsRSI",
     "The mean of three: the rsi (`wilder`) of the price, the rsi (`wilder`) of its streak, and "
     "the "
     "percent rank of its one-bar rate of change among the `rank` before it. The streak is how "
     "many "
     "bars in a row it rose, negative when it fell, 0 when unchanged and at the first bar.",
     "max(price + 1, streak + 1, rank + 2)", make<ConnorsRsiIndicator>},
};

}  // namespace

std::span<const IndicatorType> momentum_types() {
    return kTypes;
}

}  // namespace millrace::indicators
