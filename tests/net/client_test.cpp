#include <gtest/gtest.h>

#include "millrace/edge/net/client/http_client.hpp"
#include "millrace/edge/net/client/websocket_client.hpp"

#include "tests/net/scripted_server.hpp"
#include "tests/net/test_certificate.hpp"
#include "tests/net/test_site.hpp"

namespace millrace::net {
namespace {

std::string local(const std::string& scheme, std::uint16_t port, const std::string& path) {
    return scheme + "://127.0.0.1:" + std::to_string(port) + path;
}
ClientRequest to(const std::string& url, Method method = Method::get) {
    return {.method = method, .url = parse_url(url).value()};
}
ClientOptions quick() {
    ClientOptions options;
    options.retry.first_wait = Duration::milliseconds(2);
    return options;
}
ServerOptions secure(const TestCertificate& certificate) {
    ServerOptions options;
    options.tls = TlsIdentity{certificate.certificate_path(), certificate.key_path()};
    return options;
}
constexpr const char* kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
constexpr const char* kBusy =
    "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: 0\r\nConnection: close\r\n\r\n";

TEST(HttpClient, Keeps_its_connection_for_the_next_request) {
    TestSite site;
    const auto client = HttpClient::make(quick()).value();
    for (int i = 0; i < 5; ++i) {
        const auto answer = client->fetch(to(local("http", site.server->port(), "/items/7")));
        ASSERT_TRUE(answer) << describe(answer.error());
        EXPECT_EQ(answer->response.body, R"({"id":"7","limit":10})");
    }
    EXPECT_EQ(site.server->counts().accepted, 1U);
    ClientRequest post = to(local("http", site.server->port(), "/echo"), Method::post);
    post.body = "[1]";
    post.content_type = "application/json";
    EXPECT_EQ(client->fetch(post)->response.body, "[1]");
    EXPECT_EQ(client->fetch(to(local("http", site.server->port(), "/none")))->response.status, 404);
}

TEST(HttpClient, Repeats_what_may_be_repeated) {
    const ScriptedServer server(answers({kBusy, "", kBusy, kOk}));
    const auto client = HttpClient::make(quick()).value();
    const auto answer = client->fetch(to(local("http", server.port(), "/")));
    ASSERT_TRUE(answer) << describe(answer.error());
    EXPECT_EQ(answer->response.body, "ok");
    EXPECT_EQ(answer->attempts, 4);
}

TEST(HttpClient, Repeats_a_post_only_with_a_key) {
    const ScriptedServer server(answers({"", kBusy, kOk}));
    const auto client = HttpClient::make(quick()).value();
    ClientRequest post = to(local("http", server.port(), "/"), Method::post);
    const auto lost = client->fetch(post);
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, ErrorCode::network);
    EXPECT_EQ(server.connections(), 1U);
    EXPECT_EQ(client->fetch(post)->response.status, 503);
    EXPECT_EQ(server.connections(), 2U);
    const ScriptedServer other(answers({"", kBusy, kOk}));
    post.url = parse_url(local("http", other.port(), "/")).value();
    post.headers.add("Idempotency-Key", "k");
    EXPECT_EQ(client->fetch(post)->attempts, 3);
}

TEST(HttpClient, Gives_up_in_time_and_says_where) {
    ClientOptions options = quick();
    options.read_time = Duration::milliseconds(100);
    options.retry.attempts = 1;
    const auto client = HttpClient::make(options).value();
    const ScriptedServer silent([](int descriptor, std::size_t) {
        char byte = 0;
        while (::recv(descriptor, &byte, 1, 0) == 1) {
        }
    });
    const auto answer = client->fetch(to(local("http", silent.port(), "/")));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::timeout);
    EXPECT_EQ(answer.error().where, local("http", silent.port(), ""));
    const auto nobody = client->fetch(to("http://127.0.0.1:1/"));
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().code, ErrorCode::network);
}

TEST(HttpClient, Has_an_end_for_all_attempts_together) {
    ClientOptions options = quick();
    options.overall_time = Duration::milliseconds(300);
    options.retry.attempts = 1'000;
    options.retry.longest_wait = Duration::milliseconds(10);
    const ScriptedServer server(answers({kBusy}));
    const auto client = HttpClient::make(options).value();
    const auto answer = client->fetch(to(local("http", server.port(), "/")));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::timeout);
    EXPECT_GT(server.connections(), 3U);
}

TEST(HttpClient, Refuses_an_answer_beyond_its_limits) {
    ClientOptions options = quick();
    options.limits.body_bytes = 1'000;
    options.retry.attempts = 1;
    TestSite site;
    const auto client = HttpClient::make(options).value();
    EXPECT_FALSE(client->fetch(to(local("http", site.server->port(), "/big"))));
    const ScriptedServer liar(answers({"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ntoo long"}));
    EXPECT_FALSE(client->fetch(to(local("http", liar.port(), "/"))));
}

