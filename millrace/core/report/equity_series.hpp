// EquitySeries: equity as it comes, turned into returns per UTC day (and, when asked, per sample).
// A sample at midnight belongs to the day that ends then.
// The first sample is the start: the first return runs from it to the last sample of the first day
// that has a later one, so the returns multiply up to the net return.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "millrace/base/fixed_point.hpp"
#include "millrace/base/time.hpp"
#include "millrace/core/report/drawdown.hpp"
#include "millrace/core/report/moments.hpp"

namespace millrace::report {

struct EquitySample {
    Time time;
    Money equity;
    std::uint64_t sequence = 0;  // which came later, of two at one time

    bool operator==(const EquitySample&) const = default;
};

enum class ReturnPeriod : std::uint8_t { utc_day, sample };

// The last equity of a period.
struct Closing {
    std::int64_t period = 0;  // days since 1970-01-01, or nanoseconds, by ReturnPeriod
    Money equity;
};

// What the returns of one kind of period come to. After the equity has reached zero or less there
// is nothing left to earn a return on: the loss that took it there is the last return.
class ReturnStream {
  public:
    ReturnStream(ReturnPeriod period, bool keep) : period_(period), keep_(keep) {}

    void start(Time time, Money equity);
    void add(Time time, Money equity);
    void finish();

    [[nodiscard]] const Moments& moments() const { return moments_; }
    // Empty unless kept: the returns in order, and the closings with the start as the first.
    [[nodiscard]] std::span<const double> returns() const { return returns_; }
    [[nodiscard]] std::span<const Closing> closings() const { return closings_; }

  private:
    [[nodiscard]] std::int64_t period_of(Time time) const;
    void close();

    ReturnPeriod period_;
    bool keep_;
    Money before_;  // the closing that the open period is measured from
    std::optional<Closing> open_;
    bool is_ruined_ = false;
    Moments moments_;
    std::vector<double> returns_;
    std::vector<Closing> closings_;
};

class EquitySeries {
  public:
    struct Options {
        ReturnPeriod period = ReturnPeriod::utc_day;
        // Without them memory is constant, and quantiles, tables and benchmarks are absent.
        bool keep_returns = true;
    };

    EquitySeries() : EquitySeries(Options()) {}
    explicit EquitySeries(Options options);

    // Times must not go back; of several samples at one time the last counts, but the very first
    // sample of all is never replaced.
    void add(Time time, Money equity);
    // Closes the open period; nothing is added afterwards. All that follows is read then.
    void finish();

    struct Span {
        Time start;
        Money initial;
        Time end;
        Money final;
    };
    [[nodiscard]] const std::optional<Span>& span() const;
    [[nodiscard]] const Drawdown& drawdown() const;
    [[nodiscard]] const ReturnStream& days() const;
    // Those of the period that was asked for.
    [[nodiscard]] const ReturnStream& periods() const;
    [[nodiscard]] const Options& options() const { return options_; }

  private:
    void settle();

    Options options_;
    bool finished_ = false;
    bool pending_ = false;  // span_->end, span_->final may still be replaced at the same time
    std::optional<Span> span_;
    Drawdown drawdown_;
    ReturnStream days_;
    ReturnStream samples_;
};

// A finished series of samples in any order, sorted by time and then by sequence.
[[nodiscard]] EquitySeries equity_series_of(std::span<const EquitySample> samples,
                                            EquitySeries::Options options = {});

}  // namespace millrace::report
