// Oscillators and rates of one price: RSI, MACD, rate of change, TSI, TRIX, percent rank and
// ConnorsRSI. `update` takes the next value; outputs mean something once is_ready(), after
// warm_up() updates.
#pragma once

#include "millrace/core/strategy/indicators/averages.hpp"
#include "millrace/core/strategy/indicators/sorted_window.hpp"

namespace millrace::indicators {

// The change from one value to the next, as rises and falls.
class Change {
  public:
    // Whether there is a value before this one.
    bool update(double input) {
        const bool has_before = has_before_;
        move_ = has_before ? input - before_ : 0;
        before_ = input;
        has_before_ = true;
        return has_before;
    }
    [[nodiscard]] double move() const { return move_; }
    [[nodiscard]] double rise() const { return std::max(move_, 0.0); }
    [[nodiscard]] double fall() const { return std::max(-move_, 0.0); }

    void save(engine::StateWriter& writer) const { save_parts(writer, before_, has_before_); }
    void load(engine::StateReader& reader) { load_parts(reader, before_, has_before_); }

  private:
    double before_ = 0;
    double move_ = 0;  // of the last update, not kept
    bool has_before_ = false;
};

// RSI: 100 · average rise / (average rise + average fall) of the last changes; 50 when nothing
// moved. Wilder smooths them with 1 / n, seeded with their simple mean; Cutler takes the simple
// mean (Smoothing::simple).
class Rsi {
  public:
    explicit Rsi(std::int64_t length, Smoothing smoothing = Smoothing::wilder)
        : rise_(smoothing, length), fall_(smoothing, length) {}

    void update(double input) {
        if (!change_.update(input)) return;
        rise_.update(change_.rise());
        fall_.update(change_.fall());
    }
    [[nodiscard]] bool is_ready() const { return rise_.is_ready(); }
    [[nodiscard]] std::int64_t warm_up() const { return rise_.warm_up() + 1; }
    [[nodiscard]] double value() const {
        const double rise = rise_.value();
        return 100 * ratio_or(0.5, rise, rise + fall_.value());
    }

    void save(engine::StateWriter& writer) const { save_parts(writer, change_, rise_, fall_); }
    void load(engine::StateReader& reader) { load_parts(reader, change_, rise_, fall_); }

  private:
    Change change_;
    ChosenAverage rise_;
    ChosenAverage fall_;
};

// MACD: fast EMA − slow EMA; its signal is the EMA of that, its histogram the distance of the two.
class Macd {
  public:
    Macd(std::int64_t fast, std::int64_t slow, std::int64_t signal)
        : fast_(fast), slow_(slow), signal_(signal) {
        MILLRACE_ASSERT(fast < slow, "the fast average of MACD is not faster");
    }

    void update(double input) {
        fast_.update(input);
        slow_.update(input);
        if (slow_.is_ready()) signal_.update(macd());
    }
    [[nodiscard]] bool is_ready() const { return signal_.is_ready(); }
    [[nodiscard]] std::int64_t warm_up() const { return slow_.warm_up() + signal_.warm_up() - 1; }
    [[nodiscard]] double macd() const { return fast_.value() - slow_.value(); }
    [[nodiscard]] double signal() const { return signal_.value(); }
    [[nodiscard]] double histogram() const { return macd() - signal(); }

    void save(engine::StateWriter& writer) const { save_parts(writer, fast_, slow_, signal_); }
    void load(engine::StateReader& reader) { load_parts(reader, fast_, slow_, signal_); }

  private:
    ExponentialAverage fast_;
    ExponentialAverage slow_;
    ExponentialAverage signal_;
};

// ROC: the change against the value n updates ago, in percent; 0 when that value is 0.
class RateOfChange {
  public:
    explicit RateOfChange(std::int64_t length) : values_(length) {}

    void update(double input) {
        is_ready_ = values_.is_full();
        const double past = values_.push(input);
        value_ = is_ready_ ? 100 * ratio_or(0, input - past, past) : 0;
    }
    [[nodiscard]] bool is_ready() const { return is_ready_; }
    [[nodiscard]] std::int64_t warm_up() const { return values_.length() + 1; }
    [[nodiscard]] double value() const { return value_; }

    void save(engine::StateWriter& writer) const { save_parts(writer, values_, value_, is_ready_); }
    void load(engine::StateReader& reader) { load_parts(reader, values_, value_, is_ready_); }

  private:
    Window values_;
    double value_ = 0;
    bool is_ready_ = false;
};

// TSI: 100 · twice smoothed change / twice smoothed size of the change; 0 when nothing moved. Both
// are smoothed by an EMA of the long length, then by one of the short; the signal is an EMA of it.
class TrueStrength {
  public:
    TrueStrength(std::int64_t long_length, std::int64_t short_length, std::int64_t signal)
        : move_long_(long_length),
          move_short_(short_length),
          size_long_(long_length),
          size_short_(short_length),
          signal_(signal) {}

