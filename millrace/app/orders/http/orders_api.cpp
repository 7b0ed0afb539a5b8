// What all routes share: what can be traded, how a command is asked and a failure told.
#include "millrace/app/orders/http/orders_api.hpp"

#include <algorithm>

#include "millrace/app/orders/http/route_parts.hpp"

namespace millrace::orders {
namespace {

Tradable tradable_of(const OrderView& view, Maybe<Quantity> signal_quantity) {
    Tradable tradable;
    tradable.signal_quantity = signal_quantity;
    for (const MarketView& market : view.markets) {
        const model::Instrument& instrument = market.instrument;
        if (tradable.instruments.size() <= instrument.id.value())
            tradable.instruments.resize(instrument.id.value() + std::size_t{1});
        tradable.instruments[instrument.id.value()] = instrument;
        const auto named = tradable.names.instruments.add(instrument.id, instrument.symbol.view());
        MILLRACE_ASSERT(named.has_value(), "the engine has one name for each instrument");
    }
    AccountId::Value number = 0;
    for (const MoneyView& account : view.accounts) {
        const auto named = tradable.names.accounts.add(AccountId(number++), account.account);
        MILLRACE_ASSERT(named.has_value(), "the engine has one name for each account");
    }
    return tradable;
}

}  // namespace

OrdersApi::OrdersApi(net::Api& api, OrderService& service, ApiTerms terms)
    : service_(service),
      terms_(std::move(terms)),
      tradable_(tradable_of(*service.view(), terms_.signal_quantity)) {
    add_intents(api);
    add_orders(api);
    add_guardian(api);
    add_alerts(api);
    add_looks(api);
    add_health(api);
}

void OrdersApi::ask(CommandRequest request, net::Responder responder, Then then) {
    const auto kept = std::make_shared<net::Responder>(std::move(responder));
    const auto submitted =
        service_.command(request, [kept, then = std::move(then)](const Outcome& outcome) {
            if (auto failed = problem_of(outcome)) return kept->fail(std::move(*failed));
            then(outcome, *kept);
        });
    if (!submitted) kept->fail(problem_of(submitted.error()));
}

Result<void> OrdersApi::check_scope(std::string_view scope, const std::string& path) const {
    if (scope == "global") return {};
    const std::size_t colon = scope.find(':');
    const std::string_view kind = scope.substr(0, colon);
    const std::string_view name =
        colon == std::string_view::npos ? std::string_view() : scope.substr(colon + 1);
    bool is_known = false;
    if (kind == "account") {
        is_known = tradable_.names.accounts.find(name).has_value();
    } else if (kind == "symbol") {
        is_known = tradable_.names.instruments.find(name).has_value();
    } else if (kind == "strategy") {
        const auto view = service_.view();
        is_known = std::find(view->strategies.begin(), view->strategies.end(), name) !=
                   view->strategies.end();
    } else {
        return failure(ErrorCode::data, "the scope is not known", path,
                       "it is global, account:NAME, strategy:NAME or symbol:NAME",
                       "write one of these");
    }
    if (is_known && !name.empty()) return {};
    return failure(ErrorCode::data, "there is no such " + std::string(kind), path,
                   "a scope names what there is", "check the name");
}

}  // namespace millrace::orders
