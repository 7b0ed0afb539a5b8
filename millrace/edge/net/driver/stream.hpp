// Stream: one TCP connection, plain or over TLS, of one loop. Writing is tried at once; what the
// system does not take waits and goes when it can. Listener: where connections come in.
// All of it is called on the loop's thread, and calls its handler there.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "millrace/base/result.hpp"
#include "millrace/edge/net/driver/loop.hpp"
#include "millrace/edge/net/driver/tls.hpp"

namespace millrace::net {

class StreamHandler {
  public:
    virtual ~StreamHandler() = default;
    virtual void on_open() {}  // connected, and TLS is up
    virtual void on_bytes(std::string_view bytes) = 0;
    virtual void on_sent() {}  // nothing waits to be sent any more
    // The last call. `error` says why, unless the other side just closed.
    virtual void on_end(const Error* error) = 0;
};

// Whether the error says that nobody listens there, or that no way leads there.
[[nodiscard]] bool is_no_connection(const Error& error);

class Stream {
  public:
    // An outgoing connection. `host` is a name or an address; TLS is used when there is a context.
    // Every address of the name is tried in turn. The handler must outlive the stream.
    [[nodiscard]] static std::unique_ptr<Stream> connect(Loop& loop, const std::string& host,
                                                         std::uint16_t port,
                                                         std::shared_ptr<const TlsContext> tls,
                                                         StreamHandler& handler);
    // Ends the connection at once; the handler is called no more.
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    // Of a stream that was accepted: from here on the handler hears of it.
    void start(StreamHandler& handler);

    // From here on another one hears of it.
    void set_handler(StreamHandler& handler);

    void send(std::string_view bytes);
    [[nodiscard]] std::size_t unsent() const;
    // When some of what waits was last taken by the system.
    [[nodiscard]] Time progress() const;

    // Stops and resumes reading, so that who sends too fast is held up.
    void read(bool on);
    // Over an open plain connection (through a proxy's tunnel); on_open() comes again.
    void begin_tls(const std::shared_ptr<const TlsContext>& tls, std::string_view host);
    // Sends what waits, closes our side, and for a moment reads and drops what still comes, so that
    // the last answer is not lost to a reset. on_end() follows.
    void finish();

    [[nodiscard]] const std::string& peer() const;  // address:port of the other side

    struct Core;
    explicit Stream(std::shared_ptr<Core> core);

  private:
    std::shared_ptr<Core> core_;
};

class Listener {
  public:
    using Accepted = std::function<void(std::unique_ptr<Stream>)>;
    // The loop that the next connection shall belong to, where `accepted` is then called.
    using NextLoop = std::function<Loop&()>;

    // Before the loop is started, or on its thread. Port 0 takes any free one.
    [[nodiscard]] static Result<std::unique_ptr<Listener>> open(
        Loop& loop, const std::string& address, std::uint16_t port,
        std::shared_ptr<const TlsContext> tls, NextLoop next_loop, Accepted accepted);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    void close();  // takes no more; on the loop's thread, or after its end

    struct Core;
    explicit Listener(std::shared_ptr<Core> core);

  private:
    std::shared_ptr<Core> core_;
};

}  // namespace millrace::net
