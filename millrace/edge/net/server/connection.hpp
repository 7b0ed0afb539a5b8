// Connection: one client of the server. It moves bytes between the stream and the state machines,
// first that of HTTP and after an upgrade that of WebSocket, and knows when to give up.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "millrace/edge/net/driver/stream.hpp"
#include "millrace/edge/net/server/worker.hpp"
#include "millrace/edge/net/server_session.hpp"

namespace millrace::net {

class Connection final : public StreamHandler {
  public:
    Connection(const ServerSetting& setting, Worker& worker, std::uint64_t id,
               std::unique_ptr<Stream> stream);
    ~Connection() override;

    void start();
    // Says that there are too many, and ends.
    void start_refusing();

    void answer(std::uint64_t number, const Response& response);
    void send(bool is_text, std::string_view data, std::string_view key);
    void send(EncodedFrame frame, std::string_view key);
    void close(std::uint16_t code, std::string_view reason);

    void drain();
    void sweep(Time now);
    // The server ends: a WebSocket's handler hears of it.
    void abandon();

    void on_bytes(std::string_view bytes) override;
    void on_sent() override;
    void on_end(const Error* error) override;

  private:
    struct Socket {
        std::unique_ptr<WebSocketHandler> handler;
        WebSocketSession session;
        WebSocketOutbox outbox;
        bool closed = false;  // the handler has been told
    };

    // Runs `work`; an exception, which is a bug of ours, ends this connection and no other.
    template <class Work>
    void guarded(Work work);
    void pump(Time now);
    void dispatch(NumberedRequest&& received, Time now);
    void upgrade(NumberedRequest&& received, Time now);
    void pump_socket(Time now);
    void flush(Time now);
    void flush_http();
    void flush_socket(Time now);
    [[nodiscard]] bool may_send_directly() const;
    void give_up_slow(Time now);
    void tell_closed();
    void drop();

    const ServerSetting& setting_;
    Worker& worker_;
    std::uint64_t id_;
    HttpServerSession session_;
    std::unique_ptr<Socket> socket_;
    std::unique_ptr<Stream> stream_;  // null once it is dropped
    bool pumping_ = false;            // an answer given now is flushed by the pump
    bool ended_ = false;
    bool refusing_ = false;
};

}  // namespace millrace::net
