// Ledger: the money of one strategy in one account and one currency, in two columns that must agree
// after every event: what came in and what was earned, against what is there.
//     contributed + realised - fees + unrealised = cash + held = equity
#pragma once

#include <string_view>

#include "millrace/core/portfolio/currencies.hpp"

namespace millrace::portfolio {

// Why cash moved when nothing was dealt. What is contributed is no profit and no loss; all else is
// realised when it is booked.
enum class CashReason : std::uint8_t {
    deposit,
    withdrawal,
    transfer,  // between accounts or strategies: one entry on each side
    dividend,
    interest,
    financing,  // of a position held overnight
    borrow_fee,
    correction,  // after a reconciliation
};
inline constexpr std::array<std::string_view, 8> kCashReasonNames = {
    "deposit",  "withdrawal", "transfer",   "dividend",
    "interest", "financing",  "borrow_fee", "correction"};
[[nodiscard]] constexpr bool is_contribution(CashReason reason) {
    return reason <= CashReason::transfer;
}

struct Ledger {
    Money contributed;  // paid in less paid out
    Money realised;     // of closed positions, and of cash that was earned or charged
    Money fees;         // of deals; rebates are negative
    Money unrealised;   // worth of open positions less their cost

    Money cash;
    Money held;  // worth of open positions that were paid for; profit so far of those that were not

    [[nodiscard]] Money equity() const { return Money::from_raw(cash.raw() + held.raw()); }
    // Modulo 2^64, all that the path of a price can afford; the sums themselves are checked.
    [[nodiscard]] bool is_balanced() const {
        return bits(contributed) + bits(realised) - bits(fees) + bits(unrealised) ==
               bits(cash) + bits(held);
    }
    [[nodiscard]] static std::uint64_t bits(Money money) {
        return static_cast<std::uint64_t>(money.raw());
    }
    bool operator==(const Ledger&) const = default;
};

// a + b, and the books stop when it does not fit.
[[nodiscard]] inline Booked<Money> sum_of(Money a, Money b) {
    const auto total = add(a, b);
    if (!total) return refused(BookError::overflow);
    return *total;
}

[[nodiscard]] inline Booked<void> grow(Money& amount, Money by) {
    if (!try_add(amount, by)) return refused(BookError::overflow);
    return {};
}
[[nodiscard]] inline Booked<Ledger> sum_of(const Ledger& a, const Ledger& b) {
    Ledger total = a;
    for (const auto& [into, from] : {std::pair{&total.contributed, b.contributed},
                                     {&total.realised, b.realised},
                                     {&total.fees, b.fees},
                                     {&total.unrealised, b.unrealised},
                                     {&total.cash, b.cash},
                                     {&total.held, b.held}})
        if (auto grown = grow(*into, from); !grown) return refused(grown.error());
    return total;
}

}  // namespace millrace::portfolio
