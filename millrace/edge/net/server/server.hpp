// Server: the routes of an Api on a port, over HTTP/1.1 and WebSocket, plain or with TLS. It runs
// its own io threads; handlers are called on them and may answer later from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "millrace/base/result.hpp"
#include "millrace/edge/net/api/api.hpp"
#include "millrace/edge/net/driver/tls.hpp"
#include "millrace/edge/net/server_session.hpp"
#include "millrace/edge/net/websocket_outbox.hpp"
#include "millrace/edge/net/websocket_session.hpp"

namespace millrace::net {

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one
    std::size_t threads = 1;
    std::size_t connections_max = 16'384;
    std::size_t unsent_bytes_max = 4 * 1024 * 1024;  // of a connection; then it is read no more
    Duration write_time = Duration::seconds(30);     // without progress while bytes wait
    SessionLimits http;
    WebSocketLimits websocket;
    OutboxLimits outbox;
    std::optional<TlsIdentity> tls = {};
    std::function<void()> each_second = {};  // on an io thread: TokenVerifier::refresh, for example
};

struct ServerCounts {
    std::uint64_t connections = 0;  // open now
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;  // because there were too many
    std::uint64_t requests = 0;
    std::uint64_t websockets = 0;  // opened
    std::uint64_t messages = 0;    // from WebSockets
    std::uint64_t too_slow = 0;    // WebSockets that were closed with 4008
    std::uint64_t faults = 0;      // connections that were ended by a bug of ours, see the log
};

class Server {
  public:
    // It listens when this returns. The api must outlive it, and every handler that api has.
    [[nodiscard]] static Result<std::unique_ptr<Server>> start(const ServerOptions& options,
                                                               const Api& api);
    ~Server();  // stops without a drain

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] ServerCounts counts() const;

    // Takes no more connections and requests, gives those that are under way until `drain` to be
    // answered, closes WebSockets with 1001, and ends. Answers that come later go nowhere.
    void stop(Duration drain);

  private:
    class Core;
    explicit Server(std::shared_ptr<Core> core);
    std::shared_ptr<Core> core_;
};

}  // namespace millrace::net
