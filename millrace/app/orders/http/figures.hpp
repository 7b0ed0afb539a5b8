// Figures: what the orders server tells Prometheus, gathered from the service and the routes.
#pragma once

#include <atomic>
#include <chrono>

#include "millrace/app/orders/http/price_source.hpp"
#include "millrace/app/orders/order_service.hpp"
#include "millrace/edge/net/api/route.hpp"
#include "millrace/edge/telemetry/order_meters.hpp"

namespace millrace::orders {

// Counted by the routes of intents. Any thread.
struct IntentCounts {
    std::atomic<std::uint64_t> created{0};
    std::atomic<std::uint64_t> duplicate{0};
    std::atomic<std::uint64_t> error{0};
};

class Figures {
  public:
    // Both outlive it, or at least its last text(); prices may be null.
    Figures(const OrderService& service, const PriceSource* prices);
    Figures(const Figures&) = delete;
    Figures& operator=(const Figures&) = delete;

    [[nodiscard]] IntentCounts& intents() { return counts_; }
    [[nodiscard]] std::string text() { return metrics_.text(); }
    // Measures a request of the route until its answer.
    [[nodiscard]] net::Responder::Observer observe(const net::Route& route);

  private:
    [[nodiscard]] telemetry::OrderFigures gather() const;

    const OrderService& service_;
    const PriceSource* prices_;
    IntentCounts counts_;
    telemetry::Metrics metrics_;
    telemetry::OrderMeters meters_{metrics_};
};

}  // namespace millrace::orders
