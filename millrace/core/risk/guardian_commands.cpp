// What operators and outside systems ask of the guardian. A command that cannot be understood, or
// that may not be given, changes nothing and is answered with an alert.
#include <algorithm>
#include <fmt/format.h>

#include "millrace/base/hash.hpp"
#include "millrace/core/risk/guardian_case.hpp"

namespace millrace::risk {
namespace {

using model::OrderStatus;
using model::Severity;

constexpr std::uint64_t kWorkTimer = 2;
constexpr std::size_t kStepMax = 256;  // orders a step: far fewer effects than one may have
constexpr std::size_t kStopsMax = 10'000;
constexpr std::uint64_t kOutsideName = std::uint64_t{1} << 63;  // a digest, not a number

tl::unexpected<Error> wrong(std::string what, std::string mend) {
    return failure(ErrorCode::usage, std::move(what), {}, {}, std::move(mend));
}

std::string_view take_word(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return word;
}

template <class Names>
std::optional<std::uint32_t> number_of(const Names& names, std::string_view name) {
    if (name.empty()) return std::nullopt;
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i].view() == name) return static_cast<std::uint32_t>(i);
    return std::nullopt;
}

std::optional<std::uint32_t> instrument_named(std::span<const model::Instrument> instruments,
                                              std::string_view symbol) {
    for (const model::Instrument& one : instruments)
        if (!symbol.empty() && one.symbol.view() == symbol) return one.id.value();
    return std::nullopt;
}

template <class T>
Result<void> read_maybe(Maybe<T>& into, std::string_view text) {
    const auto value = T::parse(text);
    if (!value) return failure(Error(value.error()));
    into = *value;
    return {};
}

// Administrators say so in the first word; whoever takes the command in has made sure of it.
Result<std::string_view> reason_of_admin(const model::Command& command) {
    std::string_view text = command.argument.view();
    if (take_word(text) != "admin")
        return wrong("only an administrator may do this", "write: admin REASON");
    if (text.empty()) return wrong("a reason is missing", "write: admin REASON");
    return text;
}

}  // namespace

void Guardian::hear(const model::Command& command, engine::Context& context) {
    if (auto done = obey(command, context); !done)
        alert(
            context, Severity::warning, "RISK_COMMAND_REFUSED", command.name.view(),
            fmt::format("{}: {}; {}", command.target.view(), done.error().what, done.error().mend));
}

Result<void> Guardian::obey(const model::Command& command, engine::Context& context) {
    const std::string_view name = command.name.view();
    if (name == "engage-kill-switch") return engage(command, context);
    if (name == "release-kill-switch" || name == "enable-trading" || name == "lift-reduce-only")
        return lift(command, context);
    if (name == "disable-trading") return disable(command, context);
    if (name == "flatten") return flatten(command, context);
    if (name == "set-limit") return set_limit(command, context);
    if (name == "check-order") return check_order(command, context);
    if (name == "release-reservation") return release_outside(command, context);
    // The books have heard of it before us.
    if (name == "book-cash")
        for (Party& party : parties_)
            party.paid_in = {};
    return {};  // all others are somebody else's
}

Result<Scope> Guardian::scope_named(std::string_view text) const {
    if (text == "global") return Scope{};
    const std::size_t colon = text.find(':');
    const std::string_view kind = text.substr(0, colon);
    const std::string_view name =
        colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    std::optional<std::uint32_t> number;
    ScopeKind known = ScopeKind::account;
    if (kind == "account") {
        number = number_of(account_names_, name);
    } else if (kind == "strategy") {
        known = ScopeKind::strategy;
        number = number_of(strategy_names_, name);
    } else if (kind == "symbol") {
        known = ScopeKind::symbol;
        number = instrument_named(exposures_.instruments(), name);
    } else {
        return wrong(fmt::format("\"{}\" is no scope", text),
                     "write global, account:NAME, strategy:NAME or symbol:NAME");
    }
    if (!number) return wrong(fmt::format("there is no {} \"{}\"", kind, name), "check the name");
    return Scope{known, *number};
}

Result<void> Guardian::engage(const model::Command& command, engine::Context& context) {
    const auto scope = scope_named(command.target.view());
    if (!scope) return failure(Error(scope.error()));
    std::string_view reason = command.argument.view();
    std::string_view rest = reason;
    const bool flattens = take_word(rest) == "flatten";
    if (flattens) reason = rest;
    if (reason.empty()) return wrong("a reason is missing", "say why");
    const auto same = [&](const Stop& one) { return one.is_kill && one.scope == *scope; };
    if (std::none_of(stops_.begin(), stops_.end(), same)) {
        if (stops_.size() >= kStopsMax) return wrong("there are too many switches", "release some");
        stops_.push_back({*scope, true, working_count(*scope) == 0, context.now(), command.actor,
                          cut<256>(reason)});
        alert(context, Severity::critical, "KILL_SWITCH_ENGAGED", text_of(*scope),
              fmt::format("by {}: {}; {} working orders are being cancelled", command.actor.view(),
                          reason, working_count(*scope)));
    }
    // Engaging it again asks for the cancels again.
    tasks_.push_back({*scope, flattens, true});
    work_on_tasks(context);
    return {};
}

