// The books as bytes. What can be worked out from the rest (the index of a book, the links between
// open positions, how a price is counted) is not saved; it is made again.
#include <algorithm>

#include "millrace/core/portfolio/exact_state.hpp"
#include "millrace/core/portfolio/portfolio.hpp"

namespace millrace::portfolio {
namespace {

template <class T>
void put_all(engine::StateWriter& writer, const std::vector<T>& values) {
    writer.put(std::uint64_t{values.size()});
    for (const T& value : values)
        writer.put(value);
}

// Each value takes bytes, so that a damaged count ends with them.
template <class T>
void get_all(engine::StateReader& reader, std::vector<T>& values) {
    values.clear();
    const auto count = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i)
        values.push_back(reader.get<T>());
}

void put_bool(engine::StateWriter& writer, bool value) {
    writer.put(static_cast<std::uint8_t>(value ? 1 : 0));
}

[[nodiscard]] bool get_bool(engine::StateReader& reader) {
    return reader.get<std::uint8_t>() != 0;
}

[[nodiscard]] std::uint64_t get_count(engine::StateReader& reader) {
    return std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left());
}

}  // namespace

void Portfolio::save(engine::StateWriter& writer) const {
    rates_.save(writer);
    writer.put(std::uint64_t{securities_.size()});
    for (std::size_t i = 0; i < securities_.size(); ++i) {
        const Security& security = securities_[i];
        put_bool(writer, security.is_defined);
        if (!security.is_defined) continue;
        const Contract& contract = contracts_[i];
        writer.put(contract.multiplier);
        writer.put(contract.increment);
        writer.put(contract.currency);
        put_bool(writer, contract.inverse);
        writer.put(contract.settlement);
        writer.put(security.mark);
        writer.put(security.currency);
        put_bool(writer, security.is_rate);
        writer.put(security_rates_[i]);
    }
    writer.put(std::uint64_t{accounts_.size()});
    for (const AccountBook& account : accounts_) {
        writer.put(account.following);
        writer.put(account.currency);
        put_bool(writer, account.is_defined);
        put_bool(writer, account.is_known);
        writer.put(account.mode);
        put_all(writer, account.curve);
    }
    writer.put(std::uint64_t{ledgers_.size()});
    for (const LedgerEntry& entry : ledgers_) {
        writer.put(entry.account);
        writer.put(entry.strategy);
        writer.put(entry.currency);
        writer.put(entry.ledger);
    }
    put_all(writer, adjustments_);
    writer.put(std::uint64_t{holdings_.size()});
    for (std::size_t at = 0; at < holdings_.size(); ++at) {
        const Holding& holding = holdings_[at];
        writer.put(holding.instrument);
        writer.put(holding.account);
        writer.put(holding.strategy);
        writer.put(holding.value);
        writer.put(holding.since_last_deal);
        books_[at].position.save(writer);
        writer.put(books_[at].fees);
    }
    trades_.save(writer);
}

void Portfolio::load(engine::StateReader& reader) {
    rates_.load(reader);
    const auto count = get_count(reader);
    securities_.assign(count, Security());
    contracts_.assign(count, Contract());
    security_rates_.assign(count, Rate());
    for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
        if (!get_bool(reader)) continue;
        Contract& contract = contracts_[i];
        contract.multiplier = reader.get<Ratio>();
        contract.increment = reader.get<Price>();
        contract.currency = reader.get<Code>();
        contract.inverse = get_bool(reader);
        contract.settlement = get_bool(reader) ? Settlement::margin : Settlement::cash;
        Security& security = securities_[i];
        security.is_defined = true;
        security.mark = reader.get<std::int64_t>();
        security.currency = reader.get<CurrencyNumber>();
        security.is_rate = get_bool(reader);
        security_rates_[i] = reader.get<Rate>();
        if (security.is_rate && !rates_.has_pair(security_rates_[i].pair)) return refuse(reader);
        set_grid(InstrumentId(static_cast<std::uint32_t>(i)));
    }
    load_accounts(reader);
    load_books(reader);
    trades_.load(reader);
}

void Portfolio::load_accounts(engine::StateReader& reader) {
    const auto count = get_count(reader);
    accounts_.assign(count, AccountBook());
    for (AccountBook& account : accounts_) {
        account.following = reader.get<Following>();
        account.currency = reader.get<CurrencyNumber>();
        account.is_defined = get_bool(reader);
        account.is_known = get_bool(reader);
        account.mode =
            get_bool(reader) ? model::PositionMode::hedging : model::PositionMode::netting;
        get_all(reader, account.curve);
    }
    ledgers_.clear();
    ledger_index_.clear();
    foreign_accounts_.clear();
    const auto ledgers = get_count(reader);
    for (std::uint64_t i = 0; i < ledgers && !reader.failed(); ++i) {
        const auto account = reader.get<AccountId>();
        const auto strategy = reader.get<StrategyId>();
        const auto currency = reader.get<CurrencyNumber>();
        const auto amounts = reader.get<Ledger>();
        if (account.value() >= accounts_.size() || !rates_.has_currency(currency))
            return refuse(reader);
        const auto number = ledger_of(account, strategy, currency);
        if (!number || *number != i) return refuse(reader);
        ledgers_[i].ledger = amounts;
    }
    get_all(reader, adjustments_);
    for (const Adjustment& adjustment : adjustments_)
        if (adjustment.ledger >= ledgers_.size()) return refuse(reader);
}

void Portfolio::load_books(engine::StateReader& reader) {
    holdings_.clear();
    books_.clear();
    holding_index_.clear();
    holding_places_.clear();
    const auto count = get_count(reader);
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
        model::Fill key;
        key.instrument = reader.get<InstrumentId>();
        key.account = reader.get<AccountId>();
        key.strategy = reader.get<StrategyId>();
        if (key.instrument.value() >= securities_.size() ||
            !rates_.has_currency(securities_[key.instrument.value()].currency) ||
            key.account.value() >= accounts_.size())
            return refuse(reader);
        const auto at = holding_of(key);
        if (!at || *at != i) return refuse(reader);
        holdings_[i].value = reader.get<std::int64_t>();
        holdings_[i].since_last_deal = reader.get<PriceWindow>();
        books_[i].position.load(reader);
        books_[i].fees = reader.get<Money>();
        set_speed(*at);
    }
    for (std::size_t i = 0; i < securities_.size(); ++i)
        relink(InstrumentId(static_cast<std::uint32_t>(i)));
}

}  // namespace millrace::portfolio
