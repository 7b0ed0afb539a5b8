// Contract: how quantity and price of an instrument become money, exactly. Linear contracts are
// worth quantity * multiplier * price in the currency of the price; inverse ones are worth
// -quantity * multiplier / price in their base currency, so that P&L is always worth now less worth
// at the entry. Nothing is rounded before it becomes Money, except an inverse worth, to 1e-26.
#pragma once

#include <string_view>

#include "millrace/base/fixed_point.hpp"
#include "millrace/core/model/instrument.hpp"

namespace millrace::portfolio {

// What keeps the books from being right. All of them are typed; nothing wraps and nothing is
// guessed.
enum class BookError : std::uint8_t {
    overflow,            // an amount beyond ±92 billion
    bad_price,           // an inverse contract or a rate with a price that is not positive
    bad_quantity,        // a fill of nothing
    bad_contract,        // a multiplier that is not positive, or no currency to settle in
    bad_currency,        // a fee without its currency
    unknown_account,     // nobody said whose it is
    unknown_instrument,  // nobody said what it is
    changed_contract,    // other rules for an instrument or account that has books already
    missing_rate,        // no price says how to convert
    too_many,            // more currencies or numbers than there may be
};
[[nodiscard]] const char* message_of(BookError error);
// As the caller reports it: `return failure(error_of(booked.error(), "fill 17"));`
[[nodiscard]] Error error_of(BookError error, std::string_view of_what);

template <class T>
using Booked = tl::expected<T, BookError>;

[[nodiscard]] inline tl::unexpected<BookError> refused(BookError error) {
    return tl::unexpected(error);
}

// Money in units of 1e-26: price * quantity * multiplier with all their decimals.
using Exact = int128;
inline constexpr std::int64_t kExactPerMoney = power_of_ten(18);

// Whether it is not beyond what Money can be.
[[nodiscard]] constexpr bool is_money(Exact exact) {
    return magnitude_of(exact) <= uint128{INT64_MAX} * static_cast<uint128>(kExactPerMoney);
}
// Rounded half to even, the rule for all money in this room.
[[nodiscard]] Booked<Money> money_of(Exact exact);

// The price at which a position is valued, in halves of the last decimal, so that the middle of a
// quote is exact.
class Mark {
  public:
    constexpr Mark() = default;
    [[nodiscard]] static constexpr Mark from_doubled(std::int64_t doubled) {
        Mark mark;
        mark.doubled_ = doubled;
        return mark;
    }
    [[nodiscard]] static Booked<Mark> middle(Price bid, Price ask) {
        std::int64_t sum = 0;
        if (__builtin_add_overflow(bid.raw(), ask.raw(), &sum) || sum == INT64_MIN)
            return refused(BookError::overflow);
        return from_doubled(sum);
    }
    [[nodiscard]] static Booked<Mark> at(Price price) { return middle(price, price); }

    [[nodiscard]] constexpr std::int64_t doubled() const { return doubled_; }
    // Rounded half to even when it lies between two prices.
    [[nodiscard]] Price price() const {
        return Price::from_raw(
            static_cast<std::int64_t>(divide_rounded(doubled_, 2, Rounding::half_even)));
    }
    constexpr auto operator<=>(const Mark&) const = default;

  private:
    std::int64_t doubled_ = 0;
};

// What happens to the account's cash when a deal is done.
enum class Settlement : std::uint8_t {
    cash,    // the price is paid or received; what is held has a worth (shares, coins, options)
    margin,  // nothing is paid; profit is, when a position is closed (fx, futures, cfds, inverse)
};

struct Contract {
    Ratio multiplier = Ratio::whole(1);
    Price increment;  // of the price; zero when unknown
    Code currency;    // in which it settles: the base currency of an inverse contract
    bool inverse = false;
    Settlement settlement = Settlement::cash;

    bool operator==(const Contract&) const = default;
};
[[nodiscard]] Booked<Contract> contract_of(const model::Instrument& instrument);

// Of a quantity with its sign: positive for what is bought in a linear contract.
[[nodiscard]] Booked<Exact> worth(const Contract& contract, Quantity quantity, Price price);
[[nodiscard]] Booked<Money> value(const Contract& contract, Quantity quantity, Mark mark);
// The price at which so much is worth that: an average, rounded half to even to the last decimal.
[[nodiscard]] Booked<Price> price_of(const Contract& contract, Quantity quantity, Exact worth);

// whole * part / of, rounded half to even, for 0 < part <= of; `part == of` gives the whole.
[[nodiscard]] Exact share_of(Exact whole, std::int64_t part, std::int64_t of);

}  // namespace millrace::portfolio
