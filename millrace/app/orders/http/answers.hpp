// What the orders server answers, as described structs: JSON and /openapi.json follow from them.
// Rows of the ledger and parts of the view become answers here, and nowhere else.
#pragma once

#include <string>
#include <vector>

#include "millrace/app/orders/order_view.hpp"
#include "millrace/core/model/json.hpp"
#include "millrace/edge/store/ledger/rows.hpp"

namespace millrace::orders {

struct IntentAnswer {
    std::uint64_t id = 0;
    Text<32> symbol;
    Text<4> side;
    Quantity quantity;
    Text<24> order_type;
    Maybe<Price> price;
    Maybe<Price> stop_price;
    Maybe<Price> stop_loss;
    Maybe<Price> take_profit;
    Text<4> time_in_force;
    Maybe<Time> expires_at;
    bool reduce_only = false;
    Text<16> status;
    Text<32> reason;
    Text<64> client_tag;
    Text<32> account;
    Text<32> strategy;
    Text<128> idempotency_key;
    Time created_at;
    Time updated_at;
};

struct OrderAnswer {
    std::uint64_t id = 0;
    Text<64> client_order_id;
    std::uint64_t intent_id = 0;
    Text<32> symbol;
    Text<4> side;
    Quantity quantity;
    Text<24> order_type;
    Maybe<Price> price;
    Maybe<Price> stop_price;
    Text<4> time_in_force;
    Text<20> status;
    Text<32> reason;
    Quantity filled_quantity;
    Maybe<Price> average_price;
    Text<32> account;
    Text<32> strategy;
    Time created_at;
    Time updated_at;
};

struct FillAnswer {
    std::uint64_t id = 0;
    Text<64> ref;
    std::uint64_t order_id = 0;
    Text<32> symbol;
    Text<4> side;
    Quantity quantity;
    Price price;
    Money fee;
    Text<8> fee_currency;
    Text<8> liquidity;
    Text<32> account;
    Text<32> strategy;
    Time ts;
};

struct PositionAnswer {
    std::uint64_t id = 0;
    Text<32> account;
    Text<32> symbol;
    Text<32> strategy;
    Text<8> leg;
    Quantity quantity;
    Maybe<Price> average_price;
    Text<8> currency;
    Money realized_pnl;
    Money unrealized_pnl;
    Money fees;
    Time updated_at;
};

struct AccountAnswer {
    std::uint64_t id = 0;
    Text<32> name;
    Text<8> currency;
    Text<16> status;
    Money cash;
    Money equity;
    Maybe<Money> buying_power;
    Money realized_pnl;
    Money unrealized_pnl;
    Money fees;
    Time updated_at;
};

struct LimitAnswer {
    Text<8> scope;
    Text<32> key;
    Text<32> limit;
    Text<32> value;
    std::uint64_t version = 0;
    Text<64> changed_by;
    Time since;
};

struct SwitchAnswer {
    Text<64> scope;
    bool engaged = false;
    bool proven = false;
    std::uint64_t working = 0;
    Text<256> reason;
    Text<64> actor;
    Maybe<Time> since;
};

struct AlertAnswer {
    std::uint64_t alertId = 0;
    Text<8> severity;
    Text<32> code;
    Text<64> scope;
    Text<64> value;
    Text<64> limit;
    std::uint64_t orderId = 0;
    Text<512> message;
    Time ts;
    Text<8> status;
    Text<64> ackedBy;
    Maybe<Time> ackedAt;
};

struct TakenAnswer {
    std::uint64_t id = 0;
    Text<20> status;
    Text<32> symbol;
};

[[nodiscard]] IntentAnswer answer_of(const ledger::IntentRow& row);
[[nodiscard]] OrderAnswer answer_of(const ledger::OrderRow& row);
[[nodiscard]] FillAnswer answer_of(const ledger::ExecutionRow& row);
[[nodiscard]] PositionAnswer answer_of(const ledger::PositionRow& row);
[[nodiscard]] AccountAnswer answer_of(const ledger::AccountRow& row);
[[nodiscard]] AlertAnswer answer_of(const ledger::RiskEventRow& row);
[[nodiscard]] LimitAnswer answer_of(const LimitView& limit);
[[nodiscard]] SwitchAnswer answer_of(const StopView& stop);
[[nodiscard]] TakenAnswer taken_answer(std::uint64_t id, std::string_view status,
                                       std::string_view symbol);

template <class Answer>
void write_answer(const Answer& answer, JsonWriter& writer) {
    model::write_json(model::kDescription<Answer>, &answer, {}, writer);
}
template <class Answer>
[[nodiscard]] std::string json_of(const Answer& answer) {
    return model::to_json(answer, {});
}

}  // namespace millrace::orders

