// From wish to deal: OrderIntent (asked for once, by its key), Order (its life at a venue) and Fill
// (what was dealt).
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

// Where an order is in its life; from filled on it is over.
enum class OrderStatus : std::uint8_t {
    pending,
    submitted,
    accepted,
    partially_filled,
    filled,
    cancelled,
    rejected,
    expired
};
inline constexpr std::array<std::string_view, 8> kOrderStatusNames = {
    "pending", "submitted", "accepted", "partially_filled",
    "filled",  "cancelled", "rejected", "expired"};
template <>
inline constexpr std::span<const std::string_view> kChoices<OrderStatus> = kOrderStatusNames;

enum class Liquidity : std::uint8_t { unknown, maker, taker };
inline constexpr std::array<std::string_view, 3> kLiquidityNames = {"unknown", "maker", "taker"};
template <>
inline constexpr std::span<const std::string_view> kChoices<Liquidity> = kLiquidityNames;

// a request to trade, carried out at most once for its key
struct OrderIntent {
    Time known_at;
    Text<128> key;
    Text<32> account;
    Text<32> strategy;
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

// an order's state at a venue
struct Order {
    Time known_at;
    Text<64> client_order_id;
    Text<64> venue_order_id;
    Text<128> intent_key;
    Text<32> account;
    Text<32> strategy;
    InstrumentId instrument;
    Side side{};
    OrderType type{};
    TimeInForce time_in_force{};
    OrderStatus status{};
    Quantity quantity;
    Quantity filled_quantity;
    Maybe<Price> limit_price;
    Maybe<Price> stop_price;
    Maybe<Price> average_price;
    Text<128> reason;

    bool operator==(const Order&) const = default;
};
inline constexpr FieldDescription kOrderFields[] = {
    MILLRACE_FIELD(Order, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Order, client_order_id, "our name for it, derived from the intent"),
    MILLRACE_FIELD(Order, venue_order_id, "the venue's name for it").may_be_absent(),
    MILLRACE_FIELD(Order, intent_key, "key of the intent it carries out").may_be_absent(),
    MILLRACE_FIELD(Order, account, "account it is for"),
    MILLRACE_FIELD(Order, strategy, "strategy it is for").may_be_absent(),
    MILLRACE_FIELD(Order, instrument, "the instrument's symbol"),
    MILLRACE_FIELD(Order, side, "buy or sell"),
    MILLRACE_FIELD(Order, type, "kind of order"),
    MILLRACE_FIELD(Order, time_in_force, "how long it may work").may_be_absent(),
    MILLRACE_FIELD(Order, status, "where it is in its life"),
    MILLRACE_FIELD(Order, quantity, "how much was asked").positive(),
    MILLRACE_FIELD(Order, filled_quantity, "how much was dealt").not_negative(),
    MILLRACE_FIELD(Order, limit_price, "worst acceptable price"),
    MILLRACE_FIELD(Order, stop_price, "price that triggers it"),
    MILLRACE_FIELD(Order, average_price, "average price dealt"),
    MILLRACE_FIELD(Order, reason, "why it was rejected or cancelled").may_be_absent(),
};
template <>
inline constexpr NounDescription kDescription<Order> =
    describe<Order>(Noun::order, "order", 1, kOrderFields, "an order's state at a venue");

// a deal: part or all of an order was executed
struct Fill {
    Time known_at;
    Text<64> execution_id;
    Text<64> client_order_id;
    Text<32> account;
    Text<32> strategy;
    InstrumentId instrument;
    Side side{};
    Liquidity liquidity{};
    Quantity quantity;
    Price price;
    Money fee;
    Text<8> fee_currency;

    bool operator==(const Fill&) const = default;
};
inline constexpr FieldDescription kFillFields[] = {
    MILLRACE_FIELD(Fill, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Fill, execution_id, "the venue's name for the deal, unique"),
    MILLRACE_FIELD(Fill, client_order_id, "order it belongs to"),
    MILLRACE_FIELD(Fill, account, "account it is for"),
    MILLRACE_FIELD(Fill, strategy, "strategy it is for").may_be_absent(),
    MILLRACE_FIELD(Fill, instrument, "the instrument's symbol"),
    MILLRACE_FIELD(Fill, side, "bought or sold"),
    MILLRACE_FIELD(Fill, liquidity, "whether it added or took liquidity").may_be_absent(),
    MILLRACE_FIELD(Fill, quantity, "how much").positive(),
    MILLRACE_FIELD(Fill, price, "at which price"),
    MILLRACE_FIELD(Fill, fee, "fee paid, negative for a rebate"),
    MILLRACE_FIELD(Fill, fee_currency, "currency of the fee"),
};
template <>
inline constexpr NounDescription kDescription<Fill> = describe<Fill>(
    Noun::fill, "fill", 1, kFillFields, "a deal: part or all of an order was executed");

}  // namespace millrace::model
