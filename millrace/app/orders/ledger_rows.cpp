// Rows, in the order in which they may refer to each other.
#include "millrace/app/orders/ledger_rows.hpp"

#include <fmt/format.h>

#include "millrace/core/execution/intent.hpp"
#include "millrace/core/model/binary.hpp"
#include "millrace/core/risk/guardian.hpp"
#include "millrace/edge/store/sha256.hpp"

namespace millrace::orders {
namespace {

using ledger::Batch;
using ledger::Kept;
using ledger::lost;

constexpr std::string_view kService = "orders";

template <class T>
void put_name(std::vector<T>& names, std::size_t number, T name) {
    if (number >= names.size()) names.resize(number + 1);
    names[number] = std::move(name);
}

// "symbol:AAPL" is scope and key.
struct ScopeText {
    std::string scope;
    std::string key;
};
ScopeText scope_of(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return {std::string(text), ""};
    return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

std::string_view severity_of(model::Severity severity) {
    switch (severity) {
        case model::Severity::info: return "INFO";
        case model::Severity::warning: return "WARN";
        case model::Severity::critical: return "CRITICAL";
    }
    return "INFO";
}

template <class T>
Kept<void> nothing_of(Kept<T> kept) {
    if (!kept) return lost(std::move(kept.error()));
    return {};
}

std::string_view first_word(std::string_view& text) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    return word;
}

}  // namespace

std::string client_order_id(std::uint64_t order_id) {
    if (const auto of = execution::intent_order(order_id))
        return fmt::format("i{}-{}", of->intent,
                           execution::kIntentLegNames[static_cast<std::size_t>(of->leg)]);
    using risk::Guardian;
    if (order_id > Guardian::kOwnNumbersFrom && order_id < Guardian::kOutsideNumbersFrom)
        return fmt::format("g{}", order_id - Guardian::kOwnNumbersFrom);
    return fmt::format("o{}", order_id);
}

std::string body_hash_of(const model::OrderIntent& body) {
    model::OrderIntent asked = body;
    asked.known_at = Time();
    asked.key = {};
    model::NounBuffer bytes;
    const std::size_t size =
        model::write_binary(model::kDescription<model::OrderIntent>, &asked, bytes.bytes);
    return store::sha256_of({reinterpret_cast<const char*>(bytes.data()), size});
}

void LedgerRows::learn(const model::Instrument& instrument) {
    put_name(symbols_, instrument.id.value(), std::string(instrument.symbol.view()));
}
void LedgerRows::learn(const model::Account& account) {
    put_name(accounts_, account.id.value(), account);
    put_name(account_names_, account.id.value(), std::string(account.name.view()));
}
void LedgerRows::learn(const model::Strategy& strategy) {
    put_name(strategy_names_, strategy.id.value(), std::string(strategy.name.view()));
}

const std::string& LedgerRows::symbol_of(InstrumentId instrument) const {
    MILLRACE_ASSERT(instrument.value() < symbols_.size(), "an instrument that nobody defined");
    return symbols_[instrument.value()];
}
const std::string& LedgerRows::name_of(AccountId account) const {
    MILLRACE_ASSERT(account.value() < account_names_.size(), "an account that nobody defined");
    return account_names_[account.value()];
}
const std::string& LedgerRows::name_of(StrategyId strategy) const {
    MILLRACE_ASSERT(strategy.value() < strategy_names_.size(), "a strategy that nobody defined");
    return strategy_names_[strategy.value()];
}

Kept<void> LedgerRows::write(const Entries& entries, Batch& batch) {
    if (auto done = write_definitions(entries, batch); !done) return done;
    if (auto done = write_orders(entries, batch); !done) return done;
    if (auto done = write_books(entries, batch); !done) return done;
    if (auto done = write_risk(entries, batch); !done) return done;
    for (const CommandCopy& copy : entries.commands)
        if (auto done = write_command(copy, batch); !done) return done;
    return batch.set_progress(entries.sequence);
}

Kept<void> LedgerRows::write_definitions(const Entries& entries, Batch& batch) {
    for (const model::Instrument& instrument : entries.instruments) {
        learn(instrument);
        ledger::InstrumentRow row;
        row.symbol = instrument.symbol.view();
        row.venue = instrument.venue.view();
        row.asset_class = instrument.asset_class;
        row.currency = instrument.currency.view();
        row.base_currency = instrument.base_currency.view();
        row.price_increment = instrument.price_increment;
        row.quantity_increment = instrument.quantity_increment;
        row.minimum_quantity = instrument.minimum_quantity;
        row.multiplier = instrument.multiplier;
        row.inverse = instrument.inverse;
        row.calendar = instrument.calendar.view();
        if (auto done = batch.put(row); !done) return done;
    }
    for (const model::Strategy& strategy : entries.strategies) {
        learn(strategy);
        ledger::StrategyRow row;
        row.name = strategy.name.view();
        row.type = "external";
        row.version = strategy.version.view();
        row.state = "running";
        row.created_at = row.updated_at = strategy.known_at;
        if (auto done = batch.put(row); !done) return done;
    }
    for (const model::Account& account : entries.accounts) {
        learn(account);
        if (entries.balances.find(account.id.value()) != nullptr) continue;  // comes with its money
        ledger::AccountRow row;
        row.name = account.name.view();
        row.broker = "paper";
        row.currency = account.currency.text();
        row.mode = account.mode;
        row.updated_at = account.known_at;
        if (auto done = batch.put(row); !done) return done;
    }
    for (const model::Balance& balance : entries.balances.values()) {
        ledger::AccountRow row;
        row.name = name_of(balance.account);
        row.broker = "paper";
        row.currency = balance.currency.text();
        row.mode = accounts_[balance.account.value()].mode;
        row.cash = balance.cash;
        row.equity = balance.equity;
        row.realised = balance.realised;
        row.unrealised = balance.unrealised;
        row.fees = balance.fees;
        row.updated_at = balance.known_at;
        if (auto done = batch.put(row); !done) return done;
        if (auto done = write_equity(row, balance.account, batch); !done) return done;
    }
    return {};
}

// The curve of the account's equity: its first worth in each minute.
Kept<void> LedgerRows::write_equity(const ledger::AccountRow& account, AccountId id, Batch& batch) {
    const std::int64_t minute = account.updated_at.ns() / Duration::minutes(1).ns();
    std::int64_t& last = equity_minutes_[id.value()];
    if (minute == last) return {};
    last = minute;
    ledger::EquityRow row;
    row.account = account.name;
    row.session = format_time(account.updated_at).substr(0, 10);
    row.equity = account.equity;
    row.cash = account.cash;
    row.ts = account.updated_at;
    return nothing_of(batch.add(row));
}

Kept<void> LedgerRows::write_orders(const Entries& entries, Batch& batch) {
    for (const IntentCopy& intent : entries.intents.values())
        if (auto done = batch.put(row_of(intent)); !done) return done;
    for (const model::Order& order : entries.orders.values())
        if (auto done = batch.put(row_of(order)); !done) return done;
    for (const model::Fill& fill : entries.deals)
        if (auto done = nothing_of(batch.add(row_of(fill))); !done) return done;
    return {};
}

Kept<void> LedgerRows::write_books(const Entries& entries, Batch& batch) {
    for (const MarkCopy& mark : entries.marks.values()) {
        ledger::MarkRow row;
        row.symbol = symbol_of(mark.instrument);
        row.price = mark.price;
        row.ts = mark.at;
        if (auto done = batch.put(row); !done) return done;
    }
    for (const model::Position& position : entries.positions.values()) {
        ledger::PositionRow row;
        row.account = name_of(position.account);
        row.symbol = symbol_of(position.instrument);
        row.strategy = name_of(position.strategy);
        row.quantity = position.quantity;
        row.average_price = position.average_price;
        row.currency = position.currency.text();
        row.realised = position.realised;
        row.unrealised = position.unrealised;
        row.fees = position.fees;
        row.updated_at = position.known_at;
        if (auto done = batch.put(row); !done) return done;
    }
    return {};
}

Kept<void> LedgerRows::write_risk(const Entries& entries, Batch& batch) {
    for (const RiskNote& note : entries.notes) {
        auto [scope, key] = scope_of(note.scope);
        ledger::RiskEventRow row;
        row.rule = note.rule;
        row.scope = std::move(scope);
        row.key = std::move(key);
        row.value = note.value;
        row.limit_value = note.limit;
        row.decision = note.decision;
        if (note.order != 0) row.order_id = static_cast<std::int64_t>(note.order);
        row.severity = severity_of(note.severity);
        row.message = note.message;
        row.ts = note.at;
        if (auto done = nothing_of(batch.add(row)); !done) return done;
    }
    return {};
}

// Limits and switches have rows of their own, which are audited with them; all others, and what
// was refused, stand in the trail as they were said.
Kept<void> LedgerRows::write_command(const CommandCopy& copy, Batch& batch) {
    const std::string_view name = copy.command.name.view();
    if (name == "check-order" || name == "release-reservation") return {};  // of programs
    auto [scope, key] = scope_of(copy.command.target.view());
    std::string_view words = copy.command.argument.view();
    if (!copy.is_refused && name == "set-limit") {
        ledger::LimitRow row;
        row.scope = scope;
        row.key = key;
        const auto limit = risk::limit_named(first_word(words));
        MILLRACE_ASSERT(limit.has_value(), "a limit was set that there is not");
        const auto value = risk::parse_limit(*limit, words);
        row.rule = risk::description_of(*limit).name;
        row.value = value ? risk::text_of(*limit, *value) : std::string(words);
        row.changed_by = copy.command.actor.view();
        row.ts = copy.at;
        return nothing_of(batch.set_limit(row));
    }
    if (!copy.is_refused && (name == "engage-kill-switch" || name == "release-kill-switch")) {
        ledger::KillSwitchRow row;
        row.scope = scope;
        row.key = key;
        row.engaged = name == "engage-kill-switch";
        if (!row.engaged) (void)first_word(words);  // "admin"
        row.reason = words;
        row.actor = copy.command.actor.view();
        row.ts = copy.at;
        return batch.set_kill_switch(row);
    }
    if (!copy.is_refused && name == "acknowledge-alert") {
        const auto alert = parse_decimal(copy.command.target.view(), 0).value_or(0);
        const auto seen = batch.acknowledge(alert, copy.command.actor.view(), copy.at);
        if (!seen) return ledger::lost(seen.error());
    }
    if (!copy.is_refused && name == "book-cash")
        if (auto done = write_cash(copy, batch); !done) return done;
    ledger::AuditRow row;
    row.ts = copy.at;
    row.actor = copy.command.actor.view();
    row.service = kService;
    row.action = copy.is_refused ? fmt::format("{}.refused", name) : std::string(name);
    row.entity = copy.command.target.view();
    row.after = copy.is_refused ? copy.message : std::string(words);
    return nothing_of(batch.audit(row));
}

// "deposit 100000 USD [strategy]", as the books have understood it.
Kept<void> LedgerRows::write_cash(const CommandCopy& copy, Batch& batch) {
    std::string_view words = copy.command.argument.view();
    ledger::CashRow row;
    row.ref = fmt::format("input-{}-{}", copy.sequence, copy.ordinal);
    row.account = copy.command.target.view();
    const std::string_view reason = first_word(words);
    for (std::size_t i = 0; i < portfolio::kCashReasonNames.size(); ++i)
        if (portfolio::kCashReasonNames[i] == reason)
            row.reason = static_cast<portfolio::CashReason>(i);
    const auto amount = Money::parse(first_word(words));
    MILLRACE_ASSERT(amount.has_value(), "cash was booked that is no amount");
    row.amount = *amount;
    row.currency = first_word(words);
    row.strategy = words;
    row.ts = copy.at;
    return nothing_of(batch.add(row));
}

ledger::IntentRow LedgerRows::row_of(const IntentCopy& intent) const {
    const model::OrderIntent& body = intent.body;
    ledger::IntentRow row;
    row.id = static_cast<std::int64_t>(intent.id);
    row.key = body.key.view();
    row.body_hash = body_hash_of(body);
    row.account = name_of(body.account);
    row.strategy = name_of(body.strategy);
    row.symbol = symbol_of(body.instrument);
    row.side = body.side;
    row.type = body.type;
    row.time_in_force = body.time_in_force;
    row.quantity = body.quantity;
    row.limit_price = body.limit_price;
    row.stop_price = body.stop_price;
    row.stop_loss = body.stop_loss;
    row.take_profit = body.take_profit;
    row.expires_at = body.expires_at;
    row.reduce_only = body.reduce_only;
    row.tag = body.tag.view();
    row.status = execution::name_of(intent.state);
    if (intent.reason != model::OrderReason::none)
        row.reason = model::kOrderReasonNames[static_cast<std::size_t>(intent.reason)];
    row.created_at = intent.created;
    row.updated_at = intent.updated;
    return row;
}

ledger::OrderRow LedgerRows::row_of(const model::Order& order) const {
    ledger::OrderRow row;
    row.id = static_cast<std::int64_t>(order.order_id);
    row.client_order_id = client_order_id(order.order_id);
    if (const auto of = execution::intent_order(order.order_id))
        row.intent_id = static_cast<std::int64_t>(of->intent);
    row.account = name_of(order.account);
    row.strategy = name_of(order.strategy);
    row.symbol = symbol_of(order.instrument);
    row.side = order.side;
    row.type = order.type;
    row.time_in_force = order.time_in_force;
    row.quantity = order.quantity;
    row.limit_price = order.limit_price;
    row.stop_price = order.stop_price;
    row.filled_quantity = order.filled_quantity;
    row.average_price = order.average_price;
    row.status = order.status;
    row.reason = order.reason;
    row.created_at = row.updated_at = order.known_at;
    return row;
}

ledger::ExecutionRow LedgerRows::row_of(const model::Fill& fill) const {
    ledger::ExecutionRow row;
    row.exec_ref = fmt::format("paper-{}", fill.fill_id);
    row.order_id = static_cast<std::int64_t>(fill.order_id);
    row.account = name_of(fill.account);
    row.strategy = name_of(fill.strategy);
    row.symbol = symbol_of(fill.instrument);
    row.side = fill.side;
    row.quantity = fill.quantity;
    row.price = fill.price;
    row.fee = fill.fee;
    row.fee_currency = fill.fee_currency.text();
    row.liquidity = fill.liquidity;
    row.ts = fill.known_at;
    return row;
}

}  // namespace millrace::orders
