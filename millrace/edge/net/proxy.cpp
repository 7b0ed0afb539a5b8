// Reading the variables, and the words to a proxy.
#include "millrace/edge/net/proxy.hpp"

#include <algorithm>
#include <sodium.h>

#include "millrace/base/secret.hpp"

namespace millrace::net {
namespace {

using Environment = std::map<std::string, std::string>;

std::string value_of(const Environment& environment, const std::string& small,
                     const std::string& capital) {
    for (const std::string& name : {small, capital})
        if (const auto found = environment.find(name);
            !name.empty() && found != environment.end() && !found->second.empty())
            return found->second;
    return {};
}

Result<std::optional<Url>> read_proxy(const Environment& environment, const std::string& small,
                                      const std::string& capital) {
    std::string text = value_of(environment, small, capital);
    if (text.empty()) text = value_of(environment, "all_proxy", "ALL_PROXY");
    if (text.empty()) return std::nullopt;
    if (text.find("://") == std::string::npos) text.insert(0, "http://");
    auto url = parse_url(text);
    // The value may hold a password, so it is not shown.
    if (!url)
        return failure(ErrorCode::config, "the proxy is no URL", small, url.error().what,
                       "set it like " + small + "=http://host:port");
    if (url->scheme != "http")
        return failure(ErrorCode::config, "this kind of proxy is not supported", small,
                       "a proxy is spoken to over plain HTTP; what goes through it may be TLS",
                       "set it like " + small + "=http://host:port");
    if (!url->user_info.empty()) register_secret(url->user_info);
    return *url;
}

}  // namespace

Result<ProxyRules> ProxyRules::from_environment(const Environment& environment) {
    ProxyRules rules;
    auto plain = read_proxy(environment, "http_proxy", "");
    if (!plain) return failure(std::move(plain.error()));
    auto secure = read_proxy(environment, "https_proxy", "HTTPS_PROXY");
    if (!secure) return failure(std::move(secure.error()));
    rules.plain_ = std::move(*plain);
    rules.secure_ = std::move(*secure);
    const std::string list = value_of(environment, "no_proxy", "NO_PROXY");
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t end = std::min(list.find_first_of(", ", at), list.size());
        std::string word = list.substr(at, end - at);
        for (char& c : word)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        if (!word.empty()) rules.exceptions_.push_back(std::move(word));
        at = end + 1;
    }
    return rules;
}

const Url* ProxyRules::proxy_for(const Url& url) const {
    const std::optional<Url>& proxy = url.is_secure() ? secure_ : plain_;
    if (!proxy || is_excepted(url.host)) return nullptr;
    return &*proxy;
}

bool ProxyRules::is_excepted(std::string_view host) const {
    if (host == "localhost" || host == "::1" || host.starts_with("127.")) return true;
    return std::any_of(exceptions_.begin(), exceptions_.end(), [&](std::string_view word) {
        if (word == "*") return true;
        if (word.starts_with("*.")) word.remove_prefix(1);
        const std::string_view bare = word.starts_with('.') ? word.substr(1) : word;
        if (host == bare) return true;
        return host.size() > bare.size() && host.ends_with(bare) &&
               host[host.size() - bare.size() - 1] == '.';
    });
}

std::string proxy_authorization(const Url& proxy) {
    if (proxy.user_info.empty()) return {};
    const std::string& text = proxy.user_info;
    std::string base64(sodium_base64_encoded_len(text.size(), sodium_base64_VARIANT_ORIGINAL), 0);
    sodium_bin2base64(base64.data(), base64.size(),
                      reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    base64.pop_back();  // its zero byte
    return "Basic " + base64;
}

std::string connect_request(const Url& url, const Url& proxy) {
    std::string host = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
    host += ":" + std::to_string(url.port);
    std::string head = "CONNECT " + host + " HTTP/1.1\r\nHost: " + host + "\r\n";
    if (const std::string words = proxy_authorization(proxy); !words.empty())
        head += "Proxy-Authorization: " + words + "\r\n";
    return head + "\r\n";
}

}  // namespace millrace::net
