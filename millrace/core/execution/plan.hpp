// Plan: what one strategy holds in one instrument by its deals, the orders that were made for it
// and may still deal, and which way it wants to be. Deals and reports may come in either order.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "millrace/core/engine/state.hpp"
#include "millrace/core/model/nouns.hpp"

namespace millrace::execution {

enum class PlanRole : std::uint8_t { entry, close, protection };

struct PlannedOrder {
    std::uint64_t order_id = 0;
    std::uint64_t parent_id = 0;  // the entry that it protects
    Quantity quantity;
    Quantity dealt;     // by its deals
    Quantity reported;  // dealt, by its reports
    model::Side side{};
    PlanRole role{};
    bool is_cancelling = false;
    bool is_over = false;

    // What the position may still move by.
    [[nodiscard]] Quantity outstanding() const;
};

// An entry, and where its protection is to be.
struct PlannedEntry {
    model::Order order;
    Maybe<Price> stop;
    Maybe<Price> target;
};

class Plan {
  public:
    static constexpr std::size_t kOrdersMax = 1024;

    [[nodiscard]] Quantity position() const { return position_; }
    [[nodiscard]] const std::vector<PlannedOrder>& orders() const { return orders_; }
    [[nodiscard]] std::vector<PlannedOrder>& orders() { return orders_; }
    // 1 long, -1 short, 0 out: what the last signal asked for.
    [[nodiscard]] std::int8_t wanted() const { return wanted_; }
    void want(std::int8_t direction) { wanted_ = direction; }

    // Of the orders of the role on the side.
    [[nodiscard]] Quantity outstanding(PlanRole role, model::Side side) const;
    // What is held on the side and what entries may still add to it.
    [[nodiscard]] Quantity exposure(model::Side side) const;
    // What is held against the wish and is not being closed already; never negative.
    [[nodiscard]] Quantity excess() const;
    // What is held on the side and not being closed already; never negative.
    [[nodiscard]] Quantity unclosed(model::Side side) const;
    // Whether something of the other side is held.
    [[nodiscard]] bool is_against(model::Side side) const {
        return side == model::Side::buy ? position_.is_negative() : position_.raw() > 0;
    }
    // The side of an order that closes what is held.
    [[nodiscard]] model::Side closing_side() const {
        return position_.is_negative() ? model::Side::buy : model::Side::sell;
    }

    // An entry that is sent once nothing is held against it.
    [[nodiscard]] bool waits() const { return waiting_.has_value(); }
    [[nodiscard]] const PlannedEntry& waiting() const { return *waiting_; }
    void let_wait(const PlannedEntry& entry) { waiting_ = entry; }
    bool stop_waiting() { return std::exchange(waiting_, std::nullopt).has_value(); }

    // Of what is held and of an entry that waits; orders that work are told of by the venue.
    void split(const model::CorporateAction& split, const model::Instrument& instrument);

    void add(const model::Order& order, PlanRole role);
    // The order that dealt, if it is of the plan.
    std::optional<PlannedOrder> take(const model::Fill& fill);
    // The order that just ended; nothing when it goes on or is not of the plan.
    std::optional<PlannedOrder> take(const model::Order& report);

    void save(engine::StateWriter& writer) const;
    void load(engine::StateReader& reader);

  private:
    [[nodiscard]] std::vector<PlannedOrder>::iterator place_of(std::uint64_t order_id);
    void forget_if_done(std::vector<PlannedOrder>::iterator order);

    Quantity position_;
    std::vector<PlannedOrder> orders_;  // in the order of their making
    std::optional<PlannedEntry> waiting_;
    std::int8_t wanted_ = 0;
};

}  // namespace millrace::execution
