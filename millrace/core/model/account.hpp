// The books as seen from outside: Position and Account. Quantities are signed: short is negative.
#pragma once

#include "millrace/core/model/describe.hpp"

namespace millrace::model {

// what is held of one instrument
struct Position {
    Time known_at;
    Text<32> account;
    Text<32> strategy;
    InstrumentId instrument;
    Quantity quantity;
    Maybe<Price> average_price;
    Text<8> currency;
    Money realised;
    Money unrealised;
    Money fees;

    bool operator==(const Position&) const = default;
};
inline constexpr FieldDescription kPositionFields[] = {
    MILLRACE_FIELD(Position, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Position, account, "account it is for"),
    MILLRACE_FIELD(Position, strategy, "strategy it is for").may_be_absent(),
    MILLRACE_FIELD(Position, instrument, "the instrument's symbol"),
    MILLRACE_FIELD(Position, quantity, "held, negative when short"),
    MILLRACE_FIELD(Position, average_price, "average price of what is held"),
    MILLRACE_FIELD(Position, currency, "currency of the amounts"),
    MILLRACE_FIELD(Position, realised, "profit and loss of what was closed"),
    MILLRACE_FIELD(Position, unrealised, "profit and loss of what is open"),
    MILLRACE_FIELD(Position, fees, "fees paid so far"),
};
template <>
inline constexpr NounDescription kDescription<Position> = describe<Position>(
    Noun::position, "position", 1, kPositionFields, "what is held of one instrument");

// an account's money
struct Account {
    Time known_at;
    Text<32> account;
    Text<8> currency;
    Money cash;
    Money equity;
    Money realised;
    Money unrealised;
    Money fees;

    bool operator==(const Account&) const = default;
};
inline constexpr FieldDescription kAccountFields[] = {
    MILLRACE_FIELD(Account, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Account, account, "account it is for"),
    MILLRACE_FIELD(Account, currency, "currency of the amounts"),
    MILLRACE_FIELD(Account, cash, "settled money"),
    MILLRACE_FIELD(Account, equity, "cash and the worth of all positions"),
    MILLRACE_FIELD(Account, realised, "realised profit and loss"),
    MILLRACE_FIELD(Account, unrealised, "unrealised profit and loss"),
    MILLRACE_FIELD(Account, fees, "fees paid so far"),
};
template <>
inline constexpr NounDescription kDescription<Account> =
    describe<Account>(Noun::account, "account", 1, kAccountFields, "an account's money");

}  // namespace millrace::model
