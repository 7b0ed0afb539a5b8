// Exposures: last prices, what each account and each strategy in it holds and could come to hold
// by its open orders, and what that is worth. A price costs a few stores; positions whose price or
// quantity changed are valued again only when somebody asks, so that sums are always those of the
// last prices and cost nothing while nobody orders.
#pragma once

#include <array>
#include <vector>

#include "millrace/base/code.hpp"
#include "millrace/base/flat_index.hpp"
#include "millrace/core/engine/state.hpp"
#include "millrace/core/model/nouns.hpp"
#include "millrace/core/risk/amounts.hpp"
#include "millrace/core/risk/views.hpp"

namespace millrace::risk {

// Who has a holding: a strategy by its number, or the account as a whole.
using Owner = std::uint32_t;
inline constexpr Owner kWholeAccount = 1U << 16;

// Whether an amount could be worked out.
enum class Knowledge : std::uint8_t { known, no_price, no_rate, out_of_range };

// Quantities in one instrument, raw.
struct Holding {
    std::int64_t position = 0;
    std::int64_t open_buy = 0;  // of accepted orders, not dealt yet
    std::int64_t open_sell = 0;
    std::int64_t closing_buy = 0;  // the same of orders that may only reduce
    std::int64_t closing_sell = 0;

    // The largest and the least that the position can become. Orders that may only reduce go no
    // further than to zero by themselves.
    [[nodiscard]] int128 highest() const {
        const int128 closed = position < 0 ? least(closing_buy, -int128{position}) : 0;
        return int128{position} + closed + open_buy;
    }
    [[nodiscard]] int128 lowest() const {
        const int128 closed = position > 0 ? least(closing_sell, position) : 0;
        return int128{position} - closed - open_sell;
    }
    [[nodiscard]] bool is_idle() const { return *this == Holding(); }
    bool operator==(const Holding&) const = default;

  private:
    static constexpr int128 least(int128 a, int128 b) { return a < b ? a : b; }
};

// What all holdings of an account, or of a strategy in it, can come to.
struct Totals {
    Fine gross = 0;
    Fine highest = 0;  // long less short, at most
    Fine lowest = 0;   // and at least
    Knowledge knowledge = Knowledge::known;
};

// If an order were accepted.
struct Forecast {
    Totals now;
    Totals then;
    Knowledge knowledge = Knowledge::known;  // of the holding itself
    int128 highest = 0;                      // quantities
    int128 lowest = 0;
    int128 largest_now = 0;  // the larger of both, without their signs
    int128 largest = 0;
    Fine worth = 0;  // of the largest
};

struct LastQuote {
    std::int64_t bid = 0;
    std::int64_t ask = 0;
    Time at;
    bool is_known = false;
    [[nodiscard]] std::int64_t doubled() const { return bid + ask; }
};

class Exposures {
  public:
    static constexpr std::uint32_t kNone = UINT32_MAX;

    explicit Exposures(const AccountView& accounts) : accounts_(accounts) {}

    void define(const model::Instrument& instrument);
    void define(const model::Account& account);
    // A side of 0 is missing; both are no price.
    void hear(InstrumentId instrument, Price bid, Price ask, Time now) {
        if (instrument.value() >= last_.size()) [[unlikely]]
            return;
        Last& last = last_[instrument.value()];
        std::int64_t sum = 0;
        if (bid.raw() == 0 || ask.raw() == 0 || __builtin_add_overflow(bid.raw(), ask.raw(), &sum))
            [[unlikely]]
            return hear_one_side(last, bid, ask, now);
        last.bid = bid.raw();
        last.ask = ask.raw();
        last.at = now;
        last.is_known = true;
        if (last.is_watched && !last.is_dirty) mark_dirty(instrument.value());
    }
    // Whether sums are asked for at all; keeping them costs a little at each price.
    void keep_totals(bool of_accounts, bool of_strategies);

    // Null when nobody defined it.
    [[nodiscard]] const model::Instrument* find(InstrumentId instrument) const {
        if (instrument.value() >= instruments_.size() ||
            instruments_[instrument.value()].symbol.empty())
            return nullptr;
        return &instruments_[instrument.value()];
    }
    [[nodiscard]] std::span<const model::Instrument> instruments() const { return instruments_; }
    [[nodiscard]] Code currency_of(AccountId account) const {
        return account.value() < currencies_.size() ? currencies_[account.value()] : Code();
    }
    [[nodiscard]] LastQuote last(InstrumentId instrument) const;

