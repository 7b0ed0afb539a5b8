// The sample api on a port, with a token to trade and, when asked for, a certificate.
#pragma once

#include <chrono>
#include <thread>

#include "millrace/edge/net/driver/loop.hpp"
#include "millrace/edge/net/server/server.hpp"

#include "tests/net/raw_client.hpp"
#include "tests/net/sample_api.hpp"
#include "tests/support/temporary_directory.hpp"

namespace millrace::net {

struct TestSite {
    explicit TestSite(ServerOptions options = {}) {
        auto started = Server::start(options, api);
        MILLRACE_ASSERT(started.has_value(), "the server starts");
        server = std::move(*started);
    }
    TemporaryDirectory folder;
    TokenStore store = TokenStore::open(folder.path()).value();
    std::string token{
        store.create("desk", Scope::trade, Loop::wall_now(), std::nullopt)->text.reveal()};
    std::unique_ptr<TokenVerifier> tokens = TokenVerifier::open(folder.path()).value();
    Doorkeeper keeper{{}, tokens.get(), nullptr};
    Api api{{}, keeper};
    SampleApi sample{api};
    std::unique_ptr<Server> server;

    [[nodiscard]] RawClient client() const { return RawClient(server->port()); }
};

// Whether it comes true within twenty seconds.
template <class Condition>
[[nodiscard]] bool comes_true(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::yield();
    }
    return true;
}

inline std::string get(const std::string& path, const std::string& more = {}) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
}
inline std::string upgrade(const std::string& path, const std::string& more = {}) {
    return get(path,
               "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                   more);
}

}  // namespace millrace::net
