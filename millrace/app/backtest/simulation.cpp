// Who is told when.
#include "millrace/app/backtest/simulation.hpp"

#include <algorithm>
#include <array>

namespace millrace::backtest {

namespace {

// From memory into the nearest cache, while something else is done.
void fetch(std::span<const model::Quote> quotes) {
    const auto bytes = std::as_bytes(quotes);
    for (std::size_t offset = 0; offset < bytes.size(); offset += 64)
        __builtin_prefetch(bytes.data() + offset);
}

}  // namespace

Result<std::unique_ptr<Simulation>> Simulation::make(
    std::vector<std::unique_ptr<engine::Component>> components, std::uint64_t seed,
    const venue::Settings& settings, venue::BuyingPower* buying_power, SimulationWatcher& watcher,
    engine::EngineChecks checks, venue::CreditDesk* credit) {
    std::unique_ptr<Simulation> made(new Simulation(std::move(components), seed, watcher, checks));
    auto exchange = venue::SimulatedExchange::make(settings, *made, buying_power, credit);
    if (!exchange) return failure(std::move(exchange.error()));
    made->exchange_.emplace(std::move(*exchange));
    return made;
}

void Simulation::define(const model::Instrument& instrument, const venue::Terms& terms) {
    exchange_->define(instrument, terms);
    tell(instrument);
}

void Simulation::on_bar_open(const model::Bar& bar) {
    run_until(bar.open_time);
    if (engine_.next_timer() <= bar.open_time) tell_time(bar.open_time);
    exchange_->on_bar_open(bar);
    settle(bar.open_time);
}

void Simulation::on_bar(const model::Bar& bar, bool is_matched) {
    run_until(bar.known_at);
    if (is_matched)
        exchange_->on_bar(bar);
    else
        exchange_->on_mark(bar);
    settle(bar.known_at);
    apply(engine::record_of(bar));
    settle(bar.known_at);
}

void Simulation::on_quote(const model::Quote& quote) {
    run_until(quote.known_at);
    exchange_->on_quote(quote);
    settle(quote.known_at);
    ++sequence_;
    if (keeper_ != nullptr) [[unlikely]]
        keeper_->keep({sequence_, engine::record_of(quote), 0, 0});
    engine_.apply_quote(quote, *this);
    settle(quote.known_at);
}

void Simulation::on_quotes(std::span<const model::Quote> quotes) {
    constexpr std::size_t kTurn = 16;
    constexpr std::size_t kFetched = 8 * kTurn;  // quotes between their fetch and their use
    std::array<InstrumentId, kTurn> following;
    for (std::size_t at = 0; at < quotes.size(); at += kTurn) {
        if (quotes.size() - at > kFetched + kTurn) fetch(quotes.subspan(at + kFetched, kTurn));
        const auto next = quotes.subspan(std::min(at + kTurn, quotes.size()));
        const std::size_t count = std::min(next.size(), kTurn);
        for (std::size_t i = 0; i < count; ++i)
            following[i] = next[i].instrument;
        exchange_->look_ahead(std::span(following).first(count));
        engine_.look_ahead(std::span(following).first(count));
        for (const model::Quote& quote : quotes.subspan(at, std::min(kTurn, quotes.size() - at)))
            on_quote(quote);
    }
}

void Simulation::on_trade(const model::Trade& trade) {
    run_until(trade.known_at);
    exchange_->on_trade(trade);
    settle(trade.known_at);
    apply(engine::record_of(trade));
    settle(trade.known_at);
}

void Simulation::on_corporate_action(const model::CorporateAction& action) {
    run_until(action.known_at);
    if (engine_.next_timer() <= action.known_at) tell_time(action.known_at);
    exchange_->on_corporate_action(action);
    settle(action.known_at);
}

void Simulation::end_of(Time time) {
    if (exchange_->next_due() <= time) {
        exchange_->advance(time);
        settle(time);
    }
}

void Simulation::take(std::span<const engine::Effect> effects) {
    for (const engine::Effect& effect : effects) {
        if (effect.kind == engine::EffectKind::event)
            watcher_.on_event(effect.record);
        else if (effect.kind == engine::EffectKind::send)
            requests_.push_back(effect.record.as<model::Order>());
    }
}

void Simulation::run_due(Time time) {
    for (Time due = next_due(); due < time; due = next_due()) {
        if (exchange_->next_due() <= due) exchange_->advance(due);
        settle(due);
        if (engine_.next_timer() <= due) tell_time(due);
    }
}

// So that timers fire where no datum makes them.
void Simulation::tell_time(Time now) {
    model::Clock clock;
    clock.known_at = now;
    apply(engine::record_of(clock));
    settle(now);
}

void Simulation::settle_some(Time now) {
    do {
        deliver(now);
        // A request may be answered with reports, and these with requests.
        for (const model::Order& order : requests_)
            request(order);
        requests_.clear();
    } while (next_report_at_ <= now);
}

void Simulation::deliver(Time now) {
    while (next_report_at_ <= now) {
        const Report report = reports_[next_report_++];
        if (next_report_ == reports_.size()) {
            reports_.clear();
            next_report_ = 0;
            next_report_at_ = Time::latest();
        } else {
            next_report_at_ = known_at(reports_[next_report_]);
        }
        if (const auto* fill = std::get_if<model::Fill>(&report)) {
            watcher_.on_fill(*fill);
            apply(engine::record_of(*fill));
        } else if (const auto* action = std::get_if<model::CorporateAction>(&report)) {
            watcher_.on_corporate_action(*action);
            apply(engine::record_of(*action));
        } else if (const auto* charge = std::get_if<venue::CashCharge>(&report)) {
            watcher_.on_cash(*charge);
            apply(engine::record_of(booking_.command_for(*charge)));
        } else {
            const auto& order = std::get<model::Order>(report);
            watcher_.on_order(order);
            apply(engine::record_of(order));
        }
    }
}

Time Simulation::known_at(const Report& report) {
    return std::visit([](const auto& noun) { return noun.known_at; }, report);
}

void Simulation::request(const model::Order& order) {
    const Time now = order.known_at;
    if (order.status == model::OrderStatus::cancel_requested)
        exchange_->cancel(order.order_id, now);
    else if (order.status == model::OrderStatus::replace_requested)
        exchange_->replace(order.order_id,
                           {order.quantity, order.limit_price, order.stop_price, order.trail}, now);
    else
        exchange_->submit(order, now);
}

}  // namespace millrace::backtest
