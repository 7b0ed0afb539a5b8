// The path of a price, the hottest of this room: look up, count in half increments, multiply, add
// to a ledger and to the equity. The division that Money asks for happens only where a price is off
// its increment, or half an increment of the position is worth no whole money, or the contract is
// inverse.
#include <algorithm>

#include "millrace/core/portfolio/portfolio.hpp"

namespace millrace::portfolio {

// Keeps the mark. Null when that was all, or when it could not be done.
inline Portfolio::Security* Portfolio::see(InstrumentId instrument, Price bid, Price ask,
                                           Booked<void>& done) {
    if (instrument.value() >= securities_.size()) [[unlikely]]
        return nullptr;
    Security& security = securities_[instrument.value()];
    std::int64_t doubled = 0;
    if (__builtin_add_overflow(bid.raw(), ask.raw(), &doubled) || doubled == kNoMark) [[unlikely]] {
        done = refused(BookError::overflow);
        return nullptr;
    }
    security.mark = doubled;
    return security.is_watched ? &security : nullptr;
}

// How many half increments the mark is; a number beyond any holding's maximum when it is not whole.
inline std::int64_t Portfolio::ticks_of(const Security& security) {
    const std::int64_t shifted = security.mark >> security.shift;
    const std::int64_t again =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(shifted) << security.shift);
    if (again != security.mark) [[unlikely]]
        return INT64_MIN;
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(shifted) * security.odd_inverse);
}

// The usual case of revalue() in half of its instructions: one position, in its account's
// currency, at a price on its increment, that makes neither a peak nor a trough. Changes nothing
// and says no when it is another case: 9 ns instead of 13 on a busy machine.
inline bool Portfolio::revalue_plainly(const Security& security, Mark low, Mark high) {
    Holding& holding = holdings_[security.first];
    Ledger& ledger = ledgers_[holding.ledger].ledger;
    AccountBook& account = accounts_[holding.account.value()];
    const std::int64_t ticks = ticks_of(security);
    if (ticks > holding.ticks_max || ticks < -holding.ticks_max) [[unlikely]]
        return false;
    const std::int64_t value_now = ticks * holding.money_per_tick;
    std::int64_t change = 0;
    std::int64_t held = 0;
    std::int64_t unrealised = 0;
    std::int64_t equity = 0;
    if (__builtin_sub_overflow(value_now, holding.value, &change) ||
        __builtin_add_overflow(ledger.held.raw(), change, &held) ||
        __builtin_add_overflow(ledger.unrealised.raw(), change, &unrealised) ||
        __builtin_add_overflow(account.following.equity.raw(), change, &equity)) [[unlikely]]
        return false;
    if (equity >= account.following.peak.raw() || equity < account.following.trough.raw() ||
        !account.is_known) [[unlikely]]
        return false;
    holding.value = value_now;
    holding.since_last_deal.low = std::min(holding.since_last_deal.low, low);
    holding.since_last_deal.high = std::max(holding.since_last_deal.high, high);
    ledger.held = Money::from_raw(held);
    ledger.unrealised = Money::from_raw(unrealised);
    account.following.equity = Money::from_raw(equity);
    MILLRACE_ASSERT(ledger.is_balanced(), "a position was valued in one column only");
    return true;
}

inline Booked<void> Portfolio::spread(const Security& security, Mark low, Mark high) {
    if (security.is_plain && revalue_plainly(security, low, high)) [[likely]]
        return {};
    return spread_widely(security, low, high);
}

// First all that is found by number, then what hangs on it.
void Portfolio::look_ahead(std::span<const InstrumentId> instruments) const noexcept {
    for (const InstrumentId instrument : instruments)
        if (instrument.value() < securities_.size())
            __builtin_prefetch(&securities_[instrument.value()], 1);
    for (const InstrumentId instrument : instruments)
        if (instrument.value() < securities_.size() &&
            securities_[instrument.value()].first != kNone)
            __builtin_prefetch(&holdings_[securities_[instrument.value()].first], 1);
}

