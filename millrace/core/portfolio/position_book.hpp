// PositionBook: the position of one instrument and what was made with it, at average cost. Two sums
// are kept without rounding: what all deals paid and received (the flow), and what the open part
// cost. Money is rounded once, from the sum and not deal by deal, so that a position that is flat
// again has realised exactly its rounded flow, however it got there: the last unit that is closed
// takes what rounding left over.
#pragma once

#include <array>
#include <cstdint>

#include "millrace/core/engine/state.hpp"
#include "millrace/core/model/account.hpp"
#include "millrace/core/model/corporate_action.hpp"
#include "millrace/core/model/order.hpp"
#include "millrace/core/portfolio/contract.hpp"

namespace millrace::portfolio {

// What a deal does in hedging mode, where a sale may end a long position or begin a short one.
enum class PositionEffect : std::uint8_t {
    automatic,  // netting: against what is open; hedging: opens
    close,      // hedging: closes the other side's leg; what is more than that opens
};

// One direction of a position: quantity, cost and profit.
class PositionLeg {
  public:
    struct Change {
        Money flow;      // paid (negative) or received
        Money realised;  // profit of what was closed
    };

    // Adds to what is open; `quantity` has the sign of the leg, or the leg is flat.
    Booked<Change> open(const Contract& contract, Quantity quantity, Price price);
    // Takes `quantity`, signed like the deal, from the leg; not more than there is.
    Booked<Change> close(const Contract& contract, Quantity quantity, Price price);

    // Another number of units for the same cost: nothing is paid and nothing realised.
    Booked<void> split_to(Quantity after);

    [[nodiscard]] Quantity quantity() const { return quantity_; }
    // What the open part cost; negative for a short position, and for an inverse long one.
    [[nodiscard]] Money cost() const { return cost_; }
    // All that was paid and received so far.
    [[nodiscard]] Money flow() const { return flow_; }
    [[nodiscard]] Money realised() const { return Money::from_raw(flow_.raw() + cost_.raw()); }
    // Of the open part, from its exact cost; absent when flat.
    [[nodiscard]] Booked<Maybe<Price>> average_price(const Contract& contract) const;
    // What the open part would fetch, rounded half to even.
    [[nodiscard]] Booked<Money> value(const Contract& contract, Mark mark) const {
        return portfolio::value(contract, quantity_, mark);
    }

    void save(engine::StateWriter& writer) const;
    void load(engine::StateReader& reader);
    bool operator==(const PositionLeg&) const = default;

  private:
    Exact exact_flow_ = 0;
    Exact exact_cost_ = 0;
    Quantity quantity_;
    Money flow_;  // exact_flow_ rounded; its change is what a deal moved
    Money cost_;  // so that flow + cost is the realised profit, which opening never changes
};

// What one deal did.
struct FillOutcome {
    Quantity closed;
    Quantity opened;
    Money flow;
    Money realised;
    std::uint8_t closed_leg = 0;  // of PositionBook::legs()
    std::uint8_t opened_leg = 0;

    bool operator==(const FillOutcome&) const = default;
};

class PositionBook {
  public:
    explicit PositionBook(model::PositionMode mode = model::PositionMode::netting) : mode_(mode) {}

    // A deal that goes through zero is a closing deal and an opening one at the same price. On an
    // error nothing is changed.
    Booked<FillOutcome> apply(const Contract& contract, model::Side side, Quantity quantity,
                              Price price, PositionEffect effect = PositionEffect::automatic);

    // On an error nothing is changed; so too where nothing would be left of what cost something.
    Booked<void> split(const model::CorporateAction& split);

    [[nodiscard]] model::PositionMode mode() const { return mode_; }
    [[nodiscard]] Quantity quantity() const;  // long less short
    [[nodiscard]] bool is_flat() const {
        return legs_[0].quantity().is_zero() && legs_[1].quantity().is_zero();
    }
    [[nodiscard]] Money cost() const;
    [[nodiscard]] Money flow() const;
    [[nodiscard]] Money realised() const;
    [[nodiscard]] Booked<Money> value(const Contract& contract, Mark mark) const;
    [[nodiscard]] Booked<Money> unrealised(const Contract& contract, Mark mark) const;

    // Netting: the position and an empty leg. Hedging: the long leg, then the short one.
    [[nodiscard]] const std::array<PositionLeg, 2>& legs() const { return legs_; }

    void save(engine::StateWriter& writer) const;
    void load(engine::StateReader& reader);
    bool operator==(const PositionBook&) const = default;

  private:
    std::array<PositionLeg, 2> legs_;
    model::PositionMode mode_;
};

}  // namespace millrace::portfolio
