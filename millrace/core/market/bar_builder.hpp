// BarBuilder: the bars of one rule for one instrument, closed one at a time as they are complete. A
// bar that was handed out is never touched again: what arrives later than its bar is counted and
// left out. Nothing here allocates.
#pragma once

#include <cstdint>

#include "millrace/core/engine/state.hpp"
#include "millrace/core/market/bar_observation.hpp"
#include "millrace/core/market/bar_rule.hpp"
#include "millrace/core/market/period_ends.hpp"

namespace millrace::market {

// What became of an observation.
enum class BarHeard : std::uint8_t {
    accepted,
    late,             // its bar is closed
    outside_session,  // of bars by session
    refused           // no trade could look like this, or it would make 100,000 bars at once
};

struct ClosedBar {
    model::Bar bar;
    bool partial =
        false;  // the first, of a period that had begun before anybody watched; or flushed
};

struct BarCounters {
    std::uint64_t accepted = 0;
    std::uint64_t late = 0;
    std::uint64_t outside_session = 0;
    std::uint64_t refused = 0;
    std::uint64_t closed = 0;           // handed out
    std::uint64_t partial = 0;          // of those
    std::uint64_t partial_dropped = 0;  // by the rule

    BarCounters& operator+=(const BarCounters& other);
    bool operator==(const BarCounters&) const = default;
};

// For each observation: close_before() until it says no, observe(), close_due() until it says no.
// Between observations: close_due() when due() has come. `now` never falls.
class BarBuilder {
  public:
    static constexpr std::int64_t kBarsAtOnceMax = 100'000;
    static constexpr std::uint32_t kFlatInARowMax = 500'000;  // then it waits for an observation
    static constexpr Time kNever = Time::latest();

    // The rule has passed check(). `periods` is for bars by session, and must outlive this.
    BarBuilder(InstrumentId instrument, const BarRule& rule, const PeriodEnds* periods = nullptr);

    // When watching began, if earlier than the first observation.
    void watch_from(Time time);

    // Closes what is complete before this observation.
    bool close_before(const BarObservation& observation, Time now, ClosedBar& closed);
    BarHeard observe(const BarObservation& observation);
    // Closes what is complete by now.
    bool close_due(Time now, ClosedBar& closed);
    // Closes what is incomplete, at the end of the data.
    bool flush(Time now, ClosedBar& closed);

    // When close_due() has something to do; never, when nothing is waiting.
    [[nodiscard]] Time due() const;

    [[nodiscard]] const BarRule& rule() const { return rule_; }
    [[nodiscard]] const BarCounters& counters() const { return counters_; }

    void save(engine::StateWriter& writer) const;
    void load(engine::StateReader& reader);

  private:
    // The bar that is being built. It is there when something was put in, or when it is flat.
    struct Open {
        Time open_time;
        Time last_end;  // of what was put in last
        Price open;
        Price high;
        Price low;
        Price close;
        std::int64_t volume = 0;
        int128 value = 0;
        std::int64_t units =
            0;  // toward the step: trades of a tick bar, the balance of an imbalance
        std::int64_t sells = 0;  // of a run bar, whose buys are the units
        std::uint64_t trades = 0;
        SourceId source;
        bool has_average = true;
        bool has_count = true;
        bool any = false;
    };

    [[nodiscard]] bool is_time() const { return rule_.basis == BarBasis::time; }
    [[nodiscard]] bool is_sane(const BarObservation& observation) const;
    [[nodiscard]] bool overlaps(const BarObservation& observation) const;
    BarHeard count(BarHeard heard);

    // Time bars: bar_builder.cpp
    BarHeard observe_in_period(const BarObservation& observation);
    [[nodiscard]] bool open_period(Time time);
    bool close_period(Time now, ClosedBar& closed);
    void open_flat_period();
    [[nodiscard]] Period epoch_period(Time time) const;

    // The others: bar_builder_amounts.cpp
    BarHeard observe_amount(const BarObservation& observation);
    [[nodiscard]] bool would_make_too_many(const BarObservation& observation) const;
    [[nodiscard]] std::int64_t room_left_for(Price price) const;
    [[nodiscard]] int128 value_so_far() const;
    [[nodiscard]] bool is_full() const;
    void add_units(const BarObservation& observation);
    [[nodiscard]] int sign_of(const BarObservation& observation);
    [[nodiscard]] int128 volume_step() const;
    [[nodiscard]] int128 value_step() const;
    bool close_amount(Time now, ClosedBar& closed);
    void observe_brick(const BarObservation& observation);
    [[nodiscard]] int next_brick() const;
    bool close_brick(Time now, ClosedBar& closed);

    void put(const BarObservation& observation);
    [[nodiscard]] model::Bar made_bar(Time known_at) const;
    template <class Self, class Visit>
    static void each_field(Self& self, Visit visit);

    InstrumentId instrument_;
    BarRule rule_;
    const PeriodEnds* periods_;
    BarCounters counters_;

    Open bar_;
    Time watched_from_ = kNever;
    Time closed_until_ = Time::earliest();  // what is older than this is late
    Price last_close_;

    // Time bars
    Period period_;
    bool in_period_ = false;
    bool complete_ = false;  // the bars that this one is made of have reached its end
    bool partial_ = false;
    bool has_close_ = false;
    std::uint32_t flat_in_a_row_ = 0;

    // The others
    bool full_ = false;
    std::int64_t rest_ = 0;  // of a split trade at the last close, in units of Quantity
    int last_sign_ = 0;
    bool has_price_ = false;  // last_close_ is a price, for the tick rule
    bool anchored_ = false;   // renko: brick_close_ is a level of the grid
    int direction_ = 0;       // of the last brick
    std::int64_t brick_close_ = 0;
};

}  // namespace millrace::market
