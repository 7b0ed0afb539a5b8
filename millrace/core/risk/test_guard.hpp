// What tests of the guardian share: an engine with nothing but the guardian, books that say what
// the test wants, and builders of orders. The test plays strategy, desk and venue.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "millrace/core/engine/engine.hpp"
#include "millrace/core/risk/guardian.hpp"

namespace millrace::risk {

using model::OrderStatus;
using model::OrderType;
using model::Severity;
using model::Side;

[[nodiscard]] inline Price price(const char* text) {
    return Price::parse(text).value();
}
[[nodiscard]] inline Money money(const char* text) {
    return Money::parse(text).value();
}
[[nodiscard]] inline Time second(std::int64_t seconds) {
    return Time() + Duration::seconds(seconds);
}

class SaidBooks : public AccountView {
  public:
    [[nodiscard]] Maybe<Money> equity(AccountId /*account*/) const override { return has; }
    [[nodiscard]] Maybe<Money> paid_in(AccountId /*account*/) const override { return paid; }
    [[nodiscard]] Maybe<Money> cash(AccountId /*account*/) const override { return has; }
    [[nodiscard]] Maybe<Money> profit(AccountId /*account*/,
                                      StrategyId /*strategy*/) const override {
        return made;
    }
    // A euro is worth a dollar and a half; nothing else converts.
    [[nodiscard]] Maybe<Money> convert(Money amount, Code from, Code to) const override {
        if (from != Code("EUR") || to != Code("USD")) return {};
        return Money::from_raw(amount.raw() / 2 * 3);
    }

