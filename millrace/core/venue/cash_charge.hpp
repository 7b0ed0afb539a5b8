// CashCharge: money that moves without a deal: what borrowed securities and debts cost,
// and dividends.
#pragma once

#include "millrace/base/code.hpp"
#include "millrace/base/fixed_point.hpp"
#include "millrace/base/id.hpp"
#include "millrace/base/time.hpp"
#include "millrace/core/portfolio/ledger.hpp"

namespace millrace::venue {

struct CashCharge {
    Time known_at;
    Money amount;  // negative: the account pays
    Code currency;
    AccountId account;
    StrategyId strategy = StrategyId(UINT16_MAX);  // none: of the account as a whole
    portfolio::CashReason reason{};
};

}  // namespace millrace::venue
