// Which proxy a request goes through, from the variables that programs agree on: https_proxy,
// http_proxy, all_proxy and no_proxy, in small or capital letters, small ones first. HTTP_PROXY in
// capitals is left out: under CGI a client's header could set it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/edge/net/url.hpp"

namespace millrace::net {

class ProxyRules {
  public:
    ProxyRules() = default;  // no proxy
    [[nodiscard]] static Result<ProxyRules> from_environment(
        const std::map<std::string, std::string>& environment);

    // Nothing: straight to the host.
    [[nodiscard]] const Url* proxy_for(const Url& url) const;

  private:
    [[nodiscard]] bool is_excepted(std::string_view host) const;

    std::optional<Url> plain_;
    std::optional<Url> secure_;
    std::vector<std::string> exceptions_;  // host, .domain or *
};

// "CONNECT host:port" for a tunnel, with the credentials of the proxy's URL.
[[nodiscard]] std::string connect_request(const Url& url, const Url& proxy);

// "Basic …" of the proxy's user and password; empty when it has none.
[[nodiscard]] std::string proxy_authorization(const Url& proxy);

}  // namespace millrace::net
