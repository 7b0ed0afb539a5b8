// CreditDesk: the venue's own books of accounts that trade on credit: what they are worth at the
// prices of the moment, how much margin their positions and orders need, and what borrowing costs.
// It keeps a Portfolio, so positions, contracts and currencies count as in the engine's books, to
// the last unit; but it knows of deals and prices at once, and of nothing that only the engine is
// told. The venue asks; it never acts. After an amount that cannot be booked it falls silent and
// refuses: the engine's books stop at the same amount and say why.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "millrace/core/model/market_data.hpp"
#include "millrace/core/portfolio/portfolio.hpp"
#include "millrace/core/venue/amounts.hpp"
#include "millrace/core/venue/cash_charge.hpp"
#include "millrace/core/venue/credit_terms.hpp"

namespace millrace::venue {

// What working orders of one account in one instrument could still do, with their value.
struct Waiting {
    int128 buys = 0;
    int128 sells = 0;
    int128 buy_value = 0;
    int128 sell_value = 0;
};

class CreditDesk {
  public:
    // `mark` and `pivot` must be those of the engine's books; the others are of no matter here.
    explicit CreditDesk(portfolio::PortfolioSettings settings = {});

    // Both before the first datum; the terms must have passed their check().
    void open(const model::Account& account, const AccountCredit& credit);
    void define(const model::Instrument& instrument, const InstrumentCredit& credit);
    // Money that was paid in, or moved for another reason than a deal.
    void book(const portfolio::CashEntry& entry);

    [[nodiscard]] bool knows(AccountId account) const { return holder_of(account) != nullptr; }
    [[nodiscard]] bool asks_margin(AccountId account) const;
    // In the account's currency; absent while a rate is missing.
    [[nodiscard]] std::optional<Money> equity(AccountId account) const;
    [[nodiscard]] std::optional<Money> maintenance(AccountId account) const;
    [[nodiscard]] const portfolio::Portfolio& books() const { return books_; }

    // A price, by the books' rule of marks. Accounts that it moves are looked at by take_below().
    void mark(const model::Quote& quote);
    void mark(const model::Trade& trade);
    void mark(const model::Bar& bar);
    // A point of a bar's path.
    void mark_at(InstrumentId instrument, Price price);
    [[nodiscard]] bool is_held(InstrumentId instrument) const;
    void dealt(const model::Fill& fill, bool may_only_close);

    // Every position and price of the instrument, before the deals that pay for fractions.
    void split(const model::CorporateAction& split);

    // Before an order begins to work: initial margin of all that the account holds and waits for.
    // clear_need(), then add_need() for each of its instruments, then is_covered().
    void clear_need() { need_.clear(); }
    void add_need(AccountId account, InstrumentId instrument, const Waiting& waiting);
    [[nodiscard]] std::optional<bool> is_covered(AccountId account) const;
    // In the settlement currency; absent when it does not fit.
    [[nodiscard]] std::optional<int128> initial_of(AccountId account, InstrumentId instrument,
                                                   const Waiting& waiting) const;
    // Where it holds something or asked for it once, by number.
    [[nodiscard]] std::size_t instrument_count(AccountId account) const {
        return holders_[account.value()].entries.size();
    }
    [[nodiscard]] InstrumentId instrument_at(AccountId account, std::size_t place) const {
        return entries_[holders_[account.value()].entries[place]].instrument;
    }
    // There will be orders of it there.
    void take_note(AccountId account, InstrumentId instrument);
    // Sold short when all of it deals; more than that may not be sold.
    [[nodiscard]] bool is_borrowable(AccountId account, InstrumentId instrument,
                                     const Waiting& waiting) const;

    struct Part {
        std::int64_t quantity = 0;
        model::OrderReason reason{};  // why it is not all
    };
    // How much of a deal the account may do.
    [[nodiscard]] Part part_of(const model::Order& order, std::int64_t quantity, Price price);

    // An account whose equity has fallen below the maintenance margin of what it holds, without
    // what is being liquidated; each is asked about once after something moved it.
    [[nodiscard]] std::optional<AccountId> take_below();
    [[nodiscard]] bool is_below(AccountId account) const;
    [[nodiscard]] bool is_any_below() const;  // of those that something moved
    // Below, or being liquidated.
    [[nodiscard]] bool is_called(AccountId account) const;

