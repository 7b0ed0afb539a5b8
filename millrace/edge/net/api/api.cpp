// The checks in their order, and the way to a route.
#include "millrace/edge/net/api/api.hpp"

#include <algorithm>
#include <charconv>

#include "millrace/base/assert.hpp"
#include "millrace/edge/net/api/json_depth.hpp"
#include "millrace/edge/net/api/openapi.hpp"
#include "millrace/edge/net/api/parameters.hpp"
#include "millrace/edge/net/websocket_handshake.hpp"

namespace millrace::net {
namespace {

constexpr std::uint32_t kFirstWebSocket = 1'000'000;  // their numbers, for the rate limiter

tl::unexpected<Problem> refused(int status, std::string code, std::string detail,
                                std::string mend) {
    Problem problem;
    problem.status = status;
    problem.code = std::move(code);
    problem.detail = std::move(detail);
    problem.mend = std::move(mend);
    return tl::unexpected<Problem>(std::move(problem));
}

std::vector<std::string> segments_of(std::string_view path) {
    auto target = parse_target(path);
    MILLRACE_ASSERT(target.has_value(), "the path of a route is well formed");
    return std::move(target->segments);
}

bool is_parameter(std::string_view segment) {
    return segment.starts_with('{') && segment.ends_with('}');
}

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
    return pattern.size() == segments.size() &&
           std::equal(pattern.begin(), pattern.end(), segments.begin(),
                      [](const std::string& expected, const std::string& actual) {
                          return is_parameter(expected) || expected == actual;
                      });
}

// More literal segments, and earlier ones, win over parameters.
bool is_closer(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    for (std::size_t i = 0; i < a.size(); ++i)
        if (is_parameter(a[i]) != is_parameter(b[i])) return is_parameter(b[i]);
    return false;
}

Call::Values path_values(const std::vector<std::string>& pattern, const Target& target) {
    Call::Values values;
    for (std::size_t i = 0; i < pattern.size(); ++i)
        if (is_parameter(pattern[i]))
            values.push_back({pattern[i].substr(1, pattern[i].size() - 2), target.segments[i]});
    return values;
}

bool is_json_type(std::string_view type) {
    type = type.substr(0, type.find(';'));
    while (!type.empty() && type.back() == ' ')
        type.remove_suffix(1);
    return equals_ignoring_case(type, "application/json") || type.ends_with("+json");
}

bool is_nothing(std::string_view body) {
    std::string bare;
    for (const char c : body)
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n') bare += c;
    return bare.empty() || bare == "{}";
}

std::int64_t seconds_up(Duration duration) {
    return (duration.ns() + 999'999'999) / 1'000'000'000;
}

}  // namespace

struct Api::Passed {
    Target target;
    std::string origin;  // a foreign one that is allowed
};

std::string_view Call::path(std::string_view name) const {
    for (const QueryParameter& parameter : path_)
        if (parameter.name == name) return parameter.value;
    MILLRACE_ASSERT(false, "the route has no such path parameter");
    return {};
}

std::optional<std::string_view> Call::query(std::string_view name) const {
    for (const QueryParameter& parameter : query_)
        if (parameter.name == name) return parameter.value;
    return std::nullopt;
}

std::optional<std::int64_t> Call::query_integer(std::string_view name) const {
    const auto value = query(name);
    if (!value) return std::nullopt;
    std::int64_t number = 0;
    const auto read = std::from_chars(value->data(), value->data() + value->size(), number);
    MILLRACE_ASSERT(read.ec == std::errc(), "an integer parameter was checked to be one");
    return number;
}

std::string_view Call::idempotency_key() const {
    return request_.headers.find("idempotency-key").value_or("");
}

Api::Api(ApiOptions options, const Doorkeeper& doorkeeper)
    : options_(std::move(options)), doorkeeper_(doorkeeper) {
    Route description;
    description.path = "/openapi.json";
    description.operation = "openapi";
    description.summary = "This description";
    description.tag = "server";
    description.scope = Scope::open;
    description.answers = {
        {200, "OpenAPI 3.1", schema_body("OpenApi", R"({"type":"object"})"), {}}};
    description.handler = [this](const Call&, Responder responder) {
        responder.json(200, openapi());
    };
    add(std::move(description));
}

void Api::add(Route route) {
    Entry entry{segments_of(route.path), static_cast<std::uint32_t>(routes_.size())};
    MILLRACE_ASSERT(route.handler != nullptr, "a route has a handler");
    const auto parameters =
        std::count_if(entry.segments.begin(), entry.segments.end(), is_parameter);
    MILLRACE_ASSERT(static_cast<std::size_t>(parameters) == route.path_parameters.size(),
                    "each {name} of a path is described");
    for (const Entry& other : entries_) {
        const bool same = routes_[other.index].method == route.method &&
                          matches(other.segments, entry.segments) &&
                          matches(entry.segments, other.segments);
        MILLRACE_ASSERT(!same, "two routes cannot be told apart");
    }
    entries_.push_back(std::move(entry));
    routes_.push_back(std::move(route));
}

