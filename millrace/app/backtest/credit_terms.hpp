// CreditTerms: margin, borrowing and debts as a run is told of them, key by key, and what the
// venue's desk makes of them. What is absent follows from what is there.
#pragma once

#include <optional>

#include "millrace/core/venue/credit_terms.hpp"

namespace millrace::backtest {

struct CreditTerms {
    std::optional<Ratio> initial;
    std::optional<Ratio> initial_short;      // absent: as initial
    std::optional<Ratio> maintenance;        // absent: half of initial
    std::optional<Ratio> maintenance_short;  // absent: half of initial_short, else as maintenance
    std::optional<Ratio> borrow_rate;
    std::optional<Ratio> debit_rate;
    std::optional<std::int64_t> days_of_year;
    std::optional<Quantity> short_max;

    [[nodiscard]] bool has_margin() const {
        return initial || initial_short || maintenance || maintenance_short;
    }
    [[nodiscard]] bool is_empty() const {
        return !has_margin() && !borrow_rate && !debit_rate && !days_of_year && !short_max;
    }
};

// Fail when they contradict each other, or say something of margin but not how much to enter.
[[nodiscard]] Result<venue::AccountCredit> account_credit_of(const CreditTerms& terms);
[[nodiscard]] Result<venue::InstrumentCredit> instrument_credit_of(const CreditTerms& terms);

}  // namespace millrace::backtest
