// The order of answers is the order of slots; a slot is opened when its request is whole.
#include "millrace/edge/net/server_session.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "millrace/base/assert.hpp"

namespace millrace::net {
namespace {

constexpr std::size_t kIdLengthMax = 64;

// An id that a client chose: it stands in headers, logs and JSON, so it must be tame.
bool is_request_id(std::string_view text) {
    if (text.empty() || text.size() > kIdLengthMax) return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '-' || c == '_' || c == '.' || c == ':';
    });
}

}  // namespace

std::string RequestIds::next() {
    return fmt::format("{:016x}-{:x}", start_, ++count_);
}

HttpServerSession::HttpServerSession(const SessionLimits& limits, SessionSurroundings& surroundings,
                                     Time now)
    : limits_(limits), surroundings_(surroundings), since_(now) {}

void HttpServerSession::receive(std::string_view bytes, Time now) {
    if (closing_ || ended_) return;
    const bool begins = stage_ == Stage::head && used_ == input_.size();
    if (begins && !bytes.empty()) since_ = now;
    drop_used();
    input_.append(bytes);
}

void HttpServerSession::drop_used() {
    input_.erase(0, used_);
    used_ = 0;
}

bool HttpServerSession::may_take() const {
    return !closing_ && stage_ != Stage::held && slots_.size() < limits_.pipeline_depth;
}

bool HttpServerSession::wants_bytes() const {
    return may_take() && !ended_;
}

std::optional<NumberedRequest> HttpServerSession::next(Time now) {
    if (!may_take()) return std::nullopt;
    if ((stage_ == Stage::head && !read_head(now)) || (stage_ == Stage::body && !read_body(now))) {
        closing_ = closing_ || ended_;
        return std::nullopt;
    }
    return release(now);
}

// Whether the head is whole and sound; then the stage is `body`.
bool HttpServerSession::read_head(Time now) {
    // Empty lines before a request are left out, as RFC 9112 asks.
    while (input_.compare(used_, 2, "\r\n") == 0) {
        used_ += 2;
        scanned_ = 0;
    }
    const std::string_view rest = std::string_view(input_).substr(used_);
    const std::size_t size = end_of_head(rest, scanned_);
    if (size == 0) {
        scanned_ = rest.size();
        const std::size_t most = limits_.http.header_bytes;
        if (rest.size() <= most) return false;
        // A head without end is refused by the same rule, as if it ended here.
    }
    auto parsed = parse_request_head(size == 0 ? rest : rest.substr(0, size), limits_.http);
    if (!parsed) {
        refuse(parsed.error(), surroundings_.ids.next(), now);
        return false;
    }
    MILLRACE_ASSERT(size > 0, "a head that is too long must not be accepted");
    used_ += size;
    scanned_ = 0;
    head_ = std::move(*parsed);
    const auto id = head_.request.headers.find("x-request-id");
    head_.request.id = id && is_request_id(*id) ? std::string(*id) : surroundings_.ids.next();
    body_ = BodyReader(head_.body, head_.body_bytes, limits_.http);
    stage_ = Stage::body;
    since_ = now;
    // A client that has sent its body already waits for no leave.
    continue_due_ = head_.expects_continue && used_ == input_.size();
    emit_continue();
    return true;
}

// The 100 is an answer like any other: it waits for the answers before it.
void HttpServerSession::emit_continue() {
    if (!continue_due_ || !slots_.empty()) return;
    continue_due_ = false;
    output_ += "HTTP/1.1 100 Continue\r\n\r\n";
}

bool HttpServerSession::read_body(Time now) {
    auto taken = body_.take(std::string_view(input_).substr(used_), head_.request.body);
    if (!taken) {
        refuse(taken.error(), head_.request.id, now);
        return false;
    }
    used_ += *taken;
    return body_.done();
}

NumberedRequest HttpServerSession::release(Time now) {
    continue_due_ = false;
    NumberedRequest result{next_number_, head_.wants_upgrade, std::move(head_.request)};
    open_slot(result.request.method == Method::head, !head_.keep_alive, result.request.id);
    if (!head_.keep_alive) closing_ = true;
    stage_ = head_.wants_upgrade ? Stage::held : Stage::head;
    since_ = now;
    head_ = {};
    return result;
}

