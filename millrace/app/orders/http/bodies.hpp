// What clients send, as described structs: reading, checking and /openapi.json follow from them.
// Field names are those of the predecessors' clients, which is why they are not all of one style.
#pragma once

#include "millrace/app/orders/http/words.hpp"
#include "millrace/core/model/describe.hpp"

namespace millrace::orders {

struct IntentBody {
    InstrumentId symbol;
    SideWord side{};
    Quantity quantity;
    TypeWord order_type{};
    Maybe<Price> price;
    Maybe<Price> stop_price;
    Text<64> client_tag;
    Maybe<Price> stop_loss;
    Maybe<Price> take_profit;
    Answerable bracket_order = Answerable::unsaid;
    LifeWord time_in_force{};
    Maybe<Time> expires_at;
    bool reduce_only = false;
    Text<32> account;
    Text<32> strategy;
};

// A SignalOutputSpec without its two maps, which are checked apart.
struct SignalBody {
    InstrumentId symbol;
    Time timestamp;
    Text<32> strategy;
    Text<16> strategy_version;
    Maybe<Price> long_entry;
    Maybe<Price> short_entry;
    Maybe<Price> sl_long;
    Maybe<Price> sl_short;
    Maybe<Price> tp_long;
    Maybe<Price> tp_short;
    Text<64> setup;
    Maybe<Ratio> score;
    Maybe<Quantity> quantity;
    TypeWord order_type{};
    LifeWord time_in_force{};
    Text<32> account;
};

struct CheckBody {
    Text<64> orderId;
    Text<32> strategyId;
    Text<32> account;
    InstrumentId symbol;
    SideWord side{};
    Quantity qty;
    TypeWord type = TypeWord::market;
    Maybe<Price> limitPrice;
    Maybe<Price> stopPrice;
    Maybe<Time> expiresAt;
    bool reduceOnly = false;
    Maybe<Time> ts;
};

struct LimitBody {
    Text<32> limit;
    Text<32> value;
};

enum class SwitchAction : std::uint8_t { engage, release };
inline constexpr std::array<std::string_view, 2> kSwitchActions = {"engage", "release"};

struct SwitchBody {
    SwitchAction action{};
    Text<64> scope{"global"};
    Text<256> reason;
    Text<64> actor;
    bool flatten = false;
};

struct FlattenBody {
    Text<64> scope{"global"};
    Text<256> reason;
};

}  // namespace millrace::orders

