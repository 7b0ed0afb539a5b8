// UTF-8: which bytes are well formed (RFC 3629: no surrogates, no overlong forms, up to U+10FFFF).
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace millrace {

// Bytes of the well-formed character at the front of `text`, 1 to 4; 0 when there is none.
[[nodiscard]] std::size_t utf8_length(std::string_view text);

// The code point of the character at the front, which must be well formed.
[[nodiscard]] char32_t utf8_code_point(std::string_view text);

// The offset of the first byte that begins no well-formed character.
[[nodiscard]] std::optional<std::size_t> first_invalid_utf8(std::string_view text);

}  // namespace millrace
