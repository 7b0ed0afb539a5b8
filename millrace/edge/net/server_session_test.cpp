#include "millrace/edge/net/server_session.hpp"

#include <gtest/gtest.h>

#include "millrace/base/random.hpp"

namespace millrace::net {
namespace {

Time at(std::int64_t seconds) {
    return Time() + Duration::seconds(seconds);
}

struct Talk {
    SessionLimits limits;
    SessionSurroundings surroundings;
    HttpServerSession session{limits, surroundings, at(0)};
    std::vector<NumberedRequest> requests;

    void receive(std::string_view bytes, Time now = at(0)) {
        session.receive(bytes, now);
        while (auto request = session.next(now))
            requests.push_back(std::move(*request));
    }
    void answer(std::size_t index, const std::string& body, Time now = at(0)) {
        session.answer(requests.at(index).number, Response::text(200, body), now);
        while (auto request = session.next(now))
            requests.push_back(std::move(*request));
    }
    std::string output() {
        std::string out;
        out.swap(session.output());
        return out;
    }
    // The status of the first answer that is waiting to be sent.
    int status() {
        const std::string out = output();
        return out.size() < 12 ? 0 : std::stoi(out.substr(9, 3));
    }
};

const std::string kGet = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

TEST(ServerSession, Answers_in_the_order_of_the_requests) {
    Talk talk;
    talk.receive("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n" + kGet);
    ASSERT_EQ(talk.requests.size(), 3U);
    talk.answer(2, "third");
    talk.answer(1, "second");
    EXPECT_EQ(talk.output(), "");
    talk.answer(0, "first");
    const std::string out = talk.output();
    EXPECT_LT(out.find("first"), out.find("second"));
    EXPECT_LT(out.find("second"), out.find("third"));
    EXPECT_FALSE(talk.session.is_finished());
}

TEST(ServerSession, Takes_no_more_requests_than_may_wait) {
    Talk talk;
    std::string many;
    for (int i = 0; i < 40; ++i)
        many += kGet;
    talk.receive(many);
    EXPECT_EQ(talk.requests.size(), 16U);
    EXPECT_FALSE(talk.session.wants_bytes());
    talk.answer(0, "x");
    EXPECT_EQ(talk.requests.size(), 17U);
    for (std::size_t i = 1; i < talk.requests.size(); ++i)
        talk.answer(i, "x");
    EXPECT_EQ(talk.requests.size(), 40U);
    EXPECT_TRUE(talk.session.wants_bytes());
}

TEST(ServerSession, Answers_HEAD_without_the_body_it_describes) {
    Talk talk;
    talk.receive("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    talk.answer(0, "12345");
    const std::string out = talk.output();
    EXPECT_NE(out.find("Content-Length: 5\r\n"), std::string::npos);
    EXPECT_TRUE(out.ends_with("\r\n\r\n"));
}

TEST(ServerSession, Closes_after_the_answer_when_asked_to) {
    Talk talk;
    talk.receive("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + kGet);
    ASSERT_EQ(talk.requests.size(), 1U);
    EXPECT_FALSE(talk.session.is_finished());
    talk.answer(0, "bye");
    EXPECT_NE(talk.output().find("Connection: close\r\n"), std::string::npos);
    EXPECT_TRUE(talk.session.is_finished());
}

TEST(ServerSession, Says_continue_when_it_is_that_requests_turn) {
    Talk talk;
    talk.receive(kGet +
                 "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(talk.output(), "");
    EXPECT_FALSE(talk.session.deadline().has_value());  // the client waits for us
    talk.answer(0, "first");
    const std::string out = talk.output();
    EXPECT_TRUE(out.ends_with("firstHTTP/1.1 100 Continue\r\n\r\n"));
    talk.receive("ok");
    ASSERT_EQ(talk.requests.size(), 2U);
    EXPECT_EQ(talk.requests[1].request.body, "ok");
}

TEST(ServerSession, Does_not_say_continue_to_a_body_that_is_there) {
    Talk talk;
    talk.receive(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nok");
    EXPECT_EQ(talk.output(), "");
    EXPECT_EQ(talk.requests.size(), 1U);
    Talk other;
    other.receive("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: magic\r\n\r\n");
    EXPECT_EQ(other.status(), 417);
}

TEST(ServerSession, Answers_a_fault_after_what_came_before_and_closes) {
    Talk talk;
    talk.receive(kGet + "GARBAGE\r\n\r\n");
    ASSERT_EQ(talk.requests.size(), 1U);
    EXPECT_EQ(talk.output(), "");
    talk.answer(0, "good");
    const std::string out = talk.output();
    EXPECT_LT(out.find("good"), out.find("HTTP/1.1 400"));
    EXPECT_NE(out.find("application/problem+json"), std::string::npos);
    EXPECT_TRUE(talk.session.is_finished());
}

TEST(ServerSession, Gives_up_on_slow_heads_bodies_and_idlers) {
    Talk head;
    head.receive("GET / HT", at(0));
    for (int second = 1; second <= 9; ++second) {
        head.session.expire(at(second));
        head.receive("T", at(second));  // a byte a second does not buy time
    }
    EXPECT_EQ(head.status(), 0);
    head.session.expire(at(10));
    EXPECT_EQ(head.status(), 408);
    EXPECT_TRUE(head.session.is_finished());

    Talk body;
    body.receive("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab", at(3));
    EXPECT_EQ(body.session.deadline(), at(33));
    body.session.expire(at(33));
    EXPECT_EQ(body.status(), 408);

    Talk idle;
    idle.receive(kGet, at(1));
    EXPECT_FALSE(idle.session.deadline().has_value());  // it is our turn
    idle.answer(0, "x", at(2));
    EXPECT_EQ(idle.session.deadline(), at(77));
    idle.session.expire(at(77));
    EXPECT_TRUE(idle.session.is_finished());
}

TEST(ServerSession, Drains_what_is_under_way) {
    Talk talk;
    talk.receive(kGet + "GET /half HTTP/1.1\r\n");
    talk.session.drain();
    EXPECT_FALSE(talk.session.is_finished());
    talk.answer(0, "done");
    EXPECT_NE(talk.output().find("Connection: close"), std::string::npos);
    EXPECT_TRUE(talk.session.is_finished());
}

TEST(ServerSession, Answers_what_was_whole_when_the_client_stopped_sending) {
    Talk talk;
    talk.receive(kGet);
    talk.session.end_of_stream();
    EXPECT_FALSE(talk.session.next(at(0)).has_value());
    EXPECT_FALSE(talk.session.is_finished());
    talk.answer(0, "x");
    EXPECT_TRUE(talk.session.is_finished());
}

TEST(ServerSession, Takes_an_id_of_the_client_only_when_it_is_tame) {
    Talk talk;
    talk.receive("GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: abc-1\r\n\r\n");
    talk.receive("GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: <script>\r\n\r\n");
    EXPECT_EQ(talk.requests.at(0).request.id, "abc-1");
    EXPECT_EQ(talk.requests.at(1).request.id, "0000000000000000-1");
    talk.answer(0, "");
    EXPECT_NE(talk.output().find("X-Request-Id: abc-1\r\n"), std::string::npos);
}

TEST(ServerSession, Refuses_to_send_a_header_that_breaks_out_of_its_line) {
    Talk talk;
    talk.receive(kGet);
    Response response = Response::text(200, "x");
    response.headers.add("X-A", "1\r\nX-Stolen: 1");
    talk.session.answer(talk.requests[0].number, response, at(0));
    const std::string out = talk.output();
    EXPECT_EQ(out.find("Stolen"), std::string::npos);
    EXPECT_TRUE(out.starts_with("HTTP/1.1 500 "));
}

TEST(ServerSession, Holds_the_bytes_after_an_upgrade_for_the_new_protocol) {
    Talk talk;
    talk.receive(
        "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nRAW");
    ASSERT_EQ(talk.requests.size(), 1U);
    EXPECT_TRUE(talk.requests[0].wants_upgrade);
    EXPECT_FALSE(talk.session.wants_bytes());
    EXPECT_EQ(talk.session.upgrade(talk.requests[0].number, "101!"), "RAW");
    EXPECT_EQ(talk.output(), "101!");
}

TEST(ServerSession, Goes_on_with_HTTP_when_an_upgrade_is_declined) {
    Talk talk;
    talk.receive("GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: y\r\n\r\n" + kGet);
    ASSERT_EQ(talk.requests.size(), 1U);
    talk.answer(0, "no");
    EXPECT_EQ(talk.requests.size(), 2U);
}

// What a session makes of bytes, in one text.
std::string events_of(std::string_view wire, const std::vector<std::size_t>& cuts) {
    Talk talk;
    std::string events;
    const auto feed = [&](std::string_view piece) {
        talk.session.receive(piece, at(0));
        while (auto request = talk.session.next(at(0))) {
            events += std::string(name_of(request->request.method)) + " " +
                      request->request.target + " [" + request->request.body + "]\n";
            talk.session.answer(request->number, Response::text(200, request->request.target),
                                at(0));
        }
    };
    std::size_t from = 0;
    for (const std::size_t cut : cuts) {
        feed(wire.substr(from, cut - from));
        from = cut;
    }
    feed(wire.substr(from));
    std::string out = talk.output();
    // Leave to send depends on whether the body was there already, and on nothing else.
    for (std::size_t found = out.find("HTTP/1.1 100"); found != std::string::npos;
         found = out.find("HTTP/1.1 100"))
        out.erase(found, 25);
    return events + out + (talk.session.is_finished() ? "finished" : "open");
}

const std::string kConversation =
    "\r\nGET /one HTTP/1.1\r\nHost: x\r\n\r\n"
    "POST /two HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello\r\n\r\nyo"
    "POST /three HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
    "5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\n"
    "HEAD /four HTTP/1.1\r\nHost: x\r\nX-Request-Id: id\r\n\r\n";

TEST(ServerSession, Sees_the_same_wherever_the_stream_is_cut) {
    for (const std::string end : {"", "BROKEN HTTP/1.1\r\n\r\n", "GET / HTTP/3.0\r\n\r\n"}) {
        const std::string wire = kConversation + end;
        const std::string whole = events_of(wire, {});
        EXPECT_NE(whole.find("POST /three [hello world]"), std::string::npos);
        for (std::size_t cut = 1; cut < wire.size(); ++cut)
            ASSERT_EQ(events_of(wire, {cut}), whole) << "cut at " << cut;
        std::vector<std::size_t> every;
        for (std::size_t cut = 1; cut < wire.size(); ++cut)
            every.push_back(cut);
        EXPECT_EQ(events_of(wire, every), whole);
    }
}

TEST(ServerSession, Sees_the_same_however_often_the_stream_is_cut) {
    const std::string wire = kConversation + kConversation + "POST / HTTP/1.1\r\nX\r\n\r\n";
    const std::string whole = events_of(wire, {});
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        Random random(seed);
        std::vector<std::size_t> cuts;
        for (std::size_t at_byte = 1; at_byte < wire.size(); ++at_byte)
            if (random.one_in(1 + seed % 40)) cuts.push_back(at_byte);
        ASSERT_EQ(events_of(wire, cuts), whole) << "seed " << seed;
    }
}

}  // namespace
}  // namespace millrace::net
