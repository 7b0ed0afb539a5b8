// Routes about the server itself: its health in the words of both predecessors, its state, and its
// figures for Prometheus.
#include <algorithm>
#include <chrono>

#include "millrace/app/orders/http/orders_api.hpp"
#include "millrace/app/orders/http/route_parts.hpp"

namespace millrace::orders {
namespace {

constexpr net::RateLimit kHealthRate{100, 200};

struct Check {
    std::string_view name;
    std::string_view status = "ok";  // or degraded, down
    std::string error = {};
};

struct State {
    std::string_view status = "ok";
    std::vector<Check> checks;

    void add(Check check) {
        if (check.status == "down" || (check.status == "degraded" && status == "ok"))
            status = check.status;
        checks.push_back(std::move(check));
    }
    [[nodiscard]] std::string_view status_of(std::string_view name) const {
        for (const Check& check : checks)
            if (check.name == name) return check.status;
        return status;
    }
};

// The age of the oldest last price; a market that never had one is as old as the server.
Check check_prices(const OrderView& view, Time started, Time now, Duration stale_after) {
    Check check{"prices"};
    for (const MarketView& market : view.markets) {
        const Time last = market.mark.has_value() ? market.at : started;
        if (now - last <= stale_after) continue;
        check.status = "degraded";
        check.error = "no price of " + std::string(market.instrument.symbol.view()) + " for " +
                      format_duration(now - last);
        return check;
    }
    return check;
}

State state_of(const OrderService& service, const ApiTerms& terms, Time now) {
    const Health health = service.health();
    State state;
    Check engine{"engine"};
    if (!health.stopped.empty()) {
        engine.status = "down";
        engine.error = health.stopped.front() + " has stopped";
    }
    state.add(std::move(engine));
    const auto disk = [&](std::string_view name, const std::optional<Error>& trouble) {
        Check check{name};
        if (trouble) {
            check.status = "down";
            check.error = trouble->what;
        }
        state.add(std::move(check));
    };
    disk("journal", health.journal);
    disk("ledger", health.ledger);
    if (service.settings().prices.is_on)
        state.add(check_prices(*service.view(), terms.started, now, terms.stale_prices));
    return state;
}

std::string health_json(const State& state, const ApiTerms& terms, Time now, Duration took) {
    JsonWriter writer;
    writer.begin_object().member("status", state.status).member("service", "orders");
    writer.member("version", terms.version);
    writer.member("uptimeMs", (now - terms.started).ns() / 1'000'000);
    writer.member("timestamp", format_time(now)).key("checks").begin_object();
    for (const Check& check : state.checks) {
        writer.key(check.name).begin_object().member("status", check.status);
        writer.key("latencyMs").raw(format_decimal(took.ns() / 1'000, 3));
        if (!check.error.empty()) writer.member("error", check.error);
        writer.end_object();
    }
    writer.end_object().end_object();
    return writer.str();
}

std::string healthz_json(const State& state) {
    const auto worst = [&](std::string_view a, std::string_view b) {
        return state.status_of(a) == "ok" ? state.status_of(b) : state.status_of(a);
    };
    JsonWriter writer;
    writer.begin_object().member("ok", state.status != "down").member("status", state.status);
    writer.key("dependencies").begin_object();
    writer.member("database", worst("journal", "ledger"));
    writer.member("worker", state.status_of("engine")).end_object().end_object();
    return writer.str();
}

std::string status_json(const OrderService& service, const ApiTerms& terms) {
    const auto view = service.view();
    JsonWriter writer;
    writer.begin_object().member("version", terms.version);
    writer.member("started_at", format_time(terms.started));
    writer.member("mode", name_of(service.settings().mode));
    writer.member("sends", view->rules.sends);
    writer.member("auto_promote", view->rules.auto_promotes);
    writer.member("market_guard", view->rules.guards_market);
    writer.member("breaker", view->breaker_is_open ? "open" : "closed");
    if (view->breaker_is_open)
        writer.member("breaker_open_until", format_time(view->breaker_open_until));
    writer.member("working_orders", std::uint64_t{view->working_orders});
    writer.key("symbols").begin_array();
    for (const MarketView& market : view->markets) {
        writer.begin_object().member("symbol", market.instrument.symbol.view());
        writer.member("tick", market.instrument.price_increment.to_string());
        writer.member("lot", market.instrument.quantity_increment.to_string());
        if (market.bid.has_value()) writer.member("bid", market.bid.value().to_string());
        if (market.ask.has_value()) writer.member("ask", market.ask.value().to_string());
        if (market.mark.has_value())
            writer.member("last_price", market.mark.value().to_string())
                .member("at", format_time(market.at));
        writer.end_object();
    }
    writer.end_array().key("intents").begin_object();
    for (std::size_t i = 0; i < view->intents.size(); ++i)
        writer.member(execution::kIntentStateNames[i], view->intents[i]);
    writer.end_object().end_object();
    return writer.str();
}

constexpr std::string_view kHealthSchema =
    R"({"type":"object","properties":{"status":{"enum":["ok","degraded","down"]},)"
    R"("service":{"type":"string"},"version":{"type":"string"},"uptimeMs":{"type":"integer"},)"
    R"("timestamp":{"type":"string","format":"date-time"},"checks":{"type":"object",)"
    R"("additionalProperties":{"type":"object","properties":{"status":{"type":"string"},)"
    R"("latencyMs":{"type":"number"},"error":{"type":"string"}},"required":["status"]}}},)"
    R"("required":["status","service","version","uptimeMs","timestamp","checks"]})";
constexpr std::string_view kHealthzSchema =
    R"({"type":"object","properties":{"ok":{"type":"boolean"},"status":{"type":"string"},)"
    R"("dependencies":{"type":"object","additionalProperties":{"type":"string"}}},)"
    R"("required":["ok","status","dependencies"]})";
constexpr std::string_view kReadySchema =
    R"({"type":"object","properties":{"ready":{"type":"boolean"}},"required":["ready"]})";
constexpr std::string_view kStatusSchema =
    R"({"type":"object","properties":{"version":{"type":"string"},"started_at":)"
    R"({"type":"string"},"mode":{"enum":["plan-only","paper-send","live-send"]},)"
    R"("sends":{"type":"boolean"},"auto_promote":{"type":"boolean"},)"
    R"("market_guard":{"type":"boolean"},"breaker":{"enum":["open","closed"]},)"
    R"("breaker_open_until":{"type":"string"},"working_orders":{"type":"integer"},)"
    R"("symbols":{"type":"array","items":{"type":"object",)"
    R"("properties":{"symbol":{"type":"string"}},"required":["symbol"]}},"intents":)"
    R"({"type":"object","additionalProperties":{"type":"integer"}}},)"
    R"("required":["version","mode","sends","symbols","intents"]})";

// Open to all, and answered in both cases: 200, or 503 when it does not do.
net::Route open_route(std::string path, std::string operation, std::string summary,
                      std::string component, std::string_view schema, net::Handler handler) {
    net::Route made = route(net::Method::get, std::move(path), std::move(operation),
                            std::move(summary), std::move(handler));
    made.scope = net::Scope::open;
    made.rate = kHealthRate;
    const net::BodyType body = net::schema_body(std::move(component), std::string(schema));
    made.answers = {{200, "it does", body, {}}, {503, "it does not", body, {}}};
    return made;
}

}  // namespace

void OrdersApi::add_health(net::Api& api) {
    api.add(open_route("/health", "health", "How the server does", "health", kHealthSchema,
                       [this](const net::Call& call, net::Responder responder) {
                           const auto begin = std::chrono::steady_clock::now();
                           const State state = state_of(service_, terms_, call.now());
                           const auto took = std::chrono::steady_clock::now() - begin;
                           responder.json(state.status == "down" ? 503 : 200,
                                          health_json(state, terms_, call.now(),
                                                      Duration::nanoseconds(took.count())));
                       }));
    api.add(open_route("/healthz", "healthz", "Whether the server does", "healthz", kHealthzSchema,
                       [this](const net::Call& call, net::Responder responder) {
                           const State state = state_of(service_, terms_, call.now());
                           responder.json(state.status == "down" ? 503 : 200, healthz_json(state));
                       }));
    api.add(open_route("/ready", "ready", "Whether the server takes requests", "ready",
                       kReadySchema, [this](const net::Call&, net::Responder responder) {
                           const bool ready = is_ready_.load();
                           responder.json(ready ? 200 : 503,
                                          ready ? R"({"ready":true})" : R"({"ready":false})");
                       }));

    net::Route status = route(net::Method::get, "/api/v1/status", "status",
                              "What the server is doing, and the last prices",
                              [this](const net::Call&, net::Responder responder) {
                                  responder.json(200, status_json(service_, terms_));
                              });
    status.answers = {{200, "it", net::schema_body("status", std::string(kStatusSchema)), {}}};
    api.add(std::move(status));

    if (terms_.figures == nullptr) return;
    net::Route metrics = route(net::Method::get, "/metrics", "metrics", "Figures for Prometheus",
                               [this](const net::Call&, net::Responder responder) {
                                   net::Response response =
                                       net::Response::text(200, terms_.figures->text());
                                   response.content_type = telemetry::Metrics::kContentType;
                                   responder.respond(std::move(response));
                               });
    metrics.answers = {{200, "the text", std::nullopt, "text/plain"}};
    api.add(std::move(metrics));
}

}  // namespace millrace::orders
