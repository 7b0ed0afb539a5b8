// The venue inside an engine, with the desk before it and the books behind it.
#include "millrace/core/venue/paper_venue.hpp"

#include <gtest/gtest.h>

#include "millrace/core/engine/engine.hpp"
#include "millrace/core/execution/order_desk.hpp"
#include "millrace/core/portfolio/portfolio_component.hpp"

namespace millrace::venue {
namespace {

using model::Noun;
using model::OrderReason;
using model::OrderStatus;
using model::OrderType;

constexpr AccountId kAccount{0};
constexpr StrategyId kStrategy{0};
constexpr InstrumentId kShare{0};

Time second(std::int64_t seconds) {
    return Time() + Duration::seconds(seconds);
}
Price price(const char* text) {
    return Price::parse(text).value();
}

model::Order order_of(std::uint64_t id, Side side, std::int64_t units,
                      const char* limit = nullptr) {
    model::Order order;
    order.order_id = id;
    order.side = side;
    order.quantity = Quantity::whole(units);
    order.time_in_force = model::TimeInForce::gtc;
    order.status = OrderStatus::pending;
    if (limit == nullptr) return order;
    order.type = OrderType::limit;
    order.limit_price = price(limit);
    return order;
}

model::Quote quote_of(const char* bid, const char* ask) {
    model::Quote quote;
    quote.bid = price(bid);
    quote.ask = price(ask);
    return quote;
}

// Open until the hundredth second of 1970, and on the days after.
class ShortDay final : public Hours {
  public:
    bool is_open(Time time) override { return time < second(100); }
    Time next_open(Time /*time*/) override { return second(86'400); }
    Time day_end(Time time) override { return time < second(100) ? second(100) : second(86'500); }
};

// Does within one step what the test tells it: at a quote it orders, at a command it quotes.
class Trader final : public engine::Component {
  public:
    [[nodiscard]] std::string_view name() const override { return "trader"; }
    [[nodiscard]] engine::Stage stage() const override { return engine::Stage::strategy; }
    [[nodiscard]] engine::NounSet wants() const override { return {Noun::quote, Noun::command}; }
    void on_record(const engine::Record& record, engine::Context& context) override {
        if (record.noun == Noun::quote) {
            for (const model::Order& order : orders)
                context.emit(order);
            orders.clear();
        } else if (record.as<model::Command>().name == Text<32>("quote")) {
            model::Quote quote = quote_of("98.00", "98.02");
            quote.known_at = context.now();
            context.emit(quote);
        }
    }
    void save(engine::StateWriter& /*writer*/) const override {}
    void load(engine::StateReader& /*reader*/) override {}

    std::vector<model::Order> orders;
};

Settings immediately() {
    Settings settings;
    settings.timing = FillTiming::immediate;
    settings.sizes_known = false;
    return settings;
}

class VenueRun : public engine::EffectSink {
  public:
    explicit VenueRun(const Settings& settings = immediately(), PaperVenue::TermsOf terms = {}) {
        auto made = PaperVenue::make(settings, std::move(terms)).value();
        venue = made.get();
        auto trading = std::make_unique<Trader>();
        trader = trading.get();
        auto desking = std::make_unique<execution::OrderDesk>(nullptr, venue);
        desk = desking.get();
        portfolio::PortfolioComponentSettings keeping;
        keeping.tells_positions = keeping.tells_balance_after_deals = false;
        keeping.opening.push_back({kAccount, kStrategy, "USD", Money::whole(100'000)});
        auto booking = std::make_unique<portfolio::PortfolioComponent>(keeping);
        books = booking.get();
        std::vector<std::unique_ptr<engine::Component>> components;
        components.push_back(std::move(made));
        components.push_back(std::move(trading));
        components.push_back(std::move(desking));
        components.push_back(std::move(booking));
        engine = std::make_unique<engine::Engine>(std::move(components), 1);
    }
    // An account, a strategy and a share of which lots are whole.
    VenueRun& open() {
        model::Account account;
        account.name = "main";
        account.currency = "USD";
        tell(account);
        model::Strategy strategy;
        strategy.name = "one";
        tell(strategy);
        model::Instrument share;
        share.symbol = "ACME";
        share.currency = "USD";
        share.price_increment = price("0.01");
        share.quantity_increment = Quantity::whole(1);
        share.multiplier = Ratio::whole(1);
        tell(share);
        return *this;
    }

    void take(std::span<const engine::Effect> effects) override {
        std::string step;
        for (const engine::Effect& effect : effects) {
            const std::string told = text_of(effect.record);
            if (!told.empty()) step += (step.empty() ? "" : ", ") + told;
        }
        if (!step.empty()) steps.push_back(step);
    }
    [[nodiscard]] std::string text_of(const engine::Record& record) {
        if (record.noun == Noun::fill) {
            const auto& fill = record.as<model::Fill>();
            return std::to_string(fill.order_id) + " deals " + fill.quantity.to_string() + " at " +
                   fill.price.to_string();
        }
        if (record.noun == Noun::command) {
            const auto& command = record.as<model::Command>();
            return std::string(command.target.view()) + ": " + std::string(command.argument.view());
        }
        if (record.noun != Noun::order) return {};
        last = record.as<model::Order>();
        std::string text = std::to_string(last.order_id) + " ";
        text += model::kOrderStatusNames[static_cast<std::size_t>(last.status)];
        if (last.reason == OrderReason::none) return text;
        return text.append(" for ").append(
            model::kOrderReasonNames[static_cast<std::size_t>(last.reason)]);
    }
    template <class T>
    void tell(T noun) {
        noun.known_at = now;
        engine->apply({engine->sequence() + 1, engine::record_of(noun)}, *this);
    }
    void clock(std::int64_t seconds) {
        now = second(seconds);
        tell(model::Clock{});
    }
    void quote(const char* bid, const char* ask) { tell(quote_of(bid, ask)); }
    void command(const char* name) {
        model::Command command;
        command.name = name;
        command.actor = "test";
        tell(command);
    }
    void request(std::uint64_t id, OrderStatus status, const char* limit = nullptr) {
        model::Order order = order_of(id, Side::buy, 10, limit);
        order.status = status;
        tell(order);
    }
    [[nodiscard]] Quantity held() const {
        const auto* position = books->books().position(kAccount, kStrategy, kShare);
        return position == nullptr ? Quantity() : position->quantity();
    }
    std::vector<std::string> taken() { return std::exchange(steps, {}); }

    PaperVenue* venue = nullptr;
    Trader* trader = nullptr;
    execution::OrderDesk* desk = nullptr;
    portfolio::PortfolioComponent* books = nullptr;
    std::unique_ptr<engine::Engine> engine;
    std::vector<std::string> steps;  // what each set off
    model::Order last;
    Time now = second(1);
};

using Steps = std::vector<std::string>;

TEST(PaperVenue, Answers_in_steps_of_their_own_at_the_moment_of_the_order) {
    VenueRun run;
    run.open().quote("99.98", "100.00");
    run.tell(order_of(7, Side::buy, 10));
    EXPECT_EQ(run.taken(), Steps{});  // timers of a moment fire after its orders
    run.clock(1);
    EXPECT_EQ(run.taken(), (Steps{"7 accepted", "7 deals 10 at 100", "7 filled"}));
    EXPECT_EQ(run.last.known_at, second(1));
    EXPECT_EQ(run.held(), Quantity::whole(10));
    EXPECT_EQ(run.venue->exchange().position(kAccount, kShare), Quantity::whole(10));
    EXPECT_EQ(run.desk->counts().filled, 1U);
    EXPECT_EQ(run.desk->working_count(), 0U);
}

TEST(PaperVenue, Deals_resting_orders_after_the_step_of_the_price_that_reaches_them) {
    VenueRun run;
    run.open().quote("99.98", "100.00");
    run.tell(order_of(7, Side::buy, 10, "99.00"));
    run.clock(2);
    EXPECT_EQ(run.taken(), Steps{"7 accepted"});
    run.quote("98.97", "98.99");
    EXPECT_EQ(run.taken(), (Steps{"7 deals 10 at 99", "7 filled"}));
    EXPECT_EQ(run.desk->counts().out_of_step, 0U);
    EXPECT_EQ(run.engine->next_timer(), Time::latest());
}

// Of four orders of one step the desk refuses the first and the last, the venue the second.
TEST(PaperVenue, Keeps_its_rejections_apart_from_the_desks_refusals) {
    VenueRun run;
    run.open().quote("99.98", "100.00");
    model::Order unknown = order_of(1, Side::buy, 10);
    unknown.instrument = InstrumentId(5);
    model::Order child = order_of(2, Side::sell, 10);
    child.parent_id = 99;  // the venue knows no such order
    const model::Order good = order_of(3, Side::buy, 10);
    model::Order empty = order_of(4, Side::buy, 10);
    empty.quantity = Quantity();
    run.trader->orders = {unknown, child, good, empty};
    run.now = second(2);
    run.quote("99.98", "100.00");
    EXPECT_EQ(run.taken(), (Steps{"1 pending, 2 pending, 3 pending, 4 pending, "
                                  "1 rejected for unknown_instrument, 4 rejected for bad_order",
                                  "2 rejected for unknown_order", "3 accepted", "3 deals 10 at 100",
                                  "3 filled"}));
    EXPECT_EQ(run.desk->counts().refused, 2U);
    EXPECT_EQ(run.desk->counts().rejected, 1U);
    EXPECT_EQ(run.desk->counts().out_of_step, 0U);
    EXPECT_EQ(run.desk->working_count(), 0U);
}

TEST(PaperVenue, Cancels_and_changes_orders) {
    VenueRun run;
    run.open().quote("99.98", "100.00");
    run.tell(order_of(7, Side::buy, 10, "99.00"));
    run.clock(2);
    (void)run.taken();
    run.request(7, OrderStatus::replace_requested, "99.50");
    run.clock(3);
    EXPECT_EQ(run.taken(), Steps{"7 accepted"});
    EXPECT_EQ(run.last.limit_price, Maybe<Price>(price("99.50")));
    run.request(7, OrderStatus::cancel_requested);
    run.clock(4);
    EXPECT_EQ(run.taken(), Steps{"7 cancelled for user"});
    EXPECT_EQ(run.venue->exchange().order_count(), 0U);
}

TEST(PaperVenue, Lets_orders_of_the_day_lapse_without_any_datum_but_after_those_of_the_moment) {
    ShortDay hours;
    const auto terms = [&](const model::Instrument&) { return Terms{&hours, {}, {}}; };
    VenueRun run(immediately(), terms);
    run.open().quote("99.98", "100.00");
    for (const std::uint64_t id : {7U, 8U}) {
        model::Order order = order_of(id, Side::buy, 10, id == 7 ? "99.00" : "98.00");
        order.time_in_force = model::TimeInForce::day;
        run.tell(order);
    }
    run.clock(99);
    (void)run.taken();
    EXPECT_EQ(run.engine->next_timer(), second(100) + Duration::nanoseconds(1));
    run.now = second(100);
    run.tell(model::Clock{});
    EXPECT_EQ(run.taken(), Steps{});
    run.clock(101);
    EXPECT_EQ(run.taken(), (Steps{"7 expired for session_end", "8 expired for session_end"}));
    EXPECT_EQ(run.last.known_at, second(100));
    EXPECT_EQ(run.desk->working_count(), 0U);
}

// A saved venue knows nothing of them either, so a restored one would wake at other times.
TEST(PaperVenue, Does_not_wake_for_an_order_that_ended_before_its_time) {
    ShortDay hours;
    VenueRun run(immediately(), [&](const model::Instrument&) { return Terms{&hours, {}, {}}; });
    run.open().quote("99.98", "100.00");
    model::Order order = order_of(7, Side::buy, 10, "99.00");
    order.time_in_force = model::TimeInForce::day;
    run.tell(order);
    run.clock(2);
    EXPECT_EQ(run.engine->next_timer(), second(100) + Duration::nanoseconds(1));
    run.quote("98.98", "98.99");
    EXPECT_EQ(run.desk->counts().filled, 1U);
    EXPECT_EQ(run.engine->next_timer(), Time::latest());
    EXPECT_EQ(run.venue->exchange().next_due(), Time::latest());
}

TEST(PaperVenue, Lets_requests_take_their_time) {
    Settings settings = immediately();
    settings.timing = FillTiming::latency;
    settings.latency.submit = Duration::seconds(5);
    VenueRun run(settings);
    run.open().quote("99.98", "100.00");
    run.tell(order_of(7, Side::buy, 10));
    run.clock(5);
    EXPECT_EQ(run.taken(), Steps{});
    run.quote("100.98", "101.00");
    run.clock(7);
    EXPECT_EQ(run.taken(), (Steps{"7 accepted", "7 deals 10 at 101", "7 filled"}));
    EXPECT_EQ(run.last.known_at, second(6));
}

TEST(PaperVenue, Refuses_to_be_late_or_to_repeat_itself) {
    Settings late = immediately();
    late.timing = FillTiming::latency;
    late.latency.report = Duration::milliseconds(1);
    Settings twice = immediately();
    twice.faults.duplicate_one_in = 5;
    for (const Settings& settings : {late, twice}) {
        const auto made = PaperVenue::make(settings);
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, ErrorCode::config);
    }
}

// 25 shares at 100 become 37.5 at 66.67: one half is sold at the last price, 99.98 * 2 / 3.
TEST(PaperVenue, Splits_and_pays_dividends_as_the_books_do) {
    VenueRun run;
    run.open().quote("99.98", "100.00");
    run.tell(order_of(7, Side::buy, 25));
    run.clock(2);
    run.tell(order_of(8, Side::sell, 10, "120.00"));
    run.clock(3);
    (void)run.taken();
    model::CorporateAction split;
    split.currency = "USD";
    split.new_units = 3;
    split.old_units = 2;
    run.tell(split);
    const std::string fraction = std::to_string(SimulatedExchange::kFractionsFrom + 1);
    EXPECT_EQ(run.taken(),
              (Steps{"8 accepted for corporate_action", fraction + " accepted for corporate_action",
                     fraction + " deals 0.5 at 66.653333333",
                     fraction + " filled for corporate_action"}));
    EXPECT_EQ(run.held(), Quantity::whole(37));
    EXPECT_EQ(run.venue->exchange().position(kAccount, kShare), Quantity::whole(37));

    model::CorporateAction dividend;
    dividend.kind = model::ActionKind::dividend;
    dividend.currency = "USD";
    dividend.amount = price("0.50");
    run.tell(dividend);
    EXPECT_EQ(run.taken(), Steps{"main: dividend 18.5 USD one"});
    // 100,000 - 25 * 100 + 0.5 * 66.653333333 + 18.5, of 8 decimals
    EXPECT_EQ(run.books->books().ledger(kAccount, kStrategy, "USD").cash,
              Money::parse("97551.82666667").value());
}

TEST(PaperVenue, Knows_the_last_prices) {
    VenueRun run;
    EXPECT_FALSE(run.open().venue->exchange().last_prices(kShare).bid.has_value());
    run.quote("99.98", "100.00");
    const LastPrices last = run.venue->exchange().last_prices(kShare);
    EXPECT_EQ(last.bid, Maybe<Price>(price("99.98")));
    EXPECT_EQ(last.ask, Maybe<Price>(price("100.00")));
    EXPECT_FALSE(last.trade.has_value());
    EXPECT_EQ(last.known_at, second(1));
    EXPECT_FALSE(run.venue->exchange().last_prices(InstrumentId(9)).bid.has_value());
}

// Ends in a state in which one order is on its way to the exchange and, if `reports`, the deals of
// another are not told yet: all of the moment at which timers have not fired.
void stop_in_the_middle(VenueRun& run, bool reports) {
    run.open().quote("99.98", "100.00");
    run.tell(order_of(7, Side::buy, 10, "99.00"));
    run.tell(order_of(8, Side::sell, 5, "101.00"));
    run.clock(2);
    run.now = second(3);
    if (reports) run.command("quote");  // 98.02: the first deals
    run.tell(order_of(9, Side::buy, 3));
    EXPECT_TRUE(run.venue->has_work());
}

void go_on(VenueRun& run) {
    run.now = second(3);
    run.clock(4);
    run.quote("101.50", "101.52");
    run.request(7, OrderStatus::cancel_requested);
    run.clock(5);
}

TEST(PaperVenue, Goes_on_from_a_snapshot_as_if_nothing_had_been) {
    for (const bool reports : {false, true}) {
        SCOPED_TRACE(reports);
        VenueRun whole;
        stop_in_the_middle(whole, reports);
        engine::StateWriter saved;
        whole.engine->save(saved);
        VenueRun restored;
        engine::StateReader reader(saved.bytes());
        ASSERT_TRUE(restored.engine->load(reader));
        EXPECT_EQ(restored.engine->state_hash(), whole.engine->state_hash());
        (void)whole.taken();
        go_on(whole);
        go_on(restored);
        EXPECT_EQ(restored.taken(), whole.taken());
        EXPECT_EQ(restored.engine->running_hash(), whole.engine->running_hash());
        EXPECT_EQ(restored.engine->state_hash(), whole.engine->state_hash());
        // 10 for 99 by the quote between, 3 at the market, 5 sold at 101
        EXPECT_EQ(restored.held(), Quantity::whole(reports ? 8 : -2));
        EXPECT_TRUE(restored.engine->stopped().empty());
    }
}

TEST(PaperVenue, Loads_over_what_it_knew_before) {
    VenueRun run;
    stop_in_the_middle(run, true);
    engine::StateWriter saved;
    run.engine->save(saved);
    go_on(run);
    engine::StateReader reader(saved.bytes());
    ASSERT_TRUE(run.engine->load(reader));
    engine::StateWriter again;
    run.engine->save(again);
    EXPECT_TRUE(std::ranges::equal(saved.bytes(), again.bytes()));
}

}  // namespace
}  // namespace millrace::venue
