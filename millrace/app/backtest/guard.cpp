// What the books say, as the guardian asks it: whatever they cannot tell is absent.
#include "millrace/app/backtest/guard.hpp"

namespace millrace::backtest {
namespace {

Maybe<Money> known(const portfolio::Booked<Money>& money) {
    return money ? Maybe<Money>(*money) : Maybe<Money>();
}

// Realised and unrealised, less fees.
Maybe<Money> made_of(const model::Balance& balance) {
    const auto gains = add(balance.realised, balance.unrealised);
    const auto made = gains ? subtract(*gains, balance.fees) : gains;
    return made ? Maybe<Money>(*made) : Maybe<Money>();
}

}  // namespace

Maybe<Money> GuardedBooks::equity(AccountId account) const {
    return known(books_.equity(account));
}

// Equity is what was paid in and what was made of it.
Maybe<Money> GuardedBooks::paid_in(AccountId account) const {
    const auto balance = books_.balance(account, Time());
    if (!balance) return {};
    const Maybe<Money> made = made_of(*balance);
    if (!made.has_value()) return {};
    const auto paid = subtract(balance->equity, made.value());
    return paid ? Maybe<Money>(*paid) : Maybe<Money>();
}

Maybe<Money> GuardedBooks::cash(AccountId account) const {
    const auto balance = books_.balance(account, Time());
    return balance ? Maybe<Money>(balance->cash) : Maybe<Money>();
}

Maybe<Money> GuardedBooks::profit(AccountId account, StrategyId strategy) const {
    const auto balance = books_.balance(account, strategy, Time());
    return balance ? made_of(*balance) : Maybe<Money>();
}

Maybe<Money> GuardedBooks::convert(Money amount, Code from, Code to) const {
    return known(books_.rates().convert(amount, from, to));
}

}  // namespace millrace::backtest
