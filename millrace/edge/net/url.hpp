// URLs: what a client asks for, and what a server is asked for. Paths are decoded a segment at a
// time, and what could mean two things (an encoded slash, "..", a zero byte) is refused, so that no
// path can leave the folder or the route it was checked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "millrace/base/result.hpp"

namespace millrace::net {

struct QueryParameter {
    std::string name;
    std::string value;
};

// The target of a request, decoded.
struct Target {
    std::vector<std::string> segments;  // "/api/v1/orders" has three, "/" has none
    std::vector<QueryParameter> query;
    std::string path;  // as it came, without query
    std::string host;  // of an absolute target; else empty
};

inline constexpr std::size_t kSegmentsMax = 32;
inline constexpr std::size_t kQueryParametersMax = 64;

[[nodiscard]] Result<Target> parse_target(std::string_view target);

// "%20" and the like; a broken escape is refused. '+' is a space in queries only.
[[nodiscard]] Result<std::string> percent_decoded(std::string_view text, bool plus_is_space);
// Everything but letters, digits and -._~ escaped.
[[nodiscard]] std::string percent_encoded(std::string_view text);

struct Url {
    std::string scheme;  // http, https, ws or wss
    std::string host;    // without brackets
    std::uint16_t port = 0;
    std::string target = "/";  // path and query, as they travel
    std::string user_info;     // before the @, decoded; for proxies only

    [[nodiscard]] bool is_secure() const { return scheme == "https" || scheme == "wss"; }
    // host:port, without the port that the scheme has anyway; brackets around an IPv6 address.
    [[nodiscard]] std::string authority() const;
};

[[nodiscard]] Result<Url> parse_url(std::string_view text);

// The host of "host", "host:port", "[::1]:port"; nothing when it is none of them.
[[nodiscard]] std::optional<std::string> host_of(std::string_view authority);

}  // namespace millrace::net
