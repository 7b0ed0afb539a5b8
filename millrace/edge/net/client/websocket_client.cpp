// The handshake, then frames. What is sent while messages are taken goes out in one write.
#include "millrace/edge/net/client/websocket_client.hpp"

#include <array>
#include <optional>
#include <sodium.h>

#include "millrace/base/assert.hpp"
#include "millrace/edge/net/driver/stream.hpp"
#include "millrace/edge/net/websocket_handshake.hpp"

namespace millrace::net {
namespace {

constexpr Duration kSweep = Duration::milliseconds(250);

Mask random_mask(void*) {
    Mask mask;
    randombytes_buf(mask.data(), mask.size());
    return mask;
}

std::string random_key() {
    std::array<unsigned char, 16> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::array<char, 25> base64{};
    sodium_bin2base64(base64.data(), base64.size(), bytes.data(), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    return base64.data();
}

}  // namespace

class WebSocketClient::Core final : public StreamHandler {
  public:
    Core(Loop& loop, const WebSocketClientOptions& options, WebSocketClientHandler& handler,
         std::shared_ptr<const TlsContext> tls)
        : loop_(loop),
          options_(options),
          handler_(handler),
          tls_(std::move(tls)),
          proxy_(options_.proxies.proxy_for(options_.url)),
          timer_(loop) {}

    void start();
    void send(bool is_text, std::string_view data);
    void close(std::uint16_t code, std::string_view reason);
    [[nodiscard]] std::size_t unsent() const { return stream_ ? stream_->unsent() : 0; }

    void on_open() override;
    void on_bytes(std::string_view bytes) override;
    void on_end(const Error* error) override;

  private:
    enum class Stage : std::uint8_t { connecting, tunnel, securing, handshake, open, done };

    void take_tunnel_answer(std::string_view bytes);
    void take_handshake(std::string_view bytes);
    void take_messages();
    void flush();
    void sweep();
    void end(std::uint16_t code, std::string_view reason, const Error* error);
    void fail(std::string what, std::string why);

    Loop& loop_;
    const WebSocketClientOptions options_;
    WebSocketClientHandler& handler_;
    std::shared_ptr<const TlsContext> tls_;
    const Url* proxy_;
    Timer timer_;
    Stage stage_ = Stage::connecting;
    bool taking_ = false;
    std::string key_;
    std::unique_ptr<Stream> stream_;
    std::optional<ResponseReader> reader_;
    std::optional<WebSocketSession> session_;
    // Set while a call of the handler's may end this client.
    bool* destroyed_ = nullptr;

