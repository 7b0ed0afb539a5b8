// The venue's clock: orders lapse and requests arrive, in the order of their times. A datum of the
// same time stands between the two: what lapses at its time does not see it, what arrives does not
// come before it. Costs by the day come after the data of their time.
#include <algorithm>

#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

using model::OrderReason;
using model::OrderStatus;

void SimulatedExchange::run_due(Time time, bool through) {
    for (;;) {
        const Time lapse = expiries_.next_due();
        const bool lapses = lapse <= time && lapse < Time::latest();
        const bool arrives = !requests_.empty() && (requests_.front().arrival < time ||
                                                    (through && requests_.front().arrival == time));
        const Time cost = next_accrual();
        const bool costs = cost < time || (through && cost == time && cost < Time::latest());
        if (costs && (!lapses || cost < lapse) && (!arrives || cost <= requests_.front().arrival)) {
            accrue();
        } else if (lapses && (!arrives || lapse <= requests_.front().arrival)) {
            const Expiries::Entry entry = expiries_.pop();
            now_ = std::max(now_, entry.due);
            come_due(entry);
        } else if (arrives) {
            const Request request = requests_.front();
            requests_.pop();
            now_ = std::max(now_, request.arrival);
            carry_out(request);
        } else {
            break;
        }
    }
    find_next_due();
}

void SimulatedExchange::run_requests(Time time, bool through) {
    while (!requests_.empty() &&
           (requests_.front().arrival < time || (through && requests_.front().arrival == time))) {
        const Request request = requests_.front();
        requests_.pop();
        now_ = std::max(now_, request.arrival);
        carry_out(request);
    }
    find_next_due();
}

// Of an order that has not ended before its time.
bool SimulatedExchange::still_lapses(const Expiries::Entry& entry) const {
    const Handle handle = pool_.find(entry.order_id);
    return handle != kNoHandle && !pool_[handle].is_over() &&
           pool_[handle].life.ordinal == entry.ordinal;
}

void SimulatedExchange::find_next_due() {
    expiries_.drop_worthless([this](const Expiries::Entry& entry) { return still_lapses(entry); });
    next_due_ = std::min(expiries_.next_due(), next_accrual());
    if (!requests_.empty()) next_due_ = std::min(next_due_, requests_.front().arrival);
}

// An order's time is up; one that waited for the close deals at the last price there was.
void SimulatedExchange::come_due(const Expiries::Entry& entry) {
    const Handle handle = pool_.find(entry.order_id);
    if (handle == kNoHandle) return;
    Slot& slot = pool_[handle];
    if (slot.is_over() || slot.life.ordinal != entry.ordinal) return;
    slot.life.expiry = Time::latest();  // its entry is gone
    if (!is_of_the_close(slot.order.type)) {
        const bool of_the_day = slot.order.time_in_force == model::TimeInForce::day;
        end(handle, OrderStatus::expired,
            of_the_day ? OrderReason::session_end : OrderReason::none);
        return;
    }
    MarketState& market = market_of(slot);
    const OrderReason reason = reason_against_price(slot, market);
    if (reason != OrderReason::none) {
        end(handle, OrderStatus::cancelled, reason);
        return;
    }
    ++datum_;
    point_ = {Moment::auction, now_, now_};
    if (is_reached(aim_of(slot), market.price_for(slot.order.side))) attempt(handle, market);
    if (!pool_[handle].is_over()) end(handle, OrderStatus::cancelled, OrderReason::no_liquidity);
    if (credit_ != nullptr) enforce_margin();
}

void SimulatedExchange::advance(Time time) {
    run_due(time, true);
    now_ = std::max(now_, time);
}

}  // namespace millrace::venue
