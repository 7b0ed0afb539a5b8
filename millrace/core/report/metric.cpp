// The words for each metric and each reason; the one place where a name is spelled.
#include "millrace/core/report/metric.hpp"

#include <cmath>

#include "millrace/base/assert.hpp"

namespace millrace::report {
namespace {

constexpr std::string_view kReturns = "Returns";
constexpr std::string_view kRisk = "Risk";
constexpr std::string_view kRatios = "Return for risk";
constexpr std::string_view kTrades = "Trades";
constexpr std::string_view kActivity = "Activity and costs";
constexpr std::string_view kBenchmark = "Against the benchmark";

using enum MetricId;
using enum MetricUnit;

constexpr std::array<MetricDescription, kMetricCount> kDescriptions = {{
    {initial_equity, money, "initial_equity", "Initial equity", kReturns},
    {final_equity, money, "final_equity", "Final equity", kReturns},
    {net_profit, money, "net_profit", "Net profit", kReturns},
    {net_return, share, "net_return", "Net return", kReturns},
    {cagr, share, "cagr", "CAGR", kReturns},
    {span_days, days, "span_days", "Span", kReturns},
    {return_count, count, "return_count", "Returns counted", kReturns},
    {periods_per_year, plain, "periods_per_year", "Periods a year", kReturns},

    {volatility, share, "volatility", "Volatility (a year)", kRisk},
    {volatility_per_period, share, "volatility_per_period", "Volatility (a period)", kRisk},
    {max_drawdown, share, "max_drawdown", "Max drawdown", kRisk},
    {max_drawdown_amount, money, "max_drawdown_amount", "Largest fall in money", kRisk},
    {max_drawdown_peak_time, time, "max_drawdown_peak_time", "  from the peak of", kRisk},
    {max_drawdown_trough_time, time, "max_drawdown_trough_time", "  to the trough of", kRisk},
    {max_drawdown_recovery_time, time, "max_drawdown_recovery_time", "  recovered", kRisk},
    {max_drawdown_days, days, "max_drawdown_days", "  lasted", kRisk},
    {longest_drawdown_days, days, "longest_drawdown_days", "Longest drawdown", kRisk},
    {time_under_water, share, "time_under_water", "Time under water", kRisk},
    {best_day, share, "best_day", "Best day", kRisk},
    {worst_day, share, "worst_day", "Worst day", kRisk},
    {skewness, plain, "skewness", "Skewness", kRisk},
    {excess_kurtosis, plain, "excess_kurtosis", "Excess kurtosis", kRisk},
    {var_95, share, "var_95", "VaR 95 %", kRisk},
    {cvar_95, share, "cvar_95", "CVaR 95 %", kRisk},
    {tail_ratio, plain, "tail_ratio", "Tail ratio", kRisk},

    {sharpe_ratio, plain, "sharpe_ratio", "Sharpe ratio", kRatios},
    {sharpe_per_period, plain, "sharpe_per_period", "Sharpe (a period)", kRatios},
    {sortino_ratio, plain, "sortino_ratio", "Sortino ratio", kRatios},
    {calmar_ratio, plain, "calmar_ratio", "Calmar ratio", kRatios},
    {probabilistic_sharpe, share, "probabilistic_sharpe", "Probabilistic Sharpe", kRatios},
    {deflated_sharpe, share, "deflated_sharpe", "Deflated Sharpe", kRatios},
    {trial_count, count, "trial_count", "  trials", kRatios},

    {trade_count, count, "trade_count", "Trades", kTrades},
    {winning_trades, count, "winning_trades", "  won", kTrades},
    {losing_trades, count, "losing_trades", "  lost", kTrades},
    {win_rate, share, "win_rate", "Win rate", kTrades},
    {trades_net_profit, money, "trades_net_profit", "Net profit of trades", kTrades},
    {gross_profit, money, "gross_profit", "Sum of wins", kTrades},
    {gross_loss, money, "gross_loss", "Sum of losses", kTrades},
    {profit_factor, plain, "profit_factor", "Profit factor", kTrades},
    {expectancy, money, "expectancy", "Expectancy", kTrades},
    {payoff_ratio, plain, "payoff_ratio", "Payoff ratio", kTrades},
    {average_win, money, "average_win", "Average win", kTrades},
    {average_loss, money, "average_loss", "Average loss", kTrades},
    {largest_win, money, "largest_win", "Largest win", kTrades},
    {largest_loss, money, "largest_loss", "Largest loss", kTrades},
    {longest_winning_streak, count, "longest_winning_streak", "Longest winning streak", kTrades},
    {longest_losing_streak, count, "longest_losing_streak", "Longest losing streak", kTrades},
    {average_holding_s, seconds, "average_holding_s", "Average holding time", kTrades},
    {average_mae, money, "average_mae", "Average MAE", kTrades},
    {average_mfe, money, "average_mfe", "Average MFE", kTrades},

    {exposure, share, "exposure", "Exposure", kActivity},
    {traded_value, money, "traded_value", "Traded value", kActivity},
    {turnover, plain, "turnover", "Turnover", kActivity},
    {fees, money, "fees", "Fees", kActivity},

    {benchmark_return, share, "benchmark_return", "Benchmark return", kBenchmark},
    {excess_return, share, "excess_return", "Excess return", kBenchmark},
    {beta, plain, "beta", "Beta", kBenchmark},
    {alpha, share, "alpha", "Alpha (a year)", kBenchmark},
    {correlation, plain, "correlation", "Correlation", kBenchmark},
    {tracking_error, share, "tracking_error", "Tracking error (a year)", kBenchmark},
    {information_ratio, plain, "information_ratio", "Information ratio", kBenchmark},
}};

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < kMetricCount; ++i)
        if (kDescriptions[i].id != static_cast<MetricId>(i)) return false;
    return true;
}
static_assert(is_in_order(), "the descriptions stand in the order of MetricId");

}  // namespace