Result<void> Guardian::disable(const model::Command& command, engine::Context& context) {
    const auto scope = scope_named(command.target.view());
    if (!scope) return failure(Error(scope.error()));
    if (scope->kind == ScopeKind::global)
        return wrong("everything is stopped by the kill switch", "engage-kill-switch global");
    if (command.argument.empty()) return wrong("a reason is missing", "say why");
    const auto same = [&](const Stop& one) { return !one.is_kill && one.scope == *scope; };
    if (std::any_of(stops_.begin(), stops_.end(), same)) return {};
    if (stops_.size() >= kStopsMax) return wrong("there are too many switches", "release some");
    const std::string_view reason = command.argument.view();
    stops_.push_back({*scope, false, true, context.now(), command.actor, cut<256>(reason)});
    alert(context, Severity::warning, "TRADING_DISABLED", text_of(*scope),
          fmt::format("by {}: {}", command.actor.view(), reason));
    return {};
}

Result<void> Guardian::lift(const model::Command& command, engine::Context& context) {
    const auto scope = scope_named(command.target.view());
    if (!scope) return failure(Error(scope.error()));
    const auto reason = reason_of_admin(command);
    if (!reason) return failure(Error(reason.error()));
    const std::string_view name = command.name.view();
    std::size_t lifted = 0;
    if (name == "lift-reduce-only") {
        for (Party& party : parties_) {
            const Scope own = scope_of(party);
            if (party.restricted == 0 || (scope->kind != ScopeKind::global && own != *scope))
                continue;
            party.restricted = 0;
            party.warned = 0;
            party.losses.restart();
            ++lifted;
        }
    } else {
        lifted = std::erase_if(stops_, [&](const Stop& one) {
            return one.is_kill == (name == "release-kill-switch") && one.scope == *scope;
        });
    }
    if (lifted == 0)
        return wrong(fmt::format("nothing of it holds for {}", text_of(*scope)), "check the scope");
    const std::string_view code = name == "lift-reduce-only" ? "REDUCE_ONLY_LIFTED"
                                  : name == "enable-trading" ? "TRADING_ENABLED"
                                                             : "KILL_SWITCH_RELEASED";
    alert(context, Severity::warning, code, text_of(*scope),
          fmt::format("by {}: {}", command.actor.view(), *reason));
    return {};
}

Result<void> Guardian::flatten(const model::Command& command, engine::Context& context) {
    const auto scope = scope_named(command.target.view());
    if (!scope) return failure(Error(scope.error()));
    if (command.argument.empty()) return wrong("a reason is missing", "say why");
    alert(context, Severity::warning, "FLATTEN", text_of(*scope),
          fmt::format("by {}: {}", command.actor.view(), command.argument.view()));
    tasks_.push_back({*scope, true, false});
    work_on_tasks(context);
    return {};
}

Result<void> Guardian::set_limit(const model::Command& command, engine::Context& context) {
    const auto scope = scope_named(command.target.view());
    if (!scope) return failure(Error(scope.error()));
    std::string_view text = command.argument.view();
    const std::string_view name = take_word(text);
    const auto limit = limit_named(name);
    if (!limit)
        return wrong(fmt::format("there is no limit \"{}\"", name), "see the reference of limits");
    const LimitDescription& known = description_of(*limit);
    if (!known.may_be_set_for(scope->kind))
        return wrong(fmt::format("{} cannot be set for a {}", known.name,
                                 kScopeNames[static_cast<std::size_t>(scope->kind)]),
                     "choose another scope");
    const auto value = parse_limit(*limit, text);
    if (!value) return failure(Error(value.error()));
    const LimitRecord* before = limits_.find(*scope, *limit);
    const std::string was = risk::text_of(*limit, before == nullptr ? kUnset : before->value);
    const LimitRecord& now =
        limits_.set(*scope, *limit, *value, command.actor.view(), context.now());
    apply_limits();
    alert(context, Severity::info, "LIMIT_CHANGED", text_of(*scope),
          fmt::format("{} from {} to {} by {}, version {}", known.name, was,
                      risk::text_of(*limit, *value), command.actor.view(), now.version));
    return {};
}

