// Routes of the guardian: checks and reservations of outside systems, limits, the kill switch.
#include <algorithm>

#include "millrace/app/orders/http/bodies.hpp"
#include "millrace/app/orders/http/rows.hpp"
#include "millrace/app/orders/opening.hpp"
#include "millrace/core/risk/limit.hpp"

namespace millrace::orders {
namespace {

constexpr std::string_view kVerdictSchema =
    R"({"type":"object","properties":{"orderId":{"type":"string"},)"
    R"("decision":{"enum":["ACCEPT","REJECT","REDUCE_ONLY"]},"reasons":{"type":"array","items":)"
    R"({"type":"object","properties":{"code":{"type":"string"},"scope":{"type":"string"},)"
    R"("limit":{"type":"string"},"value":{"type":"string"}},"required":["code"]}},)"
    R"("reservationId":{"type":"integer"}},"required":["orderId","decision","reasons"]})";
constexpr std::string_view kReleasedSchema =
    R"({"type":"object","properties":{"id":{"type":"integer"},"released":{"type":"boolean"}},)"
    R"("required":["id","released"]})";
constexpr std::string_view kFlattenSchema =
    R"({"type":"object","properties":{"scope":{"type":"string"},"status":{"type":"string"}},)"
    R"("required":["scope","status"]})";

tl::unexpected<Error> wrong(std::string path, std::string what, std::string why, std::string mend) {
    return failure(ErrorCode::data, std::move(what), std::move(path), std::move(why),
                   std::move(mend));
}

// Which prices an order of the type carries: the guardian tells the type from them.
Result<void> check_prices(const CheckBody& body) {
    const bool needs_limit = body.type != TypeWord::market && body.type != TypeWord::stop;
    const bool needs_stop = body.type != TypeWord::market && body.type != TypeWord::limit;
    if (body.limitPrice.has_value() != needs_limit)
        return wrong("$.limitPrice",
                     needs_limit ? "the price is missing" : "the price has no meaning here",
                     "a price is there exactly where the type uses one",
                     needs_limit ? "add it" : "leave it out, or choose another type");
    if (body.stopPrice.has_value() != needs_stop)
        return wrong("$.stopPrice",
                     needs_stop ? "the price is missing" : "the price has no meaning here",
                     "a price is there exactly where the type uses one",
                     needs_stop ? "add it" : "leave it out, or choose another type");
    return {};
}

// As Guardian::order_of reads it.
std::string check_argument(const CheckBody& body, std::string_view account,
                           std::string_view strategy, std::string_view symbol) {
    std::string text = std::string(account) + " " + std::string(strategy) + " " +
                       std::string(symbol) + " " + std::string(model::name_of(side_of(body.side))) +
                       " " + body.qty.to_string();
    if (body.limitPrice.has_value()) text += " limit " + body.limitPrice.value().to_string();
    if (body.stopPrice.has_value()) text += " stop " + body.stopPrice.value().to_string();
    if (body.expiresAt.has_value()) text += " expires " + format_time(body.expiresAt.value());
    if (body.reduceOnly) text += " reduce-only";
    return text;
}

std::string verdict_json(std::string_view order, const Judgement& judgement) {
    JsonWriter writer;
    writer.begin_object().member("orderId", order);
    writer.member("decision", risk::kDecisionNames[static_cast<std::size_t>(judgement.decision)]);
    writer.key("reasons").begin_array();
    for (const Objection& objection : judgement.objections) {
        writer.begin_object().member("code", objection.code).member("scope", objection.scope);
        if (!objection.limit.empty()) writer.member("limit", objection.limit);
        if (!objection.value.empty()) writer.member("value", objection.value);
        writer.end_object();
    }
    writer.end_array();
    if (judgement.reservation != 0) writer.member("reservationId", judgement.reservation);
    writer.end_object();
    return writer.str();
}

// Of a path that ends in /{scope}/{key}.
std::string scope_of(const net::Call& call) {
    const std::string kind(call.path("scope"));
    return kind == "global" ? kind : kind + ":" + std::string(call.path("key"));
}

// The guardian takes the first word "flatten" of a reason as an order to do so.
std::string reason_of(const SwitchBody& body) {
    std::string reason(body.reason.view());
    if (!body.actor.empty()) reason = "for " + std::string(body.actor.view()) + ": " + reason;
    const std::string_view text = reason;
    const std::size_t first = std::min(text.find_first_not_of(' '), text.size());
    if (text.substr(first, text.find(' ', first) - first) == "flatten")
        reason = "reason: " + reason;
    if (reason.size() > 256) reason.resize(256);
    return body.flatten && body.action == SwitchAction::engage ? "flatten " + reason : reason;
}

const StopView* find_switch(const OrderView& view, std::string_view scope) {
    for (const StopView& stop : view.stops)
        if (stop.is_kill && stop.scope == scope) return &stop;
    return nullptr;
}

std::string switches_json(const OrderView& view) {
    JsonWriter writer;
    writer.begin_object().member("engaged", find_switch(view, "global") != nullptr);
    writer.key("switches").begin_array();
    for (const StopView& stop : view.stops)
        if (stop.is_kill) write_answer(answer_of(stop), writer);
    writer.end_array().end_object();
    return writer.str();
}

std::string switches_schema() {
    return R"({"type":"object","properties":{"engaged":{"type":"boolean"},"switches":)" +
           array_of("kill_switch") + R"(},"required":["engaged","switches"]})";
}

std::vector<net::Parameter> scope_parameters() {
    net::Parameter kind =
        choice_parameter("scope", "kind of scope", {"global", "account", "strategy", "symbol"});
    kind.required = true;
    net::Parameter key = text_parameter("key", "whose; - for global");
    key.required = true;
    return {std::move(kind), std::move(key)};
}

}  // namespace

void OrdersApi::add_guardian(net::Api& api) {
    add_checks(api);
    add_limits(api);
    add_switches(api);
}

void OrdersApi::add_checks(net::Api& api) {
    net::Route check = route(net::Method::post, "/api/v1/check", "checkOrder",
                             "Ask the guardian about an order of an outside system",
                             [this](const net::Call& call, net::Responder responder) {
                                 check_order(call, std::move(responder));
                             });
    check.rate = kOrderRate;
    check.body = net::body_of<CheckBody>();
    check.answers = {
        {200, "the verdict", net::schema_body("verdict", std::string(kVerdictSchema)), {}}};
    api.add(std::move(check));

    net::Route release = route(
        net::Method::post, "/reservations/{id}/release", "releaseReservation",
        "Give back what a check has reserved",
        [this](const net::Call& call, net::Responder responder) {
            const std::int64_t id = id_of(call);
            CommandRequest request;
            request.name = "release-reservation";
            request.target = std::to_string(id);
            request.actor = actor_of(call.identity());
            const auto kept = std::make_shared<net::Responder>(std::move(responder));
            const auto submitted = service_.command(request, [kept, id](const Outcome& outcome) {
                // The one thing that can be wrong with it is that it is not there.
                if (outcome.kind == Outcome::Kind::refused)
                    return kept->fail(problem(404, "not-found", "there is no such reservation",
                                              "it was released or has expired"));
                if (auto failed = problem_of(outcome)) return kept->fail(std::move(*failed));
                kept->json(200, R"({"id":)" + std::to_string(id) + R"(,"released":true})");
            });
            if (!submitted) kept->fail(problem_of(submitted.error()));
        });
    release.path_parameters = {id_parameter("number of the reservation")};
    release.answers = {
        {200, "released", net::schema_body("released", std::string(kReleasedSchema)), {}}};
    add_twice(api, std::move(release));
}

void OrdersApi::add_limits(net::Api& api) {
    for (const bool scoped : {false, true}) {
        const std::string path = scoped ? "/limits/{scope}/{key}" : "/limits";
        net::Route get =
            route(net::Method::get, path, scoped ? "listScopeLimits" : "listLimits",
                  scoped ? "List the limits of a scope" : "List all limits",
                  [this, scoped](const net::Call& call, net::Responder responder) {
                      show_limits(scoped ? scope_of(call) : std::string(), std::move(responder));
                  });
        get.answers = {{200, "limits that were set", net::list_of<LimitAnswer>(), {}}};
        net::Route put =
            route(net::Method::put, path, scoped ? "setScopeLimit" : "setLimit",
                  scoped ? "Set a limit of a scope" : "Set a limit for all",
                  [this, scoped](const net::Call& call, net::Responder responder) {
                      set_limit(call, scoped ? scope_of(call) : "global", std::move(responder));
                  });
        put.scope = net::Scope::admin;
        put.body = net::body_of<LimitBody>();
        put.answers = {{200, "the limit as it is now", net::body_of<LimitAnswer>(), {}}};
        if (scoped) get.path_parameters = put.path_parameters = scope_parameters();
        add_twice(api, std::move(get));
        add_twice(api, std::move(put));
    }
}

void OrdersApi::add_switches(net::Api& api) {
    net::Route show = route(net::Method::get, "/kill-switch", "showKillSwitch",
                            "Show the kill switches that are engaged",
                            [this](const net::Call&, net::Responder responder) {
                                responder.json(200, switches_json(*service_.view()));
                            });
    show.answers = {
        {200, "the switches", net::schema_body("kill_switches", switches_schema()), {}}};
    add_twice(api, std::move(show));

    net::Route turn = route(net::Method::post, "/kill-switch", "turnKillSwitch",
                            "Engage a kill switch, or release it",
                            [this](const net::Call& call, net::Responder responder) {
                                turn_switch(call, std::move(responder));
                            });
    turn.body = net::body_of<SwitchBody>();
    turn.answers = {{200, "the switch as it is now", net::body_of<SwitchAnswer>(), {}}};
    add_twice(api, std::move(turn));

    net::Route close = route(net::Method::post, "/flatten", "flatten", "Close all positions",
                             [this](const net::Call& call, net::Responder responder) {
                                 flatten(call, std::move(responder));
                             });
    close.body = net::body_of<FlattenBody>();
    close.answers = {
        {202, "being closed", net::schema_body("flattening", std::string(kFlattenSchema)), {}}};
    add_twice(api, std::move(close));
}

void OrdersApi::check_order(const net::Call& call, net::Responder responder) {
    const auto body = call.body<CheckBody>(tradable_.names);
    if (!body) return responder.fail(body.error());
    if (auto checked = check_prices(*body); !checked) return responder.fail(checked.error());
    const std::string_view strategy = body->strategyId.empty() ? kManual : body->strategyId.view();
    const std::string_view account =
        body->account.empty() ? tradable_.names.accounts.name(AccountId(0)) : body->account.view();
    if (!tradable_.names.accounts.find(account))
        return responder.fail(wrong("$.account", "unknown account \"" + std::string(account) + "\"",
                                    "accounts stand in the configuration", "see /accounts")
                                  .value());
    if (!is_strategy_name(strategy))
        return responder.fail(wrong("$.strategyId", "the strategy's name has other characters",
                                    "letters, digits, and any of \"_.-\" are allowed", "rename it")
                                  .value());
    CommandRequest request;
    request.name = "check-order";
    request.target = std::string(body->orderId.view());
    request.argument =
        check_argument(*body, account, strategy, tradable_.names.instruments.name(body->symbol));
    request.actor = actor_of(call.identity());
    ask(std::move(request), std::move(responder),
        [order = std::string(body->orderId.view())](const Outcome& outcome, net::Responder& to) {
            to.json(200, verdict_json(order, outcome.judgement.value_or(Judgement())));
        });
}

void OrdersApi::show_limits(const std::string& scope, net::Responder responder) const {
    if (!scope.empty())
        if (auto known = check_scope(scope, "path.key"); !known)
            return responder.fail(known.error());
    JsonWriter writer;
    writer.begin_array();
    const auto view = service_.view();
    for (const LimitView& limit : view->limits)
        if (scope.empty() || limit.scope == scope) write_answer(answer_of(limit), writer);
    writer.end_array();
    responder.json(200, writer.str());
}

void OrdersApi::set_limit(const net::Call& call, const std::string& scope,
                          net::Responder responder) {
    const auto body = call.body<LimitBody>(tradable_.names);
    if (!body) return responder.fail(body.error());
    if (auto known = check_scope(scope, "path.key"); !known) return responder.fail(known.error());
    const auto limit = risk::limit_named(body->limit.view());
    if (!limit)
        return responder.fail(wrong("$.limit", "there is no such limit",
                                    "limits have the names of docs/concept/guardian.md",
                                    "check the name")
                                  .value());
    const std::string name(risk::description_of(*limit).name);
    if (auto value = risk::parse_limit(*limit, body->value.view()); !value) {
        value.error().where = "$.value";
        value.error().code = ErrorCode::data;
        return responder.fail(value.error());
    }
    CommandRequest request;
    request.name = "set-limit";
    request.target = scope;
    request.argument = name + " " + std::string(body->value.view());
    request.actor = actor_of(call.identity());
    ask(std::move(request), std::move(responder),
        [this, scope, name](const Outcome&, net::Responder& to) {
            const auto view = service_.view();
            for (const LimitView& each : view->limits)
                if (each.scope == scope && each.limit == name)
                    return to.json(200, json_of(answer_of(each)));
            to.fail(problem(500, "internal", "the limit was set and is not shown", "list them"));
        });
}

void OrdersApi::turn_switch(const net::Call& call, net::Responder responder) {
    const auto body = call.body<SwitchBody>(tradable_.names);
    if (!body) return responder.fail(body.error());
    const std::string scope(body->scope.empty() ? "global" : body->scope.view());
    if (auto known = check_scope(scope, "$.scope"); !known) return responder.fail(known.error());
    const bool engages = body->action == SwitchAction::engage;
    if (!engages && !net::includes(call.identity().scope, net::Scope::admin))
        return responder.fail(problem(403, "wrong-scope",
                                      "only an administrator may release a kill switch",
                                      "use a token of the scope admin"));
    if (!engages && body->flatten)
        return responder.fail(wrong("$.flatten", "a release closes nothing",
                                    "flatten goes with engage", "leave it out")
                                  .value());
    if (!engages && find_switch(*service_.view(), scope) == nullptr)
        return responder.fail(problem(409, "not-engaged", "this kill switch is not engaged",
                                      "see GET /kill-switch for those that are"));
    CommandRequest request;
    request.name = engages ? "engage-kill-switch" : "release-kill-switch";
    request.target = scope;
    request.argument = (engages ? "" : "admin ") + reason_of(*body);
    request.actor = actor_of(call.identity());
    ask(std::move(request), std::move(responder),
        [this, scope](const Outcome&, net::Responder& to) {
            const auto view = service_.view();
            if (const StopView* stop = find_switch(*view, scope))
                return to.json(200, json_of(answer_of(*stop)));
            StopView released;
            released.scope = scope;
            SwitchAnswer answer = answer_of(released);
            answer.engaged = false;
            answer.since = {};
            to.json(200, json_of(answer));
        });
}

void OrdersApi::flatten(const net::Call& call, net::Responder responder) {
    const auto body = call.body<FlattenBody>(tradable_.names);
    if (!body) return responder.fail(body.error());
    const std::string scope(body->scope.empty() ? "global" : body->scope.view());
    if (auto known = check_scope(scope, "$.scope"); !known) return responder.fail(known.error());
    CommandRequest request;
    request.name = "flatten";
    request.target = scope;
    request.argument = std::string(body->reason.view());
    request.actor = actor_of(call.identity());
    ask(std::move(request), std::move(responder), [scope](const Outcome&, net::Responder& to) {
        JsonWriter writer;
        writer.begin_object().member("scope", scope).member("status", "flattening").end_object();
        to.json(202, writer.str());
    });
}

}  // namespace millrace::orders
