// Api: all routes of a server. It takes a request through every check in order (target, Host, token
// in the URL, Origin, route, caller, rate, body, parameters) and hands it to its route; what fails
// is answered as a problem. /openapi.json is made from the routes. It has no socket and no clock.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "millrace/edge/net/access/doorkeeper.hpp"
#include "millrace/edge/net/api/route.hpp"

namespace millrace::net {

struct ApiOptions {
    std::string title = "Millrace";
    std::string version = {};
    bool secure = false;              // the server speaks TLS
    std::size_t json_depth_max = 32;  // of nested arrays and objects
    bool rate_limits = true;
    // Asked when a request has found its route; what it gives back is told the answer's status.
    std::function<Responder::Observer(const Route& route)> observe = {};
};

// When a request came, by both clocks.
struct Times {
    Time wall;       // of day, for tokens
    Time monotonic;  // for rates
};

class Api {
  public:
    // The doorkeeper must outlive it.
    Api(ApiOptions options, const Doorkeeper& doorkeeper);

    // Before the server starts. A route that cannot be told from another is our own bug.
    void add(Route route);
    void add(WebSocketRoute route);

    // Any thread.
    void handle(const Request& request, Times now, Responder responder) const;

    struct Opened {
        std::unique_ptr<WebSocketHandler> handler;
        std::string protocol;
    };
    // Of a request that asks for an upgrade: the handler, or the answer that declines.
    [[nodiscard]] std::variant<Opened, Response> open_websocket(const Request& request,
                                                                Times now) const;

    [[nodiscard]] const std::string& openapi()
        const;  // the document; complete after the first call
    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }
    [[nodiscard]] const std::vector<WebSocketRoute>& websocket_routes() const {
        return websockets_;
    }
    [[nodiscard]] const ApiOptions& options() const { return options_; }

  private:
    struct Entry {
        std::vector<std::string> segments;  // "{id}" matches any
        std::uint32_t index = 0;            // of the route
    };
    struct Passed;
    [[nodiscard]] Parsed<Passed> pass_door(const Request& request) const;
    [[nodiscard]] Parsed<const Entry*> find(Method method, const Target& target) const;
    [[nodiscard]] std::string methods_of(const Target& target) const;
    void answer_options(const Request& request, const Passed& passed, Responder responder) const;
    [[nodiscard]] Parsed<Identity> admit(const Request& request, Scope scope, RateLimit rate,
                                         std::uint32_t index, Times now, Headers& headers) const;
    [[nodiscard]] Parsed<void> check_body(const Request& request, const Route& route) const;

    ApiOptions options_;
    const Doorkeeper& doorkeeper_;
    std::vector<Route> routes_;
    std::vector<Entry> entries_;
    std::vector<WebSocketRoute> websockets_;
    mutable RateLimiter limiter_;
    mutable std::mutex document_mutex_;
    mutable std::string document_;
};

}  // namespace millrace::net
