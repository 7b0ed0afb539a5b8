// The list of an instrument's working orders in time priority, their places in the queue, and the
// prices between which none of them stirs.
#include <algorithm>

#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

using model::BookSide;

void SimulatedExchange::link(Handle handle, MarketState& market) {
    Slot& slot = pool_[handle];
    slot.previous = market.last;
    slot.next = kNoHandle;
    if (market.last == kNoHandle)
        market.first = handle;
    else
        pool_[market.last].next = handle;
    market.last = handle;
    market.dirty = true;
}

void SimulatedExchange::unlink(Handle handle, MarketState& market) {
    const Slot& slot = pool_[handle];
    (slot.previous == kNoHandle ? market.first : pool_[slot.previous].next) = slot.next;
    (slot.next == kNoHandle ? market.last : pool_[slot.next].previous) = slot.previous;
    market.dirty = true;
}

void SimulatedExchange::lose_place(Handle handle, MarketState& market) {
    unlink(handle, market);
    link(handle, market);
    pool_[handle].life.priority = ++ordinals_;
}

// What it deals from now on, it makes.
void SimulatedExchange::rest(Slot& slot, MarketState& market) {
    Life& life = slot.life;
    life.fresh = false;
    life.rests = true;
    if (slot.order.display_quantity.has_value())
        life.shown = std::min(slot.order.display_quantity.value().raw(), slot.remaining());
    set_queue(slot, market);
    market.dirty = true;
}

void SimulatedExchange::set_queue(Slot& slot, const MarketState& market) {
    Life& life = slot.life;
    life.ahead = kUnlimited;
    life.traded_ahead = 0;
    const std::int64_t price = slot.order.limit_price.value().raw();
    const BookSide side = slot.is_buy() ? BookSide::bid : BookSide::ask;
    if (market.feed == Feed::book) {
        life.ahead = market.book->size_at(side, Price::from_raw(price)).raw();
    } else if (market.feed == Feed::quotes) {
        const std::int64_t best = slot.is_buy() ? market.bid : market.ask;
        const std::int64_t size = slot.is_buy() ? market.bid_size : market.ask_size;
        const bool is_behind = slot.is_buy() ? price < best : price > best;
        if (best == kNoPrice || is_behind)
            return;  // behind the best price nobody says how much there is
        life.ahead = price == best ? size : 0;
    }
}

// A level cannot hold less than what is ahead of us in it. What leaves it is taken to leave from
// behind us, unless the size says otherwise.
void SimulatedExchange::track_queues(MarketState& market) {
    for (Handle at = market.first; at != kNoHandle; at = pool_[at].next) {
        Slot& slot = pool_[at];
        if (!slot.life.rests || slot.life.ahead == 0) continue;
        const std::int64_t price = slot.order.limit_price.value().raw();
        const std::int64_t best = slot.is_buy() ? market.bid : market.ask;
        const std::int64_t size = slot.is_buy() ? market.bid_size : market.ask_size;
        if (best == kNoPrice) continue;
        if (price == best)
            slot.life.ahead = std::min(slot.life.ahead, size);
        else if (slot.is_buy() ? price > best : price < best)
            slot.life.ahead = 0;
    }
}

bool SimulatedExchange::is_quiet(MarketState& market, std::int64_t low, std::int64_t high) {
    if (market.dirty) find_quiet(market);
    const Quiet& quiet = market.quiet;
    return !quiet.never && low > std::max(quiet.ask_above, quiet.bid_above) &&
           high < std::min(quiet.ask_below, quiet.bid_below);
}

void SimulatedExchange::find_quiet(MarketState& market) {
    Quiet quiet;
    quiet.never = false;
    const bool quotes = quotes_trigger(market);
    for (Handle at = market.first; at != kNoHandle; at = pool_[at].next) {
        const Slot& slot = pool_[at];
        if (slot.life.rests && slot.life.ahead != 0) {
            const std::int64_t limit = slot.order.limit_price.value().raw();
            if (slot.is_buy())
                quiet.queue_bid = std::max(quiet.queue_bid, limit);
            else
                quiet.queue_ask = std::min(quiet.queue_ask, limit);
        }
        const bool watches = slot.life.stage == Stage::watching;
        if (watches && !quotes) continue;
        const Aim aim = aim_of(slot);
        if (aim.any || aim.level == kNoPrice || slot.life.fresh ||
            (watches && is_trailing(slot.order.type))) {
            quiet.never = true;
            continue;
        }
        std::int64_t& above = slot.is_buy() ? quiet.ask_above : quiet.bid_above;
        std::int64_t& below = slot.is_buy() ? quiet.ask_below : quiet.bid_below;
        if (aim.from_above)
            above = std::max(above, aim.level);
        else
            below = std::min(below, aim.level);
    }
    market.quiet = quiet;
    market.dirty = false;
}

}  // namespace millrace::venue
