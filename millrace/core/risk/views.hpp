// What the guardian asks of rooms that it does not know: the books and the trading hours. The
// application answers from core/portfolio and core/market (app/backtest/guard.hpp). What is asked
// must be part of the same engine's state, or the guardian would no longer be replayable.
#pragma once

#include "millrace/base/code.hpp"
#include "millrace/base/fixed_point.hpp"
#include "millrace/base/id.hpp"
#include "millrace/base/maybe.hpp"
#include "millrace/base/time.hpp"

namespace millrace::risk {

// Of an account in its own currency, as of now. Absent is not known, and then nothing passes that
// needs it.
class AccountView {
  public:
    virtual ~AccountView() = default;
    [[nodiscard]] virtual Maybe<Money> equity(AccountId account) const = 0;
    // Deposits less withdrawals.
    [[nodiscard]] virtual Maybe<Money> paid_in(AccountId account) const = 0;
    [[nodiscard]] virtual Maybe<Money> cash(AccountId account) const = 0;
    // Realised and unrealised, less fees.
    [[nodiscard]] virtual Maybe<Money> profit(AccountId account, StrategyId strategy) const = 0;
    [[nodiscard]] virtual Maybe<Money> convert(Money amount, Code from, Code to) const = 0;
};

class HoursView {
  public:
    virtual ~HoursView() = default;
    // Of an instrument without hours: always.
    [[nodiscard]] virtual bool is_open(InstrumentId instrument, Time now) = 0;
};

}  // namespace millrace::risk
