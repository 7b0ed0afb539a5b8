// The conformance of the WebSocket state machine: what each frame, length, fragment, code and mask
// must do, for a server; the last tests talk to a client of ours.
#include "millrace/edge/net/websocket_session.hpp"

#include <gtest/gtest.h>

#include "millrace/base/random.hpp"
#include "millrace/edge/net/websocket_handshake.hpp"

namespace millrace::net {
namespace {

constexpr Mask kMask = {'\x11', '\x22', '\x33', '\x44'};

Time at(std::int64_t seconds) {
    return Time() + Duration::seconds(seconds);
}

// A frame of a client, any part of which may be wrong.
std::string frame(Opcode opcode, std::string_view payload, bool final = true) {
    std::string out;
    append_frame_head(final, opcode, payload.size(), kMask, out);
    std::string masked(payload);
    apply_mask(kMask, 0, masked);
    return out + masked;
}

std::string close_payload(unsigned code, std::string_view reason = {}) {
    std::string payload;
    payload += static_cast<char>(code >> 8);
    payload += static_cast<char>(code & 0xFF);
    return payload + std::string(reason);
}

struct Server {
    explicit Server(WebSocketLimits given = {}) : limits(given) {}
    WebSocketLimits limits;
    WebSocketSession session{WebSocketRole::server, limits, at(0)};

