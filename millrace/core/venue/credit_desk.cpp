// Keeping the venue's books: accounts, prices, deals, and the saved form. What follows from them is
// in credit_margin.cpp and credit_costs.cpp.
#include "millrace/core/venue/credit_desk.hpp"

#include <algorithm>

namespace millrace::venue {

using portfolio::MarkRule;

namespace {

portfolio::PortfolioSettings without_history(portfolio::PortfolioSettings settings) {
    settings.keeps_trades = false;
    settings.keeps_curve = false;
    return settings;
}

}  // namespace

CreditDesk::CreditDesk(portfolio::PortfolioSettings settings)
    : settings_(without_history(settings)), books_(settings_) {}

void CreditDesk::open(const model::Account& account, const AccountCredit& credit) {
    MILLRACE_ASSERT(credit.check().has_value(), "credit on terms that no account could have");
    if (account.id.value() >= holders_.size()) holders_.resize(account.id.value() + std::size_t{1});
    Holder& holder = holders_[account.id.value()];
    holder.currency = account.currency;
    holder.credit = credit;
    holder.is_open = true;
    note_currency(holder, account.currency);
    (void)holds(books_.define(account));
}

void CreditDesk::define(const model::Instrument& instrument, const InstrumentCredit& credit) {
    MILLRACE_ASSERT(credit.check().has_value(), "credit on terms that no instrument could have");
    const auto contract = portfolio::contract_of(instrument);
    if (!holds(contract) || !holds(books_.define(instrument))) return;
    if (instrument.id.value() >= listed_.size())
        listed_.resize(instrument.id.value() + std::size_t{1});
    Listed& listed = listed_[instrument.id.value()];
    listed.contract = *contract;
    listed.credit = credit;
    listed.is_defined = true;
    listed.is_rate = !instrument.base_currency.empty();
}

void CreditDesk::book(const portfolio::CashEntry& entry) {
    if (is_broken_ || !knows(entry.account)) return;
    if (!holds(books_.book(entry))) return;
    note_currency(holders_[entry.account.value()], entry.currency);
    touch(entry.account);
}

const CreditDesk::Holder* CreditDesk::holder_of(AccountId account) const {
    if (account.value() >= holders_.size() || !holders_[account.value()].is_open) return nullptr;
    return &holders_[account.value()];
}

bool CreditDesk::asks_margin(AccountId account) const {
    const Holder* holder = holder_of(account);
    return holder != nullptr && holder->credit.margin.has_value();
}

std::optional<Money> CreditDesk::equity(AccountId account) const {
    const auto equity = books_.equity(account);
    if (is_broken_ || !equity) return std::nullopt;
    return *equity;
}

const CreditDesk::Entry* CreditDesk::entry_of(AccountId account, InstrumentId instrument) const {
    if (instrument.value() >= listed_.size()) return nullptr;
    for (const std::uint32_t at : listed_[instrument.value()].entries)
        if (entries_[at].account == account) return &entries_[at];
    return nullptr;
}

CreditDesk::Entry& CreditDesk::entry_for(AccountId account, InstrumentId instrument) {
    if (const Entry* known = entry_of(account, instrument))
        return entries_[static_cast<std::size_t>(known - entries_.data())];
    MILLRACE_ASSERT(entries_.size() < kEntriesMax, "more than four million positions on credit");
    const auto at = static_cast<std::uint32_t>(entries_.size());
    Entry& entry = entries_.emplace_back();
    entry.instrument = instrument;
    entry.account = account;
    const auto insert = [&](std::vector<std::uint32_t>& into, auto key_of) {
        const auto place = std::find_if(into.begin(), into.end(), [&](std::uint32_t other) {
            return key_of(entries_[other]) > key_of(entry);
        });
        into.insert(place, at);
    };
    insert(listed_[instrument.value()].entries, [](const Entry& one) { return one.account; });
    insert(holders_[account.value()].entries, [](const Entry& one) { return one.instrument; });
    note_currency(holders_[account.value()], listed_[instrument.value()].contract.currency);
    return entry;
}

void CreditDesk::take_note(AccountId account, InstrumentId instrument) {
    (void)entry_for(account, instrument);
}

void CreditDesk::note_currency(Holder& holder, Code currency) {
    if (std::find(holder.currencies.begin(), holder.currencies.end(), currency) ==
        holder.currencies.end())
        holder.currencies.push_back(currency);
}

void CreditDesk::add_to(std::vector<Sum>& sums, Code currency, int128 amount) {
    for (Sum& sum : sums)
        if (sum.currency == currency) {
            sum.amount += amount;
            return;
        }
    sums.push_back({currency, amount});
}

void CreditDesk::touch(AccountId account) {
    Holder& holder = holders_[account.value()];
    if (holder.is_touched || !holder.credit.margin) return;
    holder.is_touched = true;
    touched_.push_back(account);
}

bool CreditDesk::is_held(InstrumentId instrument) const {
    if (instrument.value() >= listed_.size()) return false;
    const auto& entries = listed_[instrument.value()].entries;
    return std::any_of(entries.begin(), entries.end(),
                       [this](std::uint32_t at) { return entries_[at].net != 0; });
}

void CreditDesk::mark(const model::Quote& quote) {
    if (settings_.mark != MarkRule::latest && settings_.mark != MarkRule::quote) return;
    if (is_broken_ || quote.bid.is_zero() || quote.ask.is_zero()) return;
    if (!holds(books_.mark(quote))) return;
    note_mark(quote.instrument, quote.bid.raw() + quote.ask.raw());
}

void CreditDesk::mark(const model::Trade& trade) {
    if (settings_.mark != MarkRule::latest && settings_.mark != MarkRule::trade) return;
    if (is_broken_ || !holds(books_.mark(trade))) return;
    note_mark(trade.instrument, 2 * trade.price.raw());
}

void CreditDesk::mark(const model::Bar& bar) {
    if (settings_.mark != MarkRule::latest && settings_.mark != MarkRule::bar) return;
    if (is_broken_ || !holds(books_.mark(bar))) return;
    note_mark(bar.instrument, 2 * bar.close.raw());
}

void CreditDesk::mark_at(InstrumentId instrument, Price price) {
    model::Bar point;
    point.instrument = instrument;
    point.open = point.high = point.low = point.close = price;
    mark(point);
}

// The books have taken the price, so doubling it has not wrapped.
void CreditDesk::note_mark(InstrumentId instrument, std::int64_t doubled) {
    if (instrument.value() >= listed_.size()) return;
    Listed& listed = listed_[instrument.value()];
    listed.mark = doubled;
    for (const std::uint32_t at : listed.entries) {
        if (entries_[at].net == 0) continue;
        revalue(entries_[at]);
        touch(entries_[at].account);
    }
    if (!listed.is_rate) return;
    for (std::size_t account = 0; account < holders_.size(); ++account)
        if (holders_[account].currencies.size() > 1)
            touch(AccountId(static_cast<AccountId::Value>(account)));
}

// Value and maintenance at the present mark.
void CreditDesk::revalue(Entry& entry) {
    Holder& holder = holders_[entry.account.value()];
    const Listed& listed = listed_[entry.instrument.value()];
    const std::int64_t before = entry.maintenance;
    entry.value = entry.maintenance = 0;
    if (entry.net != 0 && listed.mark != kNoMark) {
        const auto worth = portfolio::value(listed.contract, Quantity::from_raw(entry.net),
                                            portfolio::Mark::from_doubled(listed.mark));
        if (!holds(worth)) return;
        entry.value = worth->raw() < 0 ? -worth->raw() : worth->raw();
    }
    if (!holder.credit.margin) return;
    if (entry.liquidations == 0) {
        const auto needed = maintenance_of(holder, listed, entry.net, entry.value);
        is_broken_ = is_broken_ || !needed.has_value();
        entry.maintenance = needed.value_or(0);
    }
    add_to(holder.maintenance, listed.contract.currency, int128{entry.maintenance} - before);
}

void CreditDesk::dealt(const model::Fill& fill, bool may_only_close) {
    if (is_broken_ || !knows(fill.account)) return;
    const auto effect =
        may_only_close ? portfolio::PositionEffect::close : portfolio::PositionEffect::automatic;
    if (!holds(books_.apply(fill, effect))) return;
    Listed& listed = listed_[fill.instrument.value()];
    if (listed.mark == kNoMark) listed.mark = 2 * fill.price.raw();  // until the market says more
    const bool buys = fill.side == model::Side::buy;
    Entry& entry = entry_for(fill.account, fill.instrument);
    share(entry, fill.strategy, buys ? fill.quantity.raw() : -fill.quantity.raw());
    if (!fill.fee.is_zero()) note_currency(holders_[fill.account.value()], fill.fee_currency);
    revalue(entry);
    touch(fill.account);
}

void CreditDesk::share(Entry& entry, StrategyId strategy, std::int64_t change) {
    entry.net += change;  // the books have it too, and it fitted there
    const auto at =
        std::lower_bound(entry.shares.begin(), entry.shares.end(), strategy,
                         [](const Share& one, StrategyId id) { return one.strategy < id; });
    if (at == entry.shares.end() || at->strategy != strategy)
        entry.shares.insert(at, {strategy, change});
    else
        at->quantity += change;
}

void CreditDesk::split(const model::CorporateAction& split) {
    if (is_broken_ || split.instrument.value() >= listed_.size()) return;
    Listed& listed = listed_[split.instrument.value()];
    if (!listed.is_defined || !holds(books_.split(split))) return;
    if (listed.mark != kNoMark) listed.mark = model::price_after(split, listed.mark).value();
    for (const std::uint32_t at : listed.entries) {
        Entry& entry = entries_[at];
        entry.net = 0;
        for (Share& one : entry.shares) {
            one.quantity = model::quantity_after(split, one.quantity).value();
            entry.net += one.quantity;
        }
        revalue(entry);
        touch(entry.account);
    }
}

void CreditDesk::begin_liquidation(AccountId account, InstrumentId instrument) {
    Entry& entry = entry_for(account, instrument);
    ++entry.liquidations;
    revalue(entry);
}

void CreditDesk::end_liquidation(AccountId account, InstrumentId instrument) {
    Entry& entry = entry_for(account, instrument);
    MILLRACE_ASSERT(entry.liquidations > 0, "a liquidation that nobody began has ended");
    --entry.liquidations;
    revalue(entry);
    touch(account);
}

void CreditDesk::save(engine::StateWriter& writer) const {
    books_.save(writer);
    writer.put(static_cast<std::uint8_t>(is_broken_ ? 1 : 0));
    writer.put(std::uint64_t{listed_.size()});
    for (const Listed& listed : listed_)
        writer.put(listed.mark);
    writer.put(std::uint64_t{entries_.size()});
    for (const Entry& entry : entries_) {
        writer.put(entry.instrument);
        writer.put(entry.account);
        writer.put(entry.net);
        writer.put(entry.liquidations);
        writer.put(std::uint64_t{entry.shares.size()});
        for (const Share& one : entry.shares) {
            writer.put(one.strategy);
            writer.put(one.quantity);
        }
    }
    for (const Holder& holder : holders_) {
        writer.put(std::uint64_t{holder.currencies.size()});
        for (const Code currency : holder.currencies)
            writer.put(currency);
    }
}

void CreditDesk::load(engine::StateReader& reader) {
    books_.load(reader);
    is_broken_ = reader.get<std::uint8_t>() != 0;
    const auto listed = reader.get<std::uint64_t>();
    MILLRACE_ASSERT(reader.failed() || listed == listed_.size(),
                    "a saved desk needs the instruments it was saved with");
    for (Listed& one : listed_) {
        one.mark = reader.get<std::int64_t>();
        one.entries.clear();
    }
    entries_.clear();
    for (Holder& holder : holders_) {
        holder.entries.clear();
        holder.maintenance.clear();
    }
    const auto entries = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < entries && i < kEntriesMax && !reader.failed(); ++i) {
        const auto instrument = reader.get<InstrumentId>();
        const auto account = reader.get<AccountId>();
        if (instrument.value() >= listed_.size() || !knows(account)) return;
        Entry& entry = entry_for(account, instrument);
        entry.net = reader.get<std::int64_t>();
        entry.liquidations = reader.get<std::uint32_t>();
        const auto shares = reader.get<std::uint64_t>();
        for (std::uint64_t j = 0; j < shares && j <= UINT16_MAX && !reader.failed(); ++j) {
            const auto strategy = reader.get<StrategyId>();
            entry.shares.push_back({strategy, reader.get<std::int64_t>()});
        }
        revalue(entry);
    }
    for (Holder& holder : holders_) {
        holder.currencies.clear();
        const auto currencies = reader.get<std::uint64_t>();
        for (std::uint64_t i = 0; i < currencies && i < UINT16_MAX && !reader.failed(); ++i)
            holder.currencies.push_back(reader.get<Code>());
    }
}

}  // namespace millrace::venue
