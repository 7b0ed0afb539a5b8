// Conversion by one pair or two, and the other side of a pair.
#include "millrace/core/portfolio/currencies.hpp"

#include <algorithm>
#include <optional>

#include "millrace/core/portfolio/exact_state.hpp"

namespace millrace::portfolio {
namespace {

constexpr std::int64_t kDoubledOne = 2 * Price::kOne;
constexpr std::uint32_t kPairsMax = 1U << 20;  // a damaged number must not claim all memory

[[nodiscard]] constexpr std::uint32_t key_of(CurrencyNumber base, CurrencyNumber quote) {
    return std::uint32_t{base} << 16 | quote;
}

constexpr auto is_before = [](const auto& pair, std::uint32_t key) { return pair.key < key; };

[[nodiscard]] Booked<Price> inverted(Price price, Rounding rounding = Rounding::half_even) {
    if (price.raw() <= 0) return refused(BookError::bad_price);
    const auto other = inverse(price, rounding);
    if (!other) return refused(BookError::overflow);
    if (other->is_zero()) return refused(BookError::bad_price);
    return *other;
}

[[nodiscard]] Booked<Quantity> valued(Quantity quantity, Price price) {
    const auto raw = multiply_divide(quantity.raw(), price.raw(), Price::kOne, Rounding::half_even);
    if (!raw) return refused(BookError::overflow);
    return Quantity::from_raw(*raw);
}

using FirstError = std::optional<BookError>;

// Takes what `from` has, or remembers its error if it is the first.
template <class T>
void take(T& into, const Booked<T>& from, FirstError& error) {
    if (from)
        into = *from;
    else if (!error)
        error = from.error();
}

}  // namespace

CurrencyRates::CurrencyRates(Code pivot) : pivot_(pivot) {
    if (!pivot.empty()) codes_.push_back(pivot);
}

Booked<CurrencyNumber> CurrencyRates::number_of(Code currency) {
    if (currency.empty()) return refused(BookError::bad_currency);
    if (const auto known = find(currency)) return known;
    if (codes_.size() == kCurrenciesMax) return refused(BookError::too_many);
    codes_.push_back(currency);
    return static_cast<CurrencyNumber>(codes_.size() - 1);
}

Booked<CurrencyNumber> CurrencyRates::find(Code currency) const {
    const auto at = std::find(codes_.begin(), codes_.end(), currency);
    if (at == codes_.end()) return refused(BookError::missing_rate);
    return static_cast<CurrencyNumber>(at - codes_.begin());
}

Booked<PairNumber> CurrencyRates::pair_of(CurrencyNumber base, CurrencyNumber quote) {
    MILLRACE_ASSERT(base < codes_.size() && quote < codes_.size(), "a currency without a number");
    if (base == quote) return refused(BookError::bad_currency);
    const std::uint32_t key = key_of(base, quote);
    const auto at = std::lower_bound(pairs_.begin(), pairs_.end(), key, is_before);
    if (at != pairs_.end() && at->key == key) return at->number;
    const auto number = static_cast<PairNumber>(rates_.size());
    rates_.push_back(0);
    pairs_.insert(at, {key, number});
    return number;
}

std::int64_t CurrencyRates::rate(CurrencyNumber base, CurrencyNumber quote) const {
    const std::uint32_t key = key_of(base, quote);
    const auto at = std::lower_bound(pairs_.begin(), pairs_.end(), key, is_before);
    return at != pairs_.end() && at->key == key ? rates_[at->number] : 0;
}

Booked<void> CurrencyRates::set(Code base, Code quote, Price rate) {
    return set(base, quote, rate, rate);
}

Booked<void> CurrencyRates::set(Code base, Code quote, Price bid, Price ask) {
    const auto mark = Mark::middle(bid, ask);
    if (!mark) return refused(mark.error());
    const auto of = number_of(base);
    if (!of) return refused(of.error());
    const auto in = number_of(quote);
    if (!in) return refused(in.error());
    const auto pair = pair_of(*of, *in);
    if (!pair) return refused(pair.error());
    return set(*pair, *mark);
}

Booked<Money> CurrencyRates::by_one_pair(Money amount, CurrencyNumber from, CurrencyNumber to,
                                         Rounding rounding) const {
    Checked<std::int64_t> raw = amount.raw();
    if (const std::int64_t direct = rate(from, to); direct != 0)
        raw = multiply_divide(amount.raw(), direct, kDoubledOne, rounding);
    else if (const std::int64_t other = rate(to, from); other != 0)
        raw = multiply_divide(amount.raw(), kDoubledOne, other, rounding);
    else
        return refused(BookError::missing_rate);
    if (!raw) return refused(BookError::overflow);
    return Money::from_raw(*raw);
}

Booked<Money> CurrencyRates::convert(Money amount, CurrencyNumber from, CurrencyNumber to,
                                     Rounding rounding) const {
    if (from == to || amount.is_zero()) return amount;
    const auto direct = by_one_pair(amount, from, to, rounding);
    if (direct || direct.error() != BookError::missing_rate || pivot_.empty()) return direct;
    constexpr CurrencyNumber kPivot = 0;
    const auto half_way = by_one_pair(amount, from, kPivot, rounding);
    if (!half_way) return half_way;
    return by_one_pair(*half_way, kPivot, to, rounding);
}

Booked<Money> CurrencyRates::convert(Money amount, Code from, Code to, Rounding rounding) const {
    if (from == to || amount.is_zero()) return amount;
    const auto out_of = find(from);
    if (!out_of) return refused(out_of.error());
    const auto into = find(to);
    if (!into) return refused(into.error());
    return convert(amount, *out_of, *into, rounding);
}

void CurrencyRates::save(engine::StateWriter& writer) const {
    writer.put(static_cast<std::uint32_t>(codes_.size()));
    for (const Code code : codes_)
        writer.put(code);
    writer.put(static_cast<std::uint32_t>(pairs_.size()));
    for (const Pair& pair : pairs_) {
        writer.put(pair);
        writer.put(rates_[pair.number]);
    }
}

void CurrencyRates::load(engine::StateReader& reader) {
    const auto codes = reader.get<std::uint32_t>();
    codes_.clear();
    for (std::uint32_t i = 0; i < codes && i < kCurrenciesMax && !reader.failed(); ++i)
        codes_.push_back(reader.get<Code>());
    const auto pairs = std::min(reader.get<std::uint32_t>(), kPairsMax);
    pairs_.clear();
    rates_.assign(pairs, 0);
    for (std::uint32_t i = 0; i < pairs && !reader.failed(); ++i) {
        const auto pair = reader.get<Pair>();
        const auto rate = reader.get<std::int64_t>();
        if (pair.number >= pairs || rate < 0) return refuse(reader);
        pairs_.push_back(pair);
        rates_[pair.number] = rate;
    }
}

Booked<model::Quote> invert(const model::Quote& quote) {
    model::Quote other = quote;
    FirstError error;
    take(other.bid, inverted(quote.ask, Rounding::floor), error);
    take(other.ask, inverted(quote.bid, Rounding::ceiling), error);
    take(other.bid_size, valued(quote.ask_size, quote.ask), error);
    take(other.ask_size, valued(quote.bid_size, quote.bid), error);
    if (error) return refused(*error);
    return other;
}

Booked<model::Trade> invert(const model::Trade& trade) {
    model::Trade other = trade;
    FirstError error;
    take(other.price, inverted(trade.price), error);
    take(other.size, valued(trade.size, trade.price), error);
    if (error) return refused(*error);
    switch (trade.aggressor) {
        case model::Aggressor::unknown: break;
        case model::Aggressor::buyer: other.aggressor = model::Aggressor::seller; break;
        case model::Aggressor::seller: other.aggressor = model::Aggressor::buyer; break;
    }
    return other;
}

Booked<model::Bar> invert(const model::Bar& bar) {
    model::Bar other = bar;
    FirstError error;
    take(other.open, inverted(bar.open), error);
    take(other.high, inverted(bar.low), error);
    take(other.low, inverted(bar.high), error);
    take(other.close, inverted(bar.close), error);
    const Price average = bar.vwap.value_or(bar.close);
    take(other.volume, valued(bar.volume, average), error);
    if (bar.vwap.has_value()) {
        Price vwap;
        take(vwap, inverted(average), error);
        other.vwap = vwap;
    }
    if (error) return refused(*error);
    return other;
}

Booked<model::Fill> invert(const model::Fill& fill) {
    model::Fill other = fill;
    FirstError error;
    take(other.price, inverted(fill.price), error);
    take(other.quantity, valued(fill.quantity, fill.price), error);
    if (error) return refused(*error);
    other.side = fill.side == model::Side::buy ? model::Side::sell : model::Side::buy;
    return other;
}

}  // namespace millrace::portfolio
