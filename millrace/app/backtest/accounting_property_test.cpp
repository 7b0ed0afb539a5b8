// Random runs through all of it: strategies, order desk, venue, books. After every event the books
// must be what TestLedgers makes of the deals, the cash and the prices alone, to the last unit: the
// rules of rounding are stated, so there is no tolerance.
#include <gtest/gtest.h>

#include "millrace/app/backtest/simulation.hpp"
#include "millrace/app/backtest/test_coverage.hpp"
#include "millrace/app/backtest/test_credit.hpp"
#include "millrace/app/backtest/test_traders.hpp"
#include "millrace/core/execution/order_desk.hpp"
#include "millrace/core/portfolio/portfolio_component.hpp"
#include "millrace/core/strategy/strategy_host.hpp"

namespace millrace::backtest {
namespace {

using namespace test;
using model::Noun;
using portfolio::MarkRule;

constexpr Money kOpeningCash = Money::whole(1'000'000);
constexpr std::array kAccountNames = {"first", "second"};
constexpr Money kOpeningCoins = Money::whole(10);
constexpr std::array kPivots = {Code("USD"), Code("EUR"), Code()};

class Trial final : public SimulationWatcher {
  public:
    Trial(std::uint64_t seed, Coverage& coverage)
        : random_(seed),
          coverage_(coverage),
          settings_(random_settings(random_)),
          pivot_(kPivots[random_.below(kPivots.size())]),
          mark_rule_(static_cast<MarkRule>(random_.below(4))),
          ledgers_(pivot_) {
        floor_.listings = listings();
        if (random_.one_in(6)) floor_.listings[kFuture].middle = 0;  // about nothing, and below
        floor_.lots.assign(floor_.listings.size(), Quantity::whole(1));
        floor_.lots[kFirstPair] = Quantity::whole(100'000);
        floor_.lots[kFirstPair + 1] = Quantity::whole(21'000);
        floor_.ledgers = &ledgers_;
        for (std::uint16_t i = 0; i < kTraderCount; ++i)
            seats_.push_back({AccountId(i % 2), StrategyId(i), random_.one_in(2)});
        prepare(seed);
    }

    void play() {
        define();
        tell_rates();
        const Script script(random_, floor_.listings, settings_.sizes_known);
        for (const Event& event : script.events()) {
            if (event.time != now_) simulation_->end_of(now_);
            now_ = event.time;
            std::visit([this](const auto& what) { tell(what); }, event.what);
            check();
            check_margin(event);
            if (!complaint().empty()) return;
        }
        simulation_->end_of(now_);
        simulation_->run_until(now_ + Duration::hours(1));
        stop();
        // Half way between two ends of days, so that no charge is under way.
        simulation_->run_until(ShortSessions::middle_after(now_ + Duration::hours(2)));
        check();
        audit();
        check_venue();
    }

    // The first thing that did not hold.
    [[nodiscard]] const std::string& complaint() const { return floor_.complaint; }

    void on_event(const engine::Record& record) override;
    void on_order(const model::Order& order) override;
    void on_fill(const model::Fill& fill) override;
    void on_cash(const venue::CashCharge& charge) override;
    void on_corporate_action(const model::CorporateAction& action) override;

  private:
    void prepare(std::uint64_t seed);
    void define();
    void tell_rates();
    void stop();
    void tell(const BarOpen& open) { simulation_->on_bar_open(open.bar); }
    void tell(const BarClose& close) { simulation_->on_bar(close.bar, close.is_matched); }
    void tell(const model::Quote& quote) { simulation_->on_quote(quote); }
    void tell(const model::Trade& trade) { simulation_->on_trade(trade); }
    void tell(const model::CorporateAction& action) { simulation_->on_corporate_action(action); }
    void tell(const Cash& cash);
    void hear(const engine::Record& record);
    void complain(const std::string& what) { floor_.complain(format_time(now_) + ": " + what); }

    void check();
    void check_ledgers(const TestLedgers::Table& table);
    void check_account(AccountId account, const TestLedgers::Table& table);
    void check_positions();
    void check_told(const model::Position& position);
    void check_fee(const model::Fill& fill);
    void check_margin(const Event& event);
    void check_venue();
    void audit();

    [[nodiscard]] const portfolio::Portfolio& books() const { return books_->books(); }

    Random random_;
    Coverage& coverage_;
    venue::Settings settings_;
    Code pivot_;
    MarkRule mark_rule_;
    TestLedgers ledgers_;
    Floor floor_;
    std::vector<Seat> seats_;
    std::array<model::Account, kAccountCount> accounts_;
    std::vector<venue::Terms> terms_;  // by instrument
    ShortSessions sessions_;
    venue::CashBuyingPower buying_power_;
    std::optional<RandomCredit> credit_;  // in every other world
    std::optional<venue::CreditDesk> desk_on_credit_;
    std::unique_ptr<Simulation> simulation_;
    const portfolio::PortfolioComponent* books_ = nullptr;
    const execution::OrderDesk* desk_ = nullptr;
    std::map<std::uint64_t, Life> lives_;
    std::uint64_t heard_ = 0;
    Time now_ = Script::begin();
};

void Trial::prepare(std::uint64_t seed) {
    portfolio::PortfolioComponentSettings books;
    books.books.mark = mark_rule_;
    books.books.pivot = pivot_;
    books.sample.when = static_cast<portfolio::SampleRule::When>(random_.below(3));
    books.tells_balance_after_deals = random_.one_in(2);
    constexpr std::array kModes = {model::PositionMode::netting, model::PositionMode::hedging};
    const std::array<Code, 2> currencies = {"USD", random_.one_in(2) ? "EUR" : "JPY"};
    if (random_.one_in(2)) credit_.emplace(random_, floor_.listings.size());
    if (credit_) desk_on_credit_.emplace(books.books);
    const bool is_cash_only = !credit_ && random_.one_in(4);
    for (std::size_t i = 0; i < kAccountCount; ++i) {
        accounts_[i].known_at = now_;
        accounts_[i].id = account_of(i);
        accounts_[i].name = kAccountNames[i];
        accounts_[i].currency = currencies[i];
        accounts_[i].mode = kModes[i];
        ledgers_.open(accounts_[i]);
        if (credit_) desk_on_credit_->open(accounts_[i], credit_->accounts[i]);
        for (const Code currency : {currencies[i], Code("BTC")}) {
            const bool is_own = currency == currencies[i];
            if (!is_own && random_.one_in(2)) continue;
            const Money own = credit_ ? credit_->cash : kOpeningCash;
            const Money money = is_own ? own : kOpeningCoins;
            books.opening.push_back({account_of(i), portfolio::kUnassigned, currency, money,
                                     portfolio::CashReason::deposit});
            buying_power_.deposit(account_of(i), currency, money);
            if (credit_) desk_on_credit_->book(books.opening.back());
            ledgers_.cash(account_of(i), kTraderCount, currency, money.raw(), true);
        }
    }
    std::vector<std::unique_ptr<engine::Component>> components;
    auto portfolio = std::make_unique<portfolio::PortfolioComponent>(std::move(books));
    auto desk = std::make_unique<execution::OrderDesk>();
    books_ = portfolio.get();
    desk_ = desk.get();
    components.push_back(std::move(portfolio));
    components.push_back(std::move(desk));
    components.push_back(std::make_unique<Amender>(floor_));
    components.push_back(
        std::make_unique<Witness>([this](const engine::Record& record) { hear(record); }));
    for (const Seat& seat : seats_) {
        strategy::HostOptions options;
        options.strategy = seat.strategy;
        options.account = seat.account;
        options.name = name_of(seat);
        if (seat.trades_lots) options.lots = floor_.lots;
        components.push_back(std::make_unique<strategy::StrategyHost>(
            std::make_unique<RandomTrader>(floor_, seat), std::move(options)));
    }
    auto made = Simulation::make(std::move(components), seed, settings_,
                                 is_cash_only ? &buying_power_ : nullptr, *this, {},
                                 credit_ ? &*desk_on_credit_ : nullptr);
    MILLRACE_ASSERT(made.has_value(), "settings that no venue takes");
    simulation_ = std::move(*made);
}

void Trial::define() {
    for (const model::Account& account : accounts_)
        simulation_->tell(account);
    for (const Listing& listing : floor_.listings) {
        venue::Terms terms;
        if (random_.one_in(3)) terms.hours = &sessions_;
        if (credit_) terms.credit = credit_->instruments[listing.instrument.id.value()];
        if (random_.one_in(2))
            terms.fees = random_fees(random_, !listing.instrument.base_currency.empty());
        terms_.push_back(terms);
        model::Instrument instrument = listing.instrument;
        instrument.known_at = now_;
        ledgers_.list(instrument);
        simulation_->define(instrument, terms);
    }
    for (const Seat& seat : seats_) {
        model::Strategy defined;
        defined.known_at = now_;
        defined.id = seat.strategy;
        defined.name = Text<32>::from(name_of(seat)).value();
        simulation_->tell(defined);
    }
}

// Most pairs have a price from the beginning, so that there is something to convert by.
void Trial::tell_rates() {
    for (const Listing& listing : floor_.listings) {
        if (listing.instrument.asset_class == model::AssetClass::equity || random_.one_in(4))
            continue;
        const FirstPrices first(random_, listing, now_);
        simulation_->on_bar(first.bar, false);
        if (mark_rule_ == MarkRule::latest || mark_rule_ == MarkRule::bar) continue;
        simulation_->on_trade(first.trade);
        if (mark_rule_ == MarkRule::quote) simulation_->on_quote(first.quote);
    }
}

void Trial::stop() {
    model::Command command;
    command.known_at = simulation_->engine().now();
    command.name = "stop-strategy";
    simulation_->tell(command);
}

void Trial::tell(const Cash& cash) {
    simulation_->run_until(now_);
    ledgers_.cash(cash.account, cash.owner, cash.currency, cash.amount, cash.is_contributed);
    if (credit_)
        desk_on_credit_->book({cash.account, strategy_of(cash.owner), cash.currency,
                               Money::from_raw(cash.amount),
                               cash.is_contributed ? portfolio::CashReason::transfer
                                                   : portfolio::CashReason::financing});
    simulation_->tell(command_of(cash, kAccountNames[cash.account.value()], now_));
}

// All components have heard of it: the books must have it, and no more.
void Trial::hear(const engine::Record& record) {
    const auto mark = [this](MarkRule by, InstrumentId instrument, Price bid, Price ask) {
        if (mark_rule_ != MarkRule::latest && mark_rule_ != by) return;
        ledgers_.mark(instrument, bid.raw() + ask.raw());
    };
    if (record.noun == Noun::quote) {
        const auto& quote = record.as<model::Quote>();
        if (!quote.bid.is_zero() && !quote.ask.is_zero())
            mark(MarkRule::quote, quote.instrument, quote.bid, quote.ask);
    } else if (record.noun == Noun::trade) {
        const auto& trade = record.as<model::Trade>();
        mark(MarkRule::trade, trade.instrument, trade.price, trade.price);
    } else if (record.noun == Noun::bar) {
        const auto& bar = record.as<model::Bar>();
        mark(MarkRule::bar, bar.instrument, bar.close, bar.close);
    }
    check();
    if (++heard_ % 8 == 0) audit();
}

void Trial::on_event(const engine::Record& record) {
    if (record.noun == Noun::position) {
        check_told(record.as<model::Position>());
    } else if (record.noun == Noun::order) {
        const auto& order = record.as<model::Order>();
        const auto asked = floor_.asked.find(order.order_id);
        if (order.status == model::OrderStatus::pending && asked != floor_.asked.end() &&
            order.quantity.raw() != asked->second)
            complain("an order of lots is for " + order.quantity.to_string() + " units");
    }
}

void Trial::on_order(const model::Order& order) {
    if (order.reason == model::OrderReason::unknown_order) return;
    const auto [at, is_new] = lives_.try_emplace(order.order_id);
    Life& life = at->second;
    coverage_.count_reason(order);
    const std::string name = "order " + std::to_string(order.order_id);
    if (!is_new && is_over(life.order.status) && order.status != life.order.status)
        complain(name + " lives again");
    if (order.reason == model::OrderReason::corporate_action && !is_new) {
        coverage_.note(Coverage::split_order, !is_over(order.status));
        life.dealt = order.filled_quantity.raw();  // in other units from now on
    }
    if (order.filled_quantity > order.quantity) complain(name + " dealt more than it is for");
    if (order.filled_quantity.raw() != life.dealt)
        complain(name + " says that it dealt " + order.filled_quantity.to_string() + ", not " +
                 Quantity::from_raw(life.dealt).to_string());
    const bool is_done = order.filled_quantity == order.quantity;
    if (order.status == model::OrderStatus::filled && !is_done) complain(name + " is not filled");
    if (!is_new) coverage_.count_report(life.order, order);
    life.order = order;
}

void Trial::on_fill(const model::Fill& fill) {
    check();  // nobody knows of the deal yet
    const std::string name = "order " + std::to_string(fill.order_id);
    if (!lives_.contains(fill.order_id)) return complain(name + " deals before it is known");
    Life& life = lives_[fill.order_id];
    const model::Order& order = life.order;
    life.dealt += fill.quantity.raw();
    if (is_over(order.status)) complain(name + " deals when it is over");
    if (life.dealt > order.quantity.raw()) complain(name + " deals more than it is for");
    if (fill.account != order.account || fill.strategy != order.strategy ||
        fill.instrument != order.instrument || fill.side != order.side)
        complain(name + " deals for somebody else");
    const bool is_fraction = venue::SimulatedExchange::is_fraction(fill.order_id);
    coverage_.note(Coverage::fraction, is_fraction);
    if (is_fraction && (fill.quantity >= Quantity::whole(1) || !fill.fee.is_zero()))
        complain("a fraction of " + fill.quantity.to_string() + " costs " + fill.fee.to_string());
    if (order.reduce_only && !is_fraction) {
        const std::int64_t net = ledgers_.net(fill.account, fill.instrument);
        if (fill.quantity.raw() > (fill.side == model::Side::sell ? net : -net))
            complain(name + " does more than reduce");
    }
    if (!is_fraction) check_fee(fill);
    const DealOutcome outcome = ledgers_.deal(fill, order.reduce_only);
    coverage_.count_deal(fill, order, outcome, ledgers_, seats_[fill.strategy.value()].trades_lots);
    if (life.dealt < order.quantity.raw()) coverage_.note(Coverage::partial_deal);
}

// What the venue charges is booked before anybody hears of it, to the strategy that owes it.
void Trial::on_cash(const venue::CashCharge& charge) {
    check();
    const bool is_borrowed = charge.reason == portfolio::CashReason::borrow_fee;
    const bool is_dividend = charge.reason == portfolio::CashReason::dividend;
    coverage_.note(is_dividend   ? Coverage::dividend
                   : is_borrowed ? Coverage::borrow_fee
                                 : Coverage::interest);
    if (!charge.amount.is_negative() && !is_dividend)
        complain("the venue pays " + charge.amount.to_string());
    const std::size_t owner =
        charge.strategy == portfolio::kUnassigned ? kTraderCount : charge.strategy.value();
    ledgers_.cash(charge.account, owner, charge.currency, charge.amount.raw(), false);
}

// Before the books hear of it.
void Trial::on_corporate_action(const model::CorporateAction& action) {
    check();
    if (!model::is_split(action)) return;
    ledgers_.split(action);
    for (const Seat& seat : seats_)
        coverage_.count_split(
            ledgers_.legs(seat.account, seat.strategy.value(), action.instrument));
}

// Once a price was told, nobody is left below its margin who is not being liquidated.
void Trial::check_margin(const Event& event) {
    const bool is_price =
        !std::holds_alternative<Cash>(event.what) && !std::holds_alternative<BarOpen>(event.what);
    for (std::size_t account = 0; credit_ && is_price && account < kAccountCount; ++account)
        if (desk_on_credit_->is_below(account_of(account)))
            complain("account " + std::to_string(account) + " goes on below its margin");
}

void Trial::check() {
    if (!complaint().empty()) return;
    coverage_.note(Coverage::check);
    const TestLedgers::Table table = ledgers_.columns();
    check_ledgers(table);
    check_positions();
    for (std::size_t account = 0; account < kAccountCount; ++account)
        check_account(account_of(account), table);
    for (const engine::StoppedComponent& stopped : simulation_->engine().stopped())
        complain(stopped.name + " had to be stopped: " + stopped.report);
}

void Trial::check_ledgers(const TestLedgers::Table& table) {
    for (std::size_t account = 0; account < kAccountCount; ++account)
        for (std::size_t owner = 0; owner < kOwnerCount; ++owner)
            for (std::size_t place = 0; place < kCurrencies.size(); ++place) {
                const portfolio::Ledger kept =
                    books().ledger(account_of(account), strategy_of(owner), kCurrencies[place]);
                const Columns& expected = table[account][owner][place];
                const Columns found = {kept.contributed.raw(), kept.realised.raw(),
                                       kept.fees.raw(),        kept.unrealised.raw(),
                                       kept.cash.raw(),        kept.held.raw()};
                if (kept.is_balanced() && found == expected &&
                    expected.equity() == expected.cash + expected.held)
                    continue;
                complain("account " + std::to_string(account) + ", owner " + std::to_string(owner) +
                         ", " + kCurrencies[place].text() + ": equity " +
                         kept.equity().to_string() + ", not " +
                         Money::from_raw(expected.equity()).to_string() + "; realised " +
                         kept.realised.to_string() + ", not " +
                         Money::from_raw(expected.realised).to_string());
                return;
            }
}

void Trial::check_account(AccountId account, const TestLedgers::Table& table) {
    const std::string name = "account " + std::to_string(account.value());
    const auto equity = ledgers_.total(account, table, &Columns::equity);
    const auto cash = ledgers_.total(account, table, &Columns::cash);
    const auto realised = ledgers_.total(account, table, &Columns::realised);
    const auto profit = ledgers_.total(account, table, &Columns::unrealised);
    const auto fees = ledgers_.total(account, table, &Columns::fees);
    coverage_.note(equity ? Coverage::conversion : Coverage::missing_rate);

    const auto followed = books().drawdown(account);
    if (followed.has_value() != equity.has_value()) return complain(name + ": is it known?");
    if (followed && followed->equity.raw() != *equity)
        complain(name + " follows an equity of " + followed->equity.to_string() + ", not " +
                 Money::from_raw(*equity).to_string());
    const auto balance = books().balance(account, now_);
    if (balance.has_value() != (equity && cash && realised && profit && fees))
        return complain(name + ": is its balance known?");
    if (!balance) return;
    if (balance->currency != ledgers_.currency_of(account) || balance->equity.raw() != *equity ||
        balance->cash.raw() != *cash || balance->realised.raw() != *realised ||
        balance->unrealised.raw() != *profit || balance->fees.raw() != *fees)
        complain(name + " tells a balance of " + balance->equity.to_string() + ", not " +
                 Money::from_raw(*equity).to_string());
}

void Trial::check_positions() {
    for (const Seat& seat : seats_)
        for (const Listing& listing : floor_.listings) {
            const InstrumentId instrument = listing.instrument.id;
            const auto& legs = ledgers_.legs(seat.account, seat.strategy.value(), instrument);
            const portfolio::PositionBook* kept =
                books().position(seat.account, seat.strategy, instrument);
            for (std::size_t i = 0; i < legs.size(); ++i) {
                const portfolio::PositionLeg leg =
                    kept == nullptr ? portfolio::PositionLeg() : kept->legs()[i];
                if (leg.quantity().raw() == legs[i].held && leg.cost().raw() == legs[i].cost &&
                    leg.flow().raw() == legs[i].flow())
                    continue;
                return complain(name_of(seat) + " holds " + leg.quantity().to_string() + " " +
                                std::string(listing.instrument.symbol.view()) + ", not " +
                                Quantity::from_raw(legs[i].held).to_string());
            }
        }
}

// A position told after a deal is one of its legs.
void Trial::check_told(const model::Position& position) {
    const auto& legs =
        ledgers_.legs(position.account, position.strategy.value(), position.instrument);
    for (const Leg& leg : legs)
        if (position.quantity.raw() == leg.held &&
            position.realised.raw() == leg.flow() + leg.cost &&
            position.unrealised.raw() == ledgers_.value_of(position.instrument, leg) - leg.cost)
            return;
    complain("a position of " + position.quantity.to_string() + " is told that nobody holds");
}

void Trial::check_fee(const model::Fill& fill) {
    const std::size_t number = fill.instrument.value();
    const venue::FeeModel fees = terms_[number].fees.value_or(settings_.fees);
    if (fill.fee_currency !=
        fee_currency_of(fees, floor_.listings[number], ledgers_.settlement_of(fill.instrument)))
        complain("a fee is paid in " + fill.fee_currency.text());
}

// When all that was under way has arrived, the venue, the desk and the books tell of the same.
void Trial::check_venue() {
    if (credit_)
        if (const auto wrong = difference(*desk_on_credit_, ledgers_, *credit_); !wrong.empty())
            complain(wrong);
    for (const Listing& listing : floor_.listings)
        for (std::size_t account = 0; account < kAccountCount; ++account)
            if (simulation_->exchange()
                    .position(account_of(account), listing.instrument.id)
                    .raw() != ledgers_.net(account_of(account), listing.instrument.id))
                complain("the venue has another position");
    if (desk_->working_count() != simulation_->exchange().order_count())
        complain("the desk knows of " + std::to_string(desk_->working_count()) +
                 " working orders, the venue of " +
                 std::to_string(simulation_->exchange().order_count()));
}

void Trial::audit() {
    try {
        books().audit();
    } catch (const AssertionFailed& broken) {
        complain(broken.what());
    }
    // Strategies add up to their account, converted too.
    for (std::size_t account = 0; account < kAccountCount; ++account) {
        const auto whole = books().balance(account_of(account), now_);
        std::int64_t sum = 0;
        for (std::size_t owner = 0; owner < kOwnerCount && whole; ++owner)
            sum += books().balance(account_of(account), strategy_of(owner), now_)->equity.raw();
        if (whole && sum != whole->equity.raw()) complain("strategies do not add up");
    }
}

TEST(Accounting, The_identity_holds_after_every_event_of_ten_thousand_random_runs) {
    Coverage coverage;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        Trial trial(seed, coverage);
        trial.play();
        ASSERT_EQ(trial.complaint(), "") << "seed " << seed;
    }
    EXPECT_EQ(coverage.rarer_than(kSeeds / 100), "");
    EXPECT_GT(coverage.count_of(Coverage::check), kSeeds * 60);
}

}  // namespace
}  // namespace millrace::backtest
