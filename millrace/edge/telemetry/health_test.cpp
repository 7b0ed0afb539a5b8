// The thresholds to the nanosecond, and what errors change.
#include "millrace/edge/telemetry/health.hpp"

#include <gtest/gtest.h>

#include "millrace/base/assert.hpp"
#include "millrace/base/json_writer.hpp"
#include "millrace/edge/telemetry/metrics.hpp"

namespace millrace::telemetry {

namespace {

const Time kStart = Time::from_ns(1'767'605'400'000'000'000);
const Duration kInstant = Duration::nanoseconds(1);

HealthStatus after(Duration age, std::uint64_t errors = 0) {
    return status_of(age, errors);
}

}  // namespace

TEST(Health, An_age_on_a_boundary_belongs_to_the_worse_class) {
    EXPECT_EQ(after(Duration()), HealthStatus::healthy);
    EXPECT_EQ(after(Duration::seconds(30) - kInstant), HealthStatus::healthy);
    EXPECT_EQ(after(Duration::seconds(30)), HealthStatus::degraded);
    EXPECT_EQ(after(Duration::seconds(60) - kInstant), HealthStatus::degraded);
    EXPECT_EQ(after(Duration::seconds(60)), HealthStatus::unhealthy);
    EXPECT_EQ(after(Duration::seconds(300) - kInstant), HealthStatus::unhealthy);
    EXPECT_EQ(after(Duration::seconds(300)), HealthStatus::dead);
}

TEST(Health, Errors_outweigh_every_age_but_death) {
    EXPECT_EQ(after(Duration(), 1), HealthStatus::error);
    EXPECT_EQ(after(Duration::seconds(300) - kInstant, 1), HealthStatus::error);
    EXPECT_EQ(after(Duration::seconds(300), 1), HealthStatus::dead);
}

TEST(Health, A_service_that_beats_as_it_should_is_never_degraded) {
    Health health;
    health.add("engine", kStart);
    for (int beat = 1; beat <= 100; ++beat) {
        const Time now = kStart + beat * kHeartbeat;
        EXPECT_EQ(health.report(now - kInstant).status, HealthStatus::healthy);
        health.beat("engine", now);
    }
}

TEST(Health, A_service_that_never_beats_ages_from_its_beginning) {
    Health health;
    health.add("feed", kStart);
    health.add("feed", kStart + Duration::seconds(31));  // changes nothing
    const HealthReport report = health.report(kStart + Duration::seconds(31));
    ASSERT_EQ(report.services.size(), 1U);
    EXPECT_EQ(report.services[0].status, HealthStatus::degraded);
    EXPECT_EQ(report.services[0].age, Duration::seconds(31));
}

TEST(Health, The_whole_is_as_good_as_its_worst_part) {
    Health health;
    EXPECT_EQ(health.report(kStart).status, HealthStatus::healthy);
    health.add("a", kStart);
    health.add("b", kStart);
    health.add("c", kStart);
    health.fail("b", "a row was refused");
    const Time later = kStart + Duration::seconds(60);
    health.beat("a", later);
    health.beat("b", later);
    EXPECT_EQ(health.report(later).status, HealthStatus::error);  // c is unhealthy, which is less
    EXPECT_EQ(health.report(kStart + Duration::seconds(300)).status, HealthStatus::dead);
}

TEST(Health, Errors_stay_until_they_are_reset) {
    Health health;
    health.add("a", kStart);
    health.add("b", kStart);
    health.fail("a", "first");
    health.fail("a", "second");
    health.fail("b", "third");
    health.beat("a", kStart);
    HealthReport report = health.report(kStart);
    EXPECT_EQ(report.services[0].errors, 2U);
    EXPECT_EQ(report.services[0].last_error, "second");

    EXPECT_TRUE(health.reset("a"));
    EXPECT_FALSE(health.reset("c"));
    report = health.report(kStart);
    EXPECT_EQ(report.services[0].status, HealthStatus::healthy);
    EXPECT_EQ(report.services[0].last_error, "");
    EXPECT_EQ(report.services[1].status, HealthStatus::error);

    health.reset_all();
    EXPECT_EQ(health.report(kStart).status, HealthStatus::healthy);
}

TEST(Health, A_clock_that_was_set_back_makes_nobody_old) {
    Health health;
    health.add("a", kStart);
    const HealthReport report = health.report(kStart - Duration::hours(1));
    EXPECT_EQ(report.services[0].age, Duration());
    EXPECT_EQ(report.status, HealthStatus::healthy);
}

TEST(Health, A_long_error_is_cut_between_characters) {
    Health health;
    health.add("a", kStart);
    std::string text(Health::kErrorBytesMax - 1, 'x');
    health.fail("a", text + "é");
    EXPECT_EQ(health.report(kStart).services[0].last_error, text);
}

TEST(Health, Somebody_who_was_never_added_is_a_bug) {
    Health health;
    EXPECT_THROW(health.beat("a", kStart), AssertionFailed);
    EXPECT_THROW(health.fail("a", "x"), AssertionFailed);
}

TEST(Health, Is_told_as_JSON_and_as_metrics) {
    Health health;
    health.add("engine", kStart);
    health.add("ledger", kStart);
    health.fail("ledger", "disk \"full\"");
    const HealthReport report = health.report(kStart + Duration::milliseconds(1'500));
    JsonWriter json;
    json.begin_object();
    write_services(json, report);
    json.end_object();
    EXPECT_EQ(json.str(),
              R"({"services":[{"service":"engine","status":"healthy","age_seconds":1.5,)"
              R"("errors":0,"last_error":""},{"service":"ledger","status":"error",)"
              R"("age_seconds":1.5,"errors":1,"last_error":"disk \"full\""}]})");
    Metrics metrics;
    publish(report, metrics);
    EXPECT_EQ(metrics.text(),
              "# HELP millrace_heartbeat_age_seconds Seconds since a service showed life\n"
              "# TYPE millrace_heartbeat_age_seconds gauge\n"
              "millrace_heartbeat_age_seconds{service=\"engine\"} 1.5\n"
              "millrace_heartbeat_age_seconds{service=\"ledger\"} 1.5\n"
              "# HELP millrace_service_errors Failures since the last reset\n"
              "# TYPE millrace_service_errors gauge\n"
              "millrace_service_errors{service=\"engine\"} 0\n"
              "millrace_service_errors{service=\"ledger\"} 1\n");
}

}  // namespace millrace::telemetry
