// 1/x, with care.
#include "millrace/app/backtest/inversion.hpp"

#include <algorithm>
#include <cctype>

namespace millrace::backtest {
namespace {

// 0.0001: what is below it has fewer than six digits.
constexpr std::int64_t kRawMin = Price::kOne / 10'000;

// Nothing where a side of a quote is missing: a price of 0.
Result<Price> turned(Price price) {
    if (price.is_zero()) return price;
    const auto inverse = millrace::inverse(price);
    if (inverse && inverse->raw() >= kRawMin) return *inverse;
    return failure(ErrorCode::data, "a price cannot be turned round", {},
                   "1/" + price.to_string() + " has fewer than six digits in nine decimals",
                   "leave the pair as it is: its profit is converted in any case");
}

Result<void> turn(Price& price) {
    const auto done = turned(price);
    if (!done) return failure(Error(done.error()));
    price = *done;
    return {};
}

Result<void> turn(Quantity& size, Price at) {
    const auto other = multiply_divide(size.raw(), at.raw(), Price::kOne, Rounding::half_even);
    if (!other)
        return failure(ErrorCode::data, "a size cannot be turned round", {},
                       size.to_string() + " at " + at.to_string() + " is out of range",
                       "look at the sizes in the file");
    size = Quantity::from_raw(*other);
    return {};
}

Result<void> first_failure(std::initializer_list<Result<void>> all) {
    for (const Result<void>& one : all)
        if (!one) return one;
    return {};
}

struct Turning {
    Result<void> operator()(model::Bar& bar) const {
        std::swap(bar.high, bar.low);
        Result<void> done =
            first_failure({turn(bar.open), turn(bar.high), turn(bar.low), turn(bar.close)});
        if (!done || !bar.vwap.has_value()) return done;
        Price vwap = bar.vwap.value();
        done = turn(vwap);
        bar.vwap = vwap;
        return done;
    }
    Result<void> operator()(model::Quote& quote) const {
        const Result<void> done =
            first_failure({turn(quote.bid_size, quote.bid), turn(quote.ask_size, quote.ask),
                           turn(quote.bid), turn(quote.ask)});
        std::swap(quote.bid, quote.ask);
        std::swap(quote.bid_size, quote.ask_size);
        return done;
    }
    Result<void> operator()(model::Trade& trade) const {
        using model::Aggressor;
        if (trade.aggressor == Aggressor::buyer)
            trade.aggressor = Aggressor::seller;
        else if (trade.aggressor == Aggressor::seller)
            trade.aggressor = Aggressor::buyer;
        return first_failure({turn(trade.size, trade.price), turn(trade.price)});
    }
};

// "USDJPY" of "usd/jpy"; empty for what is not six letters.
std::string pair_of(const std::string& symbol) {
    std::string letters;
    for (const char letter : symbol) {
        const auto byte = static_cast<unsigned char>(letter);
        if (std::isalpha(byte) != 0)
            letters += static_cast<char>(std::toupper(byte));
        else if (std::string_view("/._- :").find(letter) == std::string_view::npos)
            return {};
    }
    return letters.size() == 6 ? letters : std::string();
}

}  // namespace

Result<void> invert(model::Datum& datum) {
    return std::visit(Turning{}, datum);
}

bool is_inverted(const BacktestSettings& settings, const std::string& symbol) {
    const auto terms = settings.instruments.find(symbol);
    if (terms == settings.instruments.end() ? settings.every_instrument.invert
                                            : terms->second.invert)
        return true;
    const std::string pair = pair_of(symbol);
    return settings.invert_fx_to_base && !pair.empty() && pair.substr(0, 3) == settings.currency &&
           pair.substr(3) != settings.currency;
}

Result<InstrumentTerms> inverted(InstrumentTerms terms, const std::string& symbol) {
    const std::string pair = pair_of(symbol);
    if (terms.base_currency.empty() && !pair.empty()) {
        terms.base_currency = pair.substr(0, 3);
        terms.currency = pair.substr(3);
    }
    if (terms.base_currency.empty() || terms.currency.empty())
        return failure(ErrorCode::config, "nobody says which currencies the pair has",
                       "instrument." + symbol, "its data are to be turned round",
                       "add base-currency and currency, as the file has them");
    std::swap(terms.base_currency, terms.currency);
    terms.asset_class = terms.asset_class.value_or(model::AssetClass::fx);
    terms.price_increment = Price::from_raw(1);  // 1/x has no coarser step
    return terms;
}

Result<Quantity> inverted_lot(Quantity lot, Price price) {
    Quantity units = lot;
    if (auto done = turn(units, price); !done) return failure(std::move(done.error()));
    const auto whole = round_to(units, Quantity::whole(1), Rounding::half_even);
    return whole ? std::max(*whole, Quantity::whole(1)) : units;
}

Result<void> turn_side(std::span<strategy::Parameter* const> parameters) {
    for (strategy::Parameter* parameter : parameters) {
        const strategy::ParameterDescription description = parameter->describe();
        if (description.name != "trade_size" || !description.minimum_text.starts_with('-'))
            continue;
        const std::string size = parameter->text();
        return parameter->set(size.starts_with('-') ? size.substr(1) : "-" + size);
    }
    return {};
}

}  // namespace millrace::backtest
