// Orders on credit: what an account's working orders could still do, and whether it may have one
// more. Orders that only reduce, and may do nothing else, are free.
#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

using model::Order;
using model::OrderReason;

namespace {

std::int64_t left_of(const Order& order) {
    return order.quantity.raw() - order.filled_quantity.raw();
}

}  // namespace

// The price an order is counted at: its limit, else its stop, else what it would deal at now.
std::int64_t SimulatedExchange::reference_of(const Order& order, const MarketState& market) const {
    if (has_limit(order.type)) return order.limit_price.value().raw();
    if (order.stop_price.has_value()) return order.stop_price.value().raw();
    return market.price_for(order.side);
}

int128 SimulatedExchange::value_of_waiting(const Order& order, std::int64_t quantity,
                                           const MarketState& market) const {
    const std::int64_t price = reference_of(order, market);
    if (price == kNoPrice) return 0;
    const auto value = value_of(market.contract, price, quantity);
    return value ? int128{value->raw()} : int128{INT64_MAX};
}

// Of one account in one instrument, with the changed order as it is going to be, or without it. Of
// a group only the one of each side that is worth most: they end each other.
Waiting SimulatedExchange::waiting_of(const MarketState& market, AccountId account, Handle changed,
                                      const Order* as) const {
    Waiting waiting;
    const auto order_at = [&](Handle at) -> const Order* {
        if (at == changed) return as;
        const Life& life = pool_[at].life;
        return life.stage == Stage::held || life.stage == Stage::over ? nullptr : &pool_[at].order;
    };
    const auto quantity_at = [&](Handle at, const Order& order) {
        return std::min(left_of(order), pool_[at].life.released - order.filled_quantity.raw());
    };
    const auto is_counted = [&](const Order* order) {
        return order != nullptr && !order->reduce_only && order->account == account &&
               order->instrument == market.id;
    };
    const auto count = [&](Handle at) {
        const Order* order = order_at(at);
        if (!is_counted(order)) return;
        const std::int64_t quantity = quantity_at(at, *order);
        const int128 value = value_of_waiting(*order, quantity, market);
        for (Handle other = pool_[at].group_next; order->group_id != 0 && other != at;
             other = pool_[other].group_next) {
            const Order* sibling = order_at(other);
            if (!is_counted(sibling) || sibling->side != order->side) continue;
            const int128 rival = value_of_waiting(*sibling, quantity_at(other, *sibling), market);
            if (rival > value ||
                (rival == value && pool_[other].life.ordinal < pool_[at].life.ordinal))
                return;
        }
        const bool buys = order->side == Side::buy;
        (buys ? waiting.buys : waiting.sells) += quantity;
        (buys ? waiting.buy_value : waiting.sell_value) += value;
    };
    for (Handle at = market.first; at != kNoHandle; at = pool_[at].next)
        if (at != changed) count(at);
    if (as != nullptr) count(changed);
    return waiting;
}

// Whether the account may have the order, new or with new terms.
OrderReason SimulatedExchange::reason_against_credit(Handle handle, const Order& order) {
    if (!credit_->knows(order.account)) return OrderReason::none;
    const MarketState& market = markets_[order.instrument.value()];
    credit_->take_note(order.account, order.instrument);
    if (order.reduce_only) return OrderReason::none;
    const Waiting before = waiting_of(market, order.account, handle, nullptr);
    const Waiting after = waiting_of(market, order.account, handle, &order);
    if (after.sells > before.sells &&
        !credit_->is_borrowable(order.account, order.instrument, after))
        return OrderReason::no_borrow;
    if (!credit_->asks_margin(order.account)) return OrderReason::none;
    if (credit_->is_called(order.account))
        return left_of(order) <= market.reducible(order.account, order.side)
                   ? OrderReason::none
                   : OrderReason::margin_call;
    const auto needed_before = credit_->initial_of(order.account, order.instrument, before);
    const auto needed_after = credit_->initial_of(order.account, order.instrument, after);
    if (needed_before && needed_after && *needed_after <= *needed_before &&
        reference_of(order, market) != kNoPrice)
        return OrderReason::none;
    if (reference_of(order, market) == kNoPrice) return OrderReason::no_price;
    credit_->clear_need();
    for (std::size_t i = 0; i < credit_->instrument_count(order.account); ++i) {
        const InstrumentId instrument = credit_->instrument_at(order.account, i);
        const MarketState& other = markets_[instrument.value()];
        credit_->add_need(order.account, instrument,
                          instrument == order.instrument
                              ? after
                              : waiting_of(other, order.account, kNoHandle, nullptr));
    }
    const auto is_covered = credit_->is_covered(order.account);
    if (!is_covered) return OrderReason::no_price;  // a currency that no price converts
    return *is_covered ? OrderReason::none : OrderReason::no_margin;
}

// What of a deal the account may do, in whole lots; of all or nothing, all or nothing.
CreditDesk::Part SimulatedExchange::part_on_credit(const Slot& slot, const MarketState& market,
                                                   std::int64_t price, std::int64_t quantity) {
    const Order& order = slot.order;
    const bool is_whole = order.time_in_force == model::TimeInForce::fok;
    if (!credit_->knows(order.account) || (is_whole && !order.filled_quantity.is_zero()))
        return {quantity, OrderReason::none};
    const std::int64_t asked = is_whole ? slot.dealable() : quantity;
    CreditDesk::Part part = credit_->part_of(order, asked, Price::from_raw(price));
    if (is_whole && part.quantity == asked) part.quantity = quantity;
    if (is_whole && part.quantity < quantity) part.quantity = 0;
    part.quantity -= part.quantity % market.lot;
    return part;
}

}  // namespace millrace::venue
