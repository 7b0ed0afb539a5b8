// The parts.
#include "millrace/app/orders/http/route_parts.hpp"

#include "millrace/core/model/schema.hpp"

namespace millrace::orders {

net::Route route(net::Method method, std::string path, std::string operation, std::string summary,
                 net::Handler handler) {
    net::Route made;
    made.method = method;
    made.path = std::move(path);
    made.operation = std::move(operation);
    made.summary = std::move(summary);
    made.tag = "orders";
    const bool reads = method == net::Method::get;
    made.scope = reads ? net::Scope::read : net::Scope::trade;
    made.rate = reads ? kReadRate : kChangeRate;
    made.body_bytes_max = model::kJsonTextMax;
    made.handler = std::move(handler);
    return made;
}

void add_twice(net::Api& api, net::Route route) {
    net::Route second = route;
    second.operation += "Short";
    route.path = std::string(kPrefix) + route.path;
    api.add(std::move(route));
    api.add(std::move(second));
}

net::Parameter id_parameter(std::string doc) {
    return {.name = "id",
            .doc = std::move(doc),
            .kind = net::ParameterKind::integer,
            .required = true,
            .minimum = 1,
            .maximum = model::kExactJsonInteger};
}

net::Parameter text_parameter(std::string name, std::string doc) {
    return {.name = std::move(name), .doc = std::move(doc), .length_max = 32};
}

net::Parameter choice_parameter(std::string name, std::string doc,
                                std::vector<std::string> choices) {
    return {.name = std::move(name),
            .doc = std::move(doc),
            .kind = net::ParameterKind::choice,
            .choices = std::move(choices)};
}

void add_page_parameters(net::Route& route) {
    route.query.push_back({.name = "limit",
                           .doc = "how many at most; 100 unless said",
                           .kind = net::ParameterKind::integer,
                           .minimum = 1,
                           .maximum = ledger::PageRequest::kRowsMax});
    route.query.push_back({.name = "before",
                           .doc = "only those with smaller ids: the last id of the page before",
                           .kind = net::ParameterKind::integer,
                           .minimum = 1,
                           .maximum = model::kExactJsonInteger});
}

ledger::PageRequest page_of(const net::Call& call) {
    ledger::PageRequest page;
    page.rows = call.query_integer("limit").value_or(page.rows);
    page.after = call.query_integer("before");
    return page;
}

ledger::Filter filter_of(const net::Call& call) {
    const auto text = [&](std::string_view name) -> std::optional<std::string> {
        const auto value = call.query(name);
        return value ? std::optional<std::string>(*value) : std::nullopt;
    };
    ledger::Filter filter;
    filter.account = text("account");
    filter.strategy = text("strategy");
    filter.symbol = text("symbol");
    filter.status = text("status");
    return filter;
}

std::int64_t id_of(const net::Call& call) {
    return parse_decimal(call.path("id"), 0).value_or(0);
}

std::string actor_of(const net::Identity& identity) {
    constexpr std::size_t kActorMax = Text<64>::kCapacity;
    const std::string id = identity.id.empty() ? std::string() : " [" + identity.id + "]";
    if (id.size() >= kActorMax) return identity.id.substr(0, kActorMax);
    std::string name = identity.name.substr(0, kActorMax - id.size());
    while (!name.empty() && (static_cast<unsigned char>(name.back()) & 0x80) != 0 &&
           name.size() < identity.name.size())
        name.pop_back();  // a character that was cut
    return name + id;
}

net::Problem problem(int status, std::string code, std::string detail, std::string mend) {
    net::Problem made;
    made.status = status;
    made.code = std::move(code);
    made.detail = std::move(detail);
    made.mend = std::move(mend);
    return made;
}

net::Problem problem_of(const Refusal& refusal) {
    if (refusal.why == Refusal::Why::invalid) {
        net::Problem made = net::problem_of(refusal.error, 422, "invalid");
        if (!refusal.field.empty()) made.path = "$." + refusal.field;
        return made;
    }
    const bool busy = refusal.why == Refusal::Why::busy;
    const bool stopping = refusal.why == Refusal::Why::stopping;
    net::Problem made = net::problem_of(refusal.error, 503,
                                        busy       ? "busy"
                                        : stopping ? "stopping"
                                                   : "broken");
    made.headers.add("Retry-After", busy ? "1" : "5");
    return made;
}

net::Problem problem_of(const ledger::LedgerError& error) {
    net::Problem made = net::problem_of(error.error, 503, "ledger");
    made.path.clear();  // of the server's own files, which are nobody's business
    made.headers.add("Retry-After", "1");
    return made;
}

std::optional<net::Problem> problem_of(const Outcome& outcome) {
    switch (outcome.kind) {
        case Outcome::Kind::unanswered: {
            net::Problem made =
                problem(503, "unanswered", "it was taken, but the part that answers has stopped",
                        "look at /health; ask again under the same key");
            made.headers.add("Retry-After", "5");
            return made;
        }
        case Outcome::Kind::refused:
            return problem(422, "refused", outcome.message, "see the alerts");
        case Outcome::Kind::unknown: return problem(404, "not-found", "there is no such thing", "");
        case Outcome::Kind::too_late:
            return problem(409, "too-late", "it is in a state in which this cannot be done",
                           "look at it again");
        case Outcome::Kind::full: {
            net::Problem made = problem(503, "busy", "there is no room for another intent",
                                        "nothing was taken; tell the operator");
            made.headers.add("Retry-After", "60");
            return made;
        }
        case Outcome::Kind::taken:
        case Outcome::Kind::repeated:
        case Outcome::Kind::different:
        case Outcome::Kind::done:
        case Outcome::Kind::judged: break;
    }
    return std::nullopt;
}

std::string with_member(std::string object, std::string_view name, std::string_view json) {
    object.pop_back();
    if (object.back() != '{') object += ',';
    object += '"';
    object += name;
    object += "\":";
    object += json;
    object += '}';
    return object;
}

std::string extended_schema(
    model::NounDescription answer, std::string_view name,
    std::initializer_list<std::pair<std::string_view, std::string_view>> properties) {
    answer.name = name;  // which no other schema has
    JsonWriter writer;
    model::write_json_schema(answer, writer);
    std::string schema = writer.str();
    constexpr std::string_view kProperties = "\"properties\":{";
    std::string more;
    for (const auto& [property, json] : properties)
        more += "\"" + std::string(property) + "\":" + std::string(json) + ",";
    schema.insert(schema.find(kProperties) + kProperties.size(), more);
    // It is another schema than the noun's, so the noun's identity must not stand in it twice.
    const std::size_t identity = schema.find("\"$id\":");
    schema.erase(identity, schema.find(',', identity) + 1 - identity);
    return schema;
}

std::string array_of(std::string_view component) {
    return R"({"type":"array","items":{"$ref":"#/components/schemas/)" + std::string(component) +
           R"("}})";
}

}  // namespace millrace::orders
