// One order against the liquidity in front of it: how much, at which price, and the books that a
// deal is written into.
#include <algorithm>

#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

using model::OrderReason;
using model::OrderStatus;

namespace {

constexpr int kDealsMax = 1'000;  // of one order at one moment: rungs of a walked book

bool is_beyond(Side side, std::int64_t price, std::int64_t bound) {
    return bound != kNoPrice && (side == Side::buy ? price > bound : price < bound);
}

std::int64_t within(Side side, std::int64_t price, std::int64_t bound) {
    return is_beyond(side, price, bound) ? bound : price;
}

}  // namespace

void SimulatedExchange::attempt(Handle handle, MarketState& market) {
    Slot& slot = pool_[handle];
    if (slot.order.time_in_force == model::TimeInForce::fok) {
        std::int64_t wanted = slot.dealable();
        if (slot.order.reduce_only)
            wanted = std::min(wanted, market.reducible(slot.order.account, slot.order.side));
        if (available_for(slot, market) < wanted) {
            end(handle, OrderStatus::cancelled, OrderReason::no_liquidity);
            return;
        }
    }
    for (int deals = 0; deals < kDealsMax && deal_once(handle, market); ++deals) {
    }
    if (slot.is_over() || slot.dealable() <= 0) return;
    if (slot.life.rests && slot.order.display_quantity.has_value() && slot.life.shown == 0)
        refill(handle, market);
    else
        slot.life.tried = datum_;
}

// One deal; false when there is no more to be had here.
bool SimulatedExchange::deal_once(Handle handle, MarketState& market) {
    Slot& slot = pool_[handle];
    const Side side = slot.order.side;
    const Offer offer = offer_for(slot, market);
    std::int64_t quantity = std::min(offer.quantity, slot.dealable());
    if (slot.life.rests && slot.order.display_quantity.has_value())
        quantity = std::min(quantity, slot.life.shown);
    quantity -= quantity % market.lot;
    if (quantity <= 0) return false;
    if (slot.order.post_only && !slot.life.rests) {
        end(handle, OrderStatus::cancelled, OrderReason::would_take);
        return false;
    }
    if (slot.life.stage == Stage::taking && is_beyond(side, offer.price, slot.life.bound)) {
        end(handle, OrderStatus::cancelled, OrderReason::price_protection);
        return false;
    }
    const std::int64_t price = price_of_deal(slot, market, offer, quantity);
    const std::int64_t dealt = deal_capped(handle, market, price, quantity);
    consume(market, side, offer, dealt);
    return dealt > 0 && !slot.is_over();
}

SimulatedExchange::Offer SimulatedExchange::offer_for(const Slot& slot,
                                                      const MarketState& market) const {
    if (market.feed == Feed::book) return book_offer(slot, market, nullptr);
    const Side side = slot.order.side;
    const std::int64_t left = side == Side::buy ? market.ask_left : market.bid_left;
    Offer offer{market.price_for(side), left};
    if (offer.price == kNoPrice) return {};
    if (market.feed == Feed::quotes) {
        const std::int64_t size = side == Side::buy ? market.ask_size : market.bid_size;
        const std::int64_t taken = size - left;
        const std::int64_t share = share_of(size, market);
        offer.quantity = share == kUnlimited ? share : share - taken;
        if (settings_.slippage.kind == SlippageKind::book_walk && share != kUnlimited &&
            share > 0 && !slot.life.rests) {
            // Beyond the quoted size: each further size is one increment worse.
            const std::int64_t worse = taken / share * market.tick;
            offer = {side == Side::buy ? offer.price + worse : offer.price - worse,
                     share - taken % share};
        }
    }
    if (slot.life.stage == Stage::limiting &&
        !is_as_good(side, offer.price, slot.order.limit_price.value().raw()))
        return {};
    return offer;
}

// What the whole order could have at once, for one that wants all or nothing.
std::int64_t SimulatedExchange::available_for(const Slot& slot, const MarketState& market) const {
    std::int64_t total = 0;
    if (market.feed == Feed::book) {
        return book_offer(slot, market, &total).quantity == 0 ? 0 : total;
    }
    if (settings_.slippage.kind == SlippageKind::book_walk && market.feed == Feed::quotes &&
        slot.life.stage == Stage::taking)
        return kUnlimited;
    return offer_for(slot, market).quantity;
}

std::int64_t SimulatedExchange::price_of_deal(const Slot& slot, const MarketState& market,
                                              const Offer& offer, std::int64_t quantity) const {
    const Side side = slot.order.side;
    const bool limits = slot.life.stage == Stage::limiting;
    if (slot.life.rests)
        return market.feed == Feed::bars ? offer.price : slot.order.limit_price.value().raw();
    if (market.feed == Feed::book) return offer.price;
    std::int64_t volume = market.volume;
    if (market.feed == Feed::quotes) volume = side == Side::buy ? market.ask_size : market.bid_size;
    const std::int64_t price =
        slipped(settings_.slippage, side, offer.price, market.tick, quantity, volume);
    if (limits) return within(side, price, slot.order.limit_price.value().raw());
    return within(side, price, slot.life.bound);
}

void SimulatedExchange::consume(MarketState& market, Side side, const Offer& offer,
                                std::int64_t quantity) {
    if (quantity <= 0) return;
    if (market.feed == Feed::book) {
        const auto book_side = static_cast<std::uint64_t>(side);
        for (TakenLevel& level : market.taken) {
            if (level.side != book_side || level.price != offer.price) continue;
            level.quantity += quantity;
            return;
        }
        market.taken.push_back({offer.price, quantity, book_side});
        return;
    }
    std::int64_t& left = side == Side::buy ? market.ask_left : market.bid_left;
    if (left == kUnlimited || !settings_.sizes_known) return;
    left -= quantity;
    if (market.feed != Feed::quotes) market.set_pool(left);  // one pool for both sides
}

