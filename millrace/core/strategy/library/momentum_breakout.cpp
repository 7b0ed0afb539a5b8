// Extremes of the past, then the present.
#include "millrace/core/strategy/library/momentum_breakout.hpp"

#include "millrace/core/strategy/indicators/averages.hpp"
#include "millrace/core/strategy/indicators/rolling_extreme.hpp"

namespace millrace::strategy {
namespace {

class Rules : public TickRules {
  public:
    Rules(std::int64_t lookback, double multiplier, std::int64_t support_window)
        : high_(lookback - 1), low_(support_window), volume_(lookback), multiplier_(multiplier) {}

    Verdict on_tick(const Tick& tick, const Stance& /*stance*/) override {
        const double price = tick.candle.close;
        volume_.update(tick.candle.volume);
        Verdict verdict;
        if (high_.is_ready() && low_.is_ready()) {
            const bool is_busy = tick.candle.volume > multiplier_ * volume_.value();
            if (price > high_.value() && is_busy)
                verdict = {Wish::buy, "breakout"};
            else if (price < low_.value())
                verdict = {Wish::close, "support"};
        }
        high_.update(price);
        low_.update(price);
        return verdict;
    }
    void save(engine::StateWriter& writer) const override {
        indicators::save_parts(writer, high_, low_, volume_);
    }
    void load(engine::StateReader& reader) override {
        indicators::load_parts(reader, high_, low_, volume_);
    }

  private:
    indicators::RollingMaximum high_;  // both: of the ticks before
    indicators::RollingMinimum low_;
    indicators::SimpleAverage volume_;
    double multiplier_;
};

}  // namespace

std::unique_ptr<TickRules> MomentumBreakout::make_rules() const {
    return std::make_unique<Rules>(lookback_.value(), volume_multiplier_.value(),
                                   support_window_.value());
}

}  // namespace millrace::strategy
