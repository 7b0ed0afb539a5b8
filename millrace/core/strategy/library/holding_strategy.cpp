// From what the rules want to orders.
#include "millrace/core/strategy/library/holding_strategy.hpp"

#include <algorithm>

#include "millrace/core/strategy/library/price_steps.hpp"

namespace millrace::strategy {
namespace {

model::Signal signal_of(const model::Bar& bar, model::SignalAction action) {
    model::Signal signal;
    signal.instrument = bar.instrument;
    signal.action = action;
    signal.strength = Ratio::whole(1);
    signal.price = bar.close;
    return signal;
}

}  // namespace

HoldingRules& HoldingStrategy::rules_of(InstrumentId instrument) {
    if (instrument.value() >= rules_.size()) rules_.resize(instrument.value() + std::size_t{1});
    auto& rules = rules_[instrument.value()];
    if (!rules) rules = make_rules();
    return *rules;
}

int HoldingStrategy::held(InstrumentId instrument) const {
    const Quantity position = trading().position(instrument);
    return position.is_zero() ? 0 : position.is_negative() ? -1 : 1;
}

bool HoldingStrategy::is_under_way(InstrumentId instrument) const {
    const auto working = trading().working_orders();
    return std::any_of(working.begin(), working.end(), [&](const model::Order& order) {
        return order.instrument == instrument && order.type == model::OrderType::market;
    });
}

void HoldingStrategy::on_bar(const model::Bar& bar) {
    const int holds = held(bar.instrument);
    Holding wish = rules_of(bar.instrument).on_bar(bar, holds);
    if (!trading().is_live() || is_under_way(bar.instrument)) return;
    if (must_be_out(trading().now())) wish = Holding::out;
    if (wish == Holding::as_it_is) return;
    const int wanted = wish == Holding::bought ? 1 : wish == Holding::sold ? -1 : 0;
    if (wanted == holds) return;
    if (holds != 0) leave(bar);
    if (wanted != 0 && (holds == 0 || reverses()))
        enter(bar, wanted > 0 ? model::Side::buy : model::Side::sell);
}

void HoldingStrategy::leave(const model::Bar& bar) {
    trading().signal(signal_of(bar, model::SignalAction::close));
    trading().cancel_all(bar.instrument);  // the stop
    trading().close(bar.instrument);
}

void HoldingStrategy::enter(const model::Bar& bar, model::Side side) {
    const bool buys = side == model::Side::buy;
    trading().signal(signal_of(bar, buys ? model::SignalAction::buy : model::SignalAction::sell));
    trading().submit(bar.instrument, side, quantity(), {});
}

// A fill that leaves a position on its own side opened or enlarged it.
void HoldingStrategy::on_fill(const model::Fill& fill) {
    const int side = fill.side == model::Side::buy ? 1 : -1;
    if (stop_loss().is_zero() || held(fill.instrument) != side) return;
    OrderTerms terms;
    terms.type = model::OrderType::stop;
    terms.stop_price = stop_after(fill, stop_loss(), price_step_of(trading(), fill.instrument));
    terms.reduce_only = true;
    trading().submit(fill.instrument, side > 0 ? model::Side::sell : model::Side::buy,
                     fill.quantity, terms);
}

void HoldingStrategy::save(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{rules_.size()});
    for (const auto& rules : rules_) {
        writer.put(static_cast<std::uint8_t>(rules != nullptr));
        if (rules) rules->save(writer);
    }
}

void HoldingStrategy::load(engine::StateReader& reader) {
    rules_.clear();
    rules_.resize(std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left()));
    for (auto& rules : rules_) {
        if (reader.get<std::uint8_t>() == 0) continue;
        rules = make_rules();
        rules->load(reader);
    }
}

}  // namespace millrace::strategy
