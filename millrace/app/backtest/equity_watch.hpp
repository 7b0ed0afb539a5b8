// EquityWatch: samples the equity of a run: at each moment at which bars close, after the
// strategies have heard of them and before the next bars open; on ticks at the end of each minute
// that had any; and at the end. What is told in several currencies is added up in that of the run.
#pragma once

#include "millrace/core/portfolio/portfolio.hpp"
#include "millrace/core/report/equity_series.hpp"

namespace millrace::backtest {

class EquityWatch {
  public:
    EquityWatch(const portfolio::Portfolio& books, const std::vector<model::Account>& accounts,
                Code currency, bool keeps_curve)
        : books_(books), accounts_(accounts), currency_(currency), keeps_curve_(keeps_curve) {}

    // The moment of the first sample: before it nothing is traded.
    void start(Time time) {
        start_ = time;
        add(time);
    }
    void after_bar() { is_due_ = true; }
    void after_tick() {
        if (minute_end_ != Time::latest()) return;
        minute_end_ = end_of_minute(now_);
    }
    void before_opens() {
        if (is_due_) [[unlikely]]
            sample();
    }
    // Before the first event of another time.
    void move_to(Time time) {
        if (is_due_ || time >= minute_end_) sample();
        now_ = time;
    }
    void finish(Time time) {
        now_ = time;
        sample();
        series_.finish();
    }

    [[nodiscard]] const report::EquitySeries& series() const { return series_; }
    // Empty unless it is kept.
    [[nodiscard]] const std::vector<report::EquitySample>& curve() const { return curve_; }
    // Whether there was a moment at which not everything could be converted.
    [[nodiscard]] bool lacked_rate() const { return lacked_rate_; }

  private:
    [[nodiscard]] static Time end_of_minute(Time time) {
        constexpr std::int64_t kMinute = 60 * kNanosecondsPerSecond;
        const std::int64_t into = ((time.ns() % kMinute) + kMinute) % kMinute;
        return time.ns() - into > INT64_MAX - kMinute ? Time::latest()
                                                      : Time::from_ns(time.ns() - into + kMinute);
    }
    void sample() {
        is_due_ = false;
        minute_end_ = Time::latest();
        if (now_ > start_) add(now_);
    }
    void add(Time time) {
        const Money now = equity();
        series_.add(time, now);
        if (!keeps_curve_) return;
        // Of two samples at one time the later one counts, as in the series.
        if (curve_.size() > 1 && curve_.back().time == time)
            curve_.back().equity = now;
        else
            curve_.push_back({time, now, curve_.size()});
    }
    // The last known equity where a rate is missing.
    [[nodiscard]] Money equity() {
        Money total;
        for (const model::Account& account : accounts_) {
            auto own = books_.equity(account.id);
            if (own && account.currency != currency_)
                own = books_.rates().convert(*own, account.currency, currency_);
            const auto sum = own ? portfolio::sum_of(total, *own) : own;
            if (!sum) {
                lacked_rate_ = true;
                return last_;
            }
            total = *sum;
        }
        last_ = total;
        return total;
    }

    const portfolio::Portfolio& books_;
    const std::vector<model::Account>& accounts_;
    Code currency_;
    bool keeps_curve_;
    report::EquitySeries series_;
    std::vector<report::EquitySample> curve_;
    Time start_ = Time::earliest();
    Time now_ = Time::earliest();
    Time minute_end_ = Time::latest();  // of the minute whose ticks are not sampled yet
    Money last_;
    bool is_due_ = false;
    bool lacked_rate_ = false;
};

}  // namespace millrace::backtest
