// Portfolio: the books of all accounts. An account is the sum of its strategies' ledgers, one for
// each currency; positions belong to a strategy, so two strategies never net each other away. Every
// amount is exact in its own currency, and the accounting identity is asserted after every event;
// only at the edge (equity, drawdown, exposure, balances) is anything converted. After an error the
// books must not be used further: the component that owns them stops.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "millrace/base/flat_index.hpp"
#include "millrace/core/portfolio/currencies.hpp"
#include "millrace/core/portfolio/ledger.hpp"
#include "millrace/core/portfolio/position_book.hpp"
#include "millrace/core/portfolio/trade_list.hpp"

namespace millrace::portfolio {

// The strategy of cash that belongs to none: deposits into the account as a whole.
inline constexpr StrategyId kUnassigned{UINT16_MAX};

// Which price values a position. A quote with a side missing (a price of 0) is no price.
enum class MarkRule : std::uint8_t {
    latest,  // of the three below, whichever came last
    quote,   // the middle of bid and ask
    trade,   // the last trade
    bar,     // the close
};

struct PortfolioSettings {
    MarkRule mark = MarkRule::latest;
    Code pivot;                // currency through which others are converted; empty: none
    bool keeps_trades = true;  // round trips and the equity curve grow with the run
    bool keeps_curve = true;
    Matching matching = Matching::fifo;
};

struct CashEntry {
    AccountId account;
    StrategyId strategy = kUnassigned;
    Code currency;
    Money amount;  // negative when it leaves the account
    CashReason reason = CashReason::deposit;
};

struct EquitySample {
    Time time;
    Money equity;
    bool operator==(const EquitySample&) const = default;
};

// Equity and its falls, in the account's currency, followed through every event that moves it.
struct Drawdown {
    Money equity;
    Money peak;             // highest equity so far, moved along with what is paid in and out
    Money now;              // peak less equity
    Money worst;            // the fall that was largest as a part of its own peak
    Maybe<Ratio> worst_of;  // that part; absent when nothing fell, or from nothing
};

struct Exposure {
    Money gross;  // sum of all sizes
    Money net;    // long less short
};

// The legs of one position.
struct PositionList {
    std::array<model::Position, 2> legs;
    std::size_t count = 0;

    [[nodiscard]] const model::Position* begin() const { return legs.data(); }
    [[nodiscard]] const model::Position* end() const { return legs.data() + count; }
};

class Portfolio {
  public:
    explicit Portfolio(PortfolioSettings settings = {});

    // Definitions may come again; with other rules only while there are no books.
    Booked<void> define(const model::Instrument& instrument);
    Booked<void> define(const model::Account& account);

    Booked<void> book(const CashEntry& entry);
    Booked<FillOutcome> apply(const model::Fill& fill,
                              PositionEffect effect = PositionEffect::automatic,
                              ExitReason reason = ExitReason::unknown);
    // Every position of the instrument, and its last price. Worth and cost stay as they were but
    // for the last decimal of the price. An instrument that gives a rate has no splits.
    Booked<void> split(const model::CorporateAction& split);
    // Of an instrument without a position and without a rate to give: a look-up and a store.
    Booked<void> mark(const model::Quote& quote);
    Booked<void> mark(const model::Trade& trade);
    Booked<void> mark(const model::Bar& bar);
    // Prices of these come next: fetches from memory what mark() will touch.
    void look_ahead(std::span<const InstrumentId> instruments) const noexcept;
    // A deal may come soon: the same for apply().
    void look_ahead(AccountId account, StrategyId strategy, InstrumentId instrument) const noexcept;

    // Adds one point to the curve of every account whose equity is known; a second one at the same
    // time replaces the first.
    void sample(Time now);

    // What is in the books, in their own currency. Zeros where there is nothing.
    [[nodiscard]] Booked<Ledger> ledger(AccountId account, Code currency) const;
    [[nodiscard]] Ledger ledger(AccountId account, StrategyId strategy, Code currency) const;
    // What was booked for this reason, deposits included.
    [[nodiscard]] Booked<Money> booked(AccountId account, Code currency, CashReason reason) const;
    [[nodiscard]] const PositionBook* position(AccountId account, StrategyId strategy,
                                               InstrumentId instrument) const;
    [[nodiscard]] bool has_account(AccountId account) const;
    [[nodiscard]] std::size_t account_count() const { return accounts_.size(); }
    [[nodiscard]] model::PositionMode mode_of(AccountId account) const;

