// CashWatch: the cash of each account at the beginning of a run and after every event that moved
// it. Only runs that are kept have one.
#pragma once

#include "millrace/app/backtest/result.hpp"
#include "millrace/core/portfolio/portfolio.hpp"

namespace millrace::backtest {

class CashWatch {
  public:
    CashWatch(const portfolio::Portfolio& books, const std::vector<model::Account>& accounts)
        : books_(books), accounts_(accounts), last_(accounts.size()) {}

    // After an event; what could not be converted at that moment is left for the next one.
    void look(Time time) {
        for (std::size_t at = 0; at < accounts_.size(); ++at) {
            const auto balance = books_.balance(accounts_[at].id, time);
            if (!balance) continue;
            const CashRow row{time, accounts_[at].id, balance->cash, balance->realised,
                              balance->fees};
            auto& last = last_[at];
            if (last && last->cash == row.cash && last->fees == row.fees &&
                last->realized == row.realized)
                continue;
            last = row;
            rows_.push_back(row);
        }
    }

    [[nodiscard]] const std::vector<CashRow>& rows() const { return rows_; }

  private:
    const portfolio::Portfolio& books_;
    const std::vector<model::Account>& accounts_;
    std::vector<std::optional<CashRow>> last_;  // by account
    std::vector<CashRow> rows_;
};

}  // namespace millrace::backtest
