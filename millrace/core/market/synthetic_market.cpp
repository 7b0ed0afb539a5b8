// When something happens; what happens is the path's.
#include "millrace/core/market/synthetic_market.hpp"

#include <algorithm>

namespace millrace::market {
namespace {

const InstrumentId kAll(0);              // all symbols have the same calendar
constexpr std::int64_t kTickNs = 1'000;  // ticks come at whole microseconds
constexpr int kSpreadMax = 4;            // steps

Time rounded_up(Time time, Duration step) {
    const std::int64_t rest = time.ns() % step.ns();
    if (rest == 0) return time;
    return time + Duration::nanoseconds(rest > 0 ? step.ns() - rest : -rest);
}

Time midnight_of(const Date& date) {
    return time_at_offset({date, 0}, Duration()).value();
}

}  // namespace

SyntheticMarket::SyntheticMarket(SyntheticRule rule) : rule_(std::move(rule)) {
    MILLRACE_ASSERT(check(rule_).has_value(), "the rule of a synthetic market was checked");
    for (const SyntheticSymbol& symbol : rule_.symbols)
        paths_.emplace_back(rule_.regime, symbol, rule_.seed);
    if (rule_.calendar) {
        periods_.set(kAll, *rule_.calendar);
        sessions_.emplace_back(*rule_.calendar);
    }
    if (rule_.kind == model::TableKind::bars) {
        bar_ = bar_from(rule_.from);
        return;
    }
    last_.assign(paths_.size(), rule_.from);
    for (std::uint32_t symbol = 0; symbol < paths_.size(); ++symbol)
        plan_tick(symbol, rule_.from);
}

std::uint64_t SyntheticMarket::expected() const {
    const Duration step = rule_.kind == model::TableKind::bars ? rule_.every : rule_.distance;
    double span = static_cast<double>((rule_.to - rule_.from).ns());
    if (rule_.calendar && rule_.calendar->name() != "crypto") {
        // A share of the first weeks tells enough of all.
        const Time end = std::min(rule_.to, rule_.from + Duration::days(28));
        const auto sessions =
            rule_.calendar->sessions(utc_date_time(rule_.from).date, utc_date_time(end).date);
        double open = 0;
        for (const Session& session : sessions)
            open += static_cast<double>((session.close - session.open).ns());
        const bool is_daily = rule_.every >= Duration::days(1);
        if (rule_.kind == model::TableKind::bars && is_daily)
            open = static_cast<double>(sessions.size()) * static_cast<double>(step.ns());
        span *= std::min(1.0, open / static_cast<double>((end - rule_.from).ns()));
    }
    return static_cast<std::uint64_t>(span / static_cast<double>(step.ns())) * paths_.size();
}

bool SyntheticMarket::next(model::Datum& datum) {
    if (rule_.kind == model::TableKind::bars) return next_bar(datum.emplace<model::Bar>());
    return next_tick(datum);
}

// Where the first bar from there on begins.
std::optional<Time> SyntheticMarket::bar_from(Time time) {
    if (!rule_.calendar) return rounded_up(time, rule_.every);
    if (rule_.every < Duration::days(1)) {
        const auto period = periods_.period_after(kAll, time, rule_.every);
        return period ? std::optional(period->open) : std::nullopt;
    }
    // Daily bars are labelled by the midnight of their date.
    const Time first = rounded_up(time, Duration::days(1));
    Date date = utc_date_time(first).date;
    for (std::int64_t days = 0; rule_.calendar->covers(date); ++days) {
        if (rule_.calendar->is_trading_day(date)) return midnight_of(date);
        date = utc_date_time(first + Duration::days(days + 1)).date;
    }
    return std::nullopt;
}

bool SyntheticMarket::next_bar(model::Bar& bar) {
    if (!bar_ || *bar_ >= rule_.to) return false;
    SyntheticPath& path = paths_[symbol_];
    if (rest_ > Duration()) path.rest(rest_);
    path.make_bar(rule_.every, bar);
    bar.open_time = *bar_;
    bar.known_at = *bar_ + rule_.every;
    bar.step = static_cast<std::uint64_t>(rule_.every.ns());
    bar.instrument = rule_.symbols[symbol_].id;
    bar.source = rule_.source;
    if (++symbol_ == paths_.size()) {
        symbol_ = 0;
        const Time end = bar.known_at;
        // A period that its session cuts off ends before the bar does.
        bar_ = bar_from(rule_.calendar ? *bar_ + Duration::nanoseconds(1) : end);
        rest_ = bar_ && *bar_ > end ? *bar_ - end : Duration();
    }
    return true;
}

void SyntheticMarket::plan_tick(std::uint32_t symbol, Time after) {
    const auto distance = [&] {
        const double drawn =
            paths_[symbol].exponential() * static_cast<double>(rule_.distance.ns());
        const auto ns = static_cast<std::int64_t>(drawn);
        return Duration::nanoseconds(std::max<std::int64_t>(1, ns / kTickNs) * kTickNs);
    };
    Time time = after + distance();
    if (!sessions_.empty())
        while (time < rule_.to && !sessions_.front().is_open(time))
            time = std::min(sessions_.front().until(), rule_.to) + distance();
    if (time >= rule_.to) return;
    ticks_.push_back({time, symbol});
    std::push_heap(ticks_.begin(), ticks_.end(), std::greater<>());
}

bool SyntheticMarket::next_tick(model::Datum& datum) {
    if (ticks_.empty()) return false;
    std::pop_heap(ticks_.begin(), ticks_.end(), std::greater<>());
    const Tick tick = ticks_.back();
    ticks_.pop_back();
    SyntheticPath& path = paths_[tick.symbol];
    Time since = last_[tick.symbol];
    if (!sessions_.empty()) {
        const Session* session = sessions_.front().at(tick.time);
        MILLRACE_ASSERT(session != nullptr, "ticks come while the market is open");
        if (since < session->open) {
            path.rest(session->open - since);
            since = session->open;
        }
    }
    path.pass(tick.time - since);
    const auto finish = [&](auto& noun) {
        noun.known_at = tick.time;
        noun.instrument = rule_.symbols[tick.symbol].id;
        noun.source = rule_.source;
    };
    if (rule_.kind == model::TableKind::quotes) {
        auto& quote = datum.emplace<model::Quote>();
        make_quote(path, quote);
        finish(quote);
    } else {
        auto& trade = datum.emplace<model::Trade>();
        make_trade(path, trade);
        finish(trade);
    }
    last_[tick.symbol] = tick.time;
    plan_tick(tick.symbol, tick.time);
    return true;
}

// One to four steps wide, the wider the rarer, around the price.
void SyntheticMarket::make_quote(SyntheticPath& path, model::Quote& quote) const {
    std::int64_t spread = 1;
    while (spread < kSpreadMax && path.chance().one_in(2))
        ++spread;
    const std::int64_t bid = std::max<std::int64_t>(1, path.steps_of(path.price()) - spread / 2);
    quote.bid = path.price_of(bid);
    quote.ask = path.price_of(bid + spread);
    quote.bid_size = path.lots(static_cast<double>(path.chance().between(1, 50)));
    quote.ask_size = path.lots(static_cast<double>(path.chance().between(1, 50)));
}

// At the bid or the offer of a market one step wide.
void SyntheticMarket::make_trade(SyntheticPath& path, model::Trade& trade) const {
    const std::int64_t bid = path.steps_of(path.price());
    trade.price = path.price_of(path.chance().one_in(2) ? bid + 1 : bid);
    trade.size = path.lots(1 + 4 * path.exponential());
}

}  // namespace millrace::market
