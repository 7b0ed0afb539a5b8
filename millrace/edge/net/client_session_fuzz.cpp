// The client's seam: whatever a server answers is refused or within the limits, in any pieces. The
// first byte says how the rest is cut, and whether HEAD was asked.
#include <algorithm>

#include "millrace/base/assert.hpp"
#include "millrace/edge/net/client_session.hpp"

using namespace millrace;

namespace {

std::string result_of(std::string_view wire, std::size_t piece, net::Method method) {
    const net::HttpLimits limits{
        .header_bytes = 512, .header_count = 8, .target_bytes = 128, .body_bytes = 256};
    net::ResponseReader reader(method, limits);
    for (std::size_t at = 0; at < wire.size(); at += piece) {
        const auto done = reader.receive(wire.substr(at, piece));
        if (!done) return "refused";
        if (!*done) continue;
        MILLRACE_ASSERT(reader.response().body.size() <= 256, "a body stays within the limit");
        return at + piece >= wire.size() ? "whole " + reader.response().body : "early";
    }
    return reader.end_of_stream() ? "ended " + reader.response().body : "cut";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view wire(reinterpret_cast<const char*>(data) + 1, size - 1);
    const net::Method method = data[0] >= 128 ? net::Method::head : net::Method::get;
    const std::string whole = result_of(wire, std::max<std::size_t>(wire.size(), 1), method);
    const std::string cut = result_of(wire, 1 + data[0] % 64, method);
    // What comes after a whole answer is a fault when it is seen in time, and else never read.
    const bool same = cut == whole || cut == "early";
    MILLRACE_ASSERT(same, "a cut changes the answer");
    return 0;
}
