// A small api with one of everything, which tests of the server and other people's clients call.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "millrace/base/json_writer.hpp"
#include "millrace/edge/net/api/api.hpp"

#include "tests/support/random_nouns.hpp"

namespace millrace::net {

// Sends back whatever comes; "close me" closes with 1000, "flood" sends ten thousand messages.
class EchoSocket final : public WebSocketHandler {
  public:
    explicit EchoSocket(std::atomic<int>& closed) : closed_(closed) {}
    void on_open(const WebSocketPeer& peer) override { peer_ = peer; }
    void on_message(const WebSocketSession::Message& message) override {
        if (message.data == "close me") return peer_.close(kCloseNormal, "as you wish");
        if (message.data == "flood") return flood();
        if (message.is_text)
            peer_.send_text(message.data);
        else
            peer_.send_binary(message.data);
    }
    void on_close(std::uint16_t, std::string_view) override { ++closed_; }

  private:
    void flood() const {
        const EncodedFrame frame = encode_text(std::string(1'000, 'x'));
        for (int i = 0; i < 10'000; ++i)
            peer_.send(frame);
    }
    WebSocketPeer peer_;
    std::atomic<int>& closed_;
};

// Sends quotes of ten symbols as fast as asked, each under its symbol as the conflation key.
class QuotesSocket final : public WebSocketHandler {
  public:
    void on_open(const WebSocketPeer& peer) override { peer_ = peer; }
    void on_message(const WebSocketSession::Message& message) override {
        const int rounds = std::stoi(std::string(message.data));
        for (int i = 1; i <= rounds; ++i)
            for (int symbol = 0; symbol < 10; ++symbol)
                peer_.send_text(
                    "S" + std::to_string(symbol) + " " + std::to_string(i) + std::string(500, ' '),
                    "S" + std::to_string(symbol));
    }

  private:
    WebSocketPeer peer_;
};

// Makes the routes; what they need lives here, so it must outlive the server.
class SampleApi {
  public:
    SampleApi(Api& api, std::size_t big_bytes = 3'000'000) : big_(big_bytes, 'b') {
        add_reading(api);
        add_writing(api);
        add_sockets(api);
    }
    SampleApi(const SampleApi&) = delete;
    SampleApi& operator=(const SampleApi&) = delete;
    ~SampleApi() {
        for (std::thread& thread : threads_)
            thread.join();
    }

    [[nodiscard]] int closed_sockets() const { return closed_.load(); }
    // Keeps the next answer of /kept until it is told to let go.
    [[nodiscard]] std::size_t kept() {
        const std::lock_guard lock(mutex_);
        return kept_.size();
    }
    void let_go() {
        std::vector<Responder> kept;
        {
            const std::lock_guard lock(mutex_);
            kept.swap(kept_);
        }
        for (Responder& responder : kept)
            responder.json(200, R"({"late":true})");
    }

  private:
    static Route route(Method method, std::string path, std::string operation, Scope scope,
                       Handler handler) {
        Route made;
        made.method = method;
        made.path = std::move(path);
        made.operation = std::move(operation);
        made.summary = made.operation;
        made.tag = "sample";
        made.scope = scope;
        made.rate = {1'000'000, 1'000'000};
        made.answers = {{200, "done", schema_body("Anything", "{}"), {}}};
        made.handler = std::move(handler);
        return made;
    }

    void add_reading(Api& api) {
        api.add(route(
            Method::get, "/health", "health", Scope::open,
            [](const Call&, Responder responder) { responder.json(200, R"({"status":"ok"})"); }));
        api.add(route(Method::get, "/big", "big", Scope::open,
                      [this](const Call&, Responder responder) {
                          responder.respond(Response::text(200, big_));
                      }));
        api.add(route(Method::get, "/who", "who", Scope::read,
                      [](const Call& call, Responder responder) {
                          JsonWriter writer;
                          writer.begin_object().member("name", call.identity().name);
                          writer.member("scope", name_of(call.identity().scope)).end_object();
                          responder.json(200, writer.str());
                      }));
        Route item = route(Method::get, "/items/{id}", "item", Scope::open,
                           [](const Call& call, Responder responder) {
                               JsonWriter writer;
                               writer.begin_object().member("id", call.path("id"));
                               writer.member("limit", call.query_integer("limit").value_or(10));
                               responder.json(200, writer.end_object().str());
                           });
        item.path_parameters = {{.name = "id", .doc = "which", .length_max = 16}};
        item.query = {{.name = "limit",
                       .doc = "how many",
                       .kind = ParameterKind::integer,
                       .minimum = 1,
                       .maximum = 100}};
        api.add(std::move(item));
        api.add(route(Method::get, "/late", "late", Scope::open,
                      [this](const Call&, Responder responder) {
                          const std::lock_guard lock(mutex_);
                          threads_.emplace_back([r = std::move(responder)]() mutable {
                              r.json(200, R"({"thread":"another"})");
                          });
                      }));
        api.add(route(Method::get, "/kept", "kept", Scope::open,
                      [this](const Call&, Responder responder) {
                          const std::lock_guard lock(mutex_);
                          kept_.push_back(std::move(responder));
                      }));
        Route limited = route(Method::get, "/limited", "limited", Scope::open,
                              [](const Call&, Responder responder) { responder.json(200, "{}"); });
        limited.rate = {1, 2};
        api.add(std::move(limited));
    }

    void add_writing(Api& api) {
        Route echo = route(Method::post, "/echo", "echo", Scope::open,
                           [](const Call& call, Responder responder) {
                               responder.json(200, call.request().body);
                           });
        echo.body = schema_body("Anything", "{}");
        api.add(std::move(echo));
        Route intent =
            route(Method::post, "/intents", "submitIntent", Scope::trade,
                  json_handler<model::OrderIntent>(
                      [] { return std::make_shared<const model::Names>(model::test_names()); },
                      [](const Call& call, const model::OrderIntent&, Responder responder) {
                          JsonWriter writer;
                          writer.begin_object().member("key", call.idempotency_key()).end_object();
                          responder.json(202, writer.str());
                      }));
        intent.body = body_of<model::OrderIntent>();
        intent.idempotency_key = IdempotencyKey::required;
        intent.answers = {{202, "taken", schema_body("Anything", "{}"), {}}};
        api.add(std::move(intent));
        api.add(route(Method::post, "/forgotten", "forgotten", Scope::open,
                      [](const Call&, const Responder&) {}));
        api.add(route(Method::post, "/injected", "injected", Scope::open,
                      [](const Call&, Responder responder) {
                          Response response = Response::json(200, "{}");
                          response.headers.add("X-From", "a\r\nSet-Cookie: stolen=1");
                          responder.respond(std::move(response));
                      }));
    }

    void add_sockets(Api& api) {
        WebSocketRoute echo;
        echo.path = "/ws/echo";
        echo.operation = "echoSocket";
        echo.summary = "sends back what comes";
        echo.scope = Scope::open;
        echo.protocols = {"echo.v1"};
        echo.rate = {1'000'000, 1'000'000};
        echo.open = [this](const Call&) -> Result<std::unique_ptr<WebSocketHandler>> {
            return std::make_unique<EchoSocket>(closed_);
        };
        api.add(std::move(echo));
        WebSocketRoute quotes;
        quotes.path = "/ws/quotes";
        quotes.operation = "quotesSocket";
        quotes.summary = "quotes for who may read";
        quotes.rate = {1'000'000, 1'000'000};
        quotes.open = [](const Call&) -> Result<std::unique_ptr<WebSocketHandler>> {
            return std::make_unique<QuotesSocket>();
        };
        api.add(std::move(quotes));
    }

    const std::string big_;
    std::atomic<int> closed_ = 0;
    std::mutex mutex_;
    std::vector<Responder> kept_;
    std::vector<std::thread> threads_;
};

}  // namespace millrace::net
