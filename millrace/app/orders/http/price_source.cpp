// The rule of the market, and what it makes handed on.
#include "millrace/app/orders/http/price_source.hpp"

namespace millrace::orders {
namespace {

constexpr double kRateMin = 0.001;  // of a symbol, a second
constexpr double kRateMax = 100'000;

feeds::SyntheticFeedRule rule_of(const OrderView& view, const PriceTerms& terms) {
    feeds::SyntheticFeedRule rule;
    rule.seed = terms.seed + view.sequence;  // or each start would take the same path
    for (const MarketView& market : view.markets) {
        market::SyntheticSymbol symbol;
        symbol.name = std::string(market.instrument.symbol.view());
        symbol.id = market.instrument.id;
        symbol.step = market.instrument.price_increment;
        symbol.lot = market.instrument.quantity_increment;
        if (market.mark.has_value() && market.mark.value().raw() > 0)
            symbol.start = market.mark.value();
        rule.symbols.push_back(std::move(symbol));
    }
    const auto count = static_cast<double>(rule.symbols.size());
    rule.rate = std::clamp(terms.quotes_per_second / count, kRateMin, kRateMax);
    return rule;
}

}  // namespace

Result<std::unique_ptr<PriceSource>> PriceSource::start(OrderService& service,
                                                        feeds::SyntheticFeed::Clock now) {
    const auto view = service.view();
    const PriceTerms& terms = service.settings().prices;
    if (!terms.is_on || view->markets.empty()) return std::unique_ptr<PriceSource>();
    std::unique_ptr<PriceSource> source(new PriceSource(service));
    auto feed = feeds::SyntheticFeed::start(rule_of(*view, terms), std::move(now), *source);
    if (!feed) return failure(std::move(feed.error()));
    source->feed_ = std::move(*feed);
    return source;
}

std::size_t PriceSource::take(std::span<const model::Quote> quotes) {
    std::size_t taken = 0;
    while (taken < quotes.size() && service_.offer(quotes[taken]))
        ++taken;
    return taken;
}

}  // namespace millrace::orders