namespace millrace::model {

inline constexpr FieldDescription kIntentAnswerFields[] = {
    MILLRACE_FIELD(orders::IntentAnswer, id, "number of the intent"),
    MILLRACE_FIELD(orders::IntentAnswer, symbol, "what is traded"),
    MILLRACE_FIELD(orders::IntentAnswer, side, "BUY or SELL"),
    MILLRACE_FIELD(orders::IntentAnswer, quantity, "how much"),
    MILLRACE_FIELD(orders::IntentAnswer, order_type, "kind of order"),
    MILLRACE_FIELD(orders::IntentAnswer, price, "limit price"),
    MILLRACE_FIELD(orders::IntentAnswer, stop_price, "price that triggers it"),
    MILLRACE_FIELD(orders::IntentAnswer, stop_loss, "protective stop of the bracket"),
    MILLRACE_FIELD(orders::IntentAnswer, take_profit, "target of the bracket"),
    MILLRACE_FIELD(orders::IntentAnswer, time_in_force, "how long it works"),
    MILLRACE_FIELD(orders::IntentAnswer, expires_at, "when it lapses"),
    MILLRACE_FIELD(orders::IntentAnswer, reduce_only, "may only shrink a position"),
    MILLRACE_FIELD(orders::IntentAnswer, status, "where it is in its life"),
    MILLRACE_FIELD(orders::IntentAnswer, reason, "why it is in error, rejected or cancelled")
        .may_be_absent(),
    MILLRACE_FIELD(orders::IntentAnswer, client_tag, "the client's own mark").may_be_absent(),
    MILLRACE_FIELD(orders::IntentAnswer, account, "account it is for"),
    MILLRACE_FIELD(orders::IntentAnswer, strategy, "strategy it is for").may_be_absent(),
    MILLRACE_FIELD(orders::IntentAnswer, idempotency_key, "key under which it was sent"),
    MILLRACE_FIELD(orders::IntentAnswer, created_at, "when it was taken"),
    MILLRACE_FIELD(orders::IntentAnswer, updated_at, "when it last changed"),
};
template <>
inline constexpr NounDescription kDescription<orders::IntentAnswer> =
    describe<orders::IntentAnswer>(Noun::order_intent, "intent", 1, kIntentAnswerFields,
                                   "what somebody asked for, and where it is");

inline constexpr FieldDescription kOrderAnswerFields[] = {
    MILLRACE_FIELD(orders::OrderAnswer, id, "number of the order"),
    MILLRACE_FIELD(orders::OrderAnswer, client_order_id, "its name at the venue").may_be_absent(),
    MILLRACE_FIELD(orders::OrderAnswer, intent_id, "intent it was made of; 0: of none")
        .may_be_absent(),
    MILLRACE_FIELD(orders::OrderAnswer, symbol, "what is traded"),
    MILLRACE_FIELD(orders::OrderAnswer, side, "BUY or SELL"),
    MILLRACE_FIELD(orders::OrderAnswer, quantity, "how much"),
    MILLRACE_FIELD(orders::OrderAnswer, order_type, "kind of order"),
    MILLRACE_FIELD(orders::OrderAnswer, price, "limit price"),
    MILLRACE_FIELD(orders::OrderAnswer, stop_price, "price that triggers it"),
    MILLRACE_FIELD(orders::OrderAnswer, time_in_force, "how long it works"),
    MILLRACE_FIELD(orders::OrderAnswer, status, "where it is in its life"),
    MILLRACE_FIELD(orders::OrderAnswer, reason, "why it was refused or ended").may_be_absent(),
    MILLRACE_FIELD(orders::OrderAnswer, filled_quantity, "how much was dealt"),
    MILLRACE_FIELD(orders::OrderAnswer, average_price, "average price dealt"),
    MILLRACE_FIELD(orders::OrderAnswer, account, "account it is for"),
    MILLRACE_FIELD(orders::OrderAnswer, strategy, "strategy it is for").may_be_absent(),
    MILLRACE_FIELD(orders::OrderAnswer, created_at, "when it was made"),
    MILLRACE_FIELD(orders::OrderAnswer, updated_at, "when it last changed"),
};
template <>
inline constexpr NounDescription kDescription<orders::OrderAnswer> = describe<orders::OrderAnswer>(
    Noun::order, "order_state", 1, kOrderAnswerFields, "an order and where it is in its life");

inline constexpr FieldDescription kFillAnswerFields[] = {
    MILLRACE_FIELD(orders::FillAnswer, id, "number of the row"),
    MILLRACE_FIELD(orders::FillAnswer, ref, "the venue's name of the deal"),
    MILLRACE_FIELD(orders::FillAnswer, order_id, "order that dealt"),
    MILLRACE_FIELD(orders::FillAnswer, symbol, "what was traded"),
    MILLRACE_FIELD(orders::FillAnswer, side, "BUY or SELL"),
    MILLRACE_FIELD(orders::FillAnswer, quantity, "how much"),
    MILLRACE_FIELD(orders::FillAnswer, price, "at which price"),
    MILLRACE_FIELD(orders::FillAnswer, fee, "fee paid, negative for a rebate"),
    MILLRACE_FIELD(orders::FillAnswer, fee_currency, "currency of the fee").may_be_absent(),
    MILLRACE_FIELD(orders::FillAnswer, liquidity, "maker, taker or unknown"),
    MILLRACE_FIELD(orders::FillAnswer, account, "account it is for"),
    MILLRACE_FIELD(orders::FillAnswer, strategy, "strategy it is for").may_be_absent(),
    MILLRACE_FIELD(orders::FillAnswer, ts, "when it was dealt"),
};
template <>
inline constexpr NounDescription kDescription<orders::FillAnswer> =
    describe<orders::FillAnswer>(Noun::fill, "fill_state", 1, kFillAnswerFields, "a deal");

inline constexpr FieldDescription kPositionAnswerFields[] = {
    MILLRACE_FIELD(orders::PositionAnswer, id, "number of the row"),
    MILLRACE_FIELD(orders::PositionAnswer, account, "account it is in"),
    MILLRACE_FIELD(orders::PositionAnswer, symbol, "what is held"),
    MILLRACE_FIELD(orders::PositionAnswer, strategy, "strategy that holds it").may_be_absent(),
    MILLRACE_FIELD(orders::PositionAnswer, leg, "net, or long or short of a hedging account"),
    MILLRACE_FIELD(orders::PositionAnswer, quantity, "held, negative when short"),
    MILLRACE_FIELD(orders::PositionAnswer, average_price, "average price of what is held"),
    MILLRACE_FIELD(orders::PositionAnswer, currency, "currency of the amounts"),
    MILLRACE_FIELD(orders::PositionAnswer, realized_pnl, "profit and loss of what was closed"),
    MILLRACE_FIELD(orders::PositionAnswer, unrealized_pnl, "profit and loss of what is open"),
    MILLRACE_FIELD(orders::PositionAnswer, fees, "fees paid so far"),
    MILLRACE_FIELD(orders::PositionAnswer, updated_at, "when it last changed"),
};
template <>
inline constexpr NounDescription kDescription<orders::PositionAnswer> =
    describe<orders::PositionAnswer>(Noun::position, "position_state", 1, kPositionAnswerFields,
                                     "what is held of one instrument");

inline constexpr FieldDescription kAccountAnswerFields[] = {
    MILLRACE_FIELD(orders::AccountAnswer, id, "number of the row"),
    MILLRACE_FIELD(orders::AccountAnswer, name, "name of the account"),
    MILLRACE_FIELD(orders::AccountAnswer, currency, "currency of the amounts"),
    MILLRACE_FIELD(orders::AccountAnswer, status, "active or disabled"),
    MILLRACE_FIELD(orders::AccountAnswer, cash, "settled money"),
    MILLRACE_FIELD(orders::AccountAnswer, equity, "cash and the worth of all positions"),
    MILLRACE_FIELD(orders::AccountAnswer, buying_power, "what could be bought"),
    MILLRACE_FIELD(orders::AccountAnswer, realized_pnl, "realised profit and loss"),
    MILLRACE_FIELD(orders::AccountAnswer, unrealized_pnl, "unrealised profit and loss"),
    MILLRACE_FIELD(orders::AccountAnswer, fees, "fees paid so far"),
    MILLRACE_FIELD(orders::AccountAnswer, updated_at, "when it last changed"),
};
template <>
inline constexpr NounDescription kDescription<orders::AccountAnswer> =
    describe<orders::AccountAnswer>(Noun::account, "account_state", 1, kAccountAnswerFields,
                                    "an account's money");

inline constexpr FieldDescription kLimitAnswerFields[] = {
    MILLRACE_FIELD(orders::LimitAnswer, scope, "global, account, strategy or symbol"),
    MILLRACE_FIELD(orders::LimitAnswer, key, "whose; empty for global").may_be_absent(),
    MILLRACE_FIELD(orders::LimitAnswer, limit, "name of the limit"),
    MILLRACE_FIELD(orders::LimitAnswer, value, "its value; none: it was taken away"),
    MILLRACE_FIELD(orders::LimitAnswer, version, "counts the changes of all limits"),
    MILLRACE_FIELD(orders::LimitAnswer, changed_by, "who set it"),
    MILLRACE_FIELD(orders::LimitAnswer, since, "when"),
};
template <>
inline constexpr NounDescription kDescription<orders::LimitAnswer> = describe<orders::LimitAnswer>(
    Noun::command, "limit_state", 1, kLimitAnswerFields, "a limit of the guardian");

inline constexpr FieldDescription kSwitchAnswerFields[] = {
    MILLRACE_FIELD(orders::SwitchAnswer, scope, "global, account:NAME, strategy:NAME, symbol:NAME"),
    MILLRACE_FIELD(orders::SwitchAnswer, engaged, "whether everything of its scope is refused"),
    MILLRACE_FIELD(orders::SwitchAnswer, proven, "nothing of it works any more"),
    MILLRACE_FIELD(orders::SwitchAnswer, working, "orders of it that work"),
    MILLRACE_FIELD(orders::SwitchAnswer, reason, "why").may_be_absent(),
    MILLRACE_FIELD(orders::SwitchAnswer, actor, "who engaged or released it").may_be_absent(),
    MILLRACE_FIELD(orders::SwitchAnswer, since, "when it was engaged"),
};
template <>
inline constexpr NounDescription kDescription<orders::SwitchAnswer> =
    describe<orders::SwitchAnswer>(Noun::command, "kill_switch", 1, kSwitchAnswerFields,
                                   "a kill switch");

inline constexpr FieldDescription kAlertAnswerFields[] = {
    MILLRACE_FIELD(orders::AlertAnswer, alertId, "number of the alert"),
    MILLRACE_FIELD(orders::AlertAnswer, severity, "INFO, WARN or CRITICAL"),
    MILLRACE_FIELD(orders::AlertAnswer, code, "stable name of the rule"),
    MILLRACE_FIELD(orders::AlertAnswer, scope, "what it concerns").may_be_absent(),
    MILLRACE_FIELD(orders::AlertAnswer, value, "the number that was judged").may_be_absent(),
    MILLRACE_FIELD(orders::AlertAnswer, limit, "the limit it was judged by").may_be_absent(),
    MILLRACE_FIELD(orders::AlertAnswer, orderId, "order it is about; 0: none").may_be_absent(),
    MILLRACE_FIELD(orders::AlertAnswer, message, "in words").may_be_absent(),
    MILLRACE_FIELD(orders::AlertAnswer, ts, "when"),
    MILLRACE_FIELD(orders::AlertAnswer, status, "open or acked"),
    MILLRACE_FIELD(orders::AlertAnswer, ackedBy, "who has seen it").may_be_absent(),
    MILLRACE_FIELD(orders::AlertAnswer, ackedAt, "when"),
};
template <>
inline constexpr NounDescription kDescription<orders::AlertAnswer> = describe<orders::AlertAnswer>(
    Noun::alert, "alert_event", 1, kAlertAnswerFields, "something a person should know");

inline constexpr FieldDescription kTakenAnswerFields[] = {
    MILLRACE_FIELD(orders::TakenAnswer, id, "its number"),
    MILLRACE_FIELD(orders::TakenAnswer, status, "where it is in its life"),
    MILLRACE_FIELD(orders::TakenAnswer, symbol, "what is traded"),
};
template <>
inline constexpr NounDescription kDescription<orders::TakenAnswer> = describe<orders::TakenAnswer>(
    Noun::order, "taken", 1, kTakenAnswerFields, "what was done about an intent or order");

}  // namespace millrace::model
