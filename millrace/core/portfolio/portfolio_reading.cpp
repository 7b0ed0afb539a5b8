// Reading the books: sums over ledgers, conversion at the edge, and the audit that works it all out
// again. Nothing here changes anything.
#include <algorithm>

#include "millrace/core/portfolio/portfolio.hpp"

namespace millrace::portfolio {

const Portfolio::AccountBook* Portfolio::account_of(AccountId account) const {
    if (account.value() >= accounts_.size() || !accounts_[account.value()].is_defined)
        return nullptr;
    return &accounts_[account.value()];
}

bool Portfolio::has_account(AccountId account) const {
    return account_of(account) != nullptr;
}

model::PositionMode Portfolio::mode_of(AccountId account) const {
    const AccountBook* book = account_of(account);
    return book == nullptr ? model::PositionMode::netting : book->mode;
}

Booked<Ledger> Portfolio::ledger(AccountId account, Code currency) const {
    Ledger total;
    const AccountBook* book = account_of(account);
    if (book == nullptr) return refused(BookError::unknown_account);
    for (const std::uint32_t number : book->ledgers) {
        const LedgerEntry& entry = ledgers_[number];
        if (rates_.code_of(entry.currency) != currency) continue;
        const auto sum = sum_of(total, entry.ledger);
        if (!sum) return sum;
        total = *sum;
    }
    MILLRACE_ASSERT(total.is_balanced(), "the ledgers of an account do not add up");
    return total;
}

Ledger Portfolio::ledger(AccountId account, StrategyId strategy, Code currency) const {
    const AccountBook* book = account_of(account);
    if (book == nullptr) return {};
    for (const std::uint32_t number : book->ledgers) {
        const LedgerEntry& entry = ledgers_[number];
        if (entry.strategy == strategy && rates_.code_of(entry.currency) == currency)
            return entry.ledger;
    }
    return {};
}

Booked<Money> Portfolio::booked(AccountId account, Code currency, CashReason reason) const {
    Money total;
    for (const Adjustment& adjustment : adjustments_) {
        const LedgerEntry& entry = ledgers_[adjustment.ledger];
        if (adjustment.reason != reason || entry.account != account ||
            rates_.code_of(entry.currency) != currency)
            continue;
        if (auto done = grow(total, adjustment.amount); !done) return refused(done.error());
    }
    return total;
}

const PositionBook* Portfolio::position(AccountId account, StrategyId strategy,
                                        InstrumentId instrument) const {
    const auto at = find_holding(account, strategy, instrument);
    return at ? &books_[*at].position : nullptr;
}

Booked<Drawdown> Portfolio::drawdown(AccountId account) const {
    const AccountBook* book = account_of(account);
    if (book == nullptr) return refused(BookError::unknown_account);
    if (!book->is_known) return refused(BookError::missing_rate);
    const Following& following = book->following;
    Drawdown drawdown;
    drawdown.equity = following.equity;
    drawdown.peak = following.peak;
    const auto now = subtract(following.peak, following.equity);
    if (!now) return refused(BookError::overflow);
    drawdown.now = *now;
    drawdown.worst = following.worst_fall;
    if (following.worst_peak.raw() > 0) {
        const auto part = divide(following.worst_fall, following.worst_peak, Rounding::half_even);
        if (part) drawdown.worst_of = *part;
    }
    return drawdown;
}

Booked<Exposure> Portfolio::exposure(AccountId account) const {
    const AccountBook* book = account_of(account);
    if (book == nullptr) return refused(BookError::unknown_account);
    Exposure exposure;
    for (std::size_t at = 0; at < holdings_.size(); ++at) {
        const Holding& holding = holdings_[at];
        if (holding.account != account) continue;
        const Security& security = securities_[holding.instrument.value()];
        const Contract& contract = contracts_[holding.instrument.value()];
        for (const PositionLeg& leg : books_[at].position.legs()) {
            const auto worth = leg.value(contract, Mark::from_doubled(security.mark));
            if (!worth) return refused(worth.error());
            const auto size = rates_.convert(*worth, security.currency, book->currency);
            if (!size) return refused(size.error());
            // The worth of an inverse contract counts the other way.
            const Money net = contract.inverse ? -*size : *size;
            if (auto done = grow(exposure.net, net); !done) return refused(done.error());
            if (auto done = grow(exposure.gross, net.is_negative() ? -net : net); !done)
                return refused(done.error());
        }
    }
    return exposure;
}

Booked<model::Balance> Portfolio::balance(AccountId account, Time now) const {
    const AccountBook* book = account_of(account);
    if (book == nullptr) return refused(BookError::unknown_account);
    return balance_of(*book, std::nullopt).map([&](model::Balance balance) {
        balance.known_at = now;
        balance.account = account;
        return balance;
    });
}

Booked<model::Balance> Portfolio::balance(AccountId account, StrategyId strategy, Time now) const {
    const AccountBook* book = account_of(account);
    if (book == nullptr) return refused(BookError::unknown_account);
    return balance_of(*book, strategy).map([&](model::Balance balance) {
        balance.known_at = now;
        balance.account = account;
        return balance;
    });
}

Booked<model::Balance> Portfolio::balance_of(const AccountBook& account,
                                             std::optional<StrategyId> strategy) const {
    model::Balance balance;
    balance.currency = rates_.code_of(account.currency);
    for (const std::uint32_t number : account.ledgers) {
        const LedgerEntry& entry = ledgers_[number];
        if (strategy && entry.strategy != *strategy) continue;
        const Ledger& ledger = entry.ledger;
        for (const auto& [into, amount] : {std::pair{&balance.cash, ledger.cash},
                                           {&balance.equity, ledger.equity()},
                                           {&balance.realised, ledger.realised},
                                           {&balance.unrealised, ledger.unrealised},
                                           {&balance.fees, ledger.fees}}) {
            const auto part = rates_.convert(amount, entry.currency, account.currency);
            if (!part) return refused(part.error());
            if (auto done = grow(*into, *part); !done) return refused(done.error());
        }
    }
    return balance;
}

Booked<PositionList> Portfolio::positions(AccountId account, StrategyId strategy,
                                          InstrumentId instrument, Time now) const {
    PositionList positions;
    const auto at = find_holding(account, strategy, instrument);
    if (!at) return positions;
    const PositionBook& book = books_[*at].position;
    const Contract& contract = contracts_[instrument.value()];
    const Mark mark = Mark::from_doubled(securities_[instrument.value()].mark);
    for (const PositionLeg& leg : book.legs()) {
        if (book.mode() == model::PositionMode::netting && &leg != &book.legs()[0]) continue;
        model::Position& position = positions.legs[positions.count++];
        position.known_at = now;
        position.quantity = leg.quantity();
        position.currency = contract.currency;
        position.realised = leg.realised();
        position.instrument = instrument;
        position.strategy = strategy;
        position.account = account;
        if (&leg == &book.legs()[0]) position.fees = books_[*at].fees;
        const auto average = leg.average_price(contract);
        const auto worth = leg.value(contract, mark);
        if (!average || !worth) return refused(!average ? average.error() : worth.error());
        const auto profit = subtract(*worth, leg.cost());
        if (!profit) return refused(BookError::overflow);
        position.average_price = *average;
        position.unrealised = *profit;
    }
    return positions;
}

Booked<std::vector<RoundTrip>> Portfolio::open_trades(Time now) const {
    std::vector<RoundTrip> all;
    if (!settings_.keeps_trades) return all;
    for (std::size_t at = 0; at < holdings_.size(); ++at) {
        const Holding& holding = holdings_[at];
        auto open = trades_.still_open(
            static_cast<std::uint32_t>(at), contracts_[holding.instrument.value()],
            Mark::from_doubled(securities_[holding.instrument.value()].mark), now,
            holding.since_last_deal);
        if (!open) return open;
        for (RoundTrip& trade : *open) {
            trade.instrument = holding.instrument;
            trade.strategy = holding.strategy;
            trade.account = holding.account;
            all.push_back(trade);
        }
    }
    return all;
}

std::span<const EquitySample> Portfolio::curve(AccountId account) const {
    const AccountBook* book = account_of(account);
    if (book == nullptr) return {};
    return book->curve;
}

void Portfolio::audit() const {
    std::vector<Ledger> expected(ledgers_.size());
    for (const Adjustment& adjustment : adjustments_) {
        Ledger& ledger = expected[adjustment.ledger];
        Money& into = is_contribution(adjustment.reason) ? ledger.contributed : ledger.realised;
        MILLRACE_ASSERT(grow(into, adjustment.amount) && grow(ledger.cash, adjustment.amount),
                        "booked cash does not add up");
    }
    for (std::size_t at = 0; at < holdings_.size(); ++at) {
        const Holding& holding = holdings_[at];
        const Contract& contract = contracts_[holding.instrument.value()];
        const PositionBook& book = books_[at].position;
        const Mark mark = Mark::from_doubled(securities_[holding.instrument.value()].mark);
        const auto worth = book.value(contract, mark);
        const auto profit = book.unrealised(contract, mark);
        MILLRACE_ASSERT(worth && profit && worth->raw() == holding.value,
                        "a position is not worth what the ledger holds");
        Ledger& ledger = expected[holding.ledger];
        const bool is_paid = contract.settlement == Settlement::cash;
        MILLRACE_ASSERT(grow(ledger.realised, book.realised()) &&
                            grow(ledger.unrealised, *profit) &&
                            grow(ledger.cash, is_paid ? book.flow() : book.realised()) &&
                            grow(ledger.held, is_paid ? *worth : *profit),
                        "the positions of a ledger do not add up");
    }
    for (std::size_t number = 0; number < ledgers_.size(); ++number) {
        Ledger& ledger = expected[number];
        const Ledger& kept = ledgers_[number].ledger;
        ledger.fees = kept.fees;
        MILLRACE_ASSERT(grow(ledger.cash, -kept.fees), "fees do not add up");
        MILLRACE_ASSERT(kept.is_balanced() && kept == ledger,
                        "a ledger is not what its positions and cash make it");
    }
    for (const AccountBook& account : accounts_) {
        AccountBook again = account;
        MILLRACE_ASSERT(convert_equity(again) && again.is_known == account.is_known,
                        "an account forgot whether its equity is known");
        MILLRACE_ASSERT(!account.is_known || again.following.equity == account.following.equity,
                        "an account's equity is not the sum of its ledgers");
    }
}

}  // namespace millrace::portfolio
