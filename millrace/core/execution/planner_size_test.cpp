#include <functional>
#include <gtest/gtest.h>

#include "millrace/core/execution/plan_size.hpp"
#include "millrace/core/execution/test_plans.hpp"

namespace millrace::execution {
namespace {

PlanSettings sized(Sizing sizing, const char* share) {
    PlanSettings settings = plan();
    settings.sizing = sizing;
    settings.share = Ratio::parse(share).value();
    return settings;
}

// The quantity of the entry, or the name of what became of the signal instead.
std::string size_of_entry(PlanRun& run, const model::Signal& wish) {
    const PlanOutcome outcome = run.give(wish);
    if (outcome != PlanOutcome::entered) return std::string(name_of(outcome));
    return run.sent[0].quantity.to_string();
}

// Equity 10,000 and cash 4,000 in an account of dollars; the market at 99 to 101.
std::string size_of_entry(const PlanSettings& settings, const model::Instrument& instrument,
                          SignalAction action, const char* stop = nullptr) {
    PlanRun run({settings}, instrument);
    run.balance("10000", "4000");
    run.quote("99", "101");
    model::Signal wish = signal(action);
    if (stop != nullptr) wish.stop_loss = price(stop);
    return size_of_entry(run, wish);
}

// 10 % of 10,000 at the offer of 101: 9.90; at the bid of 99: 10.10.
TEST(PlanSize, Spends_a_share_of_equity_at_the_price_of_the_side_rounded_down) {
    EXPECT_EQ(size_of_entry(sized(Sizing::equity_share, "0.1"), share(), SignalAction::buy), "9");
    EXPECT_EQ(size_of_entry(sized(Sizing::equity_share, "0.1"), share(), SignalAction::sell), "10");
}

// All of 4,000 at 101: 39.60.
TEST(PlanSize, Spends_a_share_of_cash) {
    EXPECT_EQ(size_of_entry(sized(Sizing::cash_share, "1"), share(), SignalAction::buy), "39");
}

// 1 % of 10,000 is 100: bought at 101 and stopped at 94 loses 7 a share, 14.28; sold at 99 and
// stopped at 103 loses 4, exactly 25.
TEST(PlanSize, Loses_no_more_than_the_share_at_the_stop) {
    const PlanSettings settings = sized(Sizing::risk_share, "0.01");
    EXPECT_EQ(size_of_entry(settings, share(), SignalAction::buy, "94"), "14");
    EXPECT_EQ(size_of_entry(settings, share(), SignalAction::sell, "103"), "25");
}

// 10,000 buy 99 shares at 101; a contract of 50 a point costs 5,050: 1.98 contracts; lots of 0.25
// round that to 1.75.
TEST(PlanSize, Counts_the_multiplier_and_the_steps_of_the_instrument) {
    model::Instrument future = share();
    future.multiplier = Ratio::whole(50);
    EXPECT_EQ(size_of_entry(sized(Sizing::equity_share, "1"), future, SignalAction::buy), "1");
    future.quantity_increment = quantity("0.25");
    EXPECT_EQ(size_of_entry(sized(Sizing::equity_share, "1"), future, SignalAction::buy), "1.75");
}

// Priced in yen at 150 the dollar: 10,000 dollars are 1,500,000 yen, at 101 yen 14,851.48 shares.
TEST(PlanSize, Converts_the_accounts_money_by_a_pair_that_has_a_price) {
    model::Instrument foreign = share();
    foreign.currency = "JPY";
    PlanRun run({sized(Sizing::equity_share, "1")}, foreign);
    run.balance("10000", "10000");
    run.quote("99", "101");
    EXPECT_EQ(run.give(SignalAction::buy), PlanOutcome::no_rate);
    model::Instrument pair = share();
    pair.id = InstrumentId(1);
    pair.symbol = "USDJPY";
    pair.asset_class = model::AssetClass::fx;
    pair.base_currency = "USD";
    pair.currency = "JPY";
    run.tell(pair);
    EXPECT_EQ(run.give(SignalAction::buy), PlanOutcome::no_rate);
    run.quote("149", "151", 1);
    EXPECT_EQ(size_of_entry(run, signal(SignalAction::buy)), "14851");
}

// From the other side: 10,000 dollars at 1.25 dollars the euro are 8,000 euros, at 100 euros 80.
TEST(PlanSize, Converts_by_a_pair_seen_from_its_other_side) {
    model::Instrument foreign = share();
    foreign.currency = "EUR";
    PlanRun run({sized(Sizing::equity_share, "1")}, foreign);
    model::Instrument pair = share();
    pair.id = InstrumentId(1);
    pair.symbol = "EURUSD";
    pair.asset_class = model::AssetClass::fx;
    pair.base_currency = "EUR";
    run.tell(pair);
    run.balance("10000", "10000");
    run.quote("100", "100");
    run.quote("1.24", "1.26", 1);
    EXPECT_EQ(size_of_entry(run, signal(SignalAction::buy)), "80");
}

// The traded pair is its own rate: 10,000 dollars are 10,000 units of USDJPY, at any price.
TEST(PlanSize, Buys_a_pair_of_the_accounts_currency_one_for_one) {
    model::Instrument pair = share();
    pair.symbol = "USDJPY";
    pair.asset_class = model::AssetClass::fx;
    pair.base_currency = "USD";
    pair.currency = "JPY";
    PlanRun run({sized(Sizing::equity_share, "1")}, pair);
    run.balance("10000", "10000");
    run.quote("150", "150");
    EXPECT_EQ(size_of_entry(run, signal(SignalAction::buy)), "10000");
}

// A contract of 100 dollars a coin-settled unit, at 50,000: 0.002 coins each. Half of 1 coin buys
// 250. Stopped at 40,000 one loses 100/40,000 - 100/50,000 = 0.0005 coins: 0.01 coins risk 20, less
// the last unit that the rounding of the loss takes.
TEST(PlanSize, Sizes_inverse_contracts_in_their_base_currency) {
    model::Instrument inverse = share();
    inverse.base_currency = "BTC";
    inverse.inverse = true;
    inverse.multiplier = Ratio::whole(100);
    const auto entered = [&](const PlanSettings& settings, const char* stop) {
        PlanRun run({settings}, inverse);
        run.balance("1", "1", "BTC");
        run.quote("50000", "50000");
        model::Signal wish = signal(SignalAction::buy);
        if (stop != nullptr) wish.stop_loss = price(stop);
        return size_of_entry(run, wish);
    };
    EXPECT_EQ(entered(sized(Sizing::equity_share, "0.5"), nullptr), "250");
    EXPECT_EQ(entered(sized(Sizing::risk_share, "0.01"), "40000"), "19");
}

// 14 by risk; 1,000 at 101 allow 9, 5 % of 10,000 allow 4, and the quantity itself 3.
TEST(PlanSize, Is_cut_to_the_least_of_the_maxima) {
    PlanSettings settings = sized(Sizing::risk_share, "0.01");
    settings.notional_max = Money::whole(1'000);
    EXPECT_EQ(size_of_entry(settings, share(), SignalAction::buy, "94"), "9");
    settings.equity_share_max = Ratio::parse("0.05").value();
    EXPECT_EQ(size_of_entry(settings, share(), SignalAction::buy, "94"), "4");
    settings.quantity_max = quantity("3.5");
    EXPECT_EQ(size_of_entry(settings, share(), SignalAction::buy, "94"), "3");
}

// The equity counts for this maximum, whatever the entries are sized by.
TEST(PlanSize, Takes_the_maximum_share_of_equity_also_when_sized_by_cash) {
    PlanSettings settings = sized(Sizing::cash_share, "1");
    settings.equity_share_max = Ratio::parse("0.2").value();
    EXPECT_EQ(size_of_entry(settings, share(), SignalAction::buy), "19");  // 2,000 at 101
}

TEST(PlanSize, Is_refused_rather_than_wrapped_beyond_the_range) {
    model::Instrument cheap = share();
    cheap.price_increment = Price::from_raw(1);
    cheap.multiplier = Ratio::from_raw(1);
    PlanRun run({sized(Sizing::equity_share, "1")}, cheap);
    run.balance("90000000000", "0");
    run.quote("0.000000001", "0.000000001");
    EXPECT_EQ(run.give(SignalAction::buy), PlanOutcome::size_out_of_range);
    EXPECT_EQ(quantity_for(Money::from_raw(INT64_MAX), 1), kQuantityLimit);
    EXPECT_EQ(quantity_for(Money::whole(-1), 1), Quantity());
}

// What becomes of a signal to buy that something is wrong with.
struct Refusal {
    PlanOutcome outcome;
    std::function<void(PlanSettings&)> settings;
    std::function<void(model::Signal&)> wish;
    const char* bid = "100";  // null: no price is known
    const char* equity = "10000";
};

TEST(PlanRefusal, Has_a_reason_for_everything_that_cannot_be_planned) {
    const auto nothing = [](auto&) {};
    const auto by_equity = [](PlanSettings& s) { s = sized(Sizing::equity_share, "1"); };
    const Refusal cases[] = {
        {PlanOutcome::hold, nothing, [](auto& w) { w.action = SignalAction::hold; }},
        {PlanOutcome::warming_up, [](auto& s) { s.live_from = second(11); }, nothing},
        {PlanOutcome::unknown_instrument, nothing, [](auto& w) { w.instrument = InstrumentId(7); }},
        {PlanOutcome::expired, nothing, [](auto& w) { w.expires_at = second(10); }},
        {PlanOutcome::too_weak, [](auto& s) { s.strength_min = Ratio::parse("0.6").value(); },
         [](auto& w) { w.strength = Ratio::parse("0.59").value(); }},
        {PlanOutcome::nothing_to_close, nothing, [](auto& w) { w.action = SignalAction::close; }},
        {PlanOutcome::no_price, by_equity, nothing, nullptr},
        {PlanOutcome::no_price, by_equity, nothing, "-1"},
        {PlanOutcome::no_price, [](auto& s) { s.notional_max = Money::whole(5); }, nothing,
         nullptr},
        {PlanOutcome::no_price, nothing, [](auto& w) { w.stop_loss = price("90"); }, nullptr},
        {PlanOutcome::no_entry_price, [](auto& s) { s.entry = EntryKind::limit; }, nothing},
        {PlanOutcome::no_entry_price, [](auto& s) { s.entry = EntryKind::stop; }, nothing},
        {PlanOutcome::no_stop, [](auto& s) { s = sized(Sizing::risk_share, "0.01"); }, nothing},
        {PlanOutcome::stop_on_wrong_side, nothing, [](auto& w) { w.stop_loss = price("100"); }},
        {PlanOutcome::stop_on_wrong_side, nothing, [](auto& w) { w.stop_loss = price("101"); }},
        {PlanOutcome::target_on_wrong_side, nothing, [](auto& w) { w.take_profit = price("99"); }},
        {PlanOutcome::target_on_wrong_side, nothing, [](auto& w) { w.take_profit = price("100"); }},
        {PlanOutcome::price_out_of_range, nothing,
         [](auto& w) { w.take_profit = Price::from_raw(INT64_MAX); }},
        {PlanOutcome::no_balance, by_equity, nothing, "100", nullptr},
        {PlanOutcome::no_balance, [](auto& s) { s.notional_max = Money::whole(5); }, nothing, "100",
         nullptr},
        {PlanOutcome::no_money, by_equity, nothing, "100", "0"},
        {PlanOutcome::no_money, by_equity, nothing, "100", "-0.01"},
        {PlanOutcome::rounds_to_zero, by_equity, nothing, "100", "99.99"},
        {PlanOutcome::rounds_to_zero, nothing, [](auto& w) { w.quantity = quantity("0.99"); }},
        {PlanOutcome::below_minimum, nothing, [](auto& w) { w.quantity = quantity("4"); }},
        {PlanOutcome::at_maximum, [](auto& s) { s.quantity_max = quantity("4.9"); }, nothing},
        {PlanOutcome::size_out_of_range, [](auto& s) { s.quantity = kQuantityLimit; }, nothing},
    };
    for (const Refusal& refusal : cases) {
        PlanSettings settings = plan();
        refusal.settings(settings);
        model::Instrument instrument = share();
        instrument.minimum_quantity = Quantity::whole(5);
        PlanRun run({settings}, instrument);
        if (refusal.equity != nullptr) run.balance(refusal.equity, "0");
        if (refusal.bid != nullptr) run.quote(refusal.bid, refusal.bid);
        model::Signal wish = signal(SignalAction::buy);
        wish.known_at = second(10);
        refusal.wish(wish);
        // Below the minimum of 5 and below the step of 1 are told apart.
        if (refusal.outcome == PlanOutcome::rounds_to_zero) {
            instrument.minimum_quantity = {};
            run.tell(instrument);
        }
        EXPECT_EQ(name_of(run.give(wish)), name_of(refusal.outcome));
        EXPECT_TRUE(run.sent.empty()) << name_of(refusal.outcome);
        EXPECT_TRUE(run.engine->stopped().empty()) << name_of(refusal.outcome);
    }
}

// An entry without brackets 512 times; the 513th finds the plan full, closes still find room.
TEST(PlanRefusal, Leaves_room_for_closes_when_too_many_orders_work) {
    PlanSettings settings = plan();
    settings.pyramids = true;
    PlanRun run(settings);
    for (int i = 0; i < 512; ++i)
        ASSERT_EQ(run.give(SignalAction::buy), PlanOutcome::entered);
    EXPECT_EQ(run.give(SignalAction::buy), PlanOutcome::too_many_orders);
    run.deal_all(run.sent[0]);
    EXPECT_EQ(run.give(SignalAction::close), PlanOutcome::closed);
    EXPECT_EQ(run.cancels.size(), 511U);
}

TEST(PlanRefusal, Does_not_follow_the_same_signal_twice) {
    PlanSettings settings = plan();
    settings.entry = EntryKind::limit;
    PlanRun run(settings);
    model::Signal wish = signal(SignalAction::buy);
    wish.price = price("99");
    EXPECT_EQ(run.give(wish), PlanOutcome::entered);
    EXPECT_EQ(run.give(wish), PlanOutcome::already_entering);
    run.deal_all(run.sent[0]);
    EXPECT_EQ(run.give(wish), PlanOutcome::already_in);
    EXPECT_EQ(run.give(SignalAction::close), PlanOutcome::closed);
    EXPECT_EQ(run.give(wish), PlanOutcome::still_closing);
    EXPECT_EQ(run.sent.size(), 2U);
}

// Whatever is wrong with the entry, the other side is given up.
TEST(PlanRefusal, Still_closes_the_other_side) {
    PlanRun run(plan());
    run.go_long();
    model::Signal wish = signal(SignalAction::sell);
    wish.quantity = quantity("0.5");
    EXPECT_EQ(run.give(wish), PlanOutcome::rounds_to_zero);
    ASSERT_EQ(run.sent.size(), 2U);
    EXPECT_TRUE(run.sent[1].reduce_only);
}

TEST(PlanRefusal, Tells_a_person_once_what_a_person_must_mend) {
    PlanRun run(sized(Sizing::equity_share, "1"));
    run.quote("100", "100");
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(run.give(SignalAction::buy), PlanOutcome::no_balance);
    ASSERT_EQ(run.alerts.size(), 1U);
    EXPECT_EQ(run.alerts[0].code, Text<32>("signal_not_planned"));
    EXPECT_EQ(run.alerts[0].message.view(),
              "strategy 3: nobody told of the account's money; said once");
    EXPECT_EQ(run.planner->counts(kStrategy).of(PlanOutcome::no_balance), 3U);
}

TEST(PlanRefusal, Has_words_for_every_outcome) {
    for (std::size_t i = 0; i < kPlanOutcomeNames.size(); ++i) {
        EXPECT_FALSE(text_of(static_cast<PlanOutcome>(i)).empty()) << kPlanOutcomeNames[i];
        for (std::size_t j = 0; j < i; ++j)
            EXPECT_NE(kPlanOutcomeNames[i], kPlanOutcomeNames[j]);
    }
}

TEST(PlanSettings, Are_refused_where_they_contradict_themselves) {
    const auto refused = [](const std::function<void(PlanSettings&)>& change) {
        PlanSettings settings = plan();
        change(settings);
        const auto checked = check(settings);
        return checked ? std::string("accepted") : checked.error().where;
    };
    EXPECT_EQ(refused([](auto&) {}), "accepted");
    EXPECT_EQ(refused([](auto& s) { s.quantity = {}; }), "quantity");
    EXPECT_EQ(refused([](auto& s) { s.sizing = Sizing::risk_share; }), "share");
    EXPECT_EQ(refused([](auto& s) { s.strength_min = Ratio::from_raw(1'000'000'001); }),
              "strength_min");
    EXPECT_EQ(refused([](auto& s) { s.quantity_max = Quantity(); }), "quantity_max");
    EXPECT_EQ(refused([](auto& s) { s.notional_max = Money::whole(-1); }), "notional_max");
    EXPECT_EQ(refused([](auto& s) { s.equity_share_max = Ratio(); }), "equity_share_max");
    EXPECT_EQ(refused([](auto& s) { s.time_in_force = model::TimeInForce::gtd; }), "time_in_force");
    EXPECT_EQ(refused([](auto& s) {
                  s.time_in_force = model::TimeInForce::fok;
                  s.entry = EntryKind::stop;
              }),
              "time_in_force");
    EXPECT_EQ(refused([](auto& s) {
                  s.time_in_force = model::TimeInForce::ioc;
                  s.valid_for = Duration::seconds(1);
              }),
              "valid_for");
    EXPECT_EQ(refused([](auto& s) { s.valid_for = Duration::seconds(-1); }), "valid_for");
}

}  // namespace
}  // namespace millrace::execution
