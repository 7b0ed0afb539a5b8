// From signals to orders: what is against the signal goes first, then the entry is sized and sent.
#include "millrace/core/execution/planner.hpp"

#include <fmt/format.h>

#include "millrace/core/execution/plan_size.hpp"

namespace millrace::execution {
namespace {

using model::OrderStatus;
using model::Side;
using model::SignalAction;

constexpr int kCounterBits = 36;
constexpr std::size_t kOrdersBeforeEntry = Plan::kOrdersMax / 2;  // the rest is for closes

[[nodiscard]] Side other(Side side) {
    return side == Side::buy ? Side::sell : Side::buy;
}

// What a person has to mend, or no later signal will fare better.
[[nodiscard]] bool needs_mending(PlanOutcome outcome) {
    return outcome == PlanOutcome::unknown_instrument || outcome == PlanOutcome::no_balance ||
           outcome == PlanOutcome::no_rate;
}

void alert(engine::Context& context, model::Severity severity, Text<32> code,
           std::string_view scope, const std::string& message) {
    model::Alert alert;
    alert.known_at = context.now();
    alert.severity = severity;
    alert.code = code;
    alert.scope = Text<64>::from(scope).value_or(Text<64>());
    alert.message = Text<256>::from(message).value_or(Text<256>());
    context.emit(alert);
}

}  // namespace

PlanOutcome Planner::follow(Followed& followed, const model::Signal& signal,
                            engine::Context& context) {
    if (context.now() < followed.settings.live_from) return PlanOutcome::warming_up;
    if (signal.action == SignalAction::hold) return PlanOutcome::hold;
    const model::Instrument* instrument = board_.find(signal.instrument);
    if (instrument == nullptr) return PlanOutcome::unknown_instrument;
    if (signal.expires_at.has_value() && signal.expires_at.value() <= context.now())
        return PlanOutcome::expired;
    Case of{followed, plans_[{signal.strategy, signal.instrument}], *instrument, context};
    if (signal.action == SignalAction::close) return close(of);
    if (signal.strength < followed.settings.strength_min) return PlanOutcome::too_weak;
    return turn(of, signal);
}

PlanOutcome Planner::close(Case& of) {
    of.plan.want(0);
    const bool took_buys_back = cancel_entries(of, Side::buy);
    const bool took_sells_back = cancel_entries(of, Side::sell);
    const bool took_waiting_back = of.plan.stop_waiting();
    if (close_excess(of) || took_buys_back || took_sells_back || took_waiting_back)
        return PlanOutcome::closed;
    return of.plan.position().is_zero() ? PlanOutcome::nothing_to_close
                                        : PlanOutcome::still_closing;
}

// A signal to buy or sell: the other side is given up whatever becomes of the entry.
PlanOutcome Planner::turn(Case& of, const model::Signal& signal) {
    const PlanSettings& settings = of.followed.settings;
    const Side side = signal.action == SignalAction::buy ? Side::buy : Side::sell;
    of.plan.want(side == Side::buy ? 1 : -1);
    const std::int64_t held = of.plan.position().raw() * of.plan.wanted();
    bool took_back = cancel_entries(of, other(side));
    if (of.plan.waits() && of.plan.waiting().order.side != side) took_back = of.plan.stop_waiting();
    const bool closed = close_excess(of);
    if (!settings.reverses && (took_back || held < 0))
        return took_back || closed ? PlanOutcome::closed : PlanOutcome::still_closing;
    if (of.plan.waits()) return PlanOutcome::already_entering;
    if (!settings.pyramids) {
        if (held > 0)
            return of.plan.outstanding(PlanRole::close, other(side)).is_zero()
                       ? PlanOutcome::already_in
                       : PlanOutcome::still_closing;
        if (!of.plan.outstanding(PlanRole::entry, side).is_zero())
            return PlanOutcome::already_entering;
    }
    return enter(of, signal);
}

PlanOutcome Planner::enter(Case& of, const model::Signal& signal) {
    const PlanSettings& settings = of.followed.settings;
    const Side side = signal.action == SignalAction::buy ? Side::buy : Side::sell;
    const auto levels =
        levels_of(settings.entry, signal, of.instrument, board_.last(of.instrument.id));
    if (!levels) return levels.error();
    const auto wanted = wanted_size(settings, signal, of.instrument, *levels);
    if (!wanted) return wanted.error();
    const auto allowed = allowed_size(settings, of.instrument, *levels, of.plan.exposure(side));
    if (!allowed) return allowed.error();
    const Size size = size_of(of.instrument, *wanted, *allowed);
    if (size.outcome != PlanOutcome::entered) return size.outcome;
    if (of.plan.orders().size() >= kOrdersBeforeEntry) return PlanOutcome::too_many_orders;
    if (size.is_cut) ++of.followed.counts.cut;
    const PlannedEntry entry{entry_of(of, signal, *levels, size.quantity), levels->stop,
                             levels->target};
    // The close may wait for its timing or for liquidity while the entry's price is met already:
    // dealing first, the entry would close the position, and its protection had nothing to protect.
    if (settings.entry != EntryKind::market && of.plan.is_against(side))
        of.plan.let_wait(entry);
    else
        submit(of, entry);
    return PlanOutcome::entered;
}

template <class Which>
bool Planner::cancel(Case& of, Which which) {
    bool any = false;
    for (PlannedOrder& order : of.plan.orders()) {
        if (order.is_cancelling || order.is_over || !which(order)) continue;
        any = order.is_cancelling = true;
        ++of.followed.counts.cancels;
        model::Order request = blank(of, order.side, order.quantity);
        request.order_id = order.order_id;
        request.status = OrderStatus::cancel_requested;
        of.context.emit(request);
    }
    return any;
}

bool Planner::cancel_entries(Case& of, Side side) {
    return cancel(of, [&](const PlannedOrder& order) {
        return order.role == PlanRole::entry && order.side == side;
    });
}

// Closes what is held against the plan's wish, and takes its protection away first: the close has
// the whole position, so a stop that deals too would only be refused.
bool Planner::close_excess(Case& of) {
    const Quantity excess = of.plan.excess();
    if (excess.is_zero()) return false;
    const Side side = of.plan.closing_side();
    cancel(of, [&](const PlannedOrder& order) {
        return order.role == PlanRole::protection && order.side == side;
    });
    submit_close(of, side, excess);
    return true;
}

// An entry that was given up dealt before its cancel arrived. Where the plan wants that side again
// by now, only this deal is closed.
void Planner::close_late_deal(Case& of, const PlannedOrder& entry, Quantity dealt) {
    if (close_excess(of)) return;
    const Quantity late = std::min(dealt, of.plan.unclosed(entry.side));
    if (late.is_zero()) return;
    cancel(of, [&](const PlannedOrder& order) { return order.parent_id == entry.order_id; });
    submit_close(of, other(entry.side), late);
}

void Planner::submit_close(Case& of, Side side, Quantity quantity) {
    model::Order order = blank(of, side, quantity);
    order.order_id = next_number(of);
    order.reduce_only = true;
    ++of.followed.counts.closes;
    submit(of, order, PlanRole::close);
}

Planned<Money> Planner::settled(Money amount, AccountId account,
                                const model::Instrument& instrument) const {
    if (account.value() >= funds_.size() || funds_[account.value()].currency.empty())
        return tl::unexpected(PlanOutcome::no_balance);
    const auto currency =
        Code::from((instrument.inverse ? instrument.base_currency : instrument.currency).view());
    if (!currency) return tl::unexpected(PlanOutcome::no_rate);
    const auto money = board_.converted(amount, funds_[account.value()].currency, *currency);
    if (!money.has_value()) return tl::unexpected(PlanOutcome::no_rate);
    return money.value();
}

Planned<Money> Planner::share_of(Maybe<Money> Funds::* base, AccountId account, Ratio share) const {
    const Maybe<Money> money =
        account.value() < funds_.size() ? funds_[account.value()].*base : Maybe<Money>();
    if (!money.has_value()) return tl::unexpected(PlanOutcome::no_balance);
    if (money.value().raw() <= 0) return tl::unexpected(PlanOutcome::no_money);
    const auto part = multiply(money.value(), share, Rounding::toward_zero);
    if (!part) return tl::unexpected(PlanOutcome::size_out_of_range);
    return *part;
}

Planned<Quantity> Planner::wanted_size(const PlanSettings& settings, const model::Signal& signal,
                                       const model::Instrument& instrument,
                                       const PlanLevels& levels) const {
    if (signal.quantity.has_value()) return signal.quantity.value();
    if (settings.sizing == Sizing::fixed) return settings.quantity;
    if (settings.sizing == Sizing::risk_share && !levels.stop.has_value())
        return tl::unexpected(PlanOutcome::no_stop);
    if (!levels.reference.has_value()) return tl::unexpected(PlanOutcome::no_price);
    const auto per_unit =
        settings.sizing == Sizing::risk_share
            ? loss_of_unit(instrument, levels.reference.value(), levels.stop.value())
            : worth_of_unit(instrument, levels.reference.value());
    if (!per_unit) return tl::unexpected(PlanOutcome::no_price);
    return share_of(settings.sizing == Sizing::cash_share ? &Funds::cash : &Funds::equity,
                    settings.account, settings.share)
        .and_then([&](Money money) { return settled(money, settings.account, instrument); })
        .map([&](Money money) { return quantity_for(money, *per_unit); });
}

Planned<Quantity> Planner::allowed_size(const PlanSettings& settings,
                                        const model::Instrument& instrument,
                                        const PlanLevels& levels, Quantity exposure) const {
    Quantity most = settings.quantity_max.value_or(kQuantityLimit);
    const auto bound_by = [&](const Planned<Money>& limit) -> Planned<void> {
        const auto money =
            limit.and_then([&](Money m) { return settled(m, settings.account, instrument); });
        if (!money) return tl::unexpected(money.error());
        const auto unit = levels.reference.has_value()
                              ? worth_of_unit(instrument, levels.reference.value())
                              : std::nullopt;
        if (!unit) return tl::unexpected(PlanOutcome::no_price);
        most = std::min(most, quantity_for(*money, *unit));
        return {};
    };
    if (settings.notional_max.has_value()) {
        const auto bound = bound_by(settings.notional_max.value());
        if (!bound) return tl::unexpected(bound.error());
    }
    if (settings.equity_share_max.has_value()) {
        const auto equity =
            share_of(&Funds::equity, settings.account, settings.equity_share_max.value());
        if (const auto bound = bound_by(equity); !bound) return tl::unexpected(bound.error());
    }
    if (most == kQuantityLimit) return most;
    return most > exposure ? Quantity::from_raw(most.raw() - exposure.raw()) : Quantity();
}

model::Order Planner::blank(Case& of, Side side, Quantity quantity) const {
    model::Order order;
    order.known_at = of.context.now();
    order.quantity = quantity;
    order.instrument = of.instrument.id;
    order.strategy = of.followed.settings.strategy;
    order.account = of.followed.settings.account;
    order.side = side;
    order.type = model::OrderType::market;
    order.time_in_force = model::TimeInForce::gtc;
    order.status = OrderStatus::pending;
    return order;
}

std::uint64_t Planner::next_number(Case& of) {
    const std::uint64_t number = ++of.followed.orders;
    MILLRACE_ASSERT(number >> kCounterBits == 0, "a plan has run out of order numbers");
    const std::uint64_t strategy = of.followed.settings.strategy.value();
    return kNumbersFrom + (strategy << kCounterBits) + number;
}

void Planner::submit(Case& of, const model::Order& order, PlanRole role) {
    of.plan.add(order, role);
    of.context.emit(order);
}

model::Order Planner::entry_of(Case& of, const model::Signal& signal, const PlanLevels& levels,
                               Quantity quantity) {
    const PlanSettings& settings = of.followed.settings;
    model::Order entry =
        blank(of, signal.action == SignalAction::buy ? Side::buy : Side::sell, quantity);
    entry.order_id = next_number(of);
    entry.time_in_force = settings.time_in_force;
    if (settings.entry == EntryKind::limit) {
        entry.type = model::OrderType::limit;
        entry.limit_price = levels.works_at;
    } else if (settings.entry == EntryKind::stop) {
        entry.type = model::OrderType::stop;
        entry.stop_price = levels.works_at;
    }
    const bool lasts = settings.time_in_force == model::TimeInForce::day ||
                       settings.time_in_force == model::TimeInForce::gtc;
    if (lasts && signal.expires_at.has_value())
        entry.expires_at = signal.expires_at;
    else if (settings.valid_for > Duration())
        entry.expires_at = of.context.now() + settings.valid_for;
    if (entry.expires_at.has_value()) entry.time_in_force = model::TimeInForce::gtd;
    return entry;
}

void Planner::submit(Case& of, const PlannedEntry& planned) {
    model::Order entry = planned.order;
    entry.known_at = of.context.now();
    ++of.followed.counts.entries;
    submit(of, entry, PlanRole::entry);

    model::Order child = blank(of, other(entry.side), entry.quantity);
    child.parent_id = entry.order_id;
    child.reduce_only = true;
    if (planned.stop.has_value() && planned.target.has_value()) {
        child.group_id = entry.order_id;
        child.contingency = model::Contingency::oco_reduce;  // a part dealt leaves the rest covered
    }
    if (planned.stop.has_value()) {
        child.order_id = next_number(of);
        child.type = model::OrderType::stop;
        child.stop_price = planned.stop;
        ++of.followed.counts.protections;
        submit(of, child, PlanRole::protection);
        child.stop_price = {};
    }
    if (planned.target.has_value()) {
        child.order_id = next_number(of);
        child.type = model::OrderType::limit;
        child.limit_price = planned.target;
        ++of.followed.counts.protections;
        submit(of, child, PlanRole::protection);
    }
}

void Planner::hear(const model::Signal& signal, engine::Context& context) {
    const auto found = followed_.find(signal.strategy);
    if (found == followed_.end()) return;
    PlanCounts& counts = found->second.counts;
    const PlanOutcome outcome = follow(found->second, signal, context);
    if (++counts.outcomes[static_cast<std::size_t>(outcome)] > 1 || !needs_mending(outcome)) return;
    const model::Instrument* instrument = board_.find(signal.instrument);
    alert(context, model::Severity::warning, "signal_not_planned",
          instrument == nullptr ? std::string_view() : instrument->symbol.view(),
          fmt::format("strategy {}: {}; said once", signal.strategy.value(), text_of(outcome)));
}

void Planner::hear(const model::Fill& fill, engine::Context& context) {
    const auto found = followed_.find(fill.strategy);
    if (found == followed_.end()) return;
    Plan& plan = plans_[{fill.strategy, fill.instrument}];
    const auto order = plan.take(fill);
    const model::Instrument* instrument = board_.find(fill.instrument);
    if (!order || instrument == nullptr) return;
    Case of{found->second, plan, *instrument, context};
    if (order->role == PlanRole::protection)
        // The idea is over: what is left of its entry would go on without this protection.
        cancel(of, [&](const PlannedOrder& entry) { return entry.order_id == order->parent_id; });
    if (order->role == PlanRole::entry && order->is_cancelling)
        close_late_deal(of, *order, fill.quantity);
    else if (order->role != PlanRole::close)
        close_excess(of);
    if (plan.waits() && !plan.is_against(plan.waiting().order.side)) {
        const PlannedEntry entry = plan.waiting();
        plan.stop_waiting();
        const Maybe<Time> end = entry.order.expires_at;
        if (end.has_value() && end.value() <= context.now())
            ++found->second.counts.lapsed;
        else
            submit(of, entry);
    }
}

void Planner::hear(const model::Order& order, engine::Context& context) {
    if (order.status == OrderStatus::pending || order.status == OrderStatus::cancel_requested ||
        order.status == OrderStatus::replace_requested)
        return;  // our own words
    const auto found = followed_.find(order.strategy);
    const auto at = plans_.find({order.strategy, order.instrument});
    const model::Instrument* instrument = board_.find(order.instrument);
    if (found == followed_.end() || at == plans_.end() || instrument == nullptr) return;
    const auto ended = at->second.take(order);
    if (!ended) return;
    Case of{found->second, at->second, *instrument, context};
    if (ended->role == PlanRole::close) after_close(of, order);
    if (ended->role == PlanRole::protection) after_protection(of, *ended, order);
}

void Planner::after_close(Case& of, const model::Order& report) {
    const Quantity open = of.plan.excess();
    if (open.is_zero()) return;
    of.plan.stop_waiting();
    ++of.followed.counts.closes_failed;
    alert(of.context, model::Severity::critical, "position_left_open", of.instrument.symbol.view(),
          fmt::format("strategy {}: the close ended {} ({}), {} are still held without protection",
                      report.strategy.value(), model::name_of(report.status),
                      model::name_of(report.reason), open.to_string()));
}

// Protection ends by its deals, with its sibling, with its parent, or because we say so. Any other
// end leaves something bare: what is left of the entry is taken back, and a person is told.
void Planner::after_protection(Case& of, const PlannedOrder& ended, const model::Order& report) {
    if (ended.is_cancelling || report.status == OrderStatus::filled ||
        report.reason == model::OrderReason::oco_sibling ||
        report.reason == model::OrderReason::parent_ended)
        return;
    const bool took_back =
        cancel(of, [&](const PlannedOrder& order) { return order.order_id == ended.parent_id; });
    const Quantity bare = of.plan.unclosed(other(ended.side));
    if (!took_back && bare.is_zero()) return;
    ++of.followed.counts.protections_lost;
    alert(of.context, model::Severity::critical, "protection_lost", of.instrument.symbol.view(),
          fmt::format("strategy {}: a stop or target ended {} ({}), {} are held",
                      report.strategy.value(), model::name_of(report.status),
                      model::name_of(report.reason), bare.to_string()));
}

}  // namespace millrace::execution
