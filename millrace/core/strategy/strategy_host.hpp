// StrategyHost: the engine's component around one strategy. It keeps what the strategy may ask
// (position, working orders), numbers its orders and signals, and passes on only what concerns it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "millrace/core/engine/component.hpp"
#include "millrace/core/strategy/strategy.hpp"
#include "millrace/core/strategy/working_orders.hpp"

namespace millrace::strategy {

struct HostOptions {
    StrategyId strategy;
    AccountId account;
    std::string name;  // of this instance, unique in the engine, at most 32 bytes
    std::vector<InstrumentId> instruments;  // that it hears of; empty = all
    Time live_from = Time::earliest();      // before this it warms up: hears, no more
    // Units of a lot, by instrument number; empty = the strategy speaks of units. Else what it
    // submits and signals, and the position it asks for, are lots; orders and deals are in units.
    std::vector<Quantity> lots = {};
};

class StrategyHost : public engine::Component, private Trading {
  public:
    StrategyHost(std::unique_ptr<Strategy> strategy, HostOptions options);

    [[nodiscard]] std::string_view name() const override { return options_.name; }
    [[nodiscard]] engine::Stage stage() const override { return engine::Stage::strategy; }
    [[nodiscard]] engine::NounSet wants() const override;
    void on_record(const engine::Record& record, engine::Context& context) override;
    void on_quote(const model::Quote& quote, engine::Context& context) override;
    void on_timer(std::uint64_t token, engine::Context& context) override;
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

    [[nodiscard]] const Strategy& strategy() const { return *strategy_; }
    [[nodiscard]] std::uint64_t orders_submitted() const { return orders_; }
    [[nodiscard]] std::uint64_t signals_given() const { return signals_; }

  private:
    [[nodiscard]] Time now() const override;
    [[nodiscard]] std::span<const model::Instrument> instruments() const override {
        return instruments_;
    }
    [[nodiscard]] Quantity position(InstrumentId instrument) const override;
    [[nodiscard]] std::span<const model::Order> working_orders() const override {
        return working_.all();
    }
    OrderId submit(InstrumentId instrument, model::Side side, Quantity quantity,
                   const OrderTerms& terms) override;
    void cancel(OrderId order) override;
    void signal(const model::Signal& signal) override;
    void set_timer(Time due, std::uint64_t token) override;
    void cancel_timer(std::uint64_t token) override;
    [[nodiscard]] Random& random() override;
    [[nodiscard]] bool is_live() const override { return now() >= options_.live_from; }
    [[nodiscard]] std::uint64_t new_group() override;

    template <class Call>
    void call(engine::Context& context, Call tell);
    [[nodiscard]] bool hears(InstrumentId instrument) const;
    void on_market(const engine::Record& record, engine::Context& context);
    void on_command(const model::Command& command, engine::Context& context);
    void on_action(const model::CorporateAction& action, engine::Context& context);
    void take_fill(const model::Fill& fill);
    void take_report(const model::Order& order);
    [[nodiscard]] Quantity lot_of(InstrumentId instrument) const;
    [[nodiscard]] Quantity held(InstrumentId instrument) const;  // in units
    [[nodiscard]] Quantity units_of(InstrumentId instrument, Quantity lots) const;

    std::unique_ptr<Strategy> strategy_;
    HostOptions options_;
    engine::Context* context_ = nullptr;  // of the call that is under way
    std::vector<bool> heard_;             // by instrument number
    std::vector<model::Instrument> instruments_;
    std::vector<Quantity> positions_;  // by instrument number
    mutable WorkingOrders working_;    // to look at all of it tidies it up
    std::uint64_t orders_ = 0;
    std::uint64_t signals_ = 0;
    std::uint64_t groups_ = 0;
    bool started_ = false;
    bool stopped_ = false;
};

}  // namespace millrace::strategy
