// MarketState: what the venue knows of one instrument: its rules, the last prices with what is left
// of their liquidity, and the list of its working orders.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "millrace/base/code.hpp"
#include "millrace/base/time.hpp"
#include "millrace/core/venue/book_view.hpp"
#include "millrace/core/venue/fees.hpp"
#include "millrace/core/venue/hours.hpp"
#include "millrace/core/venue/order_pool.hpp"

namespace millrace::venue {

// The best that was seen of an instrument; coarser data no longer deals once finer came.
enum class Feed : std::uint8_t { undefined, none, bars, trades, quotes, book };

// What was taken out of one level of a book and has not been told anew by the feed.
struct TakenLevel {
    std::int64_t price = 0;
    std::int64_t quantity = 0;
    std::uint64_t side = 0;
};

// By strategy, because a split is applied to what each of them holds.
struct Position {
    std::int64_t quantity = 0;  // negative when short
    std::uint32_t account = 0;
    std::uint32_t strategy = 0;
};

// Prices at which nothing can happen to the working orders, so that most quotes pass quickly:
// between the bounds of each side.
struct Quiet {
    std::int64_t ask_above = INT64_MIN, ask_below = INT64_MAX;
    std::int64_t bid_above = INT64_MIN, bid_below = INT64_MAX;
    bool never = true;  // somebody looks at every datum
    // Our best resting prices: while the market's are better, no place in a queue can change.
    std::int64_t queue_bid = INT64_MIN, queue_ask = INT64_MAX;
};

struct alignas(64) MarketState {
    // What a quote without working orders touches is one cache line.
    Time priced_at = Time::earliest();
    std::int64_t bid = kNoPrice;  // what a seller gets; of trades and bars the last price
    std::int64_t ask = kNoPrice;  // what a buyer pays
    std::int64_t bid_size = 0, ask_size = 0;  // as the feed says
    std::int64_t bid_left = 0, ask_left = 0;  // what we have not taken of it
    Handle first = kNoHandle;                 // working orders in time priority
    Feed feed = Feed::undefined;
    bool has_traded = false;
    bool dirty = true;          // `quiet` has to be found anew
    bool is_on_credit = false;  // its price may call for margin

    Handle last = kNoHandle;  // of the working orders
    Quiet quiet;

    Time bar_opened_at = Time::earliest();  // the bar whose open is done
    Time bar_closed_at = Time::earliest();  // when the last bar closed
    std::uint64_t bar_step = UINT64_MAX;    // the finest seen
    std::uint64_t bar_basis = 0;
    std::int64_t volume = 0;  // of the present bar or trade, for slippage
    std::int64_t last_trade = kNoPrice;

    InstrumentId id;
    std::int64_t tick = 1, lot = 1, minimum = 0;
    Contract contract;
    Code settlement, base;
    std::uint32_t fee_model = 0;
    Hours* hours = nullptr;
    std::unique_ptr<BookView> book;
    bool book_of_orders = false;
    std::vector<TakenLevel> taken;
    std::vector<Position> positions;

    // All of it from memory, side by side: most quotes touch the first line only.
    void fetch() const {
        const char* begin = reinterpret_cast<const char*>(this);
        for (std::size_t at = 0; at < sizeof *this; at += 64)
            __builtin_prefetch(begin + at, 1);
    }
    [[nodiscard]] bool has_working() const { return first != kNoHandle; }
    // What an order of this side would deal at.
    [[nodiscard]] std::int64_t price_for(Side side) const { return side == Side::buy ? ask : bid; }
    [[nodiscard]] std::int64_t position_of(AccountId account) const {
        std::int64_t held = 0;
        for (const Position& position : positions)
            if (position.account == account.value()) held += position.quantity;
        return held;
    }
    // How much an order of this side could reduce; 0 or less when it would add or flip.
    [[nodiscard]] std::int64_t reducible(AccountId account, Side side) const {
        const std::int64_t held = position_of(account);
        return side == Side::sell ? held : -held;
    }
    // One price for both sides with one pool of liquidity, as trades and bars give it.
    void set_price(std::int64_t price) { bid = ask = price; }
    void set_pool(std::int64_t quantity) { bid_left = ask_left = quantity; }
};

}  // namespace millrace::venue
