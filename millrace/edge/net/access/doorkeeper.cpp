// The checks, and what is said to who does not pass.
#include "millrace/edge/net/access/doorkeeper.hpp"

#include <algorithm>
#include <array>

#include "millrace/edge/net/websocket_handshake.hpp"

namespace millrace::net {
namespace {

tl::unexpected<Problem> refused(int status, std::string code, std::string detail,
                                std::string mend) {
    Problem problem;
    problem.status = status;
    problem.code = std::move(code);
    problem.detail = std::move(detail);
    problem.mend = std::move(mend);
    return tl::unexpected<Problem>(std::move(problem));
}

tl::unexpected<Problem> unknown_caller(std::string code, std::string detail) {
    auto problem = refused(401, std::move(code), std::move(detail),
                           "send Authorization: Bearer TOKEN; millrace token create makes one");
    problem.value().headers.add("WWW-Authenticate", "Bearer realm=\"millrace\"");
    return problem;
}

std::optional<std::string_view> bearer_of(std::string_view value) {
    const std::size_t space = value.find(' ');
    if (space == std::string_view::npos || !equals_ignoring_case(value.substr(0, space), "bearer"))
        return std::nullopt;
    return value.substr(space + 1);
}

}  // namespace

Doorkeeper::Doorkeeper(DoorRules rules, const TokenVerifier* tokens, ServiceTokens* services)
    : rules_(std::move(rules)), tokens_(tokens), services_(services) {
    for (const std::string_view own : {"localhost", "127.0.0.1", "::1"})
        rules_.hosts.emplace_back(own);
}

Parsed<void> Doorkeeper::check_host(const Request& request, std::string_view target_host) const {
    const auto& hosts = rules_.hosts;
    if (std::find(hosts.begin(), hosts.end(), "*") != hosts.end()) return {};
    std::string_view authority = request.headers.find("host").value_or("");
    if (!target_host.empty()) authority = target_host;
    const auto host = host_of(authority);
    if (host && std::find(hosts.begin(), hosts.end(), *host) != hosts.end()) return {};
    return refused(421, "wrong-host", "this server does not go by the name in the Host header",
                   "call it by an allowed name, or allow this one in the configuration");
}

Parsed<std::string> Doorkeeper::check_origin(const Request& request, bool secure) const {
    const auto origin = request.headers.find("origin");
    if (!origin) return std::string();
    const std::string own =
        (secure ? "https://" : "http://") + std::string(request.headers.find("host").value_or(""));
    if (request.headers.count("origin") == 1) {
        if (equals_ignoring_case(*origin, own)) return std::string();
        for (const std::string& allowed : rules_.origins)
            if (equals_ignoring_case(*origin, allowed)) return allowed;
    }
    return refused(403, "wrong-origin", "a page of another origin may not call this server",
                   "open the page from this server, or allow its origin in the configuration");
}

Parsed<void> Doorkeeper::check_query(const std::vector<QueryParameter>& query) const {
    constexpr std::array<std::string_view, 8> kNames = {
        "token", "access_token", "api_key", "apikey", "authorization", "jwt", "bearer", "secret"};
    for (const QueryParameter& parameter : query) {
        const bool named = std::any_of(kNames.begin(), kNames.end(), [&](std::string_view name) {
            return equals_ignoring_case(parameter.name, name);
        });
        if (named || parameter.value.starts_with(kTokenPrefix) ||
            parameter.name.starts_with(kTokenPrefix) ||
            ServiceTokens::looks_like_one(parameter.value))
            return refused(400, "token-in-url",
                           "a token stands in the URL, where logs would keep it",
                           "send Authorization: Bearer TOKEN, and revoke this token");
    }
    return {};
}

Parsed<Identity> Doorkeeper::identify(const Request& request, Scope needed, Time now) const {
    if (const auto value = request.headers.find("authorization")) {
        const auto token = bearer_of(*value);
        if (!token || request.headers.count("authorization") != 1)
            return unknown_caller("wrong-authorization", "the Authorization header is no Bearer");
        return identify_token(*token, needed, now);
    }
    if (request.headers.lists("connection", "upgrade"))
        for (const std::string& protocol : offered_protocols(request))
            if (protocol.starts_with(kBearerProtocol))
                return identify_token(std::string_view(protocol).substr(kBearerProtocol.size()),
                                      needed, now);
    if (needed == Scope::open) return Identity{};
    const bool open_reading =
        rules_.open_reading_without_tokens && needed == Scope::read && !rules_.shared_token &&
        (tokens_ == nullptr || !tokens_->has_tokens(now, rules_.local_token_id));
    if (open_reading) return Identity{{}, "anybody", Scope::read};
    return unknown_caller("no-token",
                          "this needs a token of the scope " + std::string(name_of(needed)));
}

Parsed<Identity> Doorkeeper::identify_token(std::string_view token, Scope needed, Time now) const {
    std::optional<Identity> identity;
    if (tokens_ != nullptr) identity = tokens_->verify(token, now);
    if (!identity && rules_.shared_token && rules_.shared_token->equals(token))
        identity = Identity{"configured", "configured token", rules_.shared_scope};
    if (!identity && services_ != nullptr && ServiceTokens::looks_like_one(token)) {
        auto service = services_->verify(token, now);
        if (!service)
            return unknown_caller("wrong-token", service.error().what + ": " + service.error().why);
        identity = std::move(*service);
    }
    if (!identity) return unknown_caller("wrong-token", "the token is unknown, expired or revoked");
    if (!includes(identity->scope, needed))
        return refused(403, "wrong-scope",
                       "the token has the scope " + std::string(name_of(identity->scope)) +
                           "; this needs " + std::string(name_of(needed)),
                       "use a token of that scope");
    return *identity;
}

}  // namespace millrace::net