// "ACCOUNT STRATEGY SYMBOL SIDE QUANTITY [limit PRICE] [stop PRICE] [expires TIME] [reduce-only]";
// the target is the name that the outside system has for it.
Result<model::Order> Guardian::order_of(const model::Command& command) const {
    std::string_view text = command.argument.view();
    const auto account = number_of(account_names_, take_word(text));
    const auto strategy = number_of(strategy_names_, take_word(text));
    const auto symbol = instrument_named(exposures_.instruments(), take_word(text));
    if (!account) return wrong("the account is not known", "check its name");
    if (!strategy) return wrong("the strategy is not known", "check its name");
    if (!symbol) return wrong("the symbol is not known", "check its name");
    model::Order order;
    order.account = AccountId(static_cast<AccountId::Value>(*account));
    order.strategy = StrategyId(static_cast<StrategyId::Value>(*strategy));
    order.instrument = InstrumentId(*symbol);
    order.time_in_force = model::TimeInForce::gtc;
    const std::string_view side = take_word(text);
    if (side != "buy" && side != "sell") return wrong("the side is not known", "buy or sell");
    order.side = side == "buy" ? model::Side::buy : model::Side::sell;
    const auto quantity = Quantity::parse(take_word(text));
    if (!quantity) return failure(Error(quantity.error()));
    order.quantity = *quantity;
    while (!text.empty()) {
        const std::string_view key = take_word(text);
        Result<void> done;
        if (key == "limit") {
            done = read_maybe(order.limit_price, take_word(text));
        } else if (key == "stop") {
            done = read_maybe(order.stop_price, take_word(text));
        } else if (key == "expires") {
            const auto time = parse_time(take_word(text));
            if (!time) return failure(Error(time.error()));
            order.expires_at = *time;
        } else if (key == "reduce-only") {
            order.reduce_only = true;
        } else {
            return wrong(fmt::format("\"{}\" is not known", key),
                         "limit, stop, expires or reduce-only");
        }
        if (!done) return failure(std::move(done.error()));
    }
    const bool has_limit = order.limit_price.has_value();
    const bool has_stop = order.stop_price.has_value();
    order.type = has_limit  ? has_stop ? model::OrderType::stop_limit : model::OrderType::limit
                 : has_stop ? model::OrderType::stop
                            : model::OrderType::market;
    if (order.expires_at.has_value()) order.time_in_force = model::TimeInForce::gtd;
    return order;
}

Result<void> Guardian::check_order(const model::Command& command, engine::Context& context) {
    auto order = order_of(command);
    ++counts_.submitted;
    judged_ = 0;  // the desk has nothing to do with it
    if (!order) {
        verdict_ = {};
        verdict_.told = model::OrderReason::bad_order;
        verdict_.list[0] = Reason{Rule::invalid_order, Unit::none, Scope{}};
        verdict_.count = 1;
        ++counts_.refused;
        ++counts_.refused_by[static_cast<std::size_t>(Rule::invalid_order)];
        return failure(std::move(order.error()));
    }
    order->order_id = kOutsideNumbersFrom + ++outside_orders_;
    order->known_at = context.now();
    order->status = OrderStatus::submitted;
    Case of(*order, context.now(), verdict_, &context);
    RunningHash name;
    name.add(std::as_bytes(std::span(command.target.view())));
    of.identity = name.value() | kOutsideName;
    of.quantity = order->quantity.raw();
    of.collects = true;
    count_rates(of);
    judge(of);
    if (!verdict_.passes()) {
        ++counts_.refused;
        ++counts_.refused_by[static_cast<std::size_t>(verdict_.list[0].rule)];
        return {};
    }
    Reservation& reservation = working_[accept(of, context)];
    reservation.expires = order->expires_at.has_value()
                              ? order->expires_at.value()
                              : context.now() + settings_.reservation_lifetime;
    context.set_timer(reservation.expires, kWorkTimer);
    return {};
}

Result<void> Guardian::release_outside(const model::Command& command, engine::Context& context) {
    const auto number = parse_decimal(command.target.view(), 0);
    const std::uint32_t place = !number || *number < 0
                                    ? FlatIndex::kNone
                                    : working_index_.find(static_cast<std::uint64_t>(*number));
    if (place == FlatIndex::kNone || working_[place].order.order_id < kOutsideNumbersFrom ||
        working_[place].order.order_id >= kOutsideNumbersFrom * 2)
        return wrong("there is no such reservation of an outside system",
                     "it was released or has expired, or it belongs to an order of ours");
    release(place, context);
    return {};
}

