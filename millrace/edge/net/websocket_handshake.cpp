// The handshake's strings. SHA-1 is what the standard asks for; nothing secret hangs on it.
#include "millrace/edge/net/websocket_handshake.hpp"

#include <algorithm>
#include <array>
#include <sodium.h>

#include "millrace/edge/net/sha1.hpp"

namespace millrace::net {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

tl::unexpected<Problem> refused(int status, std::string detail) {
    Problem problem;
    problem.status = status;
    problem.code = "websocket-handshake";
    problem.detail = std::move(detail);
    problem.mend = "open a WebSocket of version 13 as RFC 6455 has it";
    return tl::unexpected<Problem>(std::move(problem));
}

bool is_key(std::string_view key) {
    std::array<unsigned char, 18> bytes{};
    std::size_t size = 0;
    const char* end = nullptr;
    return sodium_base642bin(bytes.data(), bytes.size(), key.data(), key.size(), nullptr, &size,
                             &end, sodium_base64_VARIANT_ORIGINAL) == 0 &&
           size == 16 && end == key.data() + key.size();
}

}  // namespace

std::string websocket_accept(std::string_view key) {
    const auto digest = sha1_of(std::string(key) + std::string(kGuid));
    std::array<char, 29> base64{};
    sodium_bin2base64(base64.data(), base64.size(), digest.data(), digest.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    return base64.data();
}

Parsed<void> check_websocket_request(const Request& request) {
    if (request.method != Method::get) return refused(400, "a WebSocket is opened with GET");
    if (!request.headers.lists("upgrade", "websocket"))
        return refused(400, "the only upgrade here is websocket");
    if (request.headers.find("sec-websocket-version") != "13") {
        auto problem = refused(426, "the version of the WebSocket is not 13");
        problem.value().headers.add("Sec-WebSocket-Version", "13");
        return problem;
    }
    const auto key = request.headers.find("sec-websocket-key");
    if (!key || request.headers.count("sec-websocket-key") != 1 || !is_key(*key))
        return refused(400, "Sec-WebSocket-Key is not 16 bytes in base64");
    return {};
}

std::vector<std::string> offered_protocols(const Request& request) {
    std::vector<std::string> protocols;
    for (std::size_t i = 0; i < request.headers.size(); ++i) {
        auto [name, value] = request.headers[i];
        if (!equals_ignoring_case(name, "sec-websocket-protocol")) continue;
        while (!value.empty()) {
            const std::size_t comma = std::min(value.find(','), value.size());
            std::string_view word = value.substr(0, comma);
            word.remove_prefix(std::min(word.find_first_not_of(" \t"), word.size()));
            word = word.substr(0, word.find_last_not_of(" \t") + 1);
            if (is_token(word)) protocols.emplace_back(word);
            value.remove_prefix(std::min(comma + 1, value.size()));
        }
    }
    return protocols;
}

std::string websocket_answer(const Request& request, std::string_view protocol,
                             std::string_view date) {
    std::string head =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Accept: ";
    head += websocket_accept(request.headers.find("sec-websocket-key").value_or(""));
    if (!protocol.empty()) head.append("\r\nSec-WebSocket-Protocol: ").append(protocol);
    if (!date.empty()) head.append("\r\nDate: ").append(date);
    if (!request.id.empty()) head.append("\r\nX-Request-Id: ").append(request.id);
    return head + "\r\n\r\n";
}

std::string websocket_request(std::string_view authority, std::string_view target,
                              std::string_view key, std::span<const std::string> protocols,
                              const Headers& more) {
    std::string head = "GET ";
    head.append(target).append(" HTTP/1.1\r\nHost: ").append(authority);
    head += "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n";
    head.append("Sec-WebSocket-Key: ").append(key).append("\r\n");
    for (std::size_t i = 0; i < protocols.size(); ++i)
        head.append(i == 0 ? "Sec-WebSocket-Protocol: " : ", ").append(protocols[i]);
    if (!protocols.empty()) head += "\r\n";
    for (std::size_t i = 0; i < more.size(); ++i)
        head.append(more[i].first).append(": ").append(more[i].second).append("\r\n");
    return head + "\r\n";
}

Parsed<void> check_websocket_answer(const Response& answer, std::string_view key,
                                    std::span<const std::string> protocols) {
    if (answer.status != 101)
        return refused(answer.status, "the server did not open the WebSocket");
    if (!answer.headers.lists("upgrade", "websocket") ||
        !answer.headers.lists("connection", "upgrade"))
        return refused(502, "the server's answer is no upgrade to a WebSocket");
    if (answer.headers.find("sec-websocket-accept") != websocket_accept(key))
        return refused(502, "the server's answer does not fit the key");
    if (answer.headers.count("sec-websocket-extensions") > 0)
        return refused(502, "the server uses an extension that was not asked for");
    const auto protocol = answer.headers.find("sec-websocket-protocol");
    if (protocol && std::find(protocols.begin(), protocols.end(), *protocol) == protocols.end())
        return refused(502, "the server chose a protocol that was not offered");
    return {};
}

}  // namespace millrace::net
