// The seam of HTTP: whatever comes, in whatever pieces, the session neither breaks nor goes beyond
// its limits, and sees the same as in one piece. The first byte says how the rest is cut.
#include <algorithm>

#include "millrace/base/assert.hpp"
#include "millrace/edge/net/server_session.hpp"
#include "millrace/edge/net/url.hpp"

using namespace millrace;

namespace {

// Everything that the session hands out and sends, for pieces of this many bytes.
std::string events_of(std::string_view wire, std::size_t piece) {
    net::SessionLimits limits;
    limits.http = {.header_bytes = 512, .header_count = 8, .target_bytes = 128, .body_bytes = 256};
    net::SessionSurroundings surroundings;
    net::HttpServerSession session(limits, surroundings, Time());
    std::string events;
    for (std::size_t at = 0; at < wire.size(); at += piece) {
        session.receive(wire.substr(at, piece), Time());
        while (auto request = session.next(Time())) {
            const net::Request& taken = request->request;
            MILLRACE_ASSERT(taken.body.size() <= 256 && taken.headers.size() <= 8,
                            "a request stays within the limits");
            for (std::size_t i = 0; i < taken.headers.size(); ++i)
                MILLRACE_ASSERT(net::is_header_value(taken.headers[i].second),
                                "no header holds a line end");
            (void)net::parse_target(taken.target);
            events += taken.target + "|" + taken.body + "|" + taken.id + "\n";
            session.answer(request->number, net::Response::text(200, "x"), Time());
        }
    }
    std::string out = session.output();
    constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";  // hangs on timing
    for (auto at = out.find(kContinue); at != std::string::npos; at = out.find(kContinue))
        out.erase(at, kContinue.size());
    return events + out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view wire(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::string whole = events_of(wire, std::max<std::size_t>(wire.size(), 1));
    MILLRACE_ASSERT(events_of(wire, 1 + data[0] % 64) == whole, "a cut changes what is seen");
    return 0;
}
