// Counting and keeping.
#include "millrace/app/backtest/run_recorder.hpp"

#include <algorithm>

#include "millrace/core/model/operation.hpp"

namespace millrace::backtest {
namespace {

// The venue's own, which nobody asked for.
bool is_of_the_venue(const model::Order& order) {
    return venue::SimulatedExchange::is_liquidation(order.order_id) ||
           venue::SimulatedExchange::is_fraction(order.order_id);
}

}  // namespace

void RunRecorder::on_event(const engine::Record& record) {
    if (record.noun == model::Noun::signal) {
        ++counts_.signals;
        if (keeps_all_) signals_.push_back(record.as<model::Signal>());
    } else if (record.noun == model::Noun::order) {
        const auto& order = record.as<model::Order>();
        if (order.status == model::OrderStatus::pending) ++counts_.orders;
        hear(order);
    } else if (record.noun == model::Noun::alert) {
        const auto& alert = record.as<model::Alert>();
        if (alert.severity != model::Severity::info && alerts_.size() < kAlertsMax)
            alerts_.push_back(std::string(alert.scope.view()) + ": " +
                              std::string(alert.message.view()));
    }
}

void RunRecorder::on_order(const model::Order& order) {
    if (order.status == model::OrderStatus::accepted &&
        venue::SimulatedExchange::is_liquidation(order.order_id)) {
        ++counts_.liquidations;
        counts_.first_liquidation = std::min(counts_.first_liquidation, order.known_at);
    }
    if (order.status == model::OrderStatus::filled &&
        venue::SimulatedExchange::is_fraction(order.order_id))
        ++counts_.fractions;
    hear(order);
}

void RunRecorder::hear(const model::Order& order) {
    using model::OrderStatus;
    if (order.status == OrderStatus::rejected) {
        ++counts_.rejected;
        ++counts_.rejected_for[static_cast<std::size_t>(order.reason)];
    }
    if ((order.status == OrderStatus::cancelled || order.status == OrderStatus::expired) &&
        order.filled_quantity.is_zero())
        ++counts_.ended_unfilled;
    if (!keeps_all_) return;
    const auto place = std::find_if(places_.begin(), places_.end(), [&](const auto& known) {
        return known.first == order.order_id;
    });
    if (place == places_.end()) {
        // Said again after its end.
        if (order.status != OrderStatus::pending && !is_of_the_venue(order)) return;
        places_.emplace_back(order.order_id, orders_.size());
        orders_.push_back(order);
        return;
    }
    const Time asked_at = orders_[place->second].known_at;
    orders_[place->second] = order;
    orders_[place->second].known_at = asked_at;
    if (is_over(order.status)) places_.erase(place);
}

void RunRecorder::on_fill(const model::Fill& fill) {
    ++counts_.fills;
    if (fill.instrument.value() >= dealt_.size())
        dealt_.resize(fill.instrument.value() + std::size_t{1});
    dealt_[fill.instrument.value()] += int128{fill.price.raw()} * fill.quantity.raw();
    if (keeps_all_) fills_.push_back(fill);
}

}  // namespace millrace::backtest
