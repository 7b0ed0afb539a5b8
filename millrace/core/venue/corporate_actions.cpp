// Splits and dividends. What waits keeps its place and its meaning in other units; a price that has
// to be rounded is rounded against being dealt too early or too dear, a quantity down to whole
// lots. docs/concept/corporate-actions.md states the rules.
#include <algorithm>

#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

using model::CorporateAction;
using model::Order;
using model::OrderReason;
using model::OrderStatus;

namespace {

constexpr const char* kOutOfRange = "a split that makes a number too large";

std::int64_t units(const CorporateAction& split, std::int64_t quantity) {
    if (quantity == kUnlimited) return quantity;
    const auto after = model::quantity_after(split, quantity);
    MILLRACE_ASSERT(after.has_value(), kOutOfRange);
    return *after;
}

std::int64_t in_lots(const CorporateAction& split, std::int64_t quantity, std::int64_t lot) {
    const std::int64_t after = units(split, quantity);
    return after == kUnlimited ? after : after - after % lot;
}

std::int64_t price(const CorporateAction& split, std::int64_t price,
                   Rounding rounding = Rounding::half_even) {
    if (price == kNoPrice) return price;
    const auto after = model::price_after(split, price, rounding);
    MILLRACE_ASSERT(after.has_value(), kOutOfRange);
    return *after;
}

// On a price increment: of n * old / new at once, so that it is rounded only once.
void to_tick(const CorporateAction& split, Maybe<Price>& price, std::int64_t tick,
             Rounding rounding) {
    if (!price.has_value()) return;
    const int128 steps =
        divide_rounded(int128{price.value().raw()} * split.old_units,
                       int128{tick} * static_cast<std::int64_t>(split.new_units), rounding);
    const auto after = narrow(steps * tick);
    MILLRACE_ASSERT(after.has_value(), kOutOfRange);
    price = Price::from_raw(*after);
}

// A limit is never worse than it was, a stop never nearer to the market, a trail never shorter.
void split_prices(const CorporateAction& split, Order& order, std::int64_t tick) {
    const bool buys = order.side == Side::buy;
    const bool touches = order.type == model::OrderType::market_if_touched ||
                         order.type == model::OrderType::limit_if_touched;
    to_tick(split, order.limit_price, tick, buys ? Rounding::floor : Rounding::ceiling);
    to_tick(split, order.stop_price, tick, buys == touches ? Rounding::floor : Rounding::ceiling);
    if (order.average_price.has_value())
        order.average_price = Price::from_raw(price(split, order.average_price.value().raw()));
    if (order.trail_unit == model::TrailUnit::absolute)
        to_tick(split, order.trail, tick, Rounding::ceiling);
    else if (order.trail_unit == model::TrailUnit::ticks)
        to_tick(split, order.trail, Price::kOne, Rounding::ceiling);
}

// False when no lot is left of it.
bool split_quantities(const CorporateAction& split, Order& order, std::int64_t lot) {
    const std::int64_t rest = order.quantity.raw() - order.filled_quantity.raw();
    const std::int64_t left = in_lots(split, rest, lot);
    order.filled_quantity = Quantity::from_raw(units(split, order.filled_quantity.raw()));
    const auto whole =
        narrow(int128{order.filled_quantity.raw()} + (left != 0 ? left : units(split, rest)));
    MILLRACE_ASSERT(whole.has_value(), kOutOfRange);
    if (*whole > 0) order.quantity = Quantity::from_raw(*whole);
    if (left == 0) return false;
    if (order.display_quantity.has_value())
        order.display_quantity = Quantity::from_raw(std::clamp(
            in_lots(split, order.display_quantity.value().raw(), lot), lot, std::max(lot, left)));
    return true;
}

}  // namespace

void SimulatedExchange::on_corporate_action(const CorporateAction& action) {
    if (action.instrument.value() >= market_count_) return;
    MarketState& market = markets_[action.instrument.value()];
    if (market.feed == Feed::undefined) return;
    pass_time(action.known_at);
    ++datum_;
    // Not after its way back: what is dealt and told from now on is in the new units.
    last_report_ = std::max(last_report_, now_);
    CorporateAction told = action;
    told.known_at = last_report_;
    sink_->on_action(told);
    if (!model::is_split(action)) {
        pay_dividend(market, action);
    } else {
        split_market(market, action);
        split_requests(market, action);
        split_orders(market, action);
        pay_fractions(market);
    }
    market.dirty = true;
    if (credit_ != nullptr) enforce_margin();
}