void HttpServerSession::open_slot(bool head_only, bool close, std::string id) {
    slots_.push_back({next_number_++, std::move(id), head_only, close, false, {}});
}

// After a fault the bytes cannot be told apart any more: the answer is the last.
void HttpServerSession::refuse(const Problem& problem, std::string id, Time now) {
    closing_ = true;
    continue_due_ = false;
    open_slot(false, true, std::move(id));
    answer(slots_.back().number, to_response(problem, slots_.back().id), now);
}

void HttpServerSession::answer(std::uint64_t number, const Response& response, Time now) {
    const auto slot = std::find_if(slots_.begin(), slots_.end(),
                                   [&](const Slot& each) { return each.number == number; });
    MILLRACE_ASSERT(slot != slots_.end() && !slot->answered, "a request is answered once");
    slot->answered = true;
    if (stage_ == Stage::held && slot == slots_.end() - 1) {
        stage_ = Stage::head;  // the upgrade was declined
        since_ = now;
    }
    const bool is_front = slot == slots_.begin();
    std::string& out = is_front ? output_ : slot->bytes;
    if (!append_response(response, slot->head_only, slot->close, slot->id, surroundings_.date,
                         out)) {
        Problem problem;
        problem.status = 500;
        problem.code = "invalid-header";
        problem.detail = "a header of the answer would have broken out of its line";
        const bool told = append_response(to_response(problem, slot->id), slot->head_only,
                                          slot->close, slot->id, surroundings_.date, out);
        MILLRACE_ASSERT(told, "our own problem has sound headers");
    }
    if (is_front) advance(now);
}

void HttpServerSession::advance(Time now) {
    while (!slots_.empty() && slots_.front().answered) {
        output_ += slots_.front().bytes;
        const bool close = slots_.front().close;
        slots_.pop_front();
        if (close) {
            MILLRACE_ASSERT(slots_.empty(), "nothing follows the answer that closes");
            closing_ = true;
        }
        if (stage_ == Stage::head && used_ == input_.size()) since_ = now;
    }
    emit_continue();
}

std::optional<Time> HttpServerSession::deadline() const {
    if (closing_ || stage_ == Stage::held) return std::nullopt;
    if (stage_ == Stage::body) {
        // While the leave to send is still due, the client rightly waits.
        if (continue_due_) return std::nullopt;
        return since_ + limits_.body_time;
    }
    if (used_ < input_.size() && slots_.size() < limits_.pipeline_depth)
        return since_ + limits_.head_time;
    if (!slots_.empty()) return std::nullopt;
    return since_ + limits_.idle_time;
}

void HttpServerSession::expire(Time now) {
    const auto due = deadline();
    if (!due || now < *due) return;
    if (stage_ == Stage::head && used_ == input_.size()) {
        closing_ = true;  // idle: nobody waits for an answer
        return;
    }
    Problem problem;
    problem.status = 408;
    problem.code = "request-too-slow";
    problem.detail = stage_ == Stage::body ? "the body did not come whole in the time allowed"
                                           : "the head did not come whole in the time allowed";
    problem.mend = "send the request at once, or open the connection later";
    refuse(problem, stage_ == Stage::body ? head_.request.id : surroundings_.ids.next(), now);
}

void HttpServerSession::drain() {
    // A request that has not come whole was not taken; its client may send it elsewhere.
    if (!slots_.empty() && !slots_.back().answered) slots_.back().close = true;
    if (stage_ == Stage::held) stage_ = Stage::head;
    closing_ = true;
}

void HttpServerSession::end_of_stream() {
    ended_ = true;
}

std::string HttpServerSession::upgrade(std::uint64_t number, std::string_view head) {
    MILLRACE_ASSERT(!slots_.empty() && slots_.back().number == number,
                    "only the last request can leave HTTP");
    MILLRACE_ASSERT(slots_.size() == 1, "answers before the upgrade are still due");
    output_ += head;
    slots_.clear();
    closing_ = true;
    std::string rest = input_.substr(used_);
    input_.clear();
    used_ = 0;
    return rest;
}

}  // namespace millrace::net
