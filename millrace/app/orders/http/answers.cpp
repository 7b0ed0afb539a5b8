// From rows and views to answers.
#include "millrace/app/orders/http/answers.hpp"

#include "millrace/app/orders/http/words.hpp"

namespace millrace::orders {
namespace {

// A ledger that others have written to may hold longer texts than we ever put there; they are shown
// as far as there is room, in whole characters.
template <std::size_t N>
void put(Text<N>& into, std::string_view text) {
    text = text.substr(0, text.find('\0'));
    std::size_t size = std::min(text.size(), N);
    while (size < text.size() && size > 0 &&
           (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
        --size;
    into = Text<N>::from(text.substr(0, size)).value_or(Text<N>());
}

std::uint64_t number(std::int64_t id) {
    return id < 0 ? 0 : static_cast<std::uint64_t>(id);
}

}  // namespace

IntentAnswer answer_of(const ledger::IntentRow& row) {
    IntentAnswer answer;
    answer.id = number(row.id);
    put(answer.symbol, row.symbol);
    put(answer.side, word_of(row.side));
    answer.quantity = row.quantity;
    put(answer.order_type, word_of(row.type));
    answer.price = row.limit_price;
    answer.stop_price = row.stop_price;
    answer.stop_loss = row.stop_loss;
    answer.take_profit = row.take_profit;
    put(answer.time_in_force, word_of(row.time_in_force));
    answer.expires_at = row.expires_at;
    answer.reduce_only = row.reduce_only;
    put(answer.status, row.status);
    if (row.reason != "none") put(answer.reason, row.reason);
    put(answer.client_tag, row.tag);
    put(answer.account, row.account);
    put(answer.strategy, row.strategy);
    put(answer.idempotency_key, row.key);
    answer.created_at = row.created_at;
    answer.updated_at = row.updated_at;
    return answer;
}

OrderAnswer answer_of(const ledger::OrderRow& row) {
    OrderAnswer answer;
    answer.id = number(row.id);
    put(answer.client_order_id, row.client_order_id);
    answer.intent_id = number(row.intent_id.value_or(0));
    put(answer.symbol, row.symbol);
    put(answer.side, word_of(row.side));
    answer.quantity = row.quantity;
    put(answer.order_type, word_of(row.type));
    answer.price = row.limit_price;
    answer.stop_price = row.stop_price;
    put(answer.time_in_force, word_of(row.time_in_force));
    put(answer.status, model::name_of(row.status));
    if (row.reason != model::OrderReason::none) put(answer.reason, model::name_of(row.reason));
    answer.filled_quantity = row.filled_quantity;
    answer.average_price = row.average_price;
    put(answer.account, row.account);
    put(answer.strategy, row.strategy);
    answer.created_at = row.created_at;
    answer.updated_at = row.updated_at;
    return answer;
}

FillAnswer answer_of(const ledger::ExecutionRow& row) {
    FillAnswer answer;
    answer.id = number(row.id);
    put(answer.ref, row.exec_ref);
    answer.order_id = number(row.order_id);
    put(answer.symbol, row.symbol);
    put(answer.side, word_of(row.side));
    answer.quantity = row.quantity;
    answer.price = row.price;
    answer.fee = row.fee;
    put(answer.fee_currency, row.fee_currency);
    put(answer.liquidity, model::name_of(row.liquidity));
    put(answer.account, row.account);
    put(answer.strategy, row.strategy);
    answer.ts = row.ts;
    return answer;
}

PositionAnswer answer_of(const ledger::PositionRow& row) {
    PositionAnswer answer;
    answer.id = number(row.id);
    put(answer.account, row.account);
    put(answer.symbol, row.symbol);
    put(answer.strategy, row.strategy);
    put(answer.leg, row.leg);
    answer.quantity = row.quantity;
    answer.average_price = row.average_price;
    put(answer.currency, row.currency);
    answer.realized_pnl = row.realised;
    answer.unrealized_pnl = row.unrealised;
    answer.fees = row.fees;
    answer.updated_at = row.updated_at;
    return answer;
}

AccountAnswer answer_of(const ledger::AccountRow& row) {
    AccountAnswer answer;
    answer.id = number(row.id);
    put(answer.name, row.name);
    put(answer.currency, row.currency);
    put(answer.status, row.status);
    answer.cash = row.cash;
    answer.equity = row.equity;
    answer.buying_power = row.buying_power;
    answer.realized_pnl = row.realised;
    answer.unrealized_pnl = row.unrealised;
    answer.fees = row.fees;
    answer.updated_at = row.updated_at;
    return answer;
}

AlertAnswer answer_of(const ledger::RiskEventRow& row) {
    AlertAnswer answer;
    answer.alertId = number(row.id);
    put(answer.severity, row.severity);
    put(answer.code, row.rule);
    put(answer.scope, row.key.empty() ? row.scope : row.scope + ":" + row.key);
    put(answer.value, row.value);
    put(answer.limit, row.limit_value);
    answer.orderId = number(row.order_id.value_or(0));
    put(answer.message, row.message);
    answer.ts = row.ts;
    put(answer.status, row.acked_by ? "acked" : "open");
    put(answer.ackedBy, row.acked_by.value_or(""));
    answer.ackedAt = row.acked_at;
    return answer;
}

LimitAnswer answer_of(const LimitView& limit) {
    LimitAnswer answer;
    const std::string_view scope = limit.scope;
    const std::size_t colon = std::min(scope.find(':'), scope.size());
    put(answer.scope, scope.substr(0, colon));
    if (colon < scope.size()) put(answer.key, scope.substr(colon + 1));
    put(answer.limit, limit.limit);
    put(answer.value, limit.value);
    answer.version = limit.version;
    put(answer.changed_by, limit.actor);
    answer.since = limit.since;
    return answer;
}

SwitchAnswer answer_of(const StopView& stop) {
    SwitchAnswer answer;
    put(answer.scope, stop.scope);
    answer.engaged = true;
    answer.proven = stop.is_proven;
    answer.working = stop.working;
    put(answer.reason, stop.reason);
    put(answer.actor, stop.actor);
    answer.since = stop.since;
    return answer;
}

TakenAnswer taken_answer(std::uint64_t id, std::string_view status, std::string_view symbol) {
    TakenAnswer answer;
    answer.id = id;
    put(answer.status, status);
    put(answer.symbol, symbol);
    return answer;
}

}  // namespace millrace::orders
