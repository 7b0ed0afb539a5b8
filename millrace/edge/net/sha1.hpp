// SHA-1, for the standards that ask for it: the WebSocket handshake and UUIDs made of names.
// Nothing secret may hang on it.
#pragma once

#include <array>
#include <string_view>

namespace millrace::net {

[[nodiscard]] std::array<unsigned char, 20> sha1_of(std::string_view bytes);

}  // namespace millrace::net
