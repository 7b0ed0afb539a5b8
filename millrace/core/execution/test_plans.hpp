// What tests of the planner share: an engine of Planner and OrderDesk, and builders of what it is
// told. The test plays the strategy and the venue.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "millrace/core/engine/engine.hpp"
#include "millrace/core/execution/order_desk.hpp"
#include "millrace/core/execution/planner.hpp"

namespace millrace::execution {

using model::OrderReason;
using model::OrderStatus;
using model::OrderType;
using model::Side;
using model::SignalAction;

inline constexpr StrategyId kStrategy(3);
inline constexpr AccountId kAccount(1);

[[nodiscard]] inline Price price(const char* text) {
    return Price::parse(text).value();
}
[[nodiscard]] inline Quantity quantity(const char* text) {
    return Quantity::parse(text).value();
}
[[nodiscard]] inline Time second(std::int64_t seconds) {
    return Time() + Duration::seconds(seconds);
}

// Ticks of a cent, steps of one, in dollars.
[[nodiscard]] inline model::Instrument share() {
    model::Instrument instrument;
    instrument.symbol = "TEST";
    instrument.currency = "USD";
    instrument.price_increment = price("0.01");
    instrument.quantity_increment = Quantity::whole(1);
    instrument.multiplier = Ratio::whole(1);
    return instrument;
}

[[nodiscard]] inline PlanSettings plan() {
    PlanSettings settings;
    settings.strategy = kStrategy;
    settings.account = kAccount;
    settings.quantity = Quantity::whole(10);
    return settings;
}

[[nodiscard]] inline model::Signal signal(SignalAction action) {
    model::Signal signal;
    signal.signal_id = 1;
    signal.strength = Ratio::whole(1);
    signal.strategy = kStrategy;
    signal.action = action;
    return signal;
}

class PlanRun : public engine::EffectSink {
  public:
    explicit PlanRun(const std::vector<PlanSettings>& plans,
                     const model::Instrument& instrument = share()) {
        auto made = std::make_unique<Planner>(plans);
        planner = made.get();
        auto desk = std::make_unique<OrderDesk>();
        std::vector<std::unique_ptr<engine::Component>> components;
        components.push_back(std::move(desk));
        components.push_back(std::move(made));
        engine = std::make_unique<engine::Engine>(std::move(components), 1);
        tell(instrument);
    }
    explicit PlanRun(const PlanSettings& settings) : PlanRun(std::vector{settings}) {}

    void take(std::span<const engine::Effect> effects) override {
        for (const engine::Effect& effect : effects) {
            if (effect.record.noun == model::Noun::alert)
                alerts.push_back(effect.record.as<model::Alert>());
            if (effect.kind != engine::EffectKind::send) continue;
            const auto& order = effect.record.as<model::Order>();
            if (order.status == OrderStatus::cancel_requested)
                cancels.push_back(order.order_id);
            else
                sent.push_back(order);
        }
    }

    template <class T>
    void tell(T noun) {
        noun.known_at = std::max(noun.known_at, engine->now());
        engine->apply({engine->sequence() + 1, engine::record_of(noun)}, *this);
    }
    void tell_time(Time time) { tell(model::Clock{time}); }
    void quote(const char* bid, const char* ask, std::uint32_t instrument = 0) {
        model::Quote quote;
        quote.bid = price(bid);
        quote.ask = price(ask);
        quote.instrument = InstrumentId(instrument);
        tell(quote);
    }
    void balance(const char* equity, const char* cash, Code currency = "USD") {
        model::Balance balance;
        balance.account = kAccount;
        balance.currency = currency;
        balance.equity = Money::parse(equity).value();
        balance.cash = Money::parse(cash).value();
        tell(balance);
    }
    // What became of the signal, which must be exactly one thing.
    PlanOutcome give(const model::Signal& signal) {
        const PlanCounts before = planner->counts();
        tell(signal);
        const PlanCounts after = planner->counts();
        std::vector<PlanOutcome> became;
        for (std::size_t i = 0; i < after.outcomes.size(); ++i)
            for (std::uint64_t n = before.outcomes[i]; n < after.outcomes[i]; ++n)
                became.push_back(static_cast<PlanOutcome>(i));
        MILLRACE_ASSERT(became.size() == 1, "a signal has one outcome");
        return became.front();
    }
    PlanOutcome give(SignalAction action) { return give(signal(action)); }

    void report(const model::Order& order, OrderStatus status, Quantity filled = {},
                OrderReason reason = OrderReason::none) {
        model::Order report = order;
        report.status = status;
        report.filled_quantity = filled;
        report.reason = reason;
        tell(report);
    }
    void fill(const model::Order& order, Quantity dealt) {
        model::Fill fill;
        fill.fill_id = engine->sequence() + 1;
        fill.order_id = order.order_id;
        fill.quantity = dealt;
        fill.price = price("100");
        fill.instrument = order.instrument;
        fill.strategy = order.strategy;
        fill.account = order.account;
        fill.side = order.side;
        tell(fill);
    }
    // By value: what a deal sets off grows `sent`, where the order may stand.
    void deal_all(model::Order order) {
        fill(order, order.quantity);
        report(order, OrderStatus::filled, order.quantity);
    }
    [[nodiscard]] Quantity position() const {
        return planner->position(kStrategy, InstrumentId(0));
    }
    // Long ten by a plan of market orders.
    void go_long() {
        MILLRACE_ASSERT(give(SignalAction::buy) == PlanOutcome::entered, "no entry");
        deal_all(sent.back());
        MILLRACE_ASSERT(position() == Quantity::whole(10), "not long ten");
    }

    Planner* planner = nullptr;
    std::unique_ptr<engine::Engine> engine;
    std::vector<model::Order> sent;      // to the venue
    std::vector<std::uint64_t> cancels;  // asked of the venue
    std::vector<model::Alert> alerts;
};

}  // namespace millrace::execution
