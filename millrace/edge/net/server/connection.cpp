// One read, all its requests, one write.
#include "millrace/edge/net/server/connection.hpp"

#include <exception>

#include "millrace/base/log.hpp"
#include "millrace/edge/net/websocket_handshake.hpp"

namespace millrace::net {
namespace {

// What a connection beyond the limit is told.
const std::string& full_answer() {
    static const std::string kAnswer = [] {
        Problem problem;
        problem.status = 503;
        problem.code = "too-many-connections";
        problem.detail = "the server has as many connections as it may";
        problem.mend = "close connections that are not needed, or come back later";
        problem.headers.add("Retry-After", "5");
        std::string out;
        (void)append_response(to_response(problem, {}), false, true, {}, {}, out);
        return out;
    }();
    return kAnswer;
}

// The path of the request, for problems: it came from outside, so only its tame characters.
std::string instance_of(std::string_view target) {
    std::string path;
    for (const char c : target.substr(0, target.find('?')))
        path += c > 0x20 && c < 0x7f ? c : '?';
    return path;
}

}  // namespace

Connection::Connection(const ServerSetting& setting, Worker& worker, std::uint64_t id,
                       std::unique_ptr<Stream> stream)
    : setting_(setting),
      worker_(worker),
      id_(id),
      session_(setting.options.http, worker.surroundings(), Loop::now()),
      stream_(std::move(stream)) {}

Connection::~Connection() = default;

template <class Work>
void Connection::guarded(Work work) {
    try {
        work();
    } catch (const std::exception& fault) {
        setting_.counts.faults.fetch_add(1, std::memory_order_relaxed);
        log::error("connection_fault", {{"what", fault.what()}});
        pumping_ = false;
        drop();
    }
}

void Connection::start() {
    stream_->start(*this);
}

void Connection::start_refusing() {
    refusing_ = true;
    stream_->start(*this);
    stream_->send(full_answer());
    stream_->finish();
}

void Connection::on_bytes(std::string_view bytes) {
    if (refusing_) return;
    guarded([&] {
        const Time now = Loop::now();
        if (socket_) {
            socket_->session.receive(bytes, now);
        } else {
            session_.receive(bytes, now);
        }
        pump(now);
    });
}

void Connection::pump(Time now) {
    if (pumping_ || ended_) return;
    pumping_ = true;
    const std::size_t most = setting_.options.unsent_bytes_max;
    while (!socket_ && stream_->unsent() + session_.output().size() < most) {
        auto request = session_.next(now);
        if (!request) break;
        setting_.counts.requests.fetch_add(1, std::memory_order_relaxed);
        if (request->wants_upgrade)
            upgrade(std::move(*request), now);
        else
            dispatch(std::move(*request), now);
    }
    if (socket_) pump_socket(now);
    pumping_ = false;
    flush(now);
}

void Connection::dispatch(NumberedRequest&& received, Time now) {
    Request& request = received.request;
    request.peer = stream_->peer();
    Responder responder(setting_.answers.lock(), id_, received.number, request.id,
                        instance_of(request.target));
    setting_.api.handle(request, {Loop::wall_now(), now}, std::move(responder));
}

void Connection::upgrade(NumberedRequest&& received, Time now) {
    Request& request = received.request;
    request.peer = stream_->peer();
    if (session_.waiting() > 1) {
        Problem problem;
        problem.status = 400;
        problem.code = "websocket-handshake";
        problem.detail = "an upgrade came before the requests before it were answered";
        problem.mend = "open the WebSocket on a connection of its own";
        return session_.answer(received.number, to_response(problem, request.id), now);
    }
    if (!request.headers.lists("upgrade", "websocket")) {
        // Any other upgrade may be left aside, and the request answered as it is.
        return dispatch(std::move(received), now);
    }
    auto opened = setting_.api.open_websocket(request, {Loop::wall_now(), now});
    if (auto* const declined = std::get_if<Response>(&opened))
        return session_.answer(received.number, *declined, now);
    auto& accepted = std::get<Api::Opened>(opened);
    const std::string rest = session_.upgrade(
        received.number, websocket_answer(request, accepted.protocol, worker_.surroundings().date));
    setting_.counts.websockets.fetch_add(1, std::memory_order_relaxed);
    stream_->send(session_.output());
    session_.output().clear();
    socket_ = std::make_unique<Socket>(
        Socket{std::move(accepted.handler),
               WebSocketSession(WebSocketRole::server, setting_.options.websocket, now),
               WebSocketOutbox(setting_.options.outbox), false});
    socket_->handler->on_open(WebSocketPeer(setting_.messages.lock(), id_));
    socket_->session.receive(rest, now);
}

void Connection::pump_socket(Time now) {
    while (auto message = socket_->session.next(now)) {
        setting_.counts.messages.fetch_add(1, std::memory_order_relaxed);
        socket_->handler->on_message(*message);
    }
}

void Connection::flush(Time now) {
    if (ended_ || pumping_) return;
    if (socket_)
        flush_socket(now);
    else
        flush_http();
}

void Connection::flush_http() {
    if (!session_.output().empty()) {
        stream_->send(session_.output());
        session_.output().clear();
    }
    if (ended_) return;
    if (session_.is_finished()) return stream_->finish();
    stream_->read(session_.wants_bytes() && stream_->unsent() < setting_.options.unsent_bytes_max);
}

bool Connection::may_send_directly() const {
    return socket_->outbox.empty() && stream_->unsent() + socket_->session.output().size() <
                                          setting_.options.outbox.direct_bytes;
}

void Connection::flush_socket(Time now) {
    std::string& output = socket_->session.output();
    const std::size_t direct = setting_.options.outbox.direct_bytes;
    if (socket_->session.is_open() && stream_->unsent() < direct)
        socket_->outbox.take(direct, output, now);
    if (!output.empty()) {
        stream_->send(output);
        output.clear();
    }
    if (ended_) return;
    if (socket_->session.is_finished()) {
        tell_closed();
        stream_->finish();
    }
}

void Connection::send(bool is_text, std::string_view data, std::string_view key) {
    if (ended_ || !socket_ || !socket_->session.is_open()) return;
    if (!may_send_directly()) return send(is_text ? encode_text(data) : encode_binary(data), key);
    if (is_text)
        socket_->session.send_text(data);
    else
        socket_->session.send_binary(data);
    guarded([&] { flush(Loop::now()); });
}

void Connection::send(EncodedFrame frame, std::string_view key) {
    if (ended_ || !socket_ || !socket_->session.is_open()) return;
    const Time now = Loop::now();
    if (may_send_directly()) {
        socket_->session.send_encoded(*frame);
    } else if (!socket_->outbox.push(std::move(frame), key, now)) {
        return give_up_slow(now);
    }
    guarded([&] { flush(now); });
}

void Connection::give_up_slow(Time now) {
    setting_.counts.too_slow.fetch_add(1, std::memory_order_relaxed);
    socket_->outbox = WebSocketOutbox(setting_.options.outbox);
    socket_->session.close(kCloseTooSlow, "reads too slowly", now);
    guarded([&] { flush(now); });
}

void Connection::close(std::uint16_t code, std::string_view reason) {
    if (ended_ || !socket_) return;
    const Time now = Loop::now();
    // What was sent before the close goes before it.
    socket_->outbox.take(SIZE_MAX, socket_->session.output(), now);
    socket_->session.close(code, reason, now);
    guarded([&] { flush(now); });
}

void Connection::answer(std::uint64_t number, const Response& response) {
    if (ended_ || socket_) return;
    guarded([&] {
        const Time now = Loop::now();
        session_.answer(number, response, now);
        // There may be room for requests that had to wait.
        pump(now);
    });
}

void Connection::on_sent() {
    guarded([&] { pump(Loop::now()); });
}

void Connection::drain() {
    if (ended_ || refusing_) return;
    if (socket_) return close(kCloseGoingAway, "the server stops");
    session_.drain();
    guarded([&] { flush(Loop::now()); });
}

void Connection::sweep(Time now) {
    if (ended_) return;
    const bool stuck =
        stream_->unsent() > 0 && now - stream_->progress() >= setting_.options.write_time;
    if (stuck) return drop();
    if (refusing_) return;
    guarded([&] {
        if (!socket_) {
            session_.expire(now);
        } else if (socket_->outbox.is_stalled(now) && socket_->session.is_open()) {
            return give_up_slow(now);
        } else {
            socket_->session.expire(now);
            // A peer that does not even read our close is not waited for.
            if (socket_->session.is_finished() && stream_->unsent() > 0) return drop();
        }
        flush(now);
    });
}

void Connection::tell_closed() {
    if (!socket_ || socket_->closed) return;
    socket_->closed = true;
    socket_->session.end_of_stream();
    socket_->handler->on_close(socket_->session.close_code(), socket_->session.close_reason());
}

void Connection::abandon() {
    tell_closed();
}

void Connection::drop() {
    if (ended_) return;
    on_end(nullptr);
    stream_.reset();
}

void Connection::on_end(const Error*) {
    if (ended_) return;
    ended_ = true;
    tell_closed();
    // Not now: this connection may be at work further up the stack.
    worker_.loop().post([&worker = worker_, id = id_] { worker.remove(id); });
}

}  // namespace millrace::net
