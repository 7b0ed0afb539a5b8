// WebSocketSession: one WebSocket after its handshake, for either side, as a state machine. Bytes
// go in, messages come out; messages go in, bytes to send come out. Pings are answered here, a
// silent peer is pinged and given up, and whatever breaks RFC 6455 closes with the code it names.
// One thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "millrace/base/time.hpp"
#include "millrace/edge/net/websocket_frame.hpp"

namespace millrace::net {

enum class WebSocketRole : std::uint8_t { server, client };

struct WebSocketLimits {
    std::size_t message_bytes = 1024 * 1024;      // of a whole message, and so of a frame
    std::size_t fragments = 65'536;               // of one message
    Duration ping_after = Duration::seconds(20);  // of silence
    Duration pong_within = Duration::seconds(20);
    Duration close_within = Duration::seconds(5);  // for the other side's answer to our close
};

// Codes of closing (RFC 6455, section 7.4), and ours.
inline constexpr std::uint16_t kCloseNormal = 1000;
inline constexpr std::uint16_t kCloseGoingAway = 1001;
inline constexpr std::uint16_t kCloseProtocolError = 1002;
inline constexpr std::uint16_t kCloseNoCode = 1005;    // never sent: the close came without one
inline constexpr std::uint16_t kCloseAbnormal = 1006;  // never sent: the connection ended without
inline constexpr std::uint16_t kCloseNotUtf8 = 1007;
inline constexpr std::uint16_t kClosePolicy = 1008;
inline constexpr std::uint16_t kCloseTooBig = 1009;
inline constexpr std::uint16_t kCloseInternal = 1011;
inline constexpr std::uint16_t kCloseTooSlow = 4008;  // ours: reads too slowly, see WebSocketOutbox

// Whether the code may stand in a close frame.
[[nodiscard]] bool is_close_code(std::uint16_t code);

// A new mask for each frame; a client's must not be foreseen by what it sends.
using MaskSource = Mask (*)(void* context);

class WebSocketSession {
  public:
    // A client gives a source of masks; `context` is handed to it.
    WebSocketSession(WebSocketRole role, const WebSocketLimits& limits, Time now,
                     MaskSource masks = nullptr, void* context = nullptr);

    struct Message {
        bool is_text = true;
        std::string_view data;  // until the next call of the session
    };

    void receive(std::string_view bytes, Time now);
    // The next whole message, if there is one.
    [[nodiscard]] std::optional<Message> next(Time now);

    void send_text(std::string_view text);
    void send_binary(std::string_view bytes);
    // A frame of a server that was made once for many.
    void send_encoded(std::string_view frame);
    void ping(std::string_view payload);
    // Begins to close; a reason beyond 123 bytes is cut at a whole character.
    void close(std::uint16_t code, std::string_view reason, Time now);

    [[nodiscard]] std::string& output() { return output_; }
    // Whether messages can still be sent.
    [[nodiscard]] bool is_open() const { return !close_sent_; }
    // Both sides have closed, or one has broken the rules: end the connection after the output.
    [[nodiscard]] bool is_finished() const { return finished_; }
    // Why, once it is finished: the other side's code, or ours when it said none first.
    [[nodiscard]] std::uint16_t close_code() const { return code_; }
    [[nodiscard]] const std::string& close_reason() const { return reason_; }

    [[nodiscard]] std::optional<Time> deadline() const;
    void expire(Time now);
    // The connection has ended, with or without a close before.
    void end_of_stream();

  private:
    [[nodiscard]] std::optional<Message> take_frame(const FrameHead& head, Time now);
    [[nodiscard]] std::optional<Message> take_data(const FrameHead& head, std::string_view payload,
                                                   Time now);
    void take_control(const FrameHead& head, std::string_view payload, Time now);
    void take_close(std::string_view payload, Time now);
    [[nodiscard]] bool break_of_order(const FrameHead& head) const;
    [[nodiscard]] std::optional<Mask> new_mask();
    void send(Opcode opcode, std::string_view payload);
    void fail(std::uint16_t code, std::string_view reason, Time now);
    void note(std::uint16_t code, std::string_view reason);

    WebSocketRole role_;
    WebSocketLimits limits_;
    MaskSource masks_;
    void* mask_context_;
    std::string input_;
    std::size_t used_ = 0;
    std::string message_;  // fragments so far
    std::size_t fragments_ = 0;
    std::optional<Opcode> fragmented_;  // the kind of the message that is under way
    std::string output_;
    bool close_sent_ = false;
    bool finished_ = false;
    std::uint16_t code_ = 0;
    std::string reason_;
    Time heard_;                  // from the other side, last
    std::optional<Time> pinged_;  // and not heard since
    Time close_sent_at_;
};

}  // namespace millrace::net
