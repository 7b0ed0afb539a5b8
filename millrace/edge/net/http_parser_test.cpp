#include "millrace/edge/net/http_parser.hpp"

#include <gtest/gtest.h>

namespace millrace::net {
namespace {

constexpr HttpLimits kLimits;

// The status that a head is refused with; 0 when it is taken.
int refusal(const std::string& lines) {
    const auto head = parse_request_head(lines + "\r\n\r\n", kLimits);
    return head ? 0 : head.error().status;
}

TEST(HttpParser, Takes_a_request_apart) {
    const auto head = parse_request_head(
        "POST /a/b?c=d HTTP/1.1\r\nHost: x:80\r\ncOnTeNt-LeNgTh: 5\r\nX-Two:  padded \r\n\r\n",
        kLimits);
    ASSERT_TRUE(head);
    EXPECT_EQ(head->request.method, Method::post);
    EXPECT_EQ(head->request.target, "/a/b?c=d");
    EXPECT_EQ(head->request.headers.size(), 3U);
    EXPECT_EQ(head->request.headers.find("x-two"), "padded");
    EXPECT_EQ(head->body, BodyForm::sized);
    EXPECT_EQ(head->body_bytes, 5U);
    EXPECT_TRUE(head->keep_alive);
}

TEST(HttpParser, Refuses_what_two_programs_could_read_differently) {
    const std::string begin = "POST / HTTP/1.1\r\nHost: x\r\n";
    EXPECT_EQ(refusal(begin + "Content-Length: 5\r\nContent-Length: 5"), 400);
    EXPECT_EQ(refusal(begin + "Content-Length: 5\r\nContent-Length: 6"), 400);
    EXPECT_EQ(refusal(begin + "Content-Length: 5, 5"), 400);
    EXPECT_EQ(refusal(begin + "Content-Length: +5"), 400);
    EXPECT_EQ(refusal(begin + "Content-Length: -5"), 400);
    EXPECT_EQ(refusal(begin + "Content-Length: 0x5"), 400);
    EXPECT_EQ(refusal(begin + "Content-Length: "), 400);
    EXPECT_EQ(refusal(begin + "Content-Length: 99999999999999999999"), 400);
    EXPECT_EQ(refusal(begin + "Content-Length: 5\r\nTransfer-Encoding: chunked"), 400);
    EXPECT_EQ(refusal(begin + "Transfer-Encoding: chunked\r\nContent-Length: 5"), 400);
    EXPECT_EQ(refusal(begin + "Transfer-Encoding: gzip, chunked"), 400);
    EXPECT_EQ(refusal(begin + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 400);
    EXPECT_EQ(refusal(begin + "Transfer-Encoding: xchunked"), 400);
    EXPECT_EQ(refusal(begin + "Transfer-Encoding : chunked"), 400);
    EXPECT_EQ(refusal(begin + "X: a\r\n b"), 400);
    EXPECT_EQ(refusal(begin + "X: a\nY: b"), 400);
    EXPECT_EQ(refusal(begin + "X: a\rY: b"), 400);
    EXPECT_EQ(refusal(begin + std::string("X: a\0b", 6)), 400);
    EXPECT_EQ(refusal(begin + "X Y: a"), 400);
    EXPECT_EQ(refusal(begin + ": a"), 400);
    EXPECT_EQ(refusal("POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked"), 400);
}

TEST(HttpParser, Wants_exactly_one_host) {
    EXPECT_EQ(refusal("GET / HTTP/1.1"), 400);
    EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\nHost: a"), 400);
    EXPECT_EQ(refusal("GET / HTTP/1.0"), 0);
}

TEST(HttpParser, Knows_its_versions_and_methods) {
    EXPECT_EQ(refusal("GET / HTTP/2.0\r\nHost: x"), 505);
    EXPECT_EQ(refusal("GET / HTTP/1.2\r\nHost: x"), 505);
    EXPECT_EQ(refusal("BREW / HTTP/1.1\r\nHost: x"), 501);
    EXPECT_EQ(refusal("CONNECT a:1 HTTP/1.1\r\nHost: x"), 501);
    EXPECT_EQ(refusal("TRACE / HTTP/1.1\r\nHost: x"), 501);
    EXPECT_EQ(refusal("GET /a b HTTP/1.1\r\nHost: x"), 505);
    EXPECT_EQ(refusal("nonsense"), 400);
}

TEST(HttpParser, Holds_its_limits_to_the_byte) {
    HttpLimits limits;
    limits.header_bytes = 64;
    // "GET / HTTP/1.1\r\nHost: x\r\n" has 25 bytes, "A: \r\n" and the empty line 7.
    const auto head = [](std::size_t padding) {
        return "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(padding, 'a') + "\r\n\r\n";
    };
    EXPECT_EQ(head(32).size(), 64U);
    EXPECT_TRUE(parse_request_head(head(32), limits));
    EXPECT_EQ(parse_request_head(head(33), limits).error().status, 431);
    limits = {};
    limits.header_count = 2;
    EXPECT_TRUE(parse_request_head("GET / HTTP/1.1\r\nHost: x\r\nA: 1\r\n\r\n", limits));
    EXPECT_EQ(parse_request_head("GET / HTTP/1.1\r\nHost: x\r\nA: 1\r\nB: 1\r\n\r\n", limits)
                  .error()
                  .status,
              431);
    limits.target_bytes = 20;
    EXPECT_EQ(
        parse_request_head("GET /123456789 HTTP/1.1\r\nHost: x\r\n\r\n", limits).error().status,
        414);
    limits.body_bytes = 10;
    EXPECT_TRUE(
        parse_request_head("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n", limits));
    EXPECT_EQ(parse_request_head("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n", limits)
                  .error()
                  .status,
              413);
}

TEST(HttpParser, Knows_when_the_connection_stays) {
    const auto keeps = [](const std::string& lines) {
        return parse_request_head(lines + "\r\n\r\n", kLimits)->keep_alive;
    };
    EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: x"));
    EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: x\r\nConnection: foo, Close"));
    EXPECT_FALSE(keeps("GET / HTTP/1.0"));
    EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: Keep-Alive"));
}

TEST(HttpParser, Gives_responses_their_bodies) {
    const auto form = [](const std::string& lines, Method method) {
        return parse_response_head(lines + "\r\n\r\n", method, kLimits)->body;
    };
    EXPECT_EQ(form("HTTP/1.1 200 OK\r\nContent-Length: 3", Method::get), BodyForm::sized);
    EXPECT_EQ(form("HTTP/1.1 200 OK\r\nContent-Length: 3", Method::head), BodyForm::none);
    EXPECT_EQ(form("HTTP/1.1 204 No Content", Method::get), BodyForm::none);
    EXPECT_EQ(form("HTTP/1.1 200 OK", Method::get), BodyForm::until_close);
    EXPECT_EQ(form("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", Method::get),
              BodyForm::chunked);
}

struct Body {
    int status = 0;  // of the refusal
    std::string text;
    bool done = false;
    std::size_t used = 0;
};
Body read_chunks(const std::string& wire, const HttpLimits& limits = kLimits) {
    BodyReader reader(BodyForm::chunked, 0, limits);
    Body body;
    const auto taken = reader.take(wire, body.text);
    if (!taken) body.status = taken.error().status;
    body.used = taken.value_or(0);
    body.done = reader.done();
    return body;
}

TEST(BodyReader, Joins_chunks_and_leaves_what_follows) {
    const Body body =
        read_chunks("3;ext=\"1\"\r\nabc\r\n0A \t;x\r\n0123456789\r\n0\r\nT: 1\r\n\r\nGET");
    EXPECT_EQ(body.status, 0);
    EXPECT_TRUE(body.done);
    EXPECT_EQ(body.text, "abc0123456789");
    EXPECT_EQ(body.used, 47U);  // all but GET
}

TEST(BodyReader, Refuses_malformed_chunks) {
    EXPECT_EQ(read_chunks("x\r\n").status, 400);
    EXPECT_EQ(read_chunks("\r\n").status, 400);
    EXPECT_EQ(read_chunks("0x3\r\nabc\r\n").status, 400);
    EXPECT_EQ(read_chunks("-1\r\n").status, 400);
    EXPECT_EQ(read_chunks("3 \r\nabc\r\n").status, 400);
    EXPECT_EQ(read_chunks("3\nabc\r\n").status, 400);
    EXPECT_EQ(read_chunks("3\r\nabcd\r\n").status, 400);
    EXPECT_EQ(read_chunks("11111111111111111\r\n").status, 400);
    EXPECT_EQ(read_chunks("0\r\nno colon\r\n\r\n").status, 400);
    EXPECT_EQ(read_chunks(std::string(300, 'a')).status, 400);
}

TEST(BodyReader, Holds_the_limit_of_the_whole_body) {
    HttpLimits limits;
    limits.body_bytes = 5;
    EXPECT_EQ(read_chunks("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", limits).status, 0);
    EXPECT_EQ(read_chunks("3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n", limits).status, 413);
    EXPECT_EQ(read_chunks("ffffffffffffffff\r\n", limits).status, 413);
}

}  // namespace
}  // namespace millrace::net
