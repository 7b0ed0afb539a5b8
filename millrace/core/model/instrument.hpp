// What is traded and where its data comes from. Both carry the dense number by which all other
// nouns name them.
#pragma once

#include "millrace/core/model/describe.hpp"

namespace millrace::model {

enum class AssetClass : std::uint8_t { equity, etf, fx, crypto, future, option, index, bond, cfd };
inline constexpr std::array<std::string_view, 9> kAssetClassNames = {
    "equity", "etf", "fx", "crypto", "future", "option", "index", "bond", "cfd"};
template <>
inline constexpr std::span<const std::string_view> kChoices<AssetClass> = kAssetClassNames;

// a feed of market data, by name; the number tags every datum it sends
struct Source {
    Time known_at;
    SourceId id;
    Text<32> name;

    bool operator==(const Source&) const = default;
};
inline constexpr FieldDescription kSourceFields[] = {
    MILLRACE_FIELD(Source, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Source, id, "dense number of the source"),
    MILLRACE_FIELD(Source, name, "name of the feed"),
};
template <>
inline constexpr NounDescription kDescription<Source> =
    describe<Source>(Noun::source, "source", 1, kSourceFields,
                     "a feed of market data, by name; the number tags every datum it sends");

// something that can be traded, and the rules of its numbers
struct Instrument {
    Time known_at;
    InstrumentId id;
    Text<32> symbol;
    Text<16> venue;
    AssetClass asset_class{};
    Text<8> currency;
    Text<8> base_currency;
    Price price_increment;
    Quantity quantity_increment;
    Maybe<Quantity> minimum_quantity;
    Ratio multiplier;
    bool inverse = false;
    Text<32> calendar;

    bool operator==(const Instrument&) const = default;
};
inline constexpr FieldDescription kInstrumentFields[] = {
    MILLRACE_FIELD(Instrument, known_at, "when the engine may act on it"),
    MILLRACE_FIELD(Instrument, id, "dense number of the instrument"),
    MILLRACE_FIELD(Instrument, symbol, "name of the instrument, unique in a system"),
    MILLRACE_FIELD(Instrument, venue, "where it trades").may_be_absent(),
    MILLRACE_FIELD(Instrument, asset_class, "what kind of thing it is"),
    MILLRACE_FIELD(Instrument, currency, "currency its price is in"),
    MILLRACE_FIELD(Instrument, base_currency, "currency one unit is of (fx, crypto)")
        .may_be_absent(),
    MILLRACE_FIELD(Instrument, price_increment, "smallest step of a price").positive(),
    MILLRACE_FIELD(Instrument, quantity_increment, "smallest step of a quantity").positive(),
    MILLRACE_FIELD(Instrument, minimum_quantity, "smallest order").positive(),
    MILLRACE_FIELD(Instrument, multiplier, "money per point and unit: 1 for shares").positive(),
    MILLRACE_FIELD(Instrument, inverse, "margined and settled in the base currency")
        .may_be_absent(),
    MILLRACE_FIELD(Instrument, calendar, "trading calendar").may_be_absent(),
};
template <>
inline constexpr NounDescription kDescription<Instrument> =
    describe<Instrument>(Noun::instrument, "instrument", 1, kInstrumentFields,
                         "something that can be traded, and the rules of its numbers");

}  // namespace millrace::model