Booked<void> Portfolio::mark(const model::Quote& quote) {
    if (settings_.mark != MarkRule::latest && settings_.mark != MarkRule::quote) return {};
    if (quote.bid.is_zero() || quote.ask.is_zero()) return {};
    Booked<void> done;
    Security* security = see(quote.instrument, quote.bid, quote.ask, done);
    if (security == nullptr) return done;
    const Mark mark = Mark::from_doubled(security->mark);
    return spread(*security, mark, mark);
}

Booked<void> Portfolio::mark(const model::Trade& trade) {
    if (settings_.mark != MarkRule::latest && settings_.mark != MarkRule::trade) return {};
    Booked<void> done;
    Security* security = see(trade.instrument, trade.price, trade.price, done);
    if (security == nullptr) return done;
    const Mark mark = Mark::from_doubled(security->mark);
    return spread(*security, mark, mark);
}

Booked<void> Portfolio::mark(const model::Bar& bar) {
    if (settings_.mark != MarkRule::latest && settings_.mark != MarkRule::bar) return {};
    Booked<void> done;
    Security* security = see(bar.instrument, bar.close, bar.close, done);
    if (security == nullptr) return done;
    const auto low = Mark::at(bar.low);
    const auto high = Mark::at(bar.high);
    if (!low || !high) return refused(BookError::overflow);
    const Mark close = Mark::from_doubled(security->mark);
    return spread(*security, std::min(*low, close), std::max(*high, close));
}

Booked<void> Portfolio::spread_widely(const Security& security, Mark low, Mark high) {
    if (!security.is_rate) return revalue(security, low, high);
    if (security.mark <= 0) return refused(BookError::bad_price);
    if (auto done = revalue(security, low, high); !done) return done;
    return publish_rate(security);
}

inline std::optional<BookError> Portfolio::revalue(const Security& security, Holding& holding,
                                                   std::int64_t ticks, std::int64_t& moved) {
    std::int64_t value_now = 0;
    if (ticks <= holding.ticks_max && ticks >= -holding.ticks_max) [[likely]] {
        value_now = ticks * holding.money_per_tick;
    } else {
        const auto at = static_cast<std::size_t>(&holding - holdings_.data());
        const auto worth_now = books_[at].position.value(contracts_[holding.instrument.value()],
                                                         Mark::from_doubled(security.mark));
        if (!worth_now) return worth_now.error();
        value_now = worth_now->raw();
    }
    std::int64_t change = 0;
    std::int64_t held = 0;
    std::int64_t unrealised = 0;
    Ledger& ledger = ledgers_[holding.ledger].ledger;
    if (__builtin_sub_overflow(value_now, holding.value, &change) ||
        __builtin_add_overflow(ledger.held.raw(), change, &held) ||
        __builtin_add_overflow(ledger.unrealised.raw(), change, &unrealised) ||
        __builtin_add_overflow(moved, change, &moved)) [[unlikely]]
        return BookError::overflow;
    holding.value = value_now;
    ledger.held = Money::from_raw(held);
    ledger.unrealised = Money::from_raw(unrealised);
    MILLRACE_ASSERT(ledger.is_balanced(), "a position was valued in one column only");
    return std::nullopt;
}

inline Booked<void> Portfolio::follow(AccountBook& account, const Moved& moved) {
    Following& following = account.following;
    std::int64_t equity = 0;
    // The usual case in few instructions: all in its own currency, and neither a peak nor a trough.
    if (!moved.is_foreign && account.is_known &&
        !__builtin_add_overflow(following.equity.raw(), moved.own, &equity) &&
        equity < following.peak.raw() && equity >= following.trough.raw()) [[likely]] {
        following.equity = Money::from_raw(equity);
        return {};
    }
    return follow_slowly(account, moved);
}

