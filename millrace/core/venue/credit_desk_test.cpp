// What scenarios cannot say of credit: terms, memory, several accounts, the saved form.
#include "millrace/core/venue/credit_desk.hpp"

#include <gtest/gtest.h>

#include "millrace/core/venue/exchange.hpp"

#include "tests/support/counting_allocator.hpp"

namespace millrace::venue {
namespace {

using model::OrderReason;
using model::OrderStatus;

Ratio ratio(std::string_view text) {
    return Ratio::parse(text).value();
}

class Tape final : public ReportSink {
  public:
    void on_order(const model::Order& order) override { last = order; }
    void on_fill(const model::Fill& fill) override {
        ++fills;
        deal = fill;
    }
    std::uint64_t fills = 0;
    model::Order last;
    model::Fill deal;
};

model::Instrument share(std::uint32_t id = 0) {
    model::Instrument instrument;
    instrument.id = InstrumentId(id);
    instrument.currency = "USD";
    instrument.price_increment = Price::from_raw(10'000'000);
    instrument.quantity_increment = Quantity::whole(1);
    instrument.multiplier = Ratio::whole(1);
    return instrument;
}

model::Order order_of(std::uint64_t id, Side side, std::int64_t quantity, AccountId account = {}) {
    model::Order order;
    order.order_id = id;
    order.side = side;
    order.quantity = Quantity::whole(quantity);
    order.time_in_force = model::TimeInForce::gtc;
    order.status = OrderStatus::submitted;
    order.account = account;
    return order;
}

model::Trade trade_of(std::int64_t ns, std::int64_t price) {
    model::Trade trade;
    trade.known_at = Time::from_ns(ns);
    trade.price = Price::whole(price);
    trade.size = Quantity::whole(1'000'000);
    return trade;
}

// One account a number, each with its cash and half of a value as margin.
void open(CreditDesk& desk, AccountId::Value number, std::int64_t cash, bool has_margin = true) {
    model::Account account;
    account.id = AccountId(number);
    account.currency = "USD";
    AccountCredit credit;
    if (has_margin) credit.margin = MarginRates::of(ratio("0.5"));
    desk.open(account, credit);
    desk.book({account.id, portfolio::kUnassigned, "USD", Money::whole(cash),
               portfolio::CashReason::deposit});
}

TEST(CreditTerms, Maintenance_may_not_be_above_initial) {
    MarginRates rates = MarginRates::of(ratio("0.3"));
    EXPECT_EQ(rates.maintenance_long, ratio("0.15"));
    EXPECT_TRUE(rates.check());
    rates.maintenance_short = ratio("0.300000001");
    EXPECT_FALSE(rates.check());
    EXPECT_FALSE(MarginRates::of(Ratio()).check());
    EXPECT_FALSE(MarginRates::of(ratio("100.1")).check());
}

TEST(CreditTerms, Rates_and_days_are_within_reason) {
    AccountCredit credit;
    EXPECT_TRUE(credit.check());
    credit.days_of_year = 366;
    EXPECT_FALSE(credit.check());
    credit.days_of_year = 360;
    credit.borrow_rate = ratio("-0.01");
    EXPECT_FALSE(credit.check());
    InstrumentCredit instrument;
    instrument.short_max = Quantity::whole(-1);
    EXPECT_FALSE(instrument.check());
}

TEST(CreditDesk, Only_the_account_that_is_below_is_called) {
    Tape tape;
    CreditDesk desk;
    open(desk, 0, 1'000);
    open(desk, 1, 5'000);
    open(desk, 2, 1'000, false);
    Settings settings;
    settings.timing = FillTiming::immediate;
    SimulatedExchange venue = *SimulatedExchange::make(settings, tape, nullptr, &desk);
    venue.define(share());
    venue.on_trade(trade_of(1, 100));
    for (AccountId::Value account = 0; account < 3; ++account)
        venue.submit(order_of(account + 1U, Side::buy, 20, AccountId(account)), Time::from_ns(2));
    venue.on_trade(trade_of(3, 60));
    EXPECT_EQ(venue.position(AccountId(0), InstrumentId(0)), Quantity());
    EXPECT_EQ(venue.position(AccountId(1), InstrumentId(0)), Quantity::whole(20));
    EXPECT_EQ(venue.position(AccountId(2), InstrumentId(0)), Quantity::whole(20));
    EXPECT_EQ(tape.deal.account, AccountId(0));
    EXPECT_EQ(tape.deal.order_id, SimulatedExchange::kLiquidationsFrom + 1);
}

// An account that the desk does not know is asked by the buying power, as without a desk.
TEST(CreditDesk, Leaves_other_accounts_to_the_buying_power) {
    Tape tape;
    CreditDesk desk;
    open(desk, 0, 1'000);
    CashBuyingPower cash;
    cash.deposit(AccountId(1), "USD", Money::whole(1'000));
    Settings settings;
    settings.timing = FillTiming::immediate;
    SimulatedExchange venue = *SimulatedExchange::make(settings, tape, &cash, &desk);
    venue.define(share());
    venue.on_trade(trade_of(1, 100));
    venue.submit(order_of(1, Side::buy, 20, AccountId(1)), Time::from_ns(2));
    EXPECT_EQ(tape.last.reason, OrderReason::no_cash);
    venue.submit(order_of(2, Side::buy, 20, AccountId(0)), Time::from_ns(2));
    EXPECT_EQ(tape.last.status, OrderStatus::filled);
}

// Numbers of the venue's own orders are its own, and its orders nobody else's to end.
TEST(CreditDesk, Its_orders_cannot_be_taken_or_ended) {
    Tape tape;
    CreditDesk desk;
    open(desk, 0, 1'000);
    Settings settings;
    settings.timing = FillTiming::immediate;
    SimulatedExchange venue = *SimulatedExchange::make(settings, tape, nullptr, &desk);
    venue.define(share());
    venue.on_trade(trade_of(1, 100));
    venue.submit(order_of(SimulatedExchange::kLiquidationsFrom + 1, Side::buy, 1),
                 Time::from_ns(2));
    EXPECT_EQ(tape.last.reason, OrderReason::bad_order);
    venue.submit(order_of(1, Side::buy, 20), Time::from_ns(2));
    model::Trade thin = trade_of(3, 60);
    thin.size = Quantity::whole(5);
    venue.on_trade(thin);
    const std::uint64_t call = SimulatedExchange::kLiquidationsFrom + 1;
    ASSERT_NE(venue.find(call), nullptr);
    EXPECT_EQ(venue.find(call)->filled_quantity, Quantity::whole(5));
    venue.cancel(call, Time::from_ns(4));
    EXPECT_EQ(tape.last.reason, OrderReason::margin_call);
    venue.replace(call, {Quantity::whole(6), {}, {}, {}}, Time::from_ns(4));
    EXPECT_EQ(venue.find(call)->quantity, Quantity::whole(20));
    venue.on_trade(trade_of(5, 60));
    EXPECT_EQ(venue.position(AccountId(0), InstrumentId(0)), Quantity());
    EXPECT_FALSE(desk.is_called(AccountId(0)));
}

TEST(CreditDesk, A_warm_venue_asks_for_margin_without_allocating) {
    Tape tape;
    CreditDesk desk;
    open(desk, 0, 1'000'000);
    Settings settings;
    settings.timing = FillTiming::immediate;
    SimulatedExchange venue = *SimulatedExchange::make(settings, tape, nullptr, &desk);
    for (std::uint32_t i = 0; i < 4; ++i)
        venue.define(share(i));
    std::int64_t ns = 0;
    std::uint64_t id = 0;
    const auto run = [&](int rounds) {
        for (int round = 0; round < rounds; ++round) {
            model::Trade trade = trade_of(++ns, 100 + round % 5);
            trade.instrument = InstrumentId(static_cast<std::uint32_t>(round) % 4);
            venue.on_trade(trade);
            model::Order order = order_of(++id, round % 8 < 4 ? Side::buy : Side::sell, 7);
            order.instrument = trade.instrument;
            venue.submit(order, Time::from_ns(ns));
        }
    };
    run(10'000);
    const std::uint64_t fills = tape.fills;
    const std::uint64_t before = allocation_count();
    run(10'000);
    EXPECT_EQ(allocation_count() - before, 0U);
    EXPECT_EQ(tape.fills, fills + 10'000);
}

// A price that nothing can be worth: the engine's books stop at it, and here nothing more is done.
TEST(CreditDesk, Falls_silent_when_an_amount_cannot_be_booked) {
    Tape tape;
    CreditDesk desk;
    open(desk, 0, 1'000);
    Settings settings;
    settings.timing = FillTiming::immediate;
    SimulatedExchange venue = *SimulatedExchange::make(settings, tape, nullptr, &desk);
    model::Instrument pair = share();
    pair.asset_class = model::AssetClass::fx;
    pair.base_currency = "EUR";
    venue.define(pair);
    venue.on_trade(trade_of(1, 1));
    venue.submit(order_of(1, Side::buy, 10), Time::from_ns(2));
    venue.on_trade(trade_of(3, -1));  // a rate of less than nothing
    EXPECT_FALSE(desk.equity(AccountId(0)).has_value());
    venue.on_trade(trade_of(4, 1));
    venue.submit(order_of(2, Side::buy, 10), Time::from_ns(5));
    EXPECT_EQ(tape.last.status, OrderStatus::rejected);
}

TEST(CreditDesk, A_loaded_venue_saves_the_same_bytes) {
    Tape tape;
    Settings settings;
    settings.timing = FillTiming::immediate;
    const auto make = [&](CreditDesk& desk) {
        open(desk, 0, 1'000);
        SimulatedExchange venue = *SimulatedExchange::make(settings, tape, nullptr, &desk);
        venue.define(share());
        return venue;
    };
    CreditDesk first_desk, second_desk;
    SimulatedExchange first = make(first_desk);
    first.on_trade(trade_of(1, 100));
    first.submit(order_of(1, Side::buy, 20), Time::from_ns(2));
    model::Trade thin = trade_of(3, 60);
    thin.size = Quantity::whole(5);
    first.on_trade(thin);  // a call that is under way
    engine::StateWriter saved;
    first.save(saved);
    SimulatedExchange second = make(second_desk);
    engine::StateReader reader(saved.bytes());
    second.load(reader);
    ASSERT_TRUE(reader.finish("venue"));
    engine::StateWriter again;
    second.save(again);
    ASSERT_EQ(saved.bytes().size(), again.bytes().size());
    EXPECT_TRUE(std::equal(saved.bytes().begin(), saved.bytes().end(), again.bytes().begin()));
    for (SimulatedExchange* venue : {&first, &second}) {
        venue->on_trade(trade_of(4, 61));
        EXPECT_EQ(venue->position(AccountId(0), InstrumentId(0)), Quantity());
    }
    EXPECT_EQ(first_desk.equity(AccountId(0)), second_desk.equity(AccountId(0)));
}

}  // namespace
}  // namespace millrace::venue
