// Metric: one figure of a report: a finite number, an amount, a count, an instant, or nothing, and
// then the reason why it cannot be said. Never infinite, never NaN: what a formula cannot give is a
// reason, not a number.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <variant>

#include "millrace/base/fixed_point.hpp"
#include "millrace/base/time.hpp"

namespace millrace::report {

// Why a figure cannot be said; describe() and docs/reference/statistics.md have the words of each.
enum class Reason : std::uint8_t {
    not_asked,
    no_equity,
    no_time,
    start_not_positive,
    ended_below_zero,
    under_60_days,
    under_2_returns,
    under_4_returns,
    under_20_returns,
    no_variation,
    no_negative_return,
    no_lower_tail,
    no_drawdown,
    not_recovered,
    returns_not_kept,
    no_trades,
    no_winning_trade,
    no_losing_trade,
    not_recorded,
    no_benchmark,
    benchmark_too_short,
    benchmark_does_not_vary,
    out_of_range,
};
inline constexpr std::size_t kReasonCount = static_cast<std::size_t>(Reason::out_of_range) + 1;

// "no losing trade"
[[nodiscard]] std::string_view describe(Reason reason);

class Metric {
  public:
    using Value = std::variant<Reason, double, Money, std::int64_t, Time>;

    constexpr Metric() = default;  // not asked for
    constexpr Metric(Reason reason) : value_(reason) {}

    // Absent (out_of_range) when it is infinite, NaN or beyond ±2^53, where a double no longer
    // tells whole numbers apart and readers of JSON disagree.
    [[nodiscard]] static Metric number(double value);
    [[nodiscard]] static Metric money(Money value) { return Metric(Value(value)); }
    // A sum of raw money; absent (out_of_range) when Money cannot hold it.
    [[nodiscard]] static Metric money(int128 raw);
    [[nodiscard]] static Metric count(std::int64_t value) { return Metric(Value(value)); }
    [[nodiscard]] static Metric time(Time value) { return Metric(Value(value)); }

    [[nodiscard]] bool has_value() const { return !std::holds_alternative<Reason>(value_); }
    [[nodiscard]] const Value& value() const { return value_; }
    // The number behind a number(); asserts that it is one.
    [[nodiscard]] double as_number() const;
    // Why there is none; asserts that there is none.
    [[nodiscard]] Reason reason() const;

    bool operator==(const Metric&) const = default;

  private:
    explicit Metric(Value value) : value_(value) {}

    Value value_ = Reason::not_asked;
};

// Every figure of a report, in the order of the report.
enum class MetricId : std::uint8_t {
    initial_equity,
    final_equity,
    net_profit,
    net_return,
    cagr,
    span_days,
    return_count,
    periods_per_year,

    volatility,
    volatility_per_period,
    max_drawdown,
    max_drawdown_amount,
    max_drawdown_peak_time,
    max_drawdown_trough_time,
    max_drawdown_recovery_time,
    max_drawdown_days,
    longest_drawdown_days,
    time_under_water,
    best_day,
    worst_day,
    skewness,
    excess_kurtosis,
    var_95,
    cvar_95,
    tail_ratio,

    sharpe_ratio,
    sharpe_per_period,
    sortino_ratio,
    calmar_ratio,
    probabilistic_sharpe,
    deflated_sharpe,
    trial_count,

    trade_count,
    winning_trades,
    losing_trades,
    win_rate,
    trades_net_profit,
    gross_profit,
    gross_loss,
    profit_factor,
    expectancy,
    payoff_ratio,
    average_win,
    average_loss,
    largest_win,
    largest_loss,
    longest_winning_streak,
    longest_losing_streak,
    average_holding_s,
    average_mae,
    average_mfe,

    exposure,
    traded_value,
    turnover,
    fees,

    benchmark_return,
    excess_return,
    beta,
    alpha,
    correlation,
    tracking_error,
    information_ratio,
};
inline constexpr std::size_t kMetricCount =
    static_cast<std::size_t>(MetricId::information_ratio) + 1;

enum class MetricUnit : std::uint8_t {
    share,  // 0.25 is shown as 25.00 %
    plain,  // a number without a unit
    money,  // of the account's currency
    count,  // of things
    time,   // an instant
    days,   // of 24 hours
    seconds,
};

struct MetricDescription {
    MetricId id;
    MetricUnit unit;
    std::string_view name;     // in JSON, tables and the documentation
    std::string_view label;    // for people
    std::string_view section;  // the heading it stands under
};

[[nodiscard]] const MetricDescription& description_of(MetricId id);
[[nodiscard]] inline std::string_view name_of(MetricId id) {
    return description_of(id).name;
}

// One Metric for each MetricId.
class MetricTable {
  public:
    [[nodiscard]] const Metric& operator[](MetricId id) const {
        return metrics_[static_cast<std::size_t>(id)];
    }
    Metric& operator[](MetricId id) { return metrics_[static_cast<std::size_t>(id)]; }
    // Each of the metrics from `first` to `last`, both included.
    void fill(MetricId first, MetricId last, Metric metric);

    bool operator==(const MetricTable&) const = default;

  private:
    std::array<Metric, kMetricCount> metrics_{};
};

}  // namespace millrace::report
