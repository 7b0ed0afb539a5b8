#include "millrace/core/execution/order_desk.hpp"

#include <gtest/gtest.h>

#include "millrace/core/engine/engine.hpp"
#include "millrace/core/model/order_rules.hpp"

namespace millrace::execution {
namespace {

using model::OrderReason;
using model::OrderStatus;
using model::OrderType;

model::Instrument share() {
    model::Instrument instrument;
    instrument.symbol = "TEST";
    instrument.price_increment = Price::parse("0.05").value();
    instrument.quantity_increment = Quantity::whole(10);
    instrument.minimum_quantity = Quantity::whole(20);
    instrument.multiplier = Ratio::whole(1);
    return instrument;
}

model::Order market_order(std::uint64_t number = 1) {
    model::Order order;
    order.order_id = number;
    order.quantity = Quantity::whole(100);
    order.time_in_force = model::TimeInForce::gtc;
    return order;
}

model::Order limit_order(const char* price) {
    model::Order order = market_order();
    order.type = OrderType::limit;
    order.limit_price = Price::parse(price).value();
    return order;
}

TEST(OrderRules, Accept_orders_that_fit_their_instrument) {
    EXPECT_EQ(check_order(market_order(), share()), OrderReason::none);
    EXPECT_EQ(check_order(limit_order("10.05"), share()), OrderReason::none);
    EXPECT_EQ(check_order(limit_order("-0.05"), share()), OrderReason::none);
}

TEST(OrderRules, Refuse_numbers_that_do_not_fit) {
    model::Order order = market_order();
    order.quantity = Quantity::whole(105);
    EXPECT_EQ(check_order(order, share()), OrderReason::quantity_off_lot);
    order.quantity = Quantity::whole(10);
    EXPECT_EQ(check_order(order, share()), OrderReason::below_minimum);
    order.reduce_only = true;  // what is left of a position may always be closed
    EXPECT_EQ(check_order(order, share()), OrderReason::none);
    order.quantity = Quantity();
    EXPECT_EQ(check_order(order, share()), OrderReason::bad_order);
    order = market_order(0);
    EXPECT_EQ(check_order(order, share()), OrderReason::bad_order);
    EXPECT_EQ(check_order(limit_order("10.07"), share()), OrderReason::price_off_tick);
}

// Each type with exactly its prices passes; one missing or one too many does not.
TEST(OrderRules, Know_which_prices_each_type_carries) {
    for (std::size_t i = 0; i < model::kOrderTypeNames.size(); ++i) {
        const auto type = static_cast<OrderType>(i);
        for (int given = 0; given < 8; ++given) {
            model::Order order = market_order();
            order.type = type;
            if ((given & 1) != 0) order.limit_price = Price::whole(10);
            if ((given & 2) != 0) order.stop_price = Price::whole(10);
            if ((given & 4) != 0) order.trail = Price::whole(1);
            const int needed = (needs_limit_price(type) ? 1 : 0) +
                               (needs_stop_price(type) ? 2 : 0) + (needs_trail(type) ? 4 : 0);
            const bool fits = given == needed || (needs_trail(type) && given == needed + 2);
            EXPECT_EQ(check_order(order, share()) == OrderReason::none, fits)
                << model::name_of(type) << ' ' << given;
        }
    }
}

TEST(OrderRules, Refuse_terms_that_contradict_each_other) {
    model::Order order = limit_order("10");
    order.time_in_force = model::TimeInForce::gtd;
    EXPECT_EQ(check_order(order, share()), OrderReason::bad_order);
    order.expires_at = Time::from_ns(5);
    EXPECT_EQ(check_order(order, share()), OrderReason::none);
    order = limit_order("10");
    order.post_only = true;
    order.time_in_force = model::TimeInForce::ioc;
    EXPECT_EQ(check_order(order, share()), OrderReason::bad_order);
    order = market_order();
    order.post_only = true;
    EXPECT_EQ(check_order(order, share()), OrderReason::bad_order);
    order = limit_order("10");
    order.display_quantity = Quantity::whole(200);
    EXPECT_EQ(check_order(order, share()), OrderReason::bad_order);
    order = limit_order("10");
    order.group_id = 4;
    EXPECT_EQ(check_order(order, share()), OrderReason::bad_order);
}

TEST(OrderLife, Never_leaves_its_end_and_never_begins_again) {
    for (std::size_t from = 0; from < model::kOrderStatusNames.size(); ++from)
        for (std::size_t to = 0; to < model::kOrderStatusNames.size(); ++to) {
            const auto a = static_cast<OrderStatus>(from);
            const auto b = static_cast<OrderStatus>(to);
            if (!is_over(a) && b != OrderStatus::pending) continue;
            EXPECT_FALSE(is_step(a, b)) << model::name_of(a);
        }
    EXPECT_TRUE(is_step(OrderStatus::submitted, OrderStatus::filled));
    EXPECT_TRUE(is_step(OrderStatus::cancel_requested, OrderStatus::filled))
        << "the deal was faster";
    EXPECT_FALSE(is_step(OrderStatus::pending, OrderStatus::filled));
    EXPECT_FALSE(is_step(OrderStatus::accepted, OrderStatus::submitted));
}

// A desk alone in an engine; wishes come in as a strategy's would.
struct Desk : engine::EffectSink {
    Desk() {
        auto made = std::make_unique<OrderDesk>();
        desk = made.get();
        std::vector<std::unique_ptr<engine::Component>> components;
        components.push_back(std::move(made));
        engine = std::make_unique<engine::Engine>(std::move(components), 1);
        tell(share());
    }
    void take(std::span<const engine::Effect> effects) override {
        for (const engine::Effect& effect : effects) {
            const auto& order = effect.record.as<model::Order>();
            (effect.kind == engine::EffectKind::send ? sent : answered).push_back(order);
        }
    }
    template <class T>
    void tell(const T& noun) {
        engine->apply({engine->sequence() + 1, engine::record_of(noun)}, *this);
    }
    void report(OrderStatus status, std::uint64_t number = 1) {
        model::Order order = market_order(number);
        order.status = status;
        tell(order);
    }
    OrderDesk* desk = nullptr;
    std::unique_ptr<engine::Engine> engine;
    std::vector<model::Order> sent;
    std::vector<model::Order> answered;
};

TEST(OrderDesk, Sends_what_is_well_formed_and_follows_its_life) {
    Desk desk;
    desk.report(OrderStatus::pending);
    ASSERT_EQ(desk.sent.size(), 1U);
    EXPECT_EQ(desk.sent[0].status, OrderStatus::submitted);
    desk.report(OrderStatus::accepted);
    desk.report(OrderStatus::partially_filled);
    EXPECT_EQ(desk.desk->working_count(), 1U);
    desk.report(OrderStatus::filled);
    EXPECT_EQ(desk.desk->working_count(), 0U);
    EXPECT_EQ(desk.desk->counts(), (OrderDesk::Counts{1, 0, 0, 1, 0}));
}

TEST(OrderDesk, Answers_a_refusal_with_its_reason_and_sends_nothing) {
    Desk desk;
    model::Order order = market_order();
    order.instrument = InstrumentId(9);
    desk.tell(order);
    order = market_order();
    order.quantity = Quantity::whole(1);
    desk.tell(order);
    EXPECT_TRUE(desk.sent.empty());
    ASSERT_EQ(desk.answered.size(), 2U);
    EXPECT_EQ(desk.answered[0].status, OrderStatus::rejected);
    EXPECT_EQ(desk.answered[0].reason, OrderReason::unknown_instrument);
    EXPECT_EQ(desk.answered[1].reason, OrderReason::quantity_off_lot);
    EXPECT_EQ(desk.desk->counts(), (OrderDesk::Counts{0, 2, 0, 0, 0}));
}

TEST(OrderDesk, Takes_a_cut_of_the_quantity_and_refuses_to_hear_it_twice) {
    Desk desk;
    desk.report(OrderStatus::pending);
    desk.report(OrderStatus::accepted);
    model::Order cut = market_order();
    cut.status = OrderStatus::accepted;
    cut.reason = OrderReason::oco_sibling;
    cut.quantity = Quantity::from_raw(cut.quantity.raw() / 2);
    desk.tell(cut);
    EXPECT_EQ(desk.desk->counts().out_of_step, 0U);
    desk.tell(cut);
    EXPECT_EQ(desk.desk->counts().out_of_step, 1U);
}

TEST(OrderDesk, Refuses_a_number_that_is_in_use) {
    Desk desk;
    desk.report(OrderStatus::pending);
    desk.report(OrderStatus::pending);
    EXPECT_EQ(desk.sent.size(), 1U);
    ASSERT_EQ(desk.answered.size(), 1U);
    // The order that has the number is not touched by the answer.
    EXPECT_EQ(desk.desk->working_count(), 1U);
}

TEST(OrderDesk, Passes_cancels_on_while_the_order_lives) {
    Desk desk;
    desk.report(OrderStatus::pending);
    desk.report(OrderStatus::cancel_requested);
    ASSERT_EQ(desk.sent.size(), 2U);
    EXPECT_EQ(desk.sent[1].status, OrderStatus::cancel_requested);
    desk.report(OrderStatus::cancelled);
    desk.report(OrderStatus::cancel_requested);
    EXPECT_EQ(desk.sent.size(), 2U);
    EXPECT_EQ(desk.desk->counts().out_of_step, 1U);
}

TEST(OrderDesk, Counts_reports_that_no_life_allows) {
    Desk desk;
    desk.report(OrderStatus::filled, 77);
    desk.report(OrderStatus::rejected, 78);
    EXPECT_EQ(desk.desk->counts().out_of_step, 2U);
    EXPECT_EQ(desk.desk->counts().filled, 0U);
}

TEST(OrderDesk, Follows_the_order_by_which_the_venue_liquidates) {
    Desk desk;
    model::Order order = market_order(90);
    order.status = OrderStatus::accepted;
    order.reason = OrderReason::margin_call;
    desk.tell(order);
    EXPECT_EQ(desk.desk->working_count(), 1U);
    EXPECT_TRUE(desk.sent.empty());
    desk.report(OrderStatus::filled, 90);
    EXPECT_EQ(desk.desk->working_count(), 0U);
    EXPECT_EQ(desk.desk->counts(), (OrderDesk::Counts{0, 0, 0, 1, 0}));
}

TEST(OrderDesk, Goes_on_after_a_snapshot) {
    Desk first;
    first.report(OrderStatus::pending);
    first.report(OrderStatus::accepted);
    engine::StateWriter saved;
    first.engine->save(saved);
    Desk second;
    engine::StateReader reader(saved.bytes());
    ASSERT_TRUE(second.engine->load(reader));
    EXPECT_EQ(second.engine->state_hash(), first.engine->state_hash());
    second.report(OrderStatus::filled);
    EXPECT_EQ(second.desk->counts(), (OrderDesk::Counts{1, 0, 0, 1, 0}));
}

}  // namespace
}  // namespace millrace::execution
