#include "millrace/core/portfolio/portfolio_component.hpp"

#include <gtest/gtest.h>

#include "millrace/core/portfolio/test_books.hpp"

#include "tests/support/probe_components.hpp"

namespace millrace::portfolio {
namespace {

using engine::Engine;
using engine::Noun;

// Remembers what the books tell.
class Listener : public engine::EffectSink {
  public:
    void take(std::span<const engine::Effect> effects) override {
        for (const engine::Effect& effect : effects) {
            if (effect.kind != engine::EffectKind::event) continue;
            if (effect.record.noun == Noun::balance)
                balances.push_back(effect.record.as<model::Balance>());
            if (effect.record.noun == Noun::position)
                positions.push_back(effect.record.as<model::Position>());
            if (effect.record.noun == Noun::alert)
                alerts.push_back(effect.record.as<model::Alert>());
        }
    }
    std::vector<model::Balance> balances;
    std::vector<model::Position> positions;
    std::vector<model::Alert> alerts;
};

class PortfolioComponentTest : public testing::Test {
  protected:
    void start(PortfolioComponentSettings settings, const model::Account& owner = account(),
               const model::Instrument& instrument = share()) {
        auto component = std::make_unique<PortfolioComponent>(settings);
        component_ = component.get();
        std::vector<std::unique_ptr<engine::Component>> components;
        components.push_back(std::move(component));
        engine_.emplace(std::move(components), 1);
        tell(0, instrument);
        tell(0, owner);
    }
    template <class T>
    void tell(std::int64_t seconds, T noun) {
        noun.known_at = second(seconds);
        engine::Input input;
        input.sequence = engine_->sequence() + 1;
        input.record = engine::record_of(noun);
        engine_->apply(input, told_);
    }
    static PortfolioComponentSettings funded() {
        PortfolioComponentSettings settings;
        settings.opening.push_back(cash("10000"));
        return settings;
    }
    static model::Bar bar(const char* close, std::uint32_t instrument = 0) {
        model::Bar bar;
        bar.open = bar.high = bar.low = bar.close = price(close);
        bar.instrument = InstrumentId(instrument);
        return bar;
    }

