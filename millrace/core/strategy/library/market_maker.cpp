// Two quotes, kept where they belong.
#include "millrace/core/strategy/library/market_maker.hpp"

namespace millrace::strategy {

MarketMaker::Quoting& MarketMaker::quoting(InstrumentId instrument) {
    if (instrument.value() >= quoting_.size()) quoting_.resize(instrument.value() + std::size_t{1});
    return quoting_[instrument.value()];
}

// A cent where the instrument was not described.
Price MarketMaker::tick_of(InstrumentId instrument) const {
    for (const model::Instrument& known : trading().instruments())
        if (known.id == instrument) return known.price_increment;
    return Price::from_raw(Price::kOne / 100);
}

void MarketMaker::on_quote(const model::Quote& quote) {
    const std::int64_t tick = tick_of(quote.instrument).raw();
    const std::int64_t clip = std::max<std::int64_t>(1, quantity_.quantity().raw());
    const std::int64_t held = trading().position(quote.instrument).raw() / clip;
    const int128 middle = (int128{quote.bid.raw()} + quote.ask.raw()) / 2;
    const int128 centre = middle - int128{held} * lean_.value() * tick;
    const int128 distance = int128{distance_.value()} * tick;
    const auto bid = narrow(divide_rounded(centre - distance, tick, Rounding::floor) * tick);
    const auto ask = narrow(divide_rounded(centre + distance, tick, Rounding::ceiling) * tick);
    if (!bid || !ask || *bid >= *ask) return;
    Quoting& standing = quoting(quote.instrument);
    keep(quote.instrument, model::Side::buy, standing.bid, standing.bid_price,
         Price::from_raw(*bid), held < limit_.value());
    keep(quote.instrument, model::Side::sell, standing.ask, standing.ask_price,
         Price::from_raw(*ask), held > -limit_.value());
}

// Replaces the quote when it is off by more than the tolerance; takes it away where it is not
// allowed.
void MarketMaker::keep(InstrumentId instrument, model::Side side, OrderId& order, Price& standing,
                       Price wanted, bool allowed) {
    const int128 off = int128{standing.raw()} - wanted.raw();
    const int128 slack = int128{tolerance_.value()} * tick_of(instrument).raw();
    if (order != 0 && allowed && off <= slack && -off <= slack) return;
    if (order != 0) trading().cancel(order);
    order = 0;
    if (!allowed) return;
    OrderTerms terms;
    terms.type = model::OrderType::limit;
    terms.limit_price = wanted;
    terms.post_only = true;
    order = trading().submit(instrument, side, quantity_.quantity(), terms);
    standing = wanted;
}

void MarketMaker::on_order(const model::Order& order) {
    if (!is_over(order.status)) return;
    Quoting& standing = quoting(order.instrument);
    if (standing.bid == order.order_id) standing.bid = 0;
    if (standing.ask == order.order_id) standing.ask = 0;
}

void MarketMaker::save(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{quoting_.size()});
    for (const Quoting& standing : quoting_)
        writer.put(standing);
}

void MarketMaker::load(engine::StateReader& reader) {
    quoting_.resize(std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left()));
    for (Quoting& standing : quoting_)
        standing = reader.get<Quoting>();
}

}  // namespace millrace::strategy