    void update(double input) {
        if (!change_.update(input)) return;
        move_long_.update(change_.move());
        size_long_.update(std::fabs(change_.move()));
        if (!move_long_.is_ready()) return;
        move_short_.update(move_long_.value());
        size_short_.update(size_long_.value());
        if (move_short_.is_ready()) signal_.update(tsi());
    }
    [[nodiscard]] bool is_ready() const { return signal_.is_ready(); }
    [[nodiscard]] std::int64_t warm_up() const {
        return move_long_.warm_up() + move_short_.warm_up() + signal_.warm_up() - 1;
    }
    [[nodiscard]] double tsi() const {
        return 100 * ratio_or(0, move_short_.value(), size_short_.value());
    }
    [[nodiscard]] double signal() const { return signal_.value(); }

    void save(engine::StateWriter& writer) const {
        save_parts(writer, change_, move_long_, move_short_, size_long_, size_short_, signal_);
    }
    void load(engine::StateReader& reader) {
        load_parts(reader, change_, move_long_, move_short_, size_long_, size_short_, signal_);
    }

  private:
    Change change_;
    ExponentialAverage move_long_;
    ExponentialAverage move_short_;
    ExponentialAverage size_long_;
    ExponentialAverage size_short_;
    ExponentialAverage signal_;
};

// TRIX: the change of a three times smoothed price from one update to the next, in percent; the
// signal is an EMA of it.
class Trix {
  public:
    Trix(std::int64_t length, std::int64_t signal) : smooth_(length), signal_(signal) {}

    void update(double input) {
        const bool has_before = smooth_.is_ready();
        const double before = smooth_.third();
        smooth_.update(input);
        if (!has_before) return;
        trix_ = 100 * ratio_or(0, smooth_.third() - before, before);
        signal_.update(trix_);
    }
    [[nodiscard]] bool is_ready() const { return signal_.is_ready(); }
    [[nodiscard]] std::int64_t warm_up() const { return smooth_.warm_up() + signal_.warm_up(); }
    [[nodiscard]] double trix() const { return trix_; }
    [[nodiscard]] double signal() const { return signal_.value(); }

    void save(engine::StateWriter& writer) const { save_parts(writer, smooth_, trix_, signal_); }
    void load(engine::StateReader& reader) { load_parts(reader, smooth_, trix_, signal_); }

  private:
    TripleExponentialAverage smooth_;
    double trix_ = 0;
    ExponentialAverage signal_;
};

// Percent rank: how many of the n values before this one are lower, in percent. O(log n).
class PercentRank {
  public:
    explicit PercentRank(std::int64_t length) : before_(length) {}

    void update(double input) {
        is_ready_ = before_.is_full();
        value_ = is_ready_ ? 100 * static_cast<double>(before_.count_below(input)) /
                                 static_cast<double>(before_.length())
                           : 0;
        before_.update(input);
    }
    [[nodiscard]] bool is_ready() const { return is_ready_; }
    [[nodiscard]] std::int64_t warm_up() const { return before_.length() + 1; }
    [[nodiscard]] double value() const { return value_; }

    void save(engine::StateWriter& writer) const { save_parts(writer, before_, value_, is_ready_); }
    void load(engine::StateReader& reader) { load_parts(reader, before_, value_, is_ready_); }

  private:
    SortedWindow before_;
    double value_ = 0;
    bool is_ready_ = false;
};

// ConnorsRSI: the mean of the RSI of the price, the RSI of its streak (how many times in a row it
// rose, negative when it fell, 0 when unchanged and at the start) and the percent rank of its
// one-update rate of change.
class ConnorsRsi {
  public:
    ConnorsRsi(std::int64_t price, std::int64_t streak, std::int64_t rank)
        : price_(price), streaks_(streak), change_(1), rank_(rank) {}

    void update(double input) {
        price_.update(input);
        move_.update(input);
        const double sign = move_.move() > 0 ? 1 : move_.move() < 0 ? -1 : 0;
        streak_ = sign * streak_ > 0 ? streak_ + sign : sign;
        streaks_.update(streak_);
        change_.update(input);
        if (change_.is_ready()) rank_.update(change_.value());
    }
    [[nodiscard]] bool is_ready() const {
        return price_.is_ready() && streaks_.is_ready() && rank_.is_ready();
    }
    [[nodiscard]] std::int64_t warm_up() const {
        return std::max({price_.warm_up(), streaks_.warm_up(), rank_.warm_up() + 1});
    }
    [[nodiscard]] double value() const {
        return (price_.value() + streaks_.value() + rank_.value()) / 3;
    }

    void save(engine::StateWriter& writer) const {
        save_parts(writer, price_, move_, streak_, streaks_, change_, rank_);
    }
    void load(engine::StateReader& reader) {
        load_parts(reader, price_, move_, streak_, streaks_, change_, rank_);
    }

  private:
    Rsi price_;
    Change move_;
    double streak_ = 0;
    Rsi streaks_;
    RateOfChange change_;
    PercentRank rank_;
};

}  // namespace millrace::indicators
