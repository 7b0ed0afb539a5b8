// Simulation: an engine and a simulated venue in virtual time. Each datum goes to the venue first,
// its reports to the engine before the datum, and what the engine then sends to the venue at once;
// timers, late requests and late reports take their turn between data. Nothing here is a rule of
// trading: it only keeps the order of docs/concept/total-order.md.
#pragma once

#include <span>
#include <variant>
#include <vector>

#include "millrace/core/engine/engine.hpp"
#include "millrace/core/venue/cash_booking.hpp"
#include "millrace/core/venue/exchange.hpp"

namespace millrace::backtest {

// Hears of what happened, in order. Must not call the simulation.
class SimulationWatcher {
  public:
    virtual ~SimulationWatcher() = default;
    // What components told each other: orders pending, signals, positions, alerts …
    virtual void on_event(const engine::Record& record) = 0;
    // What the venue reported.
    virtual void on_order(const model::Order& order) = 0;
    virtual void on_fill(const model::Fill& fill) = 0;
    virtual void on_cash(const venue::CashCharge& /*charge*/) {}
    virtual void on_corporate_action(const model::CorporateAction& /*action*/) {}
};

// Keeps what the engine is told, before it is told: a journal.
class InputKeeper {
  public:
    virtual ~InputKeeper() = default;
    virtual void keep(const engine::Input& input) = 0;
};

class Simulation : private engine::EffectSink, private venue::ReportSink {
  public:
    // The watcher outlives the simulation; the buying power and the desk may be null. The desk must
    // have been told of the accounts and their money.
    static Result<std::unique_ptr<Simulation>> make(
        std::vector<std::unique_ptr<engine::Component>> components, std::uint64_t seed,
        const venue::Settings& settings, venue::BuyingPower* buying_power,
        SimulationWatcher& watcher, engine::EngineChecks checks = {},
        venue::CreditDesk* credit = nullptr);

    // Before the first datum. Null: nobody keeps them.
    void keep_inputs(InputKeeper* keeper) { keeper_ = keeper; }
    // Before the data; `terms` as in SimulatedExchange::define.
    void define(const model::Instrument& instrument, const venue::Terms& terms);
    // Definitions and commands, for the engine alone.
    template <class Noun>
    void tell(const Noun& noun) {
        note_name(noun);
        apply(engine::record_of(noun));
        settle();
    }

    // Everything before `time` takes place: what is due at the venue, timers, late reports. Called
    // by the on_… below.
    void run_until(Time time) {
        if (next_due() < time) [[unlikely]]
            run_due(time);
    }
    void on_bar_open(const model::Bar& bar);
    // `is_matched` false: only the engine hears of it.
    void on_bar(const model::Bar& bar, bool is_matched = true);
    void on_quote(const model::Quote& quote);
    // The same for each in its turn, with an eye on those that follow: where the state of many
    // instruments does not fit the nearest cache a third faster (bench: Backtest/taker).
    void on_quotes(std::span<const model::Quote> quotes);
    void on_trade(const model::Trade& trade);
    // Between what is known at its moment and what begins then.
    void on_corporate_action(const model::CorporateAction& action);
    // All of this time has been told.
    void end_of(Time time);

    [[nodiscard]] const engine::Engine& engine() const { return engine_; }
    [[nodiscard]] const venue::SimulatedExchange& exchange() const { return *exchange_; }

  private:
    using Report =
        std::variant<model::Order, model::Fill, venue::CashCharge, model::CorporateAction>;

    Simulation(std::vector<std::unique_ptr<engine::Component>> components, std::uint64_t seed,
               SimulationWatcher& watcher, engine::EngineChecks checks)
        : engine_(std::move(components), seed, checks), watcher_(watcher) {}

    // EffectSink and ReportSink: neither may call back, so both only take notes.
    void take(std::span<const engine::Effect> effects) override;
    void on_order(const model::Order& order) override {
        if (next_report_ == reports_.size()) next_report_at_ = order.known_at;
        reports_.emplace_back(order);
    }
    void on_fill(const model::Fill& fill) override {
        if (next_report_ == reports_.size()) next_report_at_ = fill.known_at;
        reports_.emplace_back(fill);
    }
    void on_cash(const venue::CashCharge& charge) override {
        if (next_report_ == reports_.size()) next_report_at_ = charge.known_at;
        reports_.emplace_back(charge);
    }

    void on_action(const model::CorporateAction& action) override {
        if (next_report_ == reports_.size()) next_report_at_ = action.known_at;
        reports_.emplace_back(action);
    }

    [[nodiscard]] Time next_due() const {
        return std::min({exchange_->next_due(), engine_.next_timer(), next_report_at_});
    }
    void run_due(Time time);
    void tell_time(Time now);
    void apply(const engine::Record& record) {
        const engine::Input input{++sequence_, record, 0, 0};
        if (keeper_ != nullptr) [[unlikely]]
            keeper_->keep(input);
        engine_.apply(input, *this);
    }
    void settle(Time now) {
        if (next_report_at_ <= now || !requests_.empty()) [[unlikely]]
            settle_some(now);
    }
    void settle() { settle(engine_.now()); }
    void settle_some(Time now);
    void deliver(Time now);
    void request(const model::Order& order);
    // What the venue charges is booked by name.
    template <class Noun>
    void note_name(const Noun& noun) {
        if constexpr (std::is_same_v<Noun, model::Account> || std::is_same_v<Noun, model::Strategy>)
            booking_.hear(noun);
    }
    [[nodiscard]] static Time known_at(const Report& report);

    engine::Engine engine_;
    std::optional<venue::SimulatedExchange> exchange_;  // made after *this, its sink
    SimulationWatcher& watcher_;
    InputKeeper* keeper_ = nullptr;
    std::vector<model::Order> requests_;  // from the engine, for the venue
    std::vector<Report> reports_;         // from the venue, for the engine
    std::size_t next_report_ = 0;
    Time next_report_at_ = Time::latest();  // when it is known; latest: there is none
    venue::CashBooking booking_;
    std::uint64_t sequence_ = 0;
};

}  // namespace millrace::backtest
