// What the market says: Quote, Trade, Bar and BookUpdate. Plain structs of at most two cache lines
// without padding, whose bytes are their binary form; `known_at` is the one moment from which the
// engine may act on them.
#pragma once

#include "millrace/core/model/describe.hpp"

namespace millrace::model {

// Who crossed the spread.
enum class Aggressor : std::uint8_t { unknown, buyer, seller };
inline constexpr std::array<std::string_view, 3> kAggressorNames = {"unknown", "buyer", "seller"};
template <>
inline constexpr std::span<const std::string_view> kChoices<Aggressor> = kAggressorNames;

enum class BookSide : std::uint8_t { bid, ask };
inline constexpr std::array<std::string_view, 2> kBookSideNames = {"bid", "ask"};
template <>
inline constexpr std::span<const std::string_view> kChoices<BookSide> = kBookSideNames;

// What happens to one order (L3) or one level (L2, order_id 0); clear empties the side.
enum class BookAction : std::uint8_t { add, modify, remove, clear };
inline constexpr std::array<std::string_view, 4> kBookActionNames = {"add", "modify", "remove",
                                                                     "clear"};
template <>
inline constexpr std::span<const std::string_view> kChoices<BookAction> = kBookActionNames;

// What closes a bar.
enum class BarBasis : std::uint8_t { time, tick, volume, value, imbalance, run, renko, range };
inline constexpr std::array<std::string_view, 8> kBarBasisNames = {
    "time", "tick", "volume", "value", "imbalance", "run", "renko", "range"};
template <>
inline constexpr std::span<const std::string_view> kChoices<BarBasis> = kBarBasisNames;

// the best bid and offer of an instrument
struct Quote {
    Time known_at;
    Price bid;
    Price ask;
    Quantity bid_size;
    Quantity ask_size;
    InstrumentId instrument;
    SourceId source;
    Reserved<2> reserved;

    bool operator==(const Quote&) const = default;
};
inline constexpr FieldDescription kQuoteFields[] = {
    MILLRACE_FIELD(Quote, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Quote, bid, "best bid price"),
    MILLRACE_FIELD(Quote, ask, "best offer price"),
    MILLRACE_FIELD(Quote, bid_size, "quantity bid").not_negative(),
    MILLRACE_FIELD(Quote, ask_size, "quantity offered").not_negative(),
    MILLRACE_FIELD(Quote, instrument, "the instrument's symbol"),
    MILLRACE_FIELD(Quote, source, "which feed it came from"),
    MILLRACE_FIELD(Quote, reserved, ""),
};
template <>
inline constexpr NounDescription kDescription<Quote> = describe<Quote>(
    Noun::quote, "quote", 1, kQuoteFields, "the best bid and offer of an instrument");

// a transaction that took place on the market
struct Trade {
    Time known_at;
    Price price;
    Quantity size;
    std::uint64_t trade_id = 0;
    InstrumentId instrument;
    SourceId source;
    Aggressor aggressor{};
    Reserved<1> reserved;

    bool operator==(const Trade&) const = default;
};
inline constexpr FieldDescription kTradeFields[] = {
    MILLRACE_FIELD(Trade, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Trade, price, "price of the transaction"),
    MILLRACE_FIELD(Trade, size, "quantity that changed hands").positive(),
    MILLRACE_FIELD(Trade, trade_id, "the venue's number for it, 0 when it gives none")
        .may_be_absent(),
    MILLRACE_FIELD(Trade, instrument, "the instrument's symbol"),
    MILLRACE_FIELD(Trade, source, "which feed it came from"),
    MILLRACE_FIELD(Trade, aggressor, "who crossed the spread").may_be_absent(),
    MILLRACE_FIELD(Trade, reserved, ""),
};
template <>
inline constexpr NounDescription kDescription<Trade> = describe<Trade>(
    Noun::trade, "trade", 1, kTradeFields, "a transaction that took place on the market");

// the trading of one period in four prices and a volume; known when it closes
struct Bar {
    Time known_at;
    Time open_time;
    Price open;
    Price high;
    Price low;
    Price close;
    Quantity volume;
    Maybe<Price> vwap;
    std::uint64_t step = 0;
    std::uint32_t trade_count = 0;
    InstrumentId instrument;
    SourceId source;
    BarBasis basis{};
    Reserved<5> reserved;

    bool operator==(const Bar&) const = default;
};
inline constexpr FieldDescription kBarFields[] = {
    MILLRACE_FIELD(Bar, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Bar, open_time, "when the period began"),
    MILLRACE_FIELD(Bar, open, "first price"),
    MILLRACE_FIELD(Bar, high, "highest price"),
    MILLRACE_FIELD(Bar, low, "lowest price"),
    MILLRACE_FIELD(Bar, close, "last price"),
    MILLRACE_FIELD(Bar, volume, "quantity traded").not_negative(),
    MILLRACE_FIELD(Bar, vwap, "volume-weighted average price"),
    MILLRACE_FIELD(Bar, step,
                   "size of the period in the unit of its basis: ns for time, trades for tick")
        .positive(),
    MILLRACE_FIELD(Bar, trade_count, "number of trades, 0 when unknown").may_be_absent(),
    MILLRACE_FIELD(Bar, instrument, "the instrument's symbol"),
    MILLRACE_FIELD(Bar, source, "which feed it came from"),
    MILLRACE_FIELD(Bar, basis, "what closes the bar").may_be_absent(),
    MILLRACE_FIELD(Bar, reserved, ""),
};
template <>
inline constexpr NounDescription kDescription<Bar> =
    describe<Bar>(Noun::bar, "bar", 1, kBarFields,
                  "the trading of one period in four prices and a volume; known when it closes");

// one change of an order book
struct BookUpdate {
    Time known_at;
    Price price;
    Quantity size;
    std::uint64_t order_id = 0;
    InstrumentId instrument;
    SourceId source;
    BookSide side{};
    BookAction action{};

    bool operator==(const BookUpdate&) const = default;
};
inline constexpr FieldDescription kBookUpdateFields[] = {
    MILLRACE_FIELD(BookUpdate, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(BookUpdate, price, "price of the level or order"),
    MILLRACE_FIELD(BookUpdate, size, "quantity after the change").not_negative(),
    MILLRACE_FIELD(BookUpdate, order_id, "the venue's order number, 0 for a whole level")
        .may_be_absent(),
    MILLRACE_FIELD(BookUpdate, instrument, "the instrument's symbol"),
    MILLRACE_FIELD(BookUpdate, source, "which feed it came from"),
    MILLRACE_FIELD(BookUpdate, side, "side of the book"),
    MILLRACE_FIELD(BookUpdate, action, "what happens to it"),
};
template <>
inline constexpr NounDescription kDescription<BookUpdate> = describe<BookUpdate>(
    Noun::book_update, "book_update", 1, kBookUpdateFields, "one change of an order book");

}  // namespace millrace::model
