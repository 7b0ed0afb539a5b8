// One order an intent, under a number that follows from the journal alone.
#include "millrace/app/drivers/order_echo.hpp"

namespace millrace::drivers {

void OrderEcho::on_record(const engine::Record& record, engine::Context& context) {
    if (record.noun == model::Noun::quote) {
        last_bid_ = record.as<model::Quote>().bid;
        return;
    }
    const auto& intent = record.as<model::OrderIntent>();
    ++orders_;
    luck_ += context.random().below(1'000'000);
    model::Order order;
    order.known_at = context.now();
    order.order_id = orders_;
    order.account = intent.account;
    order.instrument = intent.instrument;
    order.side = intent.side;
    order.type = intent.type;
    order.quantity = intent.quantity;
    order.limit_price = last_bid_;
    order.status = model::OrderStatus::submitted;
    context.send(order);
    const auto patience =
        Duration::milliseconds(static_cast<std::int64_t>(1 + context.random().below(50)));
    context.set_timer(context.now() + patience, orders_);
}

void OrderEcho::on_timer(std::uint64_t token, engine::Context& context) {
    ++expired_;
    model::Alert alert;
    alert.known_at = context.now();
    alert.code = "order_expired";
    alert.message = Text<256>::from(std::to_string(token)).value();
    context.emit(alert);
}

void OrderEcho::save(engine::StateWriter& writer) const {
    writer.put(orders_);
    writer.put(expired_);
    writer.put(luck_);
    writer.put(last_bid_);
}

void OrderEcho::load(engine::StateReader& reader) {
    orders_ = reader.get<std::uint64_t>();
    expired_ = reader.get<std::uint64_t>();
    luck_ = reader.get<std::uint64_t>();
    last_bid_ = reader.get<Price>();
}

}  // namespace millrace::drivers
