// The keys of margin, borrowing and debts; they stand in the tables of accounts and instruments.
#include "millrace/app/backtest/run_keys.hpp"
#include "millrace/app/backtest/run_values.hpp"

namespace millrace::backtest {
namespace {

using Settings = BacktestSettings;
using Member = std::string;
using Values = std::span<const std::string>;
using Done = Result<void>;

CreditTerms& of_instrument(Settings& settings, const Member& member) {
    return member == "*" ? settings.every_instrument.credit : settings.instruments[member].credit;
}

// Of the account; for "*" of all there are, and of one that nobody names.
template <class Set>
Done of_accounts(Settings& settings, const Member& member, Set set) {
    if (member != "*") return set(settings.accounts[member].credit);
    for (auto& [name, terms] : settings.accounts)
        if (Done done = set(terms.credit); !done) return done;
    return set(settings.every_account.credit);
}

// As a fraction of a value: 0.25.
Done read_margin(std::optional<Ratio>& target, std::string_view text) {
    return read_decimal<Ratio>(target, text, false);
}

// Basis points of a year; some securities cost more than their price.
Done read_yearly(std::optional<Ratio>& target, std::string_view text) {
    constexpr int kDecimals = 5;  // of a basis point, the finest that a Ratio holds
    static_assert(power_of_ten(kDecimals) * 10'000 == Ratio::kOne);
    const auto raw = parse_decimal(text, kDecimals);
    if (raw && (*raw < 0 || *raw > 100 * Ratio::kOne))
        return not_allowed(text, "it is not within 0 and 1000000 basis points",
                           "25 is a quarter of a percent a year");
    return assign(target, raw.map(&Ratio::from_raw));
}

Done read_leverage(CreditTerms& terms, std::string_view text) {
    Ratio leverage;
    Done done = read_decimal<Ratio>(leverage, text, false);
    if (!done) return done;
    // The margin of 3 is 0.333333334: never more than three times the money.
    const auto margin = divide(Ratio::whole(1), leverage, Rounding::ceiling);
    if (!margin || margin->is_zero())
        return not_allowed(text, "it is out of range", "4 is four times the money");
    terms.initial = *margin;
    return {};
}

Done read_days(std::optional<std::int64_t>& days, std::string_view text) {
    if (text != "365" && text != "360")
        return not_allowed(text, "a year has 365 or 360 days here", "write one of them");
    days = text == "365" ? 365 : 360;
    return {};
}

Done read_short_max(std::optional<Quantity>& most, std::string_view text) {
    return read_decimal<Quantity>(most, text, true);
}

constexpr RunKey kKeys[] = {
    {"instrument", "initial-margin", "decimal",
     "Part of its value that an account with margin needs to enter, unlike the account says.",
     [](Settings& s, const Member& m, Values v) {
         return read_margin(of_instrument(s, m).initial, v[0]);
     }},
    {"instrument", "initial-margin-short", "decimal", "The same of what is sold short.",
     [](Settings& s, const Member& m, Values v) {
         return read_margin(of_instrument(s, m).initial_short, v[0]);
     }},
    {"instrument", "maintenance-margin", "decimal",
     "Part of its value below which the account is liquidated; half of the initial one unless "
     "given.",
     [](Settings& s, const Member& m, Values v) {
         return read_margin(of_instrument(s, m).maintenance, v[0]);
     }},
    {"instrument", "maintenance-margin-short", "decimal", "The same of what is sold short.",
     [](Settings& s, const Member& m, Values v) {
         return read_margin(of_instrument(s, m).maintenance_short, v[0]);
     }},
    {"instrument", "borrow-bps", "decimal",
     "What borrowing it costs in basis points a year, unlike the account says.",
     [](Settings& s, const Member& m, Values v) {
         return read_yearly(of_instrument(s, m).borrow_rate, v[0]);
     }},
    {"instrument", "short-max", "decimal",
     "How much of it an account may be short; 0 forbids it, without it no limit.",
     [](Settings& s, const Member& m, Values v) {
         return read_short_max(of_instrument(s, m).short_max, v[0]);
     }},
    {"account", "initial-margin", "decimal",
     "Makes it a margin account: the part of a position's value that it needs to enter, 0.25 for "
     "four times its money.",
     [](Settings& s, const Member& m, Values v) {
         return of_accounts(s, m,
                            [&](CreditTerms& terms) { return read_margin(terms.initial, v[0]); });
     }},
    {"account", "leverage", "decimal", "The same as 1 / initial-margin.",
     [](Settings& s, const Member& m, Values v) {
         return of_accounts(s, m, [&](CreditTerms& terms) { return read_leverage(terms, v[0]); });
     }},
    {"account", "initial-margin-short", "decimal",
     "The same of what is sold short; as initial-margin unless given.",
     [](Settings& s, const Member& m, Values v) {
         return of_accounts(
             s, m, [&](CreditTerms& terms) { return read_margin(terms.initial_short, v[0]); });
     }},
    {"account", "maintenance-margin", "decimal",
     "Part of its positions' value below which it is liquidated; half of the initial one unless "
     "given.",
     [](Settings& s, const Member& m, Values v) {
         return of_accounts(
             s, m, [&](CreditTerms& terms) { return read_margin(terms.maintenance, v[0]); });
     }},
    {"account", "maintenance-margin-short", "decimal", "The same of what is sold short.",
     [](Settings& s, const Member& m, Values v) {
         return of_accounts(
             s, m, [&](CreditTerms& terms) { return read_margin(terms.maintenance_short, v[0]); });
     }},
    {"account", "borrow-bps", "decimal",
     "What borrowing costs in basis points a year, of what is sold short.",
     [](Settings& s, const Member& m, Values v) {
         return of_accounts(
             s, m, [&](CreditTerms& terms) { return read_yearly(terms.borrow_rate, v[0]); });
     }},
    {"account", "debit-bps", "decimal", "Interest on cash below zero in basis points a year.",
     [](Settings& s, const Member& m, Values v) {
         return of_accounts(
             s, m, [&](CreditTerms& terms) { return read_yearly(terms.debit_rate, v[0]); });
     }},
    {"account", "days-of-year", "365 | 360", "By which a yearly rate is divided; 365 unless given.",
     [](Settings& s, const Member& m, Values v) {
         return of_accounts(
             s, m, [&](CreditTerms& terms) { return read_days(terms.days_of_year, v[0]); });
     }},
};

}  // namespace

std::span<const RunKey> credit_keys() {
    return kKeys;
}

}  // namespace millrace::backtest