std::string_view describe(Reason reason) {
    switch (reason) {
        case Reason::not_asked: return "not asked for";
        case Reason::no_equity: return "no equity samples";
        case Reason::no_time: return "no time passed";
        case Reason::start_not_positive: return "the equity at the start is not positive";
        case Reason::ended_below_zero: return "the equity ended below zero";
        case Reason::under_60_days: return "fewer than 60 days: not annualised";
        case Reason::under_2_returns: return "fewer than 2 returns";
        case Reason::under_4_returns: return "fewer than 4 returns";
        case Reason::under_20_returns: return "fewer than 20 returns";
        case Reason::no_variation: return "the returns do not vary";
        case Reason::no_negative_return: return "no negative return";
        case Reason::no_lower_tail: return "no loss in the lower tail";
        case Reason::no_drawdown: return "no drawdown";
        case Reason::not_recovered: return "not recovered by the end";
        case Reason::returns_not_kept: return "the returns were not kept";
        case Reason::no_trades: return "no trades";
        case Reason::no_winning_trade: return "no winning trade";
        case Reason::no_losing_trade: return "no losing trade";
        case Reason::not_recorded: return "no trade records it";
        case Reason::no_benchmark: return "no benchmark";
        case Reason::benchmark_too_short:
            return "fewer than 2 returns in common with the benchmark";
        case Reason::benchmark_does_not_vary: return "the benchmark does not vary";
        case Reason::out_of_range: return "too large to say";
    }
    return {};
}

Metric Metric::number(double value) {
    constexpr double kMax = 0x1p53;
    if (!(std::fabs(value) <= kMax)) return Reason::out_of_range;
    return Metric(Value(value == 0 ? 0.0 : value));  // no minus zero: it would print as -0
}

Metric Metric::money(int128 raw) {
    const auto fits = narrow(raw);
    return fits ? money(Money::from_raw(*fits)) : Metric(Reason::out_of_range);
}

double Metric::as_number() const {
    MILLRACE_ASSERT(std::holds_alternative<double>(value_), "a metric that is no number");
    return std::get<double>(value_);
}

Reason Metric::reason() const {
    MILLRACE_ASSERT(!has_value(), "the reason of a metric that has a value");
    return std::get<Reason>(value_);
}

const MetricDescription& description_of(MetricId id) {
    const auto index = static_cast<std::size_t>(id);
    MILLRACE_ASSERT(index < kMetricCount, "a metric without a description");
    return kDescriptions[index];
}

void MetricTable::fill(MetricId first, MetricId last, Metric metric) {
    for (auto i = static_cast<std::size_t>(first); i <= static_cast<std::size_t>(last); ++i)
        metrics_[i] = metric;
}

}  // namespace millrace::report