// By who holds it now, in the order of accounts and strategies: those who are short pay it.
void SimulatedExchange::pay_dividend(MarketState& market, const CorporateAction& dividend) {
    std::vector<Position> holders = market.positions;
    std::sort(holders.begin(), holders.end(), [](const Position& a, const Position& b) {
        return std::pair(a.account, a.strategy) < std::pair(b.account, b.strategy);
    });
    for (const Position& holder : holders) {
        if (holder.quantity == 0) continue;
        const bool is_short = holder.quantity < 0;
        const auto value = value_of(market.contract, dividend.amount.value().raw(),
                                    is_short ? -holder.quantity : holder.quantity);
        MILLRACE_ASSERT(value.has_value(), "a dividend that does not fit into money");
        CashCharge charge;
        charge.known_at = last_report_;
        charge.amount = is_short ? -*value : *value;
        charge.currency = dividend.currency;
        charge.account = AccountId(static_cast<AccountId::Value>(holder.account));
        charge.strategy = StrategyId(static_cast<StrategyId::Value>(holder.strategy));
        charge.reason = portfolio::CashReason::dividend;
        sink_->on_cash(charge);
        if (buying_power_ != nullptr)
            buying_power_->paid(charge.account, charge.currency, charge.amount);
        if (credit_ == nullptr) continue;
        credit_->book(
            {charge.account, charge.strategy, charge.currency, charge.amount, charge.reason});
        expect_costs(charge.account, market);
    }
}

// Prices, what is offered at them, and what is held. A book has to be told anew.
void SimulatedExchange::split_market(MarketState& market, const CorporateAction& split) {
    for (std::int64_t* one : {&market.bid, &market.ask, &market.last_trade})
        *one = price(split, *one);
    for (std::int64_t* size :
         {&market.bid_size, &market.ask_size, &market.bid_left, &market.ask_left, &market.volume})
        *size = units(split, *size);
    market.taken.clear();
    if (market.book != nullptr)
        market.book = make_book(market.id, Price::from_raw(market.tick), market.book_of_orders);
    for (Position& position : market.positions)
        position.quantity = units(split, position.quantity);
    if (credit_ != nullptr) credit_->split(split);
    if (buying_power_ == nullptr) return;
    for (const Position& position : market.positions) {
        const AccountId account(static_cast<AccountId::Value>(position.account));
        buying_power_->set_held(account, market.id,
                                Quantity::from_raw(market.position_of(account)));
    }
}

// An order on its way was meant in the units of when it was sent.
void SimulatedExchange::split_requests(const MarketState& market, const CorporateAction& split) {
    for (std::size_t i = 0; i < requests_.size(); ++i) {
        Request& request = requests_.at(i);
        if (request.kind == Request::Kind::submit) {
            if (request.order.instrument != market.id) continue;
            split_prices(split, request.order, market.tick);
            // One that is for less than a lot is left as it is and refused for that.
            Order after = request.order;
            if (split_quantities(split, after, market.lot)) request.order = after;
        } else if (request.kind == Request::Kind::replace) {
            const Handle handle = pool_.find(request.order.order_id);
            if (handle == kNoHandle || pool_[handle].order.instrument != market.id) continue;
            Order terms = pool_[handle].order;
            terms.limit_price = request.terms.limit_price;
            terms.stop_price = request.terms.stop_price;
            terms.trail = request.terms.trail;
            split_prices(split, terms, market.tick);
            if (request.terms.quantity.has_value())
                request.terms.quantity = Quantity::from_raw(
                    in_lots(split, request.terms.quantity.value().raw(), market.lot));
            request.terms.limit_price = terms.limit_price;
            request.terms.stop_price = terms.stop_price;
            request.terms.trail = terms.trail;
        }
    }
}

