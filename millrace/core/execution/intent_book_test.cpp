#include "millrace/core/execution/intent_book.hpp"

#include <gtest/gtest.h>
#include <map>

#include "millrace/core/execution/test_plans.hpp"
#include "millrace/core/model/operation.hpp"

namespace millrace::execution {
namespace {

using Kind = IntentOutcome::Kind;

// Open from the hundredth second on.
class LateHours : public SendHours {
  public:
    bool is_open(InstrumentId, Time now) override { return now >= second(100); }
    Time next_open(InstrumentId, Time now) override { return std::max(now, second(100)); }
};

// An engine of book and desk; the test plays the outsiders and the venue.
class BookRun : public engine::EffectSink {
  public:
    explicit BookRun(SendHours* hours = nullptr, std::size_t room = 100) {
        auto made = std::make_unique<IntentBook>(hours, room);
        book = made.get();
        std::vector<std::unique_ptr<engine::Component>> components;
        components.push_back(std::make_unique<OrderDesk>());
        components.push_back(std::move(made));
        engine = std::make_unique<engine::Engine>(std::move(components), 1);
        tell(share());
    }
    void take(std::span<const engine::Effect> effects) override {
        for (const engine::Effect& effect : effects) {
            if (effect.kind == engine::EffectKind::send)
                sent.push_back(effect.record.as<model::Order>());
            if (effect.record.noun == model::Noun::alert)
                alerts.emplace_back(effect.record.as<model::Alert>().code.view());
        }
    }
    template <class T>
    void tell(T noun) {
        noun.known_at = now;
        engine->apply({++sequence, engine::record_of(noun), 0, 0}, *this);
    }
    IntentOutcome post(const model::OrderIntent& intent) {
        tell(intent);
        return book->outcome();
    }
    IntentOutcome say(const char* name, const std::string& target, const char* argument = "") {
        model::Command command;
        command.name = name;
        command.target = Text<64>::from(target).value();
        command.argument = argument;
        command.actor = "test";
        tell(command);
        return book->outcome();
    }
    void report(std::uint64_t number, OrderStatus status, OrderReason reason = OrderReason::none) {
        model::Order order;
        order.order_id = number;
        order.status = status;
        order.reason = reason;
        order.quantity = Quantity::whole(10);
        if (status == OrderStatus::filled) order.filled_quantity = order.quantity;
        tell(order);
    }
    [[nodiscard]] IntentState state(std::uint64_t id) const { return book->find(id)->state; }

