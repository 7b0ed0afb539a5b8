// TradeList: round trips made of deals. What is closed is matched with what was opened, first in
// first out by default; all deals of one closing order are one trade. Profit is rounded once over
// the sum of a position's trades, as in PositionBook, so the trades of a position that is flat
// again add up to exactly what it has realised.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "millrace/core/portfolio/position_book.hpp"

namespace millrace::portfolio {

// By which kind of order a trade ended.
enum class ExitReason : std::uint8_t {
    unknown,
    market,
    limit,
    stop,
    trailing_stop,
    still_open,
    liquidation,       // by the venue, of an account that could not carry it
    corporate_action,  // cash in the place of a fraction that a split left over
};
inline constexpr std::array<std::string_view, 8> kExitReasonNames = {
    "unknown",       "market",     "limit",       "stop",
    "trailing_stop", "still_open", "liquidation", "corporate_action"};
[[nodiscard]] ExitReason exit_reason_of(model::OrderType type);

struct RoundTrip {
    Time entry_time;    // of the first deal that opened any of it
    Time exit_time;     // of the last deal that closed any of it
    Price entry_price;  // volume-weighted; harmonic for inverse contracts
    Price exit_price;
    Quantity quantity;
    Money gross;           // in `currency`, before fees
    Maybe<Money> fees;     // of entry and exit; absent when one of them could not be converted
    Money adverse_max;     // how deep it was under water at its worst, never negative
    Money favourable_max;  // how far it was ahead at its best, never negative
    std::uint64_t exit_order_id = 0;
    Code currency;
    InstrumentId instrument;
    StrategyId strategy;
    AccountId account;
    model::Side side{};  // buy: it was long
    ExitReason reason{};
    model::Reserved<6> reserved;

    [[nodiscard]] Maybe<Money> net() const;
    bool operator==(const RoundTrip&) const = default;
};

// The lowest and highest price between two deals.
struct PriceWindow {
    Mark low = Mark::from_doubled(INT64_MAX);
    Mark high = Mark::from_doubled(-INT64_MAX);

    void include(Mark mark) { include(mark, mark); }
    Booked<void> split(const model::CorporateAction& split);
    void include(Mark lowest, Mark highest) {
        if (lowest < low) low = lowest;
        if (highest > high) high = highest;
    }
};

// One deal, as the trade list needs it.
struct Deal {
    const model::Fill* fill = nullptr;
    const Contract* contract = nullptr;
    FillOutcome outcome;  // what it did to the position
    Maybe<Money> fee;     // in the contract's currency; absent when it could not be converted
    ExitReason reason = ExitReason::unknown;
    PriceWindow since_last_deal;
};

enum class Matching : std::uint8_t { fifo, lifo };

class TradeList {
  public:
    explicit TradeList(Matching matching = Matching::fifo) : matching_(matching) {}

    // `book` is the caller's dense number of the position.
    Booked<void> apply(std::uint32_t book, const Deal& deal);

    // What is open becomes another number of units that cost the same; what was closed stays as it
    // was dealt, and a closing order that goes on afterwards makes a trade of its own.
    // `after` is of the legs.
    Booked<void> split(std::uint32_t book, const model::CorporateAction& split,
                       const std::array<Quantity, 2>& after);

    // A deal of this book may come soon: fetches from memory what apply() will touch.
    void look_ahead(std::uint32_t book) const noexcept {
        if (book >= legs_.size()) return;
        const char* begin = reinterpret_cast<const char*>(&legs_[book]);
        for (std::size_t offset = 0; offset < sizeof legs_[book]; offset += 64)
            __builtin_prefetch(begin + offset, 1);
    }

    // In the order in which their first deal of closing came.
    [[nodiscard]] std::span<const RoundTrip> closed() const { return closed_; }

    // What is open, as if it were closed now at the mark for no fee: one trade a leg.
    [[nodiscard]] Booked<std::vector<RoundTrip>> still_open(std::uint32_t book,
                                                            const Contract& contract, Mark mark,
                                                            Time now,
                                                            PriceWindow since_last_deal) const;

    void save(engine::StateWriter& writer) const;
    void load(engine::StateReader& reader);

  private:
    struct Lot {
        Exact worth = 0;    // at its price, with the sign of the position
        Quantity quantity;  // with the sign of the position
        Time time;
        Maybe<Money> fee;
        PriceWindow window;  // from its deal to the next one of this leg
    };
    // One leg of a position: its lots, oldest first, and the trade that is being closed.
    struct Leg {
        std::vector<Lot> lots;
        Exact exact_gross = 0;  // of all trades of this leg so far
        Money gross;            // rounded
        Exact entry = 0;        // of the last trade
        Exact exit = 0;
        std::uint64_t last_trade = 0;  // its place in closed_, from 1
    };
    // A part of a lot and the part of the closing deal that goes with it.
    struct Match {
        Exact entry = 0;
        Exact exit = 0;
        Quantity quantity;  // with the sign of the position
        Money adverse;
        Money favourable;
        Maybe<Money> fee;
        Time entry_time;
    };

    Booked<void> close(Leg& leg, const Deal& deal, Maybe<Money> fee);
    Booked<void> open(Leg& leg, const Deal& deal, Maybe<Money> fee);
    [[nodiscard]] Booked<Match> match(Leg& leg, const Contract& contract, Quantity quantity,
                                      Exact exit) const;
    [[nodiscard]] RoundTrip& trade_of(Leg& leg, const Deal& deal);
    static Booked<void> add_to(RoundTrip& trade, Leg& leg, const Match& match,
                               const Contract& contract);
    [[nodiscard]] Leg& leg_of(std::uint32_t book, std::uint8_t leg);
    static Booked<void> split(Leg& leg, const model::CorporateAction& split, Quantity whole);

    std::vector<std::array<Leg, 2>> legs_;  // by book
    std::vector<RoundTrip> closed_;
    Matching matching_;
};

}  // namespace millrace::portfolio