    struct Exposed {
        InstrumentId instrument;
        Money maintenance;  // in the account's currency
    };
    // Positions that are not being liquidated, by instrument.
    [[nodiscard]] std::vector<Exposed> exposed(AccountId account) const;
    struct Share {
        StrategyId strategy;
        std::int64_t quantity = 0;  // negative when short
    };
    // The net position by the strategies that have it, by number: those against it count nothing.
    [[nodiscard]] std::vector<Share> shares_of(AccountId account, InstrumentId instrument) const;
    void begin_liquidation(AccountId account, InstrumentId instrument);
    void end_liquidation(AccountId account, InstrumentId instrument);

    // Whether somebody who pays for it is short.
    [[nodiscard]] bool has_borrowed(InstrumentId instrument) const;
    [[nodiscard]] bool owes_cash(AccountId account) const;
    // What so many days cost, booked here and added to `charges`, by account and strategy.
    void charge_borrowing(InstrumentId instrument, std::int64_t days,
                          std::vector<CashCharge>& charges);
    void charge_debts(AccountId account, std::int64_t days, std::vector<CashCharge>& charges);

    // The whole state but settings, terms and definitions.
    void save(engine::StateWriter& writer) const;
    void load(engine::StateReader& reader);

  private:
    static constexpr std::int64_t kNoMark = INT64_MIN;
    static constexpr std::size_t kEntriesMax = std::size_t{1} << 22;

    struct Listed {
        portfolio::Contract contract;
        InstrumentCredit credit;
        std::int64_t mark = kNoMark;  // doubled
        bool is_defined = false;
        bool is_rate = false;                // its price may convert
        std::vector<std::uint32_t> entries;  // by account
    };
    // One account in one instrument.
    struct Entry {
        InstrumentId instrument;
        AccountId account;
        std::int64_t net = 0;
        std::int64_t value = 0;        // of the net position at the mark, without its sign
        std::int64_t maintenance = 0;  // what counts: nothing while it is being liquidated
        std::uint32_t liquidations = 0;
        std::vector<Share> shares;  // by strategy
    };
    struct Sum {
        Code currency;
        int128 amount = 0;
    };
    struct Holder {
        Code currency;
        AccountCredit credit;
        bool is_open = false;
        bool is_touched = false;
        std::vector<std::uint32_t> entries;  // by instrument
        std::vector<Sum> maintenance;        // by currency, in the order of appearance
        std::vector<Code> currencies;        // it may have cash in, likewise
    };

    template <class T>
    bool holds(const portfolio::Booked<T>& booked) {
        is_broken_ = is_broken_ || !booked.has_value();
        return booked.has_value();
    }
    [[nodiscard]] const Holder* holder_of(AccountId account) const;
    [[nodiscard]] const Entry* entry_of(AccountId account, InstrumentId instrument) const;
    Entry& entry_for(AccountId account, InstrumentId instrument);
    [[nodiscard]] MarginRates rates_of(const Holder& holder, const Listed& listed) const;
    [[nodiscard]] Ratio borrow_rate_of(const Holder& holder, const Listed& listed) const;
    [[nodiscard]] std::optional<std::int64_t> maintenance_of(const Holder& holder,
                                                             const Listed& listed, std::int64_t net,
                                                             std::int64_t value) const;
    [[nodiscard]] portfolio::Booked<Money> total_of(const std::vector<Sum>& sums,
                                                    Code currency) const;
    [[nodiscard]] bool would_stay(const Entry& entry, std::int64_t net, std::int64_t change,
                                  Price price);
    static void add_to(std::vector<Sum>& sums, Code currency, int128 amount);
    void note_mark(InstrumentId instrument, std::int64_t doubled);
    void revalue(Entry& entry);
    void touch(AccountId account);
    void share(Entry& entry, StrategyId strategy, std::int64_t change);
    void note_currency(Holder& holder, Code currency);

    portfolio::PortfolioSettings settings_;
    portfolio::Portfolio books_;
    std::vector<Holder> holders_;  // by account
    std::vector<Listed> listed_;   // by instrument
    std::vector<Entry> entries_;   // in the order of appearance
    std::vector<AccountId> touched_;
    std::vector<Sum> need_;
    std::vector<Sum> trial_;  // maintenance as it would be
    bool is_broken_ = false;
};

}  // namespace millrace::venue
