// The heads of HTTP/1.1 messages, read strictly: what two programs could read differently (a folded
// line, a second length, a bare line feed, length and chunks together) is refused, since a proxy
// and a server that disagree about where a request ends can be made to take one for two.
// Bodies are read by BodyReader, a piece at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "millrace/base/result.hpp"
#include "millrace/edge/net/http_message.hpp"
#include "millrace/edge/net/problem.hpp"

namespace millrace::net {

struct HttpLimits {
    std::size_t header_bytes = 16 * 1024;  // of a whole head
    std::size_t header_count = 100;
    std::size_t target_bytes = 8 * 1024;
    std::size_t body_bytes = 1024 * 1024;
};

template <class T>
using Parsed = tl::expected<T, Problem>;

// Where the head ends in `input`, just after its empty line; 0 when it has not come whole. `from`
// is how far an earlier call has looked.
[[nodiscard]] std::size_t end_of_head(std::string_view input, std::size_t from);

enum class BodyForm : std::uint8_t { none, sized, chunked, until_close };

struct RequestHead {
    Request request;  // without body, id and peer
    BodyForm body = BodyForm::none;
    std::uint64_t body_bytes = 0;  // of a sized one
    bool keep_alive = true;
    bool expects_continue = false;
    bool wants_upgrade = false;  // to anything
};

// `head` is whole, with its empty line.
[[nodiscard]] Parsed<RequestHead> parse_request_head(std::string_view head,
                                                     const HttpLimits& limits);

struct ResponseHead {
    Response response;  // without body
    BodyForm body = BodyForm::none;
    std::uint64_t body_bytes = 0;
    bool keep_alive = true;
};

// `method` is that of the request: an answer to HEAD has no body.
[[nodiscard]] Parsed<ResponseHead> parse_response_head(std::string_view head, Method method,
                                                       const HttpLimits& limits);

// Takes a body out of a stream of bytes.
class BodyReader {
  public:
    BodyReader() = default;
    BodyReader(BodyForm form, std::uint64_t bytes, const HttpLimits& limits);

    // Moves what belongs to the body from the front of `input` into `body` and answers how many
    // bytes of `input` it is done with. done() tells whether the body is whole.
    [[nodiscard]] Parsed<std::size_t> take(std::string_view input, std::string& body);
    [[nodiscard]] bool done() const { return state_ == State::done; }
    // The other side has closed. Whether the body is whole with that.
    [[nodiscard]] bool end_of_stream();

  private:
    enum class State : std::uint8_t { done, bytes, size_line, chunk, chunk_end, trailer, to_end };

    [[nodiscard]] Parsed<void> read_line(std::string_view line);
    [[nodiscard]] Parsed<void> read_size(std::string_view line);
    [[nodiscard]] std::size_t take_bytes(std::string_view input, std::string& body);

    State state_ = State::done;
    std::uint64_t left_ = 0;   // of the sized body or of the chunk
    std::size_t taken_ = 0;    // of the body
    std::size_t trailer_ = 0;  // bytes of trailer lines
    HttpLimits limits_;
};

}  // namespace millrace::net
