// Random streams of quotes, intents and commands on an engine as the orders server has it: book of
// intents, guardian, desk, paper venue, books. Every stream ends with an audit: no order lost or
// doubled, positions the sum of the deals; some are replayed, whole and from a snapshot. More, with
// other seeds:  --gtest_filter='PaperOrders.*' --gtest_repeat=20 --gtest_shuffle
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "millrace/app/backtest/guard.hpp"
#include "millrace/app/drivers/replay_driver.hpp"
#include "millrace/app/drivers/simulated_clients.hpp"
#include "millrace/core/execution/intent_book.hpp"
#include "millrace/core/execution/order_desk.hpp"
#include "millrace/core/portfolio/portfolio_component.hpp"
#include "millrace/core/venue/paper_venue.hpp"

namespace millrace {
namespace {

using drivers::OwnedRecord;
using engine::record_of;
using model::Noun;
using model::OrderReason;
using model::OrderStatus;
using model::OrderType;

constexpr std::uint64_t kStreams = 10'000;
constexpr std::uint64_t kReplayedOneIn = 20;
constexpr int kInputs = 60;
constexpr std::uint32_t kInstruments = 3;
constexpr std::uint16_t kStrategies = 2;
constexpr AccountId kAccount{0};
constexpr std::int64_t kCent = Price::kOne / 100;

Price cents(std::int64_t count) {
    return Price::from_raw(count * kCent);
}

struct Conditions {
    venue::Settings venue;
    std::int64_t position_max = 0;
    std::int64_t order_max = 0;
};

Conditions conditions_of(Random& random) {
    Conditions conditions;
    conditions.venue.timing = venue::FillTiming::immediate;
    if (random.one_in(3)) {
        conditions.venue.timing = venue::FillTiming::latency;
        conditions.venue.latency.submit = Duration::milliseconds(random.between(0, 300));
        conditions.venue.latency.cancel = Duration::milliseconds(random.between(0, 300));
    }
    conditions.venue.sizes_known = random.one_in(2);
    if (random.one_in(4)) conditions.venue.faults.reject_one_in = 8;
    if (random.one_in(4)) conditions.venue.children = venue::ChildRelease::first_fill;
    conditions.venue.seed = random.next();
    conditions.position_max = random.between(50, 500);
    conditions.order_max = random.between(50, 200);
    return conditions;
}

// The engine and its parts.
struct System {
    explicit System(const Conditions& conditions) {
        auto made_venue = venue::PaperVenue::make(conditions.venue).value();
        venue = made_venue.get();
        portfolio::PortfolioComponentSettings keeping;
        keeping.opening.push_back({kAccount, portfolio::kUnassigned, "USD", Money::whole(100'000)});
        auto made_books = std::make_unique<portfolio::PortfolioComponent>(keeping);
        books = made_books.get();
        risk::GuardianSettings guarding;
        guarding.remembered_orders = 64;
        const auto limit = [&](risk::Limit which, std::int64_t units) {
            guarding.limits.push_back({risk::ScopeKind::global,
                                       {},
                                       which,
                                       risk::parse_limit(which, std::to_string(units)).value()});
        };
        limit(risk::Limit::max_position, conditions.position_max);
        limit(risk::Limit::max_order_qty, conditions.order_max);
        guard = std::make_unique<backtest::Guard>(guarding, books->books(),
                                                  std::vector<venue::Hours*>{});
        auto made_desk = std::make_unique<execution::OrderDesk>(guard.get(), venue);
        desk = made_desk.get();
        auto made_book = std::make_unique<execution::IntentBook>();
        intents = made_book.get();
        std::vector<std::unique_ptr<engine::Component>> components;
        components.push_back(guard->component());
        components.push_back(std::move(made_desk));
        components.push_back(std::move(made_book));
        components.push_back(std::move(made_books));
        components.push_back(std::move(made_venue));
        engine = std::make_unique<engine::Engine>(std::move(components), conditions.venue.seed);
    }

    std::unique_ptr<backtest::Guard> guard;
    std::unique_ptr<engine::Engine> engine;
    venue::PaperVenue* venue = nullptr;
    portfolio::PortfolioComponent* books = nullptr;
    execution::OrderDesk* desk = nullptr;
    execution::IntentBook* intents = nullptr;
};

// That all of it happened is checked at the end, or the promises would be about nothing.
struct Sums {
    std::uint64_t fills = 0, refused = 0, rejected = 0, cancelled = 0, expired = 0, splits = 0;
    std::uint64_t repeated = 0, child_fills = 0, working = 0, replayed = 0, partial = 0;
};

class Stream : public engine::EffectSink {
  public:
    Stream(std::uint64_t seed, Sums& sums)
        : random_(seed), conditions_(conditions_of(random_)), system_(conditions_), sums_(sums) {}

    void play(bool is_replayed) {
        define();
        const int middle = static_cast<int>(random_.below(kInputs));
        for (int i = 0; i < kInputs; ++i) {
            if (is_replayed && i == middle) save();
            now_ = now_ + Duration::milliseconds(random_.between(0, 200));
            act();
        }
        now_ = now_ + Duration::seconds(5);  // longer than any request takes
        tell(model::Clock{});
        audit();
        if (is_replayed) replay();
    }

    void take(std::span<const engine::Effect> effects) override {
        for (const engine::Effect& effect : effects) {
            ASSERT_NE(effect.kind, engine::EffectKind::send);
            if (effect.record.noun == Noun::order) hear(effect.record.as<model::Order>());
            if (effect.record.noun == Noun::fill) hear(effect.record.as<model::Fill>());
        }
    }

  private:
    struct Followed {
        std::int64_t dealt = 0;
        OrderStatus status{};
        InstrumentId instrument;
        bool is_asked = false;  // by the book of intents
    };

    template <class T>
    void tell(T noun) {
        noun.known_at = now_;
        inputs_.emplace_back(record_of(noun));
        system_.engine->apply({inputs_.size(), inputs_.back().record()}, *this);
    }
    void command(const char* name, const std::string& target, const char* argument) {
        model::Command command;
        command.name = name;
        command.target = Text<64>::from(target).value();
        command.argument = argument;
        command.actor = "test";
        tell(command);
    }

    void define() {
        for (std::uint32_t number = 0; number < kInstruments; ++number) {
            model::Instrument share;
            share.id = InstrumentId(number);
            share.symbol = Text<32>::from("S" + std::to_string(number)).value();
            share.currency = "USD";
            share.price_increment = cents(1);
            share.quantity_increment = Quantity::whole(1);
            share.multiplier = Ratio::whole(1);
            tell(share);
        }
        model::Account account;
        account.name = "main";
        account.currency = "USD";
        tell(account);
        for (std::uint16_t number = 0; number < kStrategies; ++number) {
            model::Strategy strategy;
            strategy.id = StrategyId(number);
            strategy.name = number == 0 ? "one" : "two";
            tell(strategy);
        }
        command("set-orders", "",
                random_.one_in(4) ? "sends=yes auto-promote=no" : "sends=yes auto-promote=yes");
        for (std::uint32_t number = 0; number < kInstruments; ++number)
            quote(number);
    }

    void act() {
        switch (random_.below(20)) {
            case 0: command("promote-intent", some_intent(), ""); return;
            case 1:
            case 2: command("cancel-intent", some_intent(), ""); return;
            case 3: tell(model::Clock{}); return;
            case 4: operate(); return;
            case 5: split(); return;
            case 6:
            case 7:
            case 8:
            case 9:
            case 10:
            case 11: intend(); return;
            default: quote(static_cast<std::uint32_t>(random_.below(kInstruments))); return;
        }
    }
    void operate() {
        switch (random_.below(8)) {
            case 0: command("engage-kill-switch", "global", "a test"); return;
            case 1: command("engage-kill-switch", "strategy:one", "flatten a test"); return;
            case 2: command("set-orders", "", "sends=no"); return;
            case 3:
            case 4: command("set-orders", "", "sends=yes"); return;
            default:
                command("release-kill-switch", "global", "admin go on");
                command("release-kill-switch", "strategy:one", "admin go on");
        }
    }
    std::string some_intent() { return std::to_string(random_.below(system_.intents->size() + 2)); }

    void quote(std::uint32_t instrument) {
        std::int64_t& at = price_[instrument];
        at = std::max<std::int64_t>(100, at + random_.between(-30, 30));
        model::Quote quote;
        quote.instrument = InstrumentId(instrument);
        quote.bid = cents(at);
        quote.ask = cents(at + random_.between(1, 4));
        quote.bid_size = quote.ask_size = Quantity::whole(random_.between(1, 60));
        tell(quote);
    }

    void intend() {
        model::OrderIntent intent;
        const bool is_new = keys_ == 0 || !random_.one_in(8);
        if (!is_new) {
            intent = last_;  // somebody who heard no answer sends again
            if (random_.one_in(2)) intent.quantity = Quantity::whole(3);
        } else {
            intent = new_intent();
        }
        last_ = intent;
        tell(intent);
        if (system_.intents->outcome().kind == execution::IntentOutcome::Kind::repeated)
            ++sums_.repeated;
    }
    model::OrderIntent new_intent() {
        model::OrderIntent intent;
        intent.key = Text<128>::from("key-" + std::to_string(++keys_)).value();
        intent.strategy = StrategyId(static_cast<std::uint16_t>(random_.below(kStrategies)));
        const auto instrument = static_cast<std::uint32_t>(random_.below(kInstruments));
        intent.instrument = InstrumentId(random_.one_in(40) ? 9 : instrument);
        const bool buys = random_.one_in(2);
        intent.side = buys ? model::Side::buy : model::Side::sell;
        intent.quantity = Quantity::whole(random_.between(1, 100));
        intent.time_in_force = model::TimeInForce::gtc;
        const std::int64_t at = price_[instrument];
        const std::int64_t sign = buys ? 1 : -1;
        const std::int64_t limit = at + random_.between(-40, 40);
        const std::uint64_t kind = random_.below(4);
        if (kind == 1 || kind == 3) {
            intent.type = OrderType::limit;
            intent.limit_price = cents(limit);
        } else if (kind == 2) {
            intent.type = OrderType::stop;
            intent.stop_price = cents(at + sign * random_.between(1, 40));
        }
        if (random_.one_in(6)) {
            intent.time_in_force = model::TimeInForce::gtd;
            intent.expires_at = now_ + Duration::milliseconds(random_.between(1, 2'000));
        } else if (random_.one_in(8)) {
            intent.time_in_force = model::TimeInForce::ioc;
        }
        if (kind == 3 || random_.one_in(4)) intent.stop_loss = cents(at - sign * 60);
        if (random_.one_in(3)) intent.take_profit = cents(at + sign * 60);
        intent.reduce_only = random_.one_in(10);
        return intent;
    }

    // Everything of before has been told, so the test can follow it.
    void split() {
        if (!random_.one_in(4)) return;
        tell(model::Clock{});
        model::CorporateAction split;
        split.instrument = InstrumentId(static_cast<std::uint32_t>(random_.below(kInstruments)));
        split.currency = "USD";
        split.new_units = 3;
        split.old_units = 2;
        split.known_at = now_;
        for (std::uint16_t strategy = 0; strategy < kStrategies; ++strategy) {
            std::int64_t& held = held_[{StrategyId(strategy), split.instrument}];
            held = model::quantity_after(split, held).value();
        }
        split_.insert(split.instrument);
        price_[split.instrument.value()] = price_[split.instrument.value()] * 2 / 3;
        ++sums_.splits;
        tell(split);
    }

    void hear(const model::Order& order) {
        Followed& known = orders_[order.order_id];
        if (order.status == OrderStatus::pending) {
            EXPECT_FALSE(known.is_asked) << "order " << order.order_id << " was sent twice";
            known.is_asked = true;
            known.instrument = order.instrument;
            return;
        }
        if (order.status == OrderStatus::cancel_requested) return;
        const bool is_late_wish = order.reason == OrderReason::already_over ||
                                  (order.reason == OrderReason::unknown_order &&
                                   (!known.is_asked || model::is_over(known.status)));
        if (is_late_wish) return;
        EXPECT_FALSE(model::is_over(known.status))
            << "order " << order.order_id << " goes on after its end";
        known.status = order.status;
        known.instrument = order.instrument;
        sums_.rejected += order.status == OrderStatus::rejected ? 1U : 0U;
        sums_.cancelled += order.status == OrderStatus::cancelled ? 1U : 0U;
        sums_.expired += order.status == OrderStatus::expired ? 1U : 0U;
        sums_.partial += order.status == OrderStatus::partially_filled ? 1U : 0U;
        if (!split_.contains(order.instrument)) {
            EXPECT_EQ(order.filled_quantity.raw(), known.dealt) << "order " << order.order_id;
        }
    }
    void hear(const model::Fill& fill) {
        EXPECT_EQ(fill.fill_id, ++fills_) << "a deal is missing or told twice";
        orders_[fill.order_id].dealt += fill.quantity.raw();
        const std::int64_t size = fill.quantity.raw();
        held_[{fill.strategy, fill.instrument}] += fill.side == model::Side::buy ? size : -size;
        const auto of = execution::intent_order(fill.order_id);
        ++sums_.fills;
        if (!of) return;
        ++intent_fills_;
        sums_.child_fills += of->leg == execution::IntentLeg::entry ? 0U : 1U;
    }

    void audit() {
        EXPECT_TRUE(system_.engine->stopped().empty()) << system_.engine->stopped().front().report;
        EXPECT_FALSE(system_.venue->has_work());
        audit_orders();
        audit_intents();
        for (std::uint32_t number = 0; number < kInstruments; ++number) {
            std::int64_t sum = 0;
            for (std::uint16_t strategy = 0; strategy < kStrategies; ++strategy) {
                const std::int64_t held = held_[{StrategyId(strategy), InstrumentId(number)}];
                const auto* book = system_.books->books().position(kAccount, StrategyId(strategy),
                                                                   InstrumentId(number));
                EXPECT_EQ(book == nullptr ? 0 : book->quantity().raw(), held);
                sum += held;
            }
            EXPECT_EQ(system_.venue->exchange().position(kAccount, InstrumentId(number)).raw(),
                      sum);
        }
        sums_.refused += system_.desk->counts().refused;
    }
    // Each is over, or works at the venue as it was told last.
    void audit_orders() {
        const venue::SimulatedExchange& exchange = system_.venue->exchange();
        std::size_t working = 0;
        for (const auto& [id, order] : orders_) {
            if (model::is_over(order.status)) continue;
            if (!order.is_asked && order.status == OrderStatus::pending) continue;  // a late wish
            ++working;
            const model::Order* at_venue = exchange.find(id);
            ASSERT_NE(at_venue, nullptr) << "order " << id << " is lost";
            EXPECT_EQ(at_venue->status, order.status);
        }
        EXPECT_EQ(exchange.order_count(), working);
        EXPECT_EQ(system_.desk->working_count(), working);
        EXPECT_EQ(system_.guard->guardian().working_count(), working);
        sums_.working += working;
    }
    void audit_intents() {
        std::uint64_t fills = 0;
        for (std::uint64_t id = 1; id <= system_.intents->size(); ++id) {
            const execution::Intent& intent = *system_.intents->find(id);
            fills += intent.fill_count;
            const auto order =
                orders_.find(execution::order_number(id, execution::IntentLeg::entry));
            const OrderStatus entry =
                order == orders_.end() ? OrderStatus::pending : order->second.status;
            EXPECT_EQ(intent.state == execution::IntentState::filled, entry == OrderStatus::filled);
            EXPECT_EQ(intent.state == execution::IntentState::rejected,
                      entry == OrderStatus::rejected);
            EXPECT_NE(intent.state, execution::IntentState::sending);
        }
        EXPECT_EQ(fills, intent_fills_);
    }

    void save() {
        system_.engine->save(saved_);
        saved_at_ = inputs_.size();
    }
    // From the beginning and from the snapshot, to the same state and the same history.
    void replay() {
        for (const bool from_snapshot : {false, true}) {
            SCOPED_TRACE(from_snapshot);
            System again(conditions_);
            if (from_snapshot) {
                engine::StateReader reader(saved_.bytes());
                ASSERT_TRUE(again.engine->load(reader));
            }
            drivers::NoEffects nobody;
            for (std::size_t at = from_snapshot ? saved_at_ : 0; at < inputs_.size(); ++at)
                again.engine->apply({at + 1, inputs_[at].record()}, nobody);
            EXPECT_EQ(again.engine->running_hash(), system_.engine->running_hash());
            EXPECT_EQ(again.engine->state_hash(), system_.engine->state_hash());
        }
        ++sums_.replayed;
    }

    Random random_;
    Conditions conditions_;
    System system_;
    Sums& sums_;
    std::vector<OwnedRecord> inputs_;
    engine::StateWriter saved_;
    std::size_t saved_at_ = 0;
    Time now_ = Time() + Duration::days(20'000);
    std::array<std::int64_t, kInstruments> price_{10'000, 5'000, 2'000};  // cents
    std::uint64_t keys_ = 0;
    model::OrderIntent last_;
    std::uint64_t fills_ = 0;
    std::uint64_t intent_fills_ = 0;
    std::map<std::uint64_t, Followed> orders_;
    std::map<std::pair<StrategyId, InstrumentId>, std::int64_t> held_;
    std::set<InstrumentId> split_;
};

TEST(PaperOrders, Are_neither_lost_nor_doubled_and_positions_are_the_sum_of_the_deals) {
    const auto first = static_cast<std::uint64_t>(testing::UnitTest::GetInstance()->random_seed());
    Random seeds(first + 1);
    Sums sums;
    for (std::uint64_t stream = 0; stream < kStreams && !testing::Test::HasFailure(); ++stream) {
        const std::uint64_t seed = seeds.next();
        SCOPED_TRACE("seed " + std::to_string(seed));
        Stream(seed, sums).play(stream % kReplayedOneIn == 0);
    }
    if (testing::Test::HasFailure()) return;
    EXPECT_EQ(sums.replayed, kStreams / kReplayedOneIn);
    EXPECT_GT(sums.fills, 3 * kStreams);
    EXPECT_GT(sums.child_fills, kStreams / 10);
    EXPECT_GT(sums.partial, kStreams / 10);
    EXPECT_GT(sums.refused, kStreams);
    EXPECT_GT(sums.rejected, sums.refused);  // by the venue, too
    EXPECT_GT(sums.cancelled, kStreams);
    EXPECT_GT(sums.expired, kStreams / 10);
    EXPECT_GT(sums.repeated, kStreams / 10);
    EXPECT_GT(sums.splits, kStreams / 10);
    EXPECT_GT(sums.working, kStreams);
    RecordProperty("fills", std::to_string(sums.fills));
    RecordProperty("orders_still_working", std::to_string(sums.working));
}

}  // namespace
}  // namespace millrace