    // Converted into the account's currency: fails when a rate is missing. Equity is kept, the
    // others are worked out.
    [[nodiscard]] Booked<Money> equity(AccountId account) const {
        if (account.value() >= accounts_.size() || !accounts_[account.value()].is_defined)
            return refused(BookError::unknown_account);
        const AccountBook& book = accounts_[account.value()];
        if (!book.is_known) return refused(BookError::missing_rate);
        return book.following.equity;
    }
    [[nodiscard]] Booked<Drawdown> drawdown(AccountId account) const;
    [[nodiscard]] Booked<Exposure> exposure(AccountId account) const;
    // Of the account, or of one strategy in it; each amount is converted by itself.
    [[nodiscard]] Booked<model::Balance> balance(AccountId account, Time now) const;
    [[nodiscard]] Booked<model::Balance> balance(AccountId account, StrategyId strategy,
                                                 Time now) const;
    // One for a netting position; the long leg and then the short one in hedging mode. `fees` are
    // those in the position's own currency; the ledgers have the others.
    [[nodiscard]] Booked<PositionList> positions(AccountId account, StrategyId strategy,
                                                 InstrumentId instrument, Time now) const;

    // Whoever has or had a position in it, by account and strategy.
    struct Holder {
        AccountId account;
        StrategyId strategy;
    };
    [[nodiscard]] std::vector<Holder> holders_of(InstrumentId instrument) const;

    [[nodiscard]] std::span<const RoundTrip> trades() const { return trades_.closed(); }
    [[nodiscard]] Booked<std::vector<RoundTrip>> open_trades(Time now) const;
    [[nodiscard]] std::span<const EquitySample> curve(AccountId account) const;
    [[nodiscard]] const CurrencyRates& rates() const { return rates_; }

    // Works every ledger and every equity out again from the positions, and asserts that they are
    // what is kept. Costs a pass over everything.
    void audit() const;

    void save(engine::StateWriter& writer) const;
    // Damaged bytes leave the reader failed.
    void load(engine::StateReader& reader);

  private:
    static constexpr std::uint32_t kNone = UINT32_MAX;
    static constexpr std::int64_t kNoMark = INT64_MIN;

    // What a price touches, by instrument: half a cache line.
    struct alignas(32) Security {
        std::int64_t mark = kNoMark;  // doubled
        // Counts a mark in half increments by a multiplication: increment = odd << shift.
        std::uint64_t odd_inverse = 0;
        std::uint32_t first = kNone;  // open holding, by account, then strategy
        CurrencyNumber currency = 0;  // it settles in
        std::uint8_t shift = 0;
        bool is_defined = false;
        bool is_rate = false;
        bool is_watched = false;  // has an open holding, or gives a rate
        bool is_plain = false;    // one open holding, of an account of its currency, and no rate
    };
    // The rate that an instrument's price gives, if it is_rate.
    struct Rate {
        PairNumber pair = 0;
        CurrencyNumber base = 0;
        CurrencyNumber quote = 0;
        bool operator==(const Rate&) const = default;
    };
    // What a price does to one position: one cache line.
    struct alignas(64) Holding {
        std::int64_t value = 0;
        std::int64_t money_per_tick = 0;  // for half an increment
        std::int64_t ticks_max = -1;      // -1: worth no whole money, so division it is
        PriceWindow since_last_deal;
        std::uint32_t ledger = 0;
        std::uint32_t next = kNone;  // open holding of the same instrument
        AccountId account;
        StrategyId strategy;
        InstrumentId instrument;
    };
    struct HoldingBook {
        PositionBook position;
        Money fees;  // in the currency of the position
    };
    struct alignas(64) LedgerEntry {
        Ledger ledger;
        AccountId account;
        StrategyId strategy;
        CurrencyNumber currency = 0;
    };
    struct Following {
        Money equity;
        Money peak;
        Money trough;  // lowest since the peak
        Money worst_fall;
        Money worst_peak;
    };
    struct alignas(64) AccountBook {
        Following following;
        CurrencyNumber currency = 0;
        bool is_defined = false;
        bool is_known = true;  // whether all of it could be converted
        model::PositionMode mode{};
        std::vector<CurrencyNumber> foreign;  // currencies of its ledgers that are not its own
        std::vector<std::uint32_t> ledgers;   // in the order they were opened
        std::vector<EquitySample> curve;
    };
    struct Keyed {
        std::uint64_t key = 0;
        std::uint32_t at = 0;
    };
    struct Adjustment {
        Money amount;
        std::uint32_t ledger = 0;
        CashReason reason{};
        model::Reserved<3> reserved;
    };
    // The change of one account's equity by an event, as far as it is in its own currency.
    struct Moved {
        std::int64_t own = 0;
        bool is_foreign = false;
    };

