// An orders server in small, for tests of those who ask it: real routes over a real socket, strict
// about methods, tokens and fields, with a memory of keys and no engine behind it. What the
// commands get from the real one is tested in tests/orders.
#pragma once

#include <chrono>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <unistd.h>
#include <vector>

#include "millrace/app/runs/json_value.hpp"
#include "millrace/base/json_writer.hpp"
#include "millrace/edge/net/server/server.hpp"

#include "tests/support/temporary_directory.hpp"

namespace millrace {

class FakeOrders {
  public:
    struct Seen {
        std::string target;
        std::string body;
        std::string key;
    };

    FakeOrders() {
        using net::Method;
        add(Method::post, "/api/v1/orderintents", net::Scope::trade,
            [this](const net::Call& call) { return take_intent(call); });
        add(Method::get, "/api/v1/orderintents/{id}", net::Scope::read,
            [this](const net::Call& call) { return chain(std::string(call.path("id"))); });
        add(Method::post, "/api/v1/intents/{id}/promote", net::Scope::trade,
            [this](const net::Call& call) { return promote(std::string(call.path("id"))); });
        answers(Method::post, "/api/v1/orderintents/{id}/cancel", net::Scope::trade, 202,
                R"({"id":1,"status":"cancelled","symbol":"AAPL"})");
        add(Method::get, "/api/v1/intents", net::Scope::read,
            [this](const net::Call&) { return all_intents(); });
        answers(Method::get, "/api/v1/orders", net::Scope::read, 200,
                R"([{"id":1125899906842692,"intent_id":1,"symbol":"AAPL","side":"BUY",)"
                R"("quantity":"10","order_type":"LMT","price":"180.5","status":"accepted",)"
                R"("filled_quantity":"0","account":"main"}])");
        answers(Method::post, "/api/v1/orders/cancel-all", net::Scope::trade, 202,
                R"({"orders":3})");
        answers(Method::get, "/api/v1/positions", net::Scope::read, 200,
                R"([{"account":"main","symbol":"AAPL","quantity":"-10","average_price":"180"},)"
                R"({"account":"main","symbol":"MSFT","quantity":"0"}])");
        add(Method::post, "/api/v1/check", net::Scope::trade,
            [](const net::Call& call) { return verdict(call); });
        answers(Method::post, "/api/v1/reservations/{id}/release", net::Scope::trade, 200,
                R"({"id":2251799813685249,"released":true})");
        answers(Method::get, "/api/v1/limits", net::Scope::read, 200, "[]");
        answers(Method::put, "/api/v1/limits/{scope}/{key}", net::Scope::admin, 200,
                R"({"scope":"symbol","key":"AAPL","limit":"max-order-qty","value":"500",)"
                R"("version":2,"changed_by":"this machine","since":"2026-01-05T14:30:00Z"})");
        add(Method::post, "/api/v1/kill-switch", net::Scope::trade,
            [this](const net::Call&) { return switched(); });
        add(Method::get, "/api/v1/kill-switch", net::Scope::read,
            [this](const net::Call&) { return switches(); });
        answers(Method::get, "/api/v1/status", net::Scope::read, 200,
                R"({"mode":"plan-only","symbols":[{"symbol":"AAPL"},{"symbol":"MSFT"}]})");
        answers(Method::get, "/broken", net::Scope::open, 200, "no JSON");
        auto token = net::local_token(folder_.path(), wall_now());
        MILLRACE_ASSERT(token.has_value() && tokens_->refresh().has_value(), "a token is made");
        auto started = net::Server::start({}, api_);
        MILLRACE_ASSERT(started.has_value(), "the fake listens");
        server_ = std::move(*started);
        write_run_file(::getpid());
    }

    [[nodiscard]] const std::string& data_dir() const { return folder_.path(); }
    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(server_->port());
    }
    [[nodiscard]] std::vector<Seen> seen() const {
        const std::lock_guard lock(mutex_);
        return seen_;
    }
    void write_run_file(int pid) const {
        std::ofstream(folder_ / "run.json")
            << R"({"schema_version":1,"pid":)" << pid << R"(,"url":")" << url() << R"("})";
    }
    void forget_tokens() const { std::filesystem::remove(folder_ / "token"); }
    void stop() { server_->stop(Duration::seconds(1)); }

