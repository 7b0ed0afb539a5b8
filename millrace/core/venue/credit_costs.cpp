// What borrowed securities and debts cost, day by day. A charge is value * rate * days / days of a
// year, rounded half to even, and booked at once.
#include <algorithm>

#include "millrace/core/venue/credit_desk.hpp"

namespace millrace::venue {

using portfolio::CashReason;

namespace {

std::int64_t cost_of(std::int64_t amount, Ratio yearly, std::int64_t days,
                     std::int64_t days_of_year) {
    const auto cost =
        narrow(divide_rounded(int128{amount} * yearly.raw() * days,
                              int128{Ratio::kOne} * days_of_year, Rounding::half_even));
    MILLRACE_ASSERT(cost.has_value(), "a charge that does not fit into money");
    return *cost;
}

}  // namespace

Ratio CreditDesk::borrow_rate_of(const Holder& holder, const Listed& listed) const {
    return listed.credit.borrow_rate.value_or(holder.credit.borrow_rate);
}

bool CreditDesk::has_borrowed(InstrumentId instrument) const {
    if (instrument.value() >= listed_.size()) return false;
    const Listed& listed = listed_[instrument.value()];
    return std::any_of(listed.entries.begin(), listed.entries.end(), [&](std::uint32_t at) {
        const Entry& entry = entries_[at];
        return entry.net < 0 && !borrow_rate_of(holders_[entry.account.value()], listed).is_zero();
    });
}

void CreditDesk::charge_borrowing(InstrumentId instrument, std::int64_t days,
                                  std::vector<CashCharge>& charges) {
    const Listed& listed = listed_[instrument.value()];
    if (is_broken_ || listed.mark == kNoMark) return;
    const auto mark = portfolio::Mark::from_doubled(listed.mark);
    const std::size_t first = charges.size();
    for (const std::uint32_t at : listed.entries) {
        const Entry& entry = entries_[at];
        const Holder& holder = holders_[entry.account.value()];
        const Ratio rate = borrow_rate_of(holder, listed);
        if (entry.net >= 0 || rate.is_zero()) continue;
        for (const Share& one : shares_of(entry.account, instrument)) {
            const auto worth =
                portfolio::value(listed.contract, Quantity::from_raw(one.quantity), mark);
            if (!holds(worth)) return;
            const std::int64_t value = worth->raw() < 0 ? -worth->raw() : worth->raw();
            const std::int64_t cost = cost_of(value, rate, days, holder.credit.days_of_year);
            if (cost == 0) continue;
            charges.push_back({Time(), Money::from_raw(-cost), listed.contract.currency,
                               entry.account, one.strategy, CashReason::borrow_fee});
        }
    }
    for (std::size_t i = first; i < charges.size(); ++i)
        book({charges[i].account, charges[i].strategy, charges[i].currency, charges[i].amount,
              charges[i].reason});
}

bool CreditDesk::owes_cash(AccountId account) const {
    const Holder* holder = holder_of(account);
    if (holder == nullptr || holder->credit.debit_rate.is_zero()) return false;
    return std::any_of(holder->currencies.begin(), holder->currencies.end(), [&](Code currency) {
        const auto ledger = books_.ledger(account, currency);
        return ledger && ledger->cash.is_negative();
    });
}

void CreditDesk::charge_debts(AccountId account, std::int64_t days,
                              std::vector<CashCharge>& charges) {
    const Holder& holder = holders_[account.value()];
    if (is_broken_) return;
    for (const Code currency : holder.currencies) {
        const auto ledger = books_.ledger(account, currency);
        if (!ledger || !ledger->cash.is_negative()) continue;
        const std::int64_t cost = cost_of(-ledger->cash.raw(), holder.credit.debit_rate, days,
                                          holder.credit.days_of_year);
        if (cost == 0) continue;
        charges.push_back({Time(), Money::from_raw(-cost), currency, account,
                           portfolio::kUnassigned, CashReason::interest});
        book({account, portfolio::kUnassigned, currency, Money::from_raw(-cost),
              CashReason::interest});
    }
}

}  // namespace millrace::venue
