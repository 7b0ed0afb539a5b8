// Routes to look at the server's state, and those of alerts and the audit trail.
#include <algorithm>

#include "millrace/app/orders/http/rows.hpp"

namespace millrace::orders {
namespace {

constexpr std::int64_t kAlertPagesMax = 20;  // that one question looks through

constexpr std::string_view kExposureSchema =
    R"({"type":"object","properties":{"account":{"type":"string"},"currency":{"type":"string"},)"
    R"("known":{"type":"boolean"},"equity":{"type":"string"},"cash":{"type":"string"},)"
    R"("gross":{"type":"string"},"net":{"type":"string"},"gross_ratio":{"type":"string"},)"
    R"("net_ratio":{"type":"string"},"reduce_only":{"type":"boolean"},"positions":)"
    R"({"type":"array","items":{"type":"object","properties":{"strategy":{"type":"string"},)"
    R"("symbol":{"type":"string"},"quantity":{"type":"string"},"average_price":)"
    R"({"type":"string"},"last_price":{"type":"string"},"unrealized_pnl":{"type":"string"}},)"
    R"("required":["strategy","symbol","quantity"]}}},)"
    R"("required":["account","currency","known","positions"]})";
constexpr std::string_view kRiskMetricsSchema =
    R"({"type":"object","properties":{"accounts":{"type":"array","items":{"type":"object",)"
    R"("properties":{"account":{"type":"string"},"var95":{"type":"string"},)"
    R"("drawdown":{"type":"string"},"daily_pnl":{"type":"string"}},"required":["account"]}},)"
    R"("submitted":{"type":"integer"},"accepted":{"type":"integer"},)"
    R"("refused":{"type":"integer"},"refused_by":{"type":"object",)"
    R"("additionalProperties":{"type":"integer"}}},)"
    R"("required":["accounts","submitted","accepted","refused","refused_by"]})";
constexpr std::string_view kAuditSchema =
    R"({"type":"object","properties":{"id":{"type":"integer"},"ts":{"type":"string",)"
    R"("format":"date-time"},"actor":{"type":"string"},"service":{"type":"string"},)"
    R"("action":{"type":"string"},"entity":{"type":"string"},"before":{"type":"string"},)"
    R"("after":{"type":"string"},"prev_hash":{"type":"string"},"hash":{"type":"string"}},)"
    R"("required":["id","ts","actor","action","hash"]})";

// The part that `amount` is of `whole`; nothing when that cannot be told.
Maybe<Ratio> part(Money amount, Money whole) {
    if (whole.raw() <= 0) return {};
    const int128 scaled = int128{amount.raw()} * Ratio::kOne / whole.raw();
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    if (scaled > kMost || scaled < -kMost) return {};
    return Ratio::from_raw(static_cast<std::int64_t>(scaled));
}

template <class T>
void write_maybe(std::string_view name, Maybe<T> value, JsonWriter& writer) {
    if (value.has_value()) writer.member(name, value.value().to_string());
}

void write_positions(const OrderView& view, std::string_view account, JsonWriter& writer) {
    writer.key("positions").begin_array();
    for (const PositionView& position : view.positions) {
        if (position.account != account) continue;
        writer.begin_object().member("strategy", position.strategy);
        writer.member("symbol", position.symbol).member("quantity", position.quantity.to_string());
        write_maybe("average_price", position.average_price, writer);
        write_maybe("last_price", position.mark, writer);
        writer.member("unrealized_pnl", position.unrealised.to_string()).end_object();
    }
    writer.end_array();
}

std::string exposure_json(const OrderView& view) {
    JsonWriter writer;
    writer.begin_array();
    for (const MoneyView& money : view.accounts) {
        writer.begin_object().member("account", money.account);
        writer.member("currency", money.currency.text()).member("known", money.is_known);
        if (money.is_known) {
            writer.member("equity", money.equity.to_string());
            writer.member("cash", money.cash.to_string());
            writer.member("gross", money.gross.to_string());
            writer.member("net", money.net.to_string());
            write_maybe("gross_ratio", part(money.gross, money.equity), writer);
            write_maybe("net_ratio", part(money.net, money.equity), writer);
        }
        writer.member("reduce_only", money.is_reduce_only);
        write_positions(view, money.account, writer);
        writer.end_object();
    }
    writer.end_array();
    return writer.str();
}

std::string risk_metrics_json(const OrderView& view) {
    JsonWriter writer;
    writer.begin_object().key("accounts").begin_array();
    for (const MoneyView& money : view.accounts) {
        writer.begin_object().member("account", money.account);
        write_maybe("var95", money.var95, writer);
        if (money.is_known) writer.member("drawdown", money.drawdown.to_string());
        write_maybe("daily_pnl", money.day_profit, writer);
        writer.end_object();
    }
    writer.end_array();
    writer.member("submitted", view.guardian.submitted).member("accepted", view.guardian.accepted);
    writer.member("refused", view.guardian.refused).key("refused_by").begin_object();
    for (const risk::RuleDescription& rule : risk::rules()) {
        const std::uint64_t count = view.guardian.refused_by[static_cast<std::size_t>(rule.rule)];
        if (count > 0) writer.member(rule.code, count);
    }
    writer.end_object().end_object();
    return writer.str();
}

void write_audit(const ledger::AuditRow& row, JsonWriter& writer) {
    writer.begin_object().member("id", row.id).member("ts", format_time(row.ts));
    writer.member("actor", row.actor).member("service", row.service);
    writer.member("action", row.action).member("entity", row.entity);
    writer.member("before", row.before).member("after", row.after);
    writer.member("prev_hash", row.prev_hash).member("hash", row.hash).end_object();
}

}  // namespace

void OrdersApi::add_looks(net::Api& api) {
    net::Route exposure = route(net::Method::get, "/exposure", "showExposure",
                                "Show what each account holds, and what that is worth",
                                [this](const net::Call&, net::Responder responder) {
                                    responder.json(200, exposure_json(*service_.view()));
                                });
    exposure.answers = {
        {200,
         "accounts",
         net::BodyType{.name = "exposure", .many = true, .schema = std::string(kExposureSchema)},
         {}}};
    add_twice(api, std::move(exposure));

    net::Route metrics = route(net::Method::get, "/metrics/risk", "showRiskMetrics",
                               "Show losses, value at risk, and what the guardian refused",
                               [this](const net::Call&, net::Responder responder) {
                                   responder.json(200, risk_metrics_json(*service_.view()));
                               });
    metrics.answers = {
        {200, "figures", net::schema_body("risk_metrics", std::string(kRiskMetricsSchema)), {}}};
    add_twice(api, std::move(metrics));

    net::Route audit = route(net::Method::get, "/audit", "listAudit", "List the audit trail",
                             [this](const net::Call& call, net::Responder responder) {
                                 auto reader = service_.reader();
                                 if (!reader) return responder.fail(problem_of(reader.error()));
                                 auto page = (*reader)->list<ledger::AuditRow>({}, page_of(call));
                                 if (!page) return responder.fail(problem_of(page.error()));
                                 JsonWriter writer;
                                 writer.begin_array();
                                 for (const ledger::AuditRow& row : page->rows)
                                     write_audit(row, writer);
                                 writer.end_array();
                                 responder.json(200, writer.str());
                             });
    add_page_parameters(audit);
    audit.answers = {
        {200,
         "entries, the newest first",
         net::BodyType{.name = "audit_entry", .many = true, .schema = std::string(kAuditSchema)},
         {}}};
    add_twice(api, std::move(audit));
}

void OrdersApi::add_alerts(net::Api& api) {
    net::Route all = route(net::Method::get, "/alerts", "listAlerts", "List alerts",
                           [this](const net::Call& call, net::Responder responder) {
                               show_alerts(call, std::move(responder));
                           });
    add_page_parameters(all);
    all.query.push_back(choice_parameter("severity", "only such", {"INFO", "WARN", "CRITICAL"}));
    all.query.push_back(choice_parameter("status", "only such", {"open", "acked"}));
    all.answers = {{200, "alerts, the newest first", net::list_of<AlertAnswer>(), {}}};
    add_twice(api, std::move(all));

    net::Route ack = route(net::Method::post, "/alerts/{id}/ack", "acknowledgeAlert",
                           "Say that an alert was seen",
                           [this](const net::Call& call, net::Responder responder) {
                               acknowledge(call, std::move(responder));
                           });
    ack.path_parameters = {id_parameter("number of the alert")};
    ack.answers = {{200, "the alert as it is now", net::body_of<AlertAnswer>(), {}}};
    add_twice(api, std::move(ack));
}

// The ledger filters by severity; whether an alert was seen is looked at row by row, over so many
// pages that an answer stays quick.
void OrdersApi::show_alerts(const net::Call& call, net::Responder responder) const {
    auto reader = service_.reader();
    if (!reader) return responder.fail(problem_of(reader.error()));
    ledger::Filter filter;
    if (const auto severity = call.query("severity")) filter.status = std::string(*severity);
    const auto status = call.query("status");
    ledger::PageRequest page = page_of(call);
    const std::int64_t wanted = page.rows;
    std::int64_t found = 0;
    JsonWriter writer;
    writer.begin_array();
    for (std::int64_t i = 0; i < kAlertPagesMax; ++i) {
        auto rows = (*reader)->list<ledger::RiskEventRow>(filter, page);
        if (!rows) return responder.fail(problem_of(rows.error()));
        for (const ledger::RiskEventRow& row : rows->rows) {
            const bool fits = !status || (*status == "acked") == row.acked_by.has_value();
            if (!fits || found == wanted) continue;
            write_answer(answer_of(row), writer);
            ++found;
        }
        if (found == wanted || !rows->next) break;
        page.after = rows->next;
        page.rows = ledger::PageRequest::kRowsMax;
    }
    writer.end_array();
    responder.json(200, writer.str());
}

void OrdersApi::acknowledge(const net::Call& call, net::Responder responder) {
    const std::int64_t id = id_of(call);
    const auto alert = find<ledger::RiskEventRow>(id, responder);
    if (!alert) return;
    if (alert->acked_by)
        return responder.fail(problem(409, "too-late", "somebody has seen it before",
                                      "see ackedBy: " + *alert->acked_by));
    CommandRequest request;
    request.name = "acknowledge-alert";
    request.target = std::to_string(id);
    request.actor = actor_of(call.identity());
    ask(std::move(request), std::move(responder), [this, id](const Outcome&, net::Responder& to) {
        const auto row = find<ledger::RiskEventRow>(id, to);
        if (row) to.json(200, json_of(answer_of(*row)));
    });
}

}  // namespace millrace::orders
