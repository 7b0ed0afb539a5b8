// A jump, and what is left of it.
#include "millrace/core/strategy/library/enhanced_momentum.hpp"

#include "millrace/core/strategy/indicators/averages.hpp"
#include "millrace/core/strategy/indicators/rolling_extreme.hpp"
#include "millrace/core/strategy/indicators/statistics.hpp"

namespace millrace::strategy {
namespace {

constexpr double kBreakout = 1.01;
constexpr double kFade = 0.98;

class Rules : public TickRules {
  public:
    Rules(std::int64_t lookback, double multiplier, double momentum, const StopRule& stops)
        : high_(lookback - 1),
          volume_(lookback),
          multiplier_(multiplier),
          momentum_(momentum),
          stops_(stops) {}

    Verdict on_tick(const Tick& tick, const Stance& stance) override {
        volume_.update(tick.candle.volume);
        change_.update(tick.candle.close);
        const Verdict verdict = judge(tick, stance);
        high_.update(tick.candle.close);
        return verdict;
    }
    void save(engine::StateWriter& writer) const override {
        indicators::save_parts(writer, high_, volume_, change_);
    }
    void load(engine::StateReader& reader) override {
        indicators::load_parts(reader, high_, volume_, change_);
    }

  private:
    [[nodiscard]] Verdict judge(const Tick& tick, const Stance& stance) const {
        if (stops_.is_stopped(tick, stance)) return {Wish::close, "stop"};
        if (!high_.is_ready()) return {};
        const double price = tick.candle.close;
        if (stance.is_long)
            return price < kFade * high_.value() ? Verdict{Wish::close, "fade"} : Verdict{};
        const bool is_busy = tick.candle.volume > multiplier_ * volume_.value();
        if (price > kBreakout * high_.value() && is_busy && change_.value() > momentum_)
            return {Wish::buy, "breakout"};
        return {};
    }

    indicators::RollingMaximum high_;  // of the ticks before
    indicators::SimpleAverage volume_;
    indicators::Return change_{1};
    double multiplier_;
    double momentum_;
    StopRule stops_;
};

}  // namespace

std::unique_ptr<TickRules> EnhancedMomentum::make_rules() const {
    return std::make_unique<Rules>(lookback_.value(), volume_multiplier_.value(),
                                   momentum_threshold_.value(), StopRule(stop_loss_.ratio()));
}

TickStrategy::Protection EnhancedMomentum::protection(Price entry) const {
    if (!stop_orders_.value()) return {};
    return {StopRule(stop_loss_.ratio()).stop_of(entry), {}};
}

}  // namespace millrace::strategy
