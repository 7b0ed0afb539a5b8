// For tests: what a strategy asked for, as short texts: "14:45 buy 1 stop 110 until 16:00 group",
// "14:45 sell 1 limit 121 reduce child", "16:00 cancel sell 1 limit 121 reduce child". Times of day
// are UTC.
#pragma once

#include "millrace/core/strategy/library/test_ticks.hpp"

namespace millrace::strategy::test {

[[nodiscard]] inline std::string clock_of(Time time) {
    return format_time(time).substr(11, 5);
}

[[nodiscard]] inline std::string text_of(const model::Order& order) {
    std::string text = clock_of(order.known_at);
    if (order.status == model::OrderStatus::cancel_requested) text += " cancel";
    text += order.side == model::Side::buy ? " buy " : " sell ";
    text += order.quantity.to_string() + ' ';
    text += model::kOrderTypeNames[static_cast<std::size_t>(order.type)];
    if (order.limit_price.has_value()) text += ' ' + order.limit_price.value().to_string();
    if (order.stop_price.has_value()) text += ' ' + order.stop_price.value().to_string();
    if (order.expires_at.has_value()) text += " until " + clock_of(order.expires_at.value());
    if (order.contingency == model::Contingency::oco_cancel) text += " group";
    if (order.reduce_only) text += " reduce";
    if (order.parent_id != 0) text += " child";
    return text;
}

[[nodiscard]] inline std::vector<std::string> asked(const StrategyTrial& trial) {
    std::vector<std::string> texts;
    for (const model::Order& order : trial.orders())
        texts.push_back(text_of(order));
    return texts;
}

using Asked = std::vector<std::string>;

[[nodiscard]] inline Time utc(const char* text) {
    return parse_time(std::string(text) + ":00Z").value();
}

// A bar of whole prices that opens then.
[[nodiscard]] inline model::Bar bar_at(Time open_time, std::array<std::int64_t, 4> prices,
                                       Duration length = Duration::minutes(5),
                                       std::uint32_t instrument = 0) {
    model::Bar bar;
    bar.instrument = InstrumentId(instrument);
    bar.open_time = open_time;
    bar.known_at = open_time + length;
    bar.step = static_cast<std::uint64_t>(length.ns());
    bar.open = Price::whole(prices[0]);
    bar.high = Price::whole(prices[1]);
    bar.low = Price::whole(prices[2]);
    bar.close = Price::whole(prices[3]);
    bar.volume = Quantity::whole(1);
    return bar;
}

// Another instrument than the trial's own, which is 0; both move by whole units.
inline void list_instrument(StrategyTrial& trial, std::uint32_t number) {
    model::Instrument instrument;
    instrument.id = InstrumentId(number);
    instrument.symbol = number == 1 ? "TEST1" : "TEST2";
    instrument.currency = "USD";
    instrument.price_increment = Price::whole(1);
    instrument.quantity_increment = Quantity::whole(1);
    instrument.multiplier = Ratio::whole(1);
    trial.tell(instrument);
}

}  // namespace millrace::strategy::test
