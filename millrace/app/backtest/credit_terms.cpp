// Filling in what was not said.
#include "millrace/app/backtest/credit_terms.hpp"

namespace millrace::backtest {
namespace {

Result<std::optional<venue::MarginRates>> margin_of(const CreditTerms& terms) {
    if (!terms.has_margin()) return std::nullopt;
    if (!terms.initial)
        return failure(ErrorCode::config, "margin needs an initial rate", {},
                       "there are only others", "add initial-margin, such as 0.5");
    auto rates = venue::MarginRates::of(*terms.initial);
    if (terms.maintenance) rates.maintenance_long = rates.maintenance_short = *terms.maintenance;
    if (terms.initial_short) {
        const auto shorts = venue::MarginRates::of(*terms.initial_short);
        rates.initial_short = shorts.initial_short;
        rates.maintenance_short = shorts.maintenance_short;
    }
    if (terms.maintenance_short) rates.maintenance_short = *terms.maintenance_short;
    return rates;
}

}  // namespace

Result<venue::AccountCredit> account_credit_of(const CreditTerms& terms) {
    venue::AccountCredit credit;
    const auto margin = margin_of(terms);
    if (!margin) return failure(Error(margin.error()));
    credit.margin = *margin;
    credit.borrow_rate = terms.borrow_rate.value_or(Ratio());
    credit.debit_rate = terms.debit_rate.value_or(Ratio());
    credit.days_of_year = terms.days_of_year.value_or(credit.days_of_year);
    if (auto sound = credit.check(); !sound) return failure(std::move(sound.error()));
    return credit;
}

Result<venue::InstrumentCredit> instrument_credit_of(const CreditTerms& terms) {
    venue::InstrumentCredit credit;
    const auto margin = margin_of(terms);
    if (!margin) return failure(Error(margin.error()));
    credit.margin = *margin;
    credit.borrow_rate = terms.borrow_rate;
    if (terms.short_max) credit.short_max = *terms.short_max;
    if (auto sound = credit.check(); !sound) return failure(std::move(sound.error()));
    return credit;
}

}  // namespace millrace::backtest