void Api::add(WebSocketRoute route) {
    MILLRACE_ASSERT(route.open != nullptr, "a WebSocket's route makes handlers");
    const bool taken = std::any_of(routes_.begin(), routes_.end(), [&](const Route& other) {
        return other.method == Method::get && other.path == route.path;
    });
    MILLRACE_ASSERT(!taken, "a path is a resource or a WebSocket");
    websockets_.push_back(std::move(route));
}

const std::string& Api::openapi() const {
    const std::lock_guard lock(document_mutex_);
    if (document_.empty()) document_ = openapi_document(options_, routes_, websockets_);
    return document_;
}

Parsed<Api::Passed> Api::pass_door(const Request& request) const {
    Passed passed;
    auto target = parse_target(request.target);
    if (!target)
        return tl::unexpected<Problem>(problem_of(target.error(), 400, "malformed-target"));
    passed.target = std::move(*target);
    if (auto checked = doorkeeper_.check_host(request, passed.target.host); !checked)
        return tl::unexpected<Problem>(std::move(checked.error()));
    if (auto checked = doorkeeper_.check_query(passed.target.query); !checked)
        return tl::unexpected<Problem>(std::move(checked.error()));
    auto origin = doorkeeper_.check_origin(request, options_.secure);
    if (!origin) return tl::unexpected<Problem>(std::move(origin.error()));
    passed.origin = std::move(*origin);
    return passed;
}

std::string Api::methods_of(const Target& target) const {
    std::string methods;
    const auto put = [&](std::string_view name) {
        if (has_word(methods, name)) return;
        methods += methods.empty() ? "" : ", ";
        methods += name;
    };
    for (const Entry& entry : entries_) {
        if (!matches(entry.segments, target.segments)) continue;
        put(name_of(routes_[entry.index].method));
        if (routes_[entry.index].method == Method::get) put("HEAD");
    }
    if (!methods.empty()) put("OPTIONS");
    return methods;
}

Parsed<const Api::Entry*> Api::find(Method method, const Target& target) const {
    const Method wanted = method == Method::head ? Method::get : method;
    const Entry* best = nullptr;
    for (const Entry& entry : entries_)
        if (routes_[entry.index].method == wanted && matches(entry.segments, target.segments) &&
            (best == nullptr || is_closer(entry.segments, best->segments)))
            best = &entry;
    if (best != nullptr) return best;
    for (const WebSocketRoute& route : websockets_)
        if (route.path == target.path) {
            auto problem = refused(426, "websocket-only", "this path is a WebSocket",
                                   "open it as a WebSocket");
            problem.value().headers.add("Upgrade", "websocket");
            return problem;
        }
    const std::string methods = methods_of(target);
    if (methods.empty())
        return refused(404, "not-found", "there is nothing at this path",
                       "see /openapi.json for what there is");
    auto problem = refused(405, "method-not-allowed", "this path has no such method",
                           "use one of: " + methods);
    problem.value().headers.add("Allow", methods);
    return problem;
}

// What a browser asks before a page of another origin may call, and what anybody may ask.
void Api::answer_options(const Request& request, const Passed& passed, Responder responder) const {
    const std::string methods = passed.target.path == "*"
                                    ? "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
                                    : methods_of(passed.target);
    if (methods.empty()) {
        auto found = find(Method::options, passed.target);
        return responder.fail(std::move(found.error()));
    }
    Response response;
    response.status = 204;
    response.headers.add("Allow", methods);
    if (!passed.origin.empty() && request.headers.count("access-control-request-method") > 0) {
        response.headers.add("Access-Control-Allow-Methods", methods);
        response.headers.add("Access-Control-Allow-Headers",
                             "Authorization, Content-Type, Idempotency-Key, X-Request-Id");
        response.headers.add("Access-Control-Max-Age", "600");
    }
    responder.respond(std::move(response));
}

Parsed<Identity> Api::admit(const Request& request, Scope scope, RateLimit rate,
                            std::uint32_t index, Times now, Headers& headers) const {
    auto identity = doorkeeper_.identify(request, scope, now.wall);
    if (!identity || !options_.rate_limits) return identity;
    // Who shows no token is told apart by address, without the port.
    const std::string caller =
        identity->id.empty() ? request.peer.substr(0, request.peer.rfind(':')) : identity->id;
    const auto verdict = limiter_.take(caller, index, rate, now.monotonic);
    headers.add("X-RateLimit-Limit", std::to_string(rate.burst));
    headers.add("X-RateLimit-Remaining", std::to_string(verdict.remaining));
    headers.add("X-RateLimit-Reset", std::to_string(seconds_up(verdict.full_in)));
    if (verdict.allowed) return identity;
    auto problem = refused(429, "too-many-requests",
                           "more than " + std::to_string(rate.per_second) + " requests a second",
                           "wait as long as Retry-After says");
    problem.value().headers.add("Retry-After", std::to_string(seconds_up(verdict.wait)));
    return problem;
}

