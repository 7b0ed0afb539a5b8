// A day's trade, from the clock.
#include "millrace/core/strategy/library/gotobi.hpp"

#include <algorithm>

#include "millrace/core/strategy/library/price_steps.hpp"

namespace millrace::strategy {

Result<void> GotobiTrade::check() const {
    if (trade_size_.quantity().is_zero())
        return failure(ErrorCode::config, "a trade of nothing", "parameter trade_size", "it is 0",
                       "use a number above 0 to go long, below 0 to go short");
    if (parse_time_of_day(entry_time_.value()).value() >=
        parse_time_of_day(exit_time_.value()).value())
        return failure(ErrorCode::config, "the exit is not after the entry",
                       "parameters entry_time, exit_time",
                       entry_time_.value() + " and " + exit_time_.value(),
                       "both are times of one day; a trade over midnight has to be two");
    if (bank_holidays_.value() && !use_holidays_.value())
        return failure(ErrorCode::config, "bank holidays without holidays",
                       "parameters bank_holidays, use_holidays",
                       "banks rest on national holidays too", "set use_holidays to true");
    return {};
}

// Also after a load: what follows from the parameters is no state.
void GotobiTrade::prepare() {
    market::GotobiRule rule;
    rule.base_days = market::parse_month_days(gotobi_days_.value()).value();
    rule.closed = market::parse_dates(notrade_days_.value()).value();
    rule.holidays = bank_holidays_.value()  ? market::GotobiHolidays::japan_banks
                    : use_holidays_.value() ? market::GotobiHolidays::japan
                                            : market::GotobiHolidays::none;
    rule_ = market::Gotobi::make(std::move(rule)).value();
    clock_.emplace(Zone::find(zone_.value()).value());
    entry_of_day_ = parse_time_of_day(entry_time_.value()).value();
    exit_of_day_ = parse_time_of_day(exit_time_.value()).value();
}

void GotobiTrade::on_start() {
    prepare();
    tracks_.clear();
}

void GotobiTrade::hear(InstrumentId instrument) {
    const Time now = trading().now();
    if (clock_->move_to(now)) [[unlikely]]
        day_ = {rule_->is_trade_date(clock_->date()), clock_->at(entry_of_day_),
                clock_->at(exit_of_day_)};
    if (!day_.is_trade_date || now < day_.entry || now >= day_.exit) [[likely]]
        return;
    if (trading().is_live()) enter(instrument);
}

void GotobiTrade::enter(InstrumentId instrument) {
    if (instrument.value() >= tracks_.size()) tracks_.resize(instrument.value() + std::size_t{1});
    Track& track = tracks_[instrument.value()];
    if (track.entered == clock_->date() || !trading().position(instrument).is_zero()) return;
    const Quantity size = trade_size_.quantity();
    const bool buys = !size.is_negative();
    track.entered = clock_->date();
    track.exit_at = day_.exit;
    track.entry = trading().submit(instrument, buys ? model::Side::buy : model::Side::sell,
                                   buys ? size : -size, {});
    trading().set_timer(track.exit_at, instrument.value());
    tell(instrument, buys ? model::SignalAction::buy : model::SignalAction::sell, "GOTOBI");
}

void GotobiTrade::tell(InstrumentId instrument, model::SignalAction action, Code reason) {
    model::Signal signal;
    signal.instrument = instrument;
    signal.action = action;
    signal.strength = Ratio::whole(1);
    signal.reason = reason;
    trading().signal(signal);
}

// What deals before the exit and is not the entry was the stop. An entry whose cancel came too late
// is closed at once.
void GotobiTrade::on_fill(const model::Fill& fill) {
    if (fill.instrument.value() >= tracks_.size()) return;
    const Track& track = tracks_[fill.instrument.value()];
    if (fill.order_id != track.entry) {
        if (trading().now() < track.exit_at && trading().position(fill.instrument).is_zero())
            tell(fill.instrument, model::SignalAction::close, "STOP-OUT");
        return;
    }
    if (trading().now() >= track.exit_at) {
        trading().close(fill.instrument);
        return;
    }
    if (stop_loss_.ratio().is_zero()) return;
    OrderTerms terms;
    terms.type = model::OrderType::stop;
    terms.stop_price =
        stop_after(fill, stop_loss_.ratio(), price_step_of(trading(), fill.instrument));
    terms.reduce_only = true;
    trading().submit(fill.instrument,
                     fill.side == model::Side::buy ? model::Side::sell : model::Side::buy,
                     fill.quantity, terms);
}

// The exit, for an entry that has not dealt yet as well.
void GotobiTrade::on_timer(std::uint64_t token) {
    const InstrumentId instrument(static_cast<InstrumentId::Value>(token));
    trading().cancel_all(instrument);
    if (trading().position(instrument).is_zero()) return;
    tell(instrument, model::SignalAction::close, "TIME-OUT");
    trading().close(instrument);
}

void GotobiTrade::save(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{tracks_.size()});
    for (const Track& track : tracks_) {
        writer.put(days_from_civil(track.entered));
        writer.put(track.entry);
        writer.put(track.exit_at);
    }
}

void GotobiTrade::load(engine::StateReader& reader) {
    prepare();
    tracks_.resize(std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left()));
    for (Track& track : tracks_) {
        track.entered = civil_from_days(reader.get<std::int64_t>());
        track.entry = reader.get<OrderId>();
        track.exit_at = reader.get<Time>();
    }
}

}  // namespace millrace::strategy
