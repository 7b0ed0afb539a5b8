// Each name stands here once. Before changing one: dashboards and alerts of users ask for it.
#include "millrace/edge/telemetry/order_meters.hpp"

#include <utility>

namespace millrace::telemetry {

namespace {

double seconds_of(Duration duration) {
    return static_cast<double>(duration.ns()) / 1e9;
}

double number(std::uint64_t count) {
    return static_cast<double>(count);
}

// 1 µs to 100 ms: what a check takes, with the queue before it.
std::vector<double> check_bounds() {
    return {0.000001, 0.00001, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1};
}

}  // namespace

OrderMeters::OrderMeters(Metrics& metrics)
    : metrics_(metrics),
      request_seconds_(metrics.histogram("api_request_duration_seconds",
                                         "Time from a whole request to its answer",
                                         request_bounds())),
      check_seconds_(metrics.histogram("millrace_risk_check_seconds",
                                       "Time of one evaluation by the guardian", check_bounds())) {}

void OrderMeters::answered(std::string_view route, int status, Duration time) {
    const double seconds = seconds_of(time);
    request_seconds_.observe(seconds);
    const std::lock_guard lock(mutex_);
    auto known = routes_.find(route);
    if (known == routes_.end()) {
        const std::string name(route);
        Route added{metrics_.histogram("millrace_http_seconds",
                                       "Time from a whole request to its answer, by route",
                                       request_bounds(), {{"route", name}}),
                    {}};
        known = routes_.emplace(name, std::move(added)).first;
    }
    known->second.seconds.observe(seconds);
    auto& requests = known->second.requests;
    auto counter = requests.find(status);
    if (counter == requests.end()) {
        const Labels labels = {{"route", known->first}, {"code", std::to_string(status)}};
        counter = requests
                      .emplace(status, metrics_.counter("millrace_http_requests_total",
                                                        "Requests answered", labels))
                      .first;
    }
    counter->second.add();
}

void OrderMeters::checked(Duration time) {
    check_seconds_.observe(seconds_of(time));
}

void OrderMeters::publish(const OrderFigures& figures) {
    publish_intents(figures);
    publish_orders(figures);
    publish_accounts(figures);
    for (const auto& [source, count] : figures.ticks)
        metrics_.counter("millrace_ticks_total", "Prices taken from a source", {{"source", source}})
            .raise_to(number(count));
    for (const auto& [source, is_connected] : figures.feeds)
        metrics_
            .gauge("millrace_feed_connected", "1 while a source gives prices", {{"source", source}})
            .set(is_connected ? 1 : 0);
    metrics_.gauge("millrace_ws_clients", "WebSockets that are open")
        .set(number(figures.websocket_clients));
}

void OrderMeters::publish_intents(const OrderFigures& figures) {
    metrics_.counter("order_intents_created_total", "Intents with a new key")
        .raise_to(number(figures.intents_created));
    metrics_.counter("order_intents_duplicate_total", "Intents with a known key")
        .raise_to(number(figures.intents_duplicate));
    metrics_.counter("order_intents_error_total", "Intents that could not be taken or planned")
        .raise_to(number(figures.intents_error));
    metrics_.counter("order_intents_sent_total", "Intents whose orders went to the venue")
        .raise_to(number(figures.intents_sent));
    // Each has a line from the beginning, as alerts need it.
    for (const char* status : {"pending", "planned", "ready", "sent"}) {
        const auto found = figures.intents.find(status);
        metrics_
            .gauge(std::string("order_intents_") + status,
                   std::string("Intents that are ") + status + " now")
            .set(found == figures.intents.end() ? 0 : number(found->second));
    }
    for (const auto& [status, count] : figures.intents)
        metrics_.gauge("millrace_intents", "Intents by their state now", {{"status", status}})
            .set(number(count));
}

void OrderMeters::publish_orders(const OrderFigures& figures) {
    std::uint64_t refused = 0;
    for (const OrderFigures::Orders& orders : figures.orders) {
        metrics_
            .counter("millrace_orders_total", "Orders that came to a status",
                     {{"status", orders.status}, {"code", orders.code}})
            .raise_to(number(orders.count));
        if (orders.status == "rejected") refused += orders.count;
    }
    metrics_.counter("order_rejections_total", "Orders refused by the guardian or the venue")
        .raise_to(number(refused));
    const std::string checks = "millrace_risk_checks_total";
    const std::string help = "Orders the guardian decided on";
    metrics_.counter(checks, help, {{"decision", "accept"}, {"code", ""}})
        .raise_to(number(figures.checks_accepted));
    for (const auto& [code, count] : figures.checks_refused)
        metrics_.counter(checks, help, {{"decision", "reject"}, {"code", code}})
            .raise_to(number(count));
}

void OrderMeters::publish_accounts(const OrderFigures& figures) {
    for (auto& [scope, is_engaged] : switches_)
        is_engaged = false;
    for (const auto& [scope, is_engaged] : figures.kill_switches)
        switches_[scope] = is_engaged;
    for (const auto& [scope, is_engaged] : switches_)
        metrics_
            .gauge("millrace_kill_switch", "1 while a kill switch is engaged", {{"scope", scope}})
            .set(is_engaged ? 1 : 0);
    std::optional<double> daily_pnl;
    for (const OrderFigures::Account& account : figures.accounts) {
        const Labels labels = {{"account", account.account}};
        metrics_.gauge("millrace_equity", "Cash and positions at the last prices", labels)
            .set(account.equity);
        metrics_.gauge("millrace_gross_exposure", "Sum of the positions without sign", labels)
            .set(account.gross_exposure);
        metrics_.gauge("millrace_net_exposure", "Sum of the positions with their sign", labels)
            .set(account.net_exposure);
        metrics_.gauge("millrace_drawdown_ratio", "Loss from the highest equity", labels)
            .set(account.drawdown_ratio);
        if (!account.daily_pnl) continue;
        metrics_.gauge("millrace_daily_pnl", "Profit and loss of the day", labels)
            .set(*account.daily_pnl);
        daily_pnl = daily_pnl.value_or(0) + *account.daily_pnl;
    }
    if (daily_pnl)
        metrics_.gauge("daily_pnl", "Profit and loss of the day, of all accounts").set(*daily_pnl);
    publish_positions(figures);
}

void OrderMeters::publish_positions(const OrderFigures& figures) {
    for (auto& [labels, quantity] : positions_)
        quantity = 0;
    for (const OrderFigures::Position& position : figures.positions) {
        const Labels labels = {{"account", position.account},
                               {"strategy", position.strategy},
                               {"symbol", position.symbol}};
        positions_[labels] = position.quantity;
    }
    for (const auto& [labels, quantity] : positions_)
        metrics_.gauge("millrace_position_qty", "Quantity held, negative when short", labels)
            .set(quantity);
}

}  // namespace millrace::telemetry
