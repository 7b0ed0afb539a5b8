// OrdersApi: all routes of the orders server over an OrderService. It knows HTTP's words and the
// service's, and turns one into the other; it holds nothing of its own but what can be traded.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "millrace/app/orders/http/figures.hpp"
#include "millrace/app/orders/http/intent_body.hpp"
#include "millrace/app/orders/order_service.hpp"
#include "millrace/edge/net/api/api.hpp"

namespace millrace::orders {

struct ApiTerms {
    std::string version;            // of the program
    bool repeats_original = false;  // a known key with the same body: 200 as the first time, no 409
    Maybe<Quantity> signal_quantity;
    Duration stale_prices = Duration::seconds(5);  // older ones are told as degraded health
    Time started;
    Figures* figures = nullptr;  // for /metrics; null: there is no such route
};

class OrdersApi {
  public:
    // Adds its routes. The service and the figures must outlive the server of the api.
    OrdersApi(net::Api& api, OrderService& service, ApiTerms terms);
    OrdersApi(const OrdersApi&) = delete;
    OrdersApi& operator=(const OrdersApi&) = delete;

    // What /ready says; not before this is called.
    void set_ready(bool ready) { is_ready_.store(ready); }

  private:
    using Then = std::function<void(const Outcome& outcome, net::Responder& responder)>;

    void add_intents(net::Api& api);
    void add_orders(net::Api& api);
    void add_holdings(net::Api& api);
    void add_guardian(net::Api& api);
    void add_checks(net::Api& api);
    void add_limits(net::Api& api);
    void add_switches(net::Api& api);
    void add_alerts(net::Api& api);
    void add_looks(net::Api& api);
    void add_health(net::Api& api);

    void submit(const net::Call& call, net::Responder responder);
    void count(const Outcome& outcome) const;
    void answer_intent(const Outcome& outcome, const std::string& symbol,
                       net::Responder& responder) const;
    void show_intent(const net::Call& call, net::Responder responder) const;
    void change_intent(const net::Call& call, net::Responder responder, std::string_view command,
                       int status);
    void show_order(const net::Call& call, net::Responder responder) const;
    void cancel_order(const net::Call& call, net::Responder responder);
    void cancel_all(const net::Call& call, net::Responder responder);
    void cancel_each(const std::vector<ledger::OrderRow>& orders, const std::string& actor,
                     net::Responder responder);
    // Nothing when the answer (503) was given.
    [[nodiscard]] std::optional<std::vector<ledger::OrderRow>> working(
        const net::Call& call, net::Responder& responder) const;
    void check_order(const net::Call& call, net::Responder responder);
    void set_limit(const net::Call& call, const std::string& scope, net::Responder responder);
    // Of all scopes when it is empty.
    void show_limits(const std::string& scope, net::Responder responder) const;
    void turn_switch(const net::Call& call, net::Responder responder);
    void flatten(const net::Call& call, net::Responder responder);
    void show_alerts(const net::Call& call, net::Responder responder) const;
    void acknowledge(const net::Call& call, net::Responder responder);

    // Hands the command on; `then` is called for every outcome that is no failure.
    void ask(CommandRequest request, net::Responder responder, Then then);
    // The scope of a body: that it has the form, and names what there is.
    [[nodiscard]] Result<void> check_scope(std::string_view scope, const std::string& path) const;

    template <class Row>
    void list(const net::Call& call, net::Responder responder) const;
    // The row of this number, or nothing when the answer (404, 503) was given.
    template <class Row>
    [[nodiscard]] std::optional<Row> find(std::int64_t id, net::Responder& responder) const;

    OrderService& service_;
    ApiTerms terms_;
    Tradable tradable_;
    std::atomic<bool> is_ready_{false};
};

}  // namespace millrace::orders
