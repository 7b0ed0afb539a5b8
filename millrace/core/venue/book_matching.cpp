// Matching on books of levels or orders: takers walk the levels and what they took stays taken
// until the feed tells of the level again; resting orders keep their place in the real queue.
#include <algorithm>
#include <array>

#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

using model::BookAction;
using model::BookSide;

namespace {

constexpr std::size_t kDepthMax = 64;

}  // namespace

// The best level that has something left for this order; with `total`, the sum of all of them.
SimulatedExchange::Offer SimulatedExchange::book_offer(const Slot& slot, const MarketState& market,
                                                       std::int64_t* total) const {
    std::array<BookRung, kDepthMax> rungs;
    const Side side = slot.order.side;
    const std::size_t count =
        market.book->rungs(side == Side::buy ? BookSide::ask : BookSide::bid, rungs);
    const bool limits = slot.life.stage == Stage::limiting;
    const std::int64_t worst = limits ? slot.order.limit_price.value().raw() : slot.life.bound;
    Offer best;
    for (std::size_t i = 0; i < count; ++i) {
        // Beyond a limit there is nothing; what is beyond the protection the caller judges.
        const bool beyond = worst != kNoPrice && !is_as_good(side, rungs[i].price, worst);
        if (beyond && (limits || total != nullptr)) break;
        std::int64_t left = share_of(rungs[i].size, market);
        for (const TakenLevel& taken : market.taken)
            if (taken.side == static_cast<std::uint64_t>(side) && taken.price == rungs[i].price)
                left -= taken.quantity;
        if (left <= 0) continue;
        if (best.quantity == 0) best = {rungs[i].price, left};
        if (total == nullptr) return best;
        *total += std::min(left, kUnlimited - *total);
    }
    return best;
}

void SimulatedExchange::take_best(MarketState& market) {
    std::array<BookRung, 1> best;
    const auto best_of = [&](BookSide side, std::int64_t& price, std::int64_t& size) {
        const bool any = market.book->rungs(side, best) == 1;
        price = any ? best[0].price : kNoPrice;
        size = any ? best[0].size : 0;
    };
    best_of(BookSide::bid, market.bid, market.bid_size);
    best_of(BookSide::ask, market.ask, market.ask_size);
}

// A level that the feed tells of again is as the feed says; what we took is part of the past.
void SimulatedExchange::forget_taken(MarketState& market, const model::BookUpdate& update) {
    const auto side =
        static_cast<std::uint64_t>(update.side == BookSide::ask ? Side::buy : Side::sell);
    std::erase_if(market.taken, [&](const TakenLevel& level) {
        return level.side == side &&
               (update.action == BookAction::clear || level.price == update.price.raw());
    });
}

// What happened ahead of our resting orders on this side. `before` is the order that the update is
// about, as it stood.
void SimulatedExchange::follow_queue(MarketState& market, const model::BookUpdate& update,
                                     const std::optional<BookPlace>& before) {
    const Side side = update.side == BookSide::bid ? Side::buy : Side::sell;
    std::int64_t gone = 0;
    if (before) {
        const bool keeps_place = update.action == BookAction::modify &&
                                 update.price.raw() == before->price &&
                                 update.size.raw() <= before->size;
        gone = keeps_place ? before->size - update.size.raw() : before->size;
    }
    for (Handle at = market.first; at != kNoHandle; at = pool_[at].next) {
        Slot& slot = pool_[at];
        Life& life = slot.life;
        if (!life.rests || slot.order.side != side || life.ahead == 0) continue;
        const Price price = slot.order.limit_price.value();
        if (update.action == BookAction::clear) {
            life.ahead = 0;
        } else if (!market.book_of_orders) {
            if (price == update.price)
                life.ahead = std::min(life.ahead, market.book->size_at(update.side, price).raw());
        } else if (before && before->price == price.raw() &&
                   before->ahead < life.ahead + life.traded_ahead) {
            // It stood before us. What a trade has already counted off is not counted again.
            const std::int64_t counted = std::min(life.traded_ahead, gone);
            life.traded_ahead -= counted;
            life.ahead -= std::min(life.ahead, gone - counted);
        }
    }
}

void SimulatedExchange::on_book_update(const model::BookUpdate& update) {
    if (update.instrument.value() >= markets_.size()) return;
    MarketState& market = markets_[update.instrument.value()];
    if (market.feed == Feed::undefined) return;
    pass_time(update.known_at);
    if (market.book == nullptr) {
        if (update.action == BookAction::clear) return;  // it does not tell which kind it will be
        market.book_of_orders = update.order_id != 0;
        market.book = make_book(market.id, Price::from_raw(market.tick), market.book_of_orders);
    }
    std::optional<BookPlace> before;
    if (market.book_of_orders && update.action != BookAction::add)
        before = market.book->place_of(update.order_id);
    if (!market.book->apply(update)) return;
    market.feed = Feed::book;
    market.priced_at = update.known_at;
    take_best(market);
    if (!market.taken.empty()) forget_taken(market, update);
    if (market.is_on_credit) mark_best(market);
    if (market.has_working()) {
        follow_queue(market, update, before);
        if (is_session(market, now_, now_)) match_book(market);
    }
    if (market.is_on_credit) enforce_margin();
}

void SimulatedExchange::match_book(MarketState& market) {
    ++datum_;
    point_ = {Moment::tick, now_, now_};
    if (quotes_trigger(market)) trail_all(market, market.ask, market.bid);
    settle(market, Who::all);
    conclude(market);
}

void SimulatedExchange::mark_best(const MarketState& market) {
    if (market.bid == kNoPrice || market.ask == kNoPrice) return;
    model::Quote best;
    best.instrument = market.id;
    best.bid = Price::from_raw(market.bid);
    best.ask = Price::from_raw(market.ask);
    credit_->mark(best);
}

}  // namespace millrace::venue
