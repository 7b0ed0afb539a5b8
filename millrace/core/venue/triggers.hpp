// What an order is watching the market for, when it is reached, and how trailing stops follow.
// Pure functions of one order and one price.
#pragma once

#include "millrace/core/venue/order_pool.hpp"

namespace millrace::venue {

// Orders that wait for a price to come, and those that wait for one moment.
[[nodiscard]] bool is_conditional(model::OrderType type);
[[nodiscard]] bool is_trailing(model::OrderType type);
[[nodiscard]] bool has_limit(model::OrderType type);
[[nodiscard]] bool is_of_the_open(model::OrderType type);
[[nodiscard]] bool is_of_the_close(model::OrderType type);

// Where an order begins to work.
[[nodiscard]] Stage first_stage(model::OrderType type);
// Where it goes on once triggered.
[[nodiscard]] Stage triggered_stage(model::OrderType type);

// The price an order waits for, and from which side the market has to come. `level` is kNoPrice
// for an order that takes any price, and for a trailing stop that has no stop yet.
struct Aim {
    std::int64_t level = kNoPrice;
    bool from_above = false;  // reached at the level or below
    bool any = false;         // no price is waited for
};
[[nodiscard]] Aim aim_of(const Slot& slot);
[[nodiscard]] bool is_reached(const Aim& aim, std::int64_t price);

// Moves a trailing stop after the market: up for a seller, down for a buyer, never back.
void trail(Slot& slot, std::int64_t price, std::int64_t tick);

}  // namespace millrace::venue
