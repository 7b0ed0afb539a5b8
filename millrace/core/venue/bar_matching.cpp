// Matching on bars. A bar is a walk from its open over its extremes to its close; the walk stops at
// every price where an order stirs, so what one order's deal does to others holds for the rest of
// the way.
#include <algorithm>

#include "millrace/core/venue/bar_path.hpp"
#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

// The instrument's state if this bar is one to deal on: sound, of the finest kind seen, and no
// ticks have been seen.
MarketState* SimulatedExchange::bar_market(const model::Bar& bar) {
    if (bar.instrument.value() >= markets_.size()) return nullptr;
    MarketState& market = markets_[bar.instrument.value()];
    if (market.feed != Feed::none && market.feed != Feed::bars) return nullptr;
    if (!is_sound(bar) || bar.known_at < bar.open_time) return nullptr;
    if (market.feed == Feed::none) {
        market.feed = Feed::bars;
        market.bar_basis = static_cast<std::uint64_t>(bar.basis);
    }
    if (market.bar_basis != static_cast<std::uint64_t>(bar.basis)) return nullptr;
    if (bar.step > market.bar_step) return nullptr;
    market.bar_step = bar.step;
    return &market;
}

void SimulatedExchange::on_bar_open(const model::Bar& bar) {
    MarketState* market = bar_market(bar);
    if (market == nullptr || market->bar_opened_at == bar.open_time) return;
    open_bar(*market, bar);
}

void SimulatedExchange::open_bar(MarketState& market, const model::Bar& bar) {
    run_due(bar.open_time, true);
    now_ = std::max(now_, bar.open_time);
    market.bar_opened_at = bar.open_time;
    market.set_price(bar.open.raw());
    market.volume = bar.volume.raw();
    market.priced_at = std::max(market.priced_at, bar.open_time);
    const Maybe<Ratio> share = settings_.bar_share;
    market.set_pool(share.has_value() ? part_in_lots(bar.volume.raw(), share.value().raw(),
                                                     Ratio::kOne, market.lot)
                                      : kUnlimited);
    ++datum_;
    market.last_trade = bar.open.raw();
    point_ = {Moment::bar_open, bar.open_time, bar.known_at, market.id};
    if (market.is_on_credit) credit_->mark_at(market.id, bar.open);
    meet_bar(market);
    if (market.is_on_credit) enforce_margin();
    point_.bar_of = kNoInstrument;
}

// Whoever waits, at the open or the close of a bar.
void SimulatedExchange::meet_bar(MarketState& market) {
    if (!market.has_working() || is_quiet(market, market.bid, market.ask)) return;
    if (!is_session(market, point_.begin, point_.end)) return;
    trail_all(market, market.ask, market.bid);
    settle(market, Who::all);
    conclude(market);
}

void SimulatedExchange::on_bar(const model::Bar& bar) {
    MarketState* found = bar_market(bar);
    if (found == nullptr) return on_mark(bar);
    MarketState& market = *found;
    if (market.bar_opened_at != bar.open_time)
        open_bar(market, bar);
    else
        ++datum_;  // who came after the open was there for all that follows
    market.bar_opened_at = Time::earliest();
    now_ = std::max(now_, bar.known_at);
    const bool stirs = market.has_working() && !is_quiet(market, bar.low.raw(), bar.high.raw());
    if ((stirs || (market.is_on_credit && credit_->is_held(market.id))) &&
        is_session(market, bar.open_time, bar.known_at)) {
        point_ = {Moment::bar_path, bar.open_time, bar.known_at, market.id};
        const BarTurns turns = turns_of(bar, settings_.bar_path);
        if (settings_.bar_path == BarPath::pessimistic) {
            walk_pessimistically(market, bar);
        } else {
            walk(market, turns.first);
            walk(market, turns.second);
            walk(market, bar.close.raw());
        }
    }
    // Who arrives inside the bar meets only its close: whatever came before may have been earlier.
    inside_bar_ = true;
    run_requests(bar.known_at, false);
    inside_bar_ = false;
    market.set_price(bar.close.raw());
    market.last_trade = bar.close.raw();
    market.priced_at = std::max(market.priced_at, bar.known_at);
    market.bar_closed_at = now_;
    point_ = {Moment::bar_close, bar.open_time, bar.known_at, market.id};
    if (market.is_on_credit) credit_->mark(bar);
    meet_bar(market);
    if (market.is_on_credit) enforce_margin();
    point_.bar_of = kNoInstrument;
}

