// Builders that the tests of this room share: decimals by their text, instruments, deals, prices.
#pragma once

#include "millrace/core/portfolio/portfolio.hpp"

namespace millrace::portfolio {

inline constexpr AccountId kAccount{0};
inline constexpr StrategyId kStrategy{0};
inline constexpr InstrumentId kInstrument{0};

[[nodiscard]] inline Price price(const char* text) {
    return Price::parse(text).value();
}
[[nodiscard]] inline Quantity quantity(const char* text) {
    return Quantity::parse(text).value();
}
[[nodiscard]] inline Money money(const char* text) {
    return Money::parse(text).value();
}
[[nodiscard]] inline Time second(std::int64_t seconds) {
    return Time::from_ns(seconds * 1'000'000'000);
}

// A share of kInstrument in USD.
[[nodiscard]] inline model::Instrument share(std::uint32_t id = 0, const char* currency = "USD") {
    model::Instrument instrument;
    instrument.id = InstrumentId(id);
    instrument.symbol = "ACME";
    instrument.currency = currency;
    instrument.price_increment = price("0.01");
    instrument.quantity_increment = Quantity::whole(1);
    instrument.multiplier = Ratio::whole(1);
    return instrument;
}

[[nodiscard]] inline model::Instrument pair_of(std::uint32_t id, const char* base,
                                               const char* quote,
                                               const char* increment = "0.00001") {
    model::Instrument instrument = share(id, quote);
    instrument.asset_class = model::AssetClass::fx;
    instrument.base_currency = base;
    instrument.price_increment = price(increment);
    return instrument;
}

[[nodiscard]] inline model::Instrument future(std::uint32_t id, const char* multiplier) {
    model::Instrument instrument = share(id);
    instrument.asset_class = model::AssetClass::future;
    instrument.multiplier = Ratio::parse(multiplier).value();
    instrument.price_increment = price("0.25");
    return instrument;
}

// Settled in BTC, priced in USD, one contract is one dollar times the multiplier.
[[nodiscard]] inline model::Instrument inverse_future(std::uint32_t id,
                                                      const char* multiplier = "1") {
    model::Instrument instrument = future(id, multiplier);
    instrument.base_currency = "BTC";
    instrument.inverse = true;
    instrument.price_increment = price("0.5");
    return instrument;
}

[[nodiscard]] inline model::Account account(const char* currency = "USD",
                                            model::PositionMode mode = model::PositionMode::netting,
                                            std::uint16_t id = 0) {
    model::Account account;
    account.id = AccountId(id);
    account.name = id == 0 ? "main" : "other";
    account.currency = currency;
    account.mode = mode;
    return account;
}

[[nodiscard]] inline model::Fill deal(model::Side side, const char* size, const char* at,
                                      std::uint32_t instrument = 0) {
    model::Fill fill;
    fill.known_at = second(1);
    fill.fill_id = 1;
    fill.order_id = 1;
    fill.quantity = quantity(size);
    fill.price = price(at);
    fill.instrument = InstrumentId(instrument);
    fill.side = side;
    return fill;
}
[[nodiscard]] inline model::Fill bought(const char* size, const char* at,
                                        std::uint32_t instrument = 0) {
    return deal(model::Side::buy, size, at, instrument);
}
[[nodiscard]] inline model::Fill sold(const char* size, const char* at,
                                      std::uint32_t instrument = 0) {
    return deal(model::Side::sell, size, at, instrument);
}

[[nodiscard]] inline model::Quote quote(const char* bid, const char* ask,
                                        std::uint32_t instrument = 0) {
    model::Quote quote;
    quote.bid = price(bid);
    quote.ask = price(ask);
    quote.instrument = InstrumentId(instrument);
    return quote;
}
[[nodiscard]] inline model::Trade trade(const char* at, std::uint32_t instrument = 0) {
    model::Trade trade;
    trade.price = price(at);
    trade.size = Quantity::whole(1);
    trade.instrument = InstrumentId(instrument);
    return trade;
}

[[nodiscard]] inline CashEntry cash(const char* amount, const char* currency = "USD",
                                    CashReason reason = CashReason::deposit) {
    CashEntry entry;
    entry.currency = currency;
    entry.amount = money(amount);
    entry.reason = reason;
    return entry;
}

}  // namespace millrace::portfolio
