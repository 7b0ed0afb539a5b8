// OrderMeters: what a server of orders tells Prometheus, under the names that the predecessors'
// dashboards and alerts ask for (droid-trading A7, stock-bot B8). docs/reference/metrics.md is the
// list for users; a test holds it against this room.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/time.hpp"
#include "millrace/edge/telemetry/metrics.hpp"

namespace millrace::telemetry {

// Totals since the server began, and what is so now; gathered by whoever knows it.
struct OrderFigures {
    std::uint64_t intents_created = 0;
    std::uint64_t intents_duplicate = 0;  // the same key once more, with any body
    std::uint64_t intents_error = 0;      // refused before they became intents, or in error
    std::uint64_t intents_sent = 0;
    std::map<std::string, std::uint64_t> intents;  // now, by status

    struct Orders {
        std::string status;
        std::string code;  // why it was refused; empty without a refusal
        std::uint64_t count = 0;
    };
    std::vector<Orders> orders;  // that came to this status

    std::uint64_t checks_accepted = 0;
    std::map<std::string, std::uint64_t> checks_refused;  // by code

    // By scope: "global", "account:main". One that is named no more is released.
    std::map<std::string, bool> kill_switches;

    struct Account {
        std::string account;
        double equity = 0;
        double gross_exposure = 0;
        double net_exposure = 0;
        double drawdown_ratio = 0;
        std::optional<double> daily_pnl;  // where it is known
    };
    std::vector<Account> accounts;

    struct Position {
        std::string account;
        std::string strategy;
        std::string symbol;
        double quantity = 0;
    };
    std::vector<Position> positions;  // one that is named no more is flat

    std::map<std::string, std::uint64_t> ticks;  // by source
    std::map<std::string, bool> feeds;           // connected, by source
    std::uint64_t websocket_clients = 0;
};

class OrderMeters {
  public:
    // The metrics must outlive it.
    explicit OrderMeters(Metrics& metrics);

    // One answer of the server; `route` as it is declared ("/api/v1/orders/{id}"), so that ids make
    // no series. Any thread; takes a short lock.
    void answered(std::string_view route, int status, Duration time);

    // One evaluation by the guardian. Any thread.
    void checked(Duration time);

    // By one thread at a time: call it from Metrics::before_text.
    void publish(const OrderFigures& figures);

  private:
    struct Route {
        Histogram seconds;
        std::map<int, Counter> requests;  // by status
    };
    void publish_intents(const OrderFigures& figures);
    void publish_orders(const OrderFigures& figures);
    void publish_accounts(const OrderFigures& figures);

    void publish_positions(const OrderFigures& figures);

    Metrics& metrics_;
    Histogram request_seconds_;
    Histogram check_seconds_;
    std::map<std::string, bool> switches_ = {{"global", false}};  // as last told
    std::map<Labels, double> positions_;                          // as last told
    std::mutex mutex_;                                            // of routes_
    std::map<std::string, Route, std::less<>> routes_;
};

}  // namespace millrace::telemetry
