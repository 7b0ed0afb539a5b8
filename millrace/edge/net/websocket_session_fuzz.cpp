// The seam of WebSocket: whatever comes, in whatever pieces, as server or as client, the session
// stays within its limits and sees the same. The first byte says how the rest is cut, and the role.
#include <algorithm>

#include "millrace/base/assert.hpp"
#include "millrace/base/utf8.hpp"
#include "millrace/edge/net/websocket_session.hpp"

using namespace millrace;

namespace {

constexpr std::size_t kMessageMax = 300;

net::Mask mask(void*) {
    return {'m', 'a', 's', 'k'};
}

std::string events_of(std::string_view wire, std::size_t piece, bool is_server) {
    net::WebSocketLimits limits;
    limits.message_bytes = kMessageMax;
    net::WebSocketSession session(
        is_server ? net::WebSocketRole::server : net::WebSocketRole::client, limits, Time(),
        is_server ? nullptr : mask);
    std::string events;
    for (std::size_t at = 0; at < wire.size(); at += piece) {
        session.receive(wire.substr(at, piece), Time());
        while (const auto message = session.next(Time())) {
            MILLRACE_ASSERT(message->data.size() <= kMessageMax, "a message is within the limit");
            MILLRACE_ASSERT(!message->is_text || !first_invalid_utf8(message->data),
                            "a text is UTF-8");
            events += std::string(message->is_text ? "t" : "b") + std::string(message->data) + "\n";
        }
    }
    return events + session.output() +
           (session.is_finished() ? std::to_string(session.close_code()) : "open");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view wire(reinterpret_cast<const char*>(data) + 1, size - 1);
    const bool is_server = data[0] < 128;
    const std::string whole = events_of(wire, std::max<std::size_t>(wire.size(), 1), is_server);
    MILLRACE_ASSERT(events_of(wire, 1 + data[0] % 64, is_server) == whole,
                    "a cut changes what is seen");
    return 0;
}