    IntentBook* book = nullptr;
    std::unique_ptr<engine::Engine> engine;
    std::vector<model::Order> sent;
    std::vector<std::string> alerts;
    Time now = second(1);
    std::uint64_t sequence = 0;
};

model::OrderIntent buy(const std::string& key) {
    model::OrderIntent intent;
    intent.key = Text<128>::from(key).value();
    intent.account = kAccount;
    intent.strategy = kStrategy;
    intent.quantity = Quantity::whole(10);
    intent.type = OrderType::limit;
    intent.limit_price = price("20.00");
    return intent;
}

constexpr std::uint64_t kFirstEntry = (std::uint64_t{1} << 50) + 4;

TEST(IntentBook, Takes_a_key_once_and_tells_repeats_from_contradictions) {
    BookRun run;
    IntentOutcome outcome = run.post(buy("a"));
    EXPECT_EQ(outcome.kind, Kind::taken);
    EXPECT_EQ(outcome.intent, 1U);
    run.now = second(2);  // a later moment is no other body
    outcome = run.post(buy("a"));
    EXPECT_EQ(outcome.kind, Kind::repeated);
    EXPECT_EQ(outcome.intent, 1U);
    const Intent before = *run.book->find(1);
    model::OrderIntent other = buy("a");
    other.quantity = Quantity::whole(11);
    outcome = run.post(other);
    EXPECT_EQ(outcome.kind, Kind::different);
    EXPECT_EQ(outcome.intent, 1U);
    EXPECT_EQ(*run.book->find(1), before);
    EXPECT_EQ(run.post(buy("A")).intent, 2U);  // keys are told apart by every letter
    EXPECT_EQ(run.book->size(), 2U);
}

TEST(IntentBook, Refuses_new_keys_when_it_is_full_and_still_knows_the_old) {
    BookRun run(nullptr, 2);
    (void)run.post(buy("a"));
    (void)run.post(buy("b"));
    EXPECT_EQ(run.post(buy("c")).kind, Kind::full);
    EXPECT_EQ(run.post(buy("b")).kind, Kind::repeated);
    EXPECT_EQ(run.book->find("c"), nullptr);
}

TEST(IntentBook, Plans_and_sends_nothing_unless_it_may) {
    BookRun run;
    (void)run.post(buy("a"));
    EXPECT_EQ(run.state(1), IntentState::planned);
    EXPECT_EQ(run.say("promote-intent", "1").kind, Kind::done);
    EXPECT_EQ(run.state(1), IntentState::ready);
    EXPECT_EQ(run.say("promote-intent", "1").kind, Kind::too_late);
    EXPECT_EQ(run.say("promote-intent", "2").kind, Kind::unknown);
    EXPECT_EQ(run.say("promote-intent", "x").kind, Kind::malformed);
    EXPECT_TRUE(run.sent.empty());
    // Whoever is ready goes as soon as it may.
    EXPECT_EQ(run.say("set-orders", "", "sends=yes").kind, Kind::done);
    ASSERT_EQ(run.sent.size(), 1U);
    EXPECT_EQ(run.sent[0].order_id, kFirstEntry);
    EXPECT_EQ(run.sent[0].limit_price, price("20.00"));
    EXPECT_EQ(run.state(1), IntentState::sending);
}

TEST(IntentBook, Changes_no_rule_by_words_it_does_not_know) {
    BookRun run;
    EXPECT_EQ(run.say("set-orders", "", "sends=yes live=yes").kind, Kind::malformed);
    EXPECT_EQ(run.say("set-orders", "", "sends=maybe").kind, Kind::malformed);
    EXPECT_EQ(run.book->rules(), SendRules{});
}

TEST(IntentBook, Follows_an_intent_to_its_deal) {
    BookRun run;
    (void)run.say("set-orders", "", "sends=yes auto-promote=yes");
    (void)run.post(buy("a"));
    EXPECT_EQ(run.state(1), IntentState::sending);
    run.report(kFirstEntry, OrderStatus::accepted);
    EXPECT_EQ(run.state(1), IntentState::sent);
    model::Fill fill;
    fill.fill_id = 5;
    fill.order_id = kFirstEntry;
    fill.quantity = Quantity::whole(10);
    fill.price = price("19.99");
    run.tell(fill);
    run.report(kFirstEntry, OrderStatus::filled);
    EXPECT_EQ(run.state(1), IntentState::filled);
    ASSERT_EQ(run.book->find(1)->fills.size(), 1U);
    EXPECT_EQ(run.book->find(1)->fills[0].price, price("19.99"));
    EXPECT_EQ(run.book->find(1)->leg(IntentLeg::entry).filled, Quantity::whole(10));
    EXPECT_EQ(run.say("cancel-intent", "1").kind, Kind::too_late);
    run.report(kFirstEntry, OrderStatus::accepted);  // late, and without effect
    EXPECT_EQ(run.state(1), IntentState::filled);
}

TEST(IntentBook, Sends_a_bracket_whose_children_wait_for_their_entry) {
    BookRun run;
    (void)run.say("set-orders", "", "sends=yes auto-promote=yes");
    model::OrderIntent intent = buy("a");
    intent.stop_loss = price("19.00");
    intent.take_profit = price("22.00");
    (void)run.post(intent);
    ASSERT_EQ(run.sent.size(), 3U);
    EXPECT_EQ(run.sent[1].order_id, kFirstEntry + 1);
    EXPECT_EQ(run.sent[1].type, OrderType::stop);
    EXPECT_EQ(run.sent[1].side, Side::sell);
    EXPECT_EQ(run.sent[1].parent_id, kFirstEntry);
    EXPECT_EQ(run.sent[1].stop_price, price("19.00"));
    EXPECT_EQ(run.sent[2].limit_price, price("22.00"));
    EXPECT_EQ(run.sent[2].group_id, kFirstEntry);
    EXPECT_EQ(run.sent[2].contingency, model::Contingency::oco_reduce);
    EXPECT_TRUE(run.sent[2].reduce_only);
}

TEST(IntentBook, Puts_into_error_what_no_order_can_be_made_of) {
    BookRun run;
    const auto error_of = [&](model::OrderIntent intent) {
        const Intent& made = *run.book->find(run.post(intent).intent);
        EXPECT_EQ(made.state, IntentState::error);
        return made.reason;
    };
    model::OrderIntent intent = buy("off lot");
    intent.quantity = quantity("10.5");
    EXPECT_EQ(error_of(intent), OrderReason::quantity_off_lot);
    intent = buy("off tick");
    intent.limit_price = price("20.005");
    EXPECT_EQ(error_of(intent), OrderReason::price_off_tick);
    intent = buy("stop above its entry");
    intent.stop_loss = price("20.01");
    EXPECT_EQ(error_of(intent), OrderReason::bad_order);
    intent = buy("target of a seller above its entry");
    intent.side = Side::sell;
    intent.take_profit = price("20.01");
    EXPECT_EQ(error_of(intent), OrderReason::bad_order);
    intent = buy("nobody knows it");
    intent.instrument = InstrumentId(7);
    EXPECT_EQ(error_of(intent), OrderReason::unknown_instrument);
}

TEST(IntentBook, Cancels_at_home_what_was_not_sent_and_asks_the_venue_for_the_rest) {
    BookRun run;
    (void)run.post(buy("a"));
    EXPECT_EQ(run.say("cancel-intent", "1").kind, Kind::done);
    EXPECT_EQ(run.state(1), IntentState::cancelled);
    EXPECT_EQ(run.book->find(1)->reason, OrderReason::user);
    (void)run.say("set-orders", "", "sends=yes auto-promote=yes");
    (void)run.post(buy("b"));
    run.report(kFirstEntry + 4, OrderStatus::accepted);
    EXPECT_EQ(run.say("cancel-intent", "2").kind, Kind::done);
    ASSERT_EQ(run.sent.size(), 2U);
    EXPECT_EQ(run.sent[1].order_id, kFirstEntry + 4);
    EXPECT_EQ(run.sent[1].status, OrderStatus::cancel_requested);
    EXPECT_EQ(run.state(2), IntentState::sent);
    run.report(kFirstEntry + 4, OrderStatus::cancelled, OrderReason::user);
    EXPECT_EQ(run.state(2), IntentState::cancelled);
}

TEST(IntentBook, Cancels_single_orders_and_those_of_a_symbol) {
    BookRun run;
    (void)run.say("set-orders", "", "sends=yes auto-promote=yes");
    model::OrderIntent bracket = buy("a");
    bracket.stop_loss = price("19");
    bracket.take_profit = price("21");
    (void)run.post(bracket);
    (void)run.post(buy("b"));
    for (const std::uint64_t number : {kFirstEntry, kFirstEntry + 1, kFirstEntry + 2})
        run.report(number, OrderStatus::accepted);
    run.sent.clear();
    // One leg: by the number of its order.
    EXPECT_EQ(run.say("cancel-order", std::to_string(kFirstEntry + 1)).kind, Kind::done);
    ASSERT_EQ(run.sent.size(), 1U);
    EXPECT_EQ(run.sent[0].order_id, kFirstEntry + 1);
    EXPECT_EQ(run.sent[0].status, OrderStatus::cancel_requested);
    run.report(kFirstEntry + 1, OrderStatus::cancelled, OrderReason::user);
    EXPECT_EQ(run.say("cancel-order", std::to_string(kFirstEntry + 1)).kind, Kind::too_late);
    EXPECT_EQ(run.say("cancel-order", "7").kind, Kind::unknown);
    EXPECT_EQ(run.say("cancel-order", "x").kind, Kind::malformed);
    // All that work; the target of an entry that is dealt goes by itself.
    run.report(kFirstEntry, OrderStatus::filled);
    run.sent.clear();
    EXPECT_EQ(run.say("cancel-orders", "NONE").kind, Kind::unknown);
    EXPECT_TRUE(run.sent.empty());
    EXPECT_EQ(run.say("cancel-orders", "all").kind, Kind::done);
    ASSERT_EQ(run.sent.size(), 2U);
    EXPECT_EQ(run.sent[0].order_id, kFirstEntry + 2);
    EXPECT_EQ(run.sent[1].order_id, kFirstEntry + 4);
    EXPECT_EQ(run.book->counts()[static_cast<std::size_t>(IntentState::filled)], 1U);
}

// A step has so many orders and no more; the rest follows by itself.
TEST(IntentBook, Cancels_a_thousand_orders_in_steps) {
    BookRun run(nullptr, 2'000);
    (void)run.say("set-orders", "", "sends=yes auto-promote=yes");
    for (int i = 0; i < 1'000; ++i)
        (void)run.post(buy(std::to_string(i).c_str()));
    run.sent.clear();
    (void)run.say("cancel-orders", "all");
    EXPECT_EQ(run.sent.size(), 256U);
    run.tell(model::Clock{});
    EXPECT_EQ(run.sent.size(), 1'000U);
}

TEST(IntentBook, Waits_for_the_market_where_it_is_guarded) {
    LateHours hours;
    BookRun run(&hours);
    (void)run.say("set-orders", "", "sends=yes auto-promote=yes market-guard=yes");
    (void)run.post(buy("a"));
    EXPECT_EQ(run.state(1), IntentState::ready);
    run.now = second(99);
    run.tell(model::Clock{});
    EXPECT_TRUE(run.sent.empty());
    run.now = second(100);
    run.tell(model::Clock{});
    EXPECT_EQ(run.sent.size(), 1U);
}

// Five in a row, whatever they are; the guardian's limits do not count.
TEST(IntentBook, Stops_sending_for_a_minute_after_five_refusals_in_a_row) {
    BookRun run;
    (void)run.say("set-orders", "", "sends=yes auto-promote=yes");
    const auto refuse = [&](const char* key, OrderReason reason) {
        const std::uint64_t id = run.post(buy(key)).intent;
        run.report((std::uint64_t{1} << 50) + id * 4, OrderStatus::rejected, reason);
        EXPECT_EQ(run.state(id), IntentState::rejected);
    };
    for (const char* key : {"1", "2", "3", "4"})
        refuse(key, OrderReason::no_price);
    refuse("limit", OrderReason::max_position);
    EXPECT_TRUE(run.alerts.empty());
    refuse("5", OrderReason::no_price);
    EXPECT_EQ(run.alerts, std::vector<std::string>{"BREAKER_OPENED"});
    EXPECT_EQ(run.state(run.post(buy("waits")).intent), IntentState::ready);
    run.now = second(61);
    run.tell(model::Clock{});
    EXPECT_EQ(run.state(7), IntentState::sending);
}

TEST(IntentBook, Goes_on_from_its_saved_state_as_if_nothing_had_happened) {
    BookRun run;
    (void)run.say("set-orders", "", "sends=yes");
    (void)run.post(buy("a"));
    (void)run.post(buy("b"));
    (void)run.say("promote-intent", "2");
    model::Fill fill;
    fill.fill_id = 9;
    fill.order_id = kFirstEntry + 4;
    fill.quantity = Quantity::whole(4);
    run.tell(fill);
    engine::StateWriter writer;
    run.engine->save(writer);
    BookRun loaded;
    engine::StateReader reader(writer.bytes());
    ASSERT_TRUE(loaded.engine->load(reader));
    loaded.sequence = run.sequence;
    EXPECT_EQ(loaded.engine->state_hash(), run.engine->state_hash());
    EXPECT_EQ(*loaded.book->find(2), *run.book->find(2));
    EXPECT_EQ(loaded.post(buy("a")).kind, Kind::repeated);
    (void)loaded.say("promote-intent", "1");
    EXPECT_EQ(loaded.sent.size(), 1U);
}

}  // namespace
}  // namespace millrace::execution
