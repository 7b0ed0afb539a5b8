// What a request may say, field by field.
#include "millrace/app/orders/directory.hpp"

#include <algorithm>

#include "millrace/app/orders/opening.hpp"

namespace millrace::orders {
namespace {

using model::OrderReason;

tl::unexpected<Refusal> invalid(std::string field, std::string what, std::string why,
                                std::string mend) {
    return tl::unexpected(
        Refusal{Refusal::Why::invalid,
                std::move(field),
                {ErrorCode::usage, std::move(what), {}, std::move(why), std::move(mend)}});
}

template <std::size_t N>
tl::expected<void, Refusal> take(Text<N>& into, const std::string& text, std::string field) {
    auto taken = Text<N>::from(text);
    if (!taken)
        return invalid(std::move(field), std::move(taken.error().what),
                       std::move(taken.error().why), std::move(taken.error().mend));
    into = *taken;
    return {};
}

// Which field is to blame for what check_intent() says.
tl::unexpected<Refusal> unfit(const model::OrderIntent& intent, const model::Instrument& instrument,
                              OrderReason reason) {
    const std::string symbol(instrument.symbol.view());
    if (reason == OrderReason::price_off_tick)
        return invalid("limit_price", "a price is off the tick",
                       symbol + " has ticks of " + instrument.price_increment.to_string(),
                       "round the prices");
    if (reason == OrderReason::quantity_off_lot)
        return invalid("quantity", "the quantity is off the lot",
                       symbol + " has lots of " + instrument.quantity_increment.to_string(),
                       "round the quantity");
    if (reason == OrderReason::below_minimum)
        return invalid("quantity", "the quantity is too small", {}, "ask for more");
    if (intent.quantity.raw() <= 0)
        return invalid("quantity", "the quantity is not positive", intent.quantity.to_string(),
                       "ask for one or more");
    return invalid("", "no order can be made of it",
                   std::string(model::kOrderReasonNames[static_cast<std::size_t>(reason)]),
                   "look at its prices, its kind and how long it may work");
}

}  // namespace

void Directory::learn(const model::Instrument& instrument) {
    instruments_[std::string(instrument.symbol.view())] = instrument;
}
void Directory::learn(const model::Account& account) {
    if (accounts_.empty()) first_account_ = account.name.view();
    accounts_[std::string(account.name.view())] = account.id;
}
void Directory::learn(const model::Strategy& strategy) {
    strategies_[std::string(strategy.name.view())] = strategy.id;
}

tl::expected<void, Refusal> Directory::name_account(const IntentRequest& request,
                                                    model::OrderIntent& intent) const {
    const auto found = accounts_.find(request.account.empty() ? first_account_ : request.account);
    if (found == accounts_.end())
        return invalid("account", "there is no such account", request.account,
                       "see the list of accounts");
    intent.account = found->second;
    return {};
}

tl::expected<void, Refusal> Directory::name_strategy(const IntentRequest& request,
                                                     Named& named) const {
    const std::string name = request.strategy.empty() ? std::string(kManual) : request.strategy;
    if (const auto found = strategies_.find(name); found != strategies_.end()) {
        named.intent.strategy = found->second;
        return {};
    }
    if (auto taken = take(named.strategy.name, name, "strategy"); !taken) return taken;
    if (name.find_first_of(" :\t\r\n") != std::string::npos)
        return invalid("strategy", "this is no name of a strategy", name,
                       "leave out spaces and colons");
    if (strategies_.size() >= kStrategiesMax)
        return invalid("strategy", "there are too many strategies",
                       std::to_string(strategies_.size()), "use the name of one that there is");
    named.strategy.id = StrategyId(static_cast<std::uint16_t>(strategies_.size()));
    named.strategy.version = "1";
    named.intent.strategy = named.strategy.id;
    named.is_new = true;
    return {};
}

tl::expected<Directory::Named, Refusal> Directory::name(const IntentRequest& request) const {
    Named named;
    model::OrderIntent& intent = named.intent;
    if (request.key.empty())
        return invalid("key", "there is no idempotency key", {}, "give each wish one of its own");
    if (auto taken = take(intent.key, request.key, "key"); !taken)
        return tl::unexpected(std::move(taken.error()));
    if (auto taken = take(intent.tag, request.tag, "tag"); !taken)
        return tl::unexpected(std::move(taken.error()));
    const auto instrument = instruments_.find(request.symbol);
    if (instrument == instruments_.end())
        return invalid("symbol", "there is no such symbol", request.symbol,
                       "see the list of instruments");
    intent.instrument = instrument->second.id;
    if (auto done = name_account(request, intent); !done)
        return tl::unexpected(std::move(done.error()));
    if (auto done = name_strategy(request, named); !done)
        return tl::unexpected(std::move(done.error()));
    intent.side = request.side;
    intent.type = request.type;
    intent.time_in_force = request.time_in_force;
    intent.quantity = request.quantity;
    intent.limit_price = request.limit_price;
    intent.stop_price = request.stop_price;
    intent.stop_loss = request.stop_loss;
    intent.take_profit = request.take_profit;
    intent.expires_at = request.expires_at;
    intent.reduce_only = request.reduce_only;
    intent.post_only = request.post_only;
    const OrderReason reason = execution::check_intent(intent, instrument->second);
    if (reason != OrderReason::none) return unfit(intent, instrument->second, reason);
    return named;
}

tl::expected<Directory::Named, Refusal> Directory::name_of_check(
    const CommandRequest& request) const {
    const std::string_view words = request.argument;
    const std::size_t begin = std::min(words.find(' '), words.size() - 1) + 1;
    IntentRequest asked;
    asked.strategy = words.substr(begin, words.find(' ', begin) - begin);
    Named named;
    if (auto done = name_strategy(asked, named); !done)
        return tl::unexpected(std::move(done.error()));
    return named;
}

tl::expected<model::Command, Refusal> command_of(const CommandRequest& request) {
    static constexpr std::array<std::string_view, 15> kKnown = {
        "set-orders",          "promote-intent",
        "cancel-intent",       "cancel-order",
        "cancel-orders",       "engage-kill-switch",
        "release-kill-switch", "disable-trading",
        "enable-trading",      "flatten",
        "set-limit",           "lift-reduce-only",
        "check-order",         "release-reservation",
        "acknowledge-alert"};
    if (std::find(kKnown.begin(), kKnown.end(), request.name) == kKnown.end())
        return invalid("name", "there is no such command", request.name, "see the reference");
    if (request.actor.empty()) return invalid("actor", "nobody has said it", {}, "name who asks");
    model::Command command;
    if (auto taken = take(command.name, request.name, "name"); !taken)
        return tl::unexpected(std::move(taken.error()));
    if (auto taken = take(command.target, request.target, "target"); !taken)
        return tl::unexpected(std::move(taken.error()));
    if (auto taken = take(command.argument, request.argument, "argument"); !taken)
        return tl::unexpected(std::move(taken.error()));
    if (auto taken = take(command.actor, request.actor, "actor"); !taken)
        return tl::unexpected(std::move(taken.error()));
    return command;
}

}  // namespace millrace::orders
