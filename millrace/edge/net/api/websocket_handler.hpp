// What a route does with its WebSockets: a handler for each connection, made when it opens, and the
// peer to whom it, or anybody on any thread, sends.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "millrace/edge/net/websocket_outbox.hpp"
#include "millrace/edge/net/websocket_session.hpp"

namespace millrace::net {

// Where messages go; the server implements it. Any thread, also after the end.
class WebSocketSink {
  public:
    virtual ~WebSocketSink() = default;
    virtual void send(std::uint64_t connection, bool is_text, std::string_view data,
                      std::string_view key) = 0;
    virtual void send(std::uint64_t connection, EncodedFrame frame, std::string_view key) = 0;
    virtual void close(std::uint64_t connection, std::uint16_t code, std::string_view reason) = 0;
};

// A copy is the same peer. While a slow peer's messages wait, one with a key replaces the older one
// with the same key (websocket_outbox.hpp).
class WebSocketPeer {
  public:
    WebSocketPeer() = default;
    WebSocketPeer(std::shared_ptr<WebSocketSink> sink, std::uint64_t connection)
        : sink_(std::move(sink)), connection_(connection) {}

    void send_text(std::string_view text, std::string_view key = {}) const {
        if (sink_) sink_->send(connection_, true, text, key);
    }
    void send_binary(std::string_view bytes, std::string_view key = {}) const {
        if (sink_) sink_->send(connection_, false, bytes, key);
    }
    // For many peers at once: encoded by encode_text() or encode_binary().
    void send(EncodedFrame frame, std::string_view key = {}) const {
        if (sink_) sink_->send(connection_, std::move(frame), key);
    }
    void close(std::uint16_t code, std::string_view reason) const {
        if (sink_) sink_->close(connection_, code, reason);
    }

  private:
    std::shared_ptr<WebSocketSink> sink_;
    std::uint64_t connection_ = 0;
};

// Called on the connection's io thread: it must not wait.
class WebSocketHandler {
  public:
    virtual ~WebSocketHandler() = default;
    virtual void on_open(const WebSocketPeer& peer) = 0;
    virtual void on_message(const WebSocketSession::Message& message) = 0;
    virtual void on_close(std::uint16_t, std::string_view) {}  // the last call
};

}  // namespace millrace::net
