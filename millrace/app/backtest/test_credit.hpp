// For tests: credit in a random world: terms by chance, and what the venue's desk must say of an
// account, worked out from TestLedgers alone.
#pragma once

#include <string>
#include <vector>

#include "millrace/app/backtest/test_world.hpp"
#include "millrace/core/venue/credit_desk.hpp"

namespace millrace::backtest::test {

struct RandomCredit {
    std::array<venue::AccountCredit, kAccountCount> accounts;
    std::vector<venue::InstrumentCredit> instruments;  // by number
    Money cash;                                        // that each account begins with

    RandomCredit(Random& random, std::size_t instrument_count)
        : cash(Money::whole(random.between(2'000, 400'000))) {
        for (venue::AccountCredit& account : accounts) {
            if (!random.one_in(5)) account.margin = margin(random);
            if (random.one_in(2)) account.borrow_rate = yearly(random);
            if (random.one_in(2)) account.debit_rate = yearly(random);
            if (random.one_in(2)) account.days_of_year = 360;
        }
        for (std::size_t i = 0; i < instrument_count; ++i) {
            venue::InstrumentCredit& instrument = instruments.emplace_back();
            if (random.one_in(3)) instrument.margin = margin(random);
            if (random.one_in(3)) instrument.borrow_rate = yearly(random);
            if (random.one_in(8)) instrument.short_max = Quantity::whole(random.between(0, 40));
        }
    }

    [[nodiscard]] const venue::MarginRates& margin_of(std::size_t account,
                                                      std::size_t instrument) const {
        return instruments[instrument].margin ? *instruments[instrument].margin
                                              : *accounts[account].margin;
    }

  private:
    static Ratio part(Random& random, std::int64_t low, std::int64_t high) {
        return Ratio::from_raw(random.between(low * 10'000'000, high * 10'000'000));
    }
    static Ratio yearly(Random& random) { return Ratio::from_raw(random.between(0, 900'000'000)); }
    static venue::MarginRates margin(Random& random) {
        auto rates = venue::MarginRates::of(part(random, 2, 120));
        if (random.one_in(2)) rates.maintenance_long = rates.initial_long;
        if (random.one_in(2)) rates.initial_short = part(random, 60, 160);
        if (random.one_in(2)) rates.maintenance_short = part(random, 1, 60);
        rates.maintenance_short = std::min(rates.maintenance_short, rates.initial_short);
        return rates;
    }
};

// The maintenance margin of an account, where all of it can be converted: each position's rounded
// up, added in its currency, and then converted.
[[nodiscard]] inline std::optional<std::int64_t> maintenance_of(const TestLedgers& ledgers,
                                                                const RandomCredit& credit,
                                                                AccountId account) {
    std::array<int128, kCurrencies.size()> sums{};
    for (std::size_t i = 0; i < credit.instruments.size(); ++i) {
        const InstrumentId instrument(static_cast<InstrumentId::Value>(i));
        Leg net;
        net.held = ledgers.net(account, instrument);
        const std::int64_t worth = ledgers.value_of(instrument, net);
        const venue::MarginRates& rates = credit.margin_of(account.value(), i);
        const Ratio rate = net.held < 0 ? rates.maintenance_short : rates.maintenance_long;
        const int128 exact = int128{worth < 0 ? -worth : worth} * rate.raw();
        for (std::size_t place = 0; place < kCurrencies.size(); ++place)
            if (kCurrencies[place] == ledgers.settlement_of(instrument))
                sums[place] += (exact + Ratio::kOne - 1) / Ratio::kOne;
    }
    std::int64_t total = 0;
    for (std::size_t place = 0; place < kCurrencies.size(); ++place) {
        const auto told = ledgers.convert(static_cast<std::int64_t>(sums[place]),
                                          kCurrencies[place], ledgers.currency_of(account));
        if (!told) return std::nullopt;
        total += *told;
    }
    return total;
}

// When all is told: the desk and the ledgers know of the same. Empty, or what they do not.
[[nodiscard]] inline std::string difference(const venue::CreditDesk& desk,
                                            const TestLedgers& ledgers,
                                            const RandomCredit& credit) {
    const TestLedgers::Table table = ledgers.columns();
    for (std::size_t number = 0; number < kAccountCount; ++number) {
        const AccountId account(static_cast<AccountId::Value>(number));
        const std::string name = "the desk's account " + std::to_string(number);
        const auto equity = ledgers.total(account, table, &Columns::equity);
        const auto own = desk.equity(account);
        if (own.has_value() != equity.has_value()) return name + ": is its equity known?";
        if (own && own->raw() != *equity)
            return name + " is worth " + own->to_string() + ", not " +
                   Money::from_raw(*equity).to_string();
        if (!credit.accounts[number].margin || desk.is_called(account)) continue;
        const auto needed = maintenance_of(ledgers, credit, account);
        const auto told = desk.maintenance(account);
        if (told.has_value() != needed.has_value()) return name + ": is its margin known?";
        if (told && told->raw() != *needed)
            return name + " needs " + told->to_string() + ", not " +
                   Money::from_raw(*needed).to_string();
        if (needed && equity && *needed > *equity && *needed > 0)
            return name + " goes on below its margin";
    }
    return {};
}

}  // namespace millrace::backtest::test
