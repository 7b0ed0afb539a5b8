// Opening, closing and flipping. Every change is worked out on a copy and kept only when all of it
// fits.
#include "millrace/core/portfolio/position_book.hpp"

#include <algorithm>

#include "millrace/core/portfolio/exact_state.hpp"
#include "millrace/core/portfolio/ledger.hpp"

namespace millrace::portfolio {

Booked<PositionLeg::Change> PositionLeg::open(const Contract& contract, Quantity quantity,
                                              Price price) {
    MILLRACE_ASSERT(!quantity.is_zero(), "a deal of nothing");
    MILLRACE_ASSERT(quantity_.is_zero() || quantity_.is_negative() == quantity.is_negative(),
                    "opening against the direction of the leg");
    const auto paid = worth(contract, quantity, price);
    if (!paid) return refused(paid.error());
    PositionLeg next = *this;
    if (!try_add(next.quantity_, quantity)) return refused(BookError::overflow);
    next.exact_cost_ += *paid;
    if (!is_money(next.exact_cost_)) return refused(BookError::overflow);
    next.exact_flow_ -= *paid;
    const auto flow = money_of(next.exact_flow_);
    if (!flow) return refused(flow.error());
    next.flow_ = *flow;
    // Whatever left the flow is in the cost now, to the last unit: opening realises nothing.
    Money moved = next.flow_;
    if (!try_subtract(moved, flow_) || !try_subtract(next.cost_, moved))
        return refused(BookError::overflow);
    *this = next;
    return Change{moved, Money()};
}

Booked<PositionLeg::Change> PositionLeg::close(const Contract& contract, Quantity quantity,
                                               Price price) {
    const std::int64_t held = quantity_.is_negative() ? -quantity_.raw() : quantity_.raw();
    const std::int64_t part = quantity.is_negative() ? -quantity.raw() : quantity.raw();
    MILLRACE_ASSERT(part > 0 && part <= held, "closing nothing, or more than there is");
    MILLRACE_ASSERT(quantity_.is_negative() != quantity.is_negative(),
                    "closing in the direction of the leg");
    const auto paid = worth(contract, quantity, price);
    if (!paid) return refused(paid.error());
    PositionLeg next = *this;
    next.quantity_ = Quantity::from_raw(quantity_.raw() + quantity.raw());
    next.exact_cost_ -= share_of(exact_cost_, part, held);
    next.cost_ =
        Money::from_raw(cost_.raw() - static_cast<std::int64_t>(share_of(cost_.raw(), part, held)));
    next.exact_flow_ -= *paid;
    const auto flow = money_of(next.exact_flow_);
    if (!flow) return refused(flow.error());
    next.flow_ = *flow;
    Money moved = next.flow_;
    Money gained = next.flow_;
    if (!try_subtract(moved, flow_) || !try_add(gained, next.cost_) ||
        !try_subtract(gained, realised()))
        return refused(BookError::overflow);
    *this = next;
    return Change{moved, gained};
}

Booked<void> PositionLeg::split_to(Quantity after) {
    const auto sign = [](Quantity quantity) {
        return quantity.is_zero() ? 0 : quantity.is_negative() ? -1 : 1;
    };
    if (sign(after) != sign(quantity_)) return refused(BookError::bad_quantity);
    quantity_ = after;
    return {};
}

Booked<Maybe<Price>> PositionLeg::average_price(const Contract& contract) const {
    if (quantity_.is_zero()) return Maybe<Price>();
    return price_of(contract, quantity_, exact_cost_).map([](Price price) {
        return Maybe<Price>(price);
    });
}

void PositionLeg::save(engine::StateWriter& writer) const {
    put_exact(writer, exact_flow_);
    put_exact(writer, exact_cost_);
    writer.put(quantity_);
    writer.put(flow_);
    writer.put(cost_);
}

void PositionLeg::load(engine::StateReader& reader) {
    exact_flow_ = get_exact(reader);
    exact_cost_ = get_exact(reader);
    quantity_ = reader.get<Quantity>();
    flow_ = reader.get<Money>();
    cost_ = reader.get<Money>();
}

Booked<FillOutcome> PositionBook::apply(const Contract& contract, model::Side side,
                                        Quantity quantity, Price price, PositionEffect effect) {
    if (quantity.raw() <= 0) return refused(BookError::bad_quantity);
    const bool buys = side == model::Side::buy;
    const bool hedges = mode_ == model::PositionMode::hedging;
    FillOutcome outcome;
    outcome.opened_leg = hedges && !buys ? 1 : 0;
    outcome.closed_leg = hedges && buys ? 1 : 0;
    PositionLeg& other = legs_[outcome.closed_leg];
    const PositionLeg before = other;
    const bool is_against = buys ? other.quantity().raw() < 0 : other.quantity().raw() > 0;
    if (is_against && (!hedges || effect == PositionEffect::close)) {
        const Quantity held = buys ? -other.quantity() : other.quantity();
        outcome.closed = std::min(held, quantity);
        const auto change = other.close(contract, buys ? outcome.closed : -outcome.closed, price);
        if (!change) return refused(change.error());
        outcome.flow = change->flow;
        outcome.realised = change->realised;
    }
    outcome.opened = Quantity::from_raw(quantity.raw() - outcome.closed.raw());
    if (!outcome.opened.is_zero()) {
        PositionLeg opened = legs_[outcome.opened_leg];
        const auto change = opened.open(contract, buys ? outcome.opened : -outcome.opened, price);
        const auto flow =
            change ? sum_of(outcome.flow, change->flow) : Booked<Money>(refused(change.error()));
        if (!flow) {
            other = before;
            return refused(flow.error());
        }
        outcome.flow = *flow;
        MILLRACE_ASSERT(change->realised.is_zero(), "opening has realised a profit");
        legs_[outcome.opened_leg] = opened;
    }
    return outcome;
}

// The short leg is what the long one leaves of their sum: the venue knows of no more than that.
Booked<void> PositionBook::split(const model::CorporateAction& split) {
    const auto both = model::quantity_after(split, quantity());
    const auto bought = model::quantity_after(split, legs_[0].quantity());
    if (!both || !bought) return refused(BookError::overflow);
    const std::array after = {*bought, Quantity::from_raw(both->raw() - bought->raw())};
    std::array<PositionLeg, 2> legs = legs_;
    for (std::size_t i = 0; i < legs.size(); ++i)
        if (auto done = legs[i].split_to(after[i]); !done) return done;
    legs_ = legs;
    return {};
}

Quantity PositionBook::quantity() const {
    return Quantity::from_raw(legs_[0].quantity().raw() + legs_[1].quantity().raw());
}

Money PositionBook::cost() const {
    return Money::from_raw(legs_[0].cost().raw() + legs_[1].cost().raw());
}

Money PositionBook::flow() const {
    return Money::from_raw(legs_[0].flow().raw() + legs_[1].flow().raw());
}

Money PositionBook::realised() const {
    return Money::from_raw(legs_[0].realised().raw() + legs_[1].realised().raw());
}

Booked<Money> PositionBook::value(const Contract& contract, Mark mark) const {
    const auto first = legs_[0].value(contract, mark);
    if (!first || legs_[1].quantity().is_zero()) return first;
    const auto second = legs_[1].value(contract, mark);
    if (!second) return second;
    return sum_of(*first, *second);
}

Booked<Money> PositionBook::unrealised(const Contract& contract, Mark mark) const {
    const auto worth_now = value(contract, mark);
    if (!worth_now) return worth_now;
    const auto profit = subtract(*worth_now, cost());
    if (!profit) return refused(BookError::overflow);
    return *profit;
}

void PositionBook::save(engine::StateWriter& writer) const {
    for (const PositionLeg& leg : legs_)
        leg.save(writer);
    writer.put(static_cast<std::uint8_t>(mode_));
}

void PositionBook::load(engine::StateReader& reader) {
    for (PositionLeg& leg : legs_)
        leg.load(reader);
    mode_ = reader.get<std::uint8_t>() == 0 ? model::PositionMode::netting
                                            : model::PositionMode::hedging;
}

}  // namespace millrace::portfolio
