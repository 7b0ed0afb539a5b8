// CreditTerms: on which terms an account may trade with what is not its own. Margin says how much
// of its own money stands behind a position; borrowing and debts cost a yearly rate. Rates are
// fractions: 0.25 is a quarter, or four times the money. docs/concept/margin.md has the rules.
#pragma once

#include <optional>

#include "millrace/base/fixed_point.hpp"
#include "millrace/base/maybe.hpp"
#include "millrace/base/result.hpp"

namespace millrace::venue {

// Parts of a position's value. To enter, initial; to stay, maintenance.
struct MarginRates {
    Ratio initial_long;
    Ratio initial_short;
    Ratio maintenance_long;
    Ratio maintenance_short;

    // The same for both sides; maintenance is half of it.
    [[nodiscard]] static MarginRates of(Ratio initial) {
        const Ratio half = Ratio::from_raw((initial.raw() + 1) / 2);
        return {initial, initial, half, half};
    }
    [[nodiscard]] Result<void> check() const;
};

struct AccountCredit {
    std::optional<MarginRates> margin;  // none: the account is not asked for margin
    Ratio borrow_rate;                  // a year, of the value of what is sold short
    Ratio debit_rate;                   // a year, of cash below zero
    std::int64_t days_of_year = 365;    // or 360

    [[nodiscard]] Result<void> check() const;
};

// What differs from the account's terms.
struct InstrumentCredit {
    std::optional<MarginRates> margin;
    std::optional<Ratio> borrow_rate;
    Maybe<Quantity> short_max;  // of each account; absent: as much as it likes

    [[nodiscard]] Result<void> check() const;
};

}  // namespace millrace::venue
