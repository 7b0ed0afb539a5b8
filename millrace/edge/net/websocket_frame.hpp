// The frames of WebSocket (RFC 6455, section 5): heads, lengths and masks. What frames mean
// together is websocket_session.hpp's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace millrace::net {

enum class Opcode : std::uint8_t {
    continuation = 0x0,
    text = 0x1,
    binary = 0x2,
    close = 0x8,
    ping = 0x9,
    pong = 0xA,
};

using Mask = std::array<char, 4>;

struct FrameHead {
    bool final = true;
    Opcode opcode = Opcode::text;
    std::optional<Mask> mask;
    std::uint64_t length = 0;   // of the payload
    std::size_t head_size = 0;  // bytes before the payload
};

enum class FrameFault : std::uint8_t {
    reserved_bit,
    unknown_opcode,
    long_control,  // more than 125 bytes
    fragmented_control,
    padded_length,   // more length bytes than the length needs
    endless_length,  // the highest bit of 64 is set
};

[[nodiscard]] std::string_view name_of(FrameFault fault);

// The head at the front of `input`. Neither head nor fault: more bytes are needed.
struct FrameHeadRead {
    std::optional<FrameHead> head;
    std::optional<FrameFault> fault;
};
[[nodiscard]] FrameHeadRead read_frame_head(std::string_view input);

void append_frame_head(bool final, Opcode opcode, std::uint64_t length,
                       const std::optional<Mask>& mask, std::string& out);

// A whole frame; the payload is masked on its way when there is a mask.
void append_frame(Opcode opcode, std::string_view payload, const std::optional<Mask>& mask,
                  std::string& out);

// Masks or unmasks in place; `offset` is the place of the first byte within the payload.
void apply_mask(const Mask& mask, std::size_t offset, std::span<char> payload);

}  // namespace millrace::net
