// What the venue tells, and when it is known: after the report's way back, never before an earlier
// report.
#include <algorithm>

#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

Time SimulatedExchange::report_time() {
    Time time = now_;
    if (settings_.timing == FillTiming::latency)
        time = time + settings_.latency.draw(settings_.latency.report, random_);
    const Faults& faults = settings_.faults;
    if (faults.delay_one_in != 0 && random_.one_in(faults.delay_one_in))
        time = time + Duration::nanoseconds(random_.between(1, faults.delay_max.ns()));
    last_report_ = std::max(last_report_, time);
    return last_report_;
}

bool SimulatedExchange::is_doubled() {
    const std::uint32_t one_in = settings_.faults.duplicate_one_in;
    return one_in != 0 && random_.one_in(one_in);
}

void SimulatedExchange::report(Slot& slot, model::OrderReason reason) {
    slot.order.known_at = report_time();
    slot.order.reason = reason;
    if (reason == model::OrderReason::none && is_liquidation(slot.order.order_id))
        slot.order.reason = model::OrderReason::margin_call;
    sink_->on_order(slot.order);
    if (is_doubled()) sink_->on_order(slot.order);
}

void SimulatedExchange::report_fill(const Slot& slot, model::Fill& fill) {
    fill.known_at = report_time();
    fill.fill_id = ++fills_;
    fill.order_id = slot.order.order_id;
    fill.instrument = slot.order.instrument;
    fill.strategy = slot.order.strategy;
    fill.account = slot.order.account;
    fill.side = slot.order.side;
    sink_->on_fill(fill);
    if (is_doubled()) sink_->on_fill(fill);
}

}  // namespace millrace::venue
