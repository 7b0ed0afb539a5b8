// Quality: what market data that is read in order shows of itself: gaps, coverage, prices that
// cannot be, prices that do not move. One pass, in memory that grows with days and not with rows.
// The rules in words, and the grade made of them: docs/how-to/verify-data.md.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "millrace/core/market/robust_scale.hpp"
#include "millrace/core/market/session_cursor.hpp"
#include "millrace/core/model/datum.hpp"
#include "millrace/core/model/row_policy.hpp"
#include "millrace/core/model/table.hpp"

namespace millrace::market {

struct QualityRules {
    model::TableKind kind = model::TableKind::bars;
    // Of bars their length; of ticks the periods in which at least one is expected.
    Duration step = Duration::minutes(1);
    std::optional<Calendar> calendar;  // without one coverage is not measured
};

inline constexpr std::size_t kExamplesMax = 20;  // of each finding; all are counted
inline constexpr double kOutlierDeviations = 15;
inline constexpr std::uint64_t kStaleBars = 10;  // and as many as last ten minutes
inline constexpr std::uint64_t kStaleTicks = 1'000;
inline constexpr std::size_t kQualityDaysMax = 100'000;

struct Gap {
    Time from;  // where the last row before it ends
    Time to;
    std::uint64_t missing = 0;  // periods
};
struct Outlier {
    Time time;
    Price before;
    Price price;
    bool is_spike = false;  // the next move undid it
};
struct SuspectedSplit {
    Time time;
    Price before;
    Price price;
    int shares = 1;  // shares : for, as in 7:1
    int before_shares = 1;
};
struct StaleRun {
    Time from;
    Time to;
    std::uint64_t rows = 0;
};
struct DayCoverage {
    Date date;
    std::uint32_t expected = 0;  // periods
    std::uint32_t actual = 0;
};

// What was found of one kind: all counted, the first kept.
template <class T>
struct Found {
    std::uint64_t count = 0;
    std::vector<T> first;

    void add(const T& one) {
        ++count;
        if (first.size() < kExamplesMax) first.push_back(one);
    }
};

struct QualityReport {
    std::uint64_t rows = 0;
    Time first;
    Time last;
    bool has_coverage = false;
    std::uint64_t expected = 0;  // periods from the first row to the last
    std::uint64_t actual = 0;
    std::vector<DayCoverage> days;  // trading days; every one
    Found<Gap> gaps;
    std::uint64_t missing = 0;  // periods in gaps
    Duration longest_gap;
    Found<Outlier> outliers;
    std::uint64_t spikes = 0;  // among the outliers
    Found<SuspectedSplit> splits;
    Found<StaleRun> stale;
    std::uint64_t stale_rows = 0;
    bool has_sizes = false;
    std::uint64_t zero_volume = 0;  // bars or trades, if others have some
    std::uint64_t crossed = 0;      // quotes whose bid is above their offer
    std::uint64_t off_grid = 0;     // bars that begin within a period
    std::uint64_t overlapping = 0;  // bars that begin before the one before them has ended
    std::uint64_t outside_sessions = 0;
};

class Quality {
  public:
    explicit Quality(const QualityRules& rules);

    // In order of time.
    void add(const model::Datum& datum);
    // Once, after the last.
    [[nodiscard]] QualityReport finish();

  private:
    struct Day {
        Date date;
        std::vector<Session> sessions;
        std::uint32_t periods = 0;
    };
    struct Row {
        Time begin;
        Time end;
        Price first;
        Price last;
    };

    void add_bar(const model::Bar& bar, Row& row);
    void add_quote(const model::Quote& quote, Row& row);
    void add_trade(const model::Trade& trade, Row& row);
    // Whether the row follows the one before it without a gap or a rest.
    bool place(const Row& row);
    bool place_by_clock(const Row& row);
    bool place_by_calendar(const Row& row);
    [[nodiscard]] std::optional<Date> date_of(const Row& row);
    [[nodiscard]] Day day_of(const Date& date) const;
    [[nodiscard]] std::uint32_t period_of(Time time) const;
    std::uint64_t enter_day(const Date& date);
    void close_day(std::uint32_t until);
    void find_gap(Time from, Time to, std::uint64_t missing);
    void watch_move(const Row& row, bool follows);
    void watch_split(const Row& row);
    void watch_stale(bool is_same, const Row& row);

    QualityRules rules_;
    std::vector<SessionCursor> sessions_;  // one, or none
    QualityReport report_;
    std::optional<Row> before_;
    model::Datum last_datum_;

    // coverage
    std::optional<Day> day_;
    std::uint32_t day_from_ = 0;  // the first period of it that counts
    std::uint32_t day_actual_ = 0;
    std::optional<std::uint32_t> period_;  // of the row before

    // moves
    RobustScale scale_;
    struct Move {
        Price from;
        Price to;
        Time time;
        double share = 0;
    };
    std::optional<Move> outlier_;  // waits for the move after it

    // stale
    std::uint64_t same_ = 1;
    Time same_from_;
};

struct QualityMeasure {
    std::string name;  // "completeness"
    double value = 0;
    char grade = 'A';
};
struct ServiceLevel {  // with the names of droid-trading (spec A10)
    std::string sla_name;
    bool passed = true;
    double measured_value = 0;
    double threshold = 0;
    std::string message;
};
struct QualityVerdict {
    char grade = 'A';  // the worst of the measures
    std::vector<QualityMeasure> measures;
    std::vector<ServiceLevel> levels;
    std::vector<std::string> violations;  // of the contract of a table of bars
    std::vector<std::string> reasons;     // why a strategy should not run on it
};
// `findings` are those of the reader, which had to mend what it could.
[[nodiscard]] QualityVerdict judge(const QualityReport& report, const model::RowFindings& findings,
                                   const QualityRules& rules);

}  // namespace millrace::market
