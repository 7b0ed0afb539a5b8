// The catalog's indicators of volume: parameters and definitions.
#include "millrace/core/strategy/indicators/value_indicator.hpp"
#include "millrace/core/strategy/indicators/volume.hpp"

namespace millrace::indicators {
namespace {

constexpr std::array<std::string_view, 3> kAnchors = {"day", "start", "window"};

// The three forms behind one update; the day is that of the bar's opening in UTC.
class AnchoredVwap {
  public:
    AnchoredVwap(std::size_t anchor, std::int64_t length)
        : anchor_(anchor), rolling_(anchor == 2 ? length : 1) {}

    void begin_day(std::int64_t day) {
        if (anchor_ == 0 && day != day_) since_.restart();
        day_ = day;
    }
    void update(double price, const Candle& candle) {
        if (anchor_ == 2)
            rolling_.update(price, candle);
        else
            since_.update(price, candle);
    }
    [[nodiscard]] bool is_ready() const {
        return anchor_ == 2 ? rolling_.is_ready() : since_.is_ready();
    }
    [[nodiscard]] std::int64_t warm_up() const {
        return anchor_ == 2 ? rolling_.warm_up() : since_.warm_up();
    }
    [[nodiscard]] double value() const { return anchor_ == 2 ? rolling_.value() : since_.value(); }

    void save(engine::StateWriter& writer) const { save_parts(writer, day_, since_, rolling_); }
    void load(engine::StateReader& reader) { load_parts(reader, day_, since_, rolling_); }

  private:
    std::size_t anchor_;
    std::int64_t day_ = 0;
    VolumeWeightedPrice since_;
    RollingVolumeWeightedPrice rolling_;
};

class Vwap final : public ValueIndicator<AnchoredVwap> {
  public:
    Vwap() : ValueIndicator(BarPrice::hlc3) {}

    void update(const model::Bar& bar) override {
        constexpr std::int64_t kDayNs = 86'400'000'000'000;
        const std::int64_t ns = bar.open_time.ns();
        value().begin_day(ns / kDayNs - (ns % kDayNs < 0 ? 1 : 0));
        ValueIndicator::update(bar);
    }

  private:
    [[nodiscard]] AnchoredVwap make_value() const override {
        return {anchor_.index(), length_.value()};
    }

    strategy::Choice anchor_{*this, "anchor", kAnchors, "Since when it sums up."};
    strategy::Integer length_{
        *this, "length", 20, {1, kLengthMax}, "Bars of the window; of no meaning otherwise."};
};

class Obv final : public ValueIndicator<OnBalanceVolume> {
    [[nodiscard]] OnBalanceVolume make_value() const override { return {}; }
};

constexpr IndicatorType kTypes[] = {
    {"vwap", "volume-weighted average price",
     "The sum of price · volume over the sum of volume; the price itself where there is no volume. "
     "`day`: since the first bar that opened on this day of UTC. `start`: since the first bar. "
     "`window`: of the last `length` bars.",
     "1, or length with window", make<Vwap>},
    {"obv", "on-balance volume",
     "The volumes of all bars that closed higher than the bar before, less those of all that "
     "closed "
     "lower; 0 at the first bar.",
     "1", make<Obv>},
    {"mfi", "money flow index",
     "100 · inflow / (inflow + outflow) of the last `length` changes; 50 when nothing flowed. A "
     "bar's (high + low + close) / 3 · volume flows in when that price rose, out when it fell.",
     "length + 1", make<OfLength<MoneyFlowIndex, 14>>},
    {"cmf", "Chaikin money flow",
     "The sum of volume · ((close − low) − (high − close)) / (high − low) over the sum of volume, "
     "of the last `length` bars. A bar without range counts 0; without any volume it is 0.",
     "length", make<OfLength<ChaikinMoneyFlow, 20>>},
};

}  // namespace

std::span<const IndicatorType> volume_types() {
    return kTypes;
}

}  // namespace millrace::indicators
