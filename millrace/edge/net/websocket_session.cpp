// What frames mean together: fragments, control frames between them, and closing.
#include "millrace/edge/net/websocket_session.hpp"

#include <cstring>

#include "millrace/base/assert.hpp"
#include "millrace/base/utf8.hpp"

namespace millrace::net {
namespace {

constexpr std::size_t kReasonMax = 123;

// Most text is ASCII, which eight bytes at a time show.
bool is_utf8(std::string_view text) {
    constexpr std::uint64_t kHighBits = 0x8080808080808080;
    while (text.size() >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), 8);
        if ((word & kHighBits) != 0) break;
        text.remove_prefix(8);
    }
    return !first_invalid_utf8(text);
}

std::string_view cut_at_character(std::string_view text, std::size_t most) {
    std::size_t end = 0;
    while (end < text.size()) {
        const std::size_t length = utf8_length(text.substr(end));
        if (length == 0 || end + length > most) break;
        end += length;
    }
    return text.substr(0, end);
}

}  // namespace

bool is_close_code(std::uint16_t code) {
    if (code >= 3000 && code <= 4999) return true;
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

WebSocketSession::WebSocketSession(WebSocketRole role, const WebSocketLimits& limits, Time now,
                                   MaskSource masks, void* context)
    : role_(role), limits_(limits), masks_(masks), mask_context_(context), heard_(now) {
    MILLRACE_ASSERT((role == WebSocketRole::client) == (masks != nullptr),
                    "a client masks its frames and a server does not");
}

void WebSocketSession::receive(std::string_view bytes, Time now) {
    if (finished_ || bytes.empty()) return;
    heard_ = now;
    pinged_.reset();
    input_.erase(0, used_);
    used_ = 0;
    input_.append(bytes);
}

std::optional<WebSocketSession::Message> WebSocketSession::next(Time now) {
    if (!fragmented_) message_.clear();  // the one that was handed out
    while (!finished_) {
        const std::string_view rest = std::string_view(input_).substr(used_);
        const FrameHeadRead read = read_frame_head(rest);
        if (read.fault) {
            fail(kCloseProtocolError, name_of(*read.fault), now);
            break;
        }
        if (!read.head) break;
        const FrameHead& head = *read.head;
        if (break_of_order(head)) {
            fail(kCloseProtocolError, "a frame stands where it may not", now);
            break;
        }
        const bool is_data = static_cast<unsigned>(head.opcode) < 0x8;
        if (is_data && head.length > limits_.message_bytes - message_.size()) {
            fail(kCloseTooBig, "the message is too large", now);
            break;
        }
        if (rest.size() < head.head_size + head.length) break;
        if (auto message = take_frame(head, now)) return message;
    }
    return std::nullopt;
}

// Masked by a server, bare from a client, or fragments out of order.
bool WebSocketSession::break_of_order(const FrameHead& head) const {
    if (head.mask.has_value() != (role_ == WebSocketRole::server)) return true;
    switch (head.opcode) {
        case Opcode::continuation: return !fragmented_;
        case Opcode::text:
        case Opcode::binary: return fragmented_.has_value();
        case Opcode::close:
        case Opcode::ping:
        case Opcode::pong: return false;
    }
    return true;
}

std::optional<WebSocketSession::Message> WebSocketSession::take_frame(const FrameHead& head,
                                                                      Time now) {
    const std::span<char> payload =
        std::span(input_).subspan(used_ + head.head_size, static_cast<std::size_t>(head.length));
    if (head.mask) apply_mask(*head.mask, 0, payload);
    used_ += head.head_size + static_cast<std::size_t>(head.length);
    const std::string_view view(payload.data(), payload.size());
    switch (head.opcode) {
        case Opcode::continuation:
        case Opcode::text:
        case Opcode::binary: return take_data(head, view, now);
        case Opcode::close:
        case Opcode::ping:
        case Opcode::pong: take_control(head, view, now); break;
    }
    return std::nullopt;
}

std::optional<WebSocketSession::Message> WebSocketSession::take_data(const FrameHead& head,
                                                                     std::string_view payload,
                                                                     Time now) {
    const bool alone = head.final && !fragmented_;
    if (!alone) {
        if (!fragmented_) {
            fragmented_ = head.opcode;
            fragments_ = 0;
        }
        if (++fragments_ > limits_.fragments) {
            fail(kCloseTooBig, "the message has too many fragments", now);
            return std::nullopt;
        }
        message_.append(payload);
        if (!head.final) return std::nullopt;
    }
    const Opcode kind = alone ? head.opcode : *fragmented_;
    fragmented_.reset();
    // After our close nothing is handed out any more; it is read only to find the answer.
    if (close_sent_) {
        message_.clear();
        return std::nullopt;
    }
    const std::string_view data = alone ? payload : std::string_view(message_);
    if (kind == Opcode::text && !is_utf8(data)) {
        fail(kCloseNotUtf8, "a text is not UTF-8", now);
        return std::nullopt;
    }
    return Message{kind == Opcode::text, data};
}

void WebSocketSession::take_control(const FrameHead& head, std::string_view payload, Time now) {
    if (head.opcode == Opcode::close) {
        take_close(payload, now);
    } else if (head.opcode == Opcode::ping && !close_sent_) {
        send(Opcode::pong, payload);
    }
}

void WebSocketSession::take_close(std::string_view payload, Time now) {
    std::uint16_t code = kCloseNoCode;
    if (payload.size() == 1) {
        fail(kCloseProtocolError, "a close code has two bytes", now);
        return;
    }
    if (payload.size() >= 2) {
        code = static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8 |
                                          static_cast<unsigned char>(payload[1]));
        if (!is_close_code(code)) {
            fail(kCloseProtocolError, "the close code may not be sent", now);
            return;
        }
        if (!is_utf8(payload.substr(2))) {
            fail(kCloseNotUtf8, "the reason is not UTF-8", now);
            return;
        }
    }
    note(code, payload.size() > 2 ? payload.substr(2) : std::string_view());
    if (!close_sent_) {
        close_sent_ = true;
        send(Opcode::close, payload.substr(0, payload.size() >= 2 ? 2 : 0));
    }
    finished_ = true;
}