  private:
    using Handle = std::function<net::Response(const net::Call&)>;

    static Time wall_now() {
        return Time::from_ns(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                 std::chrono::system_clock::now().time_since_epoch())
                                 .count());
    }

    void add(net::Method method, const std::string& path, net::Scope scope, Handle handle) {
        net::Route route;
        route.method = method;
        route.path = path;
        route.operation = std::string(net::name_of(method)) + path;
        route.summary = "fake";
        route.tag = "fake";
        route.scope = scope;
        route.rate = {1'000'000, 1'000'000};
        route.answers = {{200, "done", net::schema_body("Anything", "{}"), {}}};
        for (const char* name : {"id", "scope", "key"})
            if (path.find("{" + std::string(name) + "}") != std::string::npos)
                route.path_parameters.push_back({.name = name, .doc = "which"});
        if (method == net::Method::get || path.ends_with("cancel-all"))
            for (const char* name : {"limit", "before", "status", "symbol", "account", "strategy"})
                route.query.push_back({.name = name, .doc = "which"});
        if (path.ends_with("/orderintents") && method == net::Method::post)
            route.idempotency_key = net::IdempotencyKey::required;
        const std::set<std::string> with_body = {"/api/v1/orderintents", "/api/v1/check",
                                                 "/api/v1/kill-switch",
                                                 "/api/v1/limits/{scope}/{key}"};
        if (method != net::Method::get && with_body.contains(path))
            route.body = net::schema_body("Anything", "{}");
        route.handler = [this, handle = std::move(handle)](const net::Call& call,
                                                           net::Responder responder) {
            const std::lock_guard lock(mutex_);
            seen_.push_back(
                {call.request().target, call.request().body,
                 std::string(
                     call.request().headers.find("idempotency-key").value_or(std::string_view()))});
            responder.respond(handle(call));
        };
        api_.add(std::move(route));
    }

    void answers(net::Method method, const std::string& path, net::Scope scope, int status,
                 const std::string& json) {
        add(method, path, scope,
            [status, json](const net::Call&) { return net::Response::json(status, json); });
    }

    static net::Response problem(int status, const std::string& code, const std::string& detail,
                                 const std::string& path = {},
                                 std::vector<std::pair<std::string, std::string>> more = {}) {
        net::Problem told;
        told.status = status;
        told.code = code;
        told.detail = detail;
        told.path = path;
        told.members = std::move(more);
        return net::to_response(told, "request-1");
    }

    net::Response take_intent(const net::Call& call) {
        const auto body = runs::JsonValue::parse(call.request().body, "body");
        const std::set<std::string> known = {
            "symbol",        "side",       "quantity",         "order_type",  "price",
            "stop_price",    "client_tag", "stop_loss",        "take_profit", "strategy",
            "time_in_force", "timestamp",  "strategy_version", "long_entry",  "short_entry",
            "sl_long",       "tp_long",    "sl_short",         "tp_short",    "account"};
        if (!body) return problem(422, "invalid-data", "this is no JSON");
        for (const auto& [name, value] : body->members())
            if (!known.contains(name))
                return problem(422, "invalid-data", "there is no such field", "$." + name);
        const std::string symbol = (*body)["symbol"].text();
        if (symbol == "NOPE")
            return problem(422, "invalid-data", "the symbol is not configured", "$.symbol");
        if (symbol == "BUSY") return problem(503, "busy", "too much to do");
        const bool is_limit = (*body)["order_type"].text() == "LMT";
        const bool is_signal = !(*body)["strategy_version"].is_null();
        if (is_limit && !is_signal && (*body)["price"].is_null())
            return problem(422, "invalid-data", "a limit order without a price", "$.price");
        const std::string key(call.idempotency_key());
        const auto [at, is_new] = by_key_.try_emplace(key, intents_.size() + 1);
        const std::string id = std::to_string(at->second);
        if (is_new) {
            intents_.push_back({symbol, call.request().body, first_status(*body)});
            return net::Response::json(
                202, R"({"id":)" + id + R"(,"status":"pending","symbol":")" + symbol + "\"}");
        }
        const Kept& kept = intents_[at->second - 1];
        if (kept.body != call.request().body)
            return problem(422, "key-reused", "the key has another body", "", {{"id", id}});
        return problem(409, "duplicate-intent", "the key is known", "",
                       {{"id", id}, {"intent", json_of(at->second)}});
    }

    static std::string first_status(const runs::JsonValue& body) {
        if (body["quantity"].text() == "20000") return "rejected";
        return "planned";
    }

    std::string json_of(std::size_t id) const {
        const Kept& kept = intents_[id - 1];
        JsonWriter writer;
        writer.begin_object().member("id", static_cast<std::int64_t>(id));
        writer.member("symbol", kept.symbol).member("status", kept.status);
        if (kept.status == "rejected")
            writer.member("reason", "max_order_qty")
                .key("risk")
                .raw(R"([{"order_id":1125899906842628,"decision":"REJECT","code":"MAX_ORDER_QTY",)"
                     R"("limit":"10000","value":"20000","scope":"global"}])");
        return writer.end_object().str();
    }

    net::Response chain(const std::string& text) {
        const std::size_t id = text.size() < 6 ? std::stoul("0" + text) : 0;
        if (id == 0 || id > intents_.size())
            return problem(404, "not-found", "there is no intent " + text);
        return net::Response::json(200, json_of(id));
    }

    net::Response promote(const std::string& text) {
        Kept& kept = intents_.at(std::stoul(text) - 1);
        if (kept.status != "planned") return problem(409, "too-late", "it is not planned");
        kept.status = "filled";
        return net::Response::json(200, json_of(std::stoul(text)));
    }

    net::Response all_intents() {
        std::string json = "[";
        for (std::size_t id = intents_.size(); id > 0; --id)
            json += json_of(id) + (id > 1 ? "," : "");
        return net::Response::json(200, json + "]");
    }

    static net::Response verdict(const net::Call& call) {
        const auto body = runs::JsonValue::parse(call.request().body, "body");
        if (body && (*body)["qty"].text() == "20000")
            return net::Response::json(
                200, R"({"orderId":"x","decision":"REJECT","reasons":[{"code":"MAX_ORDER_QTY",)"
                     R"("scope":"global","limit":"10000","value":"20000"}]})");
        return net::Response::json(200, R"({"orderId":"x","decision":"ACCEPT","reasons":[],)"
                                        R"("reservationId":2251799813685249})");
    }

    net::Response switched() {
        looks_ = 0;
        return net::Response::json(200, switch_json(false));
    }
    // Proven at the third look.
    net::Response switches() {
        return net::Response::json(
            200, R"({"engaged":true,"switches":[)" + switch_json(++looks_ >= 3) + "]}");
    }
    static std::string switch_json(bool is_proven) {
        return std::string(R"({"scope":"global","engaged":true,"proven":)") +
               (is_proven ? "true" : "false") + R"(,"working":)" + (is_proven ? "0" : "2") +
               R"(,"reason":"why","actor":"this machine","since":"2026-01-05T14:30:00Z"})";
    }

    struct Kept {
        std::string symbol;
        std::string body;
        std::string status;
    };

    TemporaryDirectory folder_;
    mutable std::mutex mutex_;
    std::vector<Seen> seen_;
    std::map<std::string, std::size_t> by_key_;
    std::vector<Kept> intents_;
    int looks_ = 0;
    std::unique_ptr<net::TokenVerifier> tokens_ = net::TokenVerifier::open(folder_.path()).value();
    net::Doorkeeper keeper_{{.open_reading_without_tokens = true}, tokens_.get(), nullptr};
    net::Api api_{{}, keeper_};
    std::unique_ptr<net::Server> server_;
};

}  // namespace millrace
