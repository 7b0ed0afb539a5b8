// The text as Prometheus reads it, to the letter, and the rules of names.
#include "millrace/edge/telemetry/metrics.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <thread>

#include "millrace/base/assert.hpp"

namespace millrace::telemetry {

TEST(Metrics, Are_written_as_Prometheus_reads_them) {
    Metrics metrics;
    metrics.gauge("b_depth", "Entries that wait").set(2.5);
    metrics.counter("a_total", "Things", {{"route", "/x"}, {"code", "202"}}).add();
    metrics.counter("a_total", "Things", {{"route", "/x"}, {"code", "200"}}).add(3);
    EXPECT_EQ(metrics.text(),
              "# HELP a_total Things\n"
              "# TYPE a_total counter\n"
              "a_total{code=\"200\",route=\"/x\"} 3\n"
              "a_total{code=\"202\",route=\"/x\"} 1\n"
              "# HELP b_depth Entries that wait\n"
              "# TYPE b_depth gauge\n"
              "b_depth 2.5\n");
}

TEST(Metrics, A_value_on_a_bound_counts_in_its_bucket) {
    Metrics metrics;
    auto seconds = metrics.histogram("c_seconds", "Time", {0.5, 1});
    for (const double value : {0.25, 0.5, 0.75, 1.0, 2.0})
        seconds.observe(value);
    EXPECT_EQ(seconds.count(), 5U);
    EXPECT_EQ(metrics.text(),
              "# HELP c_seconds Time\n"
              "# TYPE c_seconds histogram\n"
              "c_seconds_count 5\n"
              "c_seconds_sum 4.5\n"
              "c_seconds_bucket{le=\"0.5\"} 2\n"
              "c_seconds_bucket{le=\"1\"} 4\n"
              "c_seconds_bucket{le=\"+Inf\"} 5\n");
}

TEST(Metrics, A_label_cannot_break_out_of_its_quotes) {
    Metrics metrics;
    metrics.counter("d_total", "D", {{"symbol", "A\"} 9\n# x\\"}}).add();
    EXPECT_EQ(metrics.text(),
              "# HELP d_total D\n# TYPE d_total counter\n"
              "d_total{symbol=\"A\\\"} 9\\n# x\\\\\"} 1\n");
}

TEST(Metrics, Numbers_beyond_the_finite_have_their_words) {
    Metrics metrics;
    metrics.gauge("e", "E", {{"of", "infinity"}}).set(std::numeric_limits<double>::infinity());
    metrics.gauge("e", "E", {{"of", "nothing"}}).set(std::nan(""));
    EXPECT_EQ(metrics.text(),
              "# HELP e E\n# TYPE e gauge\n"
              "e{of=\"infinity\"} +Inf\ne{of=\"nothing\"} Nan\n");
}

TEST(Metrics, The_same_name_and_labels_are_the_same_meter) {
    Metrics metrics;
    metrics.counter("f_total", "F", {{"a", "1"}, {"b", "2"}}).add();
    auto again = metrics.counter("f_total", "F", {{"b", "2"}, {"a", "1"}});
    again.add();
    EXPECT_EQ(again.value(), 2);
}

TEST(Metrics, A_counter_never_falls) {
    Metrics metrics;
    auto counter = metrics.counter("g_total", "G");
    counter.raise_to(7);
    counter.raise_to(3);
    EXPECT_EQ(counter.value(), 7);
    EXPECT_THROW(counter.add(-1), AssertionFailed);
    EXPECT_THROW(counter.add(std::nan("")), AssertionFailed);
    EXPECT_EQ(counter.value(), 7);
}

TEST(Metrics, A_gauge_goes_both_ways) {
    Metrics metrics;
    auto gauge = metrics.gauge("h", "H");
    gauge.set(5);
    gauge.add(-7);
    EXPECT_EQ(gauge.value(), -2);
}

TEST(Metrics, A_name_has_one_use) {
    Metrics metrics;
    (void)metrics.counter("i_total", "I", {{"a", "1"}});
    (void)metrics.histogram("j_seconds", "J", {1, 2});
    EXPECT_THROW((void)metrics.gauge("i_total", "I", {{"a", "1"}}), AssertionFailed);
    EXPECT_THROW((void)metrics.counter("i_total", "other help", {{"a", "1"}}), AssertionFailed);
    EXPECT_THROW((void)metrics.counter("i_total", "I", {{"b", "1"}}), AssertionFailed);
    EXPECT_THROW((void)metrics.counter("i_total", "I"), AssertionFailed);
    EXPECT_THROW((void)metrics.histogram("j_seconds", "J", {1, 3}), AssertionFailed);
    EXPECT_THROW((void)metrics.histogram("k_seconds", "K", {2, 1}), AssertionFailed);
}

TEST(Metrics, Names_are_those_that_Prometheus_takes) {
    Metrics metrics;
    for (const char* name : {"", "1a", "a-b", "a b", "__a", "a\n"})
        EXPECT_THROW((void)metrics.counter(name, "A"), AssertionFailed) << name;
    for (const char* label : {"", "1a", "a-b", "__a", "le"})
        EXPECT_THROW((void)metrics.counter("a_total", "A", {{label, "x"}}), AssertionFailed)
            << label;
    EXPECT_THROW((void)metrics.counter("a_total", "A", {{"x", "1"}, {"x", "2"}}), AssertionFailed);
    EXPECT_THROW((void)metrics.counter("a_total", "two\nlines"), AssertionFailed);
    EXPECT_EQ(metrics.text(), "");
}

TEST(Metrics, Too_many_series_of_a_name_share_one) {
    Metrics metrics;
    for (std::size_t number = 0; number < Metrics::kSeriesMax; ++number)
        metrics.counter("l_total", "L", {{"symbol", std::to_string(number)}}).add();
    metrics.counter("l_total", "L", {{"symbol", "one more"}}).add();
    metrics.counter("l_total", "L", {{"symbol", "and another"}}).add();
    metrics.counter("l_total", "L", {{"symbol", "999"}}).add();
    EXPECT_EQ(metrics.counter("l_total", "L", {{"symbol", "999"}}).value(), 2);
    const std::string text = metrics.text();
    EXPECT_NE(text.find("l_total{symbol=\"other\"} 2\n"), std::string::npos);
    EXPECT_EQ(text.find("one more"), std::string::npos);
}

TEST(Metrics, Are_brought_up_to_date_before_each_text) {
    Metrics metrics;
    auto gauge = metrics.gauge("m", "M");
    metrics.before_text([gauge]() mutable { gauge.add(1); });
    (void)metrics.text();
    EXPECT_EQ(metrics.text(), "# HELP m M\n# TYPE m gauge\nm 2\n");
}

TEST(Metrics, Count_each_call_of_many_threads) {
    Metrics metrics;
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number)
        threads.emplace_back([&metrics] {
            for (int turn = 0; turn < 1'000; ++turn) {
                metrics.counter("n_total", "N", {{"kind", turn % 2 == 0 ? "even" : "odd"}}).add();
                if (turn % 100 == 0) (void)metrics.text();
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(metrics.counter("n_total", "N", {{"kind", "even"}}).value(), 2'000);
    EXPECT_EQ(metrics.counter("n_total", "N", {{"kind", "odd"}}).value(), 2'000);
}

}  // namespace millrace::telemetry
