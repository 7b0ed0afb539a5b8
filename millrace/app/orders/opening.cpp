// Each part compares the settings with the engine's state and says what differs.
#include "millrace/app/orders/opening.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace millrace::orders {
namespace {

using Inputs = std::vector<OpeningInput>;

template <class Noun>
bool has_name(const std::vector<Noun>& nouns, std::string_view name) {
    return std::any_of(nouns.begin(), nouns.end(),
                       [&](const Noun& noun) { return noun.name.view() == name; });
}

Result<model::Command> command(std::string_view name, std::string_view target,
                               std::string_view argument) {
    model::Command said;
    auto named = Text<32>::from(name);
    auto aimed = Text<64>::from(target);
    auto argued = Text<2048>::from(argument);
    if (!named || !aimed || !argued)
        return failure(ErrorCode::config, "a setting is too long", std::string(name), {},
                       "shorten it");
    said.name = *named;
    said.target = *aimed;
    said.argument = *argued;
    said.actor = "configuration";
    return said;
}

Result<void> add_command(Inputs& inputs, std::string_view name, std::string_view target,
                         std::string_view argument) {
    auto said = command(name, target, argument);
    if (!said) return failure(std::move(said.error()));
    inputs.emplace_back(*said);
    return {};
}

void add_instruments(const Settings& settings, const OutcomeWatch& watch, Inputs& inputs) {
    auto next = static_cast<std::uint32_t>(watch.instruments().size());
    for (const std::string& symbol : settings.symbols) {
        const bool is_known = std::any_of(
            watch.instruments().begin(), watch.instruments().end(),
            [&](const model::Instrument& known) { return known.symbol.view() == symbol; });
        if (!is_known) inputs.emplace_back(Settings::share(symbol, InstrumentId(next++)));
    }
}

Result<void> add_accounts(const Settings& settings, const OutcomeWatch& watch, Inputs& inputs) {
    auto next = static_cast<std::uint16_t>(watch.accounts().size());
    for (const AccountTerms& terms : settings.accounts) {
        if (has_name(watch.accounts(), terms.name)) continue;
        model::Account account;
        account.id = AccountId(next++);
        account.name = Text<32>::from(terms.name).value();
        account.currency = Code::from(terms.currency).value();
        inputs.emplace_back(account);
        if (terms.opening_cash == Money()) continue;
        auto booked = add_command(
            inputs, "book-cash", terms.name,
            fmt::format("deposit {} {}", terms.opening_cash.to_string(), terms.currency));
        if (!booked) return booked;
    }
    return {};
}

// "symbol:AAPL"
std::string target_of(const risk::ConfiguredLimit& limit) {
    if (limit.kind == risk::ScopeKind::global) return "global";
    return fmt::format("{}:{}", risk::kScopeNames[static_cast<std::size_t>(limit.kind)],
                       limit.name);
}

Result<void> add_limits(const Settings& settings, const risk::Guardian& guardian, Inputs& inputs) {
    std::map<std::pair<std::string, risk::Limit>, std::int64_t> wanted;
    if (settings.has_default_limits) {
        const risk::LimitSet set = risk::default_limits();
        for (const risk::LimitDescription& known : risk::limits())
            if (set.has(known.limit)) wanted[{"global", known.limit}] = set[known.limit];
    }
    for (const risk::ConfiguredLimit& limit : settings.limits)
        wanted[{target_of(limit), limit.limit}] = limit.value;
    std::map<std::pair<std::string, risk::Limit>, const risk::LimitRecord*> known;
    for (const risk::LimitRecord& record : guardian.limit_book().records())
        known[{guardian.text_of(record.scope), record.limit}] = &record;
    for (const auto& [key, value] : wanted) {
        const auto found = known.find(key);
        if (found == known.end() && value == risk::kUnset) continue;
        if (found != known.end() &&
            (found->second->actor.view() != kConfiguration || found->second->value == value))
            continue;
        const std::string words = fmt::format("{} {}", risk::description_of(key.second).name,
                                              risk::text_of(key.second, value));
        if (auto said = add_command(inputs, "set-limit", key.first, words); !said) return said;
    }
    return {};
}

Result<void> add_rules(const Settings& settings, const execution::IntentBook& intents,
                       Inputs& inputs) {
    const execution::SendRules wanted{settings.sends(), settings.auto_promotes,
                                      settings.guards_market};
    if (intents.rules() == wanted) return {};
    const auto word = [](bool value) { return value ? "yes" : "no"; };
    return add_command(inputs, "set-orders", "",
                       fmt::format("sends={} auto-promote={} market-guard={}", word(wanted.sends),
                                   word(wanted.auto_promotes), word(wanted.guards_market)));
}

}  // namespace

Result<std::vector<OpeningInput>> opening_inputs(const Settings& settings,
                                                 const Assembly& assembly) {
    Inputs inputs;
    add_instruments(settings, *assembly.watch, inputs);
    if (!has_name(assembly.watch->strategies(), kManual)) {
        model::Strategy manual;
        manual.id = StrategyId(static_cast<std::uint16_t>(assembly.watch->strategies().size()));
        manual.name = "manual";
        manual.version = "1";
        inputs.emplace_back(manual);
    }
    if (auto added = add_accounts(settings, *assembly.watch, inputs); !added)
        return failure(std::move(added.error()));
    if (auto added = add_limits(settings, *assembly.guardian, inputs); !added)
        return failure(std::move(added.error()));
    if (auto added = add_rules(settings, *assembly.intents, inputs); !added)
        return failure(std::move(added.error()));
    return inputs;
}

}  // namespace millrace::orders
