#include "millrace/edge/net/server/server.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "millrace/edge/net/websocket_frame.hpp"

#include "tests/net/test_site.hpp"

namespace millrace::net {
namespace {

TEST(Server, Answers_many_requests_of_one_connection_in_order) {
    TestSite site;
    RawClient client = site.client();
    client.send(get("/late") + get("/items/1") + get("/late") + get("/items/2"));
    EXPECT_NE(client.read_answer().find("another"), std::string::npos);
    EXPECT_NE(client.read_answer().find("\"id\":\"1\""), std::string::npos);
    EXPECT_NE(client.read_answer().find("another"), std::string::npos);
    EXPECT_NE(client.read_answer().find("\"id\":\"2\""), std::string::npos);
    EXPECT_EQ(site.server->counts().requests, 4U);
    EXPECT_EQ(site.server->counts().accepted, 1U);
}

TEST(Server, Sends_an_answer_that_is_larger_than_any_buffer) {
    TestSite site;
    RawClient client = site.client();
    for (int i = 0; i < 3; ++i)
        client.send(get("/big"));
    for (int i = 0; i < 3; ++i) {
        const std::string answer = client.read_answer();
        EXPECT_TRUE(answer.ends_with(std::string(1'000, 'b')));
        EXPECT_GT(answer.size(), 3'000'000U);
    }
}

TEST(Server, Keeps_a_closing_client_until_its_answer_is_out) {
    TestSite site;
    RawClient client = site.client();
    client.send(get("/big", "Connection: close\r\n"));
    EXPECT_GT(client.read_all().size(), 3'000'000U);
    RawClient half = site.client();
    half.send("GARBAGE\r\n\r\n" + std::string(100'000, 'x'));  // more than is ever read
    EXPECT_TRUE(half.read_all().starts_with("HTTP/1.1 400 "));
}

TEST(Server, Refuses_what_is_aimed_at_its_seams) {
    TestSite site;
    const auto status = [&](const std::string& request) {
        return site.client().status_of(request);
    };
    EXPECT_EQ(status(get("/health")), 200);
    EXPECT_EQ(status("GET /health HTTP/1.1\r\nHost: evil.com\r\n\r\n"), 421);
    EXPECT_EQ(status("GET http://evil.com/health HTTP/1.1\r\nHost: localhost\r\n\r\n"), 421);
    EXPECT_EQ(status(get("/health", "Origin: http://evil.com\r\n")), 403);
    EXPECT_EQ(status(get("/../../etc/passwd")), 400);
    EXPECT_EQ(status(get("/%2e%2e/%2e%2e/etc/passwd")), 400);
    EXPECT_EQ(status(get("/health", "X: a\r\n b\r\n")), 400);
    EXPECT_EQ(status(get("/health", "X: " + std::string(20'000, 'x') + "\r\n")), 431);
    EXPECT_EQ(status(get("/" + std::string(9'000, 'x'))), 414);
    EXPECT_EQ(status("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n"),
              413);
    EXPECT_EQ(status("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "fffffff\r\n"),
              413);
    EXPECT_EQ(status(get("/who", "Authorization: Bearer wrong\r\n")), 401);
    EXPECT_EQ(status(get("/who", "Authorization: Bearer " + site.token + "\r\n")), 200);
    EXPECT_EQ(status("POST /injected HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"),
              500);
    EXPECT_EQ(site.server->counts().faults, 0U);
}

TEST(Server, Gives_up_on_a_client_that_sends_its_head_a_byte_at_a_time) {
    ServerOptions options;
    options.http.head_time = Duration::milliseconds(300);
    TestSite site(options);
    RawClient client = site.client();
    const std::string slow = "GET /health HTTP/1.1\r\nHost: localhost\r\nX: ";
    client.send(slow);
    // Whatever it sends now buys no time: the answer comes, and in the end nothing is taken.
    EXPECT_TRUE(comes_true([&] { return !client.send("x"); }));
    RawClient other = site.client();
    other.send(slow);
    EXPECT_TRUE(other.read_answer().starts_with("HTTP/1.1 408 "));
    EXPECT_TRUE(other.is_closed());
}

TEST(Server, Closes_idle_connections) {
    ServerOptions options;
    options.http.idle_time = Duration::milliseconds(200);
    TestSite site(options);
    RawClient never = site.client();
    RawClient once = site.client();
    EXPECT_EQ(once.status_of(get("/health")), 200);
    EXPECT_TRUE(never.is_closed());
    EXPECT_TRUE(once.is_closed());
}

TEST(Server, Ends_who_takes_nothing_of_an_answer) {
    ServerOptions options;
    options.write_time = Duration::milliseconds(300);
    TestSite site(options);
    RawClient client(site.server->port(), 4'096);
    for (int i = 0; i < 8; ++i)
        client.send(get("/big"));
    EXPECT_TRUE(comes_true([&] { return site.server->counts().requests > 0; }));
    EXPECT_TRUE(comes_true([&] { return site.server->counts().connections == 0; }));
    // Of eight answers of 3 MB no more than the limit of one connection were made.
    EXPECT_LE(site.server->counts().requests, 3U);
}

TEST(Server, Tells_connections_beyond_the_limit_to_come_back) {
    ServerOptions options;
    options.connections_max = 3;
    TestSite site(options);
    std::vector<RawClient> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(site.client());
        EXPECT_EQ(clients.back().status_of(get("/health")), 200);
    }
    RawClient more = site.client();
    EXPECT_TRUE(more.read_all().starts_with("HTTP/1.1 503 "));
    EXPECT_EQ(site.server->counts().refused, 1U);
    clients.clear();
    EXPECT_TRUE(comes_true([&] { return site.server->counts().connections == 0; }));
    EXPECT_EQ(site.client().status_of(get("/health")), 200);
}

TEST(Server, Serves_beside_ten_thousand_idle_connections) {
    // Both ends are in this process: two descriptors a connection.
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 21'000);
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
    const std::size_t wanted = std::min<std::size_t>(10'000, (limit.rlim_cur - 500) / 2);
    RecordProperty("connections", static_cast<int>(wanted));
    TestSite site;
    std::vector<RawClient> idle;
    idle.reserve(wanted);
    for (std::size_t i = 0; i < wanted; ++i) {
        idle.push_back(site.client());
        ASSERT_TRUE(idle.back().connected()) << i;
    }
    EXPECT_TRUE(comes_true([&] { return site.server->counts().connections == wanted; }));
    RawClient client = site.client();
    for (int i = 0; i < 1'000; ++i)
        ASSERT_EQ(client.status_of(get("/health")), 200);
    EXPECT_EQ(idle.front().status_of(get("/health")), 200);
    EXPECT_EQ(idle.back().status_of(get("/health")), 200);
}

TEST(Server, Lets_what_is_under_way_end_when_it_stops) {
    TestSite site;
    RawClient waits = site.client();
    RawClient idle = site.client();
    waits.send(get("/kept"));
    idle.send(get("/health"));
    EXPECT_TRUE(idle.read_answer().starts_with("HTTP/1.1 200"));
    ASSERT_TRUE(comes_true([&] { return site.sample.kept() == 1; }));
    std::thread stopping([&] { site.server->stop(Duration::seconds(10)); });
    EXPECT_TRUE(idle.is_closed());  // the drain has begun
    site.sample.let_go();
    const std::string answer = waits.read_answer();
    EXPECT_TRUE(answer.ends_with("{\"late\":true}"));
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
    {
        const RawClient gone = std::move(waits);
    }
    stopping.join();
    EXPECT_FALSE(site.client().connected());
}

TEST(Server, Takes_answers_that_come_after_the_end) {
    auto site = std::make_unique<TestSite>();
    RawClient client = site->client();
    client.send(get("/kept"));
    ASSERT_TRUE(comes_true([&] { return site->sample.kept() == 1; }));
    site->server.reset();
    site->sample.let_go();
    EXPECT_TRUE(client.is_closed());
}

TEST(Server, Answers_to_a_connection_that_is_gone_go_nowhere) {
    TestSite site;
    {
        RawClient client = site.client();
        client.send(get("/kept"));
        ASSERT_TRUE(comes_true([&] { return site.sample.kept() == 1; }));
    }
    EXPECT_TRUE(comes_true([&] { return site.server->counts().connections == 0; }));
    site.sample.let_go();
    EXPECT_EQ(site.client().status_of(get("/health")), 200);
    EXPECT_EQ(site.server->counts().faults, 0U);
}

TEST(Server, Works_with_several_io_threads) {
    ServerOptions options;
    options.threads = 3;
    TestSite site(options);
    std::vector<RawClient> clients;
    for (int i = 0; i < 9; ++i)
        clients.push_back(site.client());
    for (int round = 0; round < 50; ++round) {
        for (RawClient& client : clients)
            client.send(get("/late"));
        for (RawClient& client : clients)
            ASSERT_NE(client.read_answer().find("another"), std::string::npos);
    }
}

TEST(Server, Says_when_it_cannot_listen) {
    TestSite site;
    ServerOptions options;
    options.port = site.server->port();
    const auto second = Server::start(options, site.api);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::network);
    options.address = "not an address";
    EXPECT_EQ(Server::start(options, site.api).error().code, ErrorCode::config);
}

// WebSockets

std::string masked(Opcode opcode, std::string_view payload) {
    std::string out;
    append_frame(opcode, payload, Mask{'a', 'b', 'c', 'd'}, out);
    return out;
}
std::string bare(Opcode opcode, std::string_view payload) {
    std::string out;
    append_frame(opcode, payload, std::nullopt, out);
    return out;
}

TEST(WebSocketServer, Echoes_and_closes) {
    TestSite site;
    RawClient client = site.client();
    client.send(upgrade("/ws/echo") + masked(Opcode::text, "with the handshake"));
    const std::string head = client.read_to("\r\n\r\n");
    EXPECT_TRUE(head.starts_with("HTTP/1.1 101 "));
    EXPECT_NE(head.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), std::string::npos);
    EXPECT_EQ(client.read_bytes(20), bare(Opcode::text, "with the handshake"));
    client.send(masked(Opcode::binary, std::string(70'000, 'z')) + masked(Opcode::ping, "p"));
    EXPECT_EQ(client.read_bytes(70'010), bare(Opcode::binary, std::string(70'000, 'z')));
    EXPECT_EQ(client.read_bytes(3), bare(Opcode::pong, "p"));
    client.send(masked(Opcode::text, "close me"));
    EXPECT_EQ(client.read_bytes(15), bare(Opcode::close,
                                          "\x03\xE8"
                                          "as you wish"));
    client.send(masked(Opcode::close, "\x03\xE8"));
    EXPECT_TRUE(client.is_closed());
    EXPECT_TRUE(comes_true([&] { return site.sample.closed_sockets() == 1; }));
}

TEST(WebSocketServer, Conflates_for_a_slow_reader_and_loses_no_symbol) {
    ServerOptions options;
    options.outbox.direct_bytes = 16 * 1024;
    TestSite site(options);
    RawClient client(site.server->port(), 4'096);
    client.send(upgrade("/ws/quotes", "Authorization: Bearer " + site.token + "\r\n"));
    ASSERT_TRUE(client.read_to("\r\n\r\n").starts_with("HTTP/1.1 101"));
    client.send(masked(Opcode::text, "4000"));  // 40,000 messages, 20 MB
    // The newest of each symbol comes in the end, and far fewer than all came.
    std::string seen;
    std::size_t bytes = 0;
    int last = 0;
    while (last < 10) {
        const std::string head = client.read_bytes(4);
        ASSERT_EQ(head.size(), 4U);
        const auto size = static_cast<std::size_t>(static_cast<unsigned char>(head[2])) << 8U |
                          static_cast<unsigned char>(head[3]);
        seen = client.read_bytes(size);
        bytes += size;
        if (seen.find(" 4000 ") != std::string::npos) ++last;
    }
    EXPECT_LT(bytes, 12'000'000U);
    EXPECT_EQ(site.server->counts().too_slow, 0U);
}

TEST(WebSocketServer, Drops_a_reader_that_is_too_slow_with_4008) {
    ServerOptions options;
    options.outbox.direct_bytes = 64 * 1024;
    options.outbox.waiting_bytes = 512 * 1024;
    options.websocket.close_within = Duration::milliseconds(500);
    TestSite site(options);
    RawClient client(site.server->port(), 4'096);
    client.send(upgrade("/ws/echo"));
    client.read_to("\r\n\r\n");
    client.send(masked(Opcode::text, "flood"));  // 10 MB without a key
    EXPECT_TRUE(comes_true([&] { return site.server->counts().too_slow == 1; }));
    const std::string all = client.read_all();
    EXPECT_LT(all.size(), 8'000'000U);
    EXPECT_TRUE(all.ends_with(bare(Opcode::close,
                                   "\x0F\xA8"
                                   "reads too slowly")));
}

TEST(WebSocketServer, Declines_with_a_problem_and_goes_on_with_HTTP) {
    TestSite site;
    RawClient client = site.client();
    EXPECT_EQ(client.status_of(upgrade("/ws/quotes")), 401);
    EXPECT_EQ(client.status_of(upgrade("/ws/none")), 404);
    EXPECT_EQ(client.status_of(upgrade("/ws/echo", "Origin: http://evil.com\r\n")), 403);
    EXPECT_EQ(client.status_of(get("/health")), 200);
    client.send(get("/kept") + upgrade("/ws/echo"));
    ASSERT_TRUE(comes_true([&] { return site.sample.kept() == 1; }));
    site.sample.let_go();
    EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 200"));
    EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 400"));
}

TEST(WebSocketServer, Says_goodbye_when_it_stops) {
    TestSite site;
    RawClient client = site.client();
    client.send(upgrade("/ws/echo"));
    client.read_to("\r\n\r\n");
    std::thread stopping([&] { site.server->stop(Duration::seconds(10)); });
    EXPECT_EQ(client.read_bytes(4), bare(Opcode::close, "\x03\xE9the server stops").substr(0, 4));
    client.send(masked(Opcode::close, "\x03\xE9"));
    {
        const RawClient gone = std::move(client);
    }
    stopping.join();
    EXPECT_EQ(site.sample.closed_sockets(), 1);
}

}  // namespace
}  // namespace millrace::net
