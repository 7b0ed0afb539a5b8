// OrderEcho: turns each order intent into one order for the venue, cancels it by a timer, and
// counts. It is the smallest component with all that a crash can break (state, timers, chance,
// sends), and the simulation's subject.
#pragma once

#include "millrace/core/engine/component.hpp"

namespace millrace::drivers {

class OrderEcho : public engine::Component {
  public:
    [[nodiscard]] std::string_view name() const override { return "order-echo"; }
    [[nodiscard]] engine::Stage stage() const override { return engine::Stage::execution; }
    [[nodiscard]] engine::NounSet wants() const override {
        return {model::Noun::order_intent, model::Noun::quote};
    }
    void on_record(const engine::Record& record, engine::Context& context) override;
    void on_timer(std::uint64_t token, engine::Context& context) override;
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

    [[nodiscard]] std::uint64_t orders() const { return orders_; }

  private:
    std::uint64_t orders_ = 0;
    std::uint64_t expired_ = 0;
    std::uint64_t luck_ = 0;  // sum of numbers drawn: a wrong random state shows here
    Price last_bid_;
};

}  // namespace millrace::drivers
