// For tests: TestLedgers keeps the books of a run from deals, cash and prices alone, with whole
// numbers of 128 bits and nothing of core/portfolio. It follows docs/concept/books-and-pnl.md to
// the letter, roundings included, so whoever compares needs no tolerance.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "millrace/base/code.hpp"
#include "millrace/core/model/account.hpp"
#include "millrace/core/model/corporate_action.hpp"
#include "millrace/core/model/instrument.hpp"
#include "millrace/core/model/order.hpp"

namespace millrace::backtest::test {

inline constexpr std::array kCurrencies = {Code("USD"), Code("EUR"), Code("JPY"), Code("BTC"),
                                           Code("BNB")};
inline constexpr std::size_t kAccountCount = 2;
inline constexpr std::size_t kTraderCount = 3;
inline constexpr std::size_t kOwnerCount = kTraderCount + 1;  // the last: cash that is nobody's
inline constexpr std::int64_t kExactPerUnit = 1'000'000'000'000'000'000;  // 1e-26 in 1e-8

// a / b to the nearest, ties to the even neighbour; b is positive.
[[nodiscard]] inline int128 nearest(int128 a, int128 b) {
    int128 quotient = a / b;
    int128 rest = a % b;
    if (rest < 0) {
        rest += b;
        --quotient;
    }
    const bool is_tie = 2 * rest == b;
    return 2 * rest > b || (is_tie && quotient % 2 != 0) ? quotient + 1 : quotient;
}

// a / b in units of 1e-18, digit by digit as on paper; b is positive.
[[nodiscard]] inline int128 in_18_digits(int128 a, int128 b) {
    const bool is_negative = a < 0;
    if (is_negative) a = -a;
    int128 digits = a / b;
    int128 rest = a % b;
    for (int digit = 0; digit < 18; ++digit) {
        digits = digits * 10 + rest * 10 / b;
        rest = rest * 10 % b;
    }
    if (2 * rest > b || (2 * rest == b && digits % 2 != 0)) ++digits;
    return is_negative ? -digits : digits;
}

// One ledger in units of 1e-8.
struct Columns {
    std::int64_t contributed = 0;
    std::int64_t realised = 0;
    std::int64_t fees = 0;
    std::int64_t unrealised = 0;
    std::int64_t cash = 0;
    std::int64_t held = 0;

    [[nodiscard]] std::int64_t equity() const { return contributed + realised - fees + unrealised; }
    bool operator==(const Columns&) const = default;
};

// One direction of a position, signed.
struct Leg {
    std::int64_t held = 0;
    int128 paid = 0;  // less what was received, in 1e-26
    std::int64_t cost = 0;

    [[nodiscard]] std::int64_t flow() const {
        return static_cast<std::int64_t>(nearest(-paid, kExactPerUnit));
    }
};

struct DealOutcome {
    std::int64_t closed = 0;
    std::int64_t opened = 0;
};

class TestLedgers {
  public:
    using Legs = std::array<Leg, 2>;

    explicit TestLedgers(Code pivot) : pivot_(pivot) {}

    // By number, in rising order.
    void list(const model::Instrument& instrument) {
        Listed listed;
        listed.base = Code::from(instrument.base_currency.view()).value();
        listed.quote = Code::from(instrument.currency.view()).value();
        listed.settlement = instrument.inverse ? listed.base : listed.quote;
        listed.multiplier = instrument.multiplier.raw();
        listed.inverse = instrument.inverse;
        const bool is_coin = instrument.asset_class == model::AssetClass::crypto;
        listed.is_paid =
            !instrument.inverse && (is_coin || instrument.asset_class == model::AssetClass::equity);
        listed.is_pair =
            !instrument.inverse && (is_coin || instrument.asset_class == model::AssetClass::fx);
        listed_.push_back(listed);
        legs_.resize(listed_.size());
        net_.resize(listed_.size());
    }
    void open(const model::Account& account) {
        currencies_[account.id.value()] = account.currency;
        hedges_[account.id.value()] = account.mode == model::PositionMode::hedging;
    }

    void cash(AccountId account, std::size_t owner, Code currency, std::int64_t amount,
              bool is_contributed) {
        Columns& booked = booked_[account.value()][owner][place_of(currency)];
        (is_contributed ? booked.contributed : booked.realised) += amount;
        booked.cash += amount;
    }

