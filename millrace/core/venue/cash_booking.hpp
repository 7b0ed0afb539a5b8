// CashBooking: what the venue charges or pays, as the command `book-cash` that the books understand
// and that a broker's statement would be booked with. Books go by names, so it hears of them.
#pragma once

#include <map>

#include "millrace/base/text.hpp"
#include "millrace/core/engine/state.hpp"
#include "millrace/core/model/account.hpp"
#include "millrace/core/model/operation.hpp"
#include "millrace/core/venue/cash_charge.hpp"

namespace millrace::venue {

class CashBooking {
  public:
    void hear(const model::Account& account) { accounts_[account.id] = account.name; }
    void hear(const model::Strategy& strategy) { strategies_[strategy.id] = strategy.name; }

    // Of an account that was heard of.
    [[nodiscard]] model::Command command_for(const CashCharge& charge) const;

    void save(engine::StateWriter& writer) const;
    void load(engine::StateReader& reader);

  private:
    std::map<AccountId, Text<32>> accounts_;
    std::map<StrategyId, Text<32>> strategies_;
};

}  // namespace millrace::venue
