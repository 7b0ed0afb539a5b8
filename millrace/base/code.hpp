// Code: a name of at most eight printable ASCII characters (a currency, a short reason) in one
// 64-bit number, so that records which carry it stay plain memory and compare in one instruction.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "millrace/base/assert.hpp"
#include "millrace/base/result.hpp"

namespace millrace {

class Code {
  public:
    static constexpr std::size_t kLengthMax = 8;

    constexpr Code() = default;
    // For literals that are known to fit.
    constexpr Code(const char* literal) {
        const std::string_view text(literal);
        MILLRACE_ASSERT(is_code(text), "a code has at most eight printable characters");
        packed_ = pack(text);
    }

    [[nodiscard]] static Result<Code> from(std::string_view text) {
        if (is_code(text)) return from_packed(pack(text));
        return failure(ErrorCode::data, "\"" + std::string(text.substr(0, 40)) + "\" is no code",
                       {}, "a code has at most eight printable ASCII characters",
                       "write it like USD or USDT");
    }
    // The number as packed() gave it; is_packed() tells whether another number is one.
    [[nodiscard]] static constexpr Code from_packed(std::uint64_t packed) {
        Code code;
        code.packed_ = packed;
        return code;
    }
    [[nodiscard]] static constexpr bool is_packed(std::uint64_t packed) {
        bool ended = false;
        for (int shift = 0; shift < 64; shift += 8) {
            const auto c = static_cast<unsigned char>(packed >> shift);
            if (c == 0)
                ended = true;
            else if (ended || !is_printable(c))
                return false;
        }
        return true;
    }

    [[nodiscard]] constexpr std::uint64_t packed() const { return packed_; }
    [[nodiscard]] constexpr bool empty() const { return packed_ == 0; }
    [[nodiscard]] std::string text() const {
        std::string text;
        for (std::uint64_t rest = packed_; rest != 0; rest >>= 8)
            text += static_cast<char>(rest & 0xff);
        return text;
    }
    constexpr auto operator<=>(const Code&) const = default;

  private:
    static constexpr bool is_printable(unsigned char c) { return c > 0x20 && c < 0x7f; }
    static constexpr bool is_code(std::string_view text) {
        if (text.size() > kLengthMax) return false;
        for (const char c : text)
            if (!is_printable(static_cast<unsigned char>(c))) return false;
        return true;
    }
    static constexpr std::uint64_t pack(std::string_view text) {
        std::uint64_t packed = 0;
        for (std::size_t i = text.size(); i-- > 0;)
            packed = packed << 8 | static_cast<unsigned char>(text[i]);
        return packed;
    }

    std::uint64_t packed_ = 0;  // first character lowest
};

}  // namespace millrace
