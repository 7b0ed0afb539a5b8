// Sockets on Asio: waits by its reactor, reads and writes without waiting. One read goes to the
// loop's scratch buffer, so an idle connection holds none.
#include "millrace/edge/net/driver/stream.hpp"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "millrace/base/assert.hpp"
#include "millrace/base/log.hpp"
#include "millrace/edge/net/driver/loop_inside.hpp"

namespace millrace::net {
namespace {

using boost::asio::ip::tcp;
using Code = boost::system::error_code;

constexpr int kReadsInARow = 4;  // before the other connections have their turn
constexpr auto kLinger = std::chrono::seconds(2);
constexpr std::size_t kLingerBytes = 1024 * 1024;
constexpr int kBacklog = 4'096;
constexpr std::string_view kNoConnection = "no connection";

bool would_block(const Code& error) {
    return error == boost::asio::error::would_block || error == boost::asio::error::try_again;
}

Error network_error(std::string what, const Code& error, std::string where) {
    return {ErrorCode::network, std::move(what), std::move(where), error.message(),
            "check the address, and that the other side is running"};
}

std::string text_of(const tcp::endpoint& endpoint) {
    const std::string address = endpoint.address().to_string();
    const std::string port = std::to_string(endpoint.port());
    return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

}  // namespace

bool is_no_connection(const Error& error) {
    return error.code == ErrorCode::network && error.what == kNoConnection;
}

struct Stream::Core : std::enable_shared_from_this<Stream::Core> {
    explicit Core(Loop& its_loop)
        : loop(its_loop),
          socket(its_loop.inside().context),
          resolver(its_loop.inside().context),
          linger(its_loop.inside().context) {}

    // Connecting
    void resolve(const std::string& host, std::uint16_t port);
    void connect_next(tcp::resolver::results_type results,
                      tcp::resolver::results_type::const_iterator at);
    void connected();

    // Reading
    void wait_readable();
    void on_readable();
    [[nodiscard]] bool take(std::string_view wire);
    void drop_rest();

    // Writing
    void send(std::string_view plain);
    void write_wire(std::string_view wire);
    void wait_writable();
    void flush_tls();
    void close_our_side();

    void end(const Error* error);
    void shut();

