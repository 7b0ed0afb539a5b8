// Accounts and what is in them. Quantities are signed: short is negative.
#pragma once

#include "millrace/core/model/describe.hpp"

namespace millrace::model {

// Whether an account has one position an instrument, or one a direction.
enum class PositionMode : std::uint8_t { netting, hedging };
inline constexpr std::array<std::string_view, 2> kPositionModeNames = {"netting", "hedging"};
template <>
inline constexpr std::span<const std::string_view> kChoices<PositionMode> = kPositionModeNames;

// an account by name; the number tags all that belongs to it
struct Account {
    Time known_at;
    AccountId id;
    Text<32> name;
    Code currency;
    PositionMode mode{};

    bool operator==(const Account&) const = default;
};
inline constexpr FieldDescription kAccountFields[] = {
    MILLRACE_FIELD(Account, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Account, id, "dense number of the account"),
    MILLRACE_FIELD(Account, name, "name of the account"),
    MILLRACE_FIELD(Account, currency, "currency it is kept in"),
    MILLRACE_FIELD(Account, mode, "one position an instrument, or one a direction").may_be_absent(),
};
template <>
inline constexpr NounDescription kDescription<Account> =
    describe<Account>(Noun::account, "account", 1, kAccountFields,
                      "an account by name; the number tags all that belongs to it");

// an account's money
struct Balance {
    Time known_at;
    Code currency;
    Money cash;
    Money equity;
    Money realised;
    Money unrealised;
    Money fees;
    AccountId account;
    Reserved<6> reserved;

    bool operator==(const Balance&) const = default;
};
inline constexpr FieldDescription kBalanceFields[] = {
    MILLRACE_FIELD(Balance, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Balance, currency, "currency of the amounts"),
    MILLRACE_FIELD(Balance, cash, "settled money"),
    MILLRACE_FIELD(Balance, equity, "cash and the worth of all positions"),
    MILLRACE_FIELD(Balance, realised, "realised profit and loss"),
    MILLRACE_FIELD(Balance, unrealised, "unrealised profit and loss"),
    MILLRACE_FIELD(Balance, fees, "fees paid so far"),
    MILLRACE_FIELD(Balance, account, "account it is for"),
    MILLRACE_FIELD(Balance, reserved, ""),
};
template <>
inline constexpr NounDescription kDescription<Balance> =
    describe<Balance>(Noun::balance, "balance", 1, kBalanceFields, "an account's money");

// what is held of one instrument
struct Position {
    Time known_at;
    Quantity quantity;
    Maybe<Price> average_price;
    Code currency;
    Money realised;
    Money unrealised;
    Money fees;
    InstrumentId instrument;
    StrategyId strategy;
    AccountId account;

    bool operator==(const Position&) const = default;
};
inline constexpr FieldDescription kPositionFields[] = {
    MILLRACE_FIELD(Position, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Position, quantity, "held, negative when short"),
    MILLRACE_FIELD(Position, average_price, "average price of what is held"),
    MILLRACE_FIELD(Position, currency, "currency of the amounts"),
    MILLRACE_FIELD(Position, realised, "profit and loss of what was closed"),
    MILLRACE_FIELD(Position, unrealised, "profit and loss of what is open"),
    MILLRACE_FIELD(Position, fees, "fees paid so far"),
    MILLRACE_FIELD(Position, instrument, "the instrument's symbol"),
    MILLRACE_FIELD(Position, strategy, "strategy it is for").may_be_absent(),
    MILLRACE_FIELD(Position, account, "account it is for"),
};
template <>
inline constexpr NounDescription kDescription<Position> = describe<Position>(
    Noun::position, "position", 1, kPositionFields, "what is held of one instrument");

}  // namespace millrace::model