void WebSocketSession::note(std::uint16_t code, std::string_view reason) {
    if (code_ != 0 && finished_) return;
    code_ = code;
    reason_ = reason;
}

void WebSocketSession::fail(std::uint16_t code, std::string_view reason, Time now) {
    close(code, reason, now);
    note(code, reason);
    finished_ = true;
}

std::optional<Mask> WebSocketSession::new_mask() {
    if (role_ == WebSocketRole::server) return std::nullopt;
    return masks_(mask_context_);
}

void WebSocketSession::send(Opcode opcode, std::string_view payload) {
    append_frame(opcode, payload, new_mask(), output_);
}

void WebSocketSession::send_text(std::string_view text) {
    if (is_open()) send(Opcode::text, text);
}

void WebSocketSession::send_binary(std::string_view bytes) {
    if (is_open()) send(Opcode::binary, bytes);
}

void WebSocketSession::send_encoded(std::string_view frame) {
    MILLRACE_ASSERT(role_ == WebSocketRole::server, "a client masks each frame anew");
    if (is_open()) output_ += frame;
}

void WebSocketSession::ping(std::string_view payload) {
    MILLRACE_ASSERT(payload.size() <= 125, "a ping has at most 125 bytes");
    if (is_open()) send(Opcode::ping, payload);
}

void WebSocketSession::close(std::uint16_t code, std::string_view reason, Time now) {
    if (close_sent_) return;
    MILLRACE_ASSERT(is_close_code(code), "this code may not be sent");
    std::string payload;
    payload += static_cast<char>(code >> 8);
    payload += static_cast<char>(code & 0xFF);
    payload += cut_at_character(reason, kReasonMax);
    send(Opcode::close, payload);
    close_sent_ = true;
    close_sent_at_ = now;
    note(code, reason);
}

std::optional<Time> WebSocketSession::deadline() const {
    if (finished_) return std::nullopt;
    if (close_sent_) return close_sent_at_ + limits_.close_within;
    if (pinged_) return *pinged_ + limits_.pong_within;
    return heard_ + limits_.ping_after;
}

void WebSocketSession::expire(Time now) {
    const auto due = deadline();
    if (!due || now < *due) return;
    if (close_sent_) {
        finished_ = true;  // the answer to our close never came
    } else if (pinged_) {
        note(kCloseAbnormal, "the other side is silent");
        close_sent_ = true;
        finished_ = true;
    } else {
        ping({});
        pinged_ = now;
    }
}

void WebSocketSession::end_of_stream() {
    if (finished_) return;
    if (!close_sent_) note(kCloseAbnormal, "the connection ended without a close");
    close_sent_ = true;
    finished_ = true;
}

}  // namespace millrace::net
