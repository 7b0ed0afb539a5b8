// From wish to deal: OrderIntent (asked for by an outsider, once, by its key), Order (its life) and
// Fill (what was dealt).
#pragma once

#include "millrace/core/model/describe.hpp"

namespace millrace::model {

enum class Side : std::uint8_t { buy, sell };
inline constexpr std::array<std::string_view, 2> kSideNames = {"buy", "sell"};
template <>
inline constexpr std::span<const std::string_view> kChoices<Side> = kSideNames;

enum class OrderType : std::uint8_t {
    market,
    limit,
    stop,
    stop_limit,
    market_if_touched,
    limit_if_touched,
    trailing_stop,
    trailing_stop_limit,
    market_on_open,
    limit_on_open,
    market_on_close,
    limit_on_close
};
inline constexpr std::array<std::string_view, 12> kOrderTypeNames = {"market",
                                                                     "limit",
                                                                     "stop",
                                                                     "stop_limit",
                                                                     "market_if_touched",
                                                                     "limit_if_touched",
                                                                     "trailing_stop",
                                                                     "trailing_stop_limit",
                                                                     "market_on_open",
                                                                     "limit_on_open",
                                                                     "market_on_close",
                                                                     "limit_on_close"};
template <>
inline constexpr std::span<const std::string_view> kChoices<OrderType> = kOrderTypeNames;

enum class TimeInForce : std::uint8_t { day, gtc, gtd, ioc, fok };
inline constexpr std::array<std::string_view, 5> kTimeInForceNames = {"day", "gtc", "gtd", "ioc",
                                                                      "fok"};
template <>
inline constexpr std::span<const std::string_view> kChoices<TimeInForce> = kTimeInForceNames;

// Where an order is in its life; the last four are its end.
enum class OrderStatus : std::uint8_t {
    pending,
    submitted,
    accepted,
    triggered,
    partially_filled,
    cancel_requested,
    replace_requested,
    filled,
    cancelled,
    rejected,
    expired
};
inline constexpr std::array<std::string_view, 11> kOrderStatusNames = {
    "pending",          "submitted",         "accepted", "triggered", "partially_filled",
    "cancel_requested", "replace_requested", "filled",   "cancelled", "rejected",
    "expired"};
template <>
inline constexpr std::span<const std::string_view> kChoices<OrderStatus> = kOrderStatusNames;

// Why an order was refused or ended.
enum class OrderReason : std::uint8_t {
    none,
    user,
    oco_sibling,
    parent_ended,
    market_closed,
    stale_price,
    no_price,
    no_cash,
    no_liquidity,
    would_take,
    would_not_reduce,
    price_off_tick,
    quantity_off_lot,
    below_minimum,
    unknown_instrument,
    unknown_order,
    already_over,
    bad_order,
    price_protection,
    session_end,
    risk,
    no_margin,    // the account could not carry it
    margin_call,  // the venue closes what the account cannot carry
    no_borrow,    // more would be sold short than can be borrowed
    // Of the guardian, which can tell more (core/risk).
    kill_switch,
    account_disabled,
    strategy_disabled,
    symbol_disabled,
    price_collar,
    max_order_qty,
    max_order_notional,
    order_rate,
    duplicate,
    max_position,
    concentration,
    gross_exposure,
    net_exposure,
    leverage,
    short_not_allowed,
    daily_loss,
    max_drawdown,
    var_limit,
    consecutive_losses,
    reduce_only_flip,
    no_equity,
    no_rate,
    out_of_range,
    corporate_action  // a split has changed it, or left nothing of it
};
inline constexpr std::array<std::string_view, 48> kOrderReasonNames = {"none",
                                                                       "user",
                                                                       "oco_sibling",
                                                                       "parent_ended",
                                                                       "market_closed",
                                                                       "stale_price",
                                                                       "no_price",
                                                                       "no_cash",
                                                                       "no_liquidity",
                                                                       "would_take",
                                                                       "would_not_reduce",
                                                                       "price_off_tick",
                                                                       "quantity_off_lot",
                                                                       "below_minimum",
                                                                       "unknown_instrument",
                                                                       "unknown_order",
                                                                       "already_over",
                                                                       "bad_order",
                                                                       "price_protection",
                                                                       "session_end",
                                                                       "risk",
                                                                       "no_margin",
                                                                       "margin_call",
                                                                       "no_borrow",
                                                                       "kill_switch",
                                                                       "account_disabled",
                                                                       "strategy_disabled",
                                                                       "symbol_disabled",
                                                                       "price_collar",
                                                                       "max_order_qty",
                                                                       "max_order_notional",
                                                                       "order_rate",
                                                                       "duplicate",
                                                                       "max_position",
                                                                       "concentration",
                                                                       "gross_exposure",
                                                                       "net_exposure",
                                                                       "leverage",
                                                                       "short_not_allowed",
                                                                       "daily_loss",
                                                                       "max_drawdown",
                                                                       "var_limit",
                                                                       "consecutive_losses",
                                                                       "reduce_only_flip",
                                                                       "no_equity",
                                                                       "no_rate",
                                                                       "out_of_range",
                                                                       "corporate_action"};
template <>
inline constexpr std::span<const std::string_view> kChoices<OrderReason> = kOrderReasonNames;

// What a deal does to the other orders of its group.
enum class Contingency : std::uint8_t { none, oco_cancel, oco_reduce };
inline constexpr std::array<std::string_view, 3> kContingencyNames = {"none", "oco_cancel",
                                                                      "oco_reduce"};
template <>
inline constexpr std::span<const std::string_view> kChoices<Contingency> = kContingencyNames;

// What `trail` is measured in.
enum class TrailUnit : std::uint8_t { absolute, percent, ticks };
inline constexpr std::array<std::string_view, 3> kTrailUnitNames = {"absolute", "percent", "ticks"};
template <>
inline constexpr std::span<const std::string_view> kChoices<TrailUnit> = kTrailUnitNames;

enum class Liquidity : std::uint8_t { unknown, maker, taker };
inline constexpr std::array<std::string_view, 3> kLiquidityNames = {"unknown", "maker", "taker"};
template <>
inline constexpr std::span<const std::string_view> kChoices<Liquidity> = kLiquidityNames;

// a request to trade, carried out at most once for its key
struct OrderIntent {
    Time known_at;
    Text<128> key;
    AccountId account;
    StrategyId strategy;
    InstrumentId instrument;
    Side side{};
    OrderType type{};
    TimeInForce time_in_force{};
    Quantity quantity;
    Maybe<Price> limit_price;
    Maybe<Price> stop_price;
    Maybe<Price> stop_loss;
    Maybe<Price> take_profit;
    Maybe<Time> expires_at;
    bool reduce_only = false;
    bool post_only = false;
    Text<64> tag;