    Loop& loop;
    tcp::socket socket;
    tcp::resolver resolver;
    boost::asio::steady_timer linger;
    StreamHandler* handler = nullptr;
    std::unique_ptr<TlsSession> tls;
    std::shared_ptr<const TlsContext> tls_settings;
    std::string host;
    std::string peer;
    std::string unsent;
    std::size_t sent = 0;  // of unsent
    Time progress;
    std::string plain;
    std::size_t dropped = 0;
    bool announced = false;  // on_open was called
    bool reads = true;
    bool waits_readable = false;
    bool waits_writable = false;
    bool finishing = false;
    bool our_side_closed = false;
    bool ended = false;
};

void Stream::Core::resolve(const std::string& name, std::uint16_t port) {
    host = name;
    peer = name + ":" + std::to_string(port);
    resolver.async_resolve(
        name, std::to_string(port), tcp::resolver::numeric_service,
        [self = shared_from_this()](const Code& error, const tcp::resolver::results_type& results) {
            if (self->ended) return;
            if (error) {
                const Error told = network_error("the host \"" + self->host + "\" is not found",
                                                 error, self->peer);
                return self->end(&told);
            }
            self->connect_next(results, results.begin());
        });
}

void Stream::Core::connect_next(tcp::resolver::results_type results,
                                tcp::resolver::results_type::const_iterator at) {
    Code ignored;
    socket.close(ignored);
    const tcp::endpoint endpoint = at->endpoint();
    socket.async_connect(endpoint, [self = shared_from_this(), results, at](const Code& error) {
        if (self->ended) return;
        if (!error) return self->connected();
        const auto next = std::next(at);
        if (next != results.end()) return self->connect_next(results, next);
        const Error told =
            network_error(std::string(kNoConnection), error, text_of(at->endpoint()));
        self->end(&told);
    });
}

void Stream::Core::connected() {
    Code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
    if (tls_settings) {
        tls = TlsSession::start(tls_settings, socket.is_open() ? host : std::string());
        flush_tls();
    }
    if (ended) return;
    wait_readable();
    if (!tls) {
        announced = true;
        handler->on_open();
    }
}

void Stream::Core::wait_readable() {
    if (ended || waits_readable || !reads) return;
    waits_readable = true;
    socket.async_wait(tcp::socket::wait_read, [self = shared_from_this()](const Code& error) {
        self->waits_readable = false;
        if (self->ended || error || !self->reads) return;
        self->on_readable();
    });
}

void Stream::Core::on_readable() {
    auto& scratch = loop.inside().scratch;
    for (int i = 0; i < kReadsInARow && reads; ++i) {
        Code error;
        const std::size_t size = socket.read_some(boost::asio::buffer(scratch), error);
        if (would_block(error)) break;
        if (error == boost::asio::error::eof) return end(nullptr);
        if (error) {
            const Error told = network_error("the connection broke", error, peer);
            return end(&told);
        }
        if (finishing) {
            dropped += size;
            if (dropped > kLingerBytes) return end(nullptr);
            continue;
        }
        if (!take({scratch.data(), size}) || ended) return;
        if (size < scratch.size()) break;  // there was no more
    }
    wait_readable();
}

// False when the stream has ended meanwhile.
bool Stream::Core::take(std::string_view wire) {
    if (!tls) {
        handler->on_bytes(wire);
        return !ended;
    }
    plain.clear();
    const auto received = tls->receive(wire, plain);
    flush_tls();
    if (ended) return false;
    if (tls->is_open() && !announced) {
        announced = true;
        handler->on_open();
        if (ended) return false;
    }
    if (!plain.empty()) {
        const std::string bytes = std::move(plain);
        plain.clear();
        handler->on_bytes(bytes);
        if (ended) return false;
    }
    if (!received) {
        end(&received.error());
        return false;
    }
    if (tls->is_ended() && !finishing) {
        end(nullptr);
        return false;
    }
    return true;
}

void Stream::Core::send(std::string_view bytes) {
    if (ended || finishing) return;
    if (!tls) return write_wire(bytes);
    const auto encoded = tls->send(bytes);
    flush_tls();
    if (!encoded && !ended) end(&encoded.error());
}

void Stream::Core::flush_tls() {
    std::string& wire = tls->output();
    if (wire.empty()) return;
    write_wire(wire);
    wire.clear();
}

void Stream::Core::write_wire(std::string_view wire) {
    if (ended || wire.empty()) return;
    if (sent == unsent.size()) {
        progress = Loop::now();
        Code error;
        const std::size_t size =
            socket.write_some(boost::asio::buffer(wire.data(), wire.size()), error);
        if (!error) wire.remove_prefix(size);
        // A broken connection shows itself to the reader, who has the words for it.
        if (error && !would_block(error)) return;
        if (wire.empty()) return;
        unsent.clear();
        sent = 0;
    }
    unsent.append(wire);
    wait_writable();
}

void Stream::Core::wait_writable() {
    if (ended || waits_writable) return;
    waits_writable = true;
    socket.async_wait(tcp::socket::wait_write, [self = shared_from_this()](const Code& waited) {
        self->waits_writable = false;
        if (self->ended || waited) return;
        Code error;
        const std::size_t size = self->socket.write_some(
            boost::asio::buffer(self->unsent.data() + self->sent, self->unsent.size() - self->sent),
            error);
        if (error && !would_block(error)) {
            const Error told = network_error("the connection broke", error, self->peer);
            return self->end(&told);
        }
        if (!error) {
            self->sent += size;
            self->progress = Loop::now();
        }
        if (self->sent < self->unsent.size()) {
            // What is sent is let go of now and then, not at every step.
            if (self->sent > self->unsent.size() / 2) {
                self->unsent.erase(0, self->sent);
                self->sent = 0;
            }
            return self->wait_writable();
        }
        self->unsent = {};
        self->sent = 0;
        if (self->finishing)
            self->close_our_side();
        else
            self->handler->on_sent();
    });
}

void Stream::Core::close_our_side() {
    if (ended || our_side_closed) return;
    our_side_closed = true;
    Code error;
    socket.shutdown(tcp::socket::shutdown_send, error);
    if (error) return end(nullptr);
    linger.expires_after(kLinger);
    linger.async_wait([self = shared_from_this()](const Code& cancelled) {
        if (!cancelled) self->end(nullptr);
    });
    reads = true;
    wait_readable();
}

void Stream::Core::end(const Error* error) {
    if (ended) return;
    shut();
    if (handler != nullptr) std::exchange(handler, nullptr)->on_end(error);
}

void Stream::Core::shut() {
    ended = true;
    Code ignored;
    resolver.cancel();
    linger.cancel();
    socket.close(ignored);
}

Stream::Stream(std::shared_ptr<Core> core) : core_(std::move(core)) {}

Stream::~Stream() {
    core_->handler = nullptr;
    if (!core_->ended) core_->shut();
}

std::unique_ptr<Stream> Stream::connect(Loop& loop, const std::string& host, std::uint16_t port,
                                        std::shared_ptr<const TlsContext> tls,
                                        StreamHandler& handler) {
    auto core = std::make_shared<Core>(loop);
    core->handler = &handler;
    core->tls_settings = std::move(tls);
    core->resolve(host, port);
    return std::make_unique<Stream>(std::move(core));
}

void Stream::start(StreamHandler& handler) {
    core_->handler = &handler;
    core_->connected();
}

void Stream::set_handler(StreamHandler& handler) {
    if (!core_->ended) core_->handler = &handler;
}

void Stream::send(std::string_view bytes) {
    core_->send(bytes);
}

std::size_t Stream::unsent() const {
    return core_->unsent.size() - core_->sent;
}

Time Stream::progress() const {
    return core_->progress;
}

void Stream::read(bool on) {
    core_->reads = on || core_->finishing;
    if (core_->reads) core_->wait_readable();
}

void Stream::begin_tls(const std::shared_ptr<const TlsContext>& tls, std::string_view host) {
    MILLRACE_ASSERT(!core_->tls, "TLS begins once");
    core_->announced = false;
    core_->tls = TlsSession::start(tls, host);
    core_->flush_tls();
}

void Stream::finish() {
    Core& core = *core_;
    if (core.ended || core.finishing) return;
    if (core.tls) {
        core.tls->close();
        core.flush_tls();
    }
    core.finishing = true;
    if (unsent() == 0) core.close_our_side();
}

const std::string& Stream::peer() const {
    return core_->peer;
}

struct Listener::Core : std::enable_shared_from_this<Listener::Core> {
    Core(Loop& loop, NextLoop next, Accepted taken)
        : acceptor(loop.inside().context),
          pause(loop.inside().context),
          next_loop(std::move(next)),
          accepted(std::move(taken)) {}

