// Beast's parser reads the head once it is whole, so that it sees the same bytes however they were
// cut on the way; what it lets through and we do not is refused around it.
#include "millrace/edge/net/http_parser.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <charconv>

namespace millrace::net {
namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;

constexpr std::size_t kChunkLineMax = 256;

tl::unexpected<Problem> refused(int status, std::string code, std::string detail,
                                std::string mend) {
    Problem problem;
    problem.status = status;
    problem.code = std::move(code);
    problem.detail = std::move(detail);
    problem.mend = std::move(mend);
    return tl::unexpected<Problem>(std::move(problem));
}

tl::unexpected<Problem> malformed(std::string detail) {
    return refused(400, "malformed-http", std::move(detail), "send HTTP/1.1 as RFC 9112 has it");
}

std::string_view view(string_view text) {
    return {text.data(), text.size()};
}

// What is the same for requests and responses: the fields, and how the body is delimited.
struct Fields {
    Headers headers;
    std::size_t lengths = 0;
    std::size_t encodings = 0;
    std::size_t hosts = 0;
    std::uint64_t length = 0;
    std::string_view fault;

    void add(std::string_view name, std::string_view value) {
        if (equals_ignoring_case(name, "content-length")) {
            ++lengths;
            const char* const end = value.data() + value.size();
            const auto read = std::from_chars(value.data(), end, length);
            if (value.empty() || read.ec != std::errc() || read.ptr != end)
                fault = "Content-Length is no number";
        } else if (equals_ignoring_case(name, "transfer-encoding")) {
            ++encodings;
            if (!equals_ignoring_case(value, "chunked"))
                fault = "the only transfer encoding is chunked";
        } else if (equals_ignoring_case(name, "host")) {
            ++hosts;
        }
        headers.add(name, value);
    }

    [[nodiscard]] std::string_view fault_of_length() const {
        if (!fault.empty()) return fault;
        if (lengths > 1) return "Content-Length stands twice";
        if (encodings > 1) return "Transfer-Encoding stands twice";
        if (lengths > 0 && encodings > 0)
            return "Content-Length and Transfer-Encoding stand together";
        return {};
    }
};

template <bool kIsRequest>
class HeadParser final : public http::basic_parser<kIsRequest> {
  public:
    explicit HeadParser(std::size_t bytes) {
        this->skip(true);
        this->header_limit(static_cast<std::uint32_t>(bytes + 1));
    }

    Fields fields;
    std::string method;
    std::string target;
    int status = 0;
    int version = 11;

  private:
    using Code = boost::beast::error_code;
    void on_request_impl(http::verb, string_view method_text, string_view target_text,
                         int version_number, Code&) override {
        method = view(method_text);
        target = view(target_text);
        version = version_number;
    }
    void on_response_impl(int code, string_view, int version_number, Code&) override {
        status = code;
        version = version_number;
    }
    void on_field_impl(http::field, string_view name, string_view value, Code&) override {
        fields.add(view(name), view(value));
    }
    void on_header_impl(Code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, Code&) override {}
    std::size_t on_body_impl(string_view body, Code&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, string_view, Code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, Code&) override {
        return body.size();
    }
    void on_finish_impl(Code&) override {}
};

// Beast unfolds lines and takes some control characters; both are refused before it looks.
std::string_view fault_of_lines(std::string_view head) {
    for (std::size_t i = 0; i < head.size(); ++i) {
        const auto c = static_cast<unsigned char>(head[i]);
        if (c >= 0x20 && c != 0x7f) continue;
        if (c == '\t') continue;
        if (c == '\r' && i + 1 < head.size() && head[i + 1] == '\n') continue;
        if (c != '\n' || i == 0 || head[i - 1] != '\r')
            return "a control character stands in the head";
        if (i + 1 < head.size() && (head[i + 1] == ' ' || head[i + 1] == '\t'))
            return "a header is folded over two lines";
    }
    return {};
}

template <class Parser>
Parsed<void> parse_head(Parser& parser, std::string_view head, const HttpLimits& limits) {
    if (head.size() > limits.header_bytes)
        return refused(431, "headers-too-large",
                       "the head has more than " + std::to_string(limits.header_bytes) + " bytes",
                       "send fewer or shorter headers");
    if (const auto fault = fault_of_lines(head); !fault.empty())
        return malformed(std::string(fault));
    boost::beast::error_code error;
    const std::size_t used = parser.put(boost::asio::const_buffer(head.data(), head.size()), error);
    if (error == http::error::bad_version)
        return refused(505, "http-version", "the version is neither HTTP/1.1 nor HTTP/1.0",
                       "send HTTP/1.1");
    if (error) {
        // Its own words for what it found in the fields come first: they say more.
        const std::string_view fault = parser.fields.fault_of_length();
        return malformed(fault.empty() ? "the head is malformed: " + error.message()
                                       : std::string(fault));
    }
    if (used != head.size() || !parser.is_done()) return malformed("the head does not end");
    if (parser.fields.headers.size() > limits.header_count)
        return refused(431, "headers-too-many",
                       "more than " + std::to_string(limits.header_count) + " headers",
                       "send fewer headers");
    if (const auto fault = parser.fields.fault_of_length(); !fault.empty())
        return malformed(std::string(fault));
    return {};
}

Problem body_too_large(const HttpLimits& limits) {
    return refused(413, "body-too-large",
                   "the body has more than " + std::to_string(limits.body_bytes) + " bytes",
                   "send less at a time")
        .value();
}

bool keeps_alive(const Fields& fields, int version) {
    if (fields.headers.lists("connection", "close")) return false;
    return version >= 11 || fields.headers.lists("connection", "keep-alive");
}

}  // namespace

