// The arithmetic of worth. A product of three 64-bit numbers needs 191 bits, but one that is to be
// Money has at most 123; what does not fit is an overflow, found before it happens.
#include "millrace/core/portfolio/contract.hpp"

#include <string>

namespace millrace::portfolio {
namespace {

constexpr Exact kExactMax = Exact{INT64_MAX} * kExactPerMoney;

// Quantity and multiplier together, in units of 1e-17.
[[nodiscard]] Exact units_of(const Contract& contract, Quantity quantity) {
    return Exact{quantity.raw()} * contract.multiplier.raw();
}

// The product of sizes, or more than may be where it does not fit: word by word, because a division
// to find out would cost more than all the rest.
[[nodiscard]] uint128 product_of_magnitudes(uint128 units, std::uint64_t price) {
    const uint128 low = uint128{static_cast<std::uint64_t>(units)} * price;
    const uint128 high = uint128{static_cast<std::uint64_t>(units >> 64)} * price + (low >> 64);
    if (high >> 63 != 0) return ~uint128{0};
    return high << 64 | static_cast<std::uint64_t>(low);
}

[[nodiscard]] Booked<Exact> multiplied(Exact units, std::int64_t price) {
    const uint128 size =
        product_of_magnitudes(magnitude_of(units), static_cast<std::uint64_t>(magnitude_of(price)));
    if (size > static_cast<uint128>(2 * kExactMax)) return refused(BookError::overflow);
    const auto exact = static_cast<Exact>(size);
    return (units < 0) != (price < 0) ? -exact : exact;
}

// units / price in units of 1e-26, by quotient and rest: units * 1e18 would not fit.
[[nodiscard]] Booked<Exact> divided(Exact units, std::int64_t price) {
    if (price <= 0) return refused(BookError::bad_price);
    const Exact whole = units / price;
    if (magnitude_of(whole) >= uint128{INT64_MAX}) return refused(BookError::overflow);
    const Exact rest = (units % price) * kExactPerMoney;
    return whole * kExactPerMoney + divide_rounded(rest, price, Rounding::half_even);
}

// units * 1e18 / worth for a worth of any size, digit by digit.
[[nodiscard]] Booked<std::int64_t> quotient(Exact units, Exact worth) {
    if (worth <= 0 || worth > 2 * kExactMax) return refused(BookError::overflow);
    Exact digits = units / worth;
    Exact rest = units % worth;
    for (std::int64_t scale = 1; scale < kExactPerMoney; scale *= 10) {
        if (digits > INT64_MAX) return refused(BookError::overflow);
        rest *= 10;
        digits = digits * 10 + rest / worth;
        rest %= worth;
    }
    const Exact twice = 2 * rest;
    if (twice > worth || (twice == worth && digits % 2 != 0)) ++digits;
    if (digits > INT64_MAX) return refused(BookError::overflow);
    return static_cast<std::int64_t>(digits);
}

}  // namespace

const char* message_of(BookError error) {
    switch (error) {
        case BookError::overflow: return "an amount is beyond 92 billion";
        case BookError::bad_price: return "the price must be positive here";
        case BookError::bad_quantity: return "the quantity must be positive";
        case BookError::bad_contract: return "the instrument cannot be settled";
        case BookError::bad_currency: return "the amount has no currency";
        case BookError::unknown_account: return "the account is not defined";
        case BookError::unknown_instrument: return "the instrument is not defined";
        case BookError::changed_contract: return "its rules changed while it has books";
        case BookError::missing_rate: return "no price says how to convert the currency";
        case BookError::too_many: return "more currencies or numbers than there may be";
    }
    return "";
}

Error error_of(BookError error, std::string_view of_what) {
    Error described;
    described.code = ErrorCode::data;
    described.what = std::string(of_what) + " cannot be booked";
    described.why = message_of(error);
    if (error == BookError::missing_rate)
        described.mend = "add quotes, trades or bars of a pair of both currencies, or name a pivot";
    return described;
}

Booked<Money> money_of(Exact exact) {
    const Exact money = divide_rounded(exact, kExactPerMoney, Rounding::half_even);
    if (magnitude_of(money) > uint128{INT64_MAX}) return refused(BookError::overflow);
    return Money::from_raw(static_cast<std::int64_t>(money));
}

Booked<Contract> contract_of(const model::Instrument& instrument) {
    using enum model::AssetClass;
    Contract contract;
    contract.multiplier = instrument.multiplier;
    contract.increment = instrument.price_increment;
    contract.inverse = instrument.inverse;
    const auto& settles_in = instrument.inverse ? instrument.base_currency : instrument.currency;
    const auto currency = Code::from(settles_in.view());
    if (!currency || currency->empty() || contract.multiplier.raw() <= 0)
        return refused(BookError::bad_contract);
    contract.currency = *currency;
    switch (instrument.asset_class) {
        case equity:
        case etf:
        case crypto:
        case option:
        case bond: contract.settlement = Settlement::cash; break;
        case fx:
        case future:
        case index:
        case cfd: contract.settlement = Settlement::margin; break;
    }
    if (contract.inverse) contract.settlement = Settlement::margin;
    return contract;
}

Booked<Exact> worth(const Contract& contract, Quantity quantity, Price price) {
    const Exact units = units_of(contract, quantity);
    if (!contract.inverse) return multiplied(units, price.raw());
    return divided(-units, price.raw());
}

Booked<Money> value(const Contract& contract, Quantity quantity, Mark mark) {
    if (quantity.is_zero()) return Money();
    const Exact units = units_of(contract, quantity);
    Exact money = 0;
    if (contract.inverse) {
        if (mark.doubled() <= 0) return refused(BookError::bad_price);
        // The scales cancel: 1e-17 / (1e-9 / 2) is twice 1e-8, the unit of Money.
        money = divide_rounded(-2 * units, mark.doubled(), Rounding::half_even);
    } else {
        const auto doubled = multiplied(units, mark.doubled());
        if (!doubled) return refused(doubled.error());
        money = divide_rounded(*doubled, Exact{2} * kExactPerMoney, Rounding::half_even);
    }
    if (magnitude_of(money) > uint128{INT64_MAX}) return refused(BookError::overflow);
    return Money::from_raw(static_cast<std::int64_t>(money));
}

Booked<Price> price_of(const Contract& contract, Quantity quantity, Exact worth) {
    const Exact units = units_of(contract, quantity);
    if (units == 0) return refused(BookError::bad_quantity);
    if (contract.inverse)
        return quotient(static_cast<Exact>(magnitude_of(units)),
                        static_cast<Exact>(magnitude_of(worth)))
            .map(&Price::from_raw);
    const Exact price = divide_rounded(worth, units, Rounding::half_even);
    if (magnitude_of(price) > uint128{INT64_MAX}) return refused(BookError::overflow);
    return Price::from_raw(static_cast<std::int64_t>(price));
}

Exact share_of(Exact whole, std::int64_t part, std::int64_t of) {
    if (part == of) return whole;
    // whole * part would need 192 bits; by quotient and rest no step does.
    return whole / of * part + divide_rounded(whole % of * part, of, Rounding::half_even);
}

}  // namespace millrace::portfolio
