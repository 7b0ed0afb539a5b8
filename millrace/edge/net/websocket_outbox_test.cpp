#include "millrace/edge/net/websocket_outbox.hpp"

#include <gtest/gtest.h>

namespace millrace::net {
namespace {

Time at(std::int64_t seconds) {
    return Time() + Duration::seconds(seconds);
}

std::string all_of(WebSocketOutbox& outbox) {
    std::string out;
    outbox.take(SIZE_MAX, out, at(0));
    std::string texts;
    for (std::size_t i = 0; i < out.size(); i += 2 + static_cast<std::size_t>(out[i + 1]))
        texts += out.substr(i + 2, static_cast<std::size_t>(out[i + 1])) + " ";
    return texts;
}

TEST(WebSocketOutbox, Replaces_the_older_message_of_a_key_in_its_place) {
    WebSocketOutbox outbox({});
    EXPECT_TRUE(outbox.push(encode_text("A1"), "A", at(0)));
    EXPECT_TRUE(outbox.push(encode_text("x"), "", at(0)));
    EXPECT_TRUE(outbox.push(encode_text("B1"), "B", at(0)));
    EXPECT_TRUE(outbox.push(encode_text("A2"), "A", at(0)));
    EXPECT_TRUE(outbox.push(encode_text("x"), "", at(0)));
    EXPECT_EQ(outbox.conflated(), 1U);
    EXPECT_EQ(all_of(outbox), "A2 x B1 x ");
    EXPECT_TRUE(outbox.push(encode_text("A3"), "A", at(0)));
    EXPECT_EQ(all_of(outbox), "A3 ");
    EXPECT_EQ(outbox.bytes(), 0U);
}

TEST(WebSocketOutbox, Keeps_its_places_while_the_front_goes) {
    WebSocketOutbox outbox({});
    for (const char* text : {"A1", "B1", "C1"})
        EXPECT_TRUE(outbox.push(encode_text(text), std::string(1, text[0]), at(0)));
    std::string out;
    outbox.take(1, out, at(0));  // one frame
    EXPECT_TRUE(outbox.push(encode_text("C2"), "C", at(0)));
    EXPECT_TRUE(outbox.push(encode_text("A2"), "A", at(0)));
    EXPECT_EQ(all_of(outbox), "B1 C2 A2 ");
}

TEST(WebSocketOutbox, Is_full_at_its_limits) {
    OutboxLimits limits;
    limits.waiting_messages = 2;
    limits.waiting_bytes = 10;
    WebSocketOutbox outbox(limits);
    EXPECT_TRUE(outbox.push(encode_text("123"), "A", at(0)));  // five bytes with its head
    EXPECT_TRUE(outbox.push(encode_text("123"), "", at(0)));
    EXPECT_FALSE(outbox.push(encode_text("4"), "", at(0)));
    EXPECT_TRUE(outbox.push(encode_text("5"), "A", at(0)));
    EXPECT_FALSE(outbox.push(encode_text("1234"), "A", at(0)));
}

TEST(WebSocketOutbox, Knows_when_nothing_moves) {
    WebSocketOutbox outbox({});
    EXPECT_FALSE(outbox.is_stalled(at(100)));
    EXPECT_TRUE(outbox.push(encode_text("a"), "", at(100)));
    EXPECT_TRUE(outbox.push(encode_text("b"), "", at(105)));
    EXPECT_FALSE(outbox.is_stalled(at(109)));
    EXPECT_TRUE(outbox.is_stalled(at(110)));
}

}  // namespace
}  // namespace millrace::net
