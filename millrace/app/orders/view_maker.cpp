// One part of the view after the other.
#include "millrace/app/orders/view_maker.hpp"

#include "millrace/core/risk/limit.hpp"

namespace millrace::orders {
namespace {

void add_markets(const Assembly& from, OrderView& view) {
    const OutcomeWatch& watch = *from.watch;
    for (std::size_t i = 0; i < watch.instruments().size(); ++i) {
        MarketView market;
        market.instrument = watch.instruments()[i];
        market.mark = watch.mark_of(i);
        if (market.mark.has_value()) {
            market.bid = watch.prices()[i].bid;
            market.ask = watch.prices()[i].ask;
            market.at = watch.prices()[i].at;
        }
        view.markets.push_back(market);
    }
}

void add_accounts(const Assembly& from, OrderView& view) {
    const portfolio::Portfolio& books = from.books->books();
    for (const model::Account& account : from.watch->accounts()) {
        MoneyView money;
        money.account = account.name.view();
        money.currency = account.currency;
        money.is_reduce_only = from.guardian->is_reduce_only(account.id);
        if (const risk::Losses* losses = from.guardian->losses_of(account.id);
            losses != nullptr && losses->is_known()) {
            money.day_profit = Money::from_raw(-losses->today());
            money.var95 = losses->value_at_risk();
        }
        const auto balance = books.balance(account.id, view.now);
        const auto exposure = books.exposure(account.id);
        const auto drawdown = books.drawdown(account.id);
        money.is_known = balance && exposure && drawdown;
        if (money.is_known) {
            money.cash = balance->cash;
            money.equity = balance->equity;
            money.realised = balance->realised;
            money.unrealised = balance->unrealised;
            money.fees = balance->fees;
            money.gross = exposure->gross;
            money.net = exposure->net;
            money.peak = drawdown->peak;
            money.drawdown = drawdown->now;
        }
        view.accounts.push_back(std::move(money));
    }
}

void add_positions(const Assembly& from, OrderView& view) {
    const portfolio::Portfolio& books = from.books->books();
    const OutcomeWatch& watch = *from.watch;
    for (const model::Instrument& instrument : watch.instruments())
        for (const portfolio::Portfolio::Holder& holder : books.holders_of(instrument.id)) {
            const auto legs =
                books.positions(holder.account, holder.strategy, instrument.id, view.now);
            if (!legs) continue;
            for (const model::Position& leg : *legs) {
                if (leg.quantity.raw() == 0) continue;
                PositionView position;
                position.account = watch.accounts()[holder.account.value()].name.view();
                position.strategy = watch.strategies()[holder.strategy.value()].name.view();
                position.symbol = instrument.symbol.view();
                position.quantity = leg.quantity;
                position.average_price = leg.average_price;
                position.mark = watch.mark_of(instrument.id.value());
                position.realised = leg.realised;
                position.unrealised = leg.unrealised;
                position.fees = leg.fees;
                position.currency = leg.currency;
                view.positions.push_back(std::move(position));
            }
        }
}

void add_risk(const risk::Guardian& guardian, OrderView& view) {
    for (const risk::Stop& stop : guardian.stops()) {
        StopView told;
        told.scope = guardian.text_of(stop.scope);
        told.is_kill = stop.is_kill;
        told.is_proven = stop.is_proven;
        told.working = guardian.working_count(stop.scope);
        told.since = stop.since;
        told.actor = stop.actor.view();
        told.reason = stop.reason.view();
        view.stops.push_back(std::move(told));
    }
    for (const risk::LimitRecord& record : guardian.limit_book().records()) {
        LimitView limit;
        limit.scope = guardian.text_of(record.scope);
        limit.limit = risk::description_of(record.limit).name;
        limit.value = risk::text_of(record.limit, record.value);
        limit.version = record.version;
        limit.since = record.since;
        limit.actor = record.actor.view();
        view.limits.push_back(std::move(limit));
    }
    view.guardian = guardian.counts();
}

}  // namespace

OrderView view_of(const Assembly& from, const engine::Engine& engine) {
    OrderView view;
    view.sequence = engine.sequence();
    view.now = engine.now();
    view.rules = from.intents->rules();
    const execution::Breaker& breaker = from.intents->breaker();
    view.breaker_failures = breaker.failures();
    view.breaker_is_open = breaker.is_open(view.now);
    view.breaker_open_until = breaker.open_until();
    add_markets(from, view);
    add_accounts(from, view);
    for (const model::Strategy& strategy : from.watch->strategies())
        view.strategies.emplace_back(strategy.name.view());
    add_positions(from, view);
    add_risk(*from.guardian, view);
    view.intents = from.intents->counts();
    view.desk = from.desk->counts();
    view.working_orders = from.desk->working_count();
    for (const engine::StoppedComponent& stopped : engine.stopped())
        view.stopped.push_back(stopped.name);
    return view;
}

}  // namespace millrace::orders