void SimulatedExchange::split_orders(MarketState& market, const CorporateAction& split) {
    std::vector<std::uint64_t> ended;
    for (const Handle handle : pool_.sorted()) {
        Slot& slot = pool_[handle];
        Order& order = slot.order;
        if (order.instrument != market.id) continue;
        Life& life = slot.life;
        life.group_dealt = units(split, life.group_dealt);
        if (slot.is_over()) continue;
        const std::int64_t cut = life.asked - order.quantity.raw();  // by siblings
        for (std::int64_t* quantity : {&life.released, &life.ahead, &life.traded_ahead})
            *quantity = units(split, *quantity);
        life.shown = in_lots(split, life.shown, market.lot);
        life.bound = price(split, life.bound);
        split_prices(split, order, market.tick);
        const bool has_offset = order.type == model::OrderType::trailing_stop_limit &&
                                !life.triggered && order.stop_price.has_value();
        if (has_offset)
            life.limit_offset = order.limit_price.value().raw() - order.stop_price.value().raw();
        if (!split_quantities(split, order, market.lot)) {
            // Something else may end it first, and would tell of units that nobody knows of yet.
            if (!order.filled_quantity.is_zero()) report(slot, OrderReason::corporate_action);
            ended.push_back(order.order_id);
            continue;
        }
        life.asked = order.quantity.raw() + units(split, cut);
        report(slot, OrderReason::corporate_action);
    }
    for (const std::uint64_t order_id : ended) {
        const Handle handle = pool_.find(order_id);
        if (handle != kNoHandle && !pool_[handle].is_over())
            end(handle, OrderStatus::cancelled, OrderReason::corporate_action);
    }
}

// What no order could sell: a part of a unit, or of a lot that is finer.
void SimulatedExchange::pay_fractions(MarketState& market) {
    const std::int64_t step = std::min(market.lot, Quantity::kOne);
    std::vector<Position> holders = market.positions;
    std::sort(holders.begin(), holders.end(), [](const Position& a, const Position& b) {
        return std::pair(a.account, a.strategy) < std::pair(b.account, b.strategy);
    });
    for (const Position& holder : holders)
        if (holder.quantity % step != 0) pay_fraction(market, holder, holder.quantity % step);
}

// An order of the venue's own and its deal, at the last price and for no fee.
void SimulatedExchange::pay_fraction(MarketState& market, const Position& holder,
                                     std::int64_t fraction) {
    const std::int64_t quantity = fraction < 0 ? -fraction : fraction;
    Slot slot;
    Order& order = slot.order;
    order.order_id = kFractionsFrom + ++fractions_;
    order.quantity = Quantity::from_raw(quantity);
    order.instrument = market.id;
    order.strategy = StrategyId(static_cast<StrategyId::Value>(holder.strategy));
    order.account = AccountId(static_cast<AccountId::Value>(holder.account));
    order.side = fraction < 0 ? Side::buy : Side::sell;
    order.time_in_force = model::TimeInForce::gtc;
    order.status = OrderStatus::accepted;
    order.reduce_only = true;
    std::int64_t at = kNoPrice;
    for (const std::int64_t known :
         {market.price_for(order.side), market.last_trade, market.price_for(opposite(order.side))})
        if (at == kNoPrice) at = known;
    if (at == kNoPrice) return;  // nobody offers anything: it stays, as the page says
    report(slot, OrderReason::corporate_action);
    model::Fill fill;
    fill.quantity = order.quantity;
    fill.price = Price::from_raw(at);
    fill.fee_currency = market.settlement;
    fill.liquidity = model::Liquidity::taker;
    report_fill(slot, fill);
    const auto value = value_of(market.contract, at, quantity);
    MILLRACE_ASSERT(value.has_value(), "a deal whose value does not fit into money");
    if (buying_power_ != nullptr) buying_power_->dealt(fill, market.settlement, *value);
    hold(market, order, -fraction);
    if (credit_ != nullptr) {
        credit_->dealt(fill, true);
        expect_costs(order.account, market);
    }
    order.filled_quantity = order.quantity;
    order.average_price = fill.price;
    order.status = OrderStatus::filled;
    report(slot, OrderReason::corporate_action);
    if (market.position_of(order.account) == 0) end_reducers(market, order.account);
}

}  // namespace millrace::venue