    DealOutcome deal(const model::Fill& fill, bool may_only_close) {
        Listed& listed = listed_[fill.instrument.value()];
        const std::size_t account = fill.account.value();
        const std::int64_t sign = fill.side == model::Side::buy ? 1 : -1;
        const std::int64_t size = fill.quantity.raw();
        Legs& legs = legs_[fill.instrument.value()][account][fill.strategy.value()];
        Leg& own = legs[hedges_[account] && sign < 0 ? 1 : 0];
        Leg& other = legs[hedges_[account] && sign > 0 ? 1 : 0];
        DealOutcome outcome;
        const bool is_against = sign > 0 ? other.held < 0 : other.held > 0;
        if (is_against && (!hedges_[account] || may_only_close))
            outcome.closed = std::min(size, other.held < 0 ? -other.held : other.held);
        outcome.opened = size - outcome.closed;
        if (outcome.closed != 0) close(other, listed, sign * outcome.closed, fill.price.raw());
        if (outcome.opened != 0) {
            const std::int64_t before = own.flow();
            own.paid += worth(listed, sign * outcome.opened, fill.price.raw());
            own.cost += before - own.flow();
            own.held += sign * outcome.opened;
        }
        net_[fill.instrument.value()][account] += sign * size;
        if (!fill.fee.is_zero())
            fees_[account][fill.strategy.value()][place_of(fill.fee_currency)] += fill.fee.raw();
        if (!listed.mark) listed.mark = 2 * fill.price.raw();
        return outcome;
    }

    // What is held in whole new units down to the last decimal, the sum of both legs and the long
    // one by themselves; the price to the nearest.
    void split(const model::CorporateAction& split) {
        Listed& listed = listed_[split.instrument.value()];
        const auto units = [&](std::int64_t quantity) {
            return static_cast<std::int64_t>(int128{quantity} * split.new_units / split.old_units);
        };
        if (listed.mark)
            listed.mark = static_cast<std::int64_t>(
                nearest(int128{*listed.mark} * split.old_units, split.new_units));
        for (std::size_t account = 0; account < kAccountCount; ++account) {
            net_[split.instrument.value()][account] = 0;
            for (Legs& legs : legs_[split.instrument.value()][account]) {
                const std::int64_t both = units(legs[0].held + legs[1].held);
                legs[0].held = units(legs[0].held);
                legs[1].held = both - legs[0].held;
                net_[split.instrument.value()][account] += both;
            }
        }
    }

    // Doubled, so that the middle of a quote is whole.
    void mark(InstrumentId instrument, std::int64_t doubled) {
        listed_[instrument.value()].mark = doubled;
        listed_[instrument.value()].rate = doubled;
    }

    [[nodiscard]] const Legs& legs(AccountId account, std::size_t owner,
                                   InstrumentId instrument) const {
        return legs_[instrument.value()][account.value()][owner];
    }
    [[nodiscard]] std::int64_t net(AccountId account, InstrumentId instrument) const {
        return net_[instrument.value()][account.value()];
    }
    [[nodiscard]] std::int64_t value_of(InstrumentId instrument, const Leg& leg) const {
        const Listed& listed = listed_[instrument.value()];
        if (leg.held == 0) return 0;
        const int128 units = int128{leg.held} * listed.multiplier;
        if (listed.inverse)
            return static_cast<std::int64_t>(nearest(-2 * units, listed.mark.value()));
        return static_cast<std::int64_t>(
            nearest(units * listed.mark.value(), int128{2} * kExactPerUnit));
    }

    // By account, owner and currency.
    using Table =
        std::array<std::array<std::array<Columns, kCurrencies.size()>, kOwnerCount>, kAccountCount>;
    [[nodiscard]] Table columns() const {
        Table table = booked_;
        for (std::size_t account = 0; account < kAccountCount; ++account)
            for (std::size_t owner = 0; owner < kTraderCount; ++owner) {
                auto& ledgers = table[account][owner];
                for (std::size_t number = 0; number < listed_.size(); ++number)
                    for (const Leg& leg : legs_[number][account][owner])
                        add(leg, InstrumentId(static_cast<InstrumentId::Value>(number)), ledgers);
                for (std::size_t place = 0; place < kCurrencies.size(); ++place) {
                    ledgers[place].fees += fees_[account][owner][place];
                    ledgers[place].cash -= fees_[account][owner][place];
                }
            }
        return table;
    }

