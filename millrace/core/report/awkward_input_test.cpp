// Whatever a run brings: each figure is finite, or absent with its reason, and the JSON parses.
#include <cmath>
#include <gtest/gtest.h>

#include "millrace/base/random.hpp"
#include "millrace/core/report/report_json.hpp"
#include "millrace/core/report/report_text.hpp"
#include "millrace/core/report/sample_runs.hpp"
#include "millrace/core/report/strict_json.hpp"

namespace millrace::report {
namespace {

using test::at;
using test::number;
using test::report_of;
using test::series;
using test::trade;
using enum MetricId;

// The JSON as an outsider reads it: every name is there, and each null has its reason.
void expect_honest_json(const Report& report) {
    const test::StrictJson::Leaves leaves = test::StrictJson::leaves_of(to_json(report));
    for (std::size_t i = 0; i < kMetricCount; ++i) {
        const std::string name(name_of(static_cast<MetricId>(i)));
        ASSERT_EQ(leaves.count("metrics." + name), 1u) << name;
        const std::string& value = leaves.at("metrics." + name);
        const bool has_reason = leaves.count("metric_reasons." + name) == 1;
        EXPECT_EQ(value == "null", has_reason) << name;
        EXPECT_LT(value.size(), 40u) << name;
        if (has_reason) {
            EXPECT_NE(leaves.at("metric_reasons." + name), R"("not asked for")") << name;
        }
    }
}

void expect_honest(const Report& report) {
    for (std::size_t i = 0; i < kMetricCount; ++i) {
        const Metric& metric = report.metrics[static_cast<MetricId>(i)];
        if (const auto* value = std::get_if<double>(&metric.value())) {
            EXPECT_TRUE(std::isfinite(*value)) << name_of(static_cast<MetricId>(i));
        }
    }
    expect_honest_json(report);
    EXPECT_EQ(to_text(report, "USD").find("nan"), std::string::npos);
    EXPECT_EQ(to_text(report, "USD").find("inf"), std::string::npos);
}

TEST(AwkwardInput, No_samples_and_no_trades) {
    const Report report = report_of(series({}));
    expect_honest(report);
    EXPECT_EQ(report.metrics[net_return], Metric(Reason::no_equity));
    EXPECT_EQ(report.metrics[exposure], Metric(Reason::no_equity));
    EXPECT_EQ(report.metrics[win_rate], Metric(Reason::no_trades));
    EXPECT_TRUE(report.months.empty());
}

TEST(AwkwardInput, One_sample) {
    const Report report = report_of(series({{at(0), 10'000}}));
    expect_honest(report);
    EXPECT_EQ(number(report, net_return), 0);
    EXPECT_EQ(number(report, max_drawdown), 0);
    EXPECT_EQ(report.metrics[best_day], Metric(Reason::no_time));
    EXPECT_EQ(report.metrics[sharpe_per_period], Metric(Reason::under_2_returns));
    EXPECT_EQ(report.metrics[time_under_water], Metric(Reason::no_time));
}

TEST(AwkwardInput, Two_samples) {
    const Report report = report_of(series({{at(0), 10'000}, {at(100), 11'000}}));
    expect_honest(report);
    EXPECT_EQ(number(report, net_return), 0.1);
    EXPECT_TRUE(report.metrics[cagr].has_value());
    EXPECT_EQ(report.metrics[volatility], Metric(Reason::under_2_returns));
    EXPECT_EQ(report.metrics[calmar_ratio], Metric(Reason::no_drawdown));
}

TEST(AwkwardInput, One_trade_in_one_minute_of_data) {
    const Report report =
        report_of(series({{at(0, 10), 10'000}, {at(0, 10, 1), 9'990}}), {trade(0, -10)});
    expect_honest(report);
    EXPECT_EQ(number(report, max_drawdown), 0.001);
    EXPECT_EQ(report.metrics[cagr], Metric(Reason::under_60_days));
    EXPECT_EQ(report.metrics[sharpe_ratio], Metric(Reason::under_2_returns));
    EXPECT_EQ(number(report, exposure), 1);
    EXPECT_EQ(number(report, profit_factor), 0);
}

TEST(AwkwardInput, Flat_equity) {
    std::array<std::int64_t, 26> flat{};
    flat.fill(10'000);
    const Report report = report_of(test::each_third_day(flat));
    expect_honest(report);
    EXPECT_EQ(number(report, cagr), 0);
    EXPECT_EQ(number(report, volatility), 0);
    EXPECT_EQ(number(report, max_drawdown), 0);
    EXPECT_EQ(report.metrics[sharpe_ratio], Metric(Reason::no_variation));
    EXPECT_EQ(report.metrics[sortino_ratio], Metric(Reason::no_negative_return));
    EXPECT_EQ(report.metrics[skewness], Metric(Reason::no_variation));
    EXPECT_EQ(report.metrics[probabilistic_sharpe], Metric(Reason::no_variation));
    EXPECT_EQ(number(report, var_95), 0);
    EXPECT_EQ(report.metrics[tail_ratio], Metric(Reason::no_lower_tail));
}

TEST(AwkwardInput, Flat_minutes_are_not_an_infinite_loss_a_year) {
    EquitySeries equity({.period = ReturnPeriod::sample});
    for (int minute = 0; minute < 500; ++minute)
        equity.add(at(0, 0, minute), Money::whole(1'000));
    equity.finish();
    const Report report = report_of(equity);
    expect_honest(report);
    EXPECT_EQ(report.metrics[cagr], Metric(Reason::under_60_days));
    EXPECT_EQ(report.metrics[calmar_ratio], Metric(Reason::under_60_days));
}

TEST(AwkwardInput, Steady_growth_has_no_sharpe_ratio_made_of_rounding) {
    EquitySeries equity;
    for (std::int64_t day = 0; day < 100; ++day) {
        std::int64_t raw = Money::whole(10'000).raw();
        for (std::int64_t i = 0; i < day; ++i)
            raw += raw / 100;
        equity.add(at(day), Money::from_raw(raw));
    }
    equity.finish();
    const Report report = report_of(equity);
    expect_honest(report);
    EXPECT_EQ(report.metrics[sharpe_ratio], Metric(Reason::no_variation));
}

TEST(AwkwardInput, Total_loss) {
    const Report report =
        report_of(series({{at(0), 10'000}, {at(30), 5'000}, {at(60), 0}, {at(100), 0}}));
    expect_honest(report);
    EXPECT_EQ(number(report, net_return), -1);
    EXPECT_EQ(number(report, cagr), -1);
    EXPECT_EQ(number(report, max_drawdown), 1);
    EXPECT_EQ(number(report, calmar_ratio), -1);
    EXPECT_EQ(report.metrics[return_count], Metric::count(2));  // −50 %, −100 %
    EXPECT_EQ(number(report, worst_day), -1);
    EXPECT_EQ(report.months.back().change, Metric(Reason::start_not_positive));
}

TEST(AwkwardInput, Loss_below_zero) {
    const Report report = report_of(series({{at(0), 10'000}, {at(30), 12'000}, {at(90), -3'000}}));
    expect_honest(report);
    EXPECT_EQ(number(report, net_return), -1.3);
    EXPECT_EQ(number(report, max_drawdown), 1.25);  // 15,000 of 12,000
    EXPECT_EQ(report.metrics[cagr], Metric(Reason::ended_below_zero));
    EXPECT_EQ(report.metrics[calmar_ratio], Metric(Reason::ended_below_zero));
}

TEST(AwkwardInput, A_start_of_nothing_or_of_a_debt) {
    for (const std::int64_t start : {0, -5}) {
        const Report report = report_of(series({{at(0), start}, {at(40), 10}, {at(90), 5}}));
        expect_honest(report);
        for (const MetricId id : {net_return, cagr, sharpe_ratio, max_drawdown, turnover, best_day,
                                  calmar_ratio, var_95, skewness})
            EXPECT_EQ(report.metrics[id], Metric(Reason::start_not_positive)) << name_of(id);
        EXPECT_EQ(report.metrics[net_profit], Metric::money(Money::whole(5 - start)));
    }
}

TEST(AwkwardInput, All_at_one_instant) {
    const Report report =
        report_of(series({{at(0), 100}, {at(0), 50}, {at(0), 70}}), {trade(0, 3), trade(0, 3)});
    expect_honest(report);
    EXPECT_EQ(number(report, net_return), -0.3);
    EXPECT_EQ(number(report, max_drawdown), 0.3);
    EXPECT_EQ(report.metrics[exposure], Metric(Reason::no_time));
}

TEST(AwkwardInput, The_widest_numbers_and_times) {
    const Money most = Money::from_raw(INT64_MAX);
    for (const ReturnPeriod period : {ReturnPeriod::utc_day, ReturnPeriod::sample}) {
        EquitySeries equity({.period = period});
        equity.add(Time::earliest(), Money::from_raw(1));
        equity.add(at(0), most);
        equity.add(at(1), -most);
        equity.add(Time::latest(), most);
        equity.finish();
        ClosedTrade wide = trade(0, 1);
        wide.entry_time = Time::earliest();
        wide.exit_time = Time::latest();
        wide.net_pnl = most;
        wide.fees = most;
        wide.traded_value = most;
        wide.mae = -most;
        const Report report = report_of(equity, {wide, wide});
        expect_honest(report);
        EXPECT_EQ(report.metrics[max_drawdown_amount], Metric(Reason::out_of_range));
        EXPECT_EQ(report.metrics[fees], Metric(Reason::out_of_range));
        EXPECT_EQ(report.metrics[turnover], Metric(Reason::out_of_range));
        EXPECT_EQ(number(report, max_drawdown), 2);
    }
}

TEST(AwkwardInput, In_constant_memory_the_quantiles_say_that_returns_were_not_kept) {
    const Report report = report_of(test::each_third_day(test::kEquity, {.keep_returns = false}));
    expect_honest(report);
    for (const MetricId id : {var_95, cvar_95, tail_ratio})
        EXPECT_EQ(report.metrics[id], Metric(Reason::returns_not_kept)) << name_of(id);
    EXPECT_TRUE(report.metrics[sharpe_ratio].has_value());
}

TEST(AwkwardInput, A_thousand_random_runs) {
    for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
        SCOPED_TRACE(seed);
        Random random(seed);
        const auto amount = [&] {
            const std::int64_t wide = random.between(-INT64_MAX, INT64_MAX);
            return Money::from_raw(wide >> random.below(63));
        };
        EquitySeries equity(
            {.period = random.one_in(2) ? ReturnPeriod::utc_day : ReturnPeriod::sample,
             .keep_returns = !random.one_in(4)});
        std::int64_t ns = at(0).ns();
        for (std::uint64_t left = random.below(60); left > 0; --left) {
            const Money value = amount();  // mostly above zero, so that there are returns
            equity.add(Time::from_ns(ns),
                       value.is_negative() && !random.one_in(20) ? -value : value);
            if (!random.one_in(4)) ns += random.between(0, 10 * kNanosecondsPerDay);
        }
        equity.finish();
        std::vector<ClosedTrade> trades;
        for (std::uint64_t left = random.below(20); left > 0; --left) {
            trades.push_back(trade(random.between(0, 300), random.between(-5, 5)));
            if (random.one_in(3)) trades.back().net_pnl = amount();
            if (random.one_in(3)) trades.back().mae = amount();
        }
        RiskOptions options;
        options.trial_count = random.between(0, 1'000);
        expect_honest(report_of(equity, trades, options));
    }
}

}  // namespace
}  // namespace millrace::report