    Security* see(InstrumentId instrument, Price bid, Price ask, Booked<void>& done);
    Booked<void> spread(const Security& security, Mark low, Mark high);
    Booked<void> spread_widely(const Security& security, Mark low, Mark high);
    bool revalue_plainly(const Security& security, Mark low, Mark high);
    Booked<void> revalue(const Security& security, Mark low, Mark high);
    std::optional<BookError> revalue(const Security& security, Holding& holding, std::int64_t ticks,
                                     std::int64_t& moved);
    Booked<void> publish_rate(const Security& security);
    [[nodiscard]] static std::int64_t ticks_of(const Security& security);
    [[nodiscard]] const Rate& rate_of(const Security& security) const {
        return security_rates_[static_cast<std::size_t>(&security - securities_.data())];
    }
    [[nodiscard]] static bool depends_on(const AccountBook& account, const Rate& rate);
    Booked<void> follow(AccountBook& account, const Moved& moved);
    Booked<void> follow_slowly(AccountBook& account, const Moved& moved);
    Booked<void> move_equity(AccountBook& account, const Moved& moved) const;
    static Booked<void> follow_peak(Following& following);
    Booked<void> convert_equity(AccountBook& account) const;

    Booked<void> define_rate(const model::Instrument& instrument);
    Booked<std::uint32_t> holding_of(const model::Fill& fill);
    Booked<std::uint32_t> ledger_of(AccountId account, StrategyId strategy,
                                    CurrencyNumber currency);
    [[nodiscard]] std::optional<std::uint32_t> find_holding(AccountId account, StrategyId strategy,
                                                            InstrumentId instrument) const;
    Booked<void> check(const model::Fill& fill) const;
    Booked<void> book_outcome(std::uint32_t at, Money cost_before, const FillOutcome& outcome);
    Booked<void> split_holding(std::uint32_t at, const model::CorporateAction& split);
    Booked<Moved> book_fee(const model::Fill& fill, std::uint32_t at);
    Booked<void> list_trade(const model::Fill& fill, std::uint32_t at, const FillOutcome& outcome,
                            ExitReason reason);
    void set_grid(InstrumentId instrument);
    void set_speed(std::uint32_t at);
    void relink(InstrumentId instrument);
    void load_books(engine::StateReader& reader);
    void load_accounts(engine::StateReader& reader);

    [[nodiscard]] const AccountBook* account_of(AccountId account) const;
    [[nodiscard]] Booked<model::Balance> balance_of(const AccountBook& account,
                                                    std::optional<StrategyId> strategy) const;

    PortfolioSettings settings_;
    CurrencyRates rates_;
    std::vector<Security> securities_;  // by instrument
    std::vector<Contract> contracts_;   // by instrument
    std::vector<Rate> security_rates_;  // by instrument
    std::vector<AccountBook> accounts_;
    std::vector<AccountId> foreign_accounts_;  // with ledgers in other currencies, sorted
    std::vector<LedgerEntry> ledgers_;
    std::vector<Keyed> ledger_index_;  // sorted by account, strategy, currency
    std::vector<Holding> holdings_;
    std::vector<HoldingBook> books_;    // by holding
    std::vector<Keyed> holding_index_;  // sorted by instrument, account, strategy
    FlatIndex holding_places_;          // the same, for finding one
    std::vector<Adjustment> adjustments_;
    TradeList trades_;
};

}  // namespace millrace::portfolio
