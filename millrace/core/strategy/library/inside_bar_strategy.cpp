// From bars to patterns to orders.
#include "millrace/core/strategy/library/inside_bar_strategy.hpp"

#include <algorithm>

#include "millrace/core/strategy/library/price_steps.hpp"

namespace millrace::strategy {
namespace {

using model::Side;

// Two timers an instrument: the exit, and the begin of orders that wait.
constexpr std::uint64_t kBegins = std::uint64_t{1} << 32;

Price distance(Price a, Price b) {
    return Price::from_raw(a > b ? a.raw() - b.raw() : b.raw() - a.raw());
}

Price plus(Price price, Price distance, bool up) {
    const auto sum = up ? add(price, distance) : subtract(price, distance);
    MILLRACE_ASSERT(sum, "a price is out of range");
    return *sum;
}

}  // namespace

Result<void> InsideBarStrategy::check() const {
    if (!equity_.ratio().is_zero() && position_pct_.ratio().is_zero() &&
        loss_pct_.ratio().is_zero())
        return failure(ErrorCode::config, "nothing bounds the size of an entry",
                       "parameters equity, max_position_pct, max_position_loss_pct_equity",
                       "with an equity one of the two shares must be above 0",
                       "set max_position_pct, or leave equity at 0");
    return {};
}

std::uint64_t InsideBarStrategy::warm_up_bars() const {
    return static_cast<std::uint64_t>(std::max(atr_.value() + 2, lookback_.value()));
}

void InsideBarStrategy::prepare() {
    hours_.emplace(windows_.value(), zone_.value(), session_mode_.index() == 0);
}

void InsideBarStrategy::on_start() {
    prepare();
    tracks_.clear();
}

void InsideBarStrategy::hear_bars_of(std::uint64_t source_step, InstrumentId instrument,
                                     Track& track) const {
    track.source_step = source_step;
    market::BarRule rule;
    rule.source = market::BarSource::bars;
    rule.step = static_cast<std::uint64_t>(timeframe().ns());
    rule.source_step = source_step;
    rule.partial_first = market::PartialFirst::drop;
    if (source_step < rule.step) track.frames.emplace(instrument, rule);
}

InsideBarStrategy::Track& InsideBarStrategy::track_of(InstrumentId instrument) {
    if (instrument.value() >= tracks_.size()) tracks_.resize(instrument.value() + std::size_t{1});
    auto& track = tracks_[instrument.value()];
    if (!track) track = std::make_unique<Track>(atr_.value());
    return *track;
}

// The first bars that fit decide which are heard: those of the timeframe, or smaller ones that fill
// it.
void InsideBarStrategy::on_bar(const model::Bar& bar) {
    const auto step = static_cast<std::uint64_t>(timeframe().ns());
    if (bar.basis != model::BarBasis::time || bar.step == 0 || bar.step > step ||
        step % bar.step != 0)
        return;
    Track& track = track_of(bar.instrument);
    if (track.source_step == 0) hear_bars_of(bar.step, bar.instrument, track);
    if (bar.step != track.source_step) return;
    if (exit_order_.index() == 1) exit_on_close(bar, track);
    if (!track.frames) {
        on_frame(bar, track);
        return;
    }
    const auto seen = market::observation_of(bar);
    market::ClosedBar closed;
    while (track.frames->close_before(seen, bar.known_at, closed))
        on_frame(closed.bar, track);
    track.frames->observe(seen);
    while (track.frames->close_due(bar.known_at, closed))
        on_frame(closed.bar, track);
}

void InsideBarStrategy::on_frame(const model::Bar& frame, Track& track) {
    track.atr.update(indicators::candle_of(frame));
    const auto window = hours_->at(frame.open_time);
    if (!window || window->key != track.session) {
        track.has_pattern = false;
        track.ended = false;
        track.trades = 0;
        if (window) track.session = window->key;
    }
    const bool keeps_mother = mode_.index() == 2 && window && track.has_mother &&
                              track.mother.in_window && track.mother.window == window->key &&
                              is_inside(static_cast<InsideDefinition>(definition_.index()), false,
                                        track.mother.bar, frame);
    if (window) {
        if (track.has_pattern) follow(frame, track);
        if (track.has_mother && track.mother.in_window && track.mother.window == window->key)
            look(frame, track);
    }
    if (keeps_mother) return;
    track.has_mother = true;
    track.mother = {frame, track.atr.value(), track.atr.is_ready(), window.has_value(),
                    window ? window->key : market::WindowKey{}};
}

bool InsideBarStrategy::is_pattern(const model::Bar& frame, const Track& track) const {
    const Mother& mother = track.mother;
    if (!is_inside(static_cast<InsideDefinition>(definition_.index()), mode_.index() == 1,
                   mother.bar, frame))
        return false;
    if (!mother.has_atr || mother.atr <= 0) return false;
    const double range = distance(mother.bar.high, mother.bar.low).to_double();
    if (range < mother_size_.value() * mother.atr) return false;
    if (mother_size_max_.value() > 0 && range > mother_size_max_.value() * mother.atr) return false;
    return accepts(mother.bar, frame);
}

void InsideBarStrategy::look(const model::Bar& frame, Track& track) {
    if (track.ended || track.trades >= trades_max_.value() || !is_pattern(frame, track)) return;
    if (style_.index() == 0) {
        ++track.trades;
        place(frame, track);
        return;
    }
    track.has_pattern = true;  // a newer one takes the older one's place
    track.pattern_mother = track.mother.bar;
    track.pattern_bar = frame;
    track.pattern_age = 0;
}

std::optional<InsideBarStrategy::Leg> InsideBarStrategy::leg_of(Side side, Price entry,
                                                                const model::Bar& mother) {
    const bool buys = side == Side::buy;
    const Price step = price_step_of(trading(), mother.instrument);
    Price risk = distance(entry, buys ? mother.low : mother.high);
    if (buys ? entry <= mother.low : entry >= mother.high) return std::nullopt;
    if (cap_.value() > 0) {
        const Price tick =
            tick_size_.ratio().is_zero() ? step : Price::from_raw(tick_size_.ratio().raw());
        const auto cap = narrow(int128{tick.raw()} * cap_.value());
        if (cap && *cap < risk.raw()) risk = Price::from_raw(*cap);
    }
    Leg leg{side,
            on_step(entry, step, buys ? Rounding::ceiling : Rounding::floor),
            on_step(plus(entry, risk, !buys), step, Rounding::half_even),
            on_step(plus(entry, times(risk, ratio_.ratio()), buys), step, Rounding::half_even),
            {}};
    const Price effective = distance(leg.entry, leg.stop);
    if (effective.is_zero()) return std::nullopt;
    leg.quantity = size_of(mother.instrument, leg.entry, effective);
    return leg;
}

Quantity InsideBarStrategy::size_of(InstrumentId instrument, Price entry, Price risk) const {
    if (equity_.ratio().is_zero()) return quantity_.quantity();
    double units = 1e9;
    if (position_pct_.value() > 0)
        units = std::min(units, equity_.value() * position_pct_.value() / 100 / entry.to_double());
    if (loss_pct_.value() > 0)
        units = std::min(units, equity_.value() * loss_pct_.value() / 100 / risk.to_double());
    if (!(units > 0)) return {};
    const auto raw = static_cast<std::int64_t>(units * static_cast<double>(Quantity::kOne));
    const std::int64_t step = quantity_step_of(trading(), instrument).raw();
    return Quantity::from_raw(raw / step * step);
}

bool InsideBarStrategy::is_busy(InstrumentId instrument) const {
    if (!trading().position(instrument).is_zero()) return true;
    const auto working = trading().working_orders();
    return std::any_of(working.begin(), working.end(),
                       [&](const model::Order& order) { return order.instrument == instrument; });
}

void InsideBarStrategy::tell(InstrumentId instrument, const Leg& leg, Maybe<Time> valid_to) {
    model::Signal signal;
    signal.instrument = instrument;
    signal.action = leg.side == Side::buy ? model::SignalAction::buy : model::SignalAction::sell;
    signal.strength = Ratio::whole(1);
    signal.price = leg.entry;
    signal.stop_loss = leg.stop;
    signal.take_profit = leg.target;
    signal.expires_at = valid_to;
    signal.reason = "INSIDE";
    trading().signal(signal);
}

// The two legs of an inside bar that has just closed.
void InsideBarStrategy::place(const model::Bar& frame, Track& track) {
    const InstrumentId instrument = frame.instrument;
    const Time signalled = frame.open_time + timeframe();
    const Time from = valid_from_.index() == 0 ? signalled : signalled + timeframe();
    const auto window = hours_->at(from);
    if (!hours_->at(signalled) || !window || is_busy(instrument)) return;
    Time to = window->end;
    if (valid_to_.index() == 1) to = std::min(to, from + Duration::minutes(valid_minutes_.value()));
    if (valid_to_.index() == 2) to = std::min(to, from + timeframe());
    if (age_max_.value() > 0) to = std::min(to, signalled + timeframe() * age_max_.value());
    if (to <= std::max(from, trading().now())) return;
    const bool at_mother = level_.index() == 0;
    const model::Bar& mother = track.mother.bar;
    const model::Bar& levels = at_mother ? mother : frame;
    track.waiting = {};
    for (const Side side : {Side::buy, Side::sell}) {
        const Price entry = side == Side::buy ? levels.high : levels.low;
        if (!enters(side, frame)) continue;
        if (deviation_max_.value() > 0 &&
            distance(entry, frame.close).to_double() > deviation_max_.value() * track.mother.atr)
            continue;
        const auto leg = leg_of(side, entry, mother);
        if (!leg) {
            track.ended = true;
            return;
        }
        track.waiting[side == Side::buy ? 0 : 1] = *leg;
    }
    track.valid_from = from;
    track.valid_to = to;
    for (const Leg& leg : track.waiting)
        if (!leg.quantity.is_zero()) tell(instrument, leg, to);
    if (!trading().is_live()) return;
    set_exit(instrument, track, to, window->end);
    if (from > trading().now())
        trading().set_timer(from, kBegins + instrument.value());
    else
        submit_waiting(instrument, track);
}

void InsideBarStrategy::submit_waiting(InstrumentId instrument, Track& track) {
    OrderTerms terms;
    terms.type = model::OrderType::stop;
    terms.time_in_force = model::TimeInForce::gtd;
    terms.expires_at = track.valid_to;
    if (!track.waiting[0].quantity.is_zero() && !track.waiting[1].quantity.is_zero()) {
        terms.group_id = trading().new_group();
        terms.contingency = model::Contingency::oco_cancel;
    }
    for (const Leg& leg : track.waiting) {
        if (leg.quantity.is_zero()) continue;
        terms.stop_price = leg.entry;
        const OrderId order = trading().submit(instrument, leg.side, leg.quantity, terms);
        trading().protect({order, instrument, leg.side, leg.quantity}, leg.stop, leg.target);
    }
    track.waiting = {};
}

// An inside bar that waits: does this bar break out of it?
void InsideBarStrategy::follow(const model::Bar& frame, Track& track) {
    ++track.pattern_age;
    if (age_max_.value() > 0 && track.pattern_age > age_max_.value()) {
        track.has_pattern = false;
        return;
    }
    const model::Bar& levels = level_.index() == 0 ? track.pattern_mother : track.pattern_bar;
    const bool on_close = confirmation_.value();
    const bool up = (on_close ? frame.close : frame.high) > levels.high;
    const bool down = (on_close ? frame.close : frame.low) < levels.low;
    if (!up && !down) return;
    track.has_pattern = false;
    const Side side = up ? Side::buy : Side::sell;
    if (track.trades >= trades_max_.value() || !enters(side, track.pattern_bar)) return;
    ++track.trades;
    enter_at_market(frame, side, track);
}

void InsideBarStrategy::enter_at_market(const model::Bar& frame, Side side, Track& track) {
    const InstrumentId instrument = frame.instrument;
    const auto window = hours_->at(frame.open_time + timeframe());
    if (!window || is_busy(instrument)) return;
    const auto leg = leg_of(side, frame.close, track.pattern_mother);
    if (!leg) {
        track.ended = true;
        return;
    }
    if (leg->quantity.is_zero()) return;
    tell(instrument, *leg, {});
    if (!trading().is_live()) return;
    set_exit(instrument, track, window->end, window->end);
    const OrderId order = trading().submit(instrument, side, leg->quantity, {});
    trading().protect({order, instrument, side, leg->quantity}, leg->stop, leg->target);
}

void InsideBarStrategy::set_exit(InstrumentId instrument, Track& track, Time valid_to,
                                 Time session_end) {
    if (exit_.index() == 2) return;
    track.exit_at = exit_.index() == 0 ? valid_to : session_end;
    track.exit_sent = false;
    trading().set_timer(track.exit_at, instrument.value());
}

// When the next bar is the last one before the exit: an order for its close. Stop and target stay,
// and end with the position.
void InsideBarStrategy::exit_on_close(const model::Bar& bar, Track& track) {
    const Duration step = Duration::nanoseconds(static_cast<std::int64_t>(bar.step));
    const Quantity held = trading().position(bar.instrument);
    if (track.exit_sent || held.is_zero() || bar.known_at >= track.exit_at ||
        bar.known_at + step < track.exit_at)
        return;
    track.exit_sent = true;
    OrderTerms terms;
    terms.type = model::OrderType::market_on_close;
    terms.reduce_only = true;
    trading().submit(bar.instrument, held.is_negative() ? Side::buy : Side::sell,
                     held.is_negative() ? -held : held, terms);
}

void InsideBarStrategy::on_timer(std::uint64_t token) {
    const InstrumentId instrument(static_cast<InstrumentId::Value>(token & (kBegins - 1)));
    Track& track = track_of(instrument);
    if (token >= kBegins) {
        if (trading().now() >= track.valid_from) submit_waiting(instrument, track);
        return;
    }
    if (trading().now() < track.exit_at) return;
    track.exit_at = Time::earliest();
    trading().cancel_all(instrument);
    trading().close(instrument);
}

}  // namespace millrace::strategy