    std::optional<Engine> engine_;
    PortfolioComponent* component_ = nullptr;
    Listener told_;
};

TEST_F(PortfolioComponentTest, Tells_a_position_and_a_balance_after_a_deal) {
    start(funded());
    ASSERT_EQ(told_.balances.size(), 1U);
    EXPECT_EQ(told_.balances[0].equity, money("10000"));
    tell(5, bought("100", "10"));
    ASSERT_EQ(told_.positions.size(), 1U);
    EXPECT_EQ(told_.positions[0].quantity, quantity("100"));
    EXPECT_EQ(told_.positions[0].average_price, Maybe<Price>(price("10")));
    EXPECT_EQ(told_.positions[0].known_at, second(5));
    ASSERT_EQ(told_.balances.size(), 2U);
    EXPECT_EQ(told_.balances[1].cash, money("9000"));
    EXPECT_TRUE(engine_->stopped().empty());
}

TEST_F(PortfolioComponentTest, Samples_at_each_bar_and_corrects_the_point_by_a_deal_of_its_moment) {
    start(funded());
    tell(5, bought("100", "10"));
    tell(60, bar("12"));
    EXPECT_EQ(told_.balances.back().equity, money("10200"));
    model::Fill fill = sold("100", "12");
    fill.fee = money("1");
    fill.fee_currency = "USD";
    tell(60, fill);
    tell(120, bar("15"));
    const auto curve = component_->books().curve(kAccount);
    ASSERT_EQ(curve.size(), 2U);
    EXPECT_EQ(curve[0], (EquitySample{second(60), money("10199")}));
    EXPECT_EQ(curve[1], (EquitySample{second(120), money("10199")}));
}

TEST_F(PortfolioComponentTest, Samples_at_every_so_many_events) {
    PortfolioComponentSettings settings = funded();
    settings.sample = {SampleRule::When::events, 3, {}};
    start(settings);
    for (int i = 1; i <= 7; ++i)
        tell(i, quote("10", "11"));
    const auto curve = component_->books().curve(kAccount);
    ASSERT_EQ(curve.size(), 2U);
    EXPECT_EQ(curve[0].time, second(3));
    EXPECT_EQ(curve[1].time, second(6));
}

TEST_F(PortfolioComponentTest, Samples_on_the_whole_minutes) {
    PortfolioComponentSettings settings = funded();
    settings.sample = {SampleRule::When::interval, 1, Duration::minutes(1)};
    start(settings);
    tell(59, quote("10", "11"));
    EXPECT_TRUE(component_->books().curve(kAccount).empty());
    tell(130, quote("10", "11"));
    const auto curve = component_->books().curve(kAccount);
    ASSERT_EQ(curve.size(), 2U);
    EXPECT_EQ(curve[0].time, second(60));
    EXPECT_EQ(curve[1].time, second(120));
}

TEST_F(PortfolioComponentTest, A_reduce_only_order_closes_in_hedging_mode) {
    start(funded(), account("USD", model::PositionMode::hedging));
    tell(1, bought("10", "100"));
    model::Order order;
    order.order_id = 7;
    order.quantity = quantity("10");
    order.side = model::Side::sell;
    order.type = model::OrderType::stop;
    order.reduce_only = true;
    tell(2, order);
    model::Fill fill = sold("10", "90");
    fill.order_id = 7;
    tell(3, fill);
    ASSERT_EQ(told_.positions.size(), 4U);  // two legs each time
    EXPECT_TRUE(told_.positions[2].quantity.is_zero());
    EXPECT_TRUE(told_.positions[3].quantity.is_zero());
    ASSERT_EQ(component_->books().trades().size(), 1U);
    EXPECT_EQ(component_->books().trades()[0].reason, ExitReason::stop);
    EXPECT_EQ(component_->books().trades()[0].gross, money("-100"));
}

TEST_F(PortfolioComponentTest, An_order_is_forgotten_when_it_and_its_deals_are_through) {
    OrderNotes notes;
    model::Order order;
    order.order_id = 3;
    notes.hear(order);
    EXPECT_EQ(notes.size(), 1U);
    order.status = model::OrderStatus::filled;
    order.filled_quantity = quantity("5");
    notes.hear(order);  // told before its deals
    EXPECT_EQ(notes.size(), 1U);
    model::Fill fill = bought("3", "1");
    fill.order_id = 3;
    EXPECT_EQ(notes.hear(fill).reason, ExitReason::market);
    fill.quantity = quantity("2");
    EXPECT_EQ(notes.hear(fill).reason, ExitReason::market);
    EXPECT_EQ(notes.size(), 0U);
    EXPECT_EQ(notes.hear(fill).reason, ExitReason::unknown);
    order.status = model::OrderStatus::rejected;
    order.filled_quantity = Quantity();
    notes.hear(order);
    EXPECT_EQ(notes.size(), 0U);
}

TEST_F(PortfolioComponentTest, Deals_of_the_venues_own_order_are_a_liquidation) {
    OrderNotes notes;
    model::Order order;
    order.order_id = 3;
    order.status = model::OrderStatus::accepted;
    order.reason = model::OrderReason::margin_call;
    order.reduce_only = true;
    notes.hear(order);
    model::Fill fill = bought("3", "1");
    fill.order_id = 3;
    EXPECT_EQ(notes.hear(fill).reason, ExitReason::liquidation);
    EXPECT_EQ(notes.hear(fill).effect, PositionEffect::close);
    order.order_id = 4;  // one of ours, which the call ended half way
    order.status = model::OrderStatus::accepted;
    order.reason = model::OrderReason::none;
    notes.hear(order);
    order.status = model::OrderStatus::cancelled;
    order.reason = model::OrderReason::margin_call;
    order.filled_quantity = quantity("5");
    notes.hear(order);
    fill.order_id = 4;
    EXPECT_EQ(notes.hear(fill).reason, ExitReason::market);
}

TEST_F(PortfolioComponentTest, An_order_that_was_forgotten_stays_so_when_a_cancel_came_too_late) {
    OrderNotes notes;
    model::Order order;
    order.order_id = 3;
    notes.hear(order);
    model::Fill fill = bought("5", "1");
    fill.order_id = 3;
    EXPECT_EQ(notes.hear(fill).reason, ExitReason::market);
    order.status = model::OrderStatus::filled;
    order.filled_quantity = quantity("5");
    notes.hear(order);
    EXPECT_EQ(notes.size(), 0U);
    order.reason = model::OrderReason::already_over;
    notes.hear(order);
    EXPECT_EQ(notes.size(), 0U);
}

TEST_F(PortfolioComponentTest, Cash_is_booked_by_command) {
    start(funded());
    model::Strategy strategy;
    strategy.id = StrategyId(2);
    strategy.name = "carry";
    tell(0, strategy);
    model::Command command;
    command.name = "book-cash";
    command.target = "main";
    command.argument = "borrow_fee -12.50 USD carry";
    tell(1, command);
    EXPECT_EQ(component_->books().ledger(kAccount, StrategyId(2), "USD").realised, money("-12.5"));
    EXPECT_EQ(told_.balances.back().equity, money("9987.5"));
    EXPECT_TRUE(told_.alerts.empty());
}

TEST_F(PortfolioComponentTest, A_command_that_makes_no_sense_changes_nothing_and_says_so) {
    start(funded());
    model::Command command;
    command.name = "book-cash";
    command.target = "main";
    for (const char* argument : {"", "gift 1 USD", "deposit x USD", "deposit 1",
                                 "deposit 1 DOLLARS-US", "deposit 1 USD no", "deposit 1 USD a b"}) {
        command.argument = argument;
        tell(1, command);
    }
    command.target = "nobody";
    command.argument = "deposit 1 USD";
    tell(1, command);
    ASSERT_EQ(told_.alerts.size(), 8U);
    EXPECT_EQ(told_.alerts[0].code, Text<32>("cash_not_booked"));
    EXPECT_EQ(component_->books().ledger(kAccount, "USD").value().cash, money("10000"));
    EXPECT_TRUE(engine_->stopped().empty());
}

TEST_F(PortfolioComponentTest, A_missing_rate_is_said_once_and_the_balance_waits) {
    start(funded(), account("USD"), share(0, "EUR"));
    tell(0, pair_of(1, "EUR", "USD"));
    tell(1, bought("10", "100"));
    tell(2, bar("101"));
    tell(3, bar("102"));
    ASSERT_EQ(told_.alerts.size(), 1U);
    EXPECT_EQ(told_.alerts[0].code, Text<32>("missing_rate"));
    EXPECT_EQ(told_.balances.size(), 1U);  // of the opening
    tell(4, bar("1.5", 1));
    EXPECT_EQ(told_.balances.back().equity, money("10030"));
    EXPECT_EQ(told_.alerts.size(), 1U);
}

TEST_F(PortfolioComponentTest, Books_that_cannot_be_right_stop) {
    start(funded());
    tell(1, bought("1000000000", "90"));
    tell(2, trade("95"));
    ASSERT_EQ(engine_->stopped().size(), 1U);
    EXPECT_EQ(engine_->stopped()[0].name, "portfolio");
    EXPECT_NE(engine_->stopped()[0].report.find("beyond 92 billion"), std::string::npos);
}

TEST_F(PortfolioComponentTest, A_deal_of_an_unknown_instrument_stops_the_books) {
    start(funded());
    tell(1, bought("1", "90", 5));
    EXPECT_EQ(engine_->stopped().size(), 1U);
}

TEST_F(PortfolioComponentTest, A_loaded_engine_goes_on_with_the_same_hashes) {
    PortfolioComponentSettings settings = funded();
    settings.sample = {SampleRule::When::interval, 1, Duration::seconds(7)};
    start(settings);
    tell(1, bought("100", "10"));
    tell(2, quote("11", "12"));
    engine::StateWriter saved;
    engine_->save(saved);
    std::vector<std::unique_ptr<engine::Component>> components;
    components.push_back(std::make_unique<PortfolioComponent>(settings));
    Engine other(std::move(components), 1);
    engine::StateReader reader(saved.bytes());
    ASSERT_TRUE(other.load(reader));
    EXPECT_EQ(other.state_hash(), engine_->state_hash());
    for (int i = 3; i < 40; ++i) {
        model::Fill fill = i % 3 == 0 ? sold("70", "13") : bought("40", "12.5");
        fill.known_at = second(i);
        engine::Input input;
        input.sequence = engine_->sequence() + 1;
        input.record = engine::record_of(fill);
        engine_->apply(input, told_);
        other.apply(input, told_);
    }
    EXPECT_EQ(other.state_hash(), engine_->state_hash());
    EXPECT_EQ(other.running_hash(), engine_->running_hash());
}

}  // namespace
}  // namespace millrace::portfolio
