// Matching on quotes and trades. A quote's size deals once, until the quote changes; a trade fills
// what rests at better prices, and at its own price what the queue leaves.
#include <algorithm>

#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

using model::Aggressor;

std::int64_t SimulatedExchange::share_of(std::int64_t size, const MarketState& market) const {
    if (!settings_.sizes_known) return kUnlimited;
    if (settings_.tick_share == Ratio::whole(1)) return size;
    return part_in_lots(size, settings_.tick_share.raw(), Ratio::kOne, market.lot);
}

void SimulatedExchange::on_quote(const model::Quote& quote) {
    if (quote.instrument.value() >= market_count_) [[unlikely]]
        return;
    pass_time(quote.known_at);
    MarketState& market = markets_[quote.instrument.value()];
    if (market.feed != Feed::quotes) [[unlikely]] {
        if (market.feed == Feed::undefined || market.feed == Feed::book) return;
        market.feed = Feed::quotes;
        market.bid = market.ask = kNoPrice;
        market.dirty = true;
    }
    // Without branches, for whether a side has changed is hard to predict.
    const std::int64_t bid_size = quote.bid_size.raw(), ask_size = quote.ask_size.raw();
    // Where no sizes are told, a side that is missing has no price.
    const bool sized = settings_.sizes_known;
    const bool no_bid = (sized ? bid_size : quote.bid.raw()) == 0;
    const bool no_ask = (sized ? ask_size : quote.ask.raw()) == 0;
    const std::int64_t bid = no_bid ? kNoPrice : quote.bid.raw();
    const std::int64_t ask = no_ask ? kNoPrice : quote.ask.raw();
    const bool same_bid = (bid == market.bid) & (bid_size == market.bid_size);
    const bool same_ask = (ask == market.ask) & (ask_size == market.ask_size);
    market.bid_left = same_bid ? market.bid_left : bid_size;
    market.ask_left = same_ask ? market.ask_left : ask_size;
    market.bid = bid;
    market.ask = ask;
    market.bid_size = bid_size;
    market.ask_size = ask_size;
    market.priced_at = quote.known_at;
    if (market.is_on_credit) [[unlikely]] {
        credit_->mark(quote);
        if (market.has_working()) match_quote(market);
        enforce_margin();
        return;
    }
    if (market.has_working()) match_quote(market);
}

void SimulatedExchange::match_quote(MarketState& market) {
    if (market.dirty) find_quiet(market);
    const Quiet& quiet = market.quiet;
    if (market.bid <= quiet.queue_bid || market.ask >= quiet.queue_ask) track_queues(market);
    if (!quiet.never && market.ask > quiet.ask_above && market.ask < quiet.ask_below &&
        market.bid > quiet.bid_above && market.bid < quiet.bid_below)
        return;
    if (!is_session(market, now_, now_)) return;
    ++datum_;
    point_ = {Moment::tick, now_, now_};
    if (quotes_trigger(market)) trail_all(market, market.ask, market.bid);
    settle(market, Who::all);
    conclude(market);
}

void SimulatedExchange::on_trade(const model::Trade& trade) {
    if (trade.instrument.value() >= markets_.size()) [[unlikely]]
        return;
    MarketState& market = markets_[trade.instrument.value()];
    if (market.feed == Feed::undefined) return;
    pass_time(trade.known_at);
    if (!market.has_traded) {
        market.has_traded = true;
        market.dirty = true;
    }
    if (market.feed <= Feed::trades) {
        market.feed = Feed::trades;
        market.set_price(trade.price.raw());
        market.set_pool(share_of(trade.size.raw(), market));
        market.volume = trade.size.raw();
        market.priced_at = trade.known_at;
    }
    market.last_trade = trade.price.raw();
    if (market.is_on_credit) credit_->mark(trade);
    if (market.has_working() && is_session(market, now_, now_)) {
        ++datum_;
        point_ = {Moment::tick, now_, now_};
        match_trade(market, trade);
    }
    if (market.is_on_credit) enforce_margin();
}

