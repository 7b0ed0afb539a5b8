// One exchange of an HTTP/1.1 client as a state machine: the request as it travels, and the reader
// of its answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "millrace/base/result.hpp"
#include "millrace/edge/net/http_parser.hpp"
#include "millrace/edge/net/url.hpp"

namespace millrace::net {

struct ClientRequest {
    Method method = Method::get;
    Url url = {};
    Headers headers = {};
    std::string body = {};
    std::string content_type = {};  // of a body
};

// A header that would break out of its line is refused. `proxy` is given for a plain request that
// goes through one.
[[nodiscard]] Result<std::string> encode_request(const ClientRequest& request, const Url* proxy);

class ResponseReader {
  public:
    ResponseReader(Method method, const HttpLimits& limits) : method_(method), limits_(limits) {}

    // True once the answer is whole. What came beyond it is a fault, as nothing more was asked.
    [[nodiscard]] Parsed<bool> receive(std::string_view bytes);
    // The other side has closed. True when the answer is whole with that.
    [[nodiscard]] bool end_of_stream();

    [[nodiscard]] bool has_begun() const { return begun_; }
    [[nodiscard]] bool keeps_alive() const { return head_.keep_alive; }
    // Once it is whole; 101 included, whose rest() belongs to the new protocol.
    [[nodiscard]] Response& response() { return head_.response; }
    [[nodiscard]] std::string_view rest() const { return std::string_view(input_).substr(used_); }

  private:
    [[nodiscard]] Parsed<bool> read_head();

    Method method_;
    HttpLimits limits_;
    std::string input_;
    std::size_t used_ = 0;
    std::size_t scanned_ = 0;
    int interim_ = 0;  // answers of class 1xx so far
    bool begun_ = false;
    bool has_head_ = false;
    ResponseHead head_;
    BodyReader body_;
};

}  // namespace millrace::net
