// Ages become words here and nowhere else.
#include "millrace/edge/telemetry/health.hpp"

#include <algorithm>
#include <utility>

#include "millrace/base/assert.hpp"
#include "millrace/base/json_writer.hpp"
#include "millrace/edge/telemetry/metrics.hpp"

namespace millrace::telemetry {

namespace {

double seconds_of(Duration duration) {
    return static_cast<double>(duration.ns()) / 1e9;
}

// At most so many bytes, never a part of a character.
std::string_view cut(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U)
        --bytes;
    return text.substr(0, bytes);
}

}  // namespace

std::string_view name_of(HealthStatus status) {
    switch (status) {
        case HealthStatus::healthy: return "healthy";
        case HealthStatus::degraded: return "degraded";
        case HealthStatus::unhealthy: return "unhealthy";
        case HealthStatus::error: return "error";
        case HealthStatus::dead: return "dead";
    }
    return {};
}

HealthStatus status_of(Duration age, std::uint64_t errors) {
    if (age >= Duration::minutes(5)) return HealthStatus::dead;
    if (errors > 0) return HealthStatus::error;
    if (age >= Duration::minutes(1)) return HealthStatus::unhealthy;
    if (age >= Duration::seconds(30)) return HealthStatus::degraded;
    return HealthStatus::healthy;
}

void Health::add(const std::string& service, Time now) {
    const std::lock_guard lock(mutex_);
    MILLRACE_ASSERT(!service.empty(), "a service has a name");
    services_.try_emplace(service, Service{.last_seen = now, .errors = 0, .last_error = {}});
    MILLRACE_ASSERT(services_.size() <= kServicesMax, "too many services");
}

Health::Service& Health::at(const std::string& service) {
    const auto found = services_.find(service);
    MILLRACE_ASSERT(found != services_.end(), "a service is added before it beats or fails");
    return found->second;
}

void Health::beat(const std::string& service, Time now) {
    const std::lock_guard lock(mutex_);
    at(service).last_seen = now;
}

void Health::fail(const std::string& service, std::string_view what) {
    const std::lock_guard lock(mutex_);
    Service& failed = at(service);
    ++failed.errors;
    failed.last_error = cut(what, kErrorBytesMax);
}

bool Health::reset(const std::string& service) {
    const std::lock_guard lock(mutex_);
    const auto found = services_.find(service);
    if (found == services_.end()) return false;
    found->second.errors = 0;
    found->second.last_error.clear();
    return true;
}

void Health::reset_all() {
    const std::lock_guard lock(mutex_);
    for (auto& [name, service] : services_) {
        service.errors = 0;
        service.last_error.clear();
    }
}

HealthReport Health::report(Time now) const {
    const std::lock_guard lock(mutex_);
    HealthReport report;
    for (const auto& [name, service] : services_) {
        const Duration age = std::max(now - service.last_seen, Duration());
        const HealthStatus status = status_of(age, service.errors);
        report.services.push_back(
            {name, status, age, service.errors, service.last_error, service.last_seen});
        report.status = std::max(report.status, status);
    }
    return report;
}

void write_services(JsonWriter& json, const HealthReport& report) {
    json.key("services").begin_array();
    for (const ServiceHealth& service : report.services) {
        json.begin_object();
        json.member("service", service.service).member("status", name_of(service.status));
        json.member("age_seconds", seconds_of(service.age));
        json.member("errors", service.errors).member("last_error", service.last_error);
        json.end_object();
    }
    json.end_array();
}

void publish(const HealthReport& report, Metrics& metrics) {
    for (const ServiceHealth& service : report.services) {
        const Labels labels = {{"service", service.service}};
        metrics
            .gauge("millrace_heartbeat_age_seconds", "Seconds since a service showed life", labels)
            .set(seconds_of(service.age));
        metrics.gauge("millrace_service_errors", "Failures since the last reset", labels)
            .set(static_cast<double>(service.errors));
    }
}

}  // namespace millrace::telemetry