    // The numbers of the account's holding and of the strategy's; made when they are new.
    struct Place {
        std::uint32_t account = kNone;
        std::uint32_t strategy = kNone;
    };
    [[nodiscard]] Place place_of(AccountId account, StrategyId strategy, InstrumentId instrument);
    [[nodiscard]] const Holding& holding(std::uint32_t cell) const { return cells_[cell].holding; }
    void deal(const Place& place, std::int64_t change);
    // What is held of the instrument, and its last price.
    void split(const model::CorporateAction& split);
    // What is open of one side changes by so much.
    void open(const Place& place, model::Side side, bool reduces, std::int64_t change);

    // What accepting an order would lead to; `quantity` is what it adds to its side.
    enum class Depth : std::uint8_t { quantities, worth, totals };
    [[nodiscard]] Forecast forecast(std::uint32_t cell, model::Side side, bool reduces,
                                    std::int64_t quantity, Depth depth);
    // Zeros unless they are kept.
    [[nodiscard]] Totals totals(AccountId account, Owner owner = kWholeAccount);
    // In the account's currency, of a price that is given doubled.
    [[nodiscard]] Knowledge worth(InstrumentId instrument, AccountId account, int128 quantity,
                                  std::int64_t doubled, Fine& worth) const;

    // Those of strategies that hold something, in the order of account, strategy, instrument.
    struct Held {
        AccountId account;
        StrategyId strategy;
        InstrumentId instrument;
        Holding holding;
    };
    [[nodiscard]] std::vector<Held> held_by_strategies() const;

    void save(engine::StateWriter& writer) const;
    void load(engine::StateReader& reader);

  private:
    // What a price touches: half a cache line.
    struct alignas(32) Last {
        std::int64_t bid = 0;
        std::int64_t ask = 0;
        Time at;
        std::uint32_t first_cell = kNone;
        bool is_known = false;
        bool is_watched = false;
        bool is_dirty = false;
    };
    struct Contract {
        std::int64_t multiplier = Ratio::kOne;
        std::int64_t whole = 1;  // the multiplier when it has no decimals, else 0
        Code currency;
        bool inverse = false;
    };
    struct Cell {
        Holding holding;
        Fine gross = 0;
        Fine highest = 0;
        Fine lowest = 0;
        std::uint32_t book = 0;
        std::uint32_t next = kNone;  // of the same instrument
        InstrumentId instrument;
        Knowledge knowledge = Knowledge::known;
    };
    struct Book {
        Totals totals;
        std::array<std::uint32_t, 4> cells_by_knowledge{};
        AccountId account;
        Owner owner = kWholeAccount;
    };

    void hear_one_side(Last& last, Price bid, Price ask, Time now);
    void mark_dirty(std::uint32_t instrument);
    void note_change(std::uint32_t cell);
    void flush();
    void revalue(std::uint32_t cell);
    void move_totals(Book& book, const Cell& cell, int direction);
    [[nodiscard]] Knowledge worth_of(const Cell& cell, int128 quantity, Fine& worth) const;
    [[nodiscard]] std::uint32_t cell_of(AccountId account, Owner owner, InstrumentId instrument);
    [[nodiscard]] std::uint32_t book_of(AccountId account, Owner owner);
    [[nodiscard]] bool keeps(const Book& book) const {
        return book.owner == kWholeAccount ? keeps_accounts_ : keeps_strategies_;
    }

    const AccountView& accounts_;
    std::vector<Last> last_;                      // by instrument
    std::vector<Contract> contracts_;             // by instrument
    std::vector<model::Instrument> instruments_;  // by number; no symbol where there is none
    std::vector<Code> currencies_;                // by account
    std::vector<Cell> cells_;
    std::vector<Book> books_;
    FlatIndex cell_index_;
    FlatIndex book_index_;
    std::vector<std::uint32_t> dirty_;    // instruments
    std::vector<std::uint32_t> foreign_;  // cells whose worth hangs on a rate
    bool keeps_accounts_ = false;
    bool keeps_strategies_ = false;
};

}  // namespace millrace::risk
