// What no broker would offer is refused here, by name.
#include "millrace/core/venue/credit_terms.hpp"

#include <string>

namespace millrace::venue {

namespace {

constexpr Ratio kMarginMax = Ratio::whole(100);  // a hundred times the value
constexpr Ratio kYearMax = Ratio::whole(100);

auto refuse(std::string where, std::string why, std::string mend) {
    return failure(ErrorCode::config, "credit cannot be given like this", std::move(where),
                   std::move(why), std::move(mend));
}

Result<void> check_rate(Ratio rate, const char* name) {
    if (rate.raw() >= 0 && rate <= kYearMax) return {};
    return refuse(name, "it is negative or above 10000 percent a year", "0.03 is three percent");
}

}  // namespace

Result<void> MarginRates::check() const {
    for (const Ratio rate : {initial_long, initial_short, maintenance_long, maintenance_short})
        if (rate.raw() <= 0 || rate > kMarginMax)
            return refuse("margin", "a rate is not in (0, 100]", "0.25 is a quarter of the value");
    if (maintenance_long > initial_long || maintenance_short > initial_short)
        return refuse("maintenance margin", "it is above the initial margin",
                      "whoever may enter must be able to stay");
    return {};
}

Result<void> AccountCredit::check() const {
    if (days_of_year != 365 && days_of_year != 360)
        return refuse("day count", "a year has 365 or 360 days here", "choose one of them");
    if (auto borrow = check_rate(borrow_rate, "borrow rate"); !borrow) return borrow;
    if (auto debit = check_rate(debit_rate, "debit rate"); !debit) return debit;
    return margin ? margin->check() : Result<void>();
}

Result<void> InstrumentCredit::check() const {
    if (short_max.has_value() && short_max.value().is_negative())
        return refuse("short max", "it is negative", "0 forbids selling short");
    if (borrow_rate)
        if (auto borrow = check_rate(*borrow_rate, "borrow rate"); !borrow) return borrow;
    return margin ? margin->check() : Result<void>();
}

}  // namespace millrace::venue