    bool operator==(const OrderIntent&) const = default;
};
inline constexpr FieldDescription kOrderIntentFields[] = {
    MILLRACE_FIELD(OrderIntent, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(OrderIntent, key, "idempotency key"),
    MILLRACE_FIELD(OrderIntent, account, "account it is for"),
    MILLRACE_FIELD(OrderIntent, strategy, "strategy it is for").may_be_absent(),
    MILLRACE_FIELD(OrderIntent, instrument, "the instrument's symbol"),
    MILLRACE_FIELD(OrderIntent, side, "buy or sell"),
    MILLRACE_FIELD(OrderIntent, type, "kind of order"),
    MILLRACE_FIELD(OrderIntent, time_in_force, "how long it may work").may_be_absent(),
    MILLRACE_FIELD(OrderIntent, quantity, "how much").positive(),
    MILLRACE_FIELD(OrderIntent, limit_price, "worst acceptable price"),
    MILLRACE_FIELD(OrderIntent, stop_price, "price that triggers it"),
    MILLRACE_FIELD(OrderIntent, stop_loss, "protective stop of the bracket"),
    MILLRACE_FIELD(OrderIntent, take_profit, "target of the bracket"),
    MILLRACE_FIELD(OrderIntent, expires_at, "when it lapses"),
    MILLRACE_FIELD(OrderIntent, reduce_only, "may only shrink a position").may_be_absent(),
    MILLRACE_FIELD(OrderIntent, post_only, "may only add liquidity").may_be_absent(),
    MILLRACE_FIELD(OrderIntent, tag, "the client's own mark").may_be_absent(),
};
template <>
inline constexpr NounDescription kDescription<OrderIntent> =
    describe<OrderIntent>(Noun::order_intent, "order_intent", 1, kOrderIntentFields,
                          "a request to trade, carried out at most once for its key");

// an order and where it is in its life
struct Order {
    Time known_at;
    std::uint64_t order_id = 0;
    std::uint64_t parent_id = 0;
    std::uint64_t group_id = 0;
    Quantity quantity;
    Quantity filled_quantity;
    Maybe<Quantity> display_quantity;
    Maybe<Price> limit_price;
    Maybe<Price> stop_price;
    Maybe<Price> trail;
    Maybe<Price> average_price;
    Maybe<Time> expires_at;
    InstrumentId instrument;
    StrategyId strategy;
    AccountId account;
    Side side{};
    OrderType type{};
    TimeInForce time_in_force{};
    OrderStatus status{};
    OrderReason reason{};
    Contingency contingency{};
    TrailUnit trail_unit{};
    bool reduce_only = false;
    bool post_only = false;
    Reserved<7> reserved;

    bool operator==(const Order&) const = default;
};
inline constexpr FieldDescription kOrderFields[] = {
    MILLRACE_FIELD(Order, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Order, order_id, "number of the order, from which its name at a venue is made")
        .positive(),
    MILLRACE_FIELD(Order, parent_id, "order whose first deal sets it working, 0 for none")
        .may_be_absent(),
    MILLRACE_FIELD(Order, group_id, "group of orders that end each other, 0 for none")
        .may_be_absent(),
    MILLRACE_FIELD(Order, quantity, "how much was asked").positive(),
    MILLRACE_FIELD(Order, filled_quantity, "how much was dealt").not_negative(),
    MILLRACE_FIELD(Order, display_quantity, "how much of it shows (iceberg)").positive(),
    MILLRACE_FIELD(Order, limit_price, "worst acceptable price"),
    MILLRACE_FIELD(Order, stop_price, "price that triggers it"),
    MILLRACE_FIELD(Order, trail, "distance of a trailing stop, in its unit").positive(),
    MILLRACE_FIELD(Order, average_price, "average price dealt"),
    MILLRACE_FIELD(Order, expires_at, "when it lapses (gtd)"),
    MILLRACE_FIELD(Order, instrument, "the instrument's symbol"),
    MILLRACE_FIELD(Order, strategy, "strategy it is for"),
    MILLRACE_FIELD(Order, account, "account it is for"),
    MILLRACE_FIELD(Order, side, "buy or sell"),
    MILLRACE_FIELD(Order, type, "kind of order"),
    MILLRACE_FIELD(Order, time_in_force, "how long it may work").may_be_absent(),
    MILLRACE_FIELD(Order, status, "where it is in its life"),
    MILLRACE_FIELD(Order, reason, "why it was refused or ended").may_be_absent(),
    MILLRACE_FIELD(Order, contingency, "what a deal does to its group").may_be_absent(),
    MILLRACE_FIELD(Order, trail_unit, "what trail is measured in").may_be_absent(),
    MILLRACE_FIELD(Order, reduce_only, "may only shrink a position").may_be_absent(),
    MILLRACE_FIELD(Order, post_only, "may only add liquidity").may_be_absent(),
    MILLRACE_FIELD(Order, reserved, ""),
};
template <>
inline constexpr NounDescription kDescription<Order> =
    describe<Order>(Noun::order, "order", 1, kOrderFields, "an order and where it is in its life");

// a deal: part or all of an order was executed
struct Fill {
    Time known_at;
    std::uint64_t fill_id = 0;
    std::uint64_t order_id = 0;
    Quantity quantity;
    Price price;
    Money fee;
    Code fee_currency;
    InstrumentId instrument;
    StrategyId strategy;
    AccountId account;
    Side side{};
    Liquidity liquidity{};
    Reserved<6> reserved;

    bool operator==(const Fill&) const = default;
};
inline constexpr FieldDescription kFillFields[] = {
    MILLRACE_FIELD(Fill, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Fill, fill_id, "number of the deal").positive(),
    MILLRACE_FIELD(Fill, order_id, "order it belongs to").positive(),
    MILLRACE_FIELD(Fill, quantity, "how much").positive(),
    MILLRACE_FIELD(Fill, price, "at which price"),
    MILLRACE_FIELD(Fill, fee, "fee paid, negative for a rebate"),
    MILLRACE_FIELD(Fill, fee_currency, "currency of the fee"),
    MILLRACE_FIELD(Fill, instrument, "the instrument's symbol"),
    MILLRACE_FIELD(Fill, strategy, "strategy it is for"),
    MILLRACE_FIELD(Fill, account, "account it is for"),
    MILLRACE_FIELD(Fill, side, "bought or sold"),
    MILLRACE_FIELD(Fill, liquidity, "whether it added or took liquidity").may_be_absent(),
    MILLRACE_FIELD(Fill, reserved, ""),
};
template <>
inline constexpr NounDescription kDescription<Fill> = describe<Fill>(
    Noun::fill, "fill", 1, kFillFields, "a deal: part or all of an order was executed");

// Nothing more will happen to an order in this state.
[[nodiscard]] constexpr bool is_over(OrderStatus status) {
    return status >= OrderStatus::filled;
}

}  // namespace millrace::model
