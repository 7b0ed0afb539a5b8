// What a strategy wants. A signal is an opinion; only an order intent made from it can reach a
// venue.
#pragma once

#include "millrace/core/model/describe.hpp"

namespace millrace::model {

enum class SignalAction : std::uint8_t { buy, sell, close, hold };
inline constexpr std::array<std::string_view, 4> kSignalActionNames = {"buy", "sell", "close",
                                                                       "hold"};
template <>
inline constexpr std::span<const std::string_view> kChoices<SignalAction> = kSignalActionNames;

// a strategy's wish to be long, short or out
struct Signal {
    Time known_at;
    Text<64> signal_id;
    Text<32> strategy;
    Text<16> strategy_version;
    InstrumentId instrument;
    SignalAction action{};
    Ratio strength;
    Maybe<Price> price;
    Maybe<Price> stop_loss;
    Maybe<Price> take_profit;
    Maybe<Quantity> quantity;
    Maybe<Time> expires_at;
    Text<128> reason;

    bool operator==(const Signal&) const = default;
};
inline constexpr FieldDescription kSignalFields[] = {
    MILLRACE_FIELD(Signal, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Signal, signal_id, "name of the signal, unique in its strategy"),
    MILLRACE_FIELD(Signal, strategy, "name of the strategy"),
    MILLRACE_FIELD(Signal, strategy_version, "version of the strategy").may_be_absent(),
    MILLRACE_FIELD(Signal, instrument, "the instrument's symbol"),
    MILLRACE_FIELD(Signal, action, "what it asks for"),
    MILLRACE_FIELD(Signal, strength, "conviction from 0 to 1").not_negative().at_most(Ratio::kOne),
    MILLRACE_FIELD(Signal, price, "price it was seen at, or wants"),
    MILLRACE_FIELD(Signal, stop_loss, "where it is proven wrong"),
    MILLRACE_FIELD(Signal, take_profit, "where it is done"),
    MILLRACE_FIELD(Signal, quantity, "quantity it suggests").positive(),
    MILLRACE_FIELD(Signal, expires_at, "when it lapses"),
    MILLRACE_FIELD(Signal, reason, "why, in words").may_be_absent(),
};
template <>
inline constexpr NounDescription kDescription<Signal> = describe<Signal>(
    Noun::signal, "signal", 1, kSignalFields, "a strategy's wish to be long, short or out");

}  // namespace millrace::model
