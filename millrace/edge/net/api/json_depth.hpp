// How deeply arrays and objects nest in a JSON text, found without parsing it: a text that is a
// million brackets is refused before any parser recurses or grows over it.
#pragma once

#include <cstddef>
#include <string_view>

namespace millrace::net {

// False when the depth exceeds `depth_max`. Whether the text is JSON is the parser's to say.
[[nodiscard]] constexpr bool is_within_depth(std::string_view json, std::size_t depth_max) {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (in_string) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > depth_max) return false;
        } else if ((c == '}' || c == ']') && depth > 0) {
            --depth;
        }
    }
    return true;
}

}  // namespace millrace::net
