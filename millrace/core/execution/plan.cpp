// Sums over a few orders.
#include "millrace/core/execution/plan.hpp"

#include <algorithm>

namespace millrace::execution {
namespace {

[[nodiscard]] Quantity sum_of(Quantity a, Quantity b) {
    const auto sum = add(a, b);
    MILLRACE_ASSERT(sum, "a planned quantity is out of range");
    return *sum;
}

[[nodiscard]] Quantity not_negative(std::int64_t raw) {
    return Quantity::from_raw(std::max<std::int64_t>(raw, 0));
}

}  // namespace

Quantity PlannedOrder::outstanding() const {
    return not_negative((is_over ? reported.raw() : quantity.raw()) - dealt.raw());
}

Quantity Plan::outstanding(PlanRole role, model::Side side) const {
    Quantity sum;
    for (const PlannedOrder& order : orders_)
        if (order.role == role && order.side == side) sum = sum_of(sum, order.outstanding());
    return sum;
}

Quantity Plan::exposure(model::Side side) const {
    const Quantity held = side == model::Side::buy ? position_ : -position_;
    return sum_of(not_negative(held.raw()), outstanding(PlanRole::entry, side));
}

Quantity Plan::excess() const {
    const bool is_wanted = position_.is_negative() ? wanted_ < 0 : wanted_ > 0;
    if (is_wanted) return {};
    return unclosed(position_.is_negative() ? model::Side::sell : model::Side::buy);
}

Quantity Plan::unclosed(model::Side side) const {
    const bool buys = side == model::Side::buy;
    const Quantity held = buys ? position_ : -position_;
    const auto closing = outstanding(PlanRole::close, buys ? model::Side::sell : model::Side::buy);
    return not_negative(held.raw() - closing.raw());
}

void Plan::split(const model::CorporateAction& split, const model::Instrument& instrument) {
    const auto held = model::quantity_after(split, position_);
    MILLRACE_ASSERT(held, "a planned quantity is out of range");
    position_ = *held;
    if (!waiting_) return;
    const auto on_tick = [&](Maybe<Price>& price) {
        if (!price.has_value()) return;
        const auto exact = model::price_after(split, price.value());
        const auto rounded = round_to(*exact, instrument.price_increment, Rounding::half_even);
        MILLRACE_ASSERT(rounded, "a planned price is out of range");
        price = *rounded;
    };
    for (Maybe<Price>* price : {&waiting_->order.limit_price, &waiting_->order.stop_price,
                                &waiting_->stop, &waiting_->target})
        on_tick(*price);
    const auto wanted = model::quantity_after(split, waiting_->order.quantity);
    MILLRACE_ASSERT(wanted, "a planned quantity is out of range");
    const auto lots = round_to(*wanted, instrument.quantity_increment, Rounding::floor);
    if (!lots || lots->is_zero())
        waiting_.reset();
    else
        waiting_->order.quantity = *lots;
}

void Plan::add(const model::Order& order, PlanRole role) {
    MILLRACE_ASSERT(orders_.size() < kOrdersMax, "a plan has more than 1024 working orders");
    orders_.push_back({order.order_id, order.parent_id, order.quantity, {}, {}, order.side, role});
}

std::vector<PlannedOrder>::iterator Plan::place_of(std::uint64_t order_id) {
    return std::ranges::find(orders_, order_id, &PlannedOrder::order_id);
}

// An order whose reports tell of deals that have not come yet is kept until they have.
void Plan::forget_if_done(std::vector<PlannedOrder>::iterator order) {
    if (order->is_over && order->outstanding().is_zero()) orders_.erase(order);
}

std::optional<PlannedOrder> Plan::take(const model::Fill& fill) {
    position_ = sum_of(position_, fill.side == model::Side::buy ? fill.quantity : -fill.quantity);
    const auto order = place_of(fill.order_id);
    if (order == orders_.end()) return std::nullopt;
    order->dealt = sum_of(order->dealt, fill.quantity);
    const PlannedOrder dealer = *order;
    forget_if_done(order);
    return dealer;
}

std::optional<PlannedOrder> Plan::take(const model::Order& report) {
    const auto order = place_of(report.order_id);
    if (order == orders_.end() || order->is_over) return std::nullopt;
    order->quantity = report.quantity;
    if (report.reason == model::OrderReason::corporate_action)
        order->dealt = order->reported = report.filled_quantity;  // in other units now
    order->reported = std::max(order->reported, report.filled_quantity);
    order->is_over = is_over(report.status);
    if (!order->is_over) return std::nullopt;
    const PlannedOrder ended = *order;
    forget_if_done(order);
    return ended;
}

void Plan::save(engine::StateWriter& writer) const {
    writer.put(position_);
    writer.put(wanted_);
    writer.put(static_cast<std::uint8_t>(waiting_ ? 1 : 0));
    if (waiting_) {
        writer.put_noun(waiting_->order);
        writer.put(waiting_->stop);
        writer.put(waiting_->target);
    }
    writer.put(std::uint64_t{orders_.size()});
    for (const PlannedOrder& order : orders_) {
        writer.put(order.order_id);
        writer.put(order.parent_id);
        writer.put(order.quantity);
        writer.put(order.dealt);
        writer.put(order.reported);
        writer.put(order.side);
        writer.put(order.role);
        writer.put(
            static_cast<std::uint8_t>((order.is_cancelling ? 1 : 0) + (order.is_over ? 2 : 0)));
    }
}

void Plan::load(engine::StateReader& reader) {
    position_ = reader.get<Quantity>();
    wanted_ = reader.get<std::int8_t>();
    waiting_.reset();
    if (reader.get<std::uint8_t>() != 0) {
        waiting_.emplace().order = reader.get_noun<model::Order>();
        waiting_->stop = reader.get<Maybe<Price>>();
        waiting_->target = reader.get<Maybe<Price>>();
    }
    orders_.resize(std::min<std::uint64_t>(reader.get<std::uint64_t>(), kOrdersMax));
    for (PlannedOrder& order : orders_) {
        order.order_id = reader.get<std::uint64_t>();
        order.parent_id = reader.get<std::uint64_t>();
        order.quantity = reader.get<Quantity>();
        order.dealt = reader.get<Quantity>();
        order.reported = reader.get<Quantity>();
        order.side = reader.get<model::Side>();
        order.role = reader.get<PlanRole>();
        const auto flags = reader.get<std::uint8_t>();
        order.is_cancelling = (flags & 1) != 0;
        order.is_over = (flags & 2) != 0;
    }
}

}  // namespace millrace::execution
