// Intent: what somebody outside asked for, under its key, and what became of it: the orders that
// were made of it and their deals. The book (intent_book.hpp) keeps them; nobody else changes them.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "millrace/core/model/instrument.hpp"
#include "millrace/core/model/order.hpp"

namespace millrace::execution {

// Where an intent is in its life; from `error` on it is over.
enum class IntentState : std::uint8_t {
    pending,   // taken
    planning,  // orders are being made of it
    planned,   // what would be sent is known; waits for promotion
    ready,     // promoted; waits until sending is allowed
    sending,   // on its way to the venue, not answered yet
    sent,      // works at the venue
    error,     // no order can be made of it
    filled,
    rejected,   // by the guardian, the desk or the venue
    cancelled,  // or lapsed; a part may have been dealt
};
inline constexpr std::array<std::string_view, 10> kIntentStateNames = {
    "pending", "planning", "planned", "ready",    "sending",
    "sent",    "error",    "filled",  "rejected", "cancelled"};
[[nodiscard]] constexpr std::string_view name_of(IntentState state) {
    return kIntentStateNames[static_cast<std::size_t>(state)];
}
[[nodiscard]] constexpr bool is_over(IntentState state) {
    return state >= IntentState::error;
}

// The orders of an intent: the entry, and the two that protect it.
enum class IntentLeg : std::uint8_t { entry, stop_loss, take_profit };
inline constexpr std::size_t kIntentLegs = 3;
inline constexpr std::array<std::string_view, kIntentLegs> kIntentLegNames = {"entry", "stop_loss",
                                                                              "take_profit"};

// What is known of one of its orders.
struct LegState {
    bool is_sent = false;  // handed to the guardian and the desk
    model::OrderStatus status{};
    model::OrderReason reason{};
    Quantity filled;
    Maybe<Price> average_price;
    bool operator==(const LegState&) const = default;
};

struct Intent {
    static constexpr std::size_t kFillsMax = 1'000;  // kept here; more are only counted

    std::uint64_t id = 0;
    std::uint64_t sequence = 0;  // of the input that changed it last
    Time created;
    Time updated;
    IntentState state{};
    model::OrderReason reason{};  // why it is in error, rejected or cancelled
    model::OrderIntent body;
    std::array<LegState, kIntentLegs> legs{};
    std::vector<model::Fill> fills;
    std::uint64_t fill_count = 0;

    [[nodiscard]] const LegState& leg(IntentLeg which) const {
        return legs[static_cast<std::size_t>(which)];
    }
    bool operator==(const Intent&) const = default;
};

// Numbers of the orders of intents. A strategy whose number is 16384 or more would number its
// orders here, too; a system with intents has fewer.
inline constexpr std::uint64_t kIntentOrdersFrom = std::uint64_t{1} << 50;
inline constexpr std::uint64_t kIntentOrdersEnd = std::uint64_t{1} << 51;

[[nodiscard]] constexpr std::uint64_t order_number(std::uint64_t intent, IntentLeg leg) {
    return kIntentOrdersFrom + intent * 4 + static_cast<std::uint64_t>(leg);
}
struct IntentOrder {
    std::uint64_t intent = 0;
    IntentLeg leg{};
};
// Nothing for the number of somebody else's order.
[[nodiscard]] constexpr std::optional<IntentOrder> intent_order(std::uint64_t order_id) {
    if (order_id < kIntentOrdersFrom || order_id >= kIntentOrdersEnd) return std::nullopt;
    const std::uint64_t number = order_id - kIntentOrdersFrom;
    if (number % 4 >= kIntentLegs) return std::nullopt;
    return IntentOrder{number / 4, static_cast<IntentLeg>(number % 4)};
}

// The orders that an intent comes to, as they are sent: one, or a bracket of two or three.
[[nodiscard]] std::vector<model::Order> orders_of(const Intent& intent);

// Why no order can be made of it; `none` when one can.
[[nodiscard]] model::OrderReason check_intent(const model::OrderIntent& intent,
                                              const model::Instrument& instrument);

}  // namespace millrace::execution