void SimulatedExchange::match_trade(MarketState& market, const model::Trade& trade) {
    const bool trades_only = market.feed == Feed::trades;
    const bool triggers =
        trades_only ? settings_.trigger_on != TriggerOn::quotes : !quotes_trigger(market);
    if (triggers) {
        trail_all(market, trade.price.raw(), trade.price.raw());
        trigger_by(market, trade.price.raw());
    }
    // A stop does not deal in the trade that triggered it: that one is somebody else's. With quotes
    // or a book it takes from there at once, else it waits for the next trade.
    settle(market, trades_only ? Who::takers : Who::triggered);
    deal_resting(market, trade);
    if (trades_only) conclude(market);
}

void SimulatedExchange::trigger_by(MarketState& market, std::int64_t price) {
    for (Handle at = market.first; at != kNoHandle;) {
        Slot& slot = pool_[at];
        const Handle next = slot.next;
        if (slot.life.stage == Stage::watching && is_reached(aim_of(slot), price) &&
            may_deal(slot, market)) {
            trigger(at, market);
            if (market.feed == Feed::trades) slot.life.tried = datum_;
        }
        at = next;
    }
}

// What of the trade is for this order. Beyond its price all of it: whoever traded there would have
// dealt with us first.
std::int64_t SimulatedExchange::queue_share(Slot& slot, const model::Trade& trade,
                                            std::int64_t size) const {
    const std::int64_t limit = slot.order.limit_price.value().raw();
    if (trade.price.raw() != limit) {
        slot.life.ahead = 0;
        return size;
    }
    const Aggressor own = slot.is_buy() ? Aggressor::buyer : Aggressor::seller;
    if (trade.aggressor == own) return 0;
    switch (settings_.trade_at_limit) {
        case TradeAtLimit::never: return 0;
        case TradeAtLimit::always: return size;
        case TradeAtLimit::queue: break;
    }
    if (slot.life.ahead == kUnlimited) return 0;  // nobody ever said how long the queue is
    const std::int64_t served = std::min(slot.life.ahead, trade.size.raw());
    slot.life.ahead -= served;
    slot.life.traded_ahead += served;
    return std::max(std::int64_t{0}, size - served);
}

void SimulatedExchange::deal_resting(MarketState& market, const model::Trade& trade) {
    std::int64_t pool =
        market.feed == Feed::trades ? market.ask_left : share_of(trade.size.raw(), market);
    for (;;) {
        Handle best = kNoHandle;
        for (Handle at = market.first; at != kNoHandle; at = pool_[at].next) {
            const Slot& slot = pool_[at];
            if (!slot.life.rests || !is_reached(aim_of(slot), trade.price.raw())) continue;
            if (!may_deal(slot, market)) continue;
            const bool same_side = best != kNoHandle && pool_[best].order.side == slot.order.side;
            const Maybe<Price> price = slot.order.limit_price;
            if (best == kNoHandle ||
                (same_side &&
                 !is_as_good(opposite(slot.order.side), pool_[best].order.limit_price.value().raw(),
                             price.value().raw())))
                best = at;
        }
        if (best == kNoHandle) break;
        Slot& slot = pool_[best];
        slot.life.tried = datum_;
        const std::int64_t before = pool;
        pool -= deal_trade_share(best, market, std::min(pool, queue_share(slot, trade, pool)));
        if (pool == before) continue;
        if (pool != kUnlimited && market.feed == Feed::trades) market.set_pool(pool);
    }
}

// Deals the order's share of a trade at its limit; says how much it dealt.
std::int64_t SimulatedExchange::deal_trade_share(Handle handle, MarketState& market,
                                                 std::int64_t share) {
    Slot& slot = pool_[handle];
    const bool iceberg = slot.order.display_quantity.has_value();
    const bool swept = market.last_trade != slot.order.limit_price.value().raw();
    std::int64_t dealt = 0;
    for (int slices = 0; slices <= kSlicesMax && !slot.is_over(); ++slices) {
        std::int64_t quantity = std::min(share - dealt, slot.dealable());
        if (iceberg) quantity = std::min(quantity, slot.life.shown);
        quantity -= quantity % market.lot;
        if (quantity <= 0) break;
        const std::int64_t now_dealt =
            deal_capped(handle, market, slot.order.limit_price.value().raw(), quantity);
        if (share != kUnlimited) dealt += now_dealt;
        if (now_dealt == 0 || slot.is_over()) break;
        if (!iceberg) break;
        if (slot.life.shown > 0) break;
        refill(handle, market);
        if (!swept) break;  // the next part stands behind what else is at this price
    }
    return dealt;
}

}  // namespace millrace::venue