    // What comes of these bytes: "t:text " and "b:binary ", then how it closed.
    std::string take(std::string_view bytes) {
        session.receive(bytes, at(0));
        std::string events;
        while (const auto message = session.next(at(0)))
            events += (message->is_text ? "t:" : "b:") + std::string(message->data) + " ";
        if (session.is_finished()) events += "closed " + std::to_string(session.close_code());
        return events;
    }
};

TEST(WebSocket, Takes_texts_and_binaries_at_each_boundary_of_length) {
    for (const std::size_t size :
         {0UL, 1UL, 125UL, 126UL, 127UL, 128UL, 65'535UL, 65'536UL, 65'537UL}) {
        const std::string data(size, 'x');
        EXPECT_EQ(Server().take(frame(Opcode::text, data)), "t:" + data + " ") << size;
        EXPECT_EQ(Server().take(frame(Opcode::binary, data)), "b:" + data + " ") << size;
        Server echo;
        echo.session.send_text(data);
        const auto head = read_frame_head(echo.session.output());
        ASSERT_TRUE(head.head) << size;
        EXPECT_EQ(head.head->length, size);
        EXPECT_EQ(head.head->head_size, size < 126 ? 2U : size < 65'536 ? 4U : 10U);
    }
}

TEST(WebSocket, Joins_fragments_with_control_frames_between_them) {
    Server server;
    EXPECT_EQ(server.take(frame(Opcode::text, "one ", false) + frame(Opcode::ping, "p") +
                          frame(Opcode::continuation, "", false) + frame(Opcode::pong, "q") +
                          frame(Opcode::continuation, "two")),
              "t:one two ");
    EXPECT_EQ(server.session.output(), std::string("\x8A\x01p", 3));  // the pong, unmasked
    EXPECT_EQ(server.take(frame(Opcode::text, "next")), "t:next ");
}

TEST(WebSocket, Refuses_fragments_out_of_order) {
    EXPECT_EQ(Server().take(frame(Opcode::continuation, "x")), "closed 1002");
    EXPECT_EQ(Server().take(frame(Opcode::continuation, "x", false)), "closed 1002");
    EXPECT_EQ(Server().take(frame(Opcode::text, "x", false) + frame(Opcode::text, "y")),
              "closed 1002");
    EXPECT_EQ(Server().take(frame(Opcode::text, "x", false) + frame(Opcode::binary, "y", false)),
              "closed 1002");
    EXPECT_EQ(Server().take(frame(Opcode::text, "x") + frame(Opcode::continuation, "y")),
              "t:x closed 1002");
}

TEST(WebSocket, Refuses_reserved_bits_and_opcodes) {
    for (const int bit : {0x40, 0x20, 0x10, 0x70}) {
        std::string bad = frame(Opcode::text, "x");
        bad[0] = static_cast<char>(bad[0] | bit);
        EXPECT_EQ(Server().take(bad), "closed 1002") << bit;
    }
    for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
        EXPECT_EQ(Server().take(frame(static_cast<Opcode>(opcode), "")), "closed 1002") << opcode;
}

TEST(WebSocket, Refuses_wrong_control_frames) {
    EXPECT_EQ(Server().take(frame(Opcode::ping, std::string(126, 'x'))), "closed 1002");
    EXPECT_EQ(Server().take(frame(Opcode::ping, "x", false)), "closed 1002");
    EXPECT_EQ(Server().take(frame(Opcode::close, "", false)), "closed 1002");
    Server server;
    EXPECT_EQ(server.take(frame(Opcode::ping, std::string(125, 'x'))), "");
    EXPECT_EQ(server.session.output(), std::string("\x8A\x7D", 2) + std::string(125, 'x'));
}

TEST(WebSocket, Wants_masks_from_clients_and_none_from_servers) {
    EXPECT_EQ(Server().take(std::string("\x81\x01x", 3)), "closed 1002");
    const auto no_mask = [](void*) { return kMask; };
    WebSocketSession client(WebSocketRole::client, {}, at(0), no_mask);
    client.receive(frame(Opcode::text, "x"), at(0));
    EXPECT_FALSE(client.next(at(0)));
    EXPECT_EQ(client.close_code(), kCloseProtocolError);
}

TEST(WebSocket, Refuses_lengths_that_are_padded_or_endless) {
    const auto take = [](std::string_view head) { return Server().take(head); };
    EXPECT_EQ(take(std::string("\x82\xFE\x00\x7D\x11\x22\x33\x44", 8)), "closed 1002");
    EXPECT_EQ(take(std::string("\x82\xFF\0\0\0\0\0\0\xFF\xFF\x11\x22\x33\x44", 14)), "closed 1002");
    EXPECT_EQ(take(std::string("\x82\xFF\x80\0\0\0\0\0\0\0\x11\x22\x33\x44", 14)), "closed 1002");
}

TEST(WebSocket, Holds_the_limit_of_a_message_however_it_is_cut) {
    WebSocketLimits limits;
    limits.message_bytes = 10;
    EXPECT_EQ(Server(limits).take(frame(Opcode::text, "1234567890")), "t:1234567890 ");
    EXPECT_EQ(Server(limits).take(frame(Opcode::text, "12345678901").substr(0, 6)), "closed 1009");
    EXPECT_EQ(Server(limits).take(frame(Opcode::text, "123456", false) +
                                  frame(Opcode::ping, "control is no part of it") +
                                  frame(Opcode::continuation, "78901")),
              "closed 1009");
    limits.fragments = 3;
    std::string many = frame(Opcode::text, "", false);
    for (int i = 0; i < 3; ++i)
        many += frame(Opcode::continuation, "", false);
    EXPECT_EQ(Server(limits).take(many), "closed 1009");
}

TEST(WebSocket, Wants_texts_in_UTF8) {
    const std::string kappa = "\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5";
    EXPECT_EQ(Server().take(frame(Opcode::text, "plain text " + kappa)),
              "t:plain text " + kappa + " ");
    for (std::size_t cut = 0; cut <= kappa.size(); ++cut)  // also within a character
        EXPECT_EQ(Server().take(frame(Opcode::text, kappa.substr(0, cut), false) +
                                frame(Opcode::continuation, kappa.substr(cut))),
                  "t:" + kappa + " ");
    for (const char* bad : {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "\xE2\x82",
                            "eight by\xFFtes and more", "\xF8\x88\x80\x80\x80"})
        EXPECT_EQ(Server().take(frame(Opcode::text, bad)), "closed 1007");
    EXPECT_EQ(Server().take(frame(Opcode::binary, "\xFF")), "b:\xFF ");
}

TEST(WebSocket, Answers_a_close_with_its_code) {
    for (const unsigned code : {1000U, 1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U,
                                1012U, 1013U, 1014U, 3000U, 3999U, 4000U, 4999U}) {
        Server server;
        EXPECT_EQ(server.take(frame(Opcode::close, close_payload(code, "why"))),
                  "closed " + std::to_string(code));
        EXPECT_EQ(server.session.output(), std::string("\x88\x02") + close_payload(code));
        EXPECT_EQ(server.session.close_reason(), "why");
    }
    Server bare;
    EXPECT_EQ(bare.take(frame(Opcode::close, "")), "closed 1005");
    EXPECT_EQ(bare.session.output(), std::string("\x88\x00", 2));
}

TEST(WebSocket, Refuses_wrong_closes) {
    for (const unsigned code :
         {0U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 1100U, 2000U, 2999U, 5000U, 65'535U})
        EXPECT_EQ(Server().take(frame(Opcode::close, close_payload(code))), "closed 1002") << code;
    EXPECT_EQ(Server().take(frame(Opcode::close, "x")), "closed 1002");
    EXPECT_EQ(Server().take(frame(Opcode::close, close_payload(1000, "\xFF"))), "closed 1007");
}

TEST(WebSocket, Says_nothing_after_its_close_and_hears_only_the_answer) {
    Server server;
    server.session.close(kCloseGoingAway, "bye", at(1));
    server.session.output().clear();
    server.session.send_text("lost");
    EXPECT_EQ(server.take(frame(Opcode::text, "late") + frame(Opcode::ping, "p")), "");
    EXPECT_EQ(server.session.output(), "");
    EXPECT_EQ(server.take(frame(Opcode::close, close_payload(1001))), "closed 1001");
    EXPECT_EQ(server.take(frame(Opcode::text, "later")), "closed 1001");
}

TEST(WebSocket, Cuts_a_long_reason_at_a_whole_character) {
    Server server;
    std::string reason(122, 'a');
    reason += "\xC3\xA9";  // the 123rd and 124th byte
    server.session.close(kCloseNormal, reason, at(0));
    EXPECT_EQ(server.session.output().size(), 2U + 2U + 122U);
}

TEST(WebSocket, Pings_who_is_silent_and_gives_up_on_who_stays_so) {
    Server server;
    EXPECT_EQ(server.session.deadline(), at(20));
    server.session.expire(at(19));
    EXPECT_EQ(server.session.output(), "");
    server.session.expire(at(20));
    EXPECT_EQ(server.session.output(), std::string("\x89\x00", 2));
    server.session.receive(frame(Opcode::pong, ""), at(30));
    EXPECT_EQ(server.session.deadline(), at(50));
    server.session.expire(at(50));
    server.session.expire(at(70));
    EXPECT_TRUE(server.session.is_finished());
    EXPECT_EQ(server.session.close_code(), kCloseAbnormal);

    Server closing;
    closing.session.close(kCloseNormal, "", at(3));
    closing.session.expire(at(8));
    EXPECT_TRUE(closing.session.is_finished());
}

TEST(WebSocket, Tells_an_end_without_a_close) {
    Server server;
    server.session.end_of_stream();
    EXPECT_EQ(server.session.close_code(), kCloseAbnormal);
}

std::string conversation() {
    return frame(Opcode::text, "hello") + frame(Opcode::binary, std::string(300, '\0')) +
           frame(Opcode::text, "a", false) + frame(Opcode::ping, "p") +
           frame(Opcode::continuation, "\xC3\xA9") + frame(Opcode::text, std::string(70'000, 'z')) +
           frame(Opcode::close, close_payload(1000, "done"));
}

TEST(WebSocket, Sees_the_same_wherever_the_stream_is_cut) {
    const std::string wire = conversation();
    Server whole;
    const std::string events = whole.take(wire);
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Random random(seed);
        Server server;
        std::string seen;
        for (std::size_t from = 0; from < wire.size();) {
            const std::size_t size = 1 + random.below(random.one_in(2) ? 8 : 20'000);
            seen += server.take(wire.substr(from, size));
            from += size;
        }
        ASSERT_EQ(seen, events) << "seed " << seed;
        ASSERT_EQ(server.session.output(), whole.session.output()) << "seed " << seed;
    }
}

TEST(WebSocket, Masks_at_any_offset_and_length) {
    Random random(3);
    for (int round = 0; round < 200; ++round) {
        std::string text;
        for (std::uint64_t i = random.below(70); i > 0; --i)
            text += static_cast<char>(random.below(256));
        std::string expected = text;
        const std::size_t offset = random.below(9);
        for (std::size_t i = 0; i < expected.size(); ++i)
            expected[i] = static_cast<char>(expected[i] ^ kMask[(offset + i) % 4]);
        apply_mask(kMask, offset, text);
        ASSERT_EQ(text, expected);
    }
}

TEST(WebSocket, Accepts_by_the_example_of_the_standard) {
    EXPECT_EQ(websocket_accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(WebSocket, Checks_both_sides_of_the_handshake) {
    Request request;
    request.headers.add("Upgrade", "WebSocket");
    request.headers.add("Connection", "keep-alive, Upgrade");
    request.headers.add("Sec-WebSocket-Version", "13");
    EXPECT_FALSE(check_websocket_request(request));  // no key
    request.headers.add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    EXPECT_TRUE(check_websocket_request(request));
    request.headers.set("Sec-WebSocket-Version", "8");
    EXPECT_EQ(check_websocket_request(request).error().status, 426);
    request.headers.set("Sec-WebSocket-Version", "13");
    request.headers.set("Sec-WebSocket-Key", "dG9vIHNob3J0");
    EXPECT_FALSE(check_websocket_request(request));

    Response answer;
    answer.status = 101;
    answer.headers.add("Upgrade", "websocket");
    answer.headers.add("Connection", "Upgrade");
    answer.headers.add("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    const std::string key = "dGhlIHNhbXBsZSBub25jZQ==";
    EXPECT_TRUE(check_websocket_answer(answer, key, {}));
    EXPECT_FALSE(check_websocket_answer(answer, "dGhlIHNhbXBsZSBub25jZR==", {}));
    answer.headers.add("Sec-WebSocket-Protocol", "unasked");
    EXPECT_FALSE(check_websocket_answer(answer, key, {}));
}

}  // namespace
}  // namespace millrace::net