Parsed<void> Api::check_body(const Request& request, const Route& route) const {
    if (!route.body) {
        if (is_nothing(request.body)) return {};
        return refused(422, "unexpected-body", "this route takes no body", "leave the body out");
    }
    const auto type = request.headers.find("content-type");
    if (type && !is_json_type(*type))
        return refused(415, "not-json", "the body is not said to be JSON",
                       "send Content-Type: application/json");
    if (request.body.size() > route.body_bytes_max)
        return refused(413, "body-too-large",
                       "the body has more than " + std::to_string(route.body_bytes_max) + " bytes",
                       "send less at a time");
    if (request.body.empty())
        return refused(422, "body-missing", "this route needs a JSON body", "send one");
    if (!is_within_depth(request.body, options_.json_depth_max))
        return refused(
            422, "json-too-deep",
            "the body nests more than " + std::to_string(options_.json_depth_max) + " levels",
            "send a flatter document");
    return {};
}

void Api::handle(const Request& request, Times now, Responder responder) const {
    responder.add_header("X-Content-Type-Options", "nosniff");
    responder.add_header("Cache-Control", "no-store");
    auto passed = pass_door(request);
    if (!passed) return responder.fail(std::move(passed.error()));
    if (!passed->origin.empty()) {
        responder.add_header("Access-Control-Allow-Origin", passed->origin);
        responder.add_header("Access-Control-Expose-Headers",
                             "X-Request-Id, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, "
                             "X-RateLimit-Reset");
        responder.add_header("Vary", "Origin");
    }
    if (request.method == Method::options)
        return answer_options(request, *passed, std::move(responder));
    auto entry = find(request.method, passed->target);
    if (!entry) return responder.fail(std::move(entry.error()));
    const Route& route = routes_[(*entry)->index];
    if (options_.observe) responder.observe(options_.observe(route));
    Headers rate;
    auto identity = admit(request, route.scope, route.rate, (*entry)->index, now, rate);
    for (std::size_t i = 0; i < rate.size(); ++i)
        responder.add_header(rate[i].first, rate[i].second);
    if (!identity) return responder.fail(std::move(identity.error()));
    if (auto checked = check_body(request, route); !checked)
        return responder.fail(std::move(checked.error()));
    if (auto checked = check_idempotency_key(request, route.idempotency_key); !checked)
        return responder.fail(std::move(checked.error()));
    auto path = path_values((*entry)->segments, passed->target);
    if (auto checked = check_parameters(path, route.path_parameters, "path"); !checked)
        return responder.fail(std::move(checked.error()));
    if (auto checked = check_parameters(passed->target.query, route.query, "query"); !checked)
        return responder.fail(std::move(checked.error()));
    const Call call(request, *identity, std::move(path), std::move(passed->target.query), now.wall);
    route.handler(call, std::move(responder));
}

std::variant<Api::Opened, Response> Api::open_websocket(const Request& request, Times now) const {
    const auto declined = [&](Problem problem) {
        problem.instance = request.target.substr(0, request.target.find('?'));
        return to_response(problem, request.id);
    };
    auto passed = pass_door(request);
    if (!passed) return declined(std::move(passed.error()));
    const auto route =
        std::find_if(websockets_.begin(), websockets_.end(),
                     [&](const WebSocketRoute& each) { return each.path == passed->target.path; });
    if (route == websockets_.end()) {
        auto found = refused(404, "not-found", "there is no WebSocket at this path",
                             "see /openapi.json for what there is");
        return declined(std::move(found.value()));
    }
    if (auto checked = check_websocket_request(request); !checked)
        return declined(std::move(checked.error()));
    Headers rate;
    const auto index = kFirstWebSocket + static_cast<std::uint32_t>(route - websockets_.begin());
    auto identity = admit(request, route->scope, route->rate, index, now, rate);
    if (!identity) return declined(std::move(identity.error()));
    if (auto checked = check_parameters(passed->target.query, route->query, "query"); !checked)
        return declined(std::move(checked.error()));
    Opened opened;
    for (const std::string& offered : offered_protocols(request))
        if (opened.protocol.empty() && std::find(route->protocols.begin(), route->protocols.end(),
                                                 offered) != route->protocols.end())
            opened.protocol = offered;
    const Call call(request, *identity, {}, std::move(passed->target.query), now.wall);
    auto handler = route->open(call);
    if (!handler) return declined(problem_of(handler.error()));
    opened.handler = std::move(*handler);
    return opened;
}

}  // namespace millrace::net