namespace millrace::model {

inline constexpr FieldDescription kIntentBodyFields[] = {
    MILLRACE_FIELD(orders::IntentBody, symbol, "what to trade"),
    MILLRACE_FIELD(orders::IntentBody, side, "buy or sell; LONG buys, SHORT sells"),
    MILLRACE_FIELD(orders::IntentBody, quantity, "how much").positive(),
    MILLRACE_FIELD(orders::IntentBody, order_type, "kind of order; LMT unless said")
        .may_be_absent(),
    MILLRACE_FIELD(orders::IntentBody, price, "limit price").positive(),
    MILLRACE_FIELD(orders::IntentBody, stop_price, "price that triggers it").positive(),
    MILLRACE_FIELD(orders::IntentBody, client_tag, "the client's own mark").may_be_absent(),
    MILLRACE_FIELD(orders::IntentBody, stop_loss, "protective stop of the bracket").positive(),
    MILLRACE_FIELD(orders::IntentBody, take_profit, "target of the bracket").positive(),
    MILLRACE_FIELD(orders::IntentBody, bracket_order, "whether there is a stop or a target")
        .may_be_absent(),
    MILLRACE_FIELD(orders::IntentBody, time_in_force, "how long it works; DAY unless said")
        .may_be_absent(),
    MILLRACE_FIELD(orders::IntentBody, expires_at, "when it lapses (GTD)"),
    MILLRACE_FIELD(orders::IntentBody, reduce_only, "may only shrink a position").may_be_absent(),
    MILLRACE_FIELD(orders::IntentBody, account, "account it is for; the first unless said")
        .may_be_absent(),
    MILLRACE_FIELD(orders::IntentBody, strategy, "strategy it is for").may_be_absent(),
};
template <>
inline constexpr NounDescription kDescription<orders::IntentBody> =
    describe<orders::IntentBody>(Noun::order_intent, "order_intent_request", 1, kIntentBodyFields,
                                 "an order that somebody asks for");

inline constexpr FieldDescription kSignalBodyFields[] = {
    MILLRACE_FIELD(orders::SignalBody, symbol, "what to trade"),
    MILLRACE_FIELD(orders::SignalBody, timestamp, "when it was seen, with a zone"),
    MILLRACE_FIELD(orders::SignalBody, strategy, "whose signal it is"),
    MILLRACE_FIELD(orders::SignalBody, strategy_version, "of that strategy"),
    MILLRACE_FIELD(orders::SignalBody, long_entry, "price to buy at").positive(),
    MILLRACE_FIELD(orders::SignalBody, short_entry, "price to sell at").positive(),
    MILLRACE_FIELD(orders::SignalBody, sl_long, "stop of the long side").positive(),
    MILLRACE_FIELD(orders::SignalBody, sl_short, "stop of the short side").positive(),
    MILLRACE_FIELD(orders::SignalBody, tp_long, "target of the long side").positive(),
    MILLRACE_FIELD(orders::SignalBody, tp_short, "target of the short side").positive(),
    MILLRACE_FIELD(orders::SignalBody, setup, "name of the setup").may_be_absent(),
    MILLRACE_FIELD(orders::SignalBody, score, "conviction from 0 to 1")
        .not_negative()
        .at_most(Ratio::kOne),
    MILLRACE_FIELD(orders::SignalBody, quantity, "how much").positive(),
    MILLRACE_FIELD(orders::SignalBody, order_type, "LMT unless said; or STP").may_be_absent(),
    MILLRACE_FIELD(orders::SignalBody, time_in_force, "how long it works; DAY unless said")
        .may_be_absent(),
    MILLRACE_FIELD(orders::SignalBody, account, "account it is for; the first unless said")
        .may_be_absent(),
};
template <>
inline constexpr NounDescription kDescription<orders::SignalBody> =
    describe<orders::SignalBody>(Noun::signal, "signal_output_spec", 1, kSignalBodyFields,
                                 "a strategy's signal, to be made an order of");

inline constexpr FieldDescription kCheckBodyFields[] = {
    MILLRACE_FIELD(orders::CheckBody, orderId, "the caller's name of the order"),
    MILLRACE_FIELD(orders::CheckBody, strategyId, "strategy it is for").may_be_absent(),
    MILLRACE_FIELD(orders::CheckBody, account, "account it is for; the first unless said")
        .may_be_absent(),
    MILLRACE_FIELD(orders::CheckBody, symbol, "what to trade"),
    MILLRACE_FIELD(orders::CheckBody, side, "buy or sell"),
    MILLRACE_FIELD(orders::CheckBody, qty, "how much").positive(),
    MILLRACE_FIELD(orders::CheckBody, type, "kind of order; MKT unless said").may_be_absent(),
    MILLRACE_FIELD(orders::CheckBody, limitPrice, "limit price").positive(),
    MILLRACE_FIELD(orders::CheckBody, stopPrice, "price that triggers it").positive(),
    MILLRACE_FIELD(orders::CheckBody, expiresAt, "when the reservation lapses"),
    MILLRACE_FIELD(orders::CheckBody, reduceOnly, "may only shrink a position").may_be_absent(),
    MILLRACE_FIELD(orders::CheckBody, ts, "the caller's time; changes nothing"),
};
template <>
inline constexpr NounDescription kDescription<orders::CheckBody> =
    describe<orders::CheckBody>(Noun::order, "check_request", 1, kCheckBodyFields,
                                "an order of an outside system that the guardian is to judge");

inline constexpr FieldDescription kLimitBodyFields[] = {
    MILLRACE_FIELD(orders::LimitBody, limit, "name of the limit, such as max-order-qty"),
    MILLRACE_FIELD(orders::LimitBody, value, "its value as text; none takes it away"),
};
template <>
inline constexpr NounDescription kDescription<orders::LimitBody> = describe<orders::LimitBody>(
    Noun::command, "limit_request", 1, kLimitBodyFields, "a limit that is to be set");

template <>
inline constexpr std::span<const std::string_view> kChoices<orders::SwitchAction> =
    orders::kSwitchActions;
inline constexpr FieldDescription kSwitchBodyFields[] = {
    MILLRACE_FIELD(orders::SwitchBody, action, "engage or release"),
    MILLRACE_FIELD(orders::SwitchBody, scope, "global, account:NAME, strategy:NAME, symbol:NAME")
        .may_be_absent(),
    MILLRACE_FIELD(orders::SwitchBody, reason, "why"),
    MILLRACE_FIELD(orders::SwitchBody, actor, "who asks, beside the token").may_be_absent(),
    MILLRACE_FIELD(orders::SwitchBody, flatten, "whether positions are closed, too")
        .may_be_absent(),
};
template <>
inline constexpr NounDescription kDescription<orders::SwitchBody> =
    describe<orders::SwitchBody>(Noun::command, "kill_switch_request", 1, kSwitchBodyFields,
                                 "a kill switch that is to be engaged or released");

inline constexpr FieldDescription kFlattenBodyFields[] = {
    MILLRACE_FIELD(orders::FlattenBody, scope, "global, account:NAME, strategy:NAME, symbol:NAME")
        .may_be_absent(),
    MILLRACE_FIELD(orders::FlattenBody, reason, "why"),
};
template <>
inline constexpr NounDescription kDescription<orders::FlattenBody> = describe<orders::FlattenBody>(
    Noun::command, "flatten_request", 1, kFlattenBodyFields, "positions that are to be closed");

}  // namespace millrace::model