std::size_t end_of_head(std::string_view input, std::size_t from) {
    const std::size_t at = input.find("\r\n\r\n", from < 3 ? 0 : from - 3);
    return at == std::string_view::npos ? 0 : at + 4;
}

Parsed<RequestHead> parse_request_head(std::string_view head, const HttpLimits& limits) {
    if (head.substr(0, head.find('\r')).size() > limits.target_bytes)
        return refused(
            414, "target-too-long",
            "the request line has more than " + std::to_string(limits.target_bytes) + " bytes",
            "send what is long in the body");
    HeadParser<true> parser(head.size());
    if (auto read = parse_head(parser, head, limits); !read)
        return tl::unexpected<Problem>(std::move(read.error()));
    Fields& fields = parser.fields;
    if (fields.hosts > 1 || (fields.hosts == 0 && parser.version >= 11))
        return malformed("a request has one Host header");
    if (parser.version < 11 && fields.encodings > 0)
        return malformed("HTTP/1.0 knows no Transfer-Encoding");

    RequestHead result;
    result.request.method = method_named(parser.method);
    if (result.request.method == Method::other)
        return refused(501, "unknown-method", "this method is not known here",
                       "use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS");
    result.request.target = std::move(parser.target);
    result.request.version_minor = parser.version - 10;
    result.keep_alive = keeps_alive(fields, parser.version);
    result.wants_upgrade = parser.version >= 11 && fields.headers.lists("connection", "upgrade") &&
                           fields.headers.count("upgrade") > 0;
    if (fields.encodings > 0) {
        result.body = BodyForm::chunked;
    } else if (fields.length > 0) {
        result.body = BodyForm::sized;
        result.body_bytes = fields.length;
        if (fields.length > limits.body_bytes)
            return tl::unexpected<Problem>(body_too_large(limits));
    }
    if (const auto expected = fields.headers.find("expect"); expected && parser.version >= 11) {
        if (!equals_ignoring_case(*expected, "100-continue"))
            return refused(417, "unknown-expectation", "only 100-continue can be expected",
                           "leave the Expect header out");
        result.expects_continue = result.body != BodyForm::none;
    }
    result.request.headers = std::move(fields.headers);
    return result;
}

