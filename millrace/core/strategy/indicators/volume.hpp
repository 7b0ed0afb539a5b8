// Indicators of volume: VWAP, OBV, MFI and CMF. Outputs mean something once is_ready(), after
// warm_up() bars.
#pragma once

#include "millrace/core/strategy/indicators/averages.hpp"
#include "millrace/core/strategy/indicators/candle.hpp"

namespace millrace::indicators {

// VWAP since the start: the sum of price · volume over the sum of volume; the price itself while
// there is no volume. restart() begins a new day or session.
class VolumeWeightedPrice {
  public:
    void restart() { *this = {}; }
    void update(double price, const Candle& candle) {
        value_sum_ = value_sum_ + two_product(price, candle.volume);
        volume_sum_ = volume_sum_ + DoubleDouble{candle.volume, 0};
        newest_ = price;
        is_ready_ = true;
    }
    [[nodiscard]] bool is_ready() const { return is_ready_; }
    [[nodiscard]] std::int64_t warm_up() const { return 1; }
    [[nodiscard]] double value() const {
        return volume_sum_.hi == 0 ? newest_ : (value_sum_ / volume_sum_).value();
    }

    void save(engine::StateWriter& writer) const {
        save_parts(writer, value_sum_, volume_sum_, newest_, is_ready_);
    }
    void load(engine::StateReader& reader) {
        load_parts(reader, value_sum_, volume_sum_, newest_, is_ready_);
    }

  private:
    DoubleDouble value_sum_;
    DoubleDouble volume_sum_;
    double newest_ = 0;
    bool is_ready_ = false;
};

// VWAP of the last n bars.
class RollingVolumeWeightedPrice {
  public:
    explicit RollingVolumeWeightedPrice(std::int64_t length) : values_(length), volumes_(length) {}

    void update(double price, const Candle& candle) {
        values_.update(price * candle.volume);
        volumes_.update(candle.volume);
        newest_ = price;
    }
    [[nodiscard]] bool is_ready() const { return volumes_.is_full(); }
    [[nodiscard]] std::int64_t warm_up() const { return volumes_.length(); }
    [[nodiscard]] double value() const { return ratio_or(newest_, values_.sum(), volumes_.sum()); }

    void save(engine::StateWriter& writer) const { save_parts(writer, values_, volumes_, newest_); }
    void load(engine::StateReader& reader) { load_parts(reader, values_, volumes_, newest_); }

  private:
    WindowSum values_;
    WindowSum volumes_;
    double newest_ = 0;
};

// OBV: the sum of the volumes of bars that closed higher than the bar before, less those of bars
// that closed lower; 0 at the first bar.
class OnBalanceVolume {
  public:
    void update(const Candle& candle) {
        if (is_ready_ && candle.close > close_before_)
            total_ = total_ + DoubleDouble{candle.volume, 0};
        if (is_ready_ && candle.close < close_before_)
            total_ = total_ - DoubleDouble{candle.volume, 0};
        close_before_ = candle.close;
        is_ready_ = true;
    }
    [[nodiscard]] bool is_ready() const { return is_ready_; }
    [[nodiscard]] std::int64_t warm_up() const { return 1; }
    [[nodiscard]] double value() const { return total_.value(); }

    void save(engine::StateWriter& writer) const {
        save_parts(writer, total_, close_before_, is_ready_);
    }
    void load(engine::StateReader& reader) { load_parts(reader, total_, close_before_, is_ready_); }

  private:
    DoubleDouble total_;
    double close_before_ = 0;
    bool is_ready_ = false;
};

// MFI: 100 · inflow / (inflow + outflow) over n changes, where a bar's typical price · volume flows
// in when that price rose, out when it fell; 50 when nothing flowed.
class MoneyFlowIndex {
  public:
    explicit MoneyFlowIndex(std::int64_t length) : in_(length), out_(length) {}

    void update(const Candle& candle) {
        const double price = candle.typical();
        const double flow = price * candle.volume;
        if (has_before_) {
            in_.update(price > price_before_ ? flow : 0);
            out_.update(price < price_before_ ? flow : 0);
        }
        price_before_ = price;
        has_before_ = true;
    }
    [[nodiscard]] bool is_ready() const { return in_.is_full(); }
    [[nodiscard]] std::int64_t warm_up() const { return in_.length() + 1; }
    [[nodiscard]] double value() const {
        const double in = in_.sum();
        return 100 * ratio_or(0.5, in, in + out_.sum());
    }

    void save(engine::StateWriter& writer) const {
        save_parts(writer, in_, out_, price_before_, has_before_);
    }
    void load(engine::StateReader& reader) {
        load_parts(reader, in_, out_, price_before_, has_before_);
    }

  private:
    WindowSum in_;
    WindowSum out_;
    double price_before_ = 0;
    bool has_before_ = false;
};

// CMF (Chaikin): the sum of volume · place of the close in its bar (−1 at the low, 1 at the high, 0
// in a bar without range) over the sum of volume, of n bars; 0 without volume.
class ChaikinMoneyFlow {
  public:
    explicit ChaikinMoneyFlow(std::int64_t length) : flows_(length), volumes_(length) {}

    void update(const Candle& candle) {
        const double above_low = candle.close - candle.low;
        const double below_high = candle.high - candle.close;
        const double place = ratio_or(0, above_low - below_high, candle.high - candle.low);
        flows_.update(place * candle.volume);
        volumes_.update(candle.volume);
    }
    [[nodiscard]] bool is_ready() const { return volumes_.is_full(); }
    [[nodiscard]] std::int64_t warm_up() const { return volumes_.length(); }
    [[nodiscard]] double value() const { return ratio_or(0, flows_.sum(), volumes_.sum()); }

    void save(engine::StateWriter& writer) const { save_parts(writer, flows_, volumes_); }
    void load(engine::StateReader& reader) { load_parts(reader, flows_, volumes_); }

  private:
    WindowSum flows_;
    WindowSum volumes_;
};

}  // namespace millrace::indicators
