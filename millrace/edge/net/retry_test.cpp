#include "millrace/edge/net/retry.hpp"

#include <gtest/gtest.h>

#include "millrace/edge/net/client_session.hpp"
#include "millrace/edge/net/proxy.hpp"

namespace millrace::net {
namespace {

// 1994-11-06T08:49:37Z, the date of RFC 9110's examples, is 784111777 s after 1970.
const Time kExample = Time() + Duration::seconds(784'111'777);

TEST(Retry, Repeats_only_what_counts_once) {
    Headers none;
    Headers keyed;
    keyed.add("Idempotency-Key", "k");
    EXPECT_TRUE(may_repeat(Method::get, none));
    EXPECT_TRUE(may_repeat(Method::erase, none));
    EXPECT_FALSE(may_repeat(Method::post, none));
    EXPECT_TRUE(may_repeat(Method::post, keyed));
    EXPECT_TRUE(is_worth_repeating(503));
    EXPECT_FALSE(is_worth_repeating(400));
    EXPECT_FALSE(is_worth_repeating(501));
}

TEST(Retry, Waits_twice_as_long_each_time_with_chance) {
    const RetryRules rules{.attempts = 5,
                           .first_wait = Duration::milliseconds(100),
                           .longest_wait = Duration::milliseconds(300)};
    Random random(1);
    const std::int64_t most[] = {100, 200, 300, 300};
    for (int made = 1; made <= 4; ++made) {
        const auto wait = wait_before_retry(rules, made, std::nullopt, random);
        ASSERT_TRUE(wait);
        EXPECT_GE(wait->ns(), most[made - 1] * 500'000);
        EXPECT_LE(wait->ns(), most[made - 1] * 1'000'000);
    }
    EXPECT_FALSE(wait_before_retry(rules, 5, std::nullopt, random));
    Random one(7);
    Random two(7);
    EXPECT_EQ(wait_before_retry(rules, 1, std::nullopt, one),
              wait_before_retry(rules, 1, std::nullopt, two));
}

TEST(Retry, Honours_what_the_server_says) {
    Random random(1);
    EXPECT_EQ(wait_before_retry({}, 1, Duration::seconds(7), random), Duration::seconds(7));
    EXPECT_FALSE(wait_before_retry({}, 1, Duration::seconds(121), random));
    EXPECT_EQ(parse_retry_after("120", Time()), Duration::seconds(120));
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", kExample - Duration::seconds(9)),
              Duration::seconds(9));
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", kExample + Duration::seconds(9)),
              Duration());
    for (const char* bad : {"", "-1", "soon", "1.5", "99999999999999999999",
                            "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT"})
        EXPECT_FALSE(parse_retry_after(bad, Time())) << bad;
}

TEST(Retry, Writes_the_dates_of_HTTP) {
    EXPECT_EQ(format_http_date(kExample), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), kExample);
}

TEST(Proxy, Is_chosen_by_scheme_and_exceptions) {
    const auto rules = ProxyRules::from_environment({{"http_proxy", "http://p:1"},
                                                     {"HTTPS_PROXY", "user:pw@q:2"},
                                                     {"HTTP_PROXY", "http://evil:3"},
                                                     {"no_proxy", "plain.test, .inner.test"}});
    ASSERT_TRUE(rules);
    const auto port_for = [&](const char* url) {
        const Url* const proxy = rules->proxy_for(*parse_url(url));
        return proxy == nullptr ? 0 : int{proxy->port};
    };
    EXPECT_EQ(port_for("http://a.test"), 1);
    EXPECT_EQ(port_for("wss://a.test"), 2);
    EXPECT_EQ(port_for("http://plain.test"), 0);
    EXPECT_EQ(port_for("http://sub.plain.test"), 0);
    EXPECT_EQ(port_for("http://notplain.test"), 1);
    EXPECT_EQ(port_for("http://x.inner.test"), 0);
    EXPECT_EQ(port_for("http://localhost"), 0);
    EXPECT_EQ(port_for("http://127.0.0.1"), 0);
    const Url https = *parse_url("https://a.test/secret/path");
    // "user:pw" in base64.
    EXPECT_EQ(connect_request(https, *rules->proxy_for(https)),
              "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n"
              "Proxy-Authorization: Basic dXNlcjpwdw==\r\n\r\n");
}

TEST(Proxy, That_is_no_URL_is_refused_without_showing_it) {
    const auto rules = ProxyRules::from_environment({{"https_proxy", "http://u:hidden@ho st"}});
    ASSERT_FALSE(rules);
    EXPECT_EQ(describe(rules.error()).find("hidden"), std::string::npos);
    EXPECT_FALSE(ProxyRules::from_environment({{"https_proxy", "https://p:1"}}));
}

TEST(ClientSession, Sends_no_header_that_breaks_out_of_its_line) {
    ClientRequest request{.method = Method::post, .url = *parse_url("http://h/p"), .body = "{}"};
    request.headers.add("X-A", "1");
    const auto plain = encode_request(request, nullptr);
    ASSERT_TRUE(plain);
    EXPECT_TRUE(plain->starts_with("POST /p HTTP/1.1\r\nHost: h\r\n"));
    EXPECT_TRUE(plain->ends_with("X-A: 1\r\nContent-Length: 2\r\n\r\n{}"));
    request.headers.add("X-B", "1\r\nX-C: 2");
    EXPECT_FALSE(encode_request(request, nullptr));
}

TEST(ClientSession, Reads_an_answer_after_interim_ones) {
    ResponseReader reader(Method::get, {});
    const std::string wire =
        "HTTP/1.1 103 Hints\r\nA: b\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
    for (std::size_t i = 0; i + 1 < wire.size(); ++i)
        ASSERT_EQ(reader.receive(wire.substr(i, 1)), false) << i;
    EXPECT_EQ(reader.receive(wire.substr(wire.size() - 1)), true);
    EXPECT_EQ(reader.response().status, 200);
    EXPECT_EQ(reader.response().body, "ok");
    EXPECT_TRUE(reader.keeps_alive());
}

TEST(ClientSession, Takes_an_answer_without_length_until_the_end) {
    ResponseReader reader(Method::get, {});
    EXPECT_EQ(reader.receive("HTTP/1.1 200 OK\r\n\r\nall of "), false);
    EXPECT_EQ(reader.receive("it"), false);
    EXPECT_TRUE(reader.end_of_stream());
    EXPECT_EQ(reader.response().body, "all of it");
    ResponseReader cut(Method::get, {});
    EXPECT_EQ(cut.receive("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n123"), false);
    EXPECT_FALSE(cut.end_of_stream());
    ResponseReader more(Method::get, {});
    EXPECT_FALSE(more.receive("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n12"));
}

}  // namespace
}  // namespace millrace::net
