// From ticks to verdicts to signals.
#include "millrace/core/strategy/library/tick_strategy.hpp"

#include <algorithm>

namespace millrace::strategy {

std::strong_ordering against(Price price, Price base, Ratio factor) {
    return int128{price.raw()} * Ratio::kOne <=> int128{base.raw()} * factor.raw();
}

Maybe<Price> level_of(Price base, Ratio factor) {
    const auto level = multiply(base, factor, Rounding::ceiling);
    return level ? Maybe<Price>(*level) : Maybe<Price>();
}

void Stance::save(engine::StateWriter& writer) const {
    writer.put(static_cast<std::uint8_t>(is_long));
    writer.put(static_cast<std::uint8_t>(has_signalled));
    writer.put(entry);
    writer.put(exit);
    writer.put(signalled_at);
}

void Stance::load(engine::StateReader& reader) {
    is_long = reader.get<std::uint8_t>() != 0;
    has_signalled = reader.get<std::uint8_t>() != 0;
    entry = reader.get<Price>();
    exit = reader.get<Price>();
    signalled_at = reader.get<Time>();
}

void TickStrategy::on_start() {
    followed_.clear();
}

void TickStrategy::on_bar(const model::Bar& bar) {
    hear(Source::bars, tick_of(bar));
}

void TickStrategy::on_trade(const model::Trade& trade) {
    hear(Source::trades, tick_of(trade));
}

void TickStrategy::on_quote(const model::Quote& quote) {
    hear(Source::quotes, tick_of(quote));
}

// A stop or target at the venue ends the position without a signal.
void TickStrategy::on_fill(const model::Fill& fill) {
    if (fill.side != model::Side::sell || fill.instrument.value() >= followed_.size()) return;
    Stance& stance = followed_[fill.instrument.value()].stance;
    if (!stance.is_long || !trading().position(fill.instrument).is_zero()) return;
    stance.is_long = false;
    stance.exit = fill.price;
}

void TickStrategy::hear(Source source, const Tick& tick) {
    const std::size_t index = tick.instrument.value();
    if (index >= followed_.size()) followed_.resize(index + 1);
    Followed& followed = followed_[index];
    if (followed.source == Source::first) {
        const auto chosen = static_cast<Source>(ticks_.index());
        followed.source = chosen == Source::first ? source : chosen;
    }
    if (source != followed.source) return;
    if (!followed.rules) followed.rules = make_rules();
    const Verdict verdict = followed.rules->on_tick(tick, followed.stance);
    if (may(verdict, tick, followed.stance)) say(verdict, tick, followed.stance);
}

bool TickStrategy::may(const Verdict& verdict, const Tick& tick, const Stance& stance) const {
    // What is said while warming up goes nowhere, so it must leave no trace here either.
    if (verdict.wish == Wish::nothing || !trading().is_live()) return false;
    if (stance.has_signalled && tick.time < stance.signalled_at + cooldown()) return false;
    if (verdict.wish == Wish::buy) return !stance.is_long;
    return stance.is_long || (closes_unbought() && !stance.has_signalled);
}

void TickStrategy::say(const Verdict& verdict, const Tick& tick, Stance& stance) {
    const bool buys = verdict.wish == Wish::buy;
    model::Signal signal;
    signal.instrument = tick.instrument;
    signal.action = buys ? model::SignalAction::buy : model::SignalAction::close;
    const double strength = std::clamp(verdict.strength, 0.0, 1.0);
    signal.strength =
        Ratio::from_raw(static_cast<std::int64_t>(strength * Ratio::kOne + 0.5));  // nearest
    signal.price = tick.price;
    signal.reason = verdict.reason;
    if (buys) {
        const Protection guard = protection(tick.price);
        signal.stop_loss = guard.stop_loss;
        signal.take_profit = guard.take_profit;
        stance.entry = tick.price;
    } else {
        stance.exit = tick.price;
    }
    stance.is_long = buys;
    stance.has_signalled = true;
    stance.signalled_at = tick.time;
    trading().signal(signal);
}

void TickStrategy::save(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{followed_.size()});
    for (const Followed& followed : followed_) {
        writer.put(static_cast<std::uint8_t>(followed.source));
        followed.stance.save(writer);
        writer.put(static_cast<std::uint8_t>(followed.rules != nullptr));
        if (followed.rules) followed.rules->save(writer);
    }
}

void TickStrategy::load(engine::StateReader& reader) {
    const auto count = std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left());
    followed_.clear();
    followed_.resize(count);
    for (Followed& followed : followed_) {
        const auto source = reader.get<std::uint8_t>();
        if (!indicators::fits(reader, source <= static_cast<std::uint8_t>(Source::quotes))) return;
        followed.source = static_cast<Source>(source);
        followed.stance.load(reader);
        if (reader.get<std::uint8_t>() == 0) continue;
        followed.rules = make_rules();
        followed.rules->load(reader);
    }
}

}  // namespace millrace::strategy
