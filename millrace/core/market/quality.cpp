// Watching the rows go by.
#include "millrace/core/market/quality.hpp"

#include <algorithm>
#include <array>

namespace millrace::market {
namespace {

struct SplitRatio {
    int shares;
    int before;
};
constexpr std::array kSplits = {
    SplitRatio{3, 2},  SplitRatio{2, 1},  SplitRatio{3, 1},  SplitRatio{4, 1},  SplitRatio{5, 1},
    SplitRatio{6, 1},  SplitRatio{7, 1},  SplitRatio{8, 1},  SplitRatio{10, 1}, SplitRatio{15, 1},
    SplitRatio{20, 1}, SplitRatio{25, 1}, SplitRatio{30, 1}, SplitRatio{50, 1}};
constexpr double kSplitNear = 0.05;       // what the market may have moved besides
constexpr double kSplitNearSmall = 0.03;  // of 3:2, which a bad day comes close to
constexpr double kSpikeUndone = 0.2;      // of the move may remain

double double_of(Price price) {
    return static_cast<double>(price.raw());
}

double size_of(double value) {
    return value < 0 ? -value : value;
}

bool is_daily(Duration step) {
    return step >= Duration::days(1);
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
    const std::int64_t quotient = a / b;
    return a % b < 0 ? quotient - 1 : quotient;
}

// How many rows alike in a run are no longer chance.
std::uint64_t stale_from(const QualityRules& rules) {
    if (rules.kind != model::TableKind::bars) return kStaleTicks;
    const std::int64_t minutes = Duration::minutes(10).ns() / rules.step.ns();
    return std::max(kStaleBars, static_cast<std::uint64_t>(minutes));
}

Price mid_of(const model::Quote& quote) {
    return Price::from_raw(quote.bid.raw() + (quote.ask.raw() - quote.bid.raw()) / 2);
}

Date after(const Date& date) {
    return utc_date_time(time_at_offset({date, 0}, Duration()).value() + Duration::days(1)).date;
}

}  // namespace

Quality::Quality(const QualityRules& rules) : rules_(rules) {
    MILLRACE_ASSERT(rules.step > Duration(), "a period lasts longer than nothing");
    if (!rules.calendar) return;
    sessions_.emplace_back(*rules.calendar);
    report_.has_coverage = rules.step <= Duration::days(1);
}

void Quality::add(const model::Datum& datum) {
    Row row;
    if (const auto* bar = std::get_if<model::Bar>(&datum))
        add_bar(*bar, row);
    else if (const auto* quote = std::get_if<model::Quote>(&datum))
        add_quote(*quote, row);
    else
        add_trade(std::get<model::Trade>(datum), row);
    if (report_.rows++ == 0) report_.first = row.begin;
    report_.last = row.begin;
    const bool follows = place(row);
    watch_split(row);
    watch_move(row, follows);
    before_ = row;
    last_datum_ = datum;
}

void Quality::add_bar(const model::Bar& bar, Row& row) {
    row = {bar.open_time, bar.known_at, bar.open, bar.close};
    if (before_ && bar.open_time < before_->end) ++report_.overlapping;
    if (bar.volume.is_zero())
        ++report_.zero_volume;
    else
        report_.has_sizes = true;
    const auto* last = std::get_if<model::Bar>(&last_datum_);
    watch_stale(before_ && last != nullptr && bar.high == bar.low && bar.open == last->open &&
                    bar.high == last->high && bar.low == last->low && bar.close == last->close,
                row);
}

void Quality::add_quote(const model::Quote& quote, Row& row) {
    row = {quote.known_at, quote.known_at, mid_of(quote), mid_of(quote)};
    if (quote.bid > quote.ask) ++report_.crossed;
    report_.has_sizes = report_.has_sizes || !quote.bid_size.is_zero() || !quote.ask_size.is_zero();
    const auto* last = std::get_if<model::Quote>(&last_datum_);
    watch_stale(before_ && last != nullptr && quote.bid == last->bid && quote.ask == last->ask &&
                    quote.bid_size == last->bid_size && quote.ask_size == last->ask_size,
                row);
}

void Quality::add_trade(const model::Trade& trade, Row& row) {
    row = {trade.known_at, trade.known_at, trade.price, trade.price};
    if (trade.size.is_zero())
        ++report_.zero_volume;
    else
        report_.has_sizes = true;
    const auto* last = std::get_if<model::Trade>(&last_datum_);
    watch_stale(before_ && last != nullptr && trade.price == last->price, row);
}

bool Quality::place(const Row& row) {
    return report_.has_coverage ? place_by_calendar(row) : place_by_clock(row);
}

bool Quality::place_by_clock(const Row& row) {
    if (!before_) return false;
    const std::int64_t step = rules_.step.ns();
    const std::int64_t here = floor_divide(row.begin.ns(), step);
    const std::int64_t last = floor_divide(before_->begin.ns(), step);
    if (here - last <= 1) return true;
    find_gap(before_->end, row.begin, static_cast<std::uint64_t>(here - last - 1));
    return false;
}

// The trading day that a row belongs to. A bar of a day may be labelled by the midnight of its
// date, in UTC or there, or by the time at which the market opened.
std::optional<Date> Quality::date_of(const Row& row) {
    if (is_daily(rules_.step) && rules_.kind == model::TableKind::bars &&
        row.begin.ns() % kNanosecondsPerDay == 0)
        return utc_date_time(row.begin).date;
    if (const Session* session = sessions_.front().at(row.begin)) return session->date;
    if (!is_daily(rules_.step)) return std::nullopt;
    return rules_.calendar->zone().to_local(row.begin).local.date;
}

Quality::Day Quality::day_of(const Date& date) const {
    Day day{date, rules_.calendar->sessions(date, date), 0};
    for (const Session& session : day.sessions) {
        const std::int64_t step = rules_.step.ns();
        day.periods +=
            static_cast<std::uint32_t>(((session.close - session.open).ns() + step - 1) / step);
    }
    if (is_daily(rules_.step)) day.periods = day.sessions.empty() ? 0 : 1;
    return day;
}

// Which period of the day it is in.
std::uint32_t Quality::period_of(Time time) const {
    if (is_daily(rules_.step)) return 0;
    std::int64_t periods = 0;
    const std::int64_t step = rules_.step.ns();
    for (const Session& session : day_->sessions) {
        if (session.contains(time)) {
            periods += (time - session.open).ns() / step;
            break;
        }
        periods += ((session.close - session.open).ns() + step - 1) / step;
    }
    return static_cast<std::uint32_t>(periods);
}

// Ends the day before and passes over those without a row; how many periods were missed.
std::uint64_t Quality::enter_day(const Date& date) {
    std::uint64_t missing = 0;
    if (day_) {
        missing = day_->periods - *period_ - 1;
        const Date last = day_->date;
        close_day(day_->periods);
        for (Date between = after(last); between < date; between = after(between)) {
            if (!rules_.calendar->is_trading_day(between)) continue;
            day_ = day_of(between);
            missing += day_->periods;
            close_day(day_->periods);
        }
    }
    day_ = day_of(date);
    return missing;
}

void Quality::close_day(std::uint32_t until) {
    const DayCoverage covered{day_->date, until - std::min(until, day_from_), day_actual_};
    report_.expected += covered.expected;
    report_.actual += covered.actual;
    if (report_.days.size() < kQualityDaysMax) report_.days.push_back(covered);
    day_from_ = 0;
    day_actual_ = 0;
}

bool Quality::place_by_calendar(const Row& row) {
    const std::optional<Date> date = date_of(row);
    if (!date || !rules_.calendar->is_trading_day(*date) || (day_ && *date < day_->date)) {
        ++report_.outside_sessions;
        return false;
    }
    const bool is_first = !day_;
    const bool is_new = is_first || *date > day_->date;
    std::uint64_t missing = is_new ? enter_day(*date) : 0;
    const std::uint32_t period = period_of(row.begin);
    if (is_first) {
        day_from_ = period;
    } else {
        missing += is_new ? period : (period > *period_ ? period - *period_ - 1 : 0);
        if (missing > 0) find_gap(before_->end, row.begin, missing);
    }
    if (is_new || period > *period_) ++day_actual_;
    period_ = period;
    if (rules_.kind == model::TableKind::bars && !is_daily(rules_.step)) {
        const Session* session = sessions_.front().at(row.begin);
        if ((row.begin - session->open).ns() % rules_.step.ns() != 0) ++report_.off_grid;
    }
    return missing == 0 && (!is_new || is_daily(rules_.step)) && !is_first;
}

void Quality::find_gap(Time from, Time to, std::uint64_t missing) {
    report_.gaps.add({from, to, missing});
    report_.missing += missing;
    report_.longest_gap = std::max(report_.longest_gap, to - from);
}

// A move across a gap or a rest says nothing of the prices next to it.
void Quality::watch_move(const Row& row, bool follows) {
    if (!before_ || before_->last.raw() <= 0) return;
    if (!follows) {
        if (outlier_) report_.outliers.add({outlier_->time, outlier_->from, outlier_->to, false});
        outlier_.reset();
        return;
    }
    const double share =
        (double_of(row.last) - double_of(before_->last)) / double_of(before_->last);
    const bool is_large =
        scale_.is_ready() && size_of(share) > kOutlierDeviations * scale_.deviation();
    if (outlier_) {
        const double left =
            (double_of(row.last) - double_of(outlier_->from)) / double_of(outlier_->from);
        const bool is_spike = is_large && (share < 0) != (outlier_->share < 0) &&
                              size_of(left) <= kSpikeUndone * size_of(outlier_->share);
        report_.outliers.add({outlier_->time, outlier_->from, outlier_->to, is_spike});
        if (is_spike) ++report_.spikes;
        outlier_.reset();
        if (is_spike) return;
    }
    if (is_large) outlier_ = {before_->last, row.last, row.begin, share};
    scale_.add(size_of(share));
}

// Between two dates, as splits come.
void Quality::watch_split(const Row& row) {
    if (!before_ || before_->last.raw() <= 0 ||
        utc_date_time(row.begin).date == utc_date_time(before_->begin).date)
        return;
    const double ratio = double_of(before_->last) / double_of(row.first);
    for (const SplitRatio& split : kSplits) {
        const double exact = static_cast<double>(split.shares) / static_cast<double>(split.before);
        const double near = split.before > 1 ? kSplitNearSmall : kSplitNear;
        const bool is_split = size_of(ratio / exact - 1) < near;
        const bool is_merger = size_of(ratio * exact - 1) < near;
        if (!is_split && !is_merger) continue;
        report_.splits.add({row.begin, before_->last, row.first,
                            is_split ? split.shares : split.before,
                            is_split ? split.before : split.shares});
        return;
    }
}

void Quality::watch_stale(bool is_same, const Row& row) {
    if (is_same) {
        ++same_;
        return;
    }
    if (same_ >= stale_from(rules_)) {
        report_.stale.add({same_from_, before_->end, same_});
        report_.stale_rows += same_;
    }
    same_ = 1;
    same_from_ = row.begin;
}

QualityReport Quality::finish() {
    if (outlier_) report_.outliers.add({outlier_->time, outlier_->from, outlier_->to, false});
    watch_stale(false, Row());
    if (day_) close_day(*period_ + 1);
    if (!report_.has_sizes) report_.zero_volume = 0;
    return std::move(report_);
}

}  // namespace millrace::market