TEST(HttpClient, Ends_what_is_under_way_when_it_ends) {
    TestSite site;
    std::atomic<int> interrupted = 0;
    {
        const auto client = HttpClient::make(quick()).value();
        for (int i = 0; i < 3; ++i)
            client->fetch(to(local("http", site.server->port(), "/kept")), [&](auto result) {
                interrupted += !result && result.error().code == ErrorCode::interrupted ? 1 : 0;
            });
        EXPECT_TRUE(comes_true([&] { return site.sample.kept() == 3; }));
    }
    EXPECT_EQ(interrupted, 3);
    site.sample.let_go();
}

TEST(Tls, Is_verified_and_spoken_both_ways) {
    const TestCertificate certificate;
    TestSite site(secure(certificate));
    ClientOptions options = quick();
    options.trust.authorities = certificate.certificate_path();
    const auto client = HttpClient::make(options).value();
    for (const char* host : {"localhost", "127.0.0.1"}) {
        const auto answer = client->fetch(to("https://" + std::string(host) + ":" +
                                             std::to_string(site.server->port()) + "/big"));
        ASSERT_TRUE(answer) << describe(answer.error());
        EXPECT_EQ(answer->response.body, std::string(3'000'000, 'b'));
    }
}

TEST(Tls, Distrusts_at_once_what_is_not_what_it_says) {
    const TestCertificate own;
    const TestCertificate other;
    const TestCertificate wrong_name("DNS:elsewhere.test");
    const TestCertificate expired("DNS:localhost,IP:127.0.0.1", -1);
    const auto fetch = [](const TestCertificate& shown, const TestCertificate& trusted) {
        TestSite site(secure(shown));
        ClientOptions options = quick();
        options.trust.authorities = trusted.certificate_path();
        return HttpClient::make(options).value()->fetch(
            to(local("https", site.server->port(), "/health")));
    };
    EXPECT_TRUE(fetch(own, own));
    for (const auto& answer :
         {fetch(own, other), fetch(wrong_name, wrong_name), fetch(expired, expired)}) {
        ASSERT_FALSE(answer);
        EXPECT_TRUE(is_distrust(answer.error())) << describe(answer.error());
    }
    // The system's authorities know nothing of it; and only who says so goes without.
    TestSite site(secure(own));
    const ClientRequest request = to(local("https", site.server->port(), "/health"));
    EXPECT_FALSE(HttpClient::make(quick()).value()->fetch(request));
    ClientOptions careless = quick();
    careless.trust.verify = false;
    EXPECT_TRUE(HttpClient::make(careless).value()->fetch(request));
}

TEST(Tls, Survives_who_does_not_speak_it) {
    const TestCertificate certificate;
    TestSite site(secure(certificate));
    RawClient plain(site.server->port());
    plain.send(get("/health"));
    EXPECT_EQ(plain.read_all().find("HTTP/1.1 200"), std::string::npos);
    ClientOptions options = quick();
    options.retry.attempts = 1;
    options.connect_time = Duration::milliseconds(300);  // it waits for a head that never ends
    TestSite unsecured;
    EXPECT_FALSE(HttpClient::make(options).value()->fetch(
        to(local("https", unsecured.server->port(), "/"))));
    EXPECT_EQ(site.server->counts().faults, 0U);
}

TEST(Tls, Wants_a_private_key_and_a_fitting_one) {
    const TestCertificate certificate;
    const TestCertificate other;
    const auto load = [&](const std::string& key) {
        return TlsContext::server({certificate.certificate_path(), key});
    };
    EXPECT_TRUE(load(certificate.key_path()));
    EXPECT_FALSE(load(other.key_path()));
    EXPECT_FALSE(load("/nowhere"));
    ASSERT_EQ(::chmod(certificate.key_path().c_str(), 0644), 0);
    EXPECT_FALSE(load(certificate.key_path()));
}

TEST(Proxy, Tunnels_TLS_and_passes_plain_requests_on) {
    const TestCertificate certificate("DNS:far.test");
    TestSite site(secure(certificate));
    std::vector<std::string> heads;
    ClientOptions options = quick();
    options.trust.authorities = certificate.certificate_path();
    options.retry.attempts = 1;
    {
        const ScriptedServer proxy(tunnel_to(site.server->port(), heads));
        const std::string url = "http://user:pw@127.0.0.1:" + std::to_string(proxy.port());
        options.proxies = ProxyRules::from_environment({{"https_proxy", url}}).value();
        const auto answer = HttpClient::make(options).value()->fetch(to("https://far.test/health"));
        ASSERT_TRUE(answer) << describe(answer.error());
        // The name in the Host header is not one that the site goes by; the way there was right.
        EXPECT_EQ(answer->response.status, 421);
    }
    ASSERT_EQ(heads.size(), 1U);
    EXPECT_TRUE(heads[0].starts_with("CONNECT far.test:443 HTTP/1.1\r\n"));
    EXPECT_NE(heads[0].find("Proxy-Authorization: Basic dXNlcjpwdw=="), std::string::npos);

    const ScriptedServer plain([&](int descriptor, std::size_t) {
        heads.push_back(ScriptedServer::read_head(descriptor));
        ScriptedServer::say(descriptor, kOk);
    });
    options.proxies =
        ProxyRules::from_environment({{"http_proxy", local("http", plain.port(), "")}}).value();
    EXPECT_EQ(HttpClient::make(options).value()->fetch(to("http://far.test/x?y"))->response.body,
              "ok");
    EXPECT_TRUE(heads.at(1).starts_with("GET http://far.test/x?y HTTP/1.1\r\n"));

    const ScriptedServer denies(answers({"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"}));
    options.proxies =
        ProxyRules::from_environment({{"https_proxy", local("http", denies.port(), "")}}).value();
    EXPECT_EQ(HttpClient::make(options).value()->fetch(to("https://far.test/")).error().code,
              ErrorCode::network);
}

