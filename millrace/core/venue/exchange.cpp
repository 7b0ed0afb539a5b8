// Making a venue, defining what it trades, and looking into it.
#include "millrace/core/venue/exchange.hpp"

#include <algorithm>

namespace millrace::venue {

namespace {

Code code_of(std::string_view text) {
    const auto code = Code::from(text);
    return code ? *code : Code();
}

}  // namespace

SimulatedExchange::SimulatedExchange(const Settings& settings, ReportSink& sink,
                                     BuyingPower* buying_power, CreditDesk* credit)
    : settings_(settings),
      sink_(&sink),
      buying_power_(buying_power),
      credit_(credit),
      fee_models_{settings.fees},
      random_(settings.seed) {}

Result<SimulatedExchange> SimulatedExchange::make(const Settings& settings, ReportSink& sink,
                                                  BuyingPower* buying_power, CreditDesk* credit) {
    if (auto checked = settings.check(); !checked) return tl::unexpected(checked.error());
    return SimulatedExchange(settings, sink, buying_power, credit);
}

void SimulatedExchange::define(const model::Instrument& instrument, const Terms& terms) {
    const std::size_t at = instrument.id.value();
    if (at >= markets_.size()) markets_.resize(at + 1);
    market_count_ = static_cast<std::uint32_t>(markets_.size());
    MarketState& market = markets_[at];
    if (market.feed == Feed::undefined) market.feed = Feed::none;
    market.id = instrument.id;
    market.tick = instrument.price_increment.raw();
    market.lot = instrument.quantity_increment.raw();
    MILLRACE_ASSERT(market.tick > 0 && market.lot > 0, "an instrument without tick or lot");
    market.minimum =
        instrument.minimum_quantity.has_value() ? instrument.minimum_quantity.value().raw() : 0;
    market.contract = {instrument.multiplier.raw(), instrument.inverse};
    market.base = code_of(instrument.base_currency.view());
    market.settlement = instrument.inverse ? market.base : code_of(instrument.currency.view());
    market.hours = terms.hours;
    market.fee_model = 0;
    if (terms.fees) {
        MILLRACE_ASSERT(terms.fees->check().has_value(), "fees that cannot be charged");
        market.fee_model = static_cast<std::uint32_t>(fee_models_.size());
        fee_models_.push_back(*terms.fees);
    }
    if (credit_ != nullptr) {
        credit_->define(instrument, terms.credit);
        market.is_on_credit = true;
    }
    market.positions.reserve(4);
    market.taken.reserve(16);
}

void SimulatedExchange::reserve(std::size_t orders) {
    pool_.reserve(orders);
    expiries_.reserve(orders);
}

Quantity SimulatedExchange::position(AccountId account, InstrumentId instrument) const {
    if (instrument.value() >= markets_.size()) return {};
    return Quantity::from_raw(markets_[instrument.value()].position_of(account));
}

LastPrices SimulatedExchange::last_prices(InstrumentId instrument) const {
    LastPrices last;
    if (instrument.value() >= markets_.size()) return last;
    const MarketState& market = markets_[instrument.value()];
    if (market.bid != kNoPrice) last.bid = Price::from_raw(market.bid);
    if (market.ask != kNoPrice) last.ask = Price::from_raw(market.ask);
    if (market.last_trade != kNoPrice) last.trade = Price::from_raw(market.last_trade);
    last.known_at = market.priced_at;
    return last;
}

const model::Order* SimulatedExchange::find(std::uint64_t order_id) const {
    const Handle handle = pool_.find(order_id);
    return handle == kNoHandle ? nullptr : &pool_[handle].order;
}

}  // namespace millrace::venue
