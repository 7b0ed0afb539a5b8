#include "millrace/core/strategy/strategy_trial.hpp"

#include <gtest/gtest.h>

namespace millrace::strategy {
namespace {

// Buys at the market on each bar and rests a sale a unit above; cancels the sale on a quote.
class Both : public Strategy {
  public:
    void on_bar(const model::Bar& bar) override {
        MILLRACE_ASSERT(bar.close < Price::whole(100), "a price that it cannot bear");
        trading().buy(bar.instrument, Quantity::whole(2));
        OrderTerms terms;
        terms.type = model::OrderType::limit;
        terms.limit_price = Price::whole(11);
        sale_ = trading().sell(bar.instrument, Quantity::whole(1), terms);
    }
    void on_quote(const model::Quote& /*quote*/) override { trading().cancel(sale_); }
    void on_fill(const model::Fill& fill) override { prices.push_back(fill.price); }
    void on_order(const model::Order& order) override { statuses.push_back(order.status); }
    void save(engine::StateWriter& writer) const override { writer.put(sale_); }
    void load(engine::StateReader& reader) override { sale_ = reader.get<OrderId>(); }

    std::vector<Price> prices;
    std::vector<model::OrderStatus> statuses;

  private:
    OrderId sale_ = 0;
};

TEST(StrategyTrial, Deals_market_orders_at_once_and_others_when_it_is_told) {
    auto owned = std::make_unique<Both>();
    const Both& both = *owned;
    StrategyTrial trial(std::move(owned));
    trial.bar(Price::whole(10));
    EXPECT_EQ(trial.position(), Quantity::whole(2));
    EXPECT_EQ(both.prices, std::vector<Price>{Price::whole(10)});
    ASSERT_EQ(trial.orders().size(), 2U);
    const model::Order sale = trial.orders()[1];
    trial.fill(sale);
    EXPECT_EQ(trial.position(), Quantity::whole(1));
    EXPECT_EQ(both.prices.back(), Price::whole(11));
    EXPECT_EQ(both.statuses, (std::vector<model::OrderStatus>{model::OrderStatus::filled,
                                                              model::OrderStatus::filled}));
}

TEST(StrategyTrial, Goes_on_with_what_was_saved) {
    StrategyTrial trial(std::make_unique<Both>());
    trial.bar(Price::whole(10));
    auto fresh = std::make_unique<Both>();
    const Both& both = *fresh;
    trial.restart(std::move(fresh));
    trial.quote(Price::whole(9), Price::whole(10));
    ASSERT_EQ(trial.orders().size(), 3U);
    EXPECT_EQ(trial.orders()[2].status, model::OrderStatus::cancel_requested);
    EXPECT_EQ(trial.orders()[2].order_id, trial.orders()[1].order_id);
    EXPECT_EQ(both.statuses, std::vector<model::OrderStatus>{model::OrderStatus::cancelled});
}

TEST(StrategyTrial, Throws_what_stopped_the_strategy) {
    StrategyTrial trial(std::make_unique<Both>());
    EXPECT_THROW(trial.bar(Price::whole(100)), AssertionFailed);
}

}  // namespace
}  // namespace millrace::strategy
