// Parsing and checking of URLs.
#include "millrace/edge/net/url.hpp"

#include <algorithm>
#include <charconv>

#include "millrace/base/utf8.hpp"

namespace millrace::net {
namespace {

constexpr std::size_t kUrlMax = 8 * 1024;

tl::unexpected<Error> bad(std::string what, std::string why) {
    return failure(ErrorCode::usage, std::move(what), {}, std::move(why), "correct the URL");
}

int hexadecimal(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

bool has_controls(std::string_view text) {
    return std::any_of(text.begin(), text.end(), is_control);
}

bool is_unreserved(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

Result<void> read_segments(std::string_view path, Target& target) {
    path.remove_prefix(1);
    while (!path.empty()) {
        const std::size_t slash = std::min(path.find('/'), path.size());
        auto segment = percent_decoded(path.substr(0, slash), false);
        if (!segment) return failure(std::move(segment.error()));
        if (segment->empty()) return bad("the path has an empty segment", "it has // in it");
        if (*segment == "." || *segment == "..")
            return bad("the path has a . or .. in it", "a path is taken as it stands");
        if (segment->find_first_of("/\\") != std::string::npos)
            return bad("the path has an encoded slash", "a segment has no slash in it");
        if (target.segments.size() == kSegmentsMax)
            return bad("the path has too many segments", "at most 32 are read");
        target.segments.push_back(std::move(*segment));
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return {};
}

Result<void> read_query(std::string_view query, Target& target) {
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (pair.empty()) continue;
        if (target.query.size() == kQueryParametersMax)
            return bad("the query has too many parameters", "at most 64 are read");
        const std::size_t equal = std::min(pair.find('='), pair.size());
        auto name = percent_decoded(pair.substr(0, equal), true);
        auto value = percent_decoded(pair.substr(std::min(equal + 1, pair.size())), true);
        if (!name) return failure(std::move(name.error()));
        if (!value) return failure(std::move(value.error()));
        target.query.push_back({std::move(*name), std::move(*value)});
    }
    return {};
}

bool is_host_character(char c) {
    return is_unreserved(c) || c == ':';
}

}  // namespace

Result<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const bool whole = i + 2 < text.size();
            const int high = whole ? hexadecimal(text[i + 1]) : -1;
            const int low = whole ? hexadecimal(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return bad("an escape is broken", "% is followed by two hexadecimal digits");
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (is_control(c)) return bad("a control character stands in the URL", "it is text");
        decoded += c;
    }
    if (first_invalid_utf8(decoded)) return bad("the URL is not UTF-8", "escapes stand for UTF-8");
    return decoded;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        if (is_unreserved(c)) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += kDigits[byte >> 4U];
        encoded += kDigits[byte & 0xFU];
    }
    return encoded;
}

Result<Target> parse_target(std::string_view text) {
    Target target;
    if (text == "*") {
        target.path = "*";
        return target;
    }
    if (!text.starts_with('/')) {
        // The absolute form, as it is sent to proxies; servers take it too.
        auto url = parse_url(text);
        if (!url) return failure(std::move(url.error()));
        auto inner = parse_target(url->target);
        if (inner) inner->host = url->authority();
        return inner;
    }
    if (text.find('#') != std::string_view::npos)
        return bad("the target has a fragment", "what follows # is not sent");
    const std::size_t mark = std::min(text.find('?'), text.size());
    target.path = text.substr(0, mark);
    if (auto read = read_segments(target.path, target); !read)
        return failure(std::move(read.error()));
    if (auto read = read_query(text.substr(std::min(mark + 1, text.size())), target); !read)
        return failure(std::move(read.error()));
    return target;
}

std::string Url::authority() const {
    std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
    const std::uint16_t usual = is_secure() ? 443 : 80;
    if (port != usual) text += ":" + std::to_string(port);
    return text;
}

std::optional<std::string> host_of(std::string_view authority) {
    std::string_view host = authority;
    std::string_view port;
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        host = authority.substr(1, end - 1);
        port = authority.substr(end + 1);
        if (!port.empty() && !port.starts_with(':')) return std::nullopt;
        if (host.find(':') == std::string_view::npos) return std::nullopt;
    } else if (const std::size_t colon = authority.find(':'); colon != std::string_view::npos) {
        host = authority.substr(0, colon);
        port = authority.substr(colon);
    }
    if (!port.empty()) {
        port.remove_prefix(1);
        std::uint16_t number = 0;
        const auto read = std::from_chars(port.data(), port.data() + port.size(), number);
        if (read.ec != std::errc() || read.ptr != port.data() + port.size() || number == 0)
            return std::nullopt;
    }
    if (host.empty() || !std::all_of(host.begin(), host.end(), is_host_character))
        return std::nullopt;
    std::string lower(host);
    for (char& c : lower)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return lower;
}

Result<Url> parse_url(std::string_view text) {
    if (text.size() > kUrlMax) return bad("the URL is too long", "at most 8192 bytes are read");
    if (has_controls(text) || text.find(' ') != std::string_view::npos)
        return bad("the URL has a space or control character in it", "it is escaped in a URL");
    const std::size_t colon = text.find("://");
    Url url;
    url.scheme = text.substr(0, std::min(colon, text.size()));
    if (colon == std::string_view::npos || (url.scheme != "http" && url.scheme != "https" &&
                                            url.scheme != "ws" && url.scheme != "wss"))
        return bad("this is no URL that can be called", "it begins with http, https, ws or wss://");
    std::string_view rest = text.substr(colon + 3);
    const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
    std::string_view authority = rest.substr(0, end);
    std::string_view target = rest.substr(end);
    target = target.substr(0, target.find('#'));
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        auto user_info = percent_decoded(authority.substr(0, at), false);
        if (!user_info) return failure(std::move(user_info.error()));
        url.user_info = std::move(*user_info);
        authority.remove_prefix(at + 1);
    }
    auto host = host_of(authority);
    if (!host) return bad("the URL has no proper host", "host, host:port or [address]:port");
    url.host = std::move(*host);
    url.port = url.is_secure() ? 443 : 80;
    if (const std::size_t at = authority.rfind(':');
        at != std::string_view::npos && authority.find(']', at) == std::string_view::npos)
        (void)std::from_chars(authority.data() + at + 1, authority.data() + authority.size(),
                              url.port);
    url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
    return url;
}

}  // namespace millrace::net
