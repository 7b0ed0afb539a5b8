// Routes of intents: taking them, showing what became of them, promoting and cancelling.
#include "millrace/app/orders/http/rows.hpp"

namespace millrace::orders {
namespace {

constexpr std::size_t kKeyMax = 128;  // of the engine's record
constexpr std::int64_t kRiskRowsMax = 1'000;

std::vector<std::string> state_names() {
    return {execution::kIntentStateNames.begin(), execution::kIntentStateNames.end()};
}

// What the guardian had against these orders. Its rows have the time of the step in which the order
// was refused, which is when the order last changed.
Result<std::string> risk_of(ledger::Reader& reader, const ledger::IntentRow& intent,
                            const std::vector<ledger::OrderRow>& orders) {
    JsonWriter writer;
    writer.begin_array();
    for (const ledger::OrderRow& order : orders) {
        if (order.status != model::OrderStatus::rejected) continue;
        ledger::Filter filter;
        filter.from = intent.created_at;
        filter.to = order.updated_at + Duration::nanoseconds(1);
        auto rows = ledger::result_of(
            reader.list<ledger::RiskEventRow>(filter, {.after = {}, .rows = kRiskRowsMax}));
        if (!rows) return failure(std::move(rows.error()));
        for (const ledger::RiskEventRow& row : rows->rows) {
            if (row.order_id != order.id) continue;
            const std::string scope = row.key.empty() ? row.scope : row.scope + ":" + row.key;
            writer.begin_object().member("order_id", order.id);
            writer.member("decision", row.decision).member("code", row.rule);
            writer.member("limit", row.limit_value).member("value", row.value);
            writer.member("scope", scope).member("message", row.message);
            writer.member("ts", format_time(row.ts)).end_object();
        }
    }
    writer.end_array();
    return writer.str();
}

Result<std::string> orders_of(ledger::Reader& reader, const std::vector<ledger::OrderRow>& orders) {
    std::string list = "[";
    for (const ledger::OrderRow& order : orders) {
        auto fills = ledger::result_of(reader.executions_of_order(order.id));
        if (!fills) return failure(std::move(fills.error()));
        JsonWriter writer;
        writer.begin_array();
        for (const ledger::ExecutionRow& fill : *fills)
            write_answer(answer_of(fill), writer);
        writer.end_array();
        if (list.size() > 1) list += ',';
        list += with_member(json_of(answer_of(order)), "fills", writer.str());
    }
    return list + "]";
}

constexpr std::string_view kRiskSchema =
    R"({"type":"array","items":{"type":"object","properties":{"order_id":{"type":"integer"},)"
    R"("decision":{"type":"string"},"code":{"type":"string"},"limit":{"type":"string"},)"
    R"("value":{"type":"string"},"scope":{"type":"string"},"message":{"type":"string"},)"
    R"("ts":{"type":"string","format":"date-time"}},"required":["order_id","code","ts"]}})";

// The first answer to an intent is the same for ever, so that it can be given again.
std::string first_answer(std::uint64_t id, std::string_view symbol) {
    return json_of(taken_answer(id, "pending", symbol));
}

}  // namespace

void OrdersApi::add_intents(net::Api& api) {
    net::Route take = route(net::Method::post, "/api/v1/orderintents", "submitOrderIntent",
                            "Ask for an order, once for its key",
                            [this](const net::Call& call, net::Responder responder) {
                                submit(call, std::move(responder));
                            });
    take.idempotency_key = net::IdempotencyKey::required;
    take.rate = kOrderRate;
    take.body = net::schema_body("order_intent_body", intent_schema());
    take.answers = {{202, "taken, and durable", net::body_of<TakenAnswer>(), {}}};
    if (terms_.repeats_original)
        take.answers.push_back(
            {200, "the key and the body are known", net::body_of<TakenAnswer>(), {}});
    api.add(std::move(take));

    net::Route all = route(net::Method::get, "/intents", "listOrderIntents", "List intents",
                           [this](const net::Call& call, net::Responder responder) {
                               list<ledger::IntentRow>(call, std::move(responder));
                           });
    add_page_parameters(all);
    all.query.push_back(choice_parameter("status", "only those in this state", state_names()));
    all.query.push_back(text_parameter("symbol", "only those of this symbol"));
    all.answers = {{200, "intents, the newest first", net::list_of<IntentAnswer>(), {}}};
    add_twice(api, std::move(all));

    net::Route one = route(net::Method::get, "/api/v1/orderintents/{id}", "showOrderIntent",
                           "Show an intent and what came of it",
                           [this](const net::Call& call, net::Responder responder) {
                               show_intent(call, std::move(responder));
                           });
    one.path_parameters = {id_parameter("number of the intent")};
    one.answers = {
        {200,
         "the intent, what the guardian said, its orders and their deals",
         net::schema_body(
             "intent_chain",
             extended_schema(model::kDescription<IntentAnswer>, "intent_chain",
                             {{"risk", kRiskSchema}, {"orders", array_of("order_chain")}})),
         {}}};
    api.add(std::move(one));

    net::Route cancel = route(net::Method::post, "/api/v1/orderintents/{id}/cancel",
                              "cancelOrderIntent", "Cancel an intent and its orders",
                              [this](const net::Call& call, net::Responder responder) {
                                  change_intent(call, std::move(responder), "cancel-intent", 202);
                              });
    cancel.path_parameters = {id_parameter("number of the intent")};
    cancel.answers = {{202, "asked for", net::body_of<TakenAnswer>(), {}}};
    api.add(std::move(cancel));

    net::Route promote = route(net::Method::post, "/intents/{id}/promote", "promoteOrderIntent",
                               "Let a planned intent be sent",
                               [this](const net::Call& call, net::Responder responder) {
                                   change_intent(call, std::move(responder), "promote-intent", 200);
                               });
    promote.path_parameters = {id_parameter("number of the intent")};
    promote.answers = {{200, "promoted", net::body_of<TakenAnswer>(), {}}};
    add_twice(api, std::move(promote));
}

void OrdersApi::submit(const net::Call& call, net::Responder responder) {
    auto request = read_intent(call.request().body, tradable_);
    if (!request) {
        count({});
        return responder.fail(request.error());
    }
    request->key = std::string(call.idempotency_key());
    if (request->key.size() > kKeyMax) {
        net::Problem long_key =
            problem(422, "invalid", "the idempotency key is longer than 128 characters",
                    "send a shorter one");
        long_key.path = "headers.Idempotency-Key";
        return responder.fail(std::move(long_key));
    }
    const auto kept = std::make_shared<net::Responder>(std::move(responder));
    const auto submitted =
        service_.submit(*request, [this, kept, symbol = request->symbol](const Outcome& outcome) {
            count(outcome);
            answer_intent(outcome, symbol, *kept);
        });
    if (!submitted) kept->fail(problem_of(submitted.error()));
}

void OrdersApi::count(const Outcome& outcome) const {
    if (terms_.figures == nullptr) return;
    IntentCounts& counts = terms_.figures->intents();
    if (outcome.kind == Outcome::Kind::taken)
        ++counts.created;
    else if (outcome.kind == Outcome::Kind::repeated || outcome.kind == Outcome::Kind::different)
        ++counts.duplicate;
    if ((outcome.kind == Outcome::Kind::taken && outcome.state == execution::IntentState::error) ||
        outcome.kind == Outcome::Kind::unanswered || outcome.kind == Outcome::Kind::full)
        ++counts.error;
}

void OrdersApi::answer_intent(const Outcome& outcome, const std::string& symbol,
                              net::Responder& responder) const {
    if (auto failed = problem_of(outcome)) return responder.fail(std::move(*failed));
    if (outcome.kind == Outcome::Kind::taken)
        return responder.json(202, first_answer(outcome.intent, symbol));
    if (outcome.kind == Outcome::Kind::repeated && terms_.repeats_original)
        return responder.json(200, first_answer(outcome.intent, symbol));
    const bool repeated = outcome.kind == Outcome::Kind::repeated;
    net::Problem known = repeated
                             ? problem(409, "duplicate-intent", "the key and the body are known",
                                       "nothing needs to be done: the intent was taken before")
                             : problem(422, "key-reused", "the key is known with another body",
                                       "send a fresh key for a new intent; nothing was changed");
    known.members.emplace_back("id", std::to_string(outcome.intent));
    if (repeated) {
        auto row = find<ledger::IntentRow>(static_cast<std::int64_t>(outcome.intent), responder);
        if (!row) return;
        JsonWriter text;
        text.text(row->symbol);
        known.members.emplace_back("symbol", text.str());
        known.members.emplace_back("intent", json_of(answer_of(*row)));
    }
    responder.fail(std::move(known));
}

void OrdersApi::show_intent(const net::Call& call, net::Responder responder) const {
    const auto row = find<ledger::IntentRow>(id_of(call), responder);
    if (!row) return;
    auto reader = service_.reader();
    if (!reader) return responder.fail(problem_of(reader.error()));
    auto orders = (*reader)->orders_of_intent(row->id);
    if (!orders) return responder.fail(problem_of(orders.error()));
    auto risk = risk_of(**reader, *row, *orders);
    if (!risk) return responder.fail(risk.error());
    auto chain = orders_of(**reader, *orders);
    if (!chain) return responder.fail(chain.error());
    responder.json(
        200, with_member(with_member(json_of(answer_of(*row)), "risk", *risk), "orders", *chain));
}

void OrdersApi::change_intent(const net::Call& call, net::Responder responder,
                              std::string_view command, int status) {
    const auto row = find<ledger::IntentRow>(id_of(call), responder);
    if (!row) return;
    CommandRequest request;
    request.name = std::string(command);
    request.target = std::to_string(row->id);
    request.actor = actor_of(call.identity());
    ask(std::move(request), std::move(responder),
        [status, symbol = row->symbol](const Outcome& outcome, net::Responder& to) {
            to.json(status, json_of(taken_answer(outcome.intent, name_of(outcome.state), symbol)));
        });
}

}  // namespace millrace::orders
