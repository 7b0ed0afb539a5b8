// The table of RFC 3629, section 4, as comparisons.
#include "millrace/base/utf8.hpp"

#include "millrace/base/assert.hpp"

namespace millrace {
namespace {

unsigned byte_at(std::string_view text, std::size_t i) {
    return static_cast<unsigned char>(text[i]);
}

bool continues(std::string_view text, std::size_t i) {
    return i < text.size() && (byte_at(text, i) & 0xC0U) == 0x80U;
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
    if (text.empty()) return 0;
    const unsigned first = byte_at(text, 0);
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4 || !continues(text, 1)) return 0;
    if (first < 0xE0) return 2;
    const unsigned second = byte_at(text, 1);
    if (!continues(text, 2)) return 0;
    if (first < 0xF0) {
        const bool overlong = first == 0xE0 && second < 0xA0;
        const bool surrogate = first == 0xED && second > 0x9F;
        return overlong || surrogate ? 0 : 3;
    }
    if (!continues(text, 3)) return 0;
    const bool overlong = first == 0xF0 && second < 0x90;
    const bool beyond = first == 0xF4 && second > 0x8F;
    return overlong || beyond ? 0 : 4;
}

char32_t utf8_code_point(std::string_view text) {
    const std::size_t length = utf8_length(text);
    MILLRACE_ASSERT(length > 0, "the text does not begin with a well-formed character");
    if (length == 1) return static_cast<char32_t>(byte_at(text, 0));
    char32_t point = byte_at(text, 0) & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i)
        point = (point << 6) | (byte_at(text, i) & 0x3FU);
    return point;
}

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8_length(text.substr(at));
        if (length == 0) return at;
        at += length;
    }
    return std::nullopt;
}

}  // namespace millrace