Booked<void> Portfolio::revalue(const Security& security, Mark low, Mark high) {
    const std::int64_t ticks = ticks_of(security);
    for (std::uint32_t at = security.first; at != kNone;) {
        // An account's positions move together: between them its equity is nobody's.
        const AccountId id = holdings_[at].account;
        std::int64_t moved = 0;
        do {
            Holding& holding = holdings_[at];
            if (low < holding.since_last_deal.low) holding.since_last_deal.low = low;
            if (high > holding.since_last_deal.high) holding.since_last_deal.high = high;
            if (const auto error = revalue(security, holding, ticks, moved); error) [[unlikely]]
                return refused(*error);
            at = holding.next;
        } while (at != kNone && holdings_[at].account == id);
        AccountBook& account = accounts_[id.value()];
        // It will be counted again when the rate is known.
        if (security.is_rate && depends_on(account, rate_of(security))) continue;
        if (auto done = follow(account, {moved, security.currency != account.currency}); !done)
            [[unlikely]]
            return done;
    }
    return {};
}

bool Portfolio::depends_on(const AccountBook& account, const Rate& rate) {
    for (const CurrencyNumber currency : account.foreign)
        if (currency == rate.base || currency == rate.quote) return true;
    return !account.foreign.empty() &&
           (account.currency == rate.base || account.currency == rate.quote);
}

Booked<void> Portfolio::publish_rate(const Security& security) {
    const Rate& rate = rate_of(security);
    if (auto set = rates_.set(rate.pair, Mark::from_doubled(security.mark)); !set) return set;
    for (const AccountId id : foreign_accounts_) {
        AccountBook& account = accounts_[id.value()];
        if (!depends_on(account, rate)) continue;
        if (auto done = follow(account, {0, true}); !done) return done;
    }
    return {};
}

// The deepest fall is that which took the largest part of its own peak, not of the last one:
// 10,000 -> 9,000 -> 20,000 has lost 10 %.
Booked<void> Portfolio::follow_peak(Following& following) {
    if (following.equity >= following.peak) {
        following.peak = following.equity;
        following.trough = following.equity;
        return {};
    }
    if (following.equity >= following.trough) return {};
    following.trough = following.equity;
    if (following.peak.raw() <= 0) return {};
    const auto fall = subtract(following.peak, following.equity);
    if (!fall) return refused(BookError::overflow);
    if (following.worst_peak.is_zero() ||
        int128{fall->raw()} * following.worst_peak.raw() >
            int128{following.worst_fall.raw()} * following.peak.raw()) {
        following.worst_fall = *fall;
        following.worst_peak = following.peak;
    }
    return {};
}

Booked<void> Portfolio::follow_slowly(AccountBook& account, const Moved& moved) {
    if (auto done = move_equity(account, moved); !done) return done;
    return account.is_known ? follow_peak(account.following) : Booked<void>();
}

Booked<void> Portfolio::move_equity(AccountBook& account, const Moved& moved) const {
    if (moved.is_foreign) return convert_equity(account);
    if (!account.is_known) return {};  // the rate that is missing will count all of it again
    std::int64_t equity = 0;
    if (__builtin_add_overflow(account.following.equity.raw(), moved.own, &equity)) [[unlikely]]
        return refused(BookError::overflow);
    account.following.equity = Money::from_raw(equity);
    return {};
}

Booked<void> Portfolio::convert_equity(AccountBook& account) const {
    Money total;
    account.is_known = true;
    for (const std::uint32_t number : account.ledgers) {
        const LedgerEntry& entry = ledgers_[number];
        const auto part = rates_.convert(entry.ledger.equity(), entry.currency, account.currency);
        if (!part && part.error() == BookError::missing_rate) {
            account.is_known = false;
            return {};
        }
        if (!part) return refused(part.error());
        if (auto done = grow(total, *part); !done) return done;
    }
    account.following.equity = total;
    return {};
}

void Portfolio::sample(Time now) {
    if (!settings_.keeps_curve) return;
    for (AccountBook& account : accounts_) {
        if (!account.is_defined || !account.is_known || account.ledgers.empty()) continue;
        if (!account.curve.empty() && account.curve.back().time == now)
            account.curve.back().equity = account.following.equity;
        else
            account.curve.push_back({now, account.following.equity});
    }
}

}  // namespace millrace::portfolio