    Maybe<Money> has = Money::whole(100'000);
    Maybe<Money> paid = Money::whole(100'000);
    Maybe<Money> made = Money();  // by each strategy
};

class SaidHours : public HoursView {
  public:
    [[nodiscard]] bool is_open(InstrumentId /*instrument*/, Time /*now*/) override { return open; }
    bool open = true;
};

// Ticks of a cent, steps of one, in dollars.
[[nodiscard]] inline model::Instrument share(std::uint32_t number = 0) {
    model::Instrument instrument;
    instrument.id = InstrumentId(number);
    instrument.symbol = Text<32>::from("S" + std::to_string(number)).value();
    instrument.currency = "USD";
    instrument.price_increment = price("0.01");
    instrument.quantity_increment = Quantity::whole(1);
    instrument.multiplier = Ratio::whole(1);
    return instrument;
}

struct GuardRun : engine::EffectSink {
    // Limits as "max-position=100"; of a scope as "strategy:one/max-position=100".
    explicit GuardRun(const std::vector<std::string>& limits = {}, GuardianSettings settings = {}) {
        for (std::string text : limits) {
            ConfiguredLimit made;
            const std::size_t slash = text.find('/');
            if (slash != std::string::npos) {
                const std::string kind = text.substr(0, text.find(':'));
                for (std::size_t i = 0; i < kScopeNames.size(); ++i)
                    if (kScopeNames[i] == kind) made.kind = static_cast<ScopeKind>(i);
                made.name = text.substr(kind.size() + 1, slash - kind.size() - 1);
                text.erase(0, slash + 1);
            }
            const std::size_t sign = text.find('=');
            made.limit = limit_named(text.substr(0, sign)).value();
            made.value = parse_limit(made.limit, text.substr(sign + 1)).value();
            settings.limits.push_back(made);
        }
        auto guarding = std::make_unique<Guardian>(settings, books, &hours);
        guardian = guarding.get();
        std::vector<std::unique_ptr<engine::Component>> components;
        components.push_back(std::move(guarding));
        engine = std::make_unique<engine::Engine>(std::move(components), 1);
    }
    // An account, two strategies, two shares at 100.
    GuardRun& open() {
        for (const std::uint32_t number : {0U, 1U})
            tell(share(number));
        model::Account account;
        account.name = "main";
        account.currency = "USD";
        tell(account);
        for (const char* name : {"one", "two"}) {
            model::Strategy strategy;
            strategy.id = StrategyId(name[0] == 'o' ? 1 : 2);
            strategy.name = name;
            tell(strategy);
        }
        quote("100", "100");
        quote("100", "100", 1);
        return *this;
    }

    void take(std::span<const engine::Effect> effects) override {
        for (const engine::Effect& effect : effects) {
            if (effect.kind != engine::EffectKind::event) continue;
            if (effect.record.noun == model::Noun::alert)
                alerts.push_back(effect.record.as<model::Alert>());
            else if (effect.record.noun == model::Noun::order)
                orders.push_back(effect.record.as<model::Order>());
        }
    }
    template <class Noun>
    void tell(Noun noun) {
        noun.known_at = now;
        engine::Input input;
        input.sequence = engine->sequence() + 1;
        input.record = engine::record_of(noun);
        engine->apply(input, *this);
    }
    void quote(const char* bid, const char* ask, std::uint32_t instrument = 0) {
        model::Quote quote;
        quote.instrument = InstrumentId(instrument);
        quote.bid = price(bid);
        quote.ask = price(ask);
        tell(quote);
    }
    [[nodiscard]] model::Order order(Side side, std::int64_t quantity) {
        model::Order order;
        order.order_id = ++numbers;
        order.side = side;
        order.quantity = Quantity::whole(quantity);
        order.time_in_force = model::TimeInForce::gtc;
        order.strategy = StrategyId(1);
        return order;
    }
    [[nodiscard]] model::Order limit_order(Side side, std::int64_t quantity, const char* at) {
        model::Order made = order(side, quantity);
        made.type = OrderType::limit;
        made.limit_price = price(at);
        return made;
    }
    // The deciding code, or nothing when it passes.
    std::string ask(const model::Order& order) {
        tell(order);
        return said();
    }
    [[nodiscard]] std::string said() const {
        const Verdict& verdict = guardian->verdict();
        return verdict.passes() ? "" : std::string(description_of(verdict.list[0].rule).code);
    }
    std::string buy(std::int64_t quantity) { return ask(order(Side::buy, quantity)); }
    std::string sell(std::int64_t quantity) { return ask(order(Side::sell, quantity)); }
    void deal(const model::Order& of, std::int64_t quantity, const char* at = "100") {
        model::Fill fill;
        fill.fill_id = ++numbers;
        fill.order_id = of.order_id;
        fill.quantity = Quantity::whole(quantity);
        fill.price = price(at);
        fill.instrument = of.instrument;
        fill.strategy = of.strategy;
        fill.account = of.account;
        fill.side = of.side;
        tell(fill);
    }
    void report(model::Order of, OrderStatus status, std::int64_t filled = 0) {
        of.status = status;
        of.filled_quantity = Quantity::whole(filled);
        tell(of);
    }
    // Dealt by an order that the guardian never saw.
    void hold(std::int64_t quantity, std::uint32_t instrument = 0, std::uint16_t strategy = 1) {
        if (quantity == 0) return;
        model::Order of = order(quantity > 0 ? Side::buy : Side::sell, 1);
        of.instrument = InstrumentId(instrument);
        of.strategy = StrategyId(strategy);
        deal(of, quantity > 0 ? quantity : -quantity);
    }
    void command(const char* name, const char* target, const char* argument) {
        model::Command command;
        command.name = name;
        command.target = target;
        command.argument = argument;
        command.actor = "tester";
        tell(command);
    }
    [[nodiscard]] std::size_t told(std::string_view code, Severity severity) const {
        std::size_t count = 0;
        for (const model::Alert& alert : alerts)
            count += alert.code.view() == code && alert.severity == severity ? 1U : 0U;
        return count;
    }
    [[nodiscard]] bool is_sound() const { return engine->stopped().empty(); }

    SaidBooks books;
    SaidHours hours;
    Guardian* guardian = nullptr;
    std::unique_ptr<engine::Engine> engine;
    std::vector<model::Alert> alerts;
    std::vector<model::Order> orders;  // that the guardian asked for
    std::uint64_t numbers = 0;
    Time now = second(0);
};

}  // namespace millrace::risk