Parsed<ResponseHead> parse_response_head(std::string_view head, Method method,
                                         const HttpLimits& limits) {
    HeadParser<false> parser(head.size());
    if (auto read = parse_head(parser, head, limits); !read)
        return tl::unexpected<Problem>(std::move(read.error()));
    Fields& fields = parser.fields;
    ResponseHead result;
    result.response.status = parser.status;
    result.keep_alive = keeps_alive(fields, parser.version);
    const bool bodiless = method == Method::head || parser.status < 200 || parser.status == 204 ||
                          parser.status == 304;
    if (!bodiless && fields.encodings > 0) {
        result.body = BodyForm::chunked;
    } else if (!bodiless && fields.lengths > 0) {
        result.body = fields.length > 0 ? BodyForm::sized : BodyForm::none;
        result.body_bytes = fields.length;
        if (fields.length > limits.body_bytes)
            return tl::unexpected<Problem>(body_too_large(limits));
    } else if (!bodiless) {
        result.body = BodyForm::until_close;
        result.keep_alive = false;
    }
    if (const auto type = fields.headers.find("content-type")) result.response.content_type = *type;
    result.response.headers = std::move(fields.headers);
    return result;
}

BodyReader::BodyReader(BodyForm form, std::uint64_t bytes, const HttpLimits& limits)
    : left_(bytes), limits_(limits) {
    switch (form) {
        case BodyForm::none: state_ = State::done; break;
        case BodyForm::sized: state_ = bytes == 0 ? State::done : State::bytes; break;
        case BodyForm::chunked: state_ = State::size_line; break;
        case BodyForm::until_close: state_ = State::to_end; break;
    }
}

std::size_t BodyReader::take_bytes(std::string_view input, std::string& body) {
    const std::size_t count =
        static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
    body.append(input.substr(0, count));
    left_ -= count;
    taken_ += count;
    return count;
}

Parsed<std::size_t> BodyReader::take(std::string_view input, std::string& body) {
    std::size_t at = 0;
    while (at < input.size() && state_ != State::done) {
        const std::string_view rest = input.substr(at);
        if (state_ == State::to_end) {
            if (rest.size() > limits_.body_bytes - taken_)
                return tl::unexpected<Problem>(body_too_large(limits_));
            body.append(rest);
            taken_ += rest.size();
            return input.size();
        }
        if (state_ == State::bytes || state_ == State::chunk) {
            at += take_bytes(rest, body);
            if (left_ == 0) state_ = state_ == State::bytes ? State::done : State::chunk_end;
            continue;
        }
        const std::size_t end = rest.find('\n');
        const std::size_t most = state_ == State::trailer ? limits_.header_bytes : kChunkLineMax;
        if (std::min(end, rest.size()) > most) return malformed("a line of the chunks is too long");
        if (end == std::string_view::npos) return at;
        if (end == 0 || rest[end - 1] != '\r')
            return malformed("a line of the chunks ends without a carriage return");
        if (auto read = read_line(rest.substr(0, end - 1)); !read)
            return tl::unexpected<Problem>(std::move(read.error()));
        at += end + 1;
    }
    return at;
}

Parsed<void> BodyReader::read_line(std::string_view line) {
    if (state_ == State::size_line) return read_size(line);
    if (state_ == State::chunk_end) {
        if (!line.empty()) return malformed("a chunk is longer than it says");
        state_ = State::size_line;
        return {};
    }
    // Trailers are read and left: nothing here may be told by one.
    if (line.empty()) {
        state_ = State::done;
        return {};
    }
    trailer_ += line.size();
    if (trailer_ > limits_.header_bytes)
        return refused(431, "headers-too-large", "the trailers are too large", "leave them out");
    if (!is_token(line.substr(0, line.find(':'))) || line.find(':') == std::string_view::npos ||
        !is_header_value(line))
        return malformed("a trailer is malformed");
    return {};
}

Parsed<void> BodyReader::read_size(std::string_view line) {
    std::string_view digits = line.substr(0, line.find(';'));
    if (digits.size() < line.size())  // space is allowed before an extension
        while (!digits.empty() && (digits.back() == ' ' || digits.back() == '\t'))
            digits.remove_suffix(1);
    std::uint64_t size = 0;
    const char* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, size, 16);
    if (digits.empty() || digits.size() > 16 || read.ec != std::errc() || read.ptr != end)
        return malformed("the size of a chunk is no number");
    if (!is_header_value(line))
        return malformed("a control character stands beside a chunk's size");
    if (size > limits_.body_bytes - taken_) return tl::unexpected<Problem>(body_too_large(limits_));
    left_ = size;
    state_ = size == 0 ? State::trailer : State::chunk;
    return {};
}

bool BodyReader::end_of_stream() {
    if (state_ == State::to_end) state_ = State::done;
    return done();
}

}  // namespace millrace::net
