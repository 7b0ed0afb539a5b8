// Routes in the words of OpenAPI: each type once among the components, each problem by one schema.
#include "millrace/edge/net/api/openapi.hpp"

#include <map>
#include <set>

#include "millrace/core/model/schema.hpp"

namespace millrace::net {
namespace {

constexpr std::string_view kProblemSchema =
    R"({"type":"object","description":"an error as RFC 9457 has it",)"
    R"("properties":{"type":{"type":"string"},"title":{"type":"string"},)"
    R"("status":{"type":"integer","minimum":400,"maximum":599},"detail":{"type":"string"},)"
    R"("instance":{"type":"string"},"request_id":{"type":"string"},)"
    R"("path":{"type":"string","description":"JSON path of the field it is about"},)"
    R"("mend":{"type":"string","description":"what to do next"}},)"
    R"("required":["type","title","status"]})";

std::string lower_name(Method method) {
    std::string name(name_of(method));
    for (char& c : name)
        c = static_cast<char>(c - 'A' + 'a');
    return name;
}

// Components by name, in the order of names, so that the document is the same in every run.
class Components {
  public:
    void add(const BodyType& type) { types_.emplace(type.name, &type); }

    void write(JsonWriter& writer) const {
        writer.key("schemas").begin_object();
        writer.key("Problem").raw(kProblemSchema);
        for (const auto& [name, type] : types_) {
            writer.key(name);
            if (type->noun != nullptr) {
                model::write_json_schema(*type->noun, writer);
            } else {
                writer.raw(type->schema);
            }
        }
        writer.end_object();
    }