void Guardian::expire(engine::Context& context) {
    std::vector<std::uint64_t> due;
    for (const Reservation& one : working_)
        if (one.order.order_id != 0 && one.expires <= context.now())
            due.push_back(one.order.order_id);
    std::sort(due.begin(), due.end());
    for (const std::uint64_t number : due)
        release(working_index_.find(number), context);
}

// Cancels before closings, so that no order deals while its position is being closed.
void Guardian::work_on_tasks(engine::Context& context) {
    std::size_t left = kStepMax;
    while (!tasks_.empty() && left > 0) {
        Task& task = tasks_.front();
        if (task.cancels) left -= cancel_some(task, left, context);
        if (task.cancels || left == 0) continue;
        if (task.flattens) left -= flatten_some(task, left, context);
        if (!task.flattens) tasks_.erase(tasks_.begin());
    }
    if (!tasks_.empty()) context.set_timer(context.now(), kWorkTimer);
}

std::size_t Guardian::cancel_some(Task& task, std::size_t most, engine::Context& context) {
    std::vector<std::uint64_t> numbers;
    for (const Reservation& one : working_)
        if (one.order.order_id > task.cancelled_to && one.order.order_id != 0 &&
            one.expires == Time::latest() && task.scope.holds(one.order))
            numbers.push_back(one.order.order_id);
    std::sort(numbers.begin(), numbers.end());
    task.cancels = numbers.size() > most;
    numbers.resize(std::min(numbers.size(), most));
    for (const std::uint64_t number : numbers) {
        model::Order order = working_[working_index_.find(number)].order;
        order.known_at = context.now();
        order.status = OrderStatus::cancel_requested;
        order.reason = model::OrderReason::kill_switch;
        context.emit(order);
        task.cancelled_to = number;
    }
    return numbers.size();
}

std::size_t Guardian::flatten_some(Task& task, std::size_t most, engine::Context& context) {
    const std::vector<Exposures::Held> held = exposures_.held_by_strategies();
    std::size_t sent = 0;
    for (std::size_t i = task.flattened; i < held.size() && sent < most; ++i) {
        task.flattened = i + 1;
        const std::int64_t position = held[i].holding.position;
        model::Order order;
        order.known_at = context.now();
        order.account = held[i].account;
        order.strategy = held[i].strategy;
        order.instrument = held[i].instrument;
        if (position == 0 || !task.scope.holds(order)) continue;
        order.order_id = kOwnNumbersFrom + ++own_orders_;
        order.quantity = Quantity::from_raw(position < 0 ? -position : position);
        order.side = position < 0 ? model::Side::buy : model::Side::sell;
        order.type = model::OrderType::market;
        order.time_in_force = model::TimeInForce::gtc;
        order.status = OrderStatus::pending;
        order.reduce_only = true;
        ++own_due_;
        ++sent;
        context.emit(order);
    }
    task.flattens = task.flattened < held.size();
    return sent;
}

void Guardian::set_configured(ScopeKind kind, std::string_view name, std::uint32_t number,
                              Time now) {
    for (const ConfiguredLimit& one : settings_.limits) {
        if (one.kind != kind || (kind != ScopeKind::global && one.name != name)) continue;
        const Scope scope{kind, number};
        // A definition may come again; what an operator has set since stands.
        if (limits_.find(scope, one.limit) == nullptr)
            limits_.set(scope, one.limit, one.value, "configuration", now);
    }
    apply_limits();
}

// What is kept and watched follows from what is limited.
void Guardian::apply_limits() {
    const auto is_set = [&](std::initializer_list<Limit> list) {
        return std::any_of(list.begin(), list.end(),
                           [&](Limit one) { return limits_.is_set_anywhere(one); });
    };
    const bool totals = is_set({Limit::gross_exposure, Limit::gross_exposure_amount,
                                Limit::net_exposure, Limit::leverage});
    const auto records = limits_.records();
    const bool of_strategies =
        std::any_of(records.begin(), records.end(), [](const LimitRecord& record) {
            return record.scope.kind == ScopeKind::strategy && record.value != kUnset &&
                   (record.limit == Limit::gross_exposure ||
                    record.limit == Limit::gross_exposure_amount ||
                    record.limit == Limit::net_exposure);
        });
    exposures_.keep_totals(totals, of_strategies);
    watches_ = is_set({Limit::daily_loss, Limit::daily_loss_amount, Limit::drawdown,
                       Limit::drawdown_amount, Limit::var95});
    if (!watches_)
        next_watch_ = Time::latest();
    else if (next_watch_ == Time::latest())
        next_watch_ = Time::earliest();
}

}  // namespace millrace::risk
