// Guard: the guardian of a run, joined to the rooms that it does not know: the books, the trading
// hours and the desk. Made only where a limit is set; without one no order and no price meets it.
#pragma once

#include <memory>
#include <vector>

#include "millrace/app/backtest/risk_terms.hpp"
#include "millrace/core/execution/order_gate.hpp"
#include "millrace/core/model/account.hpp"
#include "millrace/core/model/instrument.hpp"
#include "millrace/core/portfolio/portfolio.hpp"
#include "millrace/core/risk/guardian.hpp"
#include "millrace/core/venue/hours.hpp"

namespace millrace::backtest {

// The books as the guardian asks them.
class GuardedBooks final : public risk::AccountView {
  public:
    explicit GuardedBooks(const portfolio::Portfolio& books) : books_(books) {}

    [[nodiscard]] Maybe<Money> equity(AccountId account) const override;
    [[nodiscard]] Maybe<Money> paid_in(AccountId account) const override;
    [[nodiscard]] Maybe<Money> cash(AccountId account) const override;
    [[nodiscard]] Maybe<Money> profit(AccountId account, StrategyId strategy) const override;
    [[nodiscard]] Maybe<Money> convert(Money amount, Code from, Code to) const override;

  private:
    const portfolio::Portfolio& books_;
};

class GuardedHours final : public risk::HoursView {
  public:
    // By instrument; null where there are none.
    explicit GuardedHours(std::vector<venue::Hours*> hours) : hours_(std::move(hours)) {}

    [[nodiscard]] bool is_open(InstrumentId instrument, Time now) override {
        if (instrument.value() >= hours_.size()) return true;
        venue::Hours* hours = hours_[instrument.value()];
        return hours == nullptr || hours->is_open(now);
    }

  private:
    std::vector<venue::Hours*> hours_;
};

class Guard final : public execution::OrderGate {
  public:
    Guard(risk::GuardianSettings settings, const portfolio::Portfolio& books,
          std::vector<venue::Hours*> hours)
        : books_(books),
          hours_(std::move(hours)),
          made_(std::make_unique<risk::Guardian>(std::move(settings), books_, &hours_)),
          guardian_(*made_) {}

    // For the engine, once.
    [[nodiscard]] std::unique_ptr<risk::Guardian> component() { return std::move(made_); }
    [[nodiscard]] const risk::Guardian& guardian() const { return guardian_; }

    [[nodiscard]] model::OrderReason reason_against(const model::Order& wanted) override {
        return guardian_.reason_against(wanted.order_id);
    }

  private:
    GuardedBooks books_;
    GuardedHours hours_;
    std::unique_ptr<risk::Guardian> made_;
    risk::Guardian& guardian_;
};

}  // namespace millrace::backtest