  private:
    std::map<std::string, const BodyType*> types_;
};

void write_type(const BodyType& type, JsonWriter& writer) {
    writer.begin_object();
    const std::string reference = "#/components/schemas/" + type.name;
    if (type.many) {
        writer.member("type", "array").key("items").begin_object();
        writer.member("$ref", reference).end_object();
    } else {
        writer.member("$ref", reference);
    }
    writer.end_object();
}

void write_parameter_schema(const Parameter& parameter, JsonWriter& writer) {
    writer.key("schema").begin_object();
    switch (parameter.kind) {
        case ParameterKind::text:
            writer.member("type", "string").member("minLength", 1);
            writer.member("maxLength", std::uint64_t{parameter.length_max});
            break;
        case ParameterKind::integer:
            writer.member("type", "integer");
            if (parameter.minimum != std::numeric_limits<std::int64_t>::min())
                writer.member("minimum", parameter.minimum);
            if (parameter.maximum != std::numeric_limits<std::int64_t>::max())
                writer.member("maximum", parameter.maximum);
            break;
        case ParameterKind::boolean: writer.member("type", "boolean"); break;
        case ParameterKind::time:
            writer.member("type", "string").member("format", "date-time");
            break;
        case ParameterKind::choice:
            writer.member("type", "string").key("enum").begin_array();
            for (const std::string& choice : parameter.choices)
                writer.text(choice);
            writer.end_array();
            break;
    }
    writer.end_object();
}

void write_parameter(const Parameter& parameter, std::string_view place, JsonWriter& writer) {
    writer.begin_object().member("name", parameter.name).member("in", place);
    writer.member("description", parameter.doc);
    writer.member("required", parameter.required || place == "path");
    write_parameter_schema(parameter, writer);
    writer.end_object();
}

void write_key_parameter(IdempotencyKey key, JsonWriter& writer) {
    writer.begin_object().member("name", "Idempotency-Key").member("in", "header");
    writer.member("description", "makes a repeated request count once");
    writer.member("required", key == IdempotencyKey::required).key("schema").begin_object();
    writer.member("type", "string").member("minLength", 1).member("maxLength", 255);
    writer.end_object().end_object();
}

void write_answer(const Answer& answer, JsonWriter& writer) {
    writer.key(std::to_string(answer.status)).begin_object();
    writer.member("description",
                  answer.doc.empty() ? std::string(reason_of(answer.status)) : answer.doc);
    if (answer.body) {
        writer.key("content").begin_object().key("application/json").begin_object().key("schema");
        write_type(*answer.body, writer);
        writer.end_object().end_object();
    } else if (!answer.content_type.empty()) {
        writer.key("content").begin_object().key(answer.content_type).begin_object();
        writer.key("schema").begin_object().member("type", "string").end_object();
        writer.end_object().end_object();
    }
    writer.end_object();
}

void write_answers(std::span<const Answer> answers, JsonWriter& writer) {
    writer.key("responses").begin_object();
    for (const Answer& answer : answers)
        write_answer(answer, writer);
    writer.key("default").begin_object().member("description", "an error");
    writer.key("content").begin_object().key("application/problem+json").begin_object();
    writer.key("schema").begin_object().member("$ref", "#/components/schemas/Problem");
    writer.end_object().end_object().end_object().end_object().end_object();
}

void write_scope(Scope scope, JsonWriter& writer) {
    writer.member("x-millrace-scope", name_of(scope)).key("security").begin_array();
    if (scope != Scope::open) {
        writer.begin_object().key("bearer").begin_array().end_array().end_object();
    }
    writer.end_array();
}

template <class SomeRoute>
void write_opening(const SomeRoute& route, JsonWriter& writer) {
    writer.begin_object().member("operationId", route.operation).member("summary", route.summary);
    if (!route.tag.empty()) writer.key("tags").begin_array().text(route.tag).end_array();
    write_scope(route.scope, writer);
}

void write_route(const Route& route, Components& components, JsonWriter& writer) {
    writer.key(lower_name(route.method));
    write_opening(route, writer);
    writer.key("parameters").begin_array();
    for (const Parameter& parameter : route.path_parameters)
        write_parameter(parameter, "path", writer);
    for (const Parameter& parameter : route.query)
        write_parameter(parameter, "query", writer);
    if (route.idempotency_key != IdempotencyKey::unused)
        write_key_parameter(route.idempotency_key, writer);
    writer.end_array();
    if (route.body) {
        components.add(*route.body);
        writer.key("requestBody").begin_object().member("required", true).key("content");
        writer.begin_object().key("application/json").begin_object().key("schema");
        write_type(*route.body, writer);
        writer.end_object().end_object().end_object();
    }
    for (const Answer& answer : route.answers)
        if (answer.body) components.add(*answer.body);
    write_answers(route.answers, writer);
    writer.end_object();
}

void write_websocket(const WebSocketRoute& route, JsonWriter& writer) {
    writer.key("get");
    write_opening(route, writer);
    writer.key("parameters").begin_array();
    for (const Parameter& parameter : route.query)
        write_parameter(parameter, "query", writer);
    writer.end_array();
    const std::vector<Answer> answers = {
        {101, "the connection is a WebSocket from here on", std::nullopt, {}}};
    write_answers(answers, writer);
    writer.end_object();
}

}  // namespace

std::string openapi_document(const ApiOptions& options, std::span<const Route> routes,
                             std::span<const WebSocketRoute> websockets) {
    JsonWriter writer;
    Components components;
    writer.begin_object().member("openapi", "3.1.0").key("info").begin_object();
    writer.member("title", options.title);
    writer.member("version", options.version.empty() ? "0" : options.version).end_object();
    // A path may have several methods, and they stand in one object.
    std::map<std::string, std::vector<const Route*>> by_path;
    std::map<std::string, const WebSocketRoute*> sockets_by_path;
    std::set<std::string> paths;
    for (const Route& route : routes) {
        by_path[route.path].push_back(&route);
        paths.insert(route.path);
    }
    for (const WebSocketRoute& route : websockets) {
        sockets_by_path[route.path] = &route;
        paths.insert(route.path);
    }
    writer.key("paths").begin_object();
    for (const std::string& path : paths) {
        writer.key(path).begin_object();
        for (const Route* route : by_path[path])
            write_route(*route, components, writer);
        if (const auto socket = sockets_by_path.find(path); socket != sockets_by_path.end())
            write_websocket(*socket->second, writer);
        writer.end_object();
    }
    writer.end_object().key("components").begin_object();
    components.write(writer);
    writer.key("securitySchemes").begin_object().key("bearer").begin_object();
    writer.member("type", "http").member("scheme", "bearer").end_object().end_object();
    writer.end_object().end_object();
    return writer.str();
}

}  // namespace millrace::net