// A handler that keeps what it hears, for the test's thread to wait for.
struct Heard final : WebSocketClientHandler {
    std::mutex mutex;
    std::string opened = "never";
    std::vector<std::string> messages;
    std::optional<std::uint16_t> closed;
    bool failed = false;
    void on_open(std::string_view protocol) override {
        const std::lock_guard lock(mutex);
        opened = protocol;
    }
    void on_message(const WebSocketSession::Message& message) override {
        const std::lock_guard lock(mutex);
        messages.emplace_back(message.data);
    }
    void on_close(std::uint16_t code, std::string_view, const Error* error) override {
        const std::lock_guard lock(mutex);
        closed = code;
        failed = error != nullptr;
    }
    template <class Condition>
    bool waits_for(Condition condition) {
        return comes_true([&] {
            const std::lock_guard lock(mutex);
            return condition();
        });
    }
};

struct Caller {
    Heard heard;
    Loop loop;
    std::unique_ptr<WebSocketClient> client;
    explicit Caller(WebSocketClientOptions options) {
        loop.start();
        loop.post(
            [this, options] { client = WebSocketClient::open(loop, options, heard).value(); });
    }
    ~Caller() { loop.stop(); }
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;
    void say(const std::string& text) {
        loop.post([this, text] { client->send_text(text); });
    }
};

WebSocketClientOptions socket_to(const std::string& url) {
    WebSocketClientOptions options;
    options.url = parse_url(url).value();
    return options;
}

TEST(WebSocketClient, Talks_over_plain_and_TLS) {
    const TestCertificate certificate;
    for (const bool is_secure : {false, true}) {
        TestSite site(is_secure ? secure(certificate) : ServerOptions());
        auto options = socket_to(local(is_secure ? "wss" : "ws", site.server->port(), "/ws/echo"));
        options.trust.authorities = certificate.certificate_path();
        options.protocols = {"echo.v1"};
        Caller caller(options);
        ASSERT_TRUE(caller.heard.waits_for([&] { return caller.heard.opened == "echo.v1"; }));
        for (int i = 0; i < 1'000; ++i)
            caller.say("message " + std::to_string(i));
        caller.say(std::string(500'000, 'x'));
        ASSERT_TRUE(caller.heard.waits_for([&] { return caller.heard.messages.size() == 1'001; }));
        EXPECT_EQ(caller.heard.messages[999], "message 999");
        EXPECT_EQ(caller.heard.messages[1'000].size(), 500'000U);
        caller.say("close me");
        ASSERT_TRUE(caller.heard.waits_for([&] { return caller.heard.closed.has_value(); }));
        EXPECT_EQ(caller.heard.closed, kCloseNormal);
        EXPECT_FALSE(caller.heard.failed);
        EXPECT_TRUE(comes_true([&] { return site.sample.closed_sockets() == 1; }));
    }
}

TEST(WebSocketClient, Tells_why_it_does_not_open) {
    TestSite site;
    for (const char* path : {"/ws/quotes", "/ws/none", "/health"}) {
        Caller caller(socket_to(local("ws", site.server->port(), path)));
        ASSERT_TRUE(caller.heard.waits_for([&] { return caller.heard.closed.has_value(); }))
            << path;
        EXPECT_TRUE(caller.heard.failed);
        EXPECT_EQ(caller.heard.opened, "never");
    }
    auto allowed = socket_to(local("ws", site.server->port(), "/ws/quotes"));
    allowed.headers.add("Authorization", "Bearer " + site.token);
    Caller caller(allowed);
    EXPECT_TRUE(caller.heard.waits_for([&] { return caller.heard.opened.empty(); }));
}

TEST(WebSocketClient, Hears_when_the_server_is_gone) {
    auto site = std::make_unique<TestSite>();
    Caller caller(socket_to(local("ws", site->server->port(), "/ws/echo")));
    ASSERT_TRUE(caller.heard.waits_for([&] { return caller.heard.opened.empty(); }));
    site->server.reset();
    ASSERT_TRUE(caller.heard.waits_for([&] { return caller.heard.closed.has_value(); }));
    EXPECT_EQ(caller.heard.closed, kCloseAbnormal);
}

}  // namespace
}  // namespace millrace::net
