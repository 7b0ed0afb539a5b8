// Encoding requests, reading answers.
#include "millrace/edge/net/client_session.hpp"

#include "millrace/edge/net/proxy.hpp"

namespace millrace::net {
namespace {

constexpr int kInterimMax = 8;

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

tl::unexpected<Error> unsendable(std::string_view name) {
    return failure(ErrorCode::internal,
                   "the header \"" + std::string(name.substr(0, 40)) + "\" cannot be sent", {},
                   "its name or value has a character that ends a line or is not allowed",
                   "take it out of what the header is made of");
}

tl::unexpected<Problem> broken(std::string detail) {
    Problem problem;
    problem.status = 502;
    problem.code = "malformed-http";
    problem.detail = std::move(detail);
    return tl::unexpected<Problem>(std::move(problem));
}

}  // namespace

Result<std::string> encode_request(const ClientRequest& request, const Url* proxy) {
    if (!is_header_value(request.url.target) || request.url.target.find(' ') != std::string::npos)
        return unsendable(":target");
    std::string out(name_of(request.method));
    out += ' ';
    if (proxy != nullptr) out += request.url.scheme + "://" + request.url.authority();
    out += request.url.target + " HTTP/1.1\r\n";
    append_field(out, "Host", request.url.authority());
    append_field(out, "User-Agent", "millrace");
    if (request.headers.count("accept") == 0) append_field(out, "Accept", "*/*");
    if (proxy != nullptr)
        if (const std::string words = proxy_authorization(*proxy); !words.empty())
            append_field(out, "Proxy-Authorization", words);
    if (!request.content_type.empty()) {
        if (!is_header_value(request.content_type)) return unsendable("Content-Type");
        append_field(out, "Content-Type", request.content_type);
    }
    for (std::size_t i = 0; i < request.headers.size(); ++i) {
        const auto [name, value] = request.headers[i];
        if (!is_token(name) || !is_header_value(value)) return unsendable(name);
        append_field(out, name, value);
    }
    const bool may_have_body = request.method != Method::get && request.method != Method::head;
    if (may_have_body || !request.body.empty())
        append_field(out, "Content-Length", std::to_string(request.body.size()));
    return out + "\r\n" + request.body;
}

Parsed<bool> ResponseReader::receive(std::string_view bytes) {
    if (!bytes.empty()) begun_ = true;
    input_.append(bytes);
    while (!has_head_) {
        auto read = read_head();
        if (!read) return tl::unexpected<Problem>(std::move(read.error()));
        if (!*read) return false;
    }
    if (head_.response.status == 101) return true;
    auto taken = body_.take(std::string_view(input_).substr(used_), head_.response.body);
    if (!taken) return tl::unexpected<Problem>(std::move(taken.error()));
    used_ += *taken;
    input_.erase(0, used_);
    used_ = 0;
    if (body_.done() && !input_.empty()) return broken("the answer is longer than it says");
    return body_.done();
}

Parsed<bool> ResponseReader::read_head() {
    const std::string_view rest = std::string_view(input_).substr(used_);
    const std::size_t size = end_of_head(rest, scanned_);
    if (size == 0) {
        scanned_ = rest.size();
        if (rest.size() > limits_.header_bytes) return broken("the head of the answer has no end");
        return false;
    }
    scanned_ = 0;
    used_ += size;
    auto parsed = parse_response_head(rest.substr(0, size), method_, limits_);
    if (!parsed) return tl::unexpected<Problem>(std::move(parsed.error()));
    const int status = parsed->response.status;
    if (status < 200 && status != 101) {
        if (++interim_ > kInterimMax) return broken("too many interim answers");
        return true;  // and the loop looks for the next head
    }
    has_head_ = true;
    head_ = std::move(*parsed);
    body_ = BodyReader(head_.body, head_.body_bytes, limits_);
    return true;
}

bool ResponseReader::end_of_stream() {
    return has_head_ && body_.end_of_stream();
}

}  // namespace millrace::net
