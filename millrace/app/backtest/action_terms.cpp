// Reading, checking against the instrument, and looking for the prices before dividends.
#include "millrace/app/backtest/action_terms.hpp"

#include <algorithm>
#include <set>

#include "millrace/core/market/calendar.hpp"
#include "millrace/edge/feeds/files/action_file.hpp"

namespace millrace::backtest {
namespace {

using files::ActionRow;

// Finer than a tick, so that a long history does not lose its small moves.
constexpr Price kAdjustedIncrement = Price::from_raw(1'000);

tl::unexpected<Error> refused(std::string what, std::string where, std::string why,
                              std::string mend) {
    return failure(ErrorCode::config, std::move(what), std::move(where), std::move(why),
                   std::move(mend));
}

Result<Zone> zone_of(const model::Instrument& instrument) {
    if (instrument.calendar.empty()) return Zone::utc();
    return market::Calendar::find(instrument.calendar.view()).map(&market::Calendar::zone);
}

// All parts of a symbol's data are of one view and have the same actions.
Result<const DataTerms*> common_terms(const NamedFiles& files, std::string_view symbol) {
    const DataTerms* first = files.front().second;
    for (const auto& [path, terms] : files)
        if (terms->actions != first->actions || terms->prices != first->prices)
            return refused("files of one symbol have different actions or prices",
                           "data." + std::string(symbol), path, "give all of them the same");
    return first;
}

Result<std::vector<model::CorporateAction>> actions_of(const DataTerms& terms,
                                                       const model::Instrument& instrument,
                                                       std::vector<std::string>& nameless) {
    const auto zone = zone_of(instrument);
    if (!zone) return failure(Error(zone.error()));
    std::vector<model::CorporateAction> actions;
    std::set<std::pair<std::int64_t, model::ActionKind>> known;
    for (const std::string& path : terms.actions) {
        auto rows = files::read_actions(path, *zone);
        if (!rows) return failure(std::move(rows.error()));
        if (!rows->empty() && rows->front().symbol.empty()) nameless.push_back(path);
        for (ActionRow& row : *rows) {
            if (!row.symbol.empty() && row.symbol != instrument.symbol.view()) continue;
            model::CorporateAction& action = row.action;
            action.instrument = instrument.id;
            const auto own = Code::from(instrument.currency.view());
            if (!own) return failure(Error(own.error()));
            if (action.currency.empty()) action.currency = *own;
            if (instrument.inverse)
                return refused("an inverse contract has no splits and dividends", row.where, {},
                               "take its actions out");
            if (model::is_split(action) && !instrument.base_currency.empty())
                return refused("a currency has no splits", row.where,
                               "the price of " + std::string(instrument.symbol.view()) +
                                   " converts currencies",
                               "take its actions out");
            if (terms.prices == PriceView::total_return && !own->empty() && action.currency != *own)
                return refused("a dividend is in another currency than its price", row.where,
                               "a total return would need the rate of that day",
                               "write the amount in " + own->text() + ", or use raw prices");
            if (!known.insert({action.known_at.ns(), action.kind}).second)
                return refused("two files have the same action", row.where, {},
                               "keep it in one of them");
            actions.push_back(action);
        }
    }
    std::sort(actions.begin(), actions.end(), [](const auto& a, const auto& b) {
        return std::pair(a.known_at, model::is_split(a)) <
               std::pair(b.known_at, model::is_split(b));
    });
    return actions;
}

Price last_price(const model::Datum& datum) {
    if (const auto* bar = std::get_if<model::Bar>(&datum)) return bar->close;
    if (const auto* trade = std::get_if<model::Trade>(&datum)) return trade->price;
    return std::get<model::Quote>(datum).bid;
}

// The last price before each: of the file that was last to tell one.
Result<void> find_prices_before(const NamedFiles& files, InstrumentId instrument,
                                std::vector<PriceAdjuster::Step>& steps) {
    std::vector<Time> told(steps.size(), Time::earliest());
    for (const auto& [path, terms] : files) {
        files::TableOptions options = table_of(*terms);
        options.instrument = instrument;
        auto file = MarketFile::open(path, options);
        if (!file) return failure(std::move(file.error()));
        model::Datum datum;
        for (;;) {
            const auto more = file->next(datum);
            if (!more) return failure(Error(more.error()));
            if (!*more) break;
            const Time known = known_at(datum);
            const bool is_bar = std::holds_alternative<model::Bar>(datum);
            for (std::size_t at = steps.size(); at-- > 0;) {
                const Time ex = steps[at].action.known_at;
                if (is_bar ? known > ex : known >= ex) break;
                if (known < told[at]) continue;
                told[at] = known;
                steps[at].before = last_price(datum);
            }
        }
    }
    return {};
}

}  // namespace

files::TableOptions table_of(const DataTerms& terms) {
    files::TableOptions options = terms.table;
    if (options.symbol.empty()) options.symbol = terms.symbol;
    if (terms.prices == PriceView::adjusted && terms.actions.empty())
        options.prices = files::Prices::adjusted;
    return options;
}

Result<ActionPlan> plan_actions(const NamedFiles& files, bool is_increment_given,
                                model::Instrument& instrument) {
    ActionPlan plan;
    const auto terms = common_terms(files, instrument.symbol.view());
    if (!terms) return failure(Error(terms.error()));
    const PriceView view = (*terms)->prices;
    if ((*terms)->actions.empty()) {
        const std::string where = "data." + std::string(instrument.symbol.view());
        if (view == PriceView::total_return)
            return refused("a total return needs the dividends", where, "no actions are named",
                           "add actions = \"FILE\"");
        if (view == PriceView::forward)
            return refused("forward prices need the splits", where, "no actions are named",
                           "add actions = \"FILE\"");
        return plan;
    }
    auto actions = actions_of(**terms, instrument, plan.nameless);
    if (!actions) return failure(std::move(actions.error()));
    if (view == PriceView::raw) {
        plan.happening = std::move(*actions);
        return plan;
    }
    if (!is_increment_given)
        instrument.price_increment = std::min(instrument.price_increment, kAdjustedIncrement);
    std::vector<PriceAdjuster::Step> steps;
    for (const model::CorporateAction& action : *actions)
        if (view == PriceView::total_return || model::is_split(action))
            steps.push_back({action, {}});
    if (view == PriceView::total_return)
        if (auto found = find_prices_before(files, instrument.id, steps); !found)
            return failure(std::move(found.error()));
    auto adjuster = view == PriceView::forward
                        ? PriceAdjuster::make_forward(steps, instrument.price_increment)
                        : PriceAdjuster::make(steps, instrument.price_increment);
    if (!adjuster) return failure(std::move(adjuster.error()));
    plan.adjuster = std::move(*adjuster);
    plan.adjusted = steps.size();
    return plan;
}

Result<void> add_actions(const NamedFiles& files, bool is_inverted, bool is_increment_given,
                         model::Instrument& instrument, Cast& cast) {
    auto plan = plan_actions(files, is_increment_given, instrument);
    if (!plan) return failure(std::move(plan.error()));
    const std::string symbol(instrument.symbol.view());
    const bool has_actions = !files.front().second->actions.empty();
    if (is_inverted && has_actions)
        return refused("a pair that is turned round has no splits and dividends", "data." + symbol,
                       {}, "take its actions out");
    for (const std::string& path : plan->nameless)
        if (const auto& owner = cast.nameless_actions.try_emplace(path, symbol).first->second;
            owner != symbol)
            return refused("it is not known whose actions these are", path,
                           "the file names no symbols, and the data of " + owner + " and of " +
                               symbol + " name the file",
                           "add a column \"symbol\", or name it for one of them");
    cast.has_actions = cast.has_actions || has_actions;
    cast.actions.insert(cast.actions.end(), plan->happening.begin(), plan->happening.end());
    cast.adjusters.push_back(std::move(plan->adjuster));
    cast.adjusted += plan->adjusted;
    return {};
}

}  // namespace millrace::backtest
