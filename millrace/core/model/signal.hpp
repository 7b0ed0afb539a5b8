// What a strategy is, and what it wants. A signal is an opinion; only an order made from it can
// reach a venue.
#pragma once

#include "millrace/core/model/describe.hpp"

namespace millrace::model {

enum class SignalAction : std::uint8_t { buy, sell, close, hold };
inline constexpr std::array<std::string_view, 4> kSignalActionNames = {"buy", "sell", "close",
                                                                       "hold"};
template <>
inline constexpr std::span<const std::string_view> kChoices<SignalAction> = kSignalActionNames;

// a strategy by name; the number tags all that it does
struct Strategy {
    Time known_at;
    StrategyId id;
    Text<32> name;
    Text<16> version;

    bool operator==(const Strategy&) const = default;
};
inline constexpr FieldDescription kStrategyFields[] = {
    MILLRACE_FIELD(Strategy, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Strategy, id, "dense number of the strategy"),
    MILLRACE_FIELD(Strategy, name, "name of the strategy"),
    MILLRACE_FIELD(Strategy, version, "its version").may_be_absent(),
};
template <>
inline constexpr NounDescription kDescription<Strategy> =
    describe<Strategy>(Noun::strategy, "strategy", 1, kStrategyFields,
                       "a strategy by name; the number tags all that it does");

// a strategy's wish to be long, short or out
struct Signal {
    Time known_at;
    std::uint64_t signal_id = 0;
    Ratio strength;
    Maybe<Price> price;
    Maybe<Price> stop_loss;
    Maybe<Price> take_profit;
    Maybe<Quantity> quantity;
    Maybe<Time> expires_at;
    InstrumentId instrument;
    StrategyId strategy;
    SignalAction action{};
    Reserved<1> reserved;
    Code reason;

    bool operator==(const Signal&) const = default;
};
inline constexpr FieldDescription kSignalFields[] = {
    MILLRACE_FIELD(Signal, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Signal, signal_id, "number of the signal"),
    MILLRACE_FIELD(Signal, strength, "conviction from 0 to 1").not_negative().at_most(Ratio::kOne),
    MILLRACE_FIELD(Signal, price, "price it was seen at, or wants"),
    MILLRACE_FIELD(Signal, stop_loss, "where it is proven wrong"),
    MILLRACE_FIELD(Signal, take_profit, "where it is done"),
    MILLRACE_FIELD(Signal, quantity, "quantity it suggests").positive(),
    MILLRACE_FIELD(Signal, expires_at, "when it lapses"),
    MILLRACE_FIELD(Signal, instrument, "the instrument's symbol"),
    MILLRACE_FIELD(Signal, strategy, "strategy whose wish it is"),
    MILLRACE_FIELD(Signal, action, "what it asks for"),
    MILLRACE_FIELD(Signal, reserved, ""),
    MILLRACE_FIELD(Signal, reason, "why, in a word").may_be_absent(),
};
template <>
inline constexpr NounDescription kDescription<Signal> = describe<Signal>(
    Noun::signal, "signal", 1, kSignalFields, "a strategy's wish to be long, short or out");

}  // namespace millrace::model
