// CurrencyRates: what one currency is in another, by the prices of pairs that were seen and by
// nothing else: a rate that is missing is an error, never 1. A pair serves both ways, dividing
// where it must, so no rounded inverse is ever kept. Beside it, the right way to look at a pair
// from its other side: prices, sizes and sides all change.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "millrace/core/engine/state.hpp"
#include "millrace/core/model/market_data.hpp"
#include "millrace/core/model/order.hpp"
#include "millrace/core/portfolio/contract.hpp"

namespace millrace::portfolio {

// Dense numbers of a currency, and of a pair, in one table of rates.
using CurrencyNumber = std::uint16_t;
using PairNumber = std::uint32_t;

class CurrencyRates {
  public:
    static constexpr std::size_t kCurrenciesMax = 4096;

    // With a pivot, two currencies without a pair of their own are converted through it.
    explicit CurrencyRates(Code pivot = {});

    // The number of a currency or pair, new ones included.
    Booked<CurrencyNumber> number_of(Code currency);
    Booked<PairNumber> pair_of(CurrencyNumber base, CurrencyNumber quote);
    [[nodiscard]] Booked<CurrencyNumber> find(Code currency) const;
    [[nodiscard]] Code code_of(CurrencyNumber number) const { return codes_[number]; }
    [[nodiscard]] bool has_currency(CurrencyNumber number) const { return number < codes_.size(); }
    [[nodiscard]] bool has_pair(PairNumber number) const { return number < rates_.size(); }

    // One unit of the pair's base is worth `mark` of its quote currency; the last word counts.
    Booked<void> set(PairNumber pair, Mark mark) {
        if (mark.doubled() <= 0) return refused(BookError::bad_price);
        rates_[pair] = mark.doubled();
        return {};
    }
    Booked<void> set(Code base, Code quote, Price rate);
    // The middle of bid and ask: what is held is valued, not sold.
    Booked<void> set(Code base, Code quote, Price bid, Price ask);

    // By the pair from/to, else by the pair to/from, else through the pivot: rounded once for each
    // pair that is used. Nothing is needed for no money, or for a currency into itself.
    [[nodiscard]] Booked<Money> convert(Money amount, CurrencyNumber from, CurrencyNumber to,
                                        Rounding rounding = Rounding::half_even) const;
    [[nodiscard]] Booked<Money> convert(Money amount, Code from, Code to,
                                        Rounding rounding = Rounding::half_even) const;

    void save(engine::StateWriter& writer) const;
    // Damaged bytes leave the reader failed.
    void load(engine::StateReader& reader);

  private:
    struct Pair {
        std::uint32_t key = 0;  // base << 16 | quote
        PairNumber number = 0;
    };
    // Doubled; 0 when unknown.
    [[nodiscard]] std::int64_t rate(CurrencyNumber base, CurrencyNumber quote) const;
    [[nodiscard]] Booked<Money> by_one_pair(Money amount, CurrencyNumber from, CurrencyNumber to,
                                            Rounding rounding) const;

    std::vector<Code> codes_;          // the pivot, if there is one, is number 0
    std::vector<Pair> pairs_;          // sorted by key
    std::vector<std::int64_t> rates_;  // by pair: doubled prices; 0 is unknown
    Code pivot_;
};

// A pair seen from its other side (USDJPY as JPYUSD). Prices become 1/price and change places; a
// quantity becomes its notional at the price that belongs to it. The instrument stays as it is.
// Bids round down and asks up, so that a spread never vanishes; all else rounds half to even.
// Fails for prices that are not positive, or whose inverse is nothing or too large.
[[nodiscard]] Booked<model::Quote> invert(const model::Quote& quote);
[[nodiscard]] Booked<model::Trade> invert(const model::Trade& trade);
// The volume is valued at the average price, or at the close when that is unknown.
[[nodiscard]] Booked<model::Bar> invert(const model::Bar& bar);
// Who buys one currency sells the other. The fee is what it was.
[[nodiscard]] Booked<model::Fill> invert(const model::Fill& fill);

}  // namespace millrace::portfolio
