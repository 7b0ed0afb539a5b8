// Losses, days, and what people are told.
#include <algorithm>
#include <fmt/format.h>

#include "millrace/core/risk/guardian_case.hpp"

namespace millrace::risk {
namespace {

using model::Severity;

constexpr std::uint64_t kDayTimer = 1;

constexpr std::uint32_t kLossRules =
    1U << static_cast<unsigned>(Rule::daily_loss) | 1U << static_cast<unsigned>(Rule::max_drawdown);

}  // namespace

Scope Guardian::scope_of(const Party& party) const {
    if (party.owner == kWholeAccount) return {ScopeKind::account, party.account.value()};
    return {ScopeKind::strategy, party.owner};
}

std::string Guardian::text_of(Scope scope) const {
    std::string_view name;
    switch (scope.kind) {
        case ScopeKind::global: return "global";
        case ScopeKind::account:
            if (scope.number < account_names_.size()) name = account_names_[scope.number].view();
            break;
        case ScopeKind::strategy:
            if (scope.number < strategy_names_.size()) name = strategy_names_[scope.number].view();
            break;
        case ScopeKind::symbol:
            if (const auto* instrument = exposures_.find(InstrumentId(scope.number)))
                name = instrument->symbol.view();
            break;
    }
    const std::string_view kind = kScopeNames[static_cast<std::size_t>(scope.kind)];
    return name.empty() ? fmt::format("{}:{}", kind, scope.number)
                        : fmt::format("{}:{}", kind, name);
}

void Guardian::alert(engine::Context& context, Severity severity, std::string_view code,
                     std::string_view scope, std::string_view message) const {
    model::Alert alert;
    alert.known_at = context.now();
    alert.severity = severity;
    alert.code = cut<32>(code);
    alert.scope = cut<64>(scope);
    alert.message = cut<256>(message);
    context.emit(alert);
}

bool Guardian::is_reduce_only(AccountId account, Owner owner) const {
    const Party* party = find_party(account, owner);
    return party != nullptr && (party->restricted & kLossRules) != 0;
}

const Losses* Guardian::losses_of(AccountId account, Owner owner) const {
    const Party* party = find_party(account, owner);
    return party == nullptr ? nullptr : &party->losses;
}

void Guardian::refresh(Party& party) {
    if (party.version == limits_.version()) [[likely]]
        return;
    party.version = limits_.version();
    party.limits = party.owner == kWholeAccount ? limits_.of_account(party.account.value())
                                                : limits_.of_strategy(party.owner);
}

bool Guardian::has_loss_limits(Party& party) {
    if (!watches_) return false;
    refresh(party);
    const LimitSet& limits = party.limits;
    return limits.has(Limit::daily_loss) || limits.has(Limit::daily_loss_amount) ||
           limits.has(Limit::drawdown) || limits.has(Limit::drawdown_amount) ||
           limits.has(Limit::var95);
}

// Between orders, at the first record of each interval.
void Guardian::watch(engine::Context& context) {
    const std::int64_t left = Time::latest().ns() - std::max<std::int64_t>(context.now().ns(), 0);
    next_watch_ = settings_.watch_interval.ns() < left ? context.now() + settings_.watch_interval
                                                       : Time::latest();
    for (const std::uint32_t place : watch_order_)
        if (Party& party = parties_[place]; has_loss_limits(party)) watch(party, &context);
}

void Guardian::watch(Party& party, engine::Context* context) {
    const Maybe<Money> equity = accounts_.equity(party.account);
    const bool is_account = party.owner == kWholeAccount;
    if (is_account && !party.paid_in.has_value()) party.paid_in = accounts_.paid_in(party.account);
    const Maybe<Money> other =
        is_account ? party.paid_in
                   : accounts_.profit(party.account,
                                      StrategyId(static_cast<StrategyId::Value>(party.owner)));
    party.is_blind = !equity.has_value() || !other.has_value();
    if (party.is_blind) return;
    // What a strategy makes is measured against the equity as it would be without its loss.
    Losses& losses = party.losses;
    const auto made = is_account ? subtract(equity.value(), other.value()) : other.value();
    party.is_blind = !made.has_value();
    if (party.is_blind) return;
    losses.look(*made);
    const std::int64_t today = losses.today();
    const std::int64_t fall = losses.from_peak();
    const auto base = [&](std::int64_t loss) {
        const auto whole = millrace::add(equity.value(), Money::from_raw(loss));
        return whole ? whole->raw() : 0;
    };
    look_at(party, Rule::daily_loss, Limit::daily_loss, Limit::daily_loss_amount, today,
            base(today), context);
    look_at(party, Rule::max_drawdown, Limit::drawdown, Limit::drawdown_amount, fall, base(fall),
            context);
}

void Guardian::look_at(Party& party, Rule rule, Limit share, Limit amount, std::int64_t loss,
                       std::int64_t base, engine::Context* context) {
    const std::int64_t most_share = party.limits[share];
    const std::int64_t most = party.limits[amount];
    const bool breaks = (most_share != kUnset && !is_loss_within(loss, most_share, base)) ||
                        (most != kUnset && loss > most);
    const bool nears = (most_share != kUnset && base > 0 &&
                        is_near(int128{loss} * Ratio::kOne, int128{most_share} * base)) ||
                       (most != kUnset && is_near(loss, most));
    const std::uint32_t bit = bit_of(rule);
    const std::string_view code = description_of(rule).code;
    if (breaks && (party.restricted & bit) == 0) {
        party.restricted |= bit;
        alert(*context, Severity::critical, code, text_of(scope_of(party)),
              fmt::format("a loss of {} breaks the limit of {}; only orders that shrink a position "
                          "pass now",
                          Money::from_raw(loss).to_string(),
                          most_share != kUnset ? risk::text_of(share, most_share)
                                               : risk::text_of(amount, most)));
    } else if (nears && !breaks && (party.warned & bit) == 0) {
        alert(*context, Severity::warning, code, text_of(scope_of(party)),
              fmt::format("a loss of {} is 80 % of the limit of {} or more",
                          Money::from_raw(loss).to_string(),
                          most_share != kUnset ? risk::text_of(share, most_share)
                                               : risk::text_of(amount, most)));
    }
    party.warned = nears || breaks ? party.warned | bit : party.warned & ~bit;
}

// Once for each crossing; silent again only below 80 %.
void Guardian::warn(const Case& of, engine::Context& context) {
    for (std::size_t i = 0; i < of.mark_count; ++i) {
        const Case::Mark& mark = of.marks[i];
        const LimitDescription& known = description_of(mark.limit);
        const bool is_of_line =
            mark.limit == Limit::max_position || mark.limit == Limit::concentration;
        Party& party =
            parties_[mark.of_strategy ? of.line->strategy_party : of.line->account_party];
        std::uint32_t& warned = is_of_line ? of.line->warned : party.warned;
        // Of the strategy's own limit on a position, and of the account's: one bit each.
        const std::uint32_t bit = is_of_line && mark.of_strategy
                                      ? 1U << static_cast<unsigned>(mark.limit)
                                      : bit_of(known.rule);
        const bool is_new = mark.is_near && (warned & bit) == 0;
        warned = mark.is_near ? warned | bit : warned & ~bit;
        if (!is_new) continue;
        alert(context, Severity::warning, description_of(known.rule).code,
              text_of(is_of_line ? Scope{ScopeKind::symbol, of.order.instrument.value()}
                                 : scope_of(party)),
              fmt::format("{} is at {} % of its limit", known.name, mark.percent));
    }
}

void Guardian::on_timer(std::uint64_t token, engine::Context& context) {
    if (token != kDayTimer) {
        work_on_tasks(context);
        expire(context);
        return;
    }
    end_day(context);
    wait_for_day_end(context);
}

// The engine fires this before anything of the new day is heard.
void Guardian::end_day(engine::Context& context) {
    for (const std::uint32_t place : watch_order_) {
        Party& party = parties_[place];
        if (!has_loss_limits(party)) continue;
        watch(party, &context);
        const Maybe<Money> equity = accounts_.equity(party.account);
        if (party.is_blind || !equity.has_value()) continue;
        const auto base = millrace::add(equity.value(), Money::from_raw(party.losses.today()));
        party.losses.end_day(base ? base->raw() : 0);
        party.restricted &= ~bit_of(Rule::daily_loss);
        party.warned &= ~bit_of(Rule::daily_loss);
    }
}

void Guardian::wait_for_day_end(engine::Context& context) {
    const LocalTime local = settings_.zone.to_local(context.now());
    const Date next = civil_from_days(days_from_civil(local.local.date) + 1);
    const auto midnight = settings_.zone.to_time({next, 0}, Ambiguity::earlier, Gap::shift_forward);
    if (midnight && *midnight > context.now()) context.set_timer(*midnight, kDayTimer);
}

}  // namespace millrace::risk
