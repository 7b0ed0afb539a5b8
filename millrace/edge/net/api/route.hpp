// Route: what the server can be asked, described once: method, path, scope, parameters, and the
// types of body and answers. Checking, dispatch and /openapi.json all follow from it.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/core/model/json.hpp"
#include "millrace/edge/net/access/rate_limiter.hpp"
#include "millrace/edge/net/access/scope.hpp"
#include "millrace/edge/net/api/responder.hpp"
#include "millrace/edge/net/api/websocket_handler.hpp"
#include "millrace/edge/net/url.hpp"

namespace millrace::net {

enum class ParameterKind : std::uint8_t { text, integer, boolean, choice, time };

// Of the path or the query.
struct Parameter {
    std::string name = {};
    std::string doc = {};
    ParameterKind kind = ParameterKind::text;
    bool required = false;  // of the path, always
    std::size_t length_max = 256;
    std::int64_t minimum = std::numeric_limits<std::int64_t>::min();
    std::int64_t maximum = std::numeric_limits<std::int64_t>::max();
    std::vector<std::string> choices = {};
};

// What a JSON body is: a noun (or any struct described in its way), a list of one, or, for what is
// no flat struct, a JSON Schema of its own.
struct BodyType {
    std::string name = {};  // of the component in /openapi.json
    const model::NounDescription* noun = nullptr;
    bool many = false;        // an array of it
    std::string schema = {};  // JSON, when there is no noun
};

template <class T>
[[nodiscard]] BodyType body_of() {
    const model::NounDescription& noun = model::kDescription<T>;
    return {std::string(noun.name), &noun, false, {}};
}
template <class T>
[[nodiscard]] BodyType list_of() {
    BodyType type = body_of<T>();
    type.many = true;
    return type;
}
[[nodiscard]] inline BodyType schema_body(std::string name, std::string schema) {
    return {std::move(name), nullptr, false, std::move(schema)};
}

struct Answer {
    int status = 200;
    std::string doc = {};
    std::optional<BodyType> body = {};  // JSON
    std::string content_type = {};      // of what is not JSON
};

enum class IdempotencyKey : std::uint8_t { unused, optional, required };

// A request that has passed every check, as the handler sees it.
class Call {
  public:
    using Values = std::vector<QueryParameter>;
    Call(const Request& request, const Identity& identity, Values path, Values query, Time now)
        : request_(request),
          identity_(identity),
          path_(std::move(path)),
          query_(std::move(query)),
          now_(now) {}

    [[nodiscard]] const Request& request() const { return request_; }
    [[nodiscard]] const Identity& identity() const { return identity_; }
    [[nodiscard]] Time now() const { return now_; }  // the time of day at which it was taken

    // By its declared name; a path parameter is always there.
    [[nodiscard]] std::string_view path(std::string_view name) const;
    [[nodiscard]] std::optional<std::string_view> query(std::string_view name) const;
    [[nodiscard]] std::optional<std::int64_t> query_integer(std::string_view name) const;
    [[nodiscard]] std::string_view idempotency_key() const;

    template <class T>
    [[nodiscard]] Result<T> body(const model::Names& names) const {
        return model::from_json<T>(request_.body, names);
    }

  private:
    const Request& request_;
    const Identity& identity_;
    Values path_;
    Values query_;
    Time now_;
};

// Called on an io thread: it must not wait. What it refers to in the call ends with it.
using Handler = std::function<void(const Call& call, Responder responder)>;
using WebSocketOpener = std::function<Result<std::unique_ptr<WebSocketHandler>>(const Call& call)>;

struct Route {
    Method method = Method::get;
    std::string path = {};       // "/api/v1/orderintents/{id}"
    std::string operation = {};  // names it for clients that are made from the description
    std::string summary = {};
    std::string tag = {};
    Scope scope = Scope::read;
    std::vector<Parameter> path_parameters = {};
    std::vector<Parameter> query = {};
    std::optional<BodyType> body = {};
    std::vector<Answer> answers = {};  // beside the problems that any route may answer
    IdempotencyKey idempotency_key = IdempotencyKey::unused;
    RateLimit rate;
    std::size_t body_bytes_max = 256 * 1024;
    Handler handler = {};
};

struct WebSocketRoute {
    std::string path = {};
    std::string operation = {};
    std::string summary = {};
    std::string tag = {};
    Scope scope = Scope::read;
    std::vector<Parameter> query = {};
    // Those it speaks; the first one the client offers is taken. A browser that shows its token as
    // a protocol must offer one of these beside it, because it insists on an answer.
    std::vector<std::string> protocols = {"millrace.v1"};
    RateLimit rate{5, 20};  // of openings
    WebSocketOpener open;
};

// A handler for a body that is a T: what is not one is answered with 422 and the JSON path.
template <class T, class Handle>
[[nodiscard]] Handler json_handler(std::function<std::shared_ptr<const model::Names>()> names,
                                   Handle handle) {
    return [names = std::move(names), handle = std::move(handle)](const Call& call,
                                                                  Responder responder) {
        auto body = call.body<T>(*names());
        if (!body) return responder.fail(body.error());
        handle(call, *body, std::move(responder));
    };
}

}  // namespace millrace::net
