// The catalog's statistics of one price: parameters and definitions.
#include "millrace/core/strategy/indicators/rolling_extreme.hpp"
#include "millrace/core/strategy/indicators/statistics.hpp"
#include "millrace/core/strategy/indicators/value_indicator.hpp"

namespace millrace::indicators {

template <>
constexpr std::array kOutputs<LinearRegression> = {
    Output<LinearRegression>{"value", &LinearRegression::value},
    Output<LinearRegression>{"slope", &LinearRegression::slope},
    Output<LinearRegression>{"r2", &LinearRegression::r2}};
template <>
constexpr std::array kOutputs<Drawdown> = {Output<Drawdown>{"value", &Drawdown::value},
                                           Output<Drawdown>{"deepest", &Drawdown::deepest}};

namespace {

constexpr std::array<std::string_view, 2> kSpreads = {"population", "sample"};
constexpr std::array<std::string_view, 2> kReturnKinds = {"simple", "log"};

// The standard deviation, and what is measured in it.
template <class Value>
class OfSpread final : public ValueIndicator<Value> {
    [[nodiscard]] Value make_value() const override {
        return Value(length_.value(), static_cast<Spread>(spread_.index()));
    }
    [[nodiscard]] Result<void> check() const override {
        if (spread_.index() == 0 || length_.value() >= 2) return {};
        return failure(ErrorCode::config, "a sample of one value has no deviation",
                       "parameters length, spread", "its sum of squares is divided by length − 1",
                       "make length 2 or more, or take the population");
    }

    strategy::Integer length_{*this, "length", 20, {1, kLengthMax}, kLengthDoc};
    strategy::Choice spread_{*this, "spread", kSpreads, "Divides by length, or by one less."};
};

class Median final : public ValueIndicator<Quantile> {
    [[nodiscard]] Quantile make_value() const override { return {length_.value(), 0.5}; }

    strategy::Integer length_{*this, "length", 20, {1, kLengthMax}, kLengthDoc};
};

class QuantileIndicator final : public ValueIndicator<Quantile> {
    [[nodiscard]] Quantile make_value() const override { return {length_.value(), share_.value()}; }

    strategy::Integer length_{*this, "length", 20, {1, kLengthMax}, kLengthDoc};
    strategy::Decimal share_{*this, "share", "0.5", {"0", "1"}, "Share of values below it."};
};

class ReturnIndicator final : public ValueIndicator<Return> {
    [[nodiscard]] Return make_value() const override {
        return Return(length_.value(), static_cast<ReturnKind>(kind_.index()));
    }

    strategy::Integer length_{*this, "length", 1, {1, kLengthMax}, "Bars it reaches back."};
    strategy::Choice kind_{*this, "kind", kReturnKinds, "A share, or its logarithm."};
};

class DrawdownIndicator final : public ValueIndicator<Drawdown> {
    [[nodiscard]] Drawdown make_value() const override { return {}; }
};

constexpr IndicatorType kTypes[] = {
    {"linreg", "linear regression",
     "The straight line of least squares through the last `length` values. value: the line at the "
     "newest. slope: its rise a bar. r2: the share of the spread that it explains, 0 when all "
     "values are the same.",
     "length", make<OfLength<LinearRegression, 14, 2>>},
    {"zscore", "z-score",
     "(value − mean) / standard deviation of the last `length` values; 0 when all are the same. "
     "`population` divides the squares by `length`, `sample` by `length` − 1.",
     "length", make<OfSpread<ZScore>>},
    {"stdev", "standard deviation",
     "Of the last `length` values. `population` divides the squares by `length`, `sample` by "
     "`length` − 1.",
     "length", make<OfSpread<StandardDeviation>>},
    {"min", "lowest value", "The lowest of the last `length` values, this one included.", "length",
     make<OfLength<RollingMinimum, 20>>},
    {"max", "highest value", "The highest of the last `length` values, this one included.",
     "length", make<OfLength<RollingMaximum, 20>>},
    {"median", "median",
     "The middle one of the last `length` values, the mean of the two middle ones when `length` is "
     "even. O(log `length`).",
     "length", make<Median>},
    {"quantile", "quantile",
     "Of the last `length` values in order, the one at rank `share` · (`length` − 1) counted from "
     "0, between two ranks in proportion. O(log `length`).",
     "length", make<QuantileIndicator>},
    {"return", "return",
     "`simple`: value / value `length` bars ago − 1, 0 when that is 0. `log`: the natural "
     "logarithm "
     "of the quotient, 0 unless both are above 0.",
     "length + 1", make<ReturnIndicator>},
    {"drawdown", "drawdown",
     "value: how far the price stands below the highest one since the first bar, as a share of it; "
     "0 until a price is above 0. deepest: the largest value so far.",
     "1", make<DrawdownIndicator>},
};

}  // namespace

std::span<const IndicatorType> statistic_types() {
    return kTypes;
}

}  // namespace millrace::indicators
