// Costs by the day: when a day ends, and how many days until the next one does. What was borrowed
// over a weekend is paid at the close before it.
#include <algorithm>

#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

namespace {

constexpr std::int64_t kDay = 24 * 60 * 60 * kNanosecondsPerSecond;

// The first midnight in UTC at or after a moment.
Time midnight_from(Time time) {
    const std::int64_t into = ((time.ns() % kDay) + kDay) % kDay;
    if (into == 0) return time;
    if (time.ns() > INT64_MAX - kDay) return Time::latest();
    return Time::from_ns(time.ns() - into + kDay);
}

}  // namespace

Time SimulatedExchange::day_end_from(const MarketState& market, Time time) const {
    if (market.hours == nullptr) return midnight_from(time);
    // A day that ends at this very moment counts still.
    return market.hours->day_end(time - Duration::nanoseconds(1));
}

// A deal may have made a short position or a debt.
void SimulatedExchange::expect_costs(AccountId account, const MarketState& market) {
    const auto expect = [this](const Accrual& accrual) {
        const bool is_known =
            std::any_of(accruals_.begin(), accruals_.end(), [&](const Accrual& other) {
                return other.of == accrual.of && other.is_debt == accrual.is_debt;
            });
        if (!is_known && accrual.due < Time::latest()) accruals_.push_back(accrual);
    };
    if (credit_->has_borrowed(market.id))
        expect({day_end_from(market, now_), market.id.value(), 0});
    if (credit_->owes_cash(account)) expect({midnight_from(now_), account.value(), 1});
    find_next_due();
}

Time SimulatedExchange::next_accrual() const {
    Time next = Time::latest();
    for (const Accrual& accrual : accruals_)
        next = std::min(next, accrual.due);
    return next;
}

// The accruals that are due first, in the order of instruments, then debts by account.
void SimulatedExchange::accrue() {
    const Time due = next_accrual();
    now_ = std::max(now_, due);
    std::sort(accruals_.begin(), accruals_.end());
    std::vector<CashCharge> charges;
    for (Accrual& accrual : accruals_) {
        if (accrual.due != due) continue;
        std::int64_t days = 1;
        if (accrual.is_debt != 0) {
            const AccountId account(static_cast<AccountId::Value>(accrual.of));
            credit_->charge_debts(account, days, charges);
            accrual.due = credit_->owes_cash(account)
                              ? midnight_from(due + Duration::nanoseconds(1))
                              : Time::latest();
            continue;
        }
        const MarketState& market = markets_[accrual.of];
        // The next end of a day that is after this one; the nearest whole number of days, so that
        // neither a change of clocks nor an early close counts.
        const Time next = day_end_from(market, due + Duration::nanoseconds(2));
        if (next < Time::latest())
            days = std::max<std::int64_t>(1, (next.ns() - due.ns() + kDay / 2) / kDay);
        credit_->charge_borrowing(market.id, days, charges);
        accrual.due = credit_->has_borrowed(market.id) ? next : Time::latest();
    }
    std::erase_if(accruals_, [](const Accrual& one) { return one.due == Time::latest(); });
    for (CashCharge& charge : charges) {
        charge.known_at = report_time();
        sink_->on_cash(charge);
    }
    enforce_margin();
}

}  // namespace millrace::venue
