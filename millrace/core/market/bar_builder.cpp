// Time bars, and what all bars share.
#include "millrace/core/market/bar_builder.hpp"

#include <algorithm>

#include "millrace/core/market/tick_scale.hpp"

namespace millrace::market {
namespace {

// A period around a time this near to either end of time might not fit.
constexpr Time kTimeMin = Time::earliest() + Duration::nanoseconds(std::int64_t{1} << 55);
constexpr Time kTimeMax = Time::latest() - Duration::nanoseconds(std::int64_t{1} << 55);

}  // namespace

BarCounters& BarCounters::operator+=(const BarCounters& other) {
    accepted += other.accepted;
    late += other.late;
    outside_session += other.outside_session;
    refused += other.refused;
    closed += other.closed;
    partial += other.partial;
    partial_dropped += other.partial_dropped;
    return *this;
}

BarBuilder::BarBuilder(InstrumentId instrument, const BarRule& rule, const PeriodEnds* periods)
    : instrument_(instrument), rule_(rule), periods_(periods) {
    MILLRACE_ASSERT(check(rule).has_value(), "a bar rule that makes no sense");
    MILLRACE_ASSERT(rule.alignment == BarAlignment::epoch || periods != nullptr,
                    "bars by session need to know the sessions");
}

void BarBuilder::watch_from(Time time) {
    watched_from_ = std::min(watched_from_, time);
}

bool BarBuilder::close_before(const BarObservation& observation, Time now, ClosedBar& closed) {
    if (!is_time()) return close_due(now, closed);
    while (in_period_ && (observation.time >= period_.end || now >= due()))
        if (close_period(now, closed)) return true;
    return false;
}

BarHeard BarBuilder::observe(const BarObservation& observation) {
    if (!is_sane(observation)) return count(BarHeard::refused);
    if (watched_from_ == kNever || observation.time < watched_from_)
        if (counters_.accepted == 0) watched_from_ = observation.time;
    return count(is_time() ? observe_in_period(observation) : observe_amount(observation));
}

bool BarBuilder::close_due(Time now, ClosedBar& closed) {
    if (rule_.basis == BarBasis::renko) return close_brick(now, closed);
    if (!is_time()) return full_ && close_amount(now, closed);
    while (now >= due())
        if (close_period(now, closed)) return true;
    return false;
}

bool BarBuilder::flush(Time now, ClosedBar& closed) {
    if (close_due(now, closed)) return true;
    if (!bar_.any || rule_.basis == BarBasis::renko) return false;  // no brick is half a brick
    if (is_time()) bar_.open_time = period_.open;
    closed.bar = made_bar(std::max(now, bar_.last_end));
    closed.partial = true;
    ++counters_.closed;
    ++counters_.partial;
    closed_until_ = is_time() ? period_.end : bar_.last_end;
    bar_ = Open{};
    in_period_ = false;
    return true;
}

Time BarBuilder::due() const {
    if (rule_.basis == BarBasis::renko) return next_brick() != 0 ? bar_.last_end : kNever;
    if (!is_time()) return full_ ? bar_.last_end : kNever;
    if (!in_period_) return kNever;
    // Bars known at the end of the period are heard after timers of that moment.
    if (rule_.source == BarSource::bars && !complete_)
        return period_.end + rule_.wait + Duration::nanoseconds(1);
    return period_.end;
}

BarHeard BarBuilder::count(BarHeard heard) {
    switch (heard) {
        case BarHeard::accepted: ++counters_.accepted; break;
        case BarHeard::late: ++counters_.late; break;
        case BarHeard::outside_session: ++counters_.outside_session; break;
        case BarHeard::refused: ++counters_.refused; break;
    }
    return heard;
}

// Within range, the prices in their order, and the volume of the bar still a Quantity.
bool BarBuilder::is_sane(const BarObservation& seen) const {
    std::int64_t volume = 0;
    return seen.time >= kTimeMin && seen.time <= kTimeMax && seen.end >= seen.time &&
           seen.end <= kTimeMax && TickScale::is_in_range(seen.high) &&
           TickScale::is_in_range(seen.low) && seen.low <= seen.open && seen.open <= seen.high &&
           seen.low <= seen.close && seen.close <= seen.high && !seen.size.is_negative() &&
           !(rule_.source == BarSource::trades && seen.size.is_zero()) &&
           !__builtin_add_overflow(bar_.volume, seen.size.raw(), &volume);
}

// A bar that comes twice, or after its successor, must not count twice.
bool BarBuilder::overlaps(const BarObservation& observation) const {
    return rule_.source == BarSource::bars && bar_.any && observation.time < bar_.last_end;
}

BarHeard BarBuilder::observe_in_period(const BarObservation& observation) {
    if (observation.time < (in_period_ ? period_.open : closed_until_)) return BarHeard::late;
    if (overlaps(observation)) return BarHeard::late;
    if (!in_period_ && !open_period(observation.time)) return BarHeard::outside_session;
    MILLRACE_ASSERT(observation.time < period_.end, "close_before() was not asked");
    put(observation);
    if (rule_.source == BarSource::bars && observation.end >= period_.end) complete_ = true;
    return BarHeard::accepted;
}

bool BarBuilder::open_period(Time time) {
    if (rule_.alignment == BarAlignment::epoch) {
        period_ = epoch_period(time);
    } else {
        const auto step = Duration::nanoseconds(static_cast<std::int64_t>(rule_.step));
        const std::optional<Period> period = periods_->period_at(instrument_, time, step);
        if (!period) return false;
        MILLRACE_ASSERT(period->open <= time && time < period->end, "a period without its time");
        MILLRACE_ASSERT(period->open >= closed_until_,
                        "a period that begins before the last ended");
        period_ = *period;
    }
    in_period_ = true;
    complete_ = false;
    partial_ = !has_close_ && watched_from_ > period_.open;
    flat_in_a_row_ = 0;
    return true;
}

// Rounded down, also before 1970.
Period BarBuilder::epoch_period(Time time) const {
    const auto step = static_cast<std::int64_t>(rule_.step);
    std::int64_t rest = time.ns() % step;
    if (rest < 0) rest += step;
    const Time open = time - Duration::nanoseconds(rest);
    return {open, open + Duration::nanoseconds(step)};
}

// True when a bar came of it: an empty period gives none, a partial first one may be dropped.
bool BarBuilder::close_period(Time now, ClosedBar& closed) {
    const bool is_flat = !bar_.any;
    if (is_flat) {
        bar_.open = bar_.high = bar_.low = bar_.close = last_close_;
        ++flat_in_a_row_;
    }
    const bool dropped = partial_ && rule_.partial_first == PartialFirst::drop;
    if (!dropped) {
        bar_.open_time = period_.open;
        closed.bar = made_bar(std::max(now, period_.end));
        closed.partial = partial_;
        ++counters_.closed;
        counters_.partial += partial_ ? 1U : 0U;
    }
    counters_.partial_dropped += dropped ? 1U : 0U;
    last_close_ = bar_.close;
    has_close_ = true;
    closed_until_ = period_.end;
    const SourceId source = bar_.source;
    bar_ = Open{};
    bar_.source = source;
    partial_ = false;
    in_period_ = false;
    if (rule_.empty == EmptyPeriods::flat && flat_in_a_row_ < kFlatInARowMax) open_flat_period();
    return !dropped;
}

void BarBuilder::open_flat_period() {
    if (closed_until_ > kTimeMax) return;
    if (rule_.alignment == BarAlignment::epoch) {
        period_ = epoch_period(closed_until_);
    } else {
        const auto step = Duration::nanoseconds(static_cast<std::int64_t>(rule_.step));
        const auto period = periods_->period_after(instrument_, closed_until_, step);
        if (!period) return;
        period_ = *period;
    }
    in_period_ = true;
    complete_ = false;
}

void BarBuilder::put(const BarObservation& seen) {
    if (!bar_.any) {
        bar_.any = true;
        bar_.open_time = seen.time;
        bar_.open = seen.open;
        bar_.high = seen.high;
        bar_.low = seen.low;
        bar_.source = seen.source;
        flat_in_a_row_ = 0;
    }
    bar_.high = std::max(bar_.high, seen.high);
    bar_.low = std::min(bar_.low, seen.low);
    bar_.close = seen.close;
    bar_.last_end = std::max(bar_.last_end, seen.end);
    bar_.volume += seen.size.raw();
    bar_.value += seen.value;
    bar_.has_average = bar_.has_average && seen.has_average;
    bar_.has_count = bar_.has_count && (seen.trades != 0 || seen.size.is_zero());
    bar_.trades += seen.trades;
}

model::Bar BarBuilder::made_bar(Time known_at) const {
    model::Bar bar;
    bar.known_at = known_at;
    bar.open_time = bar_.open_time;
    bar.open = bar_.open;
    bar.high = bar_.high;
    bar.low = bar_.low;
    bar.close = bar_.close;
    bar.volume = Quantity::from_raw(bar_.volume);
    if (bar_.volume > 0 && bar_.has_average)
        bar.vwap = Price::from_raw(static_cast<std::int64_t>(
            divide_rounded(bar_.value, bar_.volume, Rounding::half_even)));
    bar.step = rule_.step;
    if (bar_.has_count)
        bar.trade_count =
            static_cast<std::uint32_t>(std::min<std::uint64_t>(bar_.trades, UINT32_MAX));
    bar.instrument = instrument_;
    bar.source = bar_.source;
    bar.basis = rule_.basis;
    return bar;
}

// One list for saving and loading, so that neither forgets a field.
template <class Self, class Visit>
void BarBuilder::each_field(Self& self, Visit visit) {
    auto& bar = self.bar_;
    visit(self.counters_);
    visit(bar.open_time);
    visit(bar.last_end);
    visit(bar.open);
    visit(bar.high);
    visit(bar.low);
    visit(bar.close);
    visit(bar.volume);
    visit(bar.value);
    visit(bar.units);
    visit(bar.sells);
    visit(bar.trades);
    visit(bar.source);
    visit(bar.has_average);
    visit(bar.has_count);
    visit(bar.any);
    visit(self.watched_from_);
    visit(self.closed_until_);
    visit(self.last_close_);
    visit(self.period_);
    visit(self.in_period_);
    visit(self.complete_);
    visit(self.partial_);
    visit(self.has_close_);
    visit(self.flat_in_a_row_);
    visit(self.full_);
    visit(self.rest_);
    visit(self.last_sign_);
    visit(self.has_price_);
    visit(self.anchored_);
    visit(self.direction_);
    visit(self.brick_close_);
}

void BarBuilder::save(engine::StateWriter& writer) const {
    each_field(*this, [&]<class T>(const T& field) {
        if constexpr (std::is_same_v<T, bool>)
            writer.put(static_cast<std::uint8_t>(field ? 1 : 0));
        else
            writer.put(field);
    });
}

void BarBuilder::load(engine::StateReader& reader) {
    each_field(*this, [&]<class T>(T& field) {
        if constexpr (std::is_same_v<T, bool>)
            field = reader.get<std::uint8_t>() != 0;
        else
            field = reader.get<T>();
    });
}

}  // namespace millrace::market