    void accept();
    void take(Loop& loop, tcp::socket socket);

    tcp::acceptor acceptor;
    boost::asio::steady_timer pause;
    std::shared_ptr<const TlsContext> tls;
    NextLoop next_loop;
    Accepted accepted;
};

void Listener::Core::accept() {
    Loop& loop = next_loop();
    acceptor.async_accept(loop.inside().context, [self = shared_from_this(), &loop](
                                                     const Code& error, tcp::socket socket) {
        if (!self->acceptor.is_open()) return;
        if (!error) {
            self->take(loop, std::move(socket));
            return self->accept();
        }
        // Out of descriptors, most likely: the connections that are there go on.
        log::warn("accept_failed", {{"why", error.message()}});
        self->pause.expires_after(std::chrono::milliseconds(100));
        self->pause.async_wait([self](const Code& cancelled) {
            if (!cancelled && self->acceptor.is_open()) self->accept();
        });
    });
}

void Listener::Core::take(Loop& loop, tcp::socket socket) {
    auto core = std::make_shared<Stream::Core>(loop);
    Code unknown;
    const auto endpoint = socket.remote_endpoint(unknown);
    if (unknown) return;  // gone before it was taken
    core->peer = text_of(endpoint);
    core->socket = std::move(socket);
    core->tls_settings = tls;
    // The handler runs on the stream's own loop, which need not be this one.
    if (loop.is_here()) return accepted(std::make_unique<Stream>(std::move(core)));
    loop.post([self = shared_from_this(), core = std::move(core)] {
        self->accepted(std::make_unique<Stream>(core));
    });
}

Listener::Listener(std::shared_ptr<Core> core) : core_(std::move(core)) {}

Listener::~Listener() {
    close();
}

Result<std::unique_ptr<Listener>> Listener::open(Loop& loop, const std::string& address,
                                                 std::uint16_t port,
                                                 std::shared_ptr<const TlsContext> tls,
                                                 NextLoop next_loop, Accepted accepted) {
    const std::string where = address + ":" + std::to_string(port);
    Code error;
    const auto parsed = boost::asio::ip::make_address(address, error);
    if (error)
        return failure(ErrorCode::config, "this is no address to listen on", where,
                       "an IPv4 or IPv6 address is needed", "use 127.0.0.1, ::1, or 0.0.0.0");
    auto core = std::make_shared<Core>(loop, std::move(next_loop), std::move(accepted));
    core->tls = std::move(tls);
    const tcp::endpoint endpoint(parsed, port);
    core->acceptor.open(endpoint.protocol(), error);
    if (!error) core->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) core->acceptor.bind(endpoint, error);
    if (!error) core->acceptor.listen(kBacklog, error);
    if (error)
        return failure(ErrorCode::network, "cannot listen here", where, error.message(),
                       "stop what uses the port, or choose another: ss -ltnp");
    core->accept();
    return std::make_unique<Listener>(std::move(core));
}

std::uint16_t Listener::port() const {
    Code error;
    const auto endpoint = core_->acceptor.local_endpoint(error);
    return error ? std::uint16_t{0} : endpoint.port();
}

void Listener::close() {
    Code ignored;
    core_->acceptor.close(ignored);
    core_->pause.cancel();
}

}  // namespace millrace::net
