// Bands around a price: Bollinger, Keltner, Donchian and Ichimoku. Outputs mean something once
// is_ready(), after warm_up() updates.
#pragma once

#include "millrace/core/strategy/indicators/ranges.hpp"

namespace millrace::indicators {

// Bollinger: the simple mean, `factor` standard deviations (population) above and below it.
class Bollinger {
  public:
    Bollinger(std::int64_t length, double factor) : moments_(length), factor_(factor) {}

    void update(double input) {
        moments_.update(input);
        newest_ = input;
    }
    [[nodiscard]] bool is_ready() const { return moments_.is_full(); }
    [[nodiscard]] std::int64_t warm_up() const { return moments_.length(); }
    [[nodiscard]] double middle() const { return moments_.mean(); }
    [[nodiscard]] double upper() const { return middle() + reach(); }
    [[nodiscard]] double lower() const { return middle() - reach(); }
    // Where the value stands between the lower band (0) and the upper (1); 0.5 where they meet.
    [[nodiscard]] double place() const {
        return ratio_or(0.5, newest_ - lower(), upper() - lower());
    }
    // The distance of the bands as a share of the middle; 0 when that is 0.
    [[nodiscard]] double width() const { return ratio_or(0, upper() - lower(), middle()); }

    void save(engine::StateWriter& writer) const { save_parts(writer, moments_, newest_); }
    void load(engine::StateReader& reader) { load_parts(reader, moments_, newest_); }

  private:
    [[nodiscard]] double reach() const { return factor_ * moments_.deviation(Spread::population); }

    WindowMoments moments_;
    double factor_;
    double newest_ = 0;
};

// Keltner: the EMA of a price, `factor` ATR (Wilder) above and below it.
class Keltner {
  public:
    Keltner(std::int64_t length, std::int64_t range_length, double factor)
        : average_(length), range_(range_length), factor_(factor) {}

    void update(double input, const Candle& candle) {
        average_.update(input);
        range_.update(candle);
    }
    [[nodiscard]] bool is_ready() const { return average_.is_ready() && range_.is_ready(); }
    [[nodiscard]] std::int64_t warm_up() const {
        return std::max(average_.warm_up(), range_.warm_up());
    }
    [[nodiscard]] double middle() const { return average_.value(); }
    [[nodiscard]] double upper() const { return middle() + factor_ * range_.value(); }
    [[nodiscard]] double lower() const { return middle() - factor_ * range_.value(); }

    void save(engine::StateWriter& writer) const { save_parts(writer, average_, range_); }
    void load(engine::StateReader& reader) { load_parts(reader, average_, range_); }

  private:
    ExponentialAverage average_;
    AverageTrueRange range_;
    double factor_;
};

// Donchian: the highest high and the lowest low of the last n bars, this one included, and their
// middle.
class Donchian : public BarRange {
  public:
    using BarRange::BarRange;
    [[nodiscard]] double upper() const { return high(); }
    [[nodiscard]] double lower() const { return low(); }
};

// Ichimoku: middles of the ranges of a short, a middle and a long window. The cloud of a bar (span)
// was computed `shift` bars before it; the one computed now leads.
class Ichimoku {
  public:
    Ichimoku(std::int64_t conversion, std::int64_t base, std::int64_t span, std::int64_t shift)
        : conversion_(conversion), base_(base), span_(span), a_(shift), b_(shift) {}

    void update(const Candle& candle) {
        conversion_.update(candle);
        base_.update(candle);
        span_.update(candle);
        if (!conversion_.is_ready() || !base_.is_ready() || !span_.is_ready()) return;
        is_ready_ = a_.is_full();
        span_a_ = a_.push(lead_a());
        span_b_ = b_.push(lead_b());
    }
    [[nodiscard]] bool is_ready() const { return is_ready_; }
    [[nodiscard]] std::int64_t warm_up() const {
        return std::max({conversion_.warm_up(), base_.warm_up(), span_.warm_up()}) + a_.length();
    }
    [[nodiscard]] double conversion() const { return conversion_.middle(); }
    [[nodiscard]] double base() const { return base_.middle(); }
    [[nodiscard]] double span_a() const { return span_a_; }
    [[nodiscard]] double span_b() const { return span_b_; }
    [[nodiscard]] double lead_a() const { return (conversion() + base()) / 2; }
    [[nodiscard]] double lead_b() const { return span_.middle(); }

    void save(engine::StateWriter& writer) const {
        save_parts(writer, conversion_, base_, span_, a_, b_, span_a_, span_b_, is_ready_);
    }
    void load(engine::StateReader& reader) {
        load_parts(reader, conversion_, base_, span_, a_, b_, span_a_, span_b_, is_ready_);
    }

  private:
    BarRange conversion_;
    BarRange base_;
    BarRange span_;
    Window a_;
    Window b_;
    double span_a_ = 0;
    double span_b_ = 0;
    bool is_ready_ = false;
};

}  // namespace millrace::indicators
