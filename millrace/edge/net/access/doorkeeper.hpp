// Doorkeeper: who may come in, before any route is asked. It checks the Host (a page that points
// its own name at this machine must not reach it), the Origin (no foreign page may act through a
// browser), and the token; and it says why not.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/secret.hpp"
#include "millrace/edge/net/access/rate_limiter.hpp"
#include "millrace/edge/net/access/scope.hpp"
#include "millrace/edge/net/access/service_token.hpp"
#include "millrace/edge/net/access/token_store.hpp"
#include "millrace/edge/net/http_parser.hpp"
#include "millrace/edge/net/url.hpp"

namespace millrace::net {

struct DoorRules {
    // Beside localhost, 127.0.0.1 and [::1]; without port, small letters. "*" lets every host in.
    std::vector<std::string> hosts = {};
    // Foreign origins that may call, such as https://desk.example.com; none: CORS is off.
    std::vector<std::string> origins = {};
    // Without any valid token, everybody may read: right on loopback only.
    bool open_reading_without_tokens = false;
    // The one that DATA_DIR/token holds: it was asked for by nobody, so it does not end that.
    std::string local_token_id = {};
    // One more token, from the configuration, and what it may do. Null: there is none.
    std::shared_ptr<const Secret> shared_token = {};
    Scope shared_scope = Scope::trade;
};

class Doorkeeper {
  public:
    // Neither, either or both kinds of token; they must outlive it. Any thread may call.
    Doorkeeper(DoorRules rules, const TokenVerifier* tokens, ServiceTokens* services);

    // `host` is that of an absolute target, which counts before the header.
    [[nodiscard]] Parsed<void> check_host(const Request& request, std::string_view host) const;

    // The allowed foreign origin of the request; empty when it is our own page or no page at all.
    [[nodiscard]] Parsed<std::string> check_origin(const Request& request, bool secure) const;

    // A token belongs in a header: in the URL it would stand in logs and histories.
    [[nodiscard]] Parsed<void> check_query(const std::vector<QueryParameter>& query) const;

    // Who asks; for the scope `open` anybody does. A WebSocket of a browser, which can set no
    // header, offers the protocol "bearer.TOKEN" instead.
    [[nodiscard]] Parsed<Identity> identify(const Request& request, Scope needed, Time now) const;

  private:
    [[nodiscard]] Parsed<Identity> identify_token(std::string_view token, Scope needed,
                                                  Time now) const;

    DoorRules rules_;
    const TokenVerifier* tokens_;
    ServiceTokens* services_;
};

// "bearer." in front of a token that is offered as a WebSocket protocol.
inline constexpr std::string_view kBearerProtocol = "bearer.";

}  // namespace millrace::net