    // By the pair itself, else by the pair the other way round, else through the pivot.
    [[nodiscard]] std::optional<std::int64_t> convert(std::int64_t amount, Code from,
                                                      Code into) const {
        if (amount == 0 || from == into) return amount;
        if (const auto direct = by_one_pair(amount, from, into)) return direct;
        if (pivot_.empty()) return std::nullopt;
        const auto half_way = by_one_pair(amount, from, pivot_);
        return half_way ? by_one_pair(*half_way, pivot_, into) : std::nullopt;
    }
    // The sum of one column of all of an account's ledgers, each converted by itself.
    template <class Column>
    [[nodiscard]] std::optional<std::int64_t> total(AccountId account, const Table& table,
                                                    Column column) const {
        std::int64_t sum = 0;
        for (const auto& ledgers : table[account.value()])
            for (std::size_t place = 0; place < kCurrencies.size(); ++place) {
                const std::int64_t amount = std::invoke(column, ledgers[place]);
                if (amount == 0) continue;
                const auto part = convert(amount, kCurrencies[place], currency_of(account));
                if (!part) return std::nullopt;
                sum += *part;
            }
        return sum;
    }
    [[nodiscard]] Code currency_of(AccountId account) const { return currencies_[account.value()]; }
    [[nodiscard]] Code settlement_of(InstrumentId instrument) const {
        return listed_[instrument.value()].settlement;
    }

  private:
    struct Listed {
        Code base, quote, settlement;
        std::int64_t multiplier = 0;
        bool inverse = false;
        bool is_paid = false;  // cash moves by the price, not by the profit
        bool is_pair = false;  // its price is a rate
        std::optional<std::int64_t> mark;
        std::optional<std::int64_t> rate;  // by the market; a deal of ours makes none
    };

    [[nodiscard]] static std::size_t place_of(Code currency) {
        const auto at = std::find(kCurrencies.begin(), kCurrencies.end(), currency);
        MILLRACE_ASSERT(at != kCurrencies.end(), "a currency that this world does not have");
        return static_cast<std::size_t>(at - kCurrencies.begin());
    }
    [[nodiscard]] static int128 worth(const Listed& listed, std::int64_t quantity,
                                      std::int64_t price) {
        const int128 units = int128{quantity} * listed.multiplier;
        return listed.inverse ? in_18_digits(-units, price) : units * price;
    }
    static void close(Leg& leg, const Listed& listed, std::int64_t quantity, std::int64_t price) {
        const std::int64_t held = leg.held < 0 ? -leg.held : leg.held;
        const std::int64_t part = quantity < 0 ? -quantity : quantity;
        leg.paid += worth(listed, quantity, price);
        leg.cost -= static_cast<std::int64_t>(nearest(int128{leg.cost} * part, held));
        leg.held += quantity;
    }
    void add(const Leg& leg, InstrumentId instrument,
             std::array<Columns, kCurrencies.size()>& ledgers) const {
        if (leg.held == 0 && leg.paid == 0) return;
        const Listed& listed = listed_[instrument.value()];
        Columns& ledger = ledgers[place_of(listed.settlement)];
        const std::int64_t flow = leg.flow();
        const std::int64_t value = value_of(instrument, leg);
        ledger.realised += flow + leg.cost;
        ledger.unrealised += value - leg.cost;
        ledger.cash += listed.is_paid ? flow : flow + leg.cost;
        ledger.held += listed.is_paid ? value : value - leg.cost;
    }
    [[nodiscard]] std::optional<std::int64_t> by_one_pair(std::int64_t amount, Code from,
                                                          Code into) const {
        constexpr std::int64_t kOne = 2'000'000'000;  // a doubled price
        for (const Listed& listed : listed_)
            if (listed.is_pair && listed.rate && listed.base == from && listed.quote == into)
                return static_cast<std::int64_t>(nearest(int128{amount} * *listed.rate, kOne));
        for (const Listed& listed : listed_)
            if (listed.is_pair && listed.rate && listed.base == into && listed.quote == from)
                return static_cast<std::int64_t>(nearest(int128{amount} * kOne, *listed.rate));
        return std::nullopt;
    }

    Code pivot_;
    std::array<Code, kAccountCount> currencies_;
    std::array<bool, kAccountCount> hedges_{};
    std::vector<Listed> listed_;
    // By instrument, account and owner.
    std::vector<std::array<std::array<Legs, kTraderCount>, kAccountCount>> legs_;
    std::vector<std::array<std::int64_t, kAccountCount>> net_;
    Table booked_{};
    std::array<std::array<std::array<std::int64_t, kCurrencies.size()>, kTraderCount>,
               kAccountCount>
        fees_{};
};

}  // namespace millrace::backtest::test
