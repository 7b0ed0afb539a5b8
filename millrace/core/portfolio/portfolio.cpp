// Definitions, deals and cash. Every change goes into both columns of a ledger, and the ledger is
// asserted to balance before anything else happens.
#include "millrace/core/portfolio/portfolio.hpp"

#include <algorithm>
#include <bit>

namespace millrace::portfolio {
namespace {

constexpr std::uint32_t kInstrumentsMax = 1'000'000;  // keeps a damaged number from taking it all

constexpr auto is_before = [](const auto& keyed, std::uint64_t key) { return keyed.key < key; };

[[nodiscard]] constexpr std::uint64_t holding_key(InstrumentId instrument, AccountId account,
                                                  StrategyId strategy) {
    return std::uint64_t{instrument.value()} << 32 | std::uint64_t{account.value()} << 16 |
           strategy.value();
}

// The number that undoes a multiplication by an odd one, modulo 2^64: each step doubles the bits
// that are right, from three.
[[nodiscard]] constexpr std::uint64_t inverse_of_odd(std::uint64_t odd) {
    std::uint64_t inverse = odd;
    for (int step = 0; step < 5; ++step)
        inverse *= 2 - odd * inverse;
    return inverse;
}
static_assert(inverse_of_odd(78125) * 78125 == 1);

// Whole money for half an increment of the price, or nothing.
[[nodiscard]] std::optional<std::int64_t> money_per_tick(const Contract& contract,
                                                         Quantity quantity) {
    const Exact units = Exact{quantity.raw()} * contract.multiplier.raw();
    if (units == 0) return 0;
    const std::int64_t increment = contract.increment.raw();
    if (contract.inverse || increment <= 0) return std::nullopt;
    constexpr Exact kUnit = Exact{2} * kExactPerMoney;
    constexpr Exact kProductMax = kUnit * INT64_MAX;
    if ((units < 0 ? -units : units) > kProductMax / increment) return std::nullopt;
    if (units * increment % kUnit != 0) return std::nullopt;
    return static_cast<std::int64_t>(units * increment / kUnit);
}

}  // namespace

Portfolio::Portfolio(PortfolioSettings settings)
    : settings_(settings), rates_(settings.pivot), trades_(settings.matching) {}

Booked<void> Portfolio::define(const model::Instrument& instrument) {
    const auto contract = contract_of(instrument);
    if (!contract) return refused(contract.error());
    const std::uint32_t number = instrument.id.value();
    if (number >= kInstrumentsMax) return refused(BookError::too_many);
    if (number >= securities_.size()) {
        securities_.resize(number + std::size_t{1});
        contracts_.resize(number + std::size_t{1});
        security_rates_.resize(number + std::size_t{1});
    }
    Security& security = securities_[number];
    if (security.is_defined && contracts_[number] == *contract) return {};
    const auto held = std::lower_bound(holding_index_.begin(), holding_index_.end(),
                                       holding_key(instrument.id, {}, {}), is_before);
    if (held != holding_index_.end() && held->key >> 32 == number)
        return refused(BookError::changed_contract);

    const auto currency = rates_.number_of(contract->currency);
    if (!currency) return refused(currency.error());
    security = Security();
    security.currency = *currency;
    security.is_defined = true;
    contracts_[number] = *contract;
    set_grid(instrument.id);
    return define_rate(instrument);
}

// The price of a pair of currencies is a rate, whoever holds what.
Booked<void> Portfolio::define_rate(const model::Instrument& instrument) {
    Security& security = securities_[instrument.id.value()];
    const Contract& contract = contracts_[instrument.id.value()];
    const bool is_pair = instrument.asset_class == model::AssetClass::fx ||
                         instrument.asset_class == model::AssetClass::crypto;
    const auto base = Code::from(instrument.base_currency.view());
    if (!is_pair || contract.inverse || contract.multiplier != Ratio::whole(1) || !base ||
        base->empty() || *base == contract.currency)
        return {};
    const auto of = rates_.number_of(*base);
    if (!of) return refused(of.error());
    const auto pair = rates_.pair_of(*of, security.currency);
    if (!pair) return refused(pair.error());
    security.is_rate = true;
    security.is_watched = true;
    security_rates_[instrument.id.value()] = {*pair, *of, security.currency};
    return {};
}

Booked<void> Portfolio::define(const model::Account& account) {
    const auto currency = rates_.number_of(account.currency);
    if (!currency) return refused(currency.error());
    if (account.id.value() >= accounts_.size())
        accounts_.resize(account.id.value() + std::size_t{1});
    AccountBook& book = accounts_[account.id.value()];
    if (book.is_defined && book.currency == *currency && book.mode == account.mode) return {};
    if (!book.ledgers.empty()) return refused(BookError::changed_contract);
    book.is_defined = true;
    book.currency = *currency;
    book.mode = account.mode;
    return {};
}

Booked<std::uint32_t> Portfolio::ledger_of(AccountId account, StrategyId strategy,
                                           CurrencyNumber currency) {
    const std::uint64_t key =
        std::uint64_t{account.value()} << 32 | std::uint64_t{strategy.value()} << 16 | currency;
    const auto at = std::lower_bound(ledger_index_.begin(), ledger_index_.end(), key, is_before);
    if (at != ledger_index_.end() && at->key == key) return at->at;
    const auto number = static_cast<std::uint32_t>(ledgers_.size());
    ledger_index_.insert(at, {key, number});
    ledgers_.push_back({Ledger(), account, strategy, currency});
    AccountBook& book = accounts_[account.value()];
    book.ledgers.push_back(number);
    if (currency == book.currency) return number;
    const auto place = std::lower_bound(book.foreign.begin(), book.foreign.end(), currency);
    if (place == book.foreign.end() || *place != currency) book.foreign.insert(place, currency);
    const auto known =
        std::lower_bound(foreign_accounts_.begin(), foreign_accounts_.end(), account);
    if (known == foreign_accounts_.end() || *known != account)
        foreign_accounts_.insert(known, account);
    return number;
}

Booked<void> Portfolio::book(const CashEntry& entry) {
    if (!has_account(entry.account)) return refused(BookError::unknown_account);
    const auto currency = rates_.number_of(entry.currency);
    if (!currency) return refused(currency.error());
    const auto number = ledger_of(entry.account, entry.strategy, *currency);
    if (!number) return refused(number.error());
    Ledger& ledger = ledgers_[*number].ledger;
    const bool contributes = is_contribution(entry.reason);
    if (auto done = grow(contributes ? ledger.contributed : ledger.realised, entry.amount); !done)
        return done;
    if (auto done = grow(ledger.cash, entry.amount); !done) return done;
    MILLRACE_ASSERT(ledger.is_balanced(), "cash was booked in one column only");

    auto kept = std::find_if(adjustments_.begin(), adjustments_.end(), [&](const auto& other) {
        return other.ledger == *number && other.reason == entry.reason;
    });
    if (kept == adjustments_.end())
        kept = adjustments_.insert(kept, {Money(), *number, entry.reason, {}});
    if (auto done = grow(kept->amount, entry.amount); !done) return done;

    AccountBook& account = accounts_[entry.account.value()];
    const bool was_known = account.is_known;
    const Money before = account.following.equity;
    Moved moved;
    moved.is_foreign = *currency != account.currency;
    moved.own = moved.is_foreign ? 0 : entry.amount.raw();
    if (auto done = move_equity(account, moved); !done) return done;
    if (!account.is_known) return {};
    if (contributes && was_known) {
        // What is paid in or out is neither a gain nor a fall.
        const auto change = subtract(account.following.equity, before);
        if (!change) return refused(BookError::overflow);
        if (auto done = grow(account.following.peak, *change); !done) return done;
        if (auto done = grow(account.following.trough, *change); !done) return done;
    }
    return follow_peak(account.following);
}

Booked<void> Portfolio::check(const model::Fill& fill) const {
    if (!has_account(fill.account)) return refused(BookError::unknown_account);
    if (fill.instrument.value() >= securities_.size() ||
        !securities_[fill.instrument.value()].is_defined)
        return refused(BookError::unknown_instrument);
    if (!fill.fee.is_zero() && fill.fee_currency.empty()) return refused(BookError::bad_currency);
    if (fill.quantity.raw() <= 0) return refused(BookError::bad_quantity);
    return {};
}

std::optional<std::uint32_t> Portfolio::find_holding(AccountId account, StrategyId strategy,
                                                     InstrumentId instrument) const {
    const std::uint32_t at = holding_places_.find(holding_key(instrument, account, strategy));
    if (at == FlatIndex::kNone) return std::nullopt;
    return at;
}

void Portfolio::look_ahead(AccountId account, StrategyId strategy,
                           InstrumentId instrument) const noexcept {
    const auto at = find_holding(account, strategy, instrument);
    if (!at) return;
    const auto fetch = [](const auto& what) {
        const char* begin = reinterpret_cast<const char*>(&what);
        for (std::size_t offset = 0; offset < sizeof what; offset += 64)
            __builtin_prefetch(begin + offset, 1);
    };
    fetch(contracts_[instrument.value()]);
    fetch(holdings_[*at]);
    fetch(books_[*at]);
    trades_.look_ahead(*at);
}

Booked<std::uint32_t> Portfolio::holding_of(const model::Fill& fill) {
    if (const auto known = find_holding(fill.account, fill.strategy, fill.instrument))
        return *known;
    const auto ledger =
        ledger_of(fill.account, fill.strategy, securities_[fill.instrument.value()].currency);
    if (!ledger) return refused(ledger.error());
    const auto number = static_cast<std::uint32_t>(holdings_.size());
    Holding holding;
    holding.ledger = *ledger;
    holding.account = fill.account;
    holding.strategy = fill.strategy;
    holding.instrument = fill.instrument;
    const std::uint64_t key = holding_key(fill.instrument, fill.account, fill.strategy);
    holding_index_.insert(
        std::lower_bound(holding_index_.begin(), holding_index_.end(), key, is_before),
        {key, number});
    holding_places_.put(key, number);
    holdings_.push_back(holding);
    books_.push_back({PositionBook(accounts_[fill.account.value()].mode), Money()});
    return number;
}

Booked<FillOutcome> Portfolio::apply(const model::Fill& fill, PositionEffect effect,
                                     ExitReason reason) {
    if (auto fits = check(fill); !fits) return refused(fits.error());
    const auto at = holding_of(fill);
    if (!at) return refused(at.error());
    Holding& holding = holdings_[*at];
    Security& security = securities_[fill.instrument.value()];
    if (security.mark == kNoMark) {
        const auto mark = Mark::at(fill.price);  // until the market says more
        if (!mark) return refused(mark.error());
        security.mark = mark->doubled();
    }
    AccountBook& account = accounts_[fill.account.value()];
    const Money before = ledgers_[holding.ledger].ledger.equity();
    const Money old_cost = books_[*at].position.cost();
    const bool was_flat = books_[*at].position.is_flat();
    const auto outcome = books_[*at].position.apply(contracts_[fill.instrument.value()], fill.side,
                                                    fill.quantity, fill.price, effect);
    if (!outcome) return outcome;
    if (auto done = book_outcome(*at, old_cost, *outcome); !done) return refused(done.error());
    Moved moved;
    if (!fill.fee.is_zero()) {
        const auto foreign = book_fee(fill, *at);
        if (!foreign) return refused(foreign.error());
        moved = *foreign;
    }
    const Money after = ledgers_[holding.ledger].ledger.equity();
    if (security.currency != account.currency)
        moved.is_foreign = true;
    else if (__builtin_add_overflow(moved.own, after.raw() - before.raw(), &moved.own))
        return refused(BookError::overflow);
    if (auto done = follow_slowly(account, moved); !done) return refused(done.error());
    if (was_flat != books_[*at].position.is_flat()) relink(fill.instrument);
    set_speed(*at);
    if (auto done = list_trade(fill, *at, *outcome, reason); !done) return refused(done.error());
    holding.since_last_deal = PriceWindow();
    return outcome;
}

// A deal moves cash by what was paid, or by the profit when nothing is paid; the position's worth
// and cost move with it.
Booked<void> Portfolio::book_outcome(std::uint32_t at, Money cost_before,
                                     const FillOutcome& outcome) {
    Holding& holding = holdings_[at];
    Ledger& ledger = ledgers_[holding.ledger].ledger;
    const Contract& contract = contracts_[holding.instrument.value()];
    const Mark mark = Mark::from_doubled(securities_[holding.instrument.value()].mark);
    const PositionBook& position = books_[at].position;
    const auto worth_now = position.value(contract, mark);
    if (!worth_now) return refused(worth_now.error());
    Money gained = *worth_now;
    Money cost = position.cost();
    Money profit;
    bool fits = try_subtract(gained, Money::from_raw(holding.value)) &&
                try_subtract(cost, cost_before) && try_add(profit, gained) &&
                try_subtract(profit, cost);
    holding.value = worth_now->raw();
    const bool is_paid = contract.settlement == Settlement::cash;
    fits = fits && try_add(ledger.realised, outcome.realised) &&
           try_add(ledger.unrealised, profit) &&
           try_add(ledger.cash, is_paid ? outcome.flow : outcome.realised) &&
           try_add(ledger.held, is_paid ? gained : profit);
    if (!fits) return refused(BookError::overflow);
    MILLRACE_ASSERT(ledger.is_balanced(), "a deal was booked in one column only");
    return {};
}

Booked<Portfolio::Moved> Portfolio::book_fee(const model::Fill& fill, std::uint32_t at) {
    // Mostly the fee is in the currency that the instrument settles in.
    Booked<CurrencyNumber> currency = securities_[fill.instrument.value()].currency;
    Booked<std::uint32_t> number = holdings_[at].ledger;
    if (fill.fee_currency != contracts_[fill.instrument.value()].currency) {
        currency = rates_.number_of(fill.fee_currency);
        if (!currency) return refused(currency.error());
        number = ledger_of(fill.account, fill.strategy, *currency);
        if (!number) return refused(number.error());
    }
    Ledger& ledger = ledgers_[*number].ledger;
    if (!try_add(ledger.fees, fill.fee) || !try_subtract(ledger.cash, fill.fee))
        return refused(BookError::overflow);
    MILLRACE_ASSERT(ledger.is_balanced(), "a fee was booked in one column only");
    Moved moved;
    if (*number == holdings_[at].ledger) {
        if (!try_add(books_[at].fees, fill.fee)) return refused(BookError::overflow);
        return moved;  // the caller sees the change of this ledger
    }
    if (*currency == accounts_[fill.account.value()].currency)
        moved.own = -fill.fee.raw();
    else
        moved.is_foreign = true;
    return moved;
}

Booked<void> Portfolio::list_trade(const model::Fill& fill, std::uint32_t at,
                                   const FillOutcome& outcome, ExitReason reason) {
    if (!settings_.keeps_trades) return {};
    Deal deal;
    deal.fill = &fill;
    deal.contract = &contracts_[fill.instrument.value()];
    deal.outcome = outcome;
    deal.reason = reason;
    deal.since_last_deal = holdings_[at].since_last_deal;
    const auto fee = rates_.convert(fill.fee, fill.fee_currency, deal.contract->currency);
    if (fee) deal.fee = *fee;
    return trades_.apply(at, deal);
}

void Portfolio::set_grid(InstrumentId instrument) {
    const std::int64_t increment = contracts_[instrument.value()].increment.raw();
    if (increment <= 0) return;
    const auto tick = static_cast<std::uint64_t>(increment);
    Security& security = securities_[instrument.value()];
    security.shift = static_cast<std::uint8_t>(std::countr_zero(tick));
    security.odd_inverse = inverse_of_odd(tick >> security.shift);
}

void Portfolio::set_speed(std::uint32_t at) {
    Holding& holding = holdings_[at];
    const Contract& contract = contracts_[holding.instrument.value()];
    holding.money_per_tick = 0;
    holding.ticks_max = -1;
    std::int64_t total = 0;
    for (const PositionLeg& leg : books_[at].position.legs()) {
        const auto money = money_per_tick(contract, leg.quantity());
        if (!money || __builtin_add_overflow(total, *money, &total)) return;
    }
    if (total == INT64_MIN || contract.increment.raw() <= 0) return;
    const auto tick = static_cast<std::uint64_t>(contract.increment.raw());
    // Beyond this many, what a multiplication by the inverse gives was no multiple of the odd part.
    const auto told_max = INT64_MAX / static_cast<std::int64_t>(tick >> std::countr_zero(tick));
    holding.money_per_tick = total;
    holding.ticks_max =
        total == 0 ? told_max : std::min(told_max, INT64_MAX / (total < 0 ? -total : total));
}

void Portfolio::relink(InstrumentId instrument) {
    Security& security = securities_[instrument.value()];
    std::uint32_t* link = &security.first;
    auto at = std::lower_bound(holding_index_.begin(), holding_index_.end(),
                               holding_key(instrument, {}, {}), is_before);
    for (; at != holding_index_.end() && at->key >> 32 == instrument.value(); ++at) {
        if (books_[at->at].position.is_flat()) continue;
        *link = at->at;
        link = &holdings_[at->at].next;
    }
    *link = kNone;
    security.is_watched = security.is_rate || security.first != kNone;
    security.is_plain = false;
    if (security.first == kNone || security.is_rate) return;
    const Holding& first = holdings_[security.first];
    security.is_plain =
        first.next == kNone && accounts_[first.account.value()].currency == security.currency;
}

}  // namespace millrace::portfolio
