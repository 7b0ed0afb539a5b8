#include "millrace/core/market/quality.hpp"

#include <gtest/gtest.h>

namespace millrace::market {
namespace {

using model::TableKind;

Time utc(std::string_view text) {
    return parse_time(text).value();
}

model::Bar bar_at(Time open, std::int64_t cents, Duration length = Duration::minutes(1)) {
    model::Bar bar;
    bar.open_time = open;
    bar.known_at = open + length;
    bar.open = bar.low = bar.close = Price::from_raw(cents * 10'000'000);
    bar.high = Price::from_raw((cents + 1) * 10'000'000);
    bar.volume = Quantity::whole(5);
    return bar;
}

QualityRules rules_of(std::string_view calendar, Duration step = Duration::minutes(1)) {
    QualityRules rules;
    rules.step = step;
    if (!calendar.empty()) rules.calendar = Calendar::find(calendar).value();
    return rules;
}

// Each a minute after the one before it.
QualityReport of_prices(const std::vector<std::int64_t>& cents) {
    Quality quality(rules_of(""));
    Time time = utc("2026-01-05T15:00:00Z");
    for (const std::int64_t price : cents) {
        quality.add(bar_at(time, price));
        time = time + Duration::minutes(1);
    }
    return quality.finish();
}

// A hundred moves of a cent up and down from 100.
std::vector<std::int64_t> quiet() {
    std::vector<std::int64_t> cents;
    for (int i = 0; i < 100; ++i)
        cents.push_back(10'000 + i % 2);
    return cents;
}

TEST(Quality, Finds_gaps_by_the_clock_without_a_calendar) {
    Quality quality(rules_of(""));
    for (const char* time : {"2026-01-05T15:00:00Z", "2026-01-05T15:01:00Z", "2026-01-05T15:05:00Z",
                             "2026-01-05T15:06:00Z", "2026-01-05T16:00:00Z"})
        quality.add(bar_at(utc(time), 100));
    const QualityReport report = quality.finish();
    EXPECT_FALSE(report.has_coverage);
    EXPECT_EQ(report.rows, 5U);
    EXPECT_EQ(report.gaps.count, 2U);
    EXPECT_EQ(report.missing, 3U + 53U);
    EXPECT_EQ(report.gaps.first[0].from, utc("2026-01-05T15:02:00Z"));
    EXPECT_EQ(report.gaps.first[0].to, utc("2026-01-05T15:05:00Z"));
    EXPECT_EQ(report.longest_gap, Duration::minutes(53));
}

TEST(Quality, Measures_coverage_by_the_sessions_of_a_calendar) {
    // Thanksgiving week of 2025: 26 November whole, 27 closed, 28 until 13:00 in New York.
    Quality quality(rules_of("us-equities", Duration::minutes(5)));
    const auto add = [&](std::string_view from, int bars) {
        for (int i = 0; i < bars; ++i)
            quality.add(bar_at(utc(from) + Duration::minutes(5 * i), 100, Duration::minutes(5)));
    };
    add("2025-11-26T14:30:00Z", 78);
    add("2025-11-28T14:30:00Z", 10);  // then ten are missing
    add("2025-11-28T16:10:00Z", 22);  // to the early close at 18:00
    add("2025-12-02T14:30:00Z", 1);   // Monday 1 December has no row
    const QualityReport report = quality.finish();
    ASSERT_EQ(report.days.size(), 4U);
    EXPECT_EQ(report.days[0].expected, 78U);
    EXPECT_EQ(report.days[0].actual, 78U);
    EXPECT_EQ(report.days[1].date, (Date{2025, 11, 28}));
    EXPECT_EQ(report.days[1].expected, 42U);
    EXPECT_EQ(report.days[1].actual, 32U);
    EXPECT_EQ(report.days[2].expected, 78U);
    EXPECT_EQ(report.days[2].actual, 0U);
    EXPECT_EQ(report.days[3].expected, 1U);  // only up to the last row
    EXPECT_EQ(report.expected, 199U);
    EXPECT_EQ(report.actual, 111U);
    EXPECT_EQ(report.gaps.count, 2U);
    EXPECT_EQ(report.gaps.first[0].missing, 10U);
    EXPECT_EQ(report.gaps.first[1].missing, 78U);
    EXPECT_EQ(report.outside_sessions, 0U);
    const auto verdict = judge(report, {}, rules_of("us-equities", Duration::minutes(5)));
    EXPECT_EQ(verdict.grade, 'F');
    EXPECT_EQ(verdict.levels[0].sla_name, "m5_completeness");
    EXPECT_FALSE(verdict.levels[0].passed);
    EXPECT_DOUBLE_EQ(verdict.levels[0].measured_value, 111.0 / 199.0);
    EXPECT_EQ(verdict.reasons, (std::vector<std::string>{"data_coverage_gap", "empty_day"}));
}

TEST(Quality, Counts_what_lies_outside_the_sessions_or_off_their_grid) {
    Quality quality(rules_of("us-equities"));
    quality.add(bar_at(utc("2026-01-05T14:29:00Z"), 100));
    quality.add(bar_at(utc("2026-01-05T14:30:00Z"), 100));
    quality.add(bar_at(utc("2026-01-05T14:31:30Z"), 100));
    quality.add(bar_at(utc("2026-01-05T21:00:00Z"), 100));
    const QualityReport report = quality.finish();
    EXPECT_EQ(report.outside_sessions, 2U);
    EXPECT_EQ(report.off_grid, 1U);
    EXPECT_EQ(report.overlapping, 0U);
    EXPECT_EQ(report.actual, 2U);
    const auto verdict = judge(report, {}, rules_of("us-equities"));
    EXPECT_EQ(verdict.reasons, std::vector<std::string>{"tz_error"});
}

TEST(Quality, Counts_bars_that_overlap) {
    Quality quality(rules_of("", Duration::minutes(5)));
    for (const char* time :
         {"2026-01-05T14:30:00Z", "2026-01-05T14:34:00Z", "2026-01-05T14:39:00Z"})
        quality.add(bar_at(utc(time), 100, Duration::minutes(5)));
    EXPECT_EQ(quality.finish().overlapping, 1U);
}

TEST(Quality, Takes_the_date_of_a_daily_bar_from_each_way_to_label_it) {
    for (const char* times : {"2026-01-15T00:00:00Z 2026-01-16T00:00:00Z 2026-01-20T00:00:00Z",
                              "2026-01-15T05:00:00Z 2026-01-16T05:00:00Z 2026-01-20T05:00:00Z",
                              "2026-01-15T14:30:00Z 2026-01-16T14:30:00Z 2026-01-20T14:30:00Z"}) {
        Quality quality(rules_of("us-equities", Duration::days(1)));
        for (const std::size_t at : {0U, 21U, 42U})
            quality.add(bar_at(utc(std::string(times).substr(at, 20)), 100, Duration::days(1)));
        const QualityReport report = quality.finish();
        EXPECT_EQ(report.expected, 3U) << times;  // Monday 19 January is a holiday
        EXPECT_EQ(report.actual, 3U) << times;
        EXPECT_EQ(report.gaps.count, 0U) << times;
    }
}

TEST(Quality, Knows_a_spike_from_a_move_that_stays) {
    std::vector<std::int64_t> cents = quiet();
    cents.insert(cents.end(), {10'500, 10'001});  // there and back
    for (int i = 0; i < 10; ++i)
        cents.push_back(10'000 + i % 2);
    cents.insert(cents.end(), {10'300, 10'301, 10'300});  // stays
    const QualityReport report = of_prices(cents);
    ASSERT_EQ(report.outliers.count, 2U);
    EXPECT_EQ(report.spikes, 1U);
    EXPECT_TRUE(report.outliers.first[0].is_spike);
    EXPECT_EQ(report.outliers.first[0].time, utc("2026-01-05T16:40:00Z"));
    EXPECT_EQ(report.outliers.first[0].price, Price::whole(105));
    EXPECT_FALSE(report.outliers.first[1].is_spike);
    // 15 robust deviations of moves of a cent are 22.2 cents.
    cents = quiet();
    cents.push_back(10'000 + 22 + 1);
    EXPECT_EQ(of_prices(cents).outliers.count, 0U);
    cents.back() = 10'001 + 23;
    EXPECT_EQ(of_prices(cents).outliers.count, 1U);
}

TEST(Quality, Suspects_splits_between_days) {
    const auto splits = [](std::int64_t before, std::int64_t after) {
        Quality quality(rules_of("", Duration::days(1)));
        quality.add(bar_at(utc("2026-01-05T00:00:00Z"), before, Duration::days(1)));
        quality.add(bar_at(utc("2026-01-06T00:00:00Z"), after, Duration::days(1)));
        return quality.finish().splits;
    };
    const auto seven = splits(70'000, 9'800);
    ASSERT_EQ(seven.count, 1U);
    EXPECT_EQ(seven.first[0].shares, 7);
    EXPECT_EQ(seven.first[0].before_shares, 1);
    const auto merged = splits(100, 1'020);
    ASSERT_EQ(merged.count, 1U);
    EXPECT_EQ(merged.first[0].shares, 1);
    EXPECT_EQ(merged.first[0].before_shares, 10);
    EXPECT_EQ(splits(15'000, 10'100).count, 1U);
    EXPECT_EQ(splits(10'000, 8'800).count, 0U);
    EXPECT_EQ(of_prices({20'000, 10'000}).splits.count, 0U) << "not within a day";
}

TEST(Quality, Finds_runs_of_bars_that_do_not_move) {
    Quality quality(rules_of(""));
    Time time = utc("2026-01-05T15:00:00Z");
    const auto add = [&](std::int64_t cents, int bars) {
        for (int i = 0; i < bars; ++i) {
            model::Bar bar = bar_at(time, cents);
            bar.high = bar.low;
            quality.add(bar);
            time = time + Duration::minutes(1);
        }
    };
    add(100, 9);
    add(101, 10);
    add(102, 12);
    const QualityReport report = quality.finish();
    ASSERT_EQ(report.stale.count, 2U);
    EXPECT_EQ(report.stale_rows, 22U);
    EXPECT_EQ(report.stale.first[0].from, utc("2026-01-05T15:09:00Z"));
    EXPECT_EQ(report.stale.first[0].to, utc("2026-01-05T15:19:00Z"));
}

TEST(Quality, Counts_bars_without_volume_where_others_have_some) {
    const auto zeros = [](std::int64_t others) {
        Quality quality(rules_of(""));
        for (int i = 0; i < 4; ++i) {
            model::Bar bar = bar_at(utc("2026-01-05T15:00:00Z") + Duration::minutes(i), 100);
            bar.volume = Quantity::whole(i == 0 ? others : 0);
            quality.add(bar);
        }
        return quality.finish().zero_volume;
    };
    EXPECT_EQ(zeros(5), 3U);
    EXPECT_EQ(zeros(0), 0U);  // a file without volumes
}

TEST(Quality, Covers_periods_of_ticks_and_counts_crossed_quotes) {
    QualityRules rules = rules_of("fx", Duration::hours(1));
    rules.kind = TableKind::quotes;
    Quality quality(rules);
    model::Quote quote;
    quote.bid = Price::whole(100);
    for (const char* time : {"2026-01-05T10:10:00Z", "2026-01-05T10:50:00Z", "2026-01-05T11:00:00Z",
                             "2026-01-05T13:59:59Z"}) {
        quote.known_at = utc(time);
        quote.ask = Price::whole(time[12] == '1' ? 99 : 101);
        quality.add(quote);
    }
    const QualityReport report = quality.finish();
    EXPECT_EQ(report.expected, 4U);  // the hours from 10 to 13
    EXPECT_EQ(report.actual, 3U);
    EXPECT_EQ(report.crossed, 1U);
}

TEST(Quality, Grades_by_the_worst_measure) {
    const QualityReport sound = of_prices(quiet());
    const QualityRules rules = rules_of("");
    EXPECT_EQ(judge(sound, {}, rules).grade, 'A');
    model::RowFindings findings;
    findings.add({.line = 7, .fault = model::RowFault::duplicate, .is_mended = true, .why = ""});
    const QualityVerdict verdict = judge(sound, findings, rules);
    EXPECT_EQ(verdict.grade, 'D');  // one row of a hundred
    EXPECT_EQ(verdict.measures[0].name, "bad_rows");
    EXPECT_DOUBLE_EQ(verdict.measures[0].value, 0.01);
    EXPECT_EQ(verdict.violations, std::vector<std::string>{"no duplicates: 1 rows are"});
    EXPECT_EQ(verdict.reasons, std::vector<std::string>{"data_sla_failed"});
    EXPECT_EQ(verdict.levels[1].sla_name, "no_dupe_index");
    EXPECT_FALSE(verdict.levels[1].passed);
    EXPECT_TRUE(verdict.levels[0].passed);
}

TEST(RobustScale, Is_the_median_of_the_last_moves) {
    RobustScale scale;
    for (int i = 0; i < 63; ++i)
        scale.add(2);
    EXPECT_FALSE(scale.is_ready());
    scale.add(1'000'000);
    scale.add(0);
    EXPECT_TRUE(scale.is_ready());
    EXPECT_DOUBLE_EQ(scale.deviation(), 2 * 1.4826);
    for (int i = 0; i < 256; ++i)
        scale.add(i % 2 == 0 ? 3 : 5);
    EXPECT_DOUBLE_EQ(scale.deviation(), 4 * 1.4826);
}

}  // namespace
}  // namespace millrace::market
