// See equity_series.hpp for the rules; docs/reference/statistics.md repeats them for the users.
#include "millrace/core/report/equity_series.hpp"

#include <algorithm>
#include <tuple>

#include "millrace/base/assert.hpp"

namespace millrace::report {

// Midnight is the end of the day before: the bar that closes then was of that day.
std::int64_t ReturnStream::period_of(Time time) const {
    if (period_ == ReturnPeriod::sample) return time.ns();
    const std::int64_t last = time.ns() - 1;
    const std::int64_t day = last / kNanosecondsPerDay;
    return last % kNanosecondsPerDay < 0 ? day - 1 : day;
}

void ReturnStream::start(Time time, Money equity) {
    before_ = equity;
    is_ruined_ = equity <= Money();
    if (keep_) closings_.push_back({period_of(time), equity});
}

void ReturnStream::add(Time time, Money equity) {
    const std::int64_t period = period_of(time);
    if (open_ && open_->period != period) close();
    open_ = Closing{period, equity};
}

void ReturnStream::finish() {
    if (open_) close();
}

void ReturnStream::close() {
    const Closing closing = *open_;
    open_.reset();
    if (keep_) closings_.push_back(closing);
    if (!is_ruined_) {
        const auto gain = static_cast<double>(int128{closing.equity.raw()} - before_.raw());
        const double change = gain / static_cast<double>(before_.raw());
        moments_.add(change);
        if (keep_) returns_.push_back(change);
    }
    before_ = closing.equity;
    is_ruined_ = is_ruined_ || closing.equity <= Money();
}

EquitySeries::EquitySeries(Options options)
    : options_(options),
      days_(ReturnPeriod::utc_day, options.keep_returns),
      samples_(ReturnPeriod::sample, options.keep_returns) {}

void EquitySeries::add(Time time, Money equity) {
    MILLRACE_ASSERT(!finished_, "a sample after the end of the series");
    if (!span_) {
        span_ = Span{time, equity, time, equity};
        drawdown_.add(time, equity);
        days_.start(time, equity);
        samples_.start(time, equity);
        return;
    }
    MILLRACE_ASSERT(time >= span_->end, "equity samples go forward in time");
    if (pending_ && time != span_->end) settle();
    span_->end = time;
    span_->final = equity;
    pending_ = true;
}

void EquitySeries::settle() {
    drawdown_.add(span_->end, span_->final);
    days_.add(span_->end, span_->final);
    if (options_.period == ReturnPeriod::sample) samples_.add(span_->end, span_->final);
    pending_ = false;
}

void EquitySeries::finish() {
    if (pending_) settle();
    days_.finish();
    samples_.finish();
    finished_ = true;
}

const std::optional<EquitySeries::Span>& EquitySeries::span() const {
    MILLRACE_ASSERT(finished_, "a series is read after finish()");
    return span_;
}

const Drawdown& EquitySeries::drawdown() const {
    MILLRACE_ASSERT(finished_, "a series is read after finish()");
    return drawdown_;
}

const ReturnStream& EquitySeries::days() const {
    MILLRACE_ASSERT(finished_, "a series is read after finish()");
    return days_;
}

const ReturnStream& EquitySeries::periods() const {
    MILLRACE_ASSERT(finished_, "a series is read after finish()");
    return options_.period == ReturnPeriod::sample ? samples_ : days_;
}

EquitySeries equity_series_of(std::span<const EquitySample> samples,
                              EquitySeries::Options options) {
    std::vector<EquitySample> ordered(samples.begin(), samples.end());
    std::sort(ordered.begin(), ordered.end(), [](const EquitySample& a, const EquitySample& b) {
        return std::tie(a.time, a.sequence, a.equity) < std::tie(b.time, b.sequence, b.equity);
    });
    EquitySeries series(options);
    for (const EquitySample& sample : ordered)
        series.add(sample.time, sample.equity);
    series.finish();
    return series;
}

}  // namespace millrace::report
