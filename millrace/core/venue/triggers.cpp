// One switch per question, exhaustive, so that a new order type has to answer each.
#include "millrace/core/venue/triggers.hpp"

#include <algorithm>

namespace millrace::venue {

using model::OrderType;
using model::TrailUnit;

bool is_conditional(OrderType type) {
    return first_stage(type) == Stage::watching;
}

bool is_trailing(OrderType type) {
    return type == OrderType::trailing_stop || type == OrderType::trailing_stop_limit;
}

bool is_of_the_open(OrderType type) {
    return type == OrderType::market_on_open || type == OrderType::limit_on_open;
}

bool is_of_the_close(OrderType type) {
    return type == OrderType::market_on_close || type == OrderType::limit_on_close;
}

bool has_limit(OrderType type) {
    switch (type) {
        case OrderType::limit:
        case OrderType::stop_limit:
        case OrderType::limit_if_touched:
        case OrderType::trailing_stop_limit:
        case OrderType::limit_on_open:
        case OrderType::limit_on_close: return true;
        case OrderType::market:
        case OrderType::stop:
        case OrderType::market_if_touched:
        case OrderType::trailing_stop:
        case OrderType::market_on_open:
        case OrderType::market_on_close: return false;
    }
    return false;
}

Stage first_stage(OrderType type) {
    switch (type) {
        case OrderType::market:
        case OrderType::market_on_open:
        case OrderType::market_on_close: return Stage::taking;
        case OrderType::limit:
        case OrderType::limit_on_open:
        case OrderType::limit_on_close: return Stage::limiting;
        case OrderType::stop:
        case OrderType::stop_limit:
        case OrderType::market_if_touched:
        case OrderType::limit_if_touched:
        case OrderType::trailing_stop:
        case OrderType::trailing_stop_limit: return Stage::watching;
    }
    return Stage::watching;
}

Stage triggered_stage(OrderType type) {
    return has_limit(type) ? Stage::limiting : Stage::taking;
}

Aim aim_of(const Slot& slot) {
    const model::Order& order = slot.order;
    switch (slot.life.stage) {
        case Stage::taking: return {kNoPrice, false, true};
        case Stage::limiting: return {order.limit_price.value().raw(), slot.is_buy(), false};
        case Stage::watching: {
            const bool is_touch = order.type == OrderType::market_if_touched ||
                                  order.type == OrderType::limit_if_touched;
            const std::int64_t level =
                order.stop_price.has_value() ? order.stop_price.value().raw() : kNoPrice;
            return {level, slot.is_buy() == is_touch, false};
        }
        case Stage::held:
        case Stage::over: break;
    }
    return {};
}

bool is_reached(const Aim& aim, std::int64_t price) {
    if (price == kNoPrice) return false;
    if (aim.any) return true;
    if (aim.level == kNoPrice) return false;
    return aim.from_above ? price <= aim.level : price >= aim.level;
}

namespace {

std::int64_t distance_of(const model::Order& order, std::int64_t price, std::int64_t tick) {
    const std::int64_t trail = order.trail.value().raw();
    switch (order.trail_unit) {
        case TrailUnit::absolute: return trail;
        case TrailUnit::percent:
            return static_cast<std::int64_t>(
                divide_rounded(int128{price < 0 ? -price : price} * trail,
                               int128{100} * Price::kOne, Rounding::ceiling));
        case TrailUnit::ticks: return static_cast<std::int64_t>(int128{trail} * tick / Price::kOne);
    }
    return trail;
}

}  // namespace

void trail(Slot& slot, std::int64_t price, std::int64_t tick) {
    model::Order& order = slot.order;
    const std::int64_t distance = distance_of(order, price, tick);
    // On a price increment, away from the market.
    const auto follow =
        round_to(Price::from_raw(slot.is_buy() ? price + distance : price - distance),
                 Price::from_raw(tick), slot.is_buy() ? Rounding::ceiling : Rounding::floor);
    MILLRACE_ASSERT(follow.has_value(), "a trailing stop that does not fit");
    if (!order.stop_price.has_value())
        order.stop_price = *follow;
    else if (slot.is_buy())
        order.stop_price = std::min(order.stop_price.value(), *follow);
    else
        order.stop_price = std::max(order.stop_price.value(), *follow);
}

}  // namespace millrace::venue
