// Routes of orders, deals, positions and accounts.
#include "millrace/app/orders/http/rows.hpp"
#include "millrace/app/orders/http/words.hpp"

namespace millrace::orders {
namespace {

void add_owner_parameters(net::Route& route) {
    route.query.push_back(text_parameter("symbol", "only those of this symbol"));
    route.query.push_back(text_parameter("account", "only those of this account"));
    route.query.push_back(text_parameter("strategy", "only those of this strategy"));
}

std::vector<std::string> status_names() {
    return {model::kOrderStatusNames.begin(), model::kOrderStatusNames.end()};
}

constexpr std::string_view kCancelAllSchema =
    R"({"type":"object","properties":{"orders":{"type":"integer","minimum":0}},)"
    R"("required":["orders"]})";

std::string cancelled_json(std::size_t orders) {
    JsonWriter writer;
    writer.begin_object().member("orders", std::uint64_t{orders}).end_object();
    return writer.str();
}

}  // namespace

void OrdersApi::add_orders(net::Api& api) {
    net::Route all = route(net::Method::get, "/api/v1/orders", "listOrders", "List orders",
                           [this](const net::Call& call, net::Responder responder) {
                               list<ledger::OrderRow>(call, std::move(responder));
                           });
    add_page_parameters(all);
    all.query.push_back(choice_parameter("status", "only those in this state", status_names()));
    add_owner_parameters(all);
    all.answers = {{200, "orders, the newest first", net::list_of<OrderAnswer>(), {}}};
    api.add(std::move(all));

    net::Route one =
        route(net::Method::get, "/api/v1/orders/{id}", "showOrder", "Show an order and its deals",
              [this](const net::Call& call, net::Responder responder) {
                  show_order(call, std::move(responder));
              });
    one.path_parameters = {id_parameter("number of the order")};
    one.answers = {
        {200,
         "the order and its deals",
         net::schema_body("order_chain",
                          extended_schema(model::kDescription<OrderAnswer>, "order_chain",
                                          {{"fills", array_of("fill_state")}})),
         {}}};
    api.add(std::move(one));

    net::Route cancel = route(net::Method::post, "/api/v1/orders/{id}/cancel", "cancelOrder",
                              "Ask the venue to cancel an order",
                              [this](const net::Call& call, net::Responder responder) {
                                  cancel_order(call, std::move(responder));
                              });
    cancel.path_parameters = {id_parameter("number of the order")};
    cancel.answers = {{202, "asked for", net::body_of<TakenAnswer>(), {}}};
    api.add(std::move(cancel));

    net::Route every = route(net::Method::post, "/api/v1/orders/cancel-all", "cancelAllOrders",
                             "Ask the venue to cancel all orders, or those of one scope",
                             [this](const net::Call& call, net::Responder responder) {
                                 cancel_all(call, std::move(responder));
                             });
    add_owner_parameters(every);
    every.answers = {
        {202, "asked for", net::schema_body("cancel_all", std::string(kCancelAllSchema)), {}}};
    api.add(std::move(every));
    add_holdings(api);
}

void OrdersApi::add_holdings(net::Api& api) {
    net::Route fills = route(net::Method::get, "/fills", "listFills", "List deals",
                             [this](const net::Call& call, net::Responder responder) {
                                 list<ledger::ExecutionRow>(call, std::move(responder));
                             });
    add_page_parameters(fills);
    add_owner_parameters(fills);
    fills.answers = {{200, "deals, the newest first", net::list_of<FillAnswer>(), {}}};
    add_twice(api, std::move(fills));

    net::Route positions = route(net::Method::get, "/positions", "listPositions", "List positions",
                                 [this](const net::Call& call, net::Responder responder) {
                                     list<ledger::PositionRow>(call, std::move(responder));
                                 });
    add_page_parameters(positions);
    add_owner_parameters(positions);
    positions.answers = {{200, "positions, flat ones, too", net::list_of<PositionAnswer>(), {}}};
    add_twice(api, std::move(positions));

    net::Route accounts = route(net::Method::get, "/accounts", "listAccounts", "List accounts",
                                [this](const net::Call& call, net::Responder responder) {
                                    list<ledger::AccountRow>(call, std::move(responder));
                                });
    add_page_parameters(accounts);
    accounts.answers = {{200, "accounts and their money", net::list_of<AccountAnswer>(), {}}};
    add_twice(api, std::move(accounts));
}

void OrdersApi::show_order(const net::Call& call, net::Responder responder) const {
    const auto row = find<ledger::OrderRow>(id_of(call), responder);
    if (!row) return;
    auto reader = service_.reader();
    if (!reader) return responder.fail(problem_of(reader.error()));
    auto fills = (*reader)->executions_of_order(row->id);
    if (!fills) return responder.fail(problem_of(fills.error()));
    JsonWriter writer;
    writer.begin_array();
    for (const ledger::ExecutionRow& fill : *fills)
        write_answer(answer_of(fill), writer);
    writer.end_array();
    responder.json(200, with_member(json_of(answer_of(*row)), "fills", writer.str()));
}

void OrdersApi::cancel_order(const net::Call& call, net::Responder responder) {
    const auto row = find<ledger::OrderRow>(id_of(call), responder);
    if (!row) return;
    CommandRequest request;
    request.name = "cancel-order";
    request.target = std::to_string(row->id);
    request.actor = actor_of(call.identity());
    ask(std::move(request), std::move(responder),
        [id = static_cast<std::uint64_t>(row->id), symbol = row->symbol](const Outcome&,
                                                                         net::Responder& to) {
            to.json(202, json_of(taken_answer(id, "cancel_requested", symbol)));
        });
}

// Those that work, by the ledger; it knows all that was answered.
std::optional<std::vector<ledger::OrderRow>> OrdersApi::working(const net::Call& call,
                                                                net::Responder& responder) const {
    std::vector<ledger::OrderRow> orders;
    auto reader = service_.reader();
    if (!reader) {
        responder.fail(problem_of(reader.error()));
        return std::nullopt;
    }
    ledger::Filter filter = filter_of(call);
    for (std::size_t i = 0; i < model::kOrderStatusNames.size(); ++i) {
        if (model::is_over(static_cast<model::OrderStatus>(i))) continue;
        filter.status = model::kOrderStatusNames[i];
        auto page = (*reader)->list<ledger::OrderRow>(
            filter, {.after = {}, .rows = ledger::PageRequest::kRowsMax});
        if (!page) {
            responder.fail(problem_of(page.error()));
            return std::nullopt;
        }
        orders.insert(orders.end(), page->rows.begin(), page->rows.end());
    }
    return orders;
}

void OrdersApi::cancel_all(const net::Call& call, net::Responder responder) {
    std::string scope = "global";
    std::string path = "query";
    std::size_t named = 0;
    for (const std::string_view kind : {"account", "strategy", "symbol"}) {
        const auto name = call.query(kind);
        if (!name) continue;
        ++named;
        path = "query." + std::string(kind);
        scope = std::string(kind) + ":" + std::string(*name);
    }
    if (named > 1)
        return responder.fail(failure(ErrorCode::data, "more than one scope is named", path,
                                      "at most one of account, strategy and symbol is taken",
                                      "ask once for each")
                                  .value());
    if (auto checked = check_scope(scope, path); !checked) return responder.fail(checked.error());
    const auto orders = working(call, responder);
    if (!orders) return;
    const std::string actor = actor_of(call.identity());
    if (call.query("account") || call.query("strategy"))
        return cancel_each(*orders, actor, std::move(responder));
    CommandRequest request{
        "cancel-orders", std::string(call.query("symbol").value_or("all")), {}, actor};
    ask(std::move(request), std::move(responder),
        [count = orders->size()](const Outcome&, net::Responder& to) {
            to.json(202, cancelled_json(count));
        });
}

// One that has ended meanwhile is as good as cancelled. The last answer answers the client.
void OrdersApi::cancel_each(const std::vector<ledger::OrderRow>& orders, const std::string& actor,
                            net::Responder responder) {
    if (orders.empty()) return responder.json(202, cancelled_json(0));
    struct Round {
        Round(net::Responder to, std::size_t count) : responder(std::move(to)), due(count) {}
        net::Responder responder;
        std::atomic<std::size_t> due;
    };
    const auto round = std::make_shared<Round>(std::move(responder), orders.size());
    const auto count_down = [round, count = orders.size()] {
        if (round->due.fetch_sub(1) == 1) round->responder.json(202, cancelled_json(count));
    };
    for (const ledger::OrderRow& order : orders) {
        const CommandRequest request{"cancel-order", std::to_string(order.id), {}, actor};
        if (!service_.command(request, [count_down](const Outcome&) { count_down(); }))
            count_down();
    }
}

}  // namespace millrace::orders
