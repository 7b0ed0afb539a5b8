// Net: the server over loopback against a raw echo over the same kind of socket, both ends of it
// without any protocol. One turn is one message and its answer, or sixteen of them in flight; all
// messages are as long as the request they stand for. The last ones are the state machines alone,
// without a socket.
#include <benchmark/benchmark.h>
#include <thread>

#include "millrace/edge/net/server/server.hpp"
#include "millrace/edge/net/websocket_frame.hpp"

#include "bench/report.hpp"
#include "tests/net/scripted_server.hpp"

namespace millrace::bench {
namespace {

using namespace millrace::net;

const std::string kRequest = "GET /health HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\n\r\n";
constexpr Mask kMask = {'m', 'a', 's', 'k'};

std::string frame_of(std::string_view text) {
    std::string out;
    append_frame(Opcode::text, text, kMask, out);
    return out;
}
std::string times(const std::string& text, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += text;
    return out;
}

// Gives back what comes, on a thread of its own.
ScriptedServer& raw_echo() {
    static ScriptedServer server([](int descriptor, std::size_t) {
        const int one = 1;
        ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
        char piece[16'384];
        for (ssize_t got = 0; (got = ::recv(descriptor, piece, sizeof(piece), 0)) > 0;)
            ScriptedServer::say(descriptor, {piece, static_cast<std::size_t>(got)});
    });
    return server;
}

class Echo final : public WebSocketHandler {
  public:
    void on_open(const WebSocketPeer& peer) override { peer_ = peer; }
    void on_message(const WebSocketSession::Message& message) override {
        peer_.send_text(message.data);
    }

  private:
    WebSocketPeer peer_;
};

struct Site {
    Doorkeeper keeper{{}, nullptr, nullptr};
    Api api{{}, keeper};
    std::unique_ptr<Server> server;
    Site() {
        Route health;
        health.path = "/health";
        health.operation = "health";
        health.scope = Scope::open;
        health.rate = {100'000'000, 100'000'000};
        health.handler = [](const Call&, Responder responder) {
            responder.json(200, R"({"status":"ok"})");
        };
        api.add(std::move(health));
        WebSocketRoute echo;
        echo.path = "/echo";
        echo.operation = "echo";
        echo.scope = Scope::open;
        echo.open = [](const Call&) -> Result<std::unique_ptr<WebSocketHandler>> {
            return std::make_unique<Echo>();
        };
        api.add(std::move(echo));
        server = Server::start({}, api).value();
    }
};
Site& site() {
    static Site the_site;
    return the_site;
}

void echo_raw(benchmark::State& state) {
    const auto flight = static_cast<std::size_t>(state.range(0));
    RawClient client(raw_echo().port());
    const std::string sent = times(kRequest, flight);
    for (auto _ : state) {
        client.send(sent);
        benchmark::DoNotOptimize(client.read_bytes(sent.size()));
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(echo_raw)->Name("Net/raw_echo")->Arg(1)->Arg(16)->UseRealTime();

void http(benchmark::State& state) {
    const auto flight = static_cast<std::size_t>(state.range(0));
    RawClient client(site().server->port());
    client.send(kRequest);
    const std::size_t size = client.read_answer().size();
    const std::string sent = times(kRequest, flight);
    for (auto _ : state) {
        client.send(sent);
        benchmark::DoNotOptimize(client.read_bytes(size * flight));
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
    compare_with(state, "Net/raw_echo/" + std::to_string(flight) + "/real_time");
}
BENCHMARK(http)->Name("Net/http")->Arg(1)->Arg(16)->UseRealTime();

void websocket(benchmark::State& state) {
    const auto flight = static_cast<std::size_t>(state.range(0));
    RawClient client(site().server->port());
    client.send(
        "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    client.read_to("\r\n\r\n");
    const std::string text(kRequest.size(), 'x');
    const std::string sent = times(frame_of(text), flight);
    for (auto _ : state) {
        client.send(sent);
        benchmark::DoNotOptimize(client.read_bytes((text.size() + 2) * flight));
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
    compare_with(state, "Net/raw_echo/" + std::to_string(flight) + "/real_time");
}
BENCHMARK(websocket)->Name("Net/websocket")->Arg(1)->Arg(16)->UseRealTime();

void http_session(benchmark::State& state) {
    const SessionLimits limits;
    SessionSurroundings surroundings;
    HttpServerSession session(limits, surroundings, Time());
    const Response response = Response::json(200, R"({"status":"ok"})");
    for (auto _ : state) {
        session.receive(kRequest, Time());
        const auto request = session.next(Time());
        session.answer(request->number, response, Time());
        benchmark::DoNotOptimize(session.output().size());
        session.output().clear();
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(http_session)->Name("Net/http_session");

void websocket_session(benchmark::State& state) {
    WebSocketSession session(WebSocketRole::server, {}, Time());
    const std::string sent = times(frame_of(std::string(kRequest.size(), 'x')), 16);
    for (auto _ : state) {
        session.receive(sent, Time());
        while (const auto message = session.next(Time()))
            session.send_text(message->data);
        benchmark::DoNotOptimize(session.output().size());
        session.output().clear();
    }
    state.SetItemsProcessed(state.iterations() * 16);
}
BENCHMARK(websocket_session)->Name("Net/websocket_session");

}  // namespace
}  // namespace millrace::bench