  public:
    ~Core() override {
        if (destroyed_ != nullptr) *destroyed_ = true;
    }
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;
};

void WebSocketClient::Core::start() {
    timer_.start(options_.open_time, [this] {
        fail("the WebSocket does not open",
             "it took more than " + format_duration(options_.open_time));
    });
    const Url& to = proxy_ != nullptr ? *proxy_ : options_.url;
    const bool secure_at_once = options_.url.is_secure() && proxy_ == nullptr;
    stream_ = Stream::connect(loop_, to.host, to.port, secure_at_once ? tls_ : nullptr, *this);
}

void WebSocketClient::Core::on_open() {
    if (stage_ == Stage::connecting && proxy_ != nullptr) {
        stage_ = Stage::tunnel;
        reader_.emplace(Method::head, HttpLimits());
        return stream_->send(connect_request(options_.url, *proxy_));
    }
    stage_ = Stage::handshake;
    reader_.emplace(Method::get, HttpLimits());
    key_ = random_key();
    stream_->send(websocket_request(options_.url.authority(), options_.url.target, key_,
                                    options_.protocols, options_.headers));
}

void WebSocketClient::Core::on_bytes(std::string_view bytes) {
    switch (stage_) {
        case Stage::tunnel: return take_tunnel_answer(bytes);
        case Stage::handshake: return take_handshake(bytes);
        case Stage::open: session_->receive(bytes, Loop::now()); return take_messages();
        case Stage::connecting:
        case Stage::securing:
        case Stage::done: break;
    }
}

void WebSocketClient::Core::take_tunnel_answer(std::string_view bytes) {
    const auto done = reader_->receive(bytes);
    if (!done) return fail("the proxy does not speak HTTP", done.error().detail);
    if (!*done) return;
    const int status = reader_->response().status;
    if (status != 200) return fail("the proxy does not connect", std::to_string(status));
    if (!options_.url.is_secure()) {
        stage_ = Stage::securing;  // nothing to secure: go on as if it were done
        return on_open();
    }
    stage_ = Stage::securing;
    stream_->begin_tls(tls_, options_.url.host);
}

void WebSocketClient::Core::take_handshake(std::string_view bytes) {
    const auto done = reader_->receive(bytes);
    if (!done) return fail("the answer is no WebSocket", done.error().detail);
    if (!*done) return;
    const Response& answer = reader_->response();
    if (auto checked = check_websocket_answer(answer, key_, options_.protocols); !checked)
        return fail(
            "the server does not open the WebSocket (status " + std::to_string(answer.status) + ")",
            checked.error().detail);
    timer_.cancel();
    stage_ = Stage::open;
    session_.emplace(WebSocketRole::client, options_.limits, Loop::now(), random_mask, nullptr);
    session_->receive(reader_->rest(), Loop::now());
    const std::string protocol(answer.headers.find("sec-websocket-protocol").value_or(""));
    bool destroyed = false;
    destroyed_ = &destroyed;
    handler_.on_open(protocol);
    if (destroyed) return;
    destroyed_ = nullptr;
    sweep();
    take_messages();
}

void WebSocketClient::Core::take_messages() {
    if (taking_) return;
    taking_ = true;
    bool destroyed = false;
    destroyed_ = &destroyed;
    while (auto message = session_->next(Loop::now())) {
        handler_.on_message(*message);
        if (destroyed) return;
    }
    destroyed_ = nullptr;
    taking_ = false;
    flush();
}

void WebSocketClient::Core::flush() {
    if (taking_ || stage_ != Stage::open) return;
    if (!session_->output().empty()) {
        stream_->send(session_->output());
        session_->output().clear();
    }
    if (stage_ == Stage::open && session_->is_finished()) {
        stream_->finish();
        end(session_->close_code(), session_->close_reason(), nullptr);
    }
}

void WebSocketClient::Core::sweep() {
    timer_.start(kSweep, [this] {
        session_->expire(Loop::now());
        bool destroyed = false;
        destroyed_ = &destroyed;
        flush();
        if (destroyed) return;
        destroyed_ = nullptr;
        if (stage_ == Stage::open) sweep();
    });
}

void WebSocketClient::Core::send(bool is_text, std::string_view data) {
    if (stage_ != Stage::open) return;
    if (is_text)
        session_->send_text(data);
    else
        session_->send_binary(data);
    flush();
}

void WebSocketClient::Core::close(std::uint16_t code, std::string_view reason) {
    if (stage_ == Stage::done) return;
    if (stage_ != Stage::open) {
        const Error error{
            ErrorCode::interrupted, "the WebSocket was closed before it opened", {}, {}, {}};
        return end(kCloseAbnormal, reason, &error);
    }
    session_->close(code, reason, Loop::now());
    flush();
}

void WebSocketClient::Core::fail(std::string what, std::string why) {
    const Error error{ErrorCode::network, std::move(what), options_.url.authority(), std::move(why),
                      "check the address, the token and the server's log"};
    end(kCloseAbnormal, error.what, &error);
}

void WebSocketClient::Core::on_end(const Error* error) {
    if (stage_ == Stage::done) return;
    if (stage_ != Stage::open) {
        if (error != nullptr) return end(kCloseAbnormal, error->what, error);
        return fail("the server closed the connection", "before the WebSocket was open");
    }
    session_->end_of_stream();
    end(session_->close_code(), session_->close_reason(), error);
}

void WebSocketClient::Core::end(std::uint16_t code, std::string_view reason, const Error* error) {
    if (stage_ == Stage::done) return;
    stage_ = Stage::done;
    timer_.cancel();
    const std::string kept(reason);
    handler_.on_close(code, kept, error);
}

WebSocketClient::WebSocketClient(std::unique_ptr<Core> core) : core_(std::move(core)) {}

WebSocketClient::~WebSocketClient() = default;

Result<std::unique_ptr<WebSocketClient>> WebSocketClient::open(
    Loop& loop, const WebSocketClientOptions& options, WebSocketClientHandler& handler) {
    const bool ready = sodium_init() >= 0;
    MILLRACE_ASSERT(ready, "libsodium starts");
    if (options.url.scheme != "ws" && options.url.scheme != "wss")
        return failure(ErrorCode::usage, "this is no URL of a WebSocket", options.url.authority(),
                       "it begins with ws:// or wss://", "correct the URL");
    for (std::size_t i = 0; i < options.headers.size(); ++i)
        if (!is_token(options.headers[i].first) || !is_header_value(options.headers[i].second))
            return failure(ErrorCode::internal, "a header cannot be sent",
                           std::string(options.headers[i].first),
                           "it has a character that would end its line", "correct it");
    std::shared_ptr<const TlsContext> tls;
    if (options.url.is_secure()) {
        auto context = TlsContext::client(options.trust);
        if (!context) return failure(std::move(context.error()));
        tls = std::move(*context);
    }
    auto core = std::make_unique<Core>(loop, options, handler, std::move(tls));
    core->start();
    return std::unique_ptr<WebSocketClient>(new WebSocketClient(std::move(core)));
}

void WebSocketClient::send_text(std::string_view text) {
    core_->send(true, text);
}

void WebSocketClient::send_binary(std::string_view bytes) {
    core_->send(false, bytes);
}

std::size_t WebSocketClient::unsent() const {
    return core_->unsent();
}

void WebSocketClient::close(std::uint16_t code, std::string_view reason) {
    core_->close(code, reason);
}

}  // namespace millrace::net
