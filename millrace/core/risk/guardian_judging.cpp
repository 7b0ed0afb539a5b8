// The rules in their order. Each answers whether the judging is over: at the first refusal, or
// never when all reasons are asked for. What a number was is worked out only where it refuses.
#include <algorithm>

#include "millrace/core/model/order_rules.hpp"
#include "millrace/core/risk/guardian_case.hpp"

namespace millrace::risk {
namespace {

using model::OrderReason;
using model::OrderType;
using model::Side;

bool is_for_the_open(OrderType type) {
    return type == OrderType::market_on_open || type == OrderType::limit_on_open;
}

bool needs_price(const LimitSet& limits) {
    return limits.has(Limit::stale_price) || limits.has(Limit::price_collar) ||
           limits.has(Limit::max_order_notional) || limits.has(Limit::concentration) ||
           limits.has(Limit::gross_exposure) || limits.has(Limit::gross_exposure_amount) ||
           limits.has(Limit::net_exposure) || limits.has(Limit::leverage) ||
           limits.has(Limit::min_cash);
}

bool needs_totals(const LimitSet& limits) {
    return limits.has(Limit::gross_exposure) || limits.has(Limit::gross_exposure_amount) ||
           limits.has(Limit::net_exposure) || limits.has(Limit::leverage);
}

Exposures::Depth depth_for(const LimitSet& limits) {
    if (needs_totals(limits)) return Exposures::Depth::totals;
    return limits.has(Limit::concentration) ? Exposures::Depth::worth
                                            : Exposures::Depth::quantities;
}

// Whether the order leaves a smaller position, of the same side or none, whatever else is open.
bool does_shrink(const Holding& holding, const model::Order& order) {
    const bool sells = order.side == Side::sell;
    if (sells ? holding.position <= 0 : holding.position >= 0) return false;
    const int128 held = size_of(holding.position);
    const int128 left = order.reduce_only ? held : sells ? holding.lowest() : -holding.highest();
    return order.quantity.raw() <= left;
}

bool is_against(const Holding& holding, Side side) {
    return side == Side::sell ? holding.position > 0 : holding.position < 0;
}

std::int64_t saturated(int128 value) {
    if (value > INT64_MAX) return INT64_MAX;
    return value < -int128{INT64_MAX} ? -INT64_MAX : static_cast<std::int64_t>(value);
}

Fine net_of(const Totals& totals) {
    return std::max(size_of(totals.highest), size_of(totals.lowest));
}

}  // namespace

bool Guardian::object(Case& of, const Reason& reason) {
    Verdict& verdict = of.verdict;
    if (verdict.count == 0) {
        const bool shrinks_only = reason.rule == Rule::daily_loss ||
                                  reason.rule == Rule::max_drawdown ||
                                  reason.rule == Rule::reduce_only_flip;
        verdict.decision = shrinks_only ? Decision::reduce_only : Decision::reject;
        if (verdict.told == OrderReason::none) verdict.told = description_of(reason.rule).reason;
    }
    const auto known = verdict.reasons();
    const bool is_new = std::none_of(known.begin(), known.end(), [&](const Reason& one) {
        return one.rule == reason.rule && one.scope == reason.scope;
    });
    if (is_new && verdict.count < verdict.list.size()) verdict.list[verdict.count++] = reason;
    return !of.collects;
}

bool Guardian::object(Case& of, Limit limit, std::int64_t bound, std::int64_t value) {
    const LimitDescription& known = description_of(limit);
    const Scope scope = limits_.scope_of(limit, bound, of.order);
    const std::int64_t shown = limit == Limit::min_cash ? -bound : bound;
    return object(of, Reason{known.rule, known.unit, scope, shown, value});
}

bool Guardian::object(Case& of, Knowledge knowledge) {
    const Scope scope{ScopeKind::symbol, of.order.instrument.value()};
    switch (knowledge) {
        case Knowledge::known: return false;
        case Knowledge::no_price: return object(of, Reason{Rule::no_price, Unit::none, scope});
        case Knowledge::no_rate: return object(of, Reason{Rule::no_rate, Unit::none, scope});
        case Knowledge::out_of_range: break;
    }
    return object(of, Reason{Rule::out_of_range, Unit::none, scope});
}

// Told only once the order has passed everything.
void Guardian::mark(Case& of, Limit limit, bool of_strategy, int128 value, int128 bound) {
    if (of.mark_count == of.marks.size()) return;
    const bool near = is_near(value, bound);
    constexpr int128 kMost = int128{1} << 120;
    std::int64_t percent = 100;
    if (near && bound > 0 && value < kMost) percent = saturated(value * 100 / bound);
    of.marks[of.mark_count++] = {limit, of_strategy, near, percent};
}

bool Guardian::can_tell_equity(Case& of, const AccountView& accounts) {
    if (!of.asked_equity) {
        of.asked_equity = true;
        of.equity = accounts.equity(of.order.account);
    }
    return of.equity.has_value();
}

void Guardian::judge(Case& of) {
    of.verdict.count = 0;
    of.verdict.told = OrderReason::none;
    of.verdict.decision = Decision::accept;
    of.verdict.reservation_id = 0;
    of.verdict.order_id = of.order.order_id;
    if (!stops_.empty() && judge_stops(of)) return;
    if (judge_form(of) || of.line == nullptr) return;
    gather(of);
    if (judge_market(of) || judge_size(of) || judge_repetition(of)) return;
    forecast(of);
    const bool also = of.limits->has_strategy;
    if (judge_position(of, false) || (also && judge_position(of, true))) return;
    if (judge_totals(of, false) || (also && judge_totals(of, true))) return;
    if (judge_cash(of)) return;
    if (judge_shortness(of, false) || (also && judge_shortness(of, true))) return;
    if (judge_losses(of, false)) return;
    judge_losses(of, true);
}

bool Guardian::judge_stops(Case& of) {
    for (const bool kills : {true, false})
        for (const Stop& stop : stops_) {
            if (stop.is_kill != kills || !stop.scope.holds(of.order)) continue;
            Rule rule = Rule::kill_switch;
            if (!kills && stop.scope.kind == ScopeKind::account) rule = Rule::account_disabled;
            if (!kills && stop.scope.kind == ScopeKind::strategy) rule = Rule::strategy_disabled;
            if (!kills && stop.scope.kind == ScopeKind::symbol) rule = Rule::symbol_disabled;
            if (object(of, Reason{rule, Unit::none, stop.scope})) return true;
        }
    return false;
}

// Where account or instrument are unknown nothing else can be judged.
bool Guardian::judge_form(Case& of) {
    const model::Order& order = of.order;
    of.instrument = exposures_.find(order.instrument);
    OrderReason reason = OrderReason::none;
    if (of.instrument == nullptr)
        reason = OrderReason::unknown_instrument;
    else if (exposures_.currency_of(order.account).empty())
        reason = OrderReason::bad_order;
    else if (of.line == nullptr)
        of.line = &lines_[line_of(order.account, order.strategy, order.instrument)];
    if (reason == OrderReason::none) reason = model::check_order(order, *of.instrument);
    if (reason == OrderReason::none) return false;
    if (of.verdict.count == 0) of.verdict.told = reason;  // more exact than the code
    return object(of, Reason{Rule::invalid_order, Unit::none,
                             Scope{ScopeKind::symbol, order.instrument.value()}});
}

// What several rules ask for.
void Guardian::gather(Case& of) {
    const model::Order& order = of.order;
    of.limits = &binding_of(*of.line);
    of.last = exposures_.last(order.instrument);
    const Exposures::Place& place = of.line->place;
    of.shrinks_account = does_shrink(exposures_.holding(place.account), order);
    of.shrinks_strategy = does_shrink(exposures_.holding(place.strategy), order);
}

void Guardian::forecast(Case& of) {
    const model::Order& order = of.order;
    const Exposures::Place& place = of.line->place;
    of.account = exposures_.forecast(place.account, order.side, order.reduce_only, of.quantity,
                                     depth_for(of.limits->account));
    if (of.limits->has_strategy)
        of.strategy = exposures_.forecast(place.strategy, order.side, order.reduce_only,
                                          of.quantity, depth_for(of.limits->strategy));
}

bool Guardian::judge_market(Case& of) {
    const LimitSet& limits = of.limits->order;
    if (limits[Limit::market_hours] == 0 && hours_ != nullptr && !is_for_the_open(of.order.type) &&
        !hours_->is_open(of.order.instrument, of.now) && object(of, Limit::market_hours, 0, 0))
        return true;
    if (!needs_price(limits)) return false;
    if (!of.last.is_known) return object(of, Knowledge::no_price);
    const std::int64_t oldest = limits[Limit::stale_price];
    std::int64_t age = 0;
    if (__builtin_sub_overflow(of.now.ns(), of.last.at.ns(), &age)) age = INT64_MAX;
    if (oldest != kUnset && age > oldest && object(of, Limit::stale_price, oldest, age))
        return true;
    // A child waits for its parent's deal: where the price is then, nobody knows now.
    const std::int64_t collar = limits[Limit::price_collar];
    if (collar == kUnset || !of.order.limit_price.has_value() || of.order.parent_id != 0)
        return false;
    const std::int64_t price = of.order.limit_price.value().raw();
    if (is_within_collar(price, of.last.doubled(), collar)) return false;
    const int128 distance = size_of(2 * int128{price} - of.last.doubled());
    return object(of, Limit::price_collar, collar,
                  saturated(distance * Ratio::kOne / size_of(of.last.doubled())));
}

// Doubled. A buyer's limit is the most that is paid; everyone else may deal at the best of the
// market and of the prices that the order names.
std::int64_t Guardian::worst_price(const Case& of) {
    const model::Order& order = of.order;
    const auto doubled = [](std::int64_t price) { return saturated(2 * int128{price}); };
    if (order.side == Side::buy && order.limit_price.has_value())
        return doubled(order.limit_price.value().raw());
    std::int64_t price = doubled(order.side == Side::buy ? of.last.ask : of.last.bid);
    for (const Maybe<Price>& named : {order.limit_price, order.stop_price})
        if (named.has_value() && size_of(2 * int128{named.value().raw()}) > size_of(price))
            price = doubled(named.value().raw());
    return price;
}

bool Guardian::judge_size(Case& of) {
    const LimitSet& limits = of.limits->order;
    const std::int64_t quantity = of.order.quantity.raw();
    const std::int64_t most = limits[Limit::max_order_qty];
    if (quantity > most && object(of, Limit::max_order_qty, most, quantity)) return true;
    const std::int64_t amount = limits[Limit::max_order_notional];
    if (amount == kUnset || !of.last.is_known) return false;
    Fine worth = 0;
    const Knowledge knowledge =
        exposures_.worth(of.order.instrument, of.order.account, quantity, worst_price(of), worth);
    if (knowledge != Knowledge::known) return object(of, knowledge);
    return !fits_amount(worth, amount) &&
           object(of, Limit::max_order_notional, amount, money_of(worth));
}

bool Guardian::judge_repetition(Case& of) {
    const LimitSet& limits = of.limits->order;
    if (!of.is_rate_kept) {
        const std::int64_t most = limits[Limit::strategy_order_rate];
        if (object(of, Limit::strategy_order_rate, most, most + 1)) return true;
    }
    if (!of.is_account_rate_kept) {
        const std::int64_t most = limits[Limit::account_order_rate];
        if (object(of, Limit::account_order_rate, most, most + 1)) return true;
    }
    if (of.identity == 0) return false;
    const bool works = working_index_.find(of.order.order_id) != FlatIndex::kNone;
    if ((works || recent_.contains(of.identity)) &&
        object(of, Reason{Rule::duplicate, Unit::none, Scope{}}))
        return true;
    return working_index_.size() >= kWorkingMax &&
           object(of, Reason{Rule::out_of_range, Unit::none, Scope{}});
}

bool Guardian::judge_position(Case& of, bool of_strategy) {
    const LimitSet& limits = of_strategy ? of.limits->strategy : of.limits->account;
    const Forecast& forecast = of_strategy ? of.strategy : of.account;
    const bool grows = forecast.largest > forecast.largest_now;
    if (!grows) return false;
    if (forecast.knowledge == Knowledge::out_of_range && object(of, forecast.knowledge))
        return true;
    const std::int64_t most = limits[Limit::max_position];
    if (most != kUnset) {
        if (forecast.largest > most &&
            object(of, Limit::max_position, most, saturated(forecast.largest)))
            return true;
        mark(of, Limit::max_position, of_strategy, forecast.largest, most);
    }
    const std::int64_t share = limits[Limit::concentration];
    if (share == kUnset) return false;
    if (forecast.knowledge != Knowledge::known) return object(of, forecast.knowledge);
    if (!can_tell_equity(of, accounts_))
        return object(of, Reason{Rule::no_equity, Unit::none,
                                 Scope{ScopeKind::account, of.order.account.value()}});
    const std::int64_t equity = of.equity.value().raw();
    if (!fits_share(forecast.worth, share, equity))
        return object(of, Limit::concentration, share, share_of(forecast.worth, equity));
    mark(of, Limit::concentration, of_strategy, forecast.worth / 2, Fine{share} * equity);
    return false;
}

bool Guardian::judge_totals(Case& of, bool of_strategy) {
    const LimitSet& limits = of_strategy ? of.limits->strategy : of.limits->account;
    if (!needs_totals(limits)) return false;
    const Forecast& forecast = of_strategy ? of.strategy : of.account;
    const bool shrinks = of_strategy ? of.shrinks_strategy : of.shrinks_account;
    const Fine net = net_of(forecast.then);
    const bool grows = forecast.largest > forecast.largest_now;
    const bool tilts = !shrinks && net > net_of(forecast.now);
    if (!grows && !tilts) return false;
    for (const Knowledge knowledge : {forecast.knowledge, forecast.then.knowledge})
        if (knowledge != Knowledge::known) return object(of, knowledge);
    const std::int64_t amount = limits[Limit::gross_exposure_amount];
    if (amount != kUnset && grows) {
        if (!fits_amount(forecast.then.gross, amount) &&
            object(of, Limit::gross_exposure_amount, amount, money_of(forecast.then.gross)))
            return true;
        mark(of, Limit::gross_exposure_amount, of_strategy, forecast.then.gross,
             Fine{amount} * kFinePerMoney);
    }
    const auto is_asked = [&](Limit limit, bool matters) { return matters && limits.has(limit); };
    const bool asks_gross = is_asked(Limit::gross_exposure, grows);
    const bool asks_leverage = is_asked(Limit::leverage, grows);
    const bool asks_net = is_asked(Limit::net_exposure, tilts);
    if (!asks_gross && !asks_leverage && !asks_net) return false;
    if (!can_tell_equity(of, accounts_))
        return object(of, Reason{Rule::no_equity, Unit::none,
                                 Scope{ScopeKind::account, of.order.account.value()}});
    const std::int64_t equity = of.equity.value().raw();
    const auto breaks = [&](Limit limit, Fine value) {
        const std::int64_t share = limits[limit];
        mark(of, limit, of_strategy, value / 2, Fine{share} * equity);
        return !fits_share(value, share, equity) &&
               object(of, limit, share, share_of(value, equity));
    };
    return (asks_gross && breaks(Limit::gross_exposure, forecast.then.gross)) ||
           (asks_net && breaks(Limit::net_exposure, net)) ||
           (asks_leverage && breaks(Limit::leverage, forecast.then.gross));
}

bool Guardian::judge_cash(Case& of) {
    const std::int64_t bound = of.limits->account[Limit::min_cash];
    if (bound == kUnset || of.order.side != Side::buy || of.order.reduce_only ||
        of.shrinks_account || !is_paid(*of.instrument) || !of.last.is_known)
        return false;
    of.price = worst_price(of);
    Fine cost = 0;
    const Knowledge knowledge =
        exposures_.worth(of.order.instrument, of.order.account, of.quantity, of.price, cost);
    if (knowledge != Knowledge::known) return object(of, knowledge);
    const Maybe<Money> cash = accounts_.cash(of.order.account);
    if (!cash.has_value())
        return object(of, Reason{Rule::no_equity, Unit::none,
                                 Scope{ScopeKind::account, of.order.account.value()}});
    const Fine left = Fine{cash.value().raw()} * kFinePerMoney -
                      parties_[of.line->account_party].cash_reserved - cost;
    const std::int64_t least = -bound;
    return left < Fine{least} * kFinePerMoney &&
           object(of, Limit::min_cash, bound,
                  left < 0 ? -money_of(-left) : saturated(left / kFinePerMoney));
}

bool Guardian::judge_shortness(Case& of, bool of_strategy) {
    const LimitSet& limits = of_strategy ? of.limits->strategy : of.limits->account;
    if (limits[Limit::allow_short] != 0 || of.order.side != Side::sell) return false;
    const std::uint32_t cell = of_strategy ? of.line->place.strategy : of.line->place.account;
    const Forecast& forecast = of_strategy ? of.strategy : of.account;
    if (forecast.lowest >= 0 || forecast.lowest >= exposures_.holding(cell).lowest()) return false;
    const Scope scope = limits_.scope_of(Limit::allow_short, 0, of.order);
    return object(
        of, Reason{Rule::short_not_allowed, Unit::quantity, scope, 0, saturated(forecast.lowest)});
}

bool Guardian::judge_losses(Case& of, bool of_strategy) {
    Party& party = parties_[of_strategy ? of.line->strategy_party : of.line->account_party];
    const bool shrinks = of_strategy ? of.shrinks_strategy : of.shrinks_account;
    const bool has_limits = has_loss_limits(party);
    if (has_limits && of.context != nullptr) watch(party, of.context);
    if (shrinks) return false;
    const Scope scope = scope_of(party);
    if (has_limits && (party.is_blind || !party.losses.is_known()) &&
        object(of, Reason{Rule::no_equity, Unit::none, scope}))
        return true;
    const std::uint32_t cell = of_strategy ? of.line->place.strategy : of.line->place.account;
    const bool flips = is_against(exposures_.holding(cell), of.order.side);
    for (const Rule rule : {Rule::daily_loss, Rule::max_drawdown}) {
        if ((party.restricted & bit_of(rule)) == 0) continue;
        const Rule told = flips ? Rule::reduce_only_flip : rule;
        const std::int64_t loss =
            rule == Rule::daily_loss ? party.losses.today() : party.losses.from_peak();
        if (object(of, Reason{told, Unit::money, scope, Reason::kNone, loss})) return true;
    }
    const std::int64_t risk_max = party.limits[Limit::var95];
    const Maybe<Ratio> risk = party.losses.value_at_risk();
    if (risk_max != kUnset && risk.has_value() && risk.value().raw() > risk_max &&
        object(of, Limit::var95, risk_max, risk.value().raw()))
        return true;
    if (of.now >= party.cool_until) return false;
    return object(of, Reason{Rule::consecutive_losses, Unit::duration, scope, Reason::kNone,
                             (party.cool_until - of.now).ns()});
}

}  // namespace millrace::risk
