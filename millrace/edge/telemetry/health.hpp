// Health: how long ago each service showed life, and how often it failed. The thresholds are those
// of tradingbot A14; an age on a boundary belongs to the worse class. Time is the caller's.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/time.hpp"

namespace millrace {
class JsonWriter;
}

namespace millrace::telemetry {

class Metrics;

// From best to worst.
enum class HealthStatus { healthy, degraded, unhealthy, error, dead };

[[nodiscard]] std::string_view name_of(HealthStatus status);

// A service beats at least this often, so that a live one never looks degraded.
inline constexpr Duration kHeartbeat = Duration::seconds(10);

// Below 30 s healthy, below 1 min degraded, below 5 min unhealthy, else dead; with errors, error
// unless dead. A negative age (a clock that was set back) is none.
[[nodiscard]] HealthStatus status_of(Duration age, std::uint64_t errors);

struct ServiceHealth {
    std::string service;
    HealthStatus status = HealthStatus::healthy;
    Duration age;  // since its last beat; since it was added, while it has not beaten
    std::uint64_t errors = 0;
    std::string last_error;  // of those counted; empty without one
    Time last_seen;

    bool operator==(const ServiceHealth&) const = default;
};

struct HealthReport {
    HealthStatus status = HealthStatus::healthy;  // the worst of all
    std::vector<ServiceHealth> services;          // by name
};

// Any thread.
class Health {
  public:
    static constexpr std::size_t kServicesMax = 256;
    static constexpr std::size_t kErrorBytesMax = 256;

    // A service that was added before stays as it is.
    void add(const std::string& service, Time now);
    void beat(const std::string& service, Time now);  // one that was added
    void fail(const std::string& service, std::string_view what);

    // Forgets the errors counted so far. The first answers whether there is such a service.
    bool reset(const std::string& service);
    void reset_all();

    [[nodiscard]] HealthReport report(Time now) const;

  private:
    struct Service {
        Time last_seen;
        std::uint64_t errors = 0;
        std::string last_error;
    };
    Service& at(const std::string& service);

    mutable std::mutex mutex_;
    std::map<std::string, Service> services_;
};

// "services": [{"service": …, "status": …, "age_seconds": …, "errors": …, "last_error": …}]; the
// caller has opened an object.
void write_services(JsonWriter& json, const HealthReport& report);

// millrace_heartbeat_age_seconds{service} and millrace_service_errors{service} (stock-bot B8).
void publish(const HealthReport& report, Metrics& metrics);

}  // namespace millrace::telemetry
