// The opening handshake of WebSocket over HTTP/1.1 (RFC 6455, section 4), both sides.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "millrace/edge/net/http_message.hpp"
#include "millrace/edge/net/http_parser.hpp"

namespace millrace::net {

// Sec-WebSocket-Accept for this Sec-WebSocket-Key.
[[nodiscard]] std::string websocket_accept(std::string_view key);

// Whether the request, which asks for an upgrade, is a sound handshake.
[[nodiscard]] Parsed<void> check_websocket_request(const Request& request);

// The protocols that the client offers, in its order.
[[nodiscard]] std::vector<std::string> offered_protocols(const Request& request);

// The head of the answer that takes the connection over; `protocol` may be empty.
[[nodiscard]] std::string websocket_answer(const Request& request, std::string_view protocol,
                                           std::string_view date);

// The client's request; `key` is base64 of 16 random bytes.
[[nodiscard]] std::string websocket_request(std::string_view authority, std::string_view target,
                                            std::string_view key,
                                            std::span<const std::string> protocols,
                                            const Headers& more);

// Whether the server's answer fits the request with this key.
[[nodiscard]] Parsed<void> check_websocket_answer(const Response& answer, std::string_view key,
                                                  std::span<const std::string> protocols);

}  // namespace millrace::net
