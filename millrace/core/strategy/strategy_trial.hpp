// StrategyTrial: one strategy alone in an engine, for tests of strategies, ours and yours. Tell it
// what happens on the market, then look at what the strategy asked for. Its venue has no friction:
// market orders deal at once at the last price, cancels are done at once, and every other order
// waits for fill().
//
//   StrategyTrial trial(std::make_unique<GoldenCross>());
//   trial.bar(Price::whole(100));
//   EXPECT_TRUE(trial.orders().empty());
#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "millrace/core/engine/engine.hpp"
#include "millrace/core/strategy/strategy.hpp"

namespace millrace::strategy {

class StrategyTrial : private engine::EffectSink {
  public:
    // With instrument 0, "TEST", whose price moves by whole units. Before `live_from` the strategy
    // warms up.
    explicit StrategyTrial(std::unique_ptr<Strategy> strategy, Time live_from = Time::earliest());

    // Each comes a minute after the one before, the first at minute 1 of 1970.
    void bar(Price close);  // a bar of one price
    void quote(Price bid, Price ask);
    // Any other noun, as it is; of a bar the close is the last price then.
    template <class Noun>
    void tell(const Noun& noun) {
        if constexpr (std::is_same_v<Noun, model::Bar>) last_price_ = noun.close;
        apply(engine::record_of(noun));
        settle();
    }

    // Deals the whole order: at its limit, or at the last price.
    void fill(const model::Order& order);

    // Goes on with `fresh` in the strategy's place, loaded from what it saved.
    void restart(std::unique_ptr<Strategy> fresh);

    // As they were asked for, in that order: status `pending`, or `cancel_requested` for a cancel.
    [[nodiscard]] const std::vector<model::Order>& orders() const { return orders_; }
    [[nodiscard]] const std::vector<model::Signal>& signals() const { return signals_; }
    [[nodiscard]] Quantity position() const { return position_; }
    [[nodiscard]] Time now() const { return engine_->now(); }
    // Of all that happened: two trials alike have the same.
    [[nodiscard]] std::uint64_t running_hash() const { return engine_->running_hash(); }

  private:
    void take(std::span<const engine::Effect> effects) override;
    [[nodiscard]] std::unique_ptr<engine::Engine> engine_of(std::unique_ptr<Strategy> strategy);
    void apply(const engine::Record& record);
    void deal(const model::Order& order);
    void settle();

    Time live_from_;
    std::unique_ptr<engine::Engine> engine_;
    Price last_price_;
    Quantity position_;
    std::int64_t minutes_ = 0;
    std::uint64_t fills_ = 0;
    std::size_t answered_ = 0;  // how many of the orders
    std::vector<model::Order> orders_;
    std::vector<model::Signal> signals_;
};

}  // namespace millrace::strategy
