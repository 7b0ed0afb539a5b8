// WebSocketClient: one WebSocket to a server, on a loop of the caller's. Certificates are verified,
// proxies are honoured, and opening has an end. Whether and when to open another after it has
// closed is the caller's to say (retry.hpp has the waits).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/edge/net/client_session.hpp"
#include "millrace/edge/net/driver/loop.hpp"
#include "millrace/edge/net/driver/tls.hpp"
#include "millrace/edge/net/proxy.hpp"
#include "millrace/edge/net/websocket_session.hpp"

namespace millrace::net {

struct WebSocketClientOptions {
    Url url = {};  // ws or wss
    Headers headers = {};
    std::vector<std::string> protocols = {};
    Duration open_time = Duration::seconds(10);
    WebSocketLimits limits;
    TlsTrust trust = {};
    ProxyRules proxies = {};
};

// Called on the loop's thread. It may end the client in any of these but not twice.
class WebSocketClientHandler {
  public:
    virtual ~WebSocketClientHandler() = default;
    virtual void on_open(std::string_view protocol) = 0;
    virtual void on_message(const WebSocketSession::Message& message) = 0;
    // The last call; `error` is given when it never opened or broke.
    virtual void on_close(std::uint16_t code, std::string_view reason, const Error* error) = 0;
};

class WebSocketClient {
  public:
    // On the loop's thread, like all of this; the handler must outlive it.
    [[nodiscard]] static Result<std::unique_ptr<WebSocketClient>> open(
        Loop& loop, const WebSocketClientOptions& options, WebSocketClientHandler& handler);
    ~WebSocketClient();

    void send_text(std::string_view text);
    void send_binary(std::string_view bytes);
    [[nodiscard]] std::size_t unsent() const;  // bytes that wait
    void close(std::uint16_t code, std::string_view reason);

  private:
    class Core;
    explicit WebSocketClient(std::unique_ptr<Core> core);
    std::unique_ptr<Core> core_;
};

}  // namespace millrace::net