void SimulatedExchange::move_to(MarketState& market, std::int64_t price) {
    market.set_price(price);
    market.last_trade = price;
    trail_all(market, price, price);
}

// From the present price to `target` in a straight line.
void SimulatedExchange::walk(MarketState& market, std::int64_t target) {
    for (;;) {
        const std::int64_t here = market.bid;
        const Stop stop = next_stop(market, std::min(here, target), std::max(here, target), false);
        const bool stirs = stop.handle != kNoHandle;
        if (market.is_on_credit && called_on_the_way(market, stirs ? stop.price : target, stirs))
            continue;
        if (!stirs) break;
        move_to(market, stop.price);
        act(stop.handle, market);
    }
    move_to(market, target);
}

// The first order that stirs on the way from the present price, within low to high. At one price
// the order of settle() holds.
SimulatedExchange::Stop SimulatedExchange::next_stop(const MarketState& market, std::int64_t low,
                                                     std::int64_t high, bool stops_only) const {
    const std::int64_t here = market.bid;
    Stop best;
    int best_rank = 0;
    std::int64_t best_distance = 0;
    for (Handle at = market.first; at != kNoHandle; at = pool_[at].next) {
        const Slot& slot = pool_[at];
        const Aim aim = aim_of(slot);
        const int rank = aim.any ? 0
                         : slot.life.stage == Stage::watching && aim.from_above != slot.is_buy()
                             ? 1
                             : 2;
        if (stops_only && rank == 2) continue;
        if (!may_deal(slot, market)) continue;
        std::int64_t price = here;
        if (!aim.any) {
            if (aim.level == kNoPrice) continue;
            const bool strict = slot.life.rests && settings_.bar_limit == BarLimit::through;
            const bool is_here = strict ? (aim.from_above ? here < aim.level : here > aim.level)
                                        : is_reached(aim, here);
            if (!is_here) {
                const std::int64_t end = aim.from_above ? low : high;
                const bool comes = strict ? (aim.from_above ? end < aim.level : end > aim.level)
                                          : is_reached(aim, end);
                if (!comes) continue;
                price = aim.level;
            }
        }
        const std::int64_t distance = price > here ? price - here : here - price;
        if (best.handle != kNoHandle &&
            (distance > best_distance || (distance == best_distance && rank >= best_rank)))
            continue;
        best = {at, price};
        best_rank = rank;
        best_distance = distance;
    }
    return best;
}

// No path is assumed: each stop that the range reaches is hit before any target, a trailing stop
// before it could have moved, a margin call between the two, and a target that began to work within
// the bar only by its close.
void SimulatedExchange::walk_pessimistically(MarketState& market, const model::Bar& bar) {
    const std::int64_t open = bar.open.raw();
    for (;;) {
        Stop stop = next_stop(market, bar.low.raw(), bar.high.raw(), true);
        if (stop.handle == kNoHandle && market.is_on_credit && called_in_range(market, bar))
            continue;
        if (stop.handle == kNoHandle)
            stop = next_stop(market, bar.low.raw(), bar.high.raw(), false);
        if (stop.handle == kNoHandle) break;
        market.set_price(stop.price);
        if (market.is_on_credit) credit_->mark_at(market.id, Price::from_raw(stop.price));
        act(stop.handle, market);
        const Slot& slot = pool_[stop.handle];
        if (!slot.is_over() && slot.life.triggered && !slot.life.rests &&
            is_reached(aim_of(slot), stop.price) && may_deal(slot, market))
            attempt(stop.handle, market);
        market.set_price(open);
    }
    trail_all(market, bar.low.raw(), bar.high.raw());
}

}  // namespace millrace::venue
