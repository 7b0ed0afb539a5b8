// Connect, tunnel, TLS, request, answer; and again when that is safe.
#include "millrace/edge/net/client/exchange.hpp"

#include <algorithm>

#include "millrace/base/assert.hpp"

namespace millrace::net {

void IdleConnections::put(const std::string& place, std::unique_ptr<Stream> stream) {
    std::erase_if(kept_, [](const auto& each) { return each->broken; });
    if (most_ == 0) return;
    if (kept_.size() >= most_) kept_.erase(kept_.begin());
    auto kept = std::make_unique<Kept>();
    kept->place = place;
    kept->stream = std::move(stream);
    kept->stream->set_handler(*kept);
    kept_.push_back(std::move(kept));
}

std::unique_ptr<Stream> IdleConnections::take(const std::string& place) {
    std::erase_if(kept_, [](const auto& each) { return each->broken; });
    const auto found = std::find_if(kept_.rbegin(), kept_.rend(),
                                    [&](const auto& each) { return each->place == place; });
    if (found == kept_.rend()) return nullptr;
    auto stream = std::move((*found)->stream);
    kept_.erase(std::next(found).base());
    return stream;
}

Exchange::Exchange(const ClientSetting& setting, ClientRequest request, Done done)
    : setting_(setting),
      request_(std::move(request)),
      done_(std::move(done)),
      proxy_(setting.options.proxies.proxy_for(request_.url)),
      repeatable_(may_repeat(request_.method, request_.headers)),
      overall_(setting.loop),
      step_(setting.loop) {}

std::string Exchange::place() const {
    std::string text = request_.url.scheme + "://" + request_.url.authority();
    if (proxy_ != nullptr) text += " by " + proxy_->authority();
    return text;
}

void Exchange::start() {
    auto encoded = encode_request(request_, request_.url.is_secure() ? nullptr : proxy_);
    if (!encoded) return finish(failure(std::move(encoded.error())));
    encoded_ = std::move(*encoded);
    overall_.start(setting_.options.overall_time, [this] {
        finish(failure(ErrorCode::timeout, "no answer in the time allowed", place(),
                       format_duration(setting_.options.overall_time) + " for all attempts",
                       "allow more time, or look at the other side"));
    });
    attempt();
}

void Exchange::attempt() {
    ++attempts_;
    sent_ = false;
    reused_ = false;
    reader_.emplace(request_.method, setting_.options.limits);
    // A kept connection may have been closed just now, which only a repeatable request survives.
    if (repeatable_) stream_ = setting_.idle.take(place());
    if (stream_) {
        reused_ = true;
        stream_->set_handler(*this);
        return send_request();
    }
    stage_ = Stage::connecting;
    limit_step(setting_.options.connect_time, "no connection in the time allowed");
    const Url& to = proxy_ != nullptr ? *proxy_ : request_.url;
    const bool secure_at_once = request_.url.is_secure() && proxy_ == nullptr;
    stream_ = Stream::connect(setting_.loop, to.host, to.port,
                              secure_at_once ? setting_.tls : nullptr, *this);
}

void Exchange::limit_step(Duration time, const char* what) {
    step_.start(time, [this, time, what] {
        fail_attempt({ErrorCode::timeout, what, place(),
                      "it took more than " + format_duration(time),
                      "look at the other side and the way to it"});
    });
}

void Exchange::on_open() {
    if (stage_ == Stage::connecting && proxy_ != nullptr && request_.url.is_secure()) {
        stage_ = Stage::tunnel;
        // The answer to CONNECT has no body, as that to HEAD.
        reader_.emplace(Method::head, setting_.options.limits);
        return stream_->send(connect_request(request_.url, *proxy_));
    }
    send_request();
}

void Exchange::send_request() {
    stage_ = Stage::answer;
    sent_ = true;
    limit_step(setting_.options.read_time, "the answer does not come");
    stream_->send(encoded_);
}

void Exchange::on_bytes(std::string_view bytes) {
    if (stage_ == Stage::tunnel) return take_tunnel_answer(bytes);
    if (stage_ == Stage::answer) take_answer(bytes);
}

void Exchange::take_tunnel_answer(std::string_view bytes) {
    auto done = reader_->receive(bytes);
    if (!done) return fail_fault(done.error());
    if (!*done) return;
    const int status = reader_->response().status;
    if (status != 200)
        return finish(failure(ErrorCode::network,
                              "the proxy does not connect (status " + std::to_string(status) + ")",
                              proxy_->authority(), std::string(reason_of(status)),
                              "check the proxy's address and credentials, or set no_proxy"));
    stage_ = Stage::securing;
    reader_.emplace(request_.method, setting_.options.limits);
    stream_->begin_tls(setting_.tls, request_.url.host);
}

void Exchange::take_answer(std::string_view bytes) {
    limit_step(setting_.options.read_time, "the answer stopped half-way");
    auto done = reader_->receive(bytes);
    if (!done) return fail_fault(done.error());
    if (*done) complete();
}

void Exchange::fail_fault(const Problem& problem) {
    fail_attempt({ErrorCode::network, "the answer is not HTTP as it should be", place(),
                  problem.detail, "check that the address is that of an HTTP server"});
}

void Exchange::complete() {
    step_.cancel();
    if (reader_->keeps_alive() && reader_->response().status != 101) {
        setting_.idle.put(place(), std::move(stream_));
    }
    stream_.reset();
    ClientResponse answer{std::move(reader_->response()), attempts_};
    if (!repeatable_ || !is_worth_repeating(answer.response.status))
        return finish(std::move(answer));
    std::optional<Duration> retry_after;
    if (const auto value = answer.response.headers.find("retry-after"))
        retry_after = parse_retry_after(*value, Loop::wall_now());
    retry_or_finish(retry_after, std::move(answer));
}

void Exchange::fail_attempt(Error error) {
    step_.cancel();
    stream_.reset();
    const bool stale = reused_ && !reader_->has_begun();
    if (stale) {
        --attempts_;  // the connection was old, which says nothing about the server
        return attempt();
    }
    const bool safe = repeatable_ || !sent_;
    if (!safe || is_distrust(error)) return finish(failure(std::move(error)));
    retry_or_finish(std::nullopt, failure(std::move(error)));
}

void Exchange::retry_or_finish(std::optional<Duration> retry_after, Result<ClientResponse> last) {
    const auto wait =
        wait_before_retry(setting_.options.retry, attempts_, retry_after, setting_.random);
    if (!wait) return finish(std::move(last));
    stage_ = Stage::waiting;
    step_.start(*wait, [this] { attempt(); });
}

void Exchange::on_end(const Error* error) {
    if (stage_ == Stage::done || stage_ == Stage::waiting) return;
    if (stage_ == Stage::answer && error == nullptr && reader_->end_of_stream()) return complete();
    if (error != nullptr) return fail_attempt(*error);
    fail_attempt({ErrorCode::network, "the other side closed the connection", place(),
                  "before its answer was whole", "look at the other side"});
}

void Exchange::finish(Result<ClientResponse> result) {
    if (stage_ == Stage::done) return;
    stage_ = Stage::done;
    overall_.cancel();
    step_.cancel();
    stream_.reset();
    const Done done = std::move(done_);
    done(std::move(result));
}

}  // namespace millrace::net