std::int64_t SimulatedExchange::deal_capped(Handle handle, MarketState& market, std::int64_t price,
                                            std::int64_t quantity) {
    Slot& slot = pool_[handle];
    const model::Order& order = slot.order;
    if (order.reduce_only)
        quantity = std::min(quantity, market.reducible(order.account, order.side));
    if (quantity <= 0) {
        end(handle, OrderStatus::cancelled, OrderReason::would_not_reduce);
        return 0;
    }
    if (credit_ != nullptr) {
        const CreditDesk::Part part = part_on_credit(slot, market, price, quantity);
        if (part.quantity == 0) {
            end(handle, OrderStatus::cancelled, part.reason);
            return 0;
        }
        quantity = part.quantity;
    }
    const auto value = value_of(market.contract, price, quantity);
    MILLRACE_ASSERT(value.has_value(), "a deal whose value does not fit into money");
    const FeeModel& model = fee_models_[market.fee_model];
    const FeeCase cost{now_,
                       order.account,
                       market.settlement,
                       slot.life.rests ? model::Liquidity::maker : model::Liquidity::taker,
                       quantity,
                       *value,
                       slot.life.fee_due,
                       slot.life.fee_charged};
    const FeeAnswer fee = fees_.fee_of(model, cost);
    const bool is_on_credit = credit_ != nullptr && credit_->knows(order.account);
    if (buying_power_ != nullptr && !is_on_credit &&
        !buying_power_->may_deal(order, market.settlement, Quantity::from_raw(quantity), *value,
                                 Money::from_raw(fee.fee))) {
        end(handle, OrderStatus::cancelled, OrderReason::no_cash);
        return 0;
    }
    model::Fill fill;
    fill.quantity = Quantity::from_raw(quantity);
    fill.price = Price::from_raw(price);
    fill.fee = Money::from_raw(fee.fee);
    switch (model.paid_in) {
        case FeePaidIn::settlement: fill.fee_currency = market.settlement; break;
        case FeePaidIn::base: fill.fee_currency = market.base; break;
        case FeePaidIn::named: fill.fee_currency = model.currency; break;
    }
    fill.liquidity = cost.liquidity;
    slot.life.fee_due = fee.due;
    slot.life.fee_charged += fee.fee;
    fees_.book(model, cost);
    deal(handle, market, fill, cost);
    return quantity;
}

// Tells the deal and what follows from it: siblings, then children, then the order's own end, then
// whatever could only have reduced a position that is now flat.
void SimulatedExchange::deal(Handle handle, MarketState& market, const model::Fill& dealt,
                             const FeeCase& cost) {
    Slot& slot = pool_[handle];
    const std::int64_t quantity = dealt.quantity.raw();
    model::Fill fill = dealt;
    report_fill(slot, fill);
    if (buying_power_ != nullptr) buying_power_->dealt(fill, market.settlement, cost.value);
    set_dealt(slot, market, fill);
    if (credit_ != nullptr) {
        credit_->dealt(fill, slot.order.reduce_only);
        expect_costs(fill.account, market);
    }
    const bool is_filled = slot.order.status == OrderStatus::filled;
    report(slot, OrderReason::none);
    tell_group(handle, quantity);
    release_children(handle, slot.life.arrived);
    const AccountId account = slot.order.account;
    if (is_filled) finish(handle);
    if (market.position_of(account) == 0) end_reducers(market, account);
}

void SimulatedExchange::set_dealt(Slot& slot, MarketState& market, const model::Fill& fill) {
    model::Order& order = slot.order;
    Life& life = slot.life;
    const std::int64_t quantity = fill.quantity.raw();
    order.filled_quantity = Quantity::from_raw(order.filled_quantity.raw() + quantity);
    // Sums run through 128 bits, kept as two words so that the slot stays plain memory.
    const uint128 sum = (uint128{life.value_high} << 64 | life.value_low) +
                        static_cast<uint128>(int128{fill.price.raw()} * quantity);
    life.value_low = static_cast<std::uint64_t>(sum);
    life.value_high = static_cast<std::uint64_t>(sum >> 64);
    order.average_price = Price::from_raw(static_cast<std::int64_t>(divide_rounded(
        static_cast<int128>(sum), order.filled_quantity.raw(), Rounding::half_even)));
    order.status = slot.remaining() == 0 ? OrderStatus::filled : OrderStatus::partially_filled;
    if (order.display_quantity.has_value() && life.rests) life.shown -= quantity;
    hold(market, order, slot.is_buy() ? quantity : -quantity);
}

void SimulatedExchange::hold(MarketState& market, const model::Order& order, std::int64_t change) {
    for (Position& position : market.positions) {
        if (position.account != order.account.value() ||
            position.strategy != order.strategy.value())
            continue;
        const auto held = narrow(int128{position.quantity} + change);
        MILLRACE_ASSERT(held.has_value(), "a position that does not fit");
        position.quantity = *held;
        return;
    }
    market.positions.push_back({change, order.account.value(), order.strategy.value()});
}

// The next part of an iceberg shows, at the back of the queue.
void SimulatedExchange::refill(Handle handle, MarketState& market) {
    Slot& slot = pool_[handle];
    slot.life.shown = std::min(slot.order.display_quantity.value().raw(), slot.remaining());
    lose_place(handle, market);
    set_queue(slot, market);
}

}  // namespace millrace::venue
