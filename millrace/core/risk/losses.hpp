// Losses: how the money of an account, or what a strategy makes of it, fares against the begin of
// its day and against its peak, and the value at risk that its days so far suggest.
#pragma once

#include <vector>

#include "millrace/base/fixed_point.hpp"
#include "millrace/base/maybe.hpp"
#include "millrace/core/engine/state.hpp"

namespace millrace::risk {

class Losses {
  public:
    static constexpr std::size_t kDaysMax = 250;
    static constexpr std::size_t kDaysMin = 20;  // fewer say nothing about the worst of them

    // What was made so far, deposits and withdrawals left out. The first call begins day and peak.
    void look(Money made) {
        made_ = made.raw();
        if (!is_known_) {
            is_known_ = true;
            day_start_ = peak_ = made_;
        }
        if (made_ > peak_) peak_ = made_;
    }
    [[nodiscard]] bool is_known() const { return is_known_; }
    [[nodiscard]] std::int64_t today() const { return difference(day_start_, made_); }
    [[nodiscard]] std::int64_t from_peak() const { return difference(peak_, made_); }
    // What the equity was when the day began, and at its peak, if what is paid in now had been
    // there already.
    [[nodiscard]] std::int64_t day_base(Money paid_in) const { return sum(day_start_, paid_in); }
    [[nodiscard]] std::int64_t peak_base(Money paid_in) const { return sum(peak_, paid_in); }

    // A day is over. With its result as a part of `base`, where that is more than nothing.
    void end_day(std::int64_t base);
    // Day and peak begin anew at what there is.
    void restart() { day_start_ = peak_ = made_; }
    // Raw Ratio; the loss that 95 of 100 days stayed below. Absent before kDaysMin days.
    [[nodiscard]] Maybe<Ratio> value_at_risk() const { return value_at_risk_; }

    void save(engine::StateWriter& writer) const;
    void load(engine::StateReader& reader);

  private:
    static std::int64_t difference(std::int64_t a, std::int64_t b) {
        std::int64_t result = 0;
        if (__builtin_sub_overflow(a, b, &result)) return a < b ? -INT64_MAX : INT64_MAX;
        return result;
    }
    static std::int64_t sum(std::int64_t a, Money b) {
        std::int64_t result = 0;
        return __builtin_add_overflow(a, b.raw(), &result) ? 0 : result;
    }
    void measure();

    std::int64_t made_ = 0;
    std::int64_t day_start_ = 0;
    std::int64_t peak_ = 0;
    bool is_known_ = false;
    std::vector<std::int64_t> days_;  // results of days as raw ratios, the oldest first
    Maybe<Ratio> value_at_risk_;
};

}  // namespace millrace::risk
