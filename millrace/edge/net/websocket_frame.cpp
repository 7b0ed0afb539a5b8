// Heads are at most 14 bytes, so they are read once they are whole; masks go eight bytes at a time.
#include "millrace/edge/net/websocket_frame.hpp"

#include <cstring>

namespace millrace::net {
namespace {

constexpr std::uint64_t kControlMax = 125;
constexpr unsigned kTwoBytes = 126;
constexpr unsigned kEightBytes = 127;

unsigned byte_at(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

std::optional<Opcode> opcode_of(unsigned number) {
    switch (number) {
        case 0x0: return Opcode::continuation;
        case 0x1: return Opcode::text;
        case 0x2: return Opcode::binary;
        case 0x8: return Opcode::close;
        case 0x9: return Opcode::ping;
        case 0xA: return Opcode::pong;
        default: return std::nullopt;
    }
}

bool is_control(Opcode opcode) {
    return static_cast<unsigned>(opcode) >= 0x8;
}

FrameHeadRead fault(FrameFault found) {
    return {std::nullopt, found};
}

}  // namespace

std::string_view name_of(FrameFault fault) {
    switch (fault) {
        case FrameFault::reserved_bit: return "a reserved bit is set";
        case FrameFault::unknown_opcode: return "the opcode is unknown";
        case FrameFault::long_control: return "a control frame has more than 125 bytes";
        case FrameFault::fragmented_control: return "a control frame is fragmented";
        case FrameFault::padded_length: return "the length is written longer than needed";
        case FrameFault::endless_length: return "the length has its highest bit set";
    }
    return "";
}

FrameHeadRead read_frame_head(std::string_view input) {
    if (input.size() < 2) return {};
    const unsigned first = byte_at(input, 0);
    const unsigned second = byte_at(input, 1);
    if ((first & 0x70U) != 0) return fault(FrameFault::reserved_bit);
    const auto opcode = opcode_of(first & 0x0FU);
    if (!opcode) return fault(FrameFault::unknown_opcode);
    FrameHead head;
    head.final = (first & 0x80U) != 0;
    head.opcode = *opcode;
    head.length = second & 0x7FU;
    if (is_control(head.opcode) && !head.final) return fault(FrameFault::fragmented_control);
    if (is_control(head.opcode) && head.length > kControlMax)
        return fault(FrameFault::long_control);
    const std::size_t wide = head.length == kTwoBytes ? 2 : head.length == kEightBytes ? 8 : 0;
    const bool masked = (second & 0x80U) != 0;
    head.head_size = 2 + wide + (masked ? 4 : 0);
    if (input.size() < head.head_size) return {};
    if (wide > 0) {
        head.length = 0;
        for (std::size_t i = 0; i < wide; ++i)
            head.length = head.length << 8 | byte_at(input, 2 + i);
        if (head.length >> 63 != 0) return fault(FrameFault::endless_length);
        if (head.length <= (wide == 2 ? kControlMax : 0xFFFF))
            return fault(FrameFault::padded_length);
    }
    if (masked) {
        head.mask.emplace();
        std::memcpy(head.mask->data(), input.data() + 2 + wide, 4);
    }
    return {head, std::nullopt};
}

void append_frame_head(bool final, Opcode opcode, std::uint64_t length,
                       const std::optional<Mask>& mask, std::string& out) {
    const auto put = [&out](std::uint64_t byte) { out += static_cast<char>(byte & 0xFF); };
    put((final ? 0x80U : 0U) | static_cast<unsigned>(opcode));
    const unsigned masked = mask ? 0x80U : 0U;
    if (length <= kControlMax) {
        put(masked | length);
    } else {
        const int wide = length <= 0xFFFF ? 2 : 8;
        put(masked | (wide == 2 ? kTwoBytes : kEightBytes));
        for (int shift = (wide - 1) * 8; shift >= 0; shift -= 8)
            put(length >> shift);
    }
    if (mask) out.append(mask->data(), mask->size());
}

void append_frame(Opcode opcode, std::string_view payload, const std::optional<Mask>& mask,
                  std::string& out) {
    append_frame_head(true, opcode, payload.size(), mask, out);
    const std::size_t at = out.size();
    out += payload;
    if (mask) apply_mask(*mask, 0, std::span(out).subspan(at));
}

void apply_mask(const Mask& mask, std::size_t offset, std::span<char> payload) {
    std::array<char, 8> wide{};
    for (std::size_t i = 0; i < wide.size(); ++i)
        wide[i] = mask[(offset + i) % 4];
    std::uint64_t mask_word = 0;
    std::memcpy(&mask_word, wide.data(), 8);
    std::size_t at = 0;
    for (; at + 8 <= payload.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, payload.data() + at, 8);
        word ^= mask_word;
        std::memcpy(payload.data() + at, &word, 8);
    }
    for (; at < payload.size(); ++at)
        payload[at] = static_cast<char>(payload[at] ^ wide[at % 8]);
}

}  // namespace millrace::net
