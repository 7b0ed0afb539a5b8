// The JSON for programs and the text for people, on one small run.
#include <gtest/gtest.h>

#include "millrace/core/report/report_json.hpp"
#include "millrace/core/report/report_text.hpp"
#include "millrace/core/report/sample_runs.hpp"

namespace millrace::report {
namespace {

using test::at;
using test::series;
using test::trade;

Report small_report() {
    ClosedTrade win = trade(1, 500);
    win.fees = *Money::parse("1.25");
    return test::report_of(series({{at(0), 10'000}, {at(1, 9, 30), 9'000}, {at(40), 10'500}}),
                           {win});
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(ReportJson, Money_is_text_and_a_missing_figure_is_null_with_its_reason) {
    const std::string json = to_json(small_report());
    EXPECT_TRUE(json.starts_with(R"({"metrics":{"initial_equity":"10000","final_equity":"10500",)"
                                 R"("net_profit":"500","net_return":0.05,"cagr":null,)"))
        << json;
    EXPECT_TRUE(has(json, R"("max_drawdown":0.1,"max_drawdown_amount":"1000",)"
                          R"("max_drawdown_peak_time":"2024-01-01T00:00:00Z",)"
                          R"("max_drawdown_trough_time":"2024-01-02T09:30:00Z",)"));
    EXPECT_TRUE(has(json, R"("metric_reasons":{"cagr":"fewer than 60 days: not annualised",)"));
    EXPECT_TRUE(has(json, R"("profit_factor":"no losing trade")"));
    EXPECT_TRUE(has(json, R"("trade_count":1,)"));
    EXPECT_TRUE(has(json, R"("fees":"1.25")"));
}

TEST(ReportJson, Tables_carry_their_keys) {
    const std::string json = to_json(small_report());
    EXPECT_TRUE(has(json, R"("monthly_returns":[{"month":"2024-01","net_return":-0.1},)"
                          R"({"month":"2024-02","net_return":0.16666666666666666}],)"
                          R"("yearly_returns":[{"year":2024,"net_return":0.05}],)"
                          R"("by_symbol":[{"symbol":"AAPL","metrics":{"trade_count":1,)"))
        << json;
    EXPECT_TRUE(has(json, R"("by_strategy":[{"strategy":"ema-cross","metrics":{)"));
}

TEST(ReportText, Is_a_table_that_people_can_read) {
    const std::string text = to_text(small_report(), "USD");
    EXPECT_TRUE(has(text, "Returns\n  Initial equity                            10000.00 USD\n"))
        << text;
    EXPECT_TRUE(has(text, "  Net return                                  5.00 %\n"));
    EXPECT_TRUE(has(text,
                    "  CAGR                                             -  (fewer than 60 "
                    "days: not annualised)\n"));
    EXPECT_TRUE(has(text, "    to the trough of            2024-01-02 09:30:00Z\n"));
    EXPECT_TRUE(has(text, "    lasted                                    40d 0h\n"));
    EXPECT_FALSE(has(text, "benchmark"));
}

TEST(ReportText, No_line_is_wider_than_100_columns) {
    for (const Report& report : {small_report(), test::report_of(series({}))}) {
        const std::string text = to_text(report, "USD");
        std::size_t begin = 0;
        for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos;
             begin = end + 1)
            EXPECT_LE(end - begin, 100u) << text.substr(begin, end - begin);
    }
}

TEST(ReportText, Formats_by_unit) {
    EXPECT_EQ(format_metric(MetricId::net_return, Metric::number(-0.12345)), "-12.35 %");
    EXPECT_EQ(format_metric(MetricId::sharpe_ratio, Metric::number(1.005)), "1.00");
    EXPECT_EQ(format_metric(MetricId::sharpe_ratio, Metric::number(1.25e15)), "1.25e+15");
    EXPECT_EQ(format_metric(MetricId::net_profit, Metric::money(*Money::parse("1234.565"))),
              "1234.56");
    EXPECT_EQ(format_metric(MetricId::span_days, Metric::number(1.5)), "1d 12h");
    EXPECT_EQ(format_metric(MetricId::average_holding_s, Metric::number(7'260)), "2h 1m");
    EXPECT_EQ(format_metric(MetricId::average_holding_s, Metric::number(0.25)), "0.25 s");
    EXPECT_EQ(format_metric(MetricId::profit_factor, Reason::no_losing_trade), "-");
}

}  // namespace
}  // namespace millrace::report
