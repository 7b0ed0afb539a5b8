// HttpServerSession: one connection of an HTTP/1.1 server as a state machine. Bytes that came go
// in, requests come out; answers go in, in any order, and bytes to send come out in the order of
// the requests. It has no socket and no clock: the time is an argument, so every edge is testable.
//
//     receive(bytes) ─▶ next() ─▶ request …      answer(number, response) ─▶ output()
//
// One thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "millrace/base/time.hpp"
#include "millrace/edge/net/http_parser.hpp"

namespace millrace::net {

struct SessionLimits {
    HttpLimits http;
    std::size_t pipeline_depth = 16;             // requests that wait for their answers
    Duration head_time = Duration::seconds(10);  // from a request's first byte to its head's last
    Duration body_time = Duration::seconds(30);  // from there to the end of its body
    Duration idle_time = Duration::seconds(75);  // between requests
};

// Ids of requests that bring none: a start that differs between processes, and a count.
class RequestIds {
  public:
    explicit RequestIds(std::uint64_t start) : start_(start) {}
    [[nodiscard]] std::string next();

  private:
    std::uint64_t start_;
    std::uint64_t count_ = 0;
};

// What the sessions of one thread share.
struct SessionSurroundings {
    RequestIds ids{0};
    std::string date;  // for the Date header; the driver renews it each second
};

struct NumberedRequest {
    std::uint64_t number = 0;
    bool wants_upgrade = false;
    Request request;
};

class HttpServerSession {
  public:
    // Both must outlive the session.
    HttpServerSession(const SessionLimits& limits, SessionSurroundings& surroundings, Time now);

    void receive(std::string_view bytes, Time now);
    // The next whole request, if there is one. What is malformed is answered by the session itself.
    [[nodiscard]] std::optional<NumberedRequest> next(Time now);
    // Each request is answered once.
    void answer(std::uint64_t number, const Response& response, Time now);

    // Bytes for the other side; the caller takes them and clears.
    [[nodiscard]] std::string& output() { return output_; }
    // False while as many requests wait as may: the caller then stops reading.
    [[nodiscard]] bool wants_bytes() const;
    // Nothing more will be read: close once the output is sent.
    [[nodiscard]] bool is_finished() const { return closing_ && slots_.empty(); }

    // When expire() must be called, unless something happens before.
    [[nodiscard]] std::optional<Time> deadline() const;
    void expire(Time now);

    // Takes no further request; answers that are due still go out, the last one with "close".
    void drain();
    // The other side has closed its direction: whatever is whole is still handed out by next() and
    // answered.
    void end_of_stream();

    // The request of this number, which asked for it, leaves HTTP: `head` is sent (101), and the
    // answer is what has been received beyond the request.
    [[nodiscard]] std::string upgrade(std::uint64_t number, std::string_view head);

    [[nodiscard]] std::size_t waiting() const { return slots_.size(); }

  private:
    enum class Stage : std::uint8_t { head, body, held };  // held: an upgrade is being decided
    struct Slot {
        std::uint64_t number = 0;
        std::string id;
        bool head_only = false;
        bool close = false;  // after this answer
        bool answered = false;
        std::string bytes;
    };

    [[nodiscard]] bool may_take() const;
    [[nodiscard]] bool read_head(Time now);
    [[nodiscard]] bool read_body(Time now);
    [[nodiscard]] NumberedRequest release(Time now);
    void open_slot(bool head_only, bool close, std::string id);
    void refuse(const Problem& problem, std::string id, Time now);
    void advance(Time now);
    void drop_used();
    void emit_continue();

    const SessionLimits& limits_;
    SessionSurroundings& surroundings_;
    std::string input_;
    std::size_t used_ = 0;     // bytes of input_ that are done with
    std::size_t scanned_ = 0;  // bytes of the head that hold no end
    Stage stage_ = Stage::head;
    RequestHead head_;
    BodyReader body_;
    bool continue_due_ = false;
    bool ended_ = false;    // nothing more will come
    bool closing_ = false;  // nothing more will be taken
    std::deque<Slot> slots_;
    std::uint64_t next_number_ = 1;
    std::string output_;
    Time since_;  // of the last byte that began something: the base of the deadline
};

}  // namespace millrace::net
